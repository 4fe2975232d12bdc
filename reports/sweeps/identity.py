"""What a stored run is known by: all that its numbers depend on."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from sim.digest import digest
from sim.run import fingerprint

if TYPE_CHECKING:
    from reports.sweeps.cast import Cast
    from sim.sweeps import Task

_COUNTS = ("sim", "scenarios", "strategies", "reports/measures", "reports/result.py",
           "reports/sweeps/rows.py")  # fmt: skip
"""The code that decides on what is stored."""


@cache
def code() -> str:
    """Return the digest of driftyard's own code, as far as it decides on numbers."""
    root = Path(__file__).resolve().parents[2]
    hasher = blake2b(digest_size=16)
    for name in _COUNTS:
        place = root / name
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            hasher.update(path.relative_to(root).as_posix().encode() + b"\0")
            hasher.update(path.read_bytes() + b"\0")
    return hasher.hexdigest()


@cache
def machine() -> str:
    """Return the digest of what full digests are promised for: packages, BLAS, CPU."""
    return digest(fingerprint())


class Keys:
    """The keys of a sweep's runs."""

    def __init__(self, cast: Cast) -> None:
        self._scenarios = [part.found() for part in cast.scenarios]
        self._strategies = [part.found() for part in cast.strategies]
        self._worlds: dict[int, str] = {}
        self._pairs: dict[tuple[str, int, int], bytes] = {}

    def of(self, task: Task) -> str:
        """Return the key of one run."""
        world = self._world(task)
        pair = (world, task.scenario, task.strategy)
        known = self._pairs.get(pair)
        if known is None:
            scenario = self._scenarios[task.scenario]
            strategy = self._strategies[task.strategy]
            parts = [world, scenario.plugins, strategy.identity, code(), machine()]
            known = digest(parts).encode()
            if not scenario.ranges:
                self._pairs[pair] = known
        return blake2b(known + str(task.seed).encode(), digest_size=16).hexdigest()

    def _world(self, task: Task) -> str:
        scenario = self._scenarios[task.scenario]
        known = self._worlds.get(task.scenario)
        if known is None or scenario.ranges:
            known = scenario.of_seed(task.seed).value.digest
            self._worlds[task.scenario] = known
        return known
