"""What tests share: a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
Opened = Callable[..., Any]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where a Chromium lies; without one these tests are skipped, unless CI asks for them."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found and shutil.which("chromedriver"):
        return found
    missing = "needs chromium and chromedriver (Debian: apt-get install chromium chromium-driver)"
    if os.environ.get("DRIFTYARD_BROWSER") == "required":
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture
def browse(chromium: str) -> Iterator[Opened]:
    """Open a browser of a width and height in pixels, in light or *dark*; all close at the end."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    opened: list[Any] = []

    def browse(width: int = 1440, height: int = 900, *, dark: bool = False) -> Any:
        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        browser = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        opened.append(browser)
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        if dark:
            scheme = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia", scheme)
        return browser

    yield browse
    for browser in opened:
        browser.quit()
