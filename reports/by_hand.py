"""A policy's runbook in Markdown: for the wiki, for whoever is on call at night."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.runbook import sections
from strategies.rollouts import Staged
from strategies.rollouts.plans import Plan

if TYPE_CHECKING:
    from strategies.policy import Policy
    from strategies.rollouts.stage import Stage


def markdown(policy: Policy) -> str:
    """Return the runbook of *policy* as a Markdown page."""
    lines = [f"# {_plain(policy.name or 'A policy')}", ""]
    if policy.story:
        lines += [_plain(policy.story), ""]
    for title, items in sections(policy):
        lines += [f"## {title}", "", *(f"- {_plain(item)}" for item in items), ""]
        if title == "How it is let out":
            lines += _stages(policy)
    return "\n".join(lines).rstrip() + "\n"


def _stages(policy: Policy) -> list[str]:
    """Return a table of the stages, then what was agreed on before the first of them."""
    rollout = policy.rollout
    plan = rollout.staged if isinstance(rollout, Plan) else rollout
    if not isinstance(plan, Staged):
        return []
    lines = ["| stage | who meets it | at least | goes on when | judge |", "|---|---|---|---|---|"]
    for place, stage in enumerate(plan.stages):
        judge = f"`{stage.judge!r}`" if stage.judge is not None else "none"
        goes_on = f"{stage.minimum:,} outcomes are known" if stage.minimum else "the time is over"
        if stage.judge is not None:
            goes_on += " and the judge says promote"
        row = (str(place + 1), _who(stage), stage.hold, goes_on)
        lines.append(f"| {' | '.join(map(_plain, row))} | {judge} |")
    stops = [f"- {_plain(stop.words)}" for stop in plan.stops] or ["- nothing does; people may"]
    rest = [
        f"- judged by {_plain(', '.join(plan.metrics))}; {plan.owner} answers for it",
        f"- outcomes too few after {plan.patience}: {plan.starved}",
        f"- another version that is ready meanwhile: {plan.second}",
    ]
    if plan.cap.words:
        rest.append(f"- {_plain(plan.cap.words)} before it is out to everybody")
    if plan.review is not None:
        rest.append(f"- {_plain(plan.review.words)}")
    if plan.dry_run:
        rest.append("- a dry run: everything is judged, nothing is withdrawn")
    return [*lines, "", "What withdraws it, without a meeting:", "", *stops, "",
            "What is agreed on besides:", "", *rest, ""]  # fmt: skip


def _who(stage: Stage) -> str:
    """Say who meets the version in a stage."""
    if stage.unseen:
        return "nobody: it answers unseen"
    if stage.off:
        return "nobody: it is switched off"
    of = f" of {', '.join(stage.segments)}" if stage.segments else " of users"
    return f"{100 * stage.share:g} %{of}"


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it stands."""
    for sign in ("\\", "|", "*", "_", "<"):
        text = text.replace(sign, f"\\{sign}")
    return text
