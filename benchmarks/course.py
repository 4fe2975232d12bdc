"""The sliders of the course in a real browser: how soon the picture follows.

Not part of `make bench`, for it needs chromium and chromedriver: python -m benchmarks.course
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.browsing import browser, served
from reports.course.chapter import chapters
from reports.course.memory import Memory
from reports.course.server import Desk, application

MOVES = 50
_MOVE = """
const done = arguments[0], times = [];
const sliders = [...document.querySelectorAll("#sliders input")];
const box = document.getElementById("figure");
(async () => {
  for (let i = 0; i < %d; i += 1) {
    const slider = sliders[i %% sliders.length];
    const low = Number(slider.min), high = Number(slider.max);
    slider.value = low + (high - low) * ((i * 7 + 3) %% 20) / 19;
    const from = performance.now();
    const drawn = new Promise((go) => {
      new MutationObserver((_, me) => { me.disconnect(); go(); }).observe(box, { childList: true });
    });
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await drawn;
    await new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
    times.push(performance.now() - from);
  }
  done(times);
})();
"""


def main() -> None:
    """Move every slider of every chapter, one move after the other is drawn."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), Memory(Path(folder) / "learn.json"))
        base, stop = served(lambda host: application(desk, hosts=frozenset({host})))
        page = browser()
        page.set_script_timeout(300)
        try:
            print(f"from a slider's move to the picture, {MOVES} moves a chapter (asked: 200 ms)")
            for one in chapters():
                if one.live is not None:
                    _measure(page, f"{base}/{one.name}", one.name)
        finally:
            page.quit()
            stop()


def _measure(page: Any, where: str, name: str) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    page.get(where)
    begun = "return globalThis.driftyardMoves?.length"
    WebDriverWait(page, 60).until(lambda p: p.execute_script(begun))
    times = sorted(page.execute_async_script(_MOVE % MOVES))
    late = sum(time > 200 for time in times)
    print(f"{name:17} median {median(times):4.0f} ms, worst {times[-1]:4.0f} ms, {late} later")


if __name__ == "__main__":
    main()
