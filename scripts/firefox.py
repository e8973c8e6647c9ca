"""The second browser of the end-to-end tests: Firefox ESR, driven over WebDriver BiDi.

The one that LOOPSCOPE_FIREFOX names, the system's, or Debian's package (as root). Playwright's own Firefox is a patched
one; the tests want the one that people have.
"""

from __future__ import annotations

import os
import shutil
import subprocess

from playwright.sync_api import Browser, Playwright

NAMES = ("firefox-esr", "firefox")


class NoFirefox(Exception):
    """There is no Firefox; the message says what to do."""


def launch(playwright: Playwright) -> Browser:
    """Start a headless Firefox, installing one where there is none. Raises NoFirefox."""
    return playwright.firefox.launch(channel="moz-firefox", executable_path=find() or install())


def find() -> str | None:
    """Path of a Firefox that is there, or None."""
    given = os.environ.get("LOOPSCOPE_FIREFOX")
    return given or next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> str:
    """Install Firefox ESR and return its path."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", "firefox-esr"]):
            subprocess.run(["apt-get", "-qq", *command], env=quiet, capture_output=True, check=False)
        if path := find():
            return path
    raise NoFirefox(
        "Install Firefox ESR (Debian: apt install firefox-esr), or name one in LOOPSCOPE_FIREFOX."
    )
