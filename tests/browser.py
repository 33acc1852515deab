"""A headless Chromium for tests: the one that is installed, with its driver; nothing is fetched."""

from __future__ import annotations

import os
import shutil

import pytest


def find() -> tuple[str, str] | None:
    """The paths of a Chromium and its driver."""
    binary = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    driver = shutil.which("chromedriver")
    return (binary, driver) if binary and driver else None


def open_browser(width: int = 1200, height: int = 900):
    """A driver. Skips where there is no browser, and fails there if CLAIMX_NEEDS_BROWSER is set, as CI does."""
    found = find()
    if found is None:
        message = "no Chromium with chromedriver is installed (Debian: apt-get install chromium chromium-driver)"
        pytest.fail(message) if os.environ.get("CLAIMX_NEEDS_BROWSER") else pytest.skip(message)
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = found[0]
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--force-prefers-reduced-motion",
        f"--window-size={width},{height}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(found[1]))
