"""A Flagger canary, read as a policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.clock import MINUTE_US, us
from sim.errors import Mistake
from strategies.manifests.argo import Imported, imported
from strategies.manifests.conditions import Limits
from strategies.manifests.fields import Fields, documents, exactly, kind_of
from strategies.manifests.metrics import LATENCY, Meaning, limit, meaning
from strategies.rollouts import Immediate, Staged
from strategies.rollouts.measured import Limit, Measured
from strategies.rollouts.stage import Stage
from strategies.rollouts.stops import Beyond

if TYPE_CHECKING:
    from strategies.rollouts import Rollout

CANARY = "flagger.app Canary"
TEMPLATE = "flagger.app MetricTemplate"
MOST_STEPS = 1_000


def from_flagger(
    file: str, *, every: str = "7d", metrics: Mapping[str, str] | None = None, source: str = ""
) -> Imported:
    """Read the Canary in *file* (or its text, *source*); the rest is as in `from_argo`.

    Each interval all metrics are checked: a round in which one fails, or sees nothing, holds the
    weight and counts, and after *threshold* of them the version is withdrawn, as Flagger does.
    """
    us(every, "from_flagger.every")
    left, canaries, queries = list[str](), [], dict[str, str]()
    for document in documents(file, source or None):
        kind, fields = kind_of(document), Fields(document, "", left)
        if kind == CANARY:
            canaries.append(fields)
        elif kind == TEMPLATE:
            queries |= _template(fields)
        else:
            told = kind.rpartition(" ")[2] or "a document without a kind"
            left.append(f"{document.place}: {told}: not read")
    if len(canaries) != 1:
        raise Mistake(f"{file} must hold one Canary of flagger.app, and holds {len(canaries)}")
    fields = canaries[0]
    fields.text("apiVersion"), fields.text("kind")
    metadata, spec = fields.sub("metadata"), fields.sub("spec")
    name = metadata.text("name", "unnamed") if metadata is not None else "unnamed"
    analysis = spec.sub("analysis") if spec is not None else None
    if spec is None or analysis is None:
        raise Mistake(f"{fields.node.place}: spec.analysis: it is missing; it says how to let out")
    rollout: Rollout = Immediate()
    if spec.flag("skipAnalysis"):
        left.append(f"{spec.at('skipAnalysis')}: skipAnalysis: every version serves all at once")
    else:
        rollout = _rollout(analysis, dict(metrics or {}), queries, left)
        analysis.rest()
    for part in (spec, fields, *([metadata] if metadata is not None else [])):
        part.rest()
    story = (
        f"Read from a Flagger canary; it says how versions are let out, and not when one is built: "
        f"here every {every}."
    )
    return Imported(imported(name, story, rollout, every), tuple(dict.fromkeys(left)))


def _template(fields: Fields) -> dict[str, str]:
    """Return the query of a metric template by its name."""
    fields.text("apiVersion"), fields.text("kind")
    metadata, spec = fields.sub("metadata"), fields.sub("spec")
    name = metadata.text("name") if metadata is not None else ""
    query = spec.text("query") if spec is not None else ""
    for part in (fields, spec, metadata):
        if part is not None:
            part.text("namespace")
            part.rest()
    return {name: query}


def _rollout(
    analysis: Fields, given: Mapping[str, str], queries: Mapping[str, str], left: list[str]
) -> Rollout:
    every_us = analysis.duration_us("interval", MINUTE_US)
    if not every_us:
        raise analysis.wrong("interval", "it is 0: give how often the metrics are checked")
    threshold = analysis.whole("threshold", 1, low=1)
    limits = _limits(analysis, given, queries, left)
    stages = _stages(analysis, exactly(every_us), left)
    stops = (
        Measured(
            of=tuple(limits), every=exactly(every_us), failures=threshold - 1, lost=-1,
            holds=True, name="analysis",
        ),
    ) if limits else ()  # fmt: skip
    return Staged(
        stages=tuple(stages), metric=limits[0].metric if limits else "errors", stops=stops
    )


def _stages(analysis: Fields, every: str, left: list[str]) -> list[Stage]:
    """Return the weights step by step, each kept for an interval."""
    stages = []
    iterations = analysis.whole("iterations", 0, high=MOST_STEPS)
    if analysis.flag("mirror"):
        rounds = f"{iterations * us(every) / 10**6:.15g}s" if iterations else every
        return [Stage(share=0.0, unseen=True, hold=rounds), *_weights(analysis, every)]
    if iterations:
        hold = exactly(iterations * us(every))
        if analysis.has("match"):
            analysis.leave("match", "headers and cookies choose who meets it; here half of all do")
            stages.append(Stage(share=0.5, hold=hold))
        else:
            told = "a blue/green switch; it is tested unseen"
            left.append(f"{analysis.at('iterations')}: {analysis.path}.iterations: {told}")
            stages.append(Stage(share=0.0, unseen=True, hold=hold))
        return stages
    stages = _weights(analysis, every)
    if not stages:
        raise analysis.wrong("stepWeight", "give stepWeight, stepWeights or iterations")
    return stages


def _weights(analysis: Fields, every: str) -> list[Stage]:
    """Return the stages of stepWeights, or from stepWeight to maxWeight."""
    listed = analysis.texts("stepWeights")
    most = analysis.whole("maxWeight", 100, low=1, high=100)
    step = analysis.whole("stepWeight", 0, high=100)
    try:
        weights = [int(text) for text in listed] or (
            list(range(step, most + 1, step)) if step else []
        )
    except ValueError:
        raise analysis.wrong("stepWeights", "give whole numbers from 1 to 100") from None
    if any(not 1 <= weight <= 100 for weight in weights):
        raise analysis.wrong("stepWeights", "give whole numbers from 1 to 100")
    return [Stage(share=weight / 100, hold=every) for weight in weights if weight < 100]


def _limits(
    analysis: Fields, given: Mapping[str, str], queries: Mapping[str, str], left: list[str]
) -> list[Limit]:
    """Return the limits of all metrics."""
    found: list[Limit] = []
    for metric in analysis.items("metrics"):
        name, at = metric.text("name", "unnamed"), metric.at("name")
        ref = metric.sub("templateRef")
        template = ref.text("name") if ref is not None else ""
        if ref is not None:
            ref.text("namespace")
            ref.rest()
        query = queries.get(template, "") + metric.text("query")
        span = metric.sub("thresholdRange")
        limits = Limits()
        if span is not None:
            ends = [span.number(e, 0.0, low=-1e12, high=1e12) if span.has(e) else None
                    for e in ("min", "max")]  # fmt: skip
            limits = Limits(*ends)
            span.rest()
        if metric.has("threshold"):
            left.append(f"{metric.at('threshold')}: {name}: threshold is read as the most")
            limits = Limits(most=metric.number("threshold", 0, high=1e12))
        metric.leave("interval", "over which time the query looks; here each interval by itself")
        metric.rest()
        meant = meaning(name, query, given)
        if meant is None or limits == Limits():
            how = f'metrics={{"{name}": "quality"}} says which of ours it is'
            why = f"no metric here is known to be that; {how}" if meant is None else "no limits"
            left.append(f"{at}: {name}: {why}")
            continue
        ours = _in_percent(name, meant, limits)
        if ours is None:
            left.append(f"{at}: {name}: no {meant.metric} can pass these limits")
            continue
        left.append(f"{at}: {name}: read as {ours.metric}; its own query is not asked")
        found.append(ours)
    return found


def _in_percent(name: str, meant: Meaning, limits: Limits) -> Limit | None:
    """Return limits as ours; Flagger's own metrics are in per cent and milliseconds."""
    least, most = limits
    if name == "request-duration" and meant.metric == LATENCY:
        scaled = [None if x is None else 1_000.0 * x for x in limits]
        return Beyond(metric=LATENCY, least=scaled[0], most=scaled[1], minimum=1)
    if name == "request-success-rate" and meant.turned:
        return limit(name, meant, Limits(*(None if x is None else x / 100 for x in (least, most))))
    return limit(name, meant, limits)
