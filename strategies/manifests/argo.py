"""An Argo Rollouts canary with its analysis templates, read as a policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sim.clock import DAY_US, MINUTE_US, us
from sim.errors import Mistake, one_of
from strategies.manifests.conditions import failure, fill, success
from strategies.manifests.fields import Fields, documents, exactly, kind_of
from strategies.manifests.metrics import limit, meaning
from strategies.policy import Policy
from strategies.rollouts import Immediate, Staged
from strategies.rollouts.measured import Limit, Measured
from strategies.rollouts.stage import Stage
from strategies.triggers import OnSchedule

if TYPE_CHECKING:
    from strategies.rollouts import Rollout

GROUP = "argoproj.io"
ROLLOUT = f"{GROUP} Rollout"
TEMPLATES = (f"{GROUP} AnalysisTemplate", f"{GROUP} ClusterAnalysisTemplate")
ERRORS_IN_A_ROW = 4
"""What Argo allows where consecutiveErrorLimit is not said."""
NEVER = 10**6
PERSON = "a pause without an end waits for a person: a day here"


class Imported(NamedTuple):
    """The *policy* that a manifest amounts to, and what of it is *left* out, a line each."""

    policy: Policy
    left: tuple[str, ...]


@dataclass
class _Step:
    """A stage that is being read."""

    share: float
    hold_us: int = 0


@dataclass
class _Plan:
    """Steps read so far, and what is measured in them."""

    given: Mapping[str, str]
    templates: dict[str, Fields]
    left: list[str]
    stages: list[_Step] = field(default_factory=list)
    stops: list[Measured] = field(default_factory=list)
    begins: list[tuple[int, int]] = field(default_factory=list)
    """for each step of the manifest its stage, and how long that has lasted then"""


def from_argo(
    file: str, *, every: str = "7d", metrics: Mapping[str, str] | None = None, source: str = ""
) -> Imported:
    """Read the Rollout in *file* (or its text, *source*) and the analysis templates beside it.

    A manifest says how a version is let out and not when one is built: that is *every* so often.
    *metrics* says what its metrics are called here, where their names don't: {'csat': 'quality'}.
    """
    us(every, "from_argo.every")
    found, left = documents(file, source or None), list[str]()
    rollouts, templates = [], {}
    for document in found:
        kind, fields = kind_of(document), Fields(document, "", left)
        if kind == ROLLOUT:
            rollouts.append(fields)
        elif kind in TEMPLATES:
            templates[_name(fields)] = fields
        else:
            told = kind.rpartition(" ")[2] or "a document without a kind"
            left.append(f"{document.place}: {told}: not read")
    if len(rollouts) != 1:
        told = ", ".join(_name(fields) for fields in rollouts) or "none"
        raise Mistake(f"{file} must hold one Rollout of {GROUP}, and holds {told}")
    name = _name(rollouts[0])
    plan = _Plan(dict(metrics or {}), templates, left)
    rollout = _rollout(rollouts[0], plan)
    for fields in templates.values():
        _rest_of_template(fields)
    story = (
        f"Read from an Argo Rollouts manifest; it says how versions are let out, and not when one "
        f"is built: here every {every}."
    )
    return Imported(
        imported(name, story, rollout, every), tuple(sorted(dict.fromkeys(left), key=_line))
    )


def imported(name: str, story: str, rollout: Rollout, every: str) -> Policy:
    """Return a policy that rebuilds *every* so often and lets versions out like this."""
    asked, metric = "1d", ""
    if isinstance(rollout, Staged):
        limits = [limit for s in rollout.stops if isinstance(s, Measured) for limit in s.of]
        metric = ", ".join(dict.fromkeys(limit.metric for limit in limits))
        times = [us(s.every) for s in rollout.stops if isinstance(s, Measured)]
        times += [us(stage.hold) for stage in rollout.stages if us(stage.hold)]
        asked = exactly(min(DAY_US, max(MINUTE_US, min(times, default=DAY_US))))
    return Policy(
        name=name,
        story=story,
        metric=metric,
        trigger=OnSchedule(every=every),
        rollout=rollout,
        heartbeat=asked,
    )


def _name(fields: Fields) -> str:
    metadata = fields.sub("metadata")
    if metadata is None:
        return "unnamed"
    name = metadata.text("name", "unnamed")
    metadata.rest()
    return name


def _line(text: str) -> int:
    """Return the line that a remark is about."""
    place = text.partition(":")[0].rpartition(" ")[2]
    return int(place) if place.isdigit() else 0


def _rollout(fields: Fields, plan: _Plan) -> Rollout:
    fields.text("apiVersion"), fields.text("kind")
    spec = fields.sub("spec")
    strategy = spec.sub("strategy") if spec is not None else None
    canary = strategy.sub("canary") if strategy is not None else None
    if spec is None or strategy is None or canary is None:
        raise Mistake(f"{fields.node.place}: spec.strategy.canary: it is missing; only canaries "
                      "are read")  # fmt: skip
    for step in canary.items("steps"):
        _step(step, plan)
    background = canary.sub("analysis")
    if background is not None:
        _background(background, plan)
    for part in (canary, strategy, spec, fields):
        part.rest()
    return staged(plan.stages, plan.stops, plan.left, canary.at("steps"))


def staged(stages: list[_Step], stops: list[Measured], left: list[str], at: str) -> Rollout:
    """Return what was read; a last stage at 100 % without an end is the end itself."""
    if stages and stages[-1].share == 1.0 and not stages[-1].hold_us:
        stages = stages[:-1]
    if not stages:
        left.append(f"{at}: no steps: every version serves everybody at once")
        return Immediate()
    return Staged(
        stages=tuple(Stage(share=s.share, hold=exactly(s.hold_us)) for s in stages),
        metric=stops[0].of[0].metric if stops else "errors",
        stops=tuple(stops),
    )


def _step(step: Fields, plan: _Plan) -> None:
    """Read one step: a weight begins a stage, pauses and analyses make it longer."""
    plan.begins.append(_now(plan, weight=step.has("setWeight")))
    if step.has("setWeight"):
        share = step.number("setWeight", 0, high=100) / 100
        if not plan.stages or plan.stages[-1].share != share:
            plan.stages.append(_Step(share))
    elif step.has("analysis") or step.has("pause") or "pause" in step.node.items:
        if not plan.stages:
            plan.stages.append(_Step(0.0))
        if step.has("analysis"):
            analysis = step.sub("analysis")
            assert analysis is not None
            _analysis(analysis, plan)
        else:
            _pause(step, plan)
    step.rest()


def _now(plan: _Plan, *, weight: bool) -> tuple[int, int]:
    if weight or not plan.stages:
        return len(plan.stages), 0
    return len(plan.stages) - 1, plan.stages[-1].hold_us


def _pause(step: Fields, plan: _Plan) -> None:
    pause = step.sub("pause")
    lasts_us = pause.duration_us("duration") if pause is not None else 0
    if not lasts_us:
        plan.left.append(f"{step.at('pause')}: {step.path}.pause: {PERSON}")
        lasts_us = DAY_US
    if pause is not None:
        pause.rest()
    plan.stages[-1].hold_us += lasts_us


def _analysis(analysis: Fields, plan: _Plan) -> None:
    """Read an analysis step: the stage goes on until it is over."""
    stage, since_us = len(plan.stages) - 1, plan.stages[-1].hold_us
    found = _metrics(analysis, plan, stage=stage, since_us=since_us, only=True)
    plan.stages[-1].hold_us = max([since_us, *(m.lasts_us() for m in found)])
    plan.stops += found
    analysis.rest()


def _background(analysis: Fields, plan: _Plan) -> None:
    """Read an analysis that runs beside all steps from startingStep on."""
    first = analysis.whole("startingStep", 0)
    if first and first >= len(plan.begins):
        many = len(plan.begins)
        raise analysis.wrong(
            "startingStep", f"it is {first}, and steps are numbered 0 to {many - 1}"
        )
    stage, since_us = plan.begins[first] if plan.begins else (0, 0)
    plan.stops += _metrics(analysis, plan, stage=stage, since_us=since_us, only=False)
    analysis.rest()


def _metrics(
    analysis: Fields, plan: _Plan, *, stage: int, since_us: int, only: bool
) -> list[Measured]:
    """Return what an analysis measures, template by template."""
    given = {arg.text("name"): arg.text("value") for arg in analysis.items("args")
             if arg.has("value")}  # fmt: skip
    dry = {item.text("metricName") for item in analysis.items("dryRun")}
    found = []
    for use in analysis.items("templates"):
        name = use.text("templateName")
        use.flag("clusterScope")
        use.rest()
        if name not in plan.templates:
            raise use.wrong("templateName", f"{name!r} is not in this file: put the template into "
                            "it, after ---")  # fmt: skip
        spec = plan.templates[name].sub("spec")
        if spec is None:
            continue
        known = {arg.text("name"): arg.text("value") for arg in spec.items("args")
                 if arg.has("value")}  # fmt: skip
        known |= given
        dry |= {item.text("metricName") for item in spec.items("dryRun")}
        for metric in spec.items("metrics"):
            measured = _metric(metric, plan, known, stage=stage, since_us=since_us, only=only)
            if measured is not None and ("*" in dry or measured.name in dry):
                plan.left.append(f"{metric.at('name')}: {measured.name}: a dry run stops nothing")
            elif measured is not None:
                found.append(measured)
    return found


def _metric(
    metric: Fields, plan: _Plan, known: dict[str, str], *, stage: int, since_us: int, only: bool
) -> Measured | None:
    """Read one metric of a template."""
    name = metric.text("name", "unnamed")
    limits = _limits(metric, plan, known, name)
    for unsaid in ("failureLimit", "count", "interval"):
        said = metric.text(unsaid)
        if "{{" in said:
            raise metric.wrong(unsaid, f"it is {said!r}: no argument says how much that is")
    count = metric.whole("count", 0)
    every_us = metric.duration_us("interval")
    if not every_us:
        every_us, count = max(since_us, 5 * MINUTE_US), 1
    elif only and not count:
        plan.left.append(f"{metric.at('name')}: {name}: without a count this step never ends; once")
        count = 1
    measured = Measured(
        of=(limits.fails,) if limits else (),
        every=exactly(every_us),
        after=exactly(since_us + metric.duration_us("initialDelay")),
        count=count,
        failures=NEVER if metric.text("failureLimit") == "-1" else metric.whole("failureLimit", 0),
        lost=metric.whole("consecutiveErrorLimit", ERRORS_IN_A_ROW),
        doubt=(limits.doubt,) if limits and limits.doubt else (),
        doubts=metric.whole("inconclusiveLimit", 0),
        since=stage,
        only=only,
        name=name,
    ) if limits else None  # fmt: skip
    if measured is None:
        for read in ("failureLimit", "consecutiveErrorLimit", "inconclusiveLimit", "initialDelay"):
            metric.text(read)
    metric.rest()
    return measured


class _Limits(NamedTuple):
    fails: Limit
    doubt: Limit | None


def _limits(metric: Fields, plan: _Plan, known: dict[str, str], name: str) -> _Limits | None:
    """Return when a measurement fails, and when it is in doubt; None if that cannot be said."""
    provider, query = metric.sub("provider"), ""
    if provider is not None:
        for kind in provider.node.items:
            source = provider.sub(kind)
            query += source.text("query") if source is not None and source.has("query") else ""
    at = metric.at("name")
    bad, good = (
        fill(metric.text(field), known) for field in ("failureCondition", "successCondition")
    )
    meant = meaning(name, query, plan.given)
    if meant is None:
        how = f'metrics={{"{name}": "quality"}} says which of ours it is'
        plan.left.append(f"{at}: {name}: no metric here is known to be that; {how}")
        return None
    read = [failure(bad) if bad else None, success(good) if good else None]
    for condition, limits in zip((bad, good), read, strict=True):
        if condition and limits is None:
            plan.left.append(f"{at}: {name}: the condition {condition!r} is not read")
    ours = [limit(name, meant, limits) for limits in read if limits is not None]
    known_ours = [found for found in ours if found is not None]
    if len(known_ours) < len(ours):
        plan.left.append(f"{at}: {name}: no {meant.metric} can pass these limits")
    if not known_ours:
        return None
    plan.left.append(f"{at}: {name}: read as {meant.metric}; its own query is not asked")
    return _Limits(known_ours[0], known_ours[1] if len(known_ours) > 1 else None)


def _rest_of_template(fields: Fields) -> None:
    """Name what nobody asked for in a template."""
    one_of("kind", fields.text("kind"), [kind.rpartition(" ")[2] for kind in TEMPLATES])
    fields.text("apiVersion"), fields.sub("metadata"), fields.sub("spec")
    fields.rest()
