"""The page of a rehearsal in real browsers: frames a second, and how soon an action is answered.

Not part of `make bench`, for it needs chromium and chromedriver: python -m benchmarks.rehearsal
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.browsing import browser, served
from reports.rehearsal.opening import opened
from reports.rehearsal.record import Opening, Record
from reports.rehearsal.server import application
from reports.rehearsal.skin import Skin

BROWSERS = 8
SECONDS = 8
ACTIONS = 20
_FRAMES = "return [driftyard.charts.frames, performance.now()]"
_ACT = """
const done = arguments[0], times = [];
const body = JSON.stringify({ verb: "quarantine", columns: [] });
(async () => {
  for (let i = 0; i < %d; i += 1) {
    const from = performance.now();
    await fetch("/act", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    times.push(performance.now() - from);
    await new Promise((go) => setTimeout(go, 150));
  }
  done(times);
})();
"""


def main() -> None:
    """Serve a game to several browsers at a day a second, and measure in one of them."""
    with tempfile.TemporaryDirectory() as folder:
        record = Record.begin(Path(folder) / "game", Opening(scene="the-launch", seed=4))
        session = opened(record, Skin())
        base, stop = served(
            lambda host: application(session, hosts=frozenset({host}), debrief=lambda: "")
        )
        pages = [_seated(base, f"player {number}") for number in range(BROWSERS)]
        try:
            _measure(pages)
        finally:
            for page in pages:
                page.quit()
            stop()


def _measure(pages: list[Any]) -> None:
    first = pages[0]
    first.execute_script("document.getElementById('pause').click()")
    time.sleep(1)
    frames, at = first.execute_script(_FRAMES)
    time.sleep(SECONDS)
    later, until = first.execute_script(_FRAMES)
    rate = (later - frames) / (until - at) * 1_000
    first.set_script_timeout(120)
    times = sorted(first.execute_async_script(_ACT % ACTIONS))
    points = [
        page.execute_script("return driftyard.charts.lines[0].points.length") for page in pages
    ]
    print(f"{len(pages)} browsers on one game at a simulated day a second, four layers")
    print(f"frames a second: {rate:.0f} (asked for: 30)")
    print(f"an action is answered in {median(times):.0f} ms, at most {times[-1]:.0f} (100)")
    print(f"browsers are within {max(points) - min(points)} ticks of each other")


def _seated(base: str, name: str) -> Any:
    page = browser()
    page.get(base)
    time.sleep(1)
    page.execute_script("document.querySelector('[name=name]').value = arguments[0]", name)
    page.execute_script("document.querySelector('#join button').click()")
    time.sleep(1)
    return page


if __name__ == "__main__":
    main()
