"""Conducting a bench: calibrate, listen, find the optimum, let detectors earn; then score."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from reports.bench.calibration import shipped_optima
from reports.bench.modelled import Modelled
from reports.bench.optimum import Optimising, Optimum
from reports.bench.plan import MATCHED, Plan, ways
from reports.bench.roster import DUMMY
from reports.bench.scores import Scores, gathered
from reports.bench.streams import Changing
from reports.bench.work import Bench, Listening, settings
from reports.bench.worth import Earning
from sim.errors import Mistake

Tell = Callable[[str, int, int], None]
WORTH_SEEDS = 50
"""a hundred at most would be needed to see differences of a tenth; these show the order"""


def conduct(
    plan: Plan, folder: Path, *, workers: int, digests: tuple[str, ...], tell: Tell
) -> Scores:
    """Carry out *plan*, keeping pieces in *folder*; return the scores."""
    with Bench[Any](folder, workers=workers, plugins=plan.plugins) as bench:

        def said(what: str) -> Callable[[int, int], None]:
            return lambda done, of: tell(what, done, of)

        found, cannot = settings(plan, digests, bench, said("calibrating"))
        by_stream = {s.name: ways(plan, s, found[s.family]) for s in plan.streams}
        jobs = [
            Listening(
                piece=piece,
                ways=tuple(w for w in by_stream[piece.stream.name] if w.runs > piece.start),
                plugins=digests,
                block=plan.block,
            )
            for piece in plan.pieces()
        ]
        results = bench.do(jobs, said("listening"))
        refused: dict[str, dict[str, str]] = {}
        pieces: dict[str, list[dict[str, Any]]] = {}
        for job, result in zip(jobs, results, strict=True):
            name = job.piece.stream.name
            pieces.setdefault(name, []).append(result)
            refused.setdefault(name, {}).update(result["refused"])
        for stream in plan.streams:
            refused.setdefault(stream.name, {}).update(cannot.get(stream.family, {}))
        late = {stream.name: stream.late for stream in plan.streams}
        heard = {name: gathered(found, late[name]) for name, found in pieces.items()}
        for name, ways_of in heard.items():
            for label in refused[name]:  # it may refuse a value of a later piece only
                ways_of.pop(label, None)
        _someone_heard(plan, heard, refused)
        optima = _optima(plan, bench, said("the optimum"))
        earned = _earned(plan, by_stream, digests, bench, said("earning"))
    return Scores(plan, heard, refused, found, optima, earned)


def _someone_heard(
    plan: Plan, heard: dict[str, dict[str, Any]], refused: dict[str, dict[str, str]]
) -> None:
    """Refuse a bench in which somebody could hear nothing at all, in one line."""
    for entry in plan.entries:
        if entry.told == DUMMY or any(entry.label in found for found in heard.values()):
            continue
        for name, said in refused.items():
            if entry.label in said:
                raise Mistake(f"detector {entry.label} on stream {name}: {said[entry.label]}")


def _optima(
    plan: Plan, bench: Bench[Any], tell: Callable[[int, int], None]
) -> dict[str, dict[float, Optimum]]:
    """Return Lorden's optimum for every change at once, at every target."""
    known = shipped_optima()
    jobs, whose = [], []
    found: dict[str, dict[float, Optimum]] = {}
    for stream in plan.streams:
        if not isinstance(stream, Changing) or stream.shape != "abrupt":
            continue
        for target in plan.targets(stream):
            job = Optimising(normal=stream.normal, run_length=plan.period / target)
            if job.name in known:
                found.setdefault(stream.name, {})[target] = known[job.name]
            else:
                jobs.append(job)
                whose.append((stream.name, target))
    for (name, target), result in zip(whose, bench.do(jobs, tell), strict=True):
        found.setdefault(name, {})[target] = Optimum(**result)
    return found


def _earned(
    plan: Plan,
    by_stream: dict[str, Any],
    digests: tuple[str, ...],
    bench: Bench[Any],
    tell: Callable[[int, int], None],
) -> dict[str, list[tuple[float, int]]]:
    """Let every detector that is set for a model's errors drive one policy."""
    stream = next((s for s in plan.streams if isinstance(s, Modelled)), None)
    if stream is None:
        return {}
    listed = tuple((w.label, w.detector) for w in by_stream[stream.name] if w.way == MATCHED)
    seeds = max(2, min(WORTH_SEEDS, plan.runs))
    jobs = [
        Earning(stream=stream, ways=listed, seed=seed, plugins=digests) for seed in range(seeds)
    ]
    found: dict[str, list[tuple[float, int]]] = {}
    for result in bench.do(jobs, tell):
        for label, earned in result.items():
            found.setdefault(label, []).append((earned["saved"], earned["alarms"]))
    return found
