"""A run as rows of the store's tables."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from sim.clock import SECOND_US
from sim.facts import Acted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.measures import Incident
    from reports.result import Result

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]


def rows(
    result: Result, *, key: str, asked: tuple[str, str], parameters: str, stamp: tuple[str, str]
) -> Rows:
    """Return what a run comes to; *asked* are the texts that asked for it, *stamp* who played."""
    run = result.run
    found = result.incidents
    return {
        "runs": [_run(result, found, key, asked, parameters, stamp)],
        "incidents": [_incident(key, one) for one in found],
        "detections": [row for one in found for row in _detections(key, one)],
        "decisions": [
            (key, number, _seconds(act.at_us), act.action, act.detail, act.why)
            for number, act in enumerate(run.of(Acted))
        ],
        "versions": [
            (key, one.version, _finite(one.claim), None if one.loss is None else _finite(one.loss),
             one.requests, _seconds(one.first_us), _seconds(one.last_us))
            for one in result.lived
        ],
    }  # fmt: skip


def parameters(strategy: object) -> str:
    """Return the fields of a strategy as JSON.

    >>> from strategies import presets
    >>> parameters(presets.scheduled(every="3d"))
    '{"every": "3d", "window": "30d"}'
    """
    if not is_dataclass(strategy):
        return "{}"
    told = {f.name: getattr(strategy, f.name) for f in fields(strategy) if f.repr}
    return json.dumps(told, default=repr, ensure_ascii=False)


def _run(
    result: Result,
    found: Sequence[Incident],
    key: str,
    asked: tuple[str, str],
    parameters: str,
    stamp: tuple[str, str],
) -> Row:
    run, loss, money = result.run, result.loss, result.money
    requests, unknown = run.requests, run.scenario.get("unavailable", ())
    harmful = [one for one in found if not one.harmless]
    first = [one.first.lag_us for one in found if one.first is not None]
    lags = [lag for lag in first if lag is not None]
    return (
        key, run.scenario["name"], run.strategy, run.seed, *asked, parameters,
        json.dumps(run.scenario.get("drawn", {}), ensure_ascii=False),
        result.verdict, result.stopped or None, result.finding, run.scenario["closed_loop"],
        _seconds(run.scenario["horizon_us"]),
        requests["total"], requests["answered"], requests["fallback"], requests["error"],
        int(run.timeline.labels.sum()),
        _finite(loss.total), None if "ideal" in unknown else _finite(loss.ideal),
        _finite(loss.calm), _finite(loss.excess), _finite(loss.excess_mean),
        len(found), len(harmful), sum(one.missed for one in harmful),
        _seconds(min(lags)) if lags else None, len(result.alarms),
        *(result.of_verdict(v) for v in ("detection", "repeat", "needless", "false")),
        result.trainings, result.releases, result.rollbacks, result.pages,
        money.currency, _finite(money.total), *map(_finite, money.parts.values()),
        *run.digests(), *stamp, *_causes(result, found),
    )  # fmt: skip


def _causes(result: Result, found: Sequence[Incident]) -> Row:
    """Return where the loss went, what was done to oneself, and how long the worst of it took."""
    split, goals = result.split, result.own_goals
    known = (split.standing, split.detection, split.labels, split.people, split.training,
             split.rollout, split.aftermath)  # fmt: skip
    recoveries = [one.recovery_us for one in found if one.recovery_us is not None]
    loops = [one.loop_us for one in found if one.loop_us is not None]
    return (
        *map(_finite, known),
        *((None,) * 4 if goals is None else (_finite(goals.cost), len(goals.bad_releases),
          len(goals.false_rollbacks), goals.blast_radius)),
        _seconds(result.fallback_us), _seconds(max(recoveries, default=None)),
        _seconds(max(loops, default=None)), str(result.run.scenario["loss"]),
    )  # fmt: skip


def _incident(key: str, one: Incident) -> Row:
    first = one.first
    return (
        key, one.name, one.kind, ", ".join(one.columns), _finite(one.severity),
        _seconds(one.onset_us), _seconds(one.ended_us), _seconds(one.harm_us),
        _seconds(one.recovered_us), one.harmless, one.censored, one.missed,
        None if first is None else first.monitor,
        None if first is None else _seconds(first.lag_us),
        _seconds(one.loop_us), _seconds(one.complaint_us),
    )  # fmt: skip


def _detections(key: str, one: Incident) -> list[Row]:
    return [
        (key, one.name, d.monitor, d.layer, d.owner, _seconds(d.at_us), _seconds(d.lag_us),
         d.records, d.early, d.missed, d.by_chance)
        for d in one.detections
    ]  # fmt: skip


def _seconds(value_us: int | None) -> float | None:
    return None if value_us is None else value_us / SECOND_US


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
