"""The browser of the end-to-end tests, benchmarks and screenshots.

In this order: the one that the environment variable LOOPSCOPE_CHROMIUM names, the one that Playwright has, the
system's, Debian's package (as root), Playwright's own download. `python scripts/chromium.py` prints its path; with
`--find` that of one that is there, or nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# What is off: Playwright's own list (chromiumSwitches in its driver), which this switch replaces, for the last one
# counts; and pages of the address bar's that Chromium would load beside every window, 0.7 s of a processor each time.
FEATURES_OFF = (
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "BlockOriginHeaderModificationOnRedirect",
    "DestroyProfileOnBrowserClose",
    "DialMediaRouteProvider",
    "GlobalMediaControls",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "Translate",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
)
# Quiet (no calls home, no first-run pages) and with stable pixels.
ARGUMENTS = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    f"--disable-features={','.join(FEATURES_OFF)}",
]


class NoChromium(Exception):
    """There is no Chromium; the message says what to do."""


def launch(playwright: Playwright, *, extra: list[str] | None = None) -> Browser:
    """Start a headless Chromium, installing one where there is none."""
    # Chromium's own sandbox refuses to run as root.
    root = ["--no-sandbox"] if is_root() else []
    return playwright.chromium.launch(
        executable_path=find(playwright) or install(playwright), args=[*ARGUMENTS, *root, *(extra or [])]
    )


def find(playwright: Playwright) -> str | None:
    """Path of a Chromium that is there, or None."""
    given = os.environ.get("LOOPSCOPE_CHROMIUM")
    if given:
        if Path(given).is_file():
            return given
        raise NoChromium(
            f"LOOPSCOPE_CHROMIUM names {given}, and there is no such file. Correct it or unset it."
        )
    own = playwright.chromium.executable_path
    return own if Path(own).is_file() else system()


def system() -> str | None:
    """Path of a Chromium on PATH that starts: Ubuntu's may be a stub that only says how to install it."""
    for name in NAMES:
        path = shutil.which(name)
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    return None


def install(playwright: Playwright) -> str:
    """Install a Chromium and return its path."""
    if is_root() and shutil.which("apt-get"):
        print("Installing Chromium from the system's packages.", file=sys.stderr)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            done = subprocess.run(
                ["apt-get", "-qq", *command], env=quiet, capture_output=True, text=True, check=False
            )
            if done.returncode:
                print(done.stderr, file=sys.stderr)
                break
        else:
            if path := system():
                return path
    print("Installing Chromium with Playwright's download.", file=sys.stderr)
    download = [sys.executable, "-m", "playwright", "install", "chromium"]
    own = playwright.chromium.executable_path
    if subprocess.run(download, stdout=sys.stderr, check=False).returncode == 0 and Path(own).is_file():
        return own
    raise NoChromium(
        "No Chromium was found, and none could be installed. Install Chromium or Chrome,\n"
        "or set LOOPSCOPE_CHROMIUM to the path of one."
    )


def is_root() -> bool:
    """Whether this process may install system packages (never on Windows)."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def main() -> int:
    try:
        with sync_playwright() as playwright:
            found = find(playwright)
            print(found or ("" if "--find" in sys.argv else install(playwright)))
    except NoChromium as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
