"""What each stage of a rollout can see in a scenario, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.table import paragraph, table

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from strategies.policy import Policy

BASE = 0.8
WIDE = 80


def lines(policy: Policy, scenario: Scenario) -> list[str]:
    """Return a table of the stages: requests, outcomes that count, the smallest drop that shows."""
    from strategies.rollouts import Staged
    from strategies.rollouts.sight import sights

    rollout: Any = policy.rollout
    plan = rollout if isinstance(rollout, Staged) else getattr(rollout, "staged", None)
    title = f"What each stage can see in {scenario.name}"
    if plan is None:
        return [title, "  nothing: it is out at once, and nobody compares"]
    rows = []
    for number, seen in enumerate(sights(plan, scenario, base=BASE), start=1):
        shows = "none" if seen.drop != seen.drop else f"{100 * seen.drop:.2g} points"
        row = [str(number), seen.stage.words, f"{seen.requests:,.0f}", f"{seen.labels:,.0f}", shows]
        rows.append(row)
    head = ["stage", "who meets it", "requests", "outcomes", "smallest drop"]
    note = (
        f"The smallest drop from {BASE:.0%} that a one-sided test at 5 % finds four times in five, "
        f"each outcome from a user of its own. Outcomes of {plan.metric}: those old enough to be "
        "known when the stage ends; who comes back tells less."
    )
    told = ["  " + line for line in table(head, rows, wide=WIDE - 2)]
    return [title, *told, *paragraph(note, indent="  ", wide=WIDE)]
