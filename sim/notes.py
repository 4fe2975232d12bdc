"""Rollout notes: what was agreed on before a version was let out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.actions import RolloutNote
from sim.errors import Refused

if TYPE_CHECKING:
    from sim.actions import Promote, Release, Shadow
    from sim.stage import Stage

UNWRITTEN = "none were written"


class Notes:
    """The notes of the versions on their way; *monitors* are what they name as signals."""

    def __init__(self, stage: Stage, monitors: tuple[Any, ...]) -> None:
        self._stage, self._monitors = stage, monitors
        self._written: dict[str, RolloutNote] = {}

    def __contains__(self, version: str) -> bool:
        return version in self._written

    def drop(self, version: str) -> None:
        """The version is withdrawn: another release of it needs another note."""
        self._written.pop(version, None)

    def check(self, action: Promote | Release | Shadow) -> None:
        """Refuse a note that has gaps, or that is not the one which was written before."""
        note, written = action.note, self._written.get(action.version)
        if note is None:
            return
        if note.gaps:
            raise Refused(f"{action.verb}.note says nothing of {', '.join(note.gaps)}: complete it")
        if written is not None and written != note:
            raise Refused(
                f"{action.verb}.note differs from the one that was written for {action.version}: "
                "a note never changes; build a new version"
            )

    def unwritten(self, version: str) -> RolloutNote:
        """Return what can be said of a release on which nobody agreed anything beforehand."""
        return RolloutNote(
            release=f"{version} to everybody",
            success=repr(self._stage.scenario.judged_by),
            blast_radius="everybody, at once",
            stop_rules=UNWRITTEN,
            fallback=self._stage.desk.route.champion,
            conditions_to_widen="none: it is out at once",
            owner="platform",
        )

    def write(self, version: str, note: RolloutNote | None, why: str) -> None:
        """Write the rollout note, and which signals will be watched, before anything is let out.

        It holds until the version is withdrawn; another release of it is another rollout.
        """
        if note is None or version in self._written:
            return
        stage = self._stage
        if note.stop_rules != UNWRITTEN:
            self._written[version] = note
        stage.link("rollout note", version, note.row() | {"why": why})
        signals = {
            "monitors": [
                {"name": m.name, "layer": m.layer, "owner": m.owner, "watches": repr(m)}
                for m in self._monitors
            ]
        }
        stage.link("monitoring signals", version, signals)
