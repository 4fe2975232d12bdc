"""What mends without a training: thresholds, calibrations, data collected again; and rebuilds."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.actions import SetThreshold, window
from sim.artifacts import Adjusted, CannotBuild, Fitted
from sim.cards import JobCard
from sim.clock import Phase, us
from sim.errors import Refused, within
from sim.evaluation import gradable
from sim.facts import Rebuilt, Refreshed, TrainingFailed
from sim.faults import ArchiveFault, FeedFault
from sim.registry import Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.actions import Rebuild, Recalibrate, Refresh
    from sim.registry import Recipe, Registry
    from sim.stage import Stage
    from sim.storage import Snapshot
    from sim.workshop import Build


class ByHand:
    """Carries out what people do to a version, or to the data, besides training."""

    def __init__(self, stage: Stage, registry: Registry) -> None:
        self._stage, self._registry = stage, registry

    def _begin(self, made: str, ends_us: int, then: Callable[[int], None], shown: str = "") -> None:
        """Take up a piece of work that ends at *ends_us*."""
        stage = self._stage
        stage.jobs += 1
        number, now_us = stage.jobs, stage.now_us
        card = JobCard(job=number, asked_us=now_us, window=shown, running=True, made=made)
        stage.desk.by_hand.append(card)

        def done() -> None:
            stage.desk.by_hand.remove(card)
            then(number)

        stage.agenda.at(ends_us, Phase.JOBS, done)

    # -- a version from the champion ---------------------------------------------------------

    def adjust(self, action: SetThreshold | Recalibrate) -> None:
        """Make a version of the champion by turning one of its knobs."""
        stage = self._stage
        made = "threshold" if isinstance(action, SetThreshold) else "calibration"
        champion = stage.desk.route.champion
        model = stage.builds[champion].model
        if made not in getattr(model, "adjusts", ()):
            raise Refused(f"{action.verb}: {champion} has no {made} that could be changed")
        if isinstance(action, SetThreshold) and action.value is not None:
            within("set threshold.value", action.value, 1e-9, 1 - 1e-9)
            assert isinstance(model, Fitted | Adjusted)
            base = Adjusted.of(model)
            if not (base.model.gives_chances or base.calibrated):
                raise Refused(f"set threshold.value: {champion} gives no chances; leave it out")
        shown = str(window(action.window))
        signals = stage.chain.newest("monitoring signals", champion)
        why = {"why": action.why, "window": shown, "asks for": f"another {made}"}
        trigger = stage.link("retraining trigger", champion, why, signals)
        stage.settle()
        key, flight = stage.moment, stage.flight
        snapshot = stage.workshop.storage.snapshot(
            window(action.window),
            stage.now_us,
            lambda number, page: flight.arrived(number, page, key),
            stage.stored,
            (),
            frozenset((*stage.desk.quarantined, *stage.desk.banned)),
        )
        origin = Origin(trigger=trigger, made=made, parent=champion)
        ends_us = stage.now_us + us(stage.scenario.training.adjusting)
        self._begin(made, ends_us, partial(self._adjusted, action, snapshot, origin), shown)

    def _adjusted(
        self, action: SetThreshold | Recalibrate, snapshot: Snapshot, origin: Origin, job: int
    ) -> None:
        stage = self._stage
        try:
            if not len(snapshot):
                raise CannotBuild("no labelled record in the window")
            build = stage.workshop.adjust(stage.builds[origin.parent], snapshot, action)
        except CannotBuild as error:
            why = f"{origin.made}: {error}"
            stage.tell(TrainingFailed(at_us=stage.now_us, job=job, why=why, cost=0.0))
            stage.ask("training failed")
            return
        name = f"v{len(stage.builds)}"
        self._registry.enter(name, "candidate", snapshot, build, replace(origin, job=job))
        stage.ask("candidate")

    # -- the data ----------------------------------------------------------------------------

    def refresh(self, action: Refresh) -> None:
        """Collect the stored data again, in the working hours of the data owner."""
        del action
        stage = self._stage
        if any(card.made == "refresh" for card in stage.desk.by_hand):
            return
        by, from_us = stage.scenario.people.takes_up("data", stage.now_us), stage.now_us
        if stage.scenario.people.office:
            from_us = stage.scenario.calendar.next_office_us(from_us)
        ends_us = from_us + us(stage.scenario.training.collecting)
        self._begin("refresh", ends_us, lambda _: self._refreshed(by))

    def _refreshed(self, by: str) -> None:
        stage = self._stage
        repaired_us, now_us = stage.flight.effects.repaired_us, stage.now_us
        mended = {
            fault.label: fault
            for fault in stage.scenario.faults
            if isinstance(fault, FeedFault | ArchiveFault)
            and fault.at_us <= now_us
            and not fault.acts(now_us, repaired_us.get(fault.label))
            and fault.label not in stage.collected_us
        }
        stage.collected_us |= {label: fault.at_us for label, fault in mended.items()}
        columns = sorted({name for fault in mended.values() for name in fault.columns})
        text = f"otherwise than before: {', '.join(columns) or 'labels'}" if mended else "no change"
        stage.tell(Refreshed(at_us=now_us, owner=by, text=text))
        stage.ask("refreshed")

    # -- the same again ----------------------------------------------------------------------

    def rebuild(self, action: Rebuild) -> None:
        """Build a version again as its lineage says, and see whether it is the same."""
        stage, name = self._stage, action.version
        recipe = self._registry.recipes.get(name)
        if recipe is None:
            known = ", ".join(self._registry.recipes) or "none yet"
            raise Refused(f"rebuild.version is {name!r}: only trained versions can be, {known}")
        training = stage.scenario.training
        lasts_us = us(training.fixed) + us(training.per_record) * stage.desk.versions[name].rows
        ends_us = stage.now_us + lasts_us * recipe.asked.candidates
        self._begin("rebuild", ends_us, lambda _: self._rebuilt(name, recipe))

    def _rebuilt(self, name: str, recipe: Recipe) -> None:
        stage, asked = self._stage, recipe.asked
        cost = stage.scenario.training.cost * asked.candidates
        stage.desk.spent += cost

        def arrived(number: int, page: Any) -> Any:
            mask = stage.flight.post.due_by(number, page, recipe.key)
            pages, rows = recipe.tied
            mask[rows[pages == number]] = True
            return mask

        snapshot = stage.workshop.storage.snapshot(
            window(asked.window), recipe.now_us, arrived, recipe.effects, (), recipe.unused
        )
        luck = partial(self._luck, recipe.at)
        original = stage.builds[name]
        try:
            again = stage.workshop.build(
                snapshot, recipe.warm, luck, asked.stage, (), asked.candidates
            )
        except CannotBuild as error:
            differs, records, why = 1.0, 0, f"it could not be built again: {error}"
        else:
            rows = stage.desk.versions[name].rows
            differs, records, why = self._compared(original, again, snapshot, rows)
        fact = Rebuilt(
            at_us=stage.now_us,
            version=name,
            same=not why,
            differs=differs,
            records=records,
            why=why or f"the same answers to all {records:,} held-out records",
            cost=cost,
        )
        stage.tell(fact)
        versions = stage.desk.versions
        versions[name] = replace(versions[name], rebuilt=fact)
        stage.ask("rebuilt")

    def _compared(
        self, original: Build, again: Build, snapshot: Snapshot, rows: int
    ) -> tuple[float, int, str]:
        """Return the share of records answered otherwise, of how many, and what is not the same."""
        found = []
        if len(snapshot) != rows:
            found.append(f"its snapshot holds {rows:,} records, collected again {len(snapshot):,}")
        differs, records = 0.0, again.report.records
        before, after = original.model, again.model
        if gradable(before) and gradable(after):
            rest = self._stage.workshop.tested(again, snapshot)
            loss = self._stage.scenario.judged_by
            one, other = before.graded(rest, loss).answer, after.graded(rest, loss).answer
            records = len(one)
            differs = float(np.mean(one != other)) if records else 0.0
        if differs:
            found.append(f"{differs:.2%} of {records:,} records are answered otherwise")
        if original.report.loss != again.report.loss:
            found.append(f"it claims {original.report.loss:.4g}, rebuilt {again.report.loss:.4g}")
        return differs, records, "; ".join(found)

    def _luck(self, at: tuple[int, int], name: str) -> float:
        return self._stage.luck.uniform(name, *at)
