"""What the operator does, carried out by whoever it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.actions import (
    Acknowledge,
    Action,
    Archive,
    AskForLabels,
    Fallback,
    Investigate,
    Note,
    PageOwner,
    Promote,
    Quarantine,
    Rebuild,
    Recalibrate,
    Refresh,
    Release,
    Retrain,
    Rollback,
    SetThreshold,
    Shadow,
)
from sim.errors import Mistake, Refused
from sim.facts import Acted, Decided

if TYPE_CHECKING:
    from sim.alarms import Alarms
    from sim.asking import Asking
    from sim.byhand import ByHand
    from sim.incidents import Incidents
    from sim.inquiries import Inquiries
    from sim.jobs import Jobs
    from sim.router import Router
    from sim.stage import Stage

ANSWERS = ("yes", "no", "unknown")


class Deeds:
    """Carries out actions, each entirely or not at all."""

    def __init__(
        self,
        stage: Stage,
        jobs: Jobs,
        router: Router,
        incidents: Incidents,
        by_hand: ByHand,
        inquiries: Inquiries,
        alarms: Alarms,
        asking: Asking,
    ) -> None:
        self._stage, self._jobs, self._by_hand = stage, jobs, by_hand
        self._router, self._incidents = router, incidents
        self._inquiries, self._alarms, self._asking = inquiries, alarms, asking

    def do(self, action: Action) -> None:
        """Carry out one action, or raise `Refused` and change nothing."""
        if not isinstance(action, Action):
            raise Refused(f"{action!r} is no action: give one of sim.actions")
        if isinstance(action, Note):
            self._note(action)
            return
        router, stage = self._router, self._stage
        mark = len(stage.facts), len(stage.news), len(stage.desk.facts)
        try:
            why = str(getattr(action, "why", ""))
            stage.tell(Acted(at_us=stage.now_us, action=action.verb, detail=action.detail, why=why))
            match action:
                case Retrain():
                    self._jobs.retrain(action)
                case Promote():
                    router.promote(action)
                case Release():
                    router.release(action)
                case Shadow():
                    router.shadow(action)
                case Rollback():
                    router.rollback(action)
                case Fallback():
                    router.fallback(action)
                case Quarantine():
                    router.quarantine(action)
                case Archive():
                    router.archive(action)
                case SetThreshold() | Recalibrate():
                    self._by_hand.adjust(action)
                case Refresh():
                    self._by_hand.refresh(action)
                case Rebuild():
                    self._by_hand.rebuild(action)
                case Investigate():
                    self._inquiries.investigate(action)
                case AskForLabels():
                    self._asking.ask(action)
                case Acknowledge():
                    self._alarms.acknowledge(action)
                case PageOwner():
                    self._incidents.page(action)
                case _:
                    raise Refused(f"{action!r} is no action that this world knows")
        except Mistake as refusal:
            del stage.facts[mark[0] :], stage.news[mark[1] :], stage.desk.facts[mark[2] :]
            raise Refused(str(refusal)) from refusal

    def _note(self, note: Note) -> None:
        """Write a word of the operator's policy into its log, unless it is the last one again."""
        stage, key = self._stage, (note.part, note.about)
        last = stage.desk.decided.get(key)
        if last is not None and (last.answer, last.waits_for) == (note.answer, note.waits_for):
            return
        if note.answer not in ANSWERS:
            raise Refused(f"note.answer is {note.answer!r}: give one of {', '.join(ANSWERS)}")
        fact = Decided(
            at_us=stage.now_us,
            part=str(note.part),
            answer=note.answer,
            about=str(note.about),
            why=str(note.why),
            value=None if note.value is None else float(note.value),
            threshold=None if note.threshold is None else float(note.threshold),
            records=int(note.records),
            waits_for=str(note.waits_for),
        )
        stage.desk.decided[key] = fact
        stage.tell(fact)
