"""A policy's rollout as an Argo Rollouts manifest, and what of it no manifest can say."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, NamedTuple

import yaml

from sim.clock import us
from sim.errors import Mistake
from strategies.manifests.argo import ERRORS_IN_A_ROW, NEVER
from strategies.manifests.metrics import BESIDE
from strategies.policy import Policy
from strategies.rollouts import Beyond, Immediate, Staged, Worse
from strategies.rollouts.measured import Limit, Measured
from strategies.rollouts.plans import Plan
from strategies.rollouts.stage import Stage

API = "argoproj.io/v1alpha1"
BACKGROUND = "while-it-goes-out"
ADDRESS = "http://prometheus.example:9090"


class Exported(NamedTuple):
    """The *text* of a manifest, and what it could not say (*left*), a line each."""

    text: str
    left: tuple[str, ...]


def to_argo(policy: Policy) -> Exported:
    """Write the rollout of *policy* as a Rollout with its AnalysisTemplates.

    What the service is made of (selector, template) and how metrics are asked for are placeholders:
    they are not part of a policy.
    """
    if not isinstance(policy, Policy):
        told = type(policy).__name__
        raise Mistake(f"policy is {told}: only a policy in parts can be exported; list strategies")
    left = _left(policy)
    plan = policy.rollout.staged if isinstance(policy.rollout, Plan) else policy.rollout
    name = _named(policy.name or "policy")
    if isinstance(plan, Immediate):
        left.append("the rollout has no stages: without steps Argo replaces pod after pod")
        return Exported(_text([_manifest(name, {"steps": []})]), tuple(left))
    if not isinstance(plan, Staged):
        left.append(f"the rollout: {policy.rollout.words}")
        return Exported(_text([_manifest(name, {"steps": []})]), tuple(left))
    steps, templates, begins = _steps(plan, left)
    canary: dict[str, Any] = {"steps": steps}
    background = _background(plan, policy.heartbeat, begins, left)
    if background is not None:
        first, template = background
        canary["analysis"] = {"templates": [{"templateName": BACKGROUND}], **first}
        templates.append(template)
    return Exported(_text([_manifest(name, canary), *templates]), tuple(left))


def _left(policy: Policy) -> list[str]:
    """Say which parts of a policy are not about letting out, or beyond a manifest."""
    usual, left = Policy(), list[str]()
    for part in ("monitors", "trigger", "window", "warm", "gates", "responses"):
        value = getattr(policy, part)
        if value != getattr(usual, part):
            words = getattr(value, "words", "")
            if isinstance(value, tuple):
                words = "; ".join(getattr(v, "words", getattr(v, "name", "")) for v in value)
            left.append(f"{part}: {words or value}")
    plan = policy.rollout.staged if isinstance(policy.rollout, Plan) else policy.rollout
    if isinstance(plan, Staged):
        for field in fields(Staged):
            value = getattr(plan, field.name)
            if field.name in ("stages", "stops", "metric"):
                continue
            words = getattr(value, "words", value)
            if isinstance(words, tuple):
                words = ", ".join(words)
            if words:
                left.append(f"rollout.{field.name}: {words}")
    return left


def _steps(
    plan: Staged, left: list[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[int, int]]:
    """Return steps, the templates of analyses within them, and the step at which a stage begins."""
    steps: list[dict[str, Any]] = []
    templates: list[dict[str, Any]] = []
    begins: dict[int, int] = {}
    for place, stage in enumerate(plan.stages):
        begins[place] = len(steps)
        _unsaid(place, stage, left)
        if stage.unseen:
            continue
        if not stage.off or steps:
            steps.append({"setWeight": _weight(place, stage, left)})
        spent_us = 0
        for since_us, together in _runs(plan, place):
            if since_us > spent_us:
                steps.append(_pause(since_us - spent_us))
            name = f"stage-{place + 1}-after-{since_us // 10**6}s"
            steps.append({"analysis": {"templates": [{"templateName": name}]}})
            rows = [row for measured in together for row in _metric(measured, since_us, left)]
            templates.append(_template(name, rows))
            spent_us = max(measured.lasts_us() for measured in together)
        if us(stage.hold) > spent_us:
            steps.append(_pause(us(stage.hold) - spent_us))
    return steps, templates, begins


def _runs(plan: Staged, place: int) -> list[tuple[int, list[Measured]]]:
    """Return what is measured in one stage: when it begins, and all that overlaps, in one run."""
    inside = [s for s in plan.stops if isinstance(s, Measured) and s.only and s.since == place]
    runs: list[tuple[int, list[Measured]]] = []
    for measured in sorted(inside, key=lambda m: us(m.after)):
        if runs and us(measured.after) < max(m.lasts_us() for m in runs[-1][1]):
            runs[-1][1].append(measured)
        else:
            runs.append((us(measured.after), [measured]))
    return runs


def _unsaid(place: int, stage: Stage, left: list[str]) -> None:
    """Say what of a stage no step can say."""
    name = f"stage {place + 1}"
    if stage.unseen:
        left.append(f"{name}: {stage.words}: mirrored traffic needs a router that can do it")
    if stage.segments:
        left.append(f"{name}: only for {', '.join(stage.segments)}: everybody's share is written")
    if stage.judge is not None:
        left.append(f"{name}: judged by {stage.judge!r}: Argo compares numbers with limits")
    if stage.minimum:
        left.append(f"{name}: waits for {stage.minimum:,} outcomes: a pause knows time only")


def _weight(place: int, stage: Stage, left: list[str]) -> int:
    weight = round(100 * stage.share)
    if abs(weight - 100 * stage.share) > 1e-9:
        weight = max(1, weight)
        left.append(
            f"stage {place + 1}: {100 * stage.share:g} % becomes {weight} %: whole ones only"
        )
    return weight


def _pause(lasts_us: int) -> dict[str, Any]:
    return {"pause": {"duration": _duration(lasts_us)}}


def _duration(lasts_us: int) -> str:
    """Write a duration in the units that Kubernetes has."""
    seconds = max(1, round(lasts_us / 10**6))
    for unit, size in (("h", 3_600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _background(
    plan: Staged, heartbeat: str, begins: dict[int, int], left: list[str]
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return what runs beside all steps: from which step on, and its template."""
    stops = [s for s in plan.stops if not (isinstance(s, Measured) and s.only)]
    rows: list[dict[str, Any]] = []
    first = min((s.since for s in stops if isinstance(s, Measured)), default=0)
    for stop in stops:
        if isinstance(stop, Measured):
            if stop.since != first:
                left.append(f"{stop.words}: it would begin at stage {first + 1}")
            rows += _metric(stop, 0, left)
        elif isinstance(stop, Beyond | Worse):
            left.append(f"{stop.words}: looked at whatever few outcomes there are")
            rows += _metric(Measured(of=(stop,), every=heartbeat, lost=NEVER), 0, left)
        else:
            left.append(f"the stop rule: {stop.words}")
    if not rows:
        return None
    begin = begins.get(first, 0)
    return ({"startingStep": begin} if begin else {}), _template(BACKGROUND, rows)


