"""Print every ratio, measured side by side in this run: `make bench`."""

from __future__ import annotations

import platform
import sys
from typing import TYPE_CHECKING

from benchmarks import (
    comparing,
    deciding,
    detectors,
    draws,
    engine,
    judges,
    measures,
    monitors,
    overhead,
    scale,
)

if TYPE_CHECKING:
    from collections.abc import Callable

PARTS: dict[str, Callable[[], list[engine.Row]]] = {
    "engine": engine.script_rows,
    "horizon": engine.horizon_rows,
    "river": engine.river_rows,
    "start": engine.start_rows,
    "draws": draws.rows,
    "faults": draws.fault_rows,
    "scale": scale.rows,
    "overhead": overhead.rows,
    "comparing": comparing.rows,
    "detectors": detectors.rows,
    "judges": judges.rows,
    "monitors": monitors.rows,
    "deciding": deciding.rows,
    "measures": measures.rows,
}


def machine() -> str:
    """Say what this ran on."""
    cpu = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            cpu = next(line.split(":")[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        pass
    return f"{cpu}, Python {platform.python_version()}, {platform.system()}"


def main(chosen: list[str]) -> int:
    """Run the *chosen* parts, or all; return 1 if a target was missed, 2 if there is no such."""
    for name in chosen:
        if name not in PARTS:
            print(f"benchmarks: part is {name!r}: choose from {', '.join(PARTS)}", file=sys.stderr)
            return 2
    print(f"Measured side by side on {machine()}.\n")
    print("| against | measured | asked for | times |")
    print("|---|---|---|---|", flush=True)
    missed = 0
    for name in chosen or PARTS:
        print(f"… {name}", file=sys.stderr, flush=True)
        for row in PARTS[name]():
            missed += not row.met
            value = row.value if row.met else f"{row.value} **(missed)**"
            print(f"| {row.what} | {value} | {row.target} | {row.times} |", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
