"""What a rollout agrees on beforehand, as the note that every release needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.actions import RolloutNote

if TYPE_CHECKING:
    from sim.view import View
    from strategies.rollouts.staged import Staged


def note(plan: Staged, view: View, version: str) -> RolloutNote:
    """Return the note of *version* under *plan*: the same whenever it is asked for."""
    shares = [stage.share for stage in plan.stages if not stage.unseen]
    most = f"{100 * max(shares, default=0):g} % of users before everybody"
    cap = f", {plan.cap.words}" if plan.cap.words else ""
    stops = "; ".join(stop.words for stop in plan.stops) or "none: only people withdraw it"
    conditions = []
    for place, stage in enumerate(plan.stages):
        sample = f", {stage.minimum:,} outcomes" if stage.minimum else ""
        judge = f", {stage.judge!r} says promote" if stage.judge is not None else ""
        conditions.append(f"{place + 1}. {stage.words}{sample}{judge}")
    release = next((c for c in view.versions if c.name == version), None)
    return RolloutNote(
        release=f"{version}, built from {release.rows:,} records" if release else version,
        success=", ".join(plan.metrics),
        blast_radius=f"{most}{cap}",
        stop_rules=stops,
        fallback="the champion, which is kept",
        conditions_to_widen="; ".join(conditions),
        owner=plan.owner,
    )
