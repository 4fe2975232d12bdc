"""Every picture in docs/pictures, drawn anew: python -m reports.site.pictures [NAME…]."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from reports.cli import main as driftyard
from reports.site.slides import slides

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
STORIES = (
    "drift-like-season", "eroding-trust", "recurring-concept", "silent-schema-change",
    "two-at-once",
)  # fmt: skip
CADENCES = "nobody-watching,monthly,weekly,data,performance,drift,hybrid,contract"


def main(arguments: list[str]) -> int:
    """Draw the pictures that are asked for, or all: the same pictures give the same bytes."""
    known = pictures()
    for name in arguments:
        if name not in known:
            print(f"no picture is called {name!r}: known are {', '.join(known)}", file=sys.stderr)
            return 2
    for name in arguments or known:
        path = FOLDER / name
        drawn = known[name]()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(drawn)
        print(f"{name}: {len(drawn):,} bytes")
    return 0


def pictures() -> dict[str, Callable[[], bytes]]:
    """Return what draws each picture, by its name in the folder, the quick ones first."""
    found: dict[str, Callable[[], bytes]] = {}
    for name, draw in slides().items():
        found[f"slides/{name}.svg"] = partial(_bytes, draw)
    for story in STORIES:
        found[f"story-{story}.png"] = partial(_shown, story)
    opening = ["run", "silent-schema-change", "-s", "nobody-watching", "--seed", "7", "--hindsight"]
    found["silent-schema-change.png"] = partial(_left, opening, "timeline.png")
    cadences = ["compare", "silent-schema-change", "--seeds", "10", "--strategies", CADENCES]
    found["cadences.png"] = partial(_left, [*cadences, "--hindsight"], "stacked.png")
    found["detector-bench.png"] = partial(_left, ["bench", "detectors"], "bench.png")
    found["judge-bench.png"] = partial(_left, ["bench", "judges"], "bench.png")
    return found


def _bytes(draw: Callable[[], str]) -> bytes:
    return draw().encode()


def _shown(story: str) -> bytes:
    """Return the picture that `driftyard show` draws of a story."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "story.png")
        _carry_out(["show", story, "--figure", str(path)])
        return path.read_bytes()


def _left(command: list[str], figure: str) -> bytes:
    """Return a figure that a command leaves in its folder."""
    with tempfile.TemporaryDirectory() as folder:
        store = ["--store", str(Path(folder, "store.duckdb"))] if command[0] == "compare" else []
        _carry_out([*command, *store, "--quiet", "--out", folder])
        (path,) = Path(folder).glob(f"*-*/figures/{figure}")
        return path.read_bytes()


def _carry_out(command: list[str]) -> None:
    code = driftyard(command)
    if code:
        raise SystemExit(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
