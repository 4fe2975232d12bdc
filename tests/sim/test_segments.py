"""Users belong to segments: changes can concern one of them, and the accounts tell them apart."""

from dataclasses import replace

import numpy as np
import pytest

from sim.chance import Luck
from sim.drift import ConceptDrift, CovariateShift, Drift
from sim.errors import Mistake
from sim.faults import Drop
from sim.ledger import Ledger
from sim.loops import Loop
from sim.monitoring import LabelsSeen
from sim.run import run
from sim.scenario import Scenario
from sim.setting import source_of
from sim.traffic import Segments
from sim.world import World
from strategies import presets
from strategies.detectors.above import Above
from strategies.monitors import OnErrors
from tests.sim.laws.worlds import CONCEPTS, POISSON, span, turned, world

GROUPS = Segments(names=("web", "app", "kiosk"), shares=(0.6, 0.3, 0.1))


def grouped(
    scenario: Scenario,
    *,
    drifts: tuple[Drift | Loop, ...] | None = None,
    faults: tuple[Drop, ...] = (),
    entities: int = 3_000,
) -> Scenario:
    stream = scenario.stream
    drifts = stream.drifts if drifts is None else drifts
    traffic = replace(stream.traffic, entities=entities)
    return replace(
        scenario,
        stream=replace(stream, segments=GROUPS, traffic=traffic, drifts=drifts),
        faults=faults,
    )


def test_a_user_stays_in_the_segment_that_luck_chose() -> None:
    users = np.arange(20_000)
    luck = Luck(5)
    mine = GROUPS.of(luck, users)
    assert np.array_equal(mine[::-1], GROUPS.of(luck, users[::-1]))
    shares = np.bincount(mine, minlength=3) / len(users)
    error = np.sqrt(np.array(GROUPS.shares) * (1 - np.array(GROUPS.shares)) / len(users))
    assert np.all(np.abs(shares - GROUPS.shares) < 4.5 * error)


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda c: type(c).__name__)
def test_a_drift_of_one_segment_leaves_the_others_alone(concept: object) -> None:
    drift = ConceptDrift(at=span(POISSON.tick_us * 2), to=turned(concept), segment="app")
    calm = grouped(world(POISSON, concept=concept, drifts=()))  # type: ignore[arg-type]
    moved = replace(calm, stream=replace(calm.stream, drifts=(drift,)))
    before, after = (source_of(s, 3).page(1, {}).truth for s in (calm, moved))
    assert before.segment is not None
    assert after.segment is not None
    hit = (after.segment == 1) & (after.times_us >= drift.at_us)
    assert hit.any()
    assert np.array_equal(before.y[~hit], after.y[~hit])
    assert np.array_equal(before.x[~hit], after.x[~hit])
    changed = not np.array_equal(before.y[hit], after.y[hit])
    assert changed or not np.array_equal(before.x[hit], after.x[hit])


def test_a_fault_and_a_covariate_shift_can_concern_one_segment() -> None:
    drift = CovariateShift(at="0s", columns=("x0",), shift=50.0, segment="web")
    fault = Drop(at="0s", columns=("x1",), segment="kiosk")
    scenario = grouped(world(POISSON), drifts=(drift,), faults=(fault,))
    page = source_of(scenario, 1).page(1, {})
    assert page.truth.segment is not None
    assert page.wire.state is not None
    assert np.array_equal(page.truth.x[:, 0] > 25, page.truth.segment == 0)
    assert np.array_equal(page.wire.state[:, 1] > 0, page.truth.segment == 2)


def year() -> Ledger:
    drift = ConceptDrift(at="3h", to=turned(CONCEPTS[0]), segment="app")
    return run(grouped(world(POISSON), drifts=(drift,)), presets.on_alarm(wait="1h"), seed=2)


def test_segments_add_up_to_the_whole() -> None:
    timeline = year().timeline
    parts = [timeline.of_segment(name) for name in timeline.segments]
    assert timeline.segments == GROUPS.names
    for field in ("count", "labels"):
        whole = getattr(timeline, field)
        assert np.array_equal(sum(getattr(part, field) for part in parts), whole)
        assert whole.sum() > 0
    for field in ("loss", "ideal", "label_loss"):
        total = sum(getattr(part, field) for part in parts)
        assert np.allclose(total, getattr(timeline, field), rtol=1e-12)


def test_only_the_segment_that_drifts_loses() -> None:
    drift = ConceptDrift(at="3h", to=turned(CONCEPTS[0]), segment="app")
    scenario = grouped(world(POISSON), drifts=(drift,))
    mine, calm = (run(s, presets.never(), seed=2).timeline for s in (scenario, scenario.calm()))
    for name in GROUPS.names:
        same = np.array_equal(mine.of_segment(name).loss, calm.of_segment(name).loss)
        assert same == (name != "app")


def test_an_operator_sees_each_segment_as_its_labels_come() -> None:
    scenario = grouped(world(POISSON))
    played = World(scenario, seed=4)
    views = []
    while (view := played.advance()) is not None:
        views.append(view.ticks(scenario.horizon))
    last, ledger = views[-1], played.ledger("by hand", {})
    assert tuple(last.segments) == GROUPS.names
    for name, part in last.segments.items():
        told = ledger.timeline.of_segment(name)
        assert np.array_equal(part.labels, told.labels[: len(part.labels)])
        assert np.array_equal(part.label_loss, told.label_loss[: len(part.labels)])
        assert np.array_equal(part.count, told.count[: len(part.labels)])
    assert views[0].segments["web"].count.shape[1] == 4


def test_a_monitor_of_labels_is_told_the_segment() -> None:
    seen: list[LabelsSeen] = []

    class Keeps(OnErrors):
        def read(self, told: LabelsSeen):  # type: ignore[no-untyped-def]
            seen.append(told)
            return super().read(told)

    curious = replace(presets.on_alarm(), monitors=(Keeps(detector=Above(limit=2.0)),))
    run(grouped(world(POISSON)), curious, seed=0)
    assert all(told.segment is not None for told in seen)
    assert {int(s) for told in seen if told.segment is not None for s in told.segment} == {0, 1, 2}


@pytest.mark.parametrize("block", [1, 7, 200])
def test_blocks_are_invisible_with_segments(block: int) -> None:
    scenario = grouped(world(POISSON))
    whole = run(scenario, presets.on_alarm(wait="1h"), seed=2)
    assert (
        run(scenario, presets.on_alarm(wait="1h"), seed=2, block=block).digest() == whole.digest()
    )


def test_what_segments_cannot_be_is_said_in_one_line() -> None:
    with pytest.raises(Mistake, match=r"segments.shares is \(0.5, 0.4\): give one share"):
        Segments(names=("web", "app"), shares=(0.5, 0.4))
    with pytest.raises(Mistake, match="did you mean 'app'"):
        grouped(world(POISSON), faults=(Drop(at="0s", columns=("x1",), segment="ap"),))
    with pytest.raises(Mistake, match="give the stream segments=Segments"):
        world(POISSON, faults=(Drop(at="0s", columns=("x1",), segment="app"),))
