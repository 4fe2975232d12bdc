"""Own goals in words: which releases and rollbacks made things worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.words import amount, count

if TYPE_CHECKING:
    from reports.result import Result


def own_goals(result: Result) -> str:
    """Return which releases and rollbacks made things worse, '' if there were none to judge."""
    goals = result.own_goals
    if goals is None:
        return "unknown: versions go on learning, so none can be tried beside what it replaced"
    said = []
    if goals.bad_releases:
        names = ", ".join(goal.version for goal in goals.bad_releases)
        what = count(len(goals.bad_releases), "bad release")
        said.append(f"{what} ({names}) lost {amount(goals.cost)} more than what they replaced")
        said.append(f"{goals.blast_radius:,} requests answered by bad versions")
    if goals.false_rollbacks:
        names = ", ".join(goal.version for goal in goals.false_rollbacks)
        said.append(f"{count(len(goals.false_rollbacks), 'false rollback')} ({names})")
    return "; ".join(said)
