"""The sliders of the course in a real browser: how soon the picture follows.

Every round moves each slider of each chapter over other values, once the figures are warm.
Not part of `make bench`, for it needs chromium and chromedriver:
python -m benchmarks.course [ROUNDS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.browsing import browser, served
from reports.course.chapter import chapters
from reports.course.memory import Memory
from reports.course.server import Desk, application

if TYPE_CHECKING:
    from starlette.applications import Starlette

MOVES = 50
_MOVE = """
const done = arguments[1], round = arguments[0], times = [];
const sliders = [...document.querySelectorAll("#sliders input")];
const box = document.getElementById("figure");
(async () => {
  for (let i = 0; i < %d; i += 1) {
    const slider = sliders[i %% sliders.length];
    const low = Number(slider.min), high = Number(slider.max);
    slider.value = low + (high - low) * ((i * 7 + 3 + round * 0.3) %% 20) / 19.9;
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


def main(rounds: int) -> None:
    """Move every slider of every chapter, one move after the other is drawn."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), Memory(Path(folder) / "learn.json"))
        made = []

        def make(host: str) -> Starlette:
            made.append(application(desk, hosts=frozenset({host}), warm=chapters()))
            return made[0]

        base, stop = served(make)
        page = browser()
        page.set_script_timeout(300)
        live = [one for one in chapters() if one.live is not None]
        times: dict[str, list[float]] = {one.name: [] for one in live}
        try:
            while not made[0].state.warm.done():
                time.sleep(0.1)
            for number in range(rounds):
                for one in live:
                    times[one.name] += _moved(page, f"{base}/{one.name}", number)
        finally:
            page.quit()
            stop()
    print(f"from a slider's move to the picture, {rounds} × {MOVES} moves a chapter, in ms")
    print(f"{'':22} {'median':>7} {'95 %':>5} {'worst':>6} {'after 200':>10}")
    for name, found in times.items():
        found.sort()
        middle, late, worst = (found[round(p * (len(found) - 1))] for p in (0.5, 0.95, 1))
        over = sum(time > 200 for time in found)
        print(f"{name:22} {middle:7.0f} {late:5.0f} {worst:6.0f} {over:10}")


def _moved(page: Any, where: str, number: int) -> list[float]:
    from selenium.webdriver.support.ui import WebDriverWait

    page.get(where)
    begun = "return globalThis.driftyardMoves?.length"
    WebDriverWait(page, 60).until(lambda p: p.execute_script(begun))
    found: list[float] = page.execute_async_script(_MOVE % MOVES, number)
    return found


if __name__ == "__main__":
    main(int((sys.argv[1:] or ["3"])[0]))
