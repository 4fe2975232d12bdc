"""What each monitor sees, and what it is blind to, through runs of a small world."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.actions import Shadow
from sim.clock import DAY_US
from sim.drift import ConceptDrift, CovariateShift, Drift
from sim.errors import Mistake
from sim.facts import Alarm
from sim.faults import (
    Fault,
    FrozenFeed,
    LateRows,
    NullBurst,
    Outage,
    Surge,
)
from sim.labels import Constant, Labels
from sim.monitoring import DeskSeen
from sim.run import run
from sim.selection import Review
from sim.users import Users
from strategies import monitors
from strategies.monitors import (
    Business,
    CostPerRequest,
    Disagreement,
    ErrorLevel,
    EstimatedError,
    ReviewShare,
    Shift,
    UserShare,
    Volume,
)
from tests.strategies.monitors.worlds import TURNED, Watching, alarms, four_layers, played, world

AT = "2w"
AT_US = 14 * DAY_US
NARROW = ("shift", "scores", "class shares")
"""Those that promise a rate and therefore may have a false alarm."""


def seen_by(scenario: Any) -> dict[str, Alarm]:
    """Return the first alarm of each of the four layers' monitors after the trouble began."""
    found: dict[str, Alarm] = {}
    for alarm in alarms(scenario, *four_layers()):
        if alarm.at_us > AT_US:
            found.setdefault(alarm.monitor, alarm)
    return found


def test_a_calm_world_has_no_alarm_but_those_that_were_promised() -> None:
    found = alarms(world(), *four_layers())
    assert {alarm.monitor for alarm in found} <= set(NARROW)
    assert len(found) <= 2


TROUBLES: list[tuple[str, tuple[Drift, ...], tuple[Fault, ...], set[str]]] = [
    ("covariates", (CovariateShift(at=AT, columns=("x1",), shift=1.0),), (), {"shift"}),
    ("empty", (), (NullBurst(at=AT, columns=("x1",), share=0.5),), {"contract", "null rate"}),
    ("late", (), (LateRows(at=AT, columns=("x1",), share=0.5),), {"freshness", "contract"}),
    ("frozen", (), (FrozenFeed(at=AT, columns=("x1",), share=0.5),), {"freshness"}),
    ("slow", (), (Surge(at=AT, times=40.0),), {"latency p99", "slower than 1s"}),
    ("outage", (), (Outage(at=AT, share=0.5, answers="error"),), {"no-answer rate"}),
    ("dependency", (), (Outage(at=AT, share=0.5, answers="fallback"),), {"fallback rate"}),
    (
        "concept",
        (ConceptDrift(at=AT, to=TURNED),),
        (),
        {"error level", "error by segment", "calibration", "completed"},
    ),
    (
        "concept of few",
        (ConceptDrift(at=AT, segment="few", to=TURNED),),
        (),
        {"error by segment", "clusters of errors"},
    ),
]


@pytest.mark.parametrize(
    ("drifts", "faults", "names"),
    [trouble[1:] for trouble in TROUBLES],
    ids=[trouble[0] for trouble in TROUBLES],
)
def test_trouble_is_seen_where_it_shows(
    drifts: tuple[Drift, ...], faults: tuple[Fault, ...], names: set[str]
) -> None:
    found = seen_by(world(*drifts, faults=faults))
    assert names <= set(found)
    for name in names:
        alarm = found[name]
        assert f"for the {alarm.owner} owner" in alarm.text
        assert alarm.evidence_us >= AT_US
    if "error by segment" in names and drifts[0].segment:
        assert "error level" not in found  # the average hides it


def test_a_column_is_named_where_columns_are_watched() -> None:
    found = seen_by(world(faults=(NullBurst(at=AT, columns=("x1",), share=0.5),)))
    assert found["null rate"].columns == ("x1",)


def test_reviewers_show_it_by_what_they_override_and_hand_on() -> None:
    labels = Labels(
        delay=Constant(delay="6h"), selection=Review(per_day=900, share=0.1, escalates=0.2)
    )
    watching = ReviewShare(), ReviewShare(of="escalated", limit=0.06), ReviewShare(of="corrected")
    assert not alarms(world(labels=labels), *watching)
    found = alarms(world(ConceptDrift(at=AT, to=TURNED), labels=labels), *watching)
    assert {alarm.monitor for alarm in found} == {"overridden", "escalated"}
    assert all(alarm.layer == "review" and alarm.evidence_us >= AT_US for alarm in found)
    assert "override" in found[0].text


def test_the_estimate_without_labels_is_blind_to_concept_drift() -> None:
    """The error is several times what it was; the estimate does not move."""
    estimate, truth = EstimatedError(limit=0.005), ErrorLevel(limit=0.15)
    found = alarms(world(ConceptDrift(at=AT, to=TURNED)), estimate, truth)
    assert {alarm.monitor for alarm in found} == {"error level"}


def test_the_estimate_without_labels_sees_scores_that_become_less_sure() -> None:
    columns = tuple(f"x{i}" for i in range(10))
    shrunk = CovariateShift(at=AT, columns=columns, scale=0.1)
    found = alarms(world(shrunk), EstimatedError(limit=0.005), ErrorLevel(limit=0.6))
    assert [alarm.monitor for alarm in found] == ["estimated error"]
    assert "without labels" in found[0].text


