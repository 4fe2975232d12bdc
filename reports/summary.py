"""A run as one JSON document; its schema is published in schemas/run.json."""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Any

from sim.clock import SECOND_US

if TYPE_CHECKING:
    from reports.measures import Calibrated, Detection, Incident, Lived, OwnGoal
    from reports.names import Named
    from reports.result import Result

VERSION = 1
"""It grows when a key goes or changes its meaning; keys may be added without."""


def summary(result: Result, plugins: list[Named]) -> dict[str, Any]:
    """Return what `run --json` prints; *plugins* are the names whose files took part."""
    run, digests = result.run, result.run.digests()
    document = {
        "schema": VERSION,
        "scenario": run.scenario["name"],
        "scenario_digest": run.scenario["digest"],
        "strategy": run.strategy,
        "seed": run.seed,
        "drawn": run.scenario.get("drawn", {}),
        "story": run.scenario["story"],
        "finding": result.finding,
        "verdict": result.verdict,
        "stopped": result.stopped or None,
        "digest": digests.whole,
        "portable_digest": digests.portable,
        "closed_loop": run.scenario["closed_loop"],
        "horizon_s": _seconds(run.scenario["horizon_us"]),
        "requests": run.requests,
        "labels": run.labels,
        "incidents": [_incident(incident) for incident in result.incidents],
        "alarms": {
            "total": len(result.alarms),
            "detections": result.of_verdict("detection"),
            "repeats": result.of_verdict("repeat"),
            "needless": result.of_verdict("needless"),
            "false": result.of_verdict("false"),
        },
        "false_alarms": result.of_verdict("false"),
        "trainings": result.trainings,
        "releases": result.releases,
        "rollbacks": result.rollbacks,
        "pages": result.pages,
        "loss": {
            "measure": run.scenario["loss"],
            "total": result.loss.total,
            "ideal": None if "ideal" in run.scenario.get("unavailable", ()) else result.loss.ideal,
            "calm": result.loss.calm,
            "excess": result.loss.excess,
            "split": result.split.parts,
            "segments": {name: split.parts for name, split in result.segments.items()},
        },
        "own_goals": _own_goals(result),
        "regret": _regret(result),
        "apart": _apart(result),
        "fallback_s": _seconds(result.fallback_us),
        "cost": {
            "currency": result.money.currency,
            "total": result.money.total,
            **result.money.parts,
        },
        "versions": [_version(lived) for lived in result.lived],
        "signals": [vars(signal) for signal in result.signals],
        "calibration": _calibration(result),
        "reviews": {
            name: int(run.timeline.of_review(name).sum()) for name in run.timeline.told.reviews
        },
        "plugins": {n.plugin.name: n.plugin.digest for n in plugins if n.plugin is not None},
        "fingerprint": run.fingerprint,
    }
    finite: dict[str, Any] = _finite(document)
    return finite


def as_json(document: dict[str, Any]) -> str:
    """Return the document as text."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def _own_goals(result: Result) -> dict[str, Any] | None:
    goals = result.own_goals
    if goals is None:
        return None
    return {
        "cost": goals.cost,
        "bad_releases": [_goal(goal) for goal in goals.bad_releases],
        "false_rollbacks": [_goal(goal) for goal in goals.false_rollbacks],
        "promotions": goals.promotions,
        "rollbacks": goals.rollbacks,
        "unknown": goals.unknown,
        "blast_radius": goals.blast_radius,
    }


def _goal(goal: OwnGoal) -> dict[str, Any]:
    return {
        "version": goal.version,
        "rival": goal.rival,
        "at_s": _seconds(goal.at_us),
        "worse": goal.worse,
        "answered": goal.answered,
        "cost": goal.cost,
    }


def _regret(result: Result) -> dict[str, Any] | None:
    regret = result.regret
    if regret is None:
        return None
    return {
        "value": regret.value,
        "cost": regret.cost,
        "hindsight": regret.least,
        "builds": regret.builds,
        "outside": regret.outside,
    }


def _apart(result: Result) -> dict[str, Any] | None:
    apart = result.apart
    if apart is None:
        return None
    business = {name: _seconds(lag_us) for name, lag_us in apart.business.items()}
    return {"harm": apart.harm, "stages": apart.stages, "business_lag_s": business}


def _calibration(result: Result) -> dict[str, Any] | None:
    found = result.calibration
    if found is None:
        return None
    return {
        **_held(found.whole),
        "over_time": [
            {"start_s": _seconds(one.start_us), "stop_s": _seconds(one.stop_us), **_held(one)}
            for one in found.stretches
        ],
    }


def _held(one: Calibrated) -> dict[str, Any]:
    return {
        "answers": one.answers,
        "said": one.said,
        "came_true": one.came,
        "error": one.error,
        "by_chance": one.by_chance,
        "brier": one.brier,
    }


def _incident(incident: Incident) -> dict[str, Any]:
    return {
        "name": incident.name,
        "kind": incident.kind,
        "columns": list(incident.columns),
        "severity": incident.severity,
        "onset_s": _seconds(incident.onset_us),
        "ended_s": _seconds(incident.ended_us),
        "harm_s": _seconds(incident.harm_us),
        "recovered_s": _seconds(incident.recovered_us),
        "harmless": incident.harmless,
        "censored": incident.censored,
        "missed": incident.missed,
        "harmed": incident.harmed,
        "shared_with": list(incident.shared_with),
        "recovery_s": _seconds(incident.recovery_us),
        "loop_s": _seconds(incident.loop_us),
        "complaint_s": _seconds(incident.complaint_us),
        "detections": [_detection(detection) for detection in incident.detections],
    }


def _detection(detection: Detection) -> dict[str, Any]:
    return {
        "monitor": detection.monitor,
        "layer": detection.layer,
        "owner": detection.owner,
        "at_s": _seconds(detection.at_us),
        "lag_s": _seconds(detection.lag_us),
        "records": detection.records,
        "harmed": detection.harmed,
        "early": detection.early,
        "missed": detection.missed,
        "by_chance": detection.by_chance,
    }


def _version(lived: Lived) -> dict[str, Any]:
    return {
        "version": lived.version,
        "claim": lived.claim,
        "lived": lived.loss,
        "requests": lived.requests,
        "first_s": _seconds(lived.first_us),
        "last_s": _seconds(lived.last_us),
    }


def _seconds(value_us: int | None) -> float | None:
    return None if value_us is None else value_us / SECOND_US


def _finite(value: Any) -> Any:
    """Return *value* with null for what JSON has no number for."""
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return value
