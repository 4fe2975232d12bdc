"""Whether a version may go on from a stage: its time, its sample, its judge."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.clock import text, us
from sim.findings import QUALITY
from strategies.judges.evidence import Evidence, combined, split
from strategies.judges.verdict import PROMOTE, ROLL_BACK
from strategies.rollouts.course import course
from strategies.verdict import LABELS, NO, TIME, UNKNOWN, YES, Verdict

if TYPE_CHECKING:
    from strategies.judges.evidence import Comparison
    from strategies.judges.verdict import Verdict as Said
    from strategies.rollouts.seen import Seen
    from strategies.rollouts.stage import Stage
    from strategies.rollouts.staged import Staged

WAIT, GO_ON, GIVE_UP = "wait", "go on", "roll back"


def judged(plan: Staged, seen: Seen) -> Verdict:
    """Say whether the version may go on (yes), must go (no), or has to wait."""
    stage = plan.stages[seen.stage]
    waited_us = seen.view.now_us - seen.since_us
    part = f"stage {seen.stage + 1}: {stage.words}"
    early = waited_us < us(stage.hold)
    waiting = Verdict(part, UNKNOWN, f"{text(waited_us)} so far", waits_for=TIME)
    if early and not getattr(stage.judge, "anytime", False):
        return waiting
    asked = stage.minimum or stage.judge is not None
    metrics = (QUALITY,) if stage.unseen else plan.metrics  # labels judge what nobody was shown
    known = min(seen.known(metric) for metric in metrics) if asked else 0
    if known < stage.minimum:
        why = f"{known:,} outcomes, {stage.minimum:,} are needed"
        return _starving(plan, part, waited_us, why, known, stage.minimum)
    if stage.judge is None:
        return Verdict(part, YES, f"{stage.hold} are over and nothing spoke against it")
    found = {metric: evidence(plan, seen, metric) for metric in metrics}
    missing = [metric for metric, shown in found.items() if shown is None]
    if missing:
        why = f"{' and '.join(missing)} is not known of both"
        return _starving(plan, part, waited_us, why, 0, 0)
    said = {metric: _said(plan, stage, shown) for metric, shown in found.items() if shown}
    answers = {one.answer for one in said.values()}
    metric, decisive = min(said.items(), key=lambda pair: _ORDER.get(pair[1].answer, 1))
    about = f"{metric}: " * (len(said) > 1)
    why = f"{about}{decisive.why}; {known:,} outcomes"
    least = -getattr(stage.judge, "margin", getattr(stage.judge, "points", 0.0))
    if ROLL_BACK in answers:
        return Verdict(part, NO, why, decisive.difference, least, known)
    if early:
        return waiting
    if answers == {PROMOTE} and known:  # stages before alone do not speak for this one
        return Verdict(part, YES, why, decisive.difference, least, known)
    return _starving(plan, part, waited_us, why, known, 0)


_ORDER = {ROLL_BACK: 0, PROMOTE: 2}
"""Whose word decides: one objection is enough, everybody must agree to go on."""


def _said(plan: Staged, stage: Stage, shown: Comparison) -> Said:
    """Ask the judge, its promise shared among all that is judged."""
    assert stage.judge is not None
    many = sum(one.judge is not None for one in plan.stages)
    return split(stage.judge, stages=many, metrics=len(plan.metrics)).judge(shown)


def evidence(plan: Staged, seen: Seen, metric: str) -> Comparison | None:
    """Return what the present stage shows of *metric*, together with those before it, as strata.

    Only stages of the same purpose and segments are put together, and none that was unseen: what
    people do with an answer is not known of one that nobody was shown. None if an arm is missing.
    """
    own = seen.comparison(metric)
    if not isinstance(own, Evidence):
        return own
    now, view = plan.stages[seen.stage], seen.view
    known_us = view.now_us - view.maturity_us * (own.source == LABELS)
    before: list[Evidence] = []
    for leg in course(view)[1:]:
        stage, until_us = plan.stages[leg.stage], min(leg.until_us, known_us)
        alike = (stage.purpose, stage.segments) == (now.purpose, now.segments)
        if not alike or stage.unseen or stage.off or until_us <= leg.since_us:
            continue
        then = replace(seen, since_us=leg.since_us, until_us=until_us, stage=leg.stage)
        shown = then.comparison(metric)
        if isinstance(shown, Evidence) and shown.fewest >= 2:
            before.append(shown)
    return combined([*before[::-1], own]) if before else own


def _starving(
    plan: Staged, part: str, waited_us: int, why: str, known: int, needed: int
) -> Verdict:
    """Say what is to happen where too little is known: wait, until patience is at its end."""
    if waited_us < us(plan.patience) or plan.starved == WAIT:
        return Verdict(part, UNKNOWN, why, None, float(needed), known, LABELS)
    answer = NO if plan.starved == GIVE_UP else YES
    then = f"{why}; after {plan.patience}: {plan.starved}"
    return Verdict(part, answer, then, None, float(needed), known)