def test_volume_knows_the_hours_of_the_week() -> None:
    """A night is no alarm; half of the sources falling silent would be."""
    from sim.traffic import Traffic

    monitor = Volume(span="6h")
    assert not alarms(world(horizon="6w"), monitor)
    rows = np.full((1, 4 * 28 + 1, 2), 6 * 3_600_000_000.0)
    rows[0, :, 0] = 1_000.0
    baseline: Any = None
    assert monitor.judge(rows, baseline)[0] == 0
    rows[0, -1, 0] = 400.0
    assert monitor.judge(rows, baseline)[0] > 1
    _, words = monitor.explain(rows[0], baseline)
    assert "60 % fewer than the 1,000 of the same hours in the 4 weeks before" in words
    assert Traffic(rate="200/h").rate == "200/h"


def test_business_is_the_last_to_know() -> None:
    drift = ConceptDrift(at="10w", to=TURNED)
    scenario = world(drift, horizon="14w")
    found = alarms(scenario, Business(), ErrorLevel(limit=0.3))
    first = {alarm.monitor: alarm.at_us for alarm in reversed(found)}
    assert set(first) == {"revenue", "error level"}
    assert first["revenue"] > first["error level"] > 70 * DAY_US


def test_a_growing_business_is_no_alarm() -> None:
    rows = np.empty((1, 63, 2))
    rows[0, :, 0], rows[0, :, 1] = 1_000 + 10 * np.arange(63.0), DAY_US
    baseline: Any = None
    assert Business(drop=0.01).judge(rows, baseline)[0] <= 0
    assert Business(of="complained", drop=0.01).judge(rows, baseline)[0] <= 0


class _Shadowing(Watching):
    def decide(self, view: Any) -> tuple[Any, ...]:
        from sim.actions import Retrain

        if view.candidate:
            return (Shadow(view.candidate, why="beside"),)
        if len(view.versions) + len(view.jobs) < 2:
            return (Retrain(window=200, why="another"),)
        return ()


def test_a_shadow_that_answers_otherwise_is_noticed() -> None:
    strategy = _Shadowing(monitors=(Disagreement(limit=0.005),), heartbeat="1d")
    ledger = run(world(), strategy, seed=1)
    assert not ledger.stopped
    assert [alarm.monitor for alarm in ledger.of(Alarm)][:1] == ["disagreement"]


def test_a_second_limit_asks_for_a_rollback() -> None:
    monitor = ErrorLevel(limit=0.1, roll_back=0.25, window="12h")
    found = alarms(world(ConceptDrift(at=AT, to=TURNED)), monitor)
    assert [alarm.level for alarm in found][:2] == ["investigate", "roll back"]


def test_no_decision_rests_on_fewer_records_than_the_minimum() -> None:
    scenario = world(ConceptDrift(at=AT, to=TURNED))
    assert alarms(scenario, ErrorLevel(limit=0.1))
    assert not alarms(scenario, ErrorLevel(limit=0.1, minimum=100_000))


def test_what_a_world_does_not_have_is_not_judged() -> None:
    bare = world(faults=(Outage(at=AT, share=0.1),), users=None)
    bare = replace(bare, service=replace(bare.service, queue=None))
    names = {"completed", "accepted", "escalated", "latency p99", "queue", "revenue", "survey"}
    found = {alarm.monitor for alarm in alarms(bare, *four_layers())}
    assert not found & names


def test_cost_needs_a_price() -> None:
    assert not alarms(world(), CostPerRequest(limit=0.001))
    from sim.prices import Prices

    prices = Prices(request=0.01, currency="EUR")
    found = alarms(world(), CostPerRequest(prices=prices, limit=0.005))
    assert "a request costs EUR 0.01" in found[0].text


@pytest.mark.parametrize("block", [1, 7])
def test_blocks_are_invisible_to_them(block: int) -> None:
    scenario = world(
        ConceptDrift(at="3d", to=TURNED), horizon="5d", users=Users(), launch=world().launch
    )
    watch = four_layers("3d")
    whole = played(scenario, *watch)
    assert whole.of(Alarm)
    assert played(scenario, *watch, block=block).digest() == whole.digest()


def test_desk_monitors_count_tick_by_tick() -> None:
    """What a monitor counts of a tick does not depend on which ticks it is shown with."""
    kept: list[DeskSeen] = []

    class Keeping(ErrorLevel):
        def summarise(self, seen: DeskSeen) -> Any:
            kept.append(seen)
            return super().summarise(seen)

    played(world(horizon="2d"), Keeping())
    desk = [monitor for monitor in four_layers() if monitor.clock == "desk"]
    assert len(desk) > 15
    for seen in kept[:6]:
        for monitor in desk:
            whole, half = monitor.summarise(seen), (len(seen.bounds) - 1) // 2
            if half:
                part = monitor.summarise(seen.first(half))
                np.testing.assert_array_equal(part, whole[:half])


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Shift(statistic="pis"), "statistic"),
        (lambda: Shift(false_alarms="30d"), "window"),
        (lambda: Shift(window="1d", false_alarms="1d"), "false_alarms"),
        (lambda: ErrorLevel(limit=0.2, roll_back=0.1), "grave"),
        (lambda: UserShare(of="liked"), "of"),
        (lambda: ReviewShare(of="looked"), "review_share.of"),
        (lambda: Volume(span="5h"), "span"),
        (lambda: ErrorLevel(minimum=0), "minimum"),
        (lambda: ErrorLevel(level="panic"), "level"),
    ],
)
def test_what_cannot_be_is_named(make: Any, field: str) -> None:
    with pytest.raises(Mistake, match=field):
        make()


def test_the_page_of_monitors_tells_each_of_them() -> None:
    page = (Path(__file__).parents[3] / "docs" / "monitors.md").read_text(encoding="utf-8")
    known = [name for name in monitors.__all__ if hasattr(getattr(monitors, name), "clock")]
    assert len(known) > 20
    for name in known:
        assert f"| `{name}` |" in page
