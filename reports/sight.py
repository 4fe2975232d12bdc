"""What each stage of a rollout can see in a scenario, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.table import paragraph, table

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from strategies.policy import Policy
    from strategies.rollouts import Staged

BASE = 0.8
"""What is assumed where the share of right answers is not known beforehand."""
WIDE = 80


def lines(
    policy: Policy, scenario: Scenario, *, base: float | None = None, likeness: float = 0.0
) -> list[str]:
    """Return a table of the stages: requests, outcomes that count, the smallest drop that shows.

    Drops are from *base*, by default what the version of the launch claims of itself.
    """
    from strategies.rollouts import Staged
    from strategies.rollouts.sight import sights

    rollout: Any = policy.rollout
    plan = rollout if isinstance(rollout, Staged) else getattr(rollout, "staged", None)
    title = f"What each stage can see in {scenario.name}"
    if plan is None:
        return [title, "  nothing: it is out at once, and nobody compares"]
    start, whence = (base, "as asked") if base is not None else _launched(plan, scenario)
    found = sights(plan, scenario, base=start, likeness=likeness)
    rows = []
    for number, seen in enumerate(found, start=1):
        shows = "none" if seen.drop != seen.drop else f"{100 * seen.drop:.2g} points"
        row = [str(number), seen.stage.words, f"{seen.requests:,.0f}", f"{seen.labels:,.0f}"]
        rows.append([*row, f"{seen.visits:.2g}", shows])
    head = ["stage", "who meets it", "requests", "outcomes", "visits a user", "smallest drop"]
    alike = "each outcome as if from a user of its own (--likeness: the requests of one are alike)"
    if likeness:
        alike = f"the requests of one user being alike by {likeness:g} (intra-class correlation)"
    note = (
        f"The smallest drop from {start:.0%} ({whence}) that a one-sided test at 5 % finds four "
        f"times in five, {alike}. Outcomes of {', '.join(plan.metrics)}: those old enough to be "
        "known when the stage ends."
    )
    told = ["  " + line for line in table(head, rows, wide=WIDE - 2)]
    return [title, *told, *paragraph(note, indent="  ", wide=WIDE)]


def _launched(plan: Staged, scenario: Scenario) -> tuple[float, str]:
    """Return the share of right answers that the version of the launch claims; say whose it is."""
    from sim.losses import ZeroOne
    from sim.world import World

    assumed = BASE, "assumed; --base says another"
    if plan.metric != "quality" or not isinstance(scenario.judged_by, ZeroOne):
        return assumed
    view = World(scenario, seed=0, heartbeat=scenario.tick).advance()
    claim = float("nan") if view is None else view.card("v0").claim
    if not 0.0 < 1.0 - claim < 1.0:
        return assumed
    return 1.0 - claim, "what the version of the launch claims, seed 0"
