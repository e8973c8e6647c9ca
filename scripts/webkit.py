"""The third browser of the end-to-end tests: WebKitGTK, driven over WebDriver.

Debian's webkit2gtk-driver (as root) brings WebKitWebDriver and MiniBrowser, the engine with a window around it; Xvfb is
the screen. `LOOPSCOPE_MINIBROWSER` names another MiniBrowser. The client is a small one of ours: Playwright's WebKit is
a patched one, and the tests want the engine that people have.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from glob import glob
from typing import Any

PACKAGES = ("webkit2gtk-driver", "xvfb", "xauth")
# Debian has one folder a machine type, others have not.
PLACES = (
    "/usr/lib/*/webkit2gtk-4.*/MiniBrowser",
    "/usr/lib*/webkit2gtk-4.*/MiniBrowser",
    "/usr/libexec/webkit2gtk-4.*/MiniBrowser",
)
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""WebDriver's name for a reference to an element."""


class NoWebKit(Exception):
    """There is no WebKitGTK; the message says what to do."""


class WebDriverError(Exception):
    """What the driver answered instead of doing what it was told."""


def find() -> tuple[str, str, str] | None:
    """Paths of WebKitWebDriver, MiniBrowser and Xvfb, or None."""
    given = os.environ.get("LOOPSCOPE_MINIBROWSER", "")
    browsers = [given, *(path for place in PLACES for path in sorted(glob(place)))]
    browser = next((path for path in browsers if path and os.access(path, os.X_OK)), None)
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    return (driver, browser, screen) if driver and browser and screen else None


def install() -> tuple[str, str, str]:
    """Install WebKitGTK and return the paths. Raises NoWebKit."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
            subprocess.run(["apt-get", "-qq", *command], env=quiet, capture_output=True, check=False)
        if paths := find():
            return paths
    raise NoWebKit(f"Install WebKitGTK with its driver (Debian: apt install {' '.join(PACKAGES)}).")


@contextlib.contextmanager
def launch(**environment: str) -> Iterator[WebKit]:
    """A window of MiniBrowser with a fresh profile; further environment variables are JavaScriptCore's options."""
    driver, browser, screen = find() or install()
    with contextlib.ExitStack() as stack:
        read, write = os.pipe()
        size = ["-screen", "0", "1600x1100x24", "-nolisten", "tcp"]
        stack.enter_context(_process([screen, "-displayfd", str(write), *size], pass_fds=[write]))
        os.close(write)
        with os.fdopen(read) as display:
            number = display.readline().strip()
        env = {
            **os.environ,
            "DISPLAY": f":{number}",
            "NO_AT_BRIDGE": "1",
            "GSETTINGS_BACKEND": "memory",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            # WebKitGTK has shared memory only when it is asked for.
            "JSC_useSharedArrayBuffer": "1",
            **environment,
        }
        port = _free_port()
        stack.enter_context(_process([driver, f"--port={port}"], env=env))
        webkit = WebKit(port, browser)
        stack.callback(webkit.close)
        yield webkit


@contextlib.contextmanager
def _process(command: list[str], **options: Any) -> Iterator[None]:
    """A process with all that it starts, ended together."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **options
    )
    try:
        yield
    finally:
        for how in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(3)


class WebKit:
    """One window, and what a person does in it. Elements are WebDriver's references."""

    def __init__(self, port: int, browser: str) -> None:
        self.root = f"http://127.0.0.1:{port}"
        options = {"binary": browser, "args": ["--automation"]}
        wanted = {"alwaysMatch": {"browserName": "MiniBrowser", "webkitgtk:browserOptions": options}}
        deadline = time.monotonic() + 30
        while True:
            try:
                session = self._ask("POST", "/session", {"capabilities": wanted}, patience=90)
                break
            except urllib.error.URLError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        self.root += f"/session/{session['sessionId']}"
        self._ask("POST", "/timeouts", {"script": 120_000, "pageLoad": 90_000})

    def close(self) -> None:
        """Close the window."""
        with contextlib.suppress(WebDriverError, OSError):
            self._ask("DELETE", "", patience=15)

    def resize(self, width: int, height: int) -> None:
        """Give the page's viewport a size, in CSS pixels."""
        self._ask("POST", "/window/rect", {"width": width, "height": height})
        inner = self.script("return [innerWidth, innerHeight]")
        rect = {"width": 2 * width - inner[0], "height": 2 * height - inner[1]}
        self._ask("POST", "/window/rect", rect)

    def goto(self, url: str) -> None:
        """Open an address and wait until it is loaded."""
        self._ask("POST", "/url", {"url": url})

    def script(self, body: str, *arguments: Any) -> Any:
        """Run a function's body in the page; what it returns."""
        return self._ask("POST", "/execute/sync", {"script": body, "args": list(arguments)})

    def wait(self, expression: str) -> Any:
        """What a promise in the page resolves to."""
        body = (
            "const done = arguments[arguments.length - 1];"
            f"Promise.resolve({expression}).then(value => done({{ value }}), error => done({{ error: `${{error}}` }}))"
        )
        answer = self._ask("POST", "/execute/async", {"script": body, "args": []})
        if "error" in answer:
            raise WebDriverError(answer["error"])
        return answer.get("value")

    def click(self, element: Any) -> None:
        """Click an element, as a mouse does."""
        self._ask("POST", f"/element/{element[ELEMENT]}/click", {})

    def press(self, *keys: str) -> None:
        """Press keys together, in WebDriver's code points; let go in reverse."""
        down = [{"type": "keyDown", "value": key} for key in keys]
        up = [{"type": "keyUp", "value": key} for key in reversed(keys)]
        self._actions([*down, *up])

    def type(self, text: str) -> None:
        """Press one key after the other."""
        kinds = ("keyDown", "keyUp")
        self._actions([{"type": kind, "value": letter} for letter in text for kind in kinds])

    def _actions(self, actions: list[dict[str, str]]) -> None:
        self._ask("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def _ask(self, method: str, path: str, body: Any = None, patience: float = 150) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.root + path, data, {"Content-Type": "application/json"}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=patience) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise WebDriverError(error.read().decode(errors="replace")[:800]) from None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
