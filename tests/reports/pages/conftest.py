"""A headless browser, and results whose every name is hostile."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

WIDTHS = (375, 1440)


class Browser:
    """Opens pages as people's screens would, and says what it finds."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, page: str, folder: Path, *, width: int, theme: str = "light") -> None:
        """Open a page at a width, in the light or the dark."""
        path = folder / "page.html"
        path.write_text(page, encoding="utf-8")
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        feature = {"name": "prefers-color-scheme", "value": theme}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        self.driver.get(path.as_uri())

    def ask(self, script: str) -> Any:
        """Return what a script returns."""
        return self.driver.execute_script(f"return {script}")

    def complaints(self) -> list[str]:
        """Return what scripts and the content policy have complained of."""
        return [row["message"] for row in self.driver.get_log("browser")]

    def overflowing(self) -> list[str]:
        """Return what is wider than the screen, but for what scrolls in a box of its own."""
        found: list[str] = self.ask(
            """(() => {
              const wide = document.documentElement.clientWidth, out = [];
              for (const one of document.body.querySelectorAll("*")) {
                if (one.closest(".wide, .log, .drawing") &&
                    !one.matches(".wide, .log, .drawing")) continue;
                const box = one.getBoundingClientRect();
                if (box.right > wide + 1 || box.left < -1)
                  out.push(one.tagName + "." + one.className + " " + Math.round(box.right));
              }
              if (document.documentElement.scrollWidth > wide) out.push("the page scrolls");
              return out;
            })()"""
        )
        return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Start Chromium once."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    started = webdriver.Chrome(
        options=options, service=webdriver.ChromeService(shutil.which("chromedriver"))
    )
    try:
        yield Browser(started)
    finally:
        started.quit()