def _metric(measured: Measured, spent_us: int, left: list[str]) -> list[dict[str, Any]]:
    """Return a row for each limit; Argo counts the failures of each for itself."""
    if len(measured.of) > 1 and measured.failures:
        left.append(f"{measured.words}: failures are counted for each limit alone")
    if measured.holds:
        left.append(f"{measured.words}: Argo's steps go on after a failure that is forgiven")
    rows = []
    for place, limit in enumerate(measured.of):
        beside = limit.metric + BESIDE if isinstance(limit, Worse) else limit.metric
        row: dict[str, Any] = {"name": beside, "interval": _duration(us(measured.every))}
        if us(measured.after) > spent_us:
            row["initialDelay"] = _duration(us(measured.after) - spent_us)
        if measured.count:
            row["count"] = measured.count
        doubt = measured.doubt[place] if place < len(measured.doubt) else None
        if doubt is None:
            row["successCondition"] = " && ".join(_inside(limit))
        else:
            row["failureCondition"] = " || ".join(_outside(limit))
            row["successCondition"] = " && ".join(_inside(doubt))
            row["inconclusiveLimit"] = measured.doubts
        row["failureLimit"] = -1 if measured.failures >= NEVER else measured.failures
        if measured.lost != ERRORS_IN_A_ROW:
            row["consecutiveErrorLimit"] = NEVER if measured.lost < 0 else measured.lost
        query = f'driftyard_{beside.replace("-", "_")}{{arm="challenger"}}'
        row["provider"] = {"prometheus": {"address": ADDRESS, "query": query}}
        rows.append(row)
    return rows


def _inside(limit: Limit) -> list[str]:
    if isinstance(limit, Worse):
        return [f"result[0] >= {-limit.points:.15g}"]
    said = [f"result[0] >= {limit.least:.15g}"] if limit.least is not None else []
    return said + ([f"result[0] <= {limit.most:.15g}"] if limit.most is not None else [])


def _outside(limit: Limit) -> list[str]:
    if isinstance(limit, Worse):
        return [f"result[0] < {-limit.points:.15g}"]
    said = [f"result[0] < {limit.least:.15g}"] if limit.least is not None else []
    return said + ([f"result[0] > {limit.most:.15g}"] if limit.most is not None else [])


def _manifest(name: str, canary: dict[str, Any]) -> dict[str, Any]:
    labels = {"app": name}
    pod = {
        "metadata": {"labels": labels},
        "spec": {"containers": [{"name": name, "image": "example/your-service:new"}]},
    }
    spec = {"selector": {"matchLabels": labels}, "template": pod, "strategy": {"canary": canary}}
    return {"apiVersion": API, "kind": "Rollout", "metadata": {"name": name}, "spec": spec}


def _template(name: str, metrics: list[dict[str, Any]]) -> dict[str, Any]:
    spec = {"metrics": metrics}
    return {"apiVersion": API, "kind": "AnalysisTemplate", "metadata": {"name": name}, "spec": spec}


def _named(name: str) -> str:
    """Return a name that Kubernetes takes."""
    plain = "".join(c if c.isalnum() and c.isascii() else "-" for c in name.lower()).strip("-")
    return plain[:63] or "policy"


class _Plain(yaml.SafeDumper):
    """Writes the same thing twice rather than point at it."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(manifests: list[dict[str, Any]]) -> str:
    return yaml.dump_all(manifests, Dumper=_Plain, sort_keys=False, width=100, allow_unicode=True)
