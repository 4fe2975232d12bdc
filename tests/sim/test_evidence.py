"""What an operator is shown of a rollout, against the records themselves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.actions import Action, Promote, Retrain, Rollback, Shadow
from sim.clock import us
from sim.concepts import Linear
from sim.errors import Mistake
from sim.findings import Log
from sim.labels import Constant, Labels, LogNormal
from sim.run import run
from sim.scenario import Launch, Scenario, Training
from sim.setting import source_of
from sim.stream import Stream
from sim.timeline import CHALLENGER, CHAMPION
from sim.traffic import Segments, Traffic
from sim.users import Users
from tests.sim.laws.operators import released

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.findings import Findings, Sums
    from sim.ledger import Ledger
    from sim.source import Page
    from sim.view import View

SEED = 5
USERS = 40
GROUPS = Segments(names=("old", "new"), shares=(0.6, 0.4))


def world(delay: Any = None, **more: Any) -> Scenario:
    given: dict[str, Any] = {
        "stream": Stream(
            concept=Linear(columns=4, noise=0.2),
            traffic=Traffic(rate="60/h", entities=USERS),
            segments=GROUPS,
        ),
        "labels": Labels(delay=delay or Constant(delay="3h")),
        "training": Training(fixed="1h"),
        "launch": Launch(window="2d"),
        "horizon": "6d",
        **more,
    }
    return Scenario(name="evidence", **given)


@dataclass(frozen=True)
class Looking:
    """Does what the plan says at its hours, and keeps what it sees of the rollout every day."""

    plan: tuple[tuple[str, Action], ...]
    metric: str = "quality"
    heartbeat: str = "1h"
    seen: dict[str, Findings] = field(default_factory=dict, compare=False)
    exposed: list[Any] = field(default_factory=list, compare=False)

    def decide(self, view: View) -> Iterator[Action]:
        """Follow the plan; look."""
        if view.reason != "heartbeat":
            return
        for at, action in self.plan:
            if us(at) == view.now_us:
                yield action
        if view.now_us % us("1d") == 0 and view.route.since_us:
            since_us = view.route.since_us
            self.seen[f"{view.now:g}d"] = view.evidence(self.metric, since_us=since_us)
            self.exposed.append(view.exposure)


def play(*plan: tuple[str, Action], metric: str = "quality", **more: Any) -> tuple[Ledger, Looking]:
    looking = Looking((("1d", Retrain("1d")), *plan), metric)
    ledger = run(world(**more), looking, seed=SEED, outcomes=True)
    assert not ledger.stopped, ledger.stopped
    return ledger, looking


@dataclass(frozen=True)
class Records:
    """All requests, as the world knows them."""

    who: NDArray[np.int64]
    segment: NDArray[np.int8]
    due_us: NDArray[np.int64]
    served_us: NDArray[np.int64]
    arm: NDArray[np.int8]
    loss: NDArray[np.float64]

    def sums(self, rows: NDArray[np.bool_]) -> dict[int, tuple[int, float]]:
        """Return for each user how many of *rows* are theirs, and 1 less the loss, summed."""
        return {
            int(user): (
                int((mine := rows & (self.who == user)).sum()),
                float((1.0 - self.loss[mine]).sum()),
            )
            for user in np.unique(self.who[rows])
        }


def records(ledger: Ledger, scenario: Scenario) -> Records:
    feed, outcomes = source_of(scenario, SEED), ledger.outcomes
    assert outcomes is not None
    pages: list[Page] = []
    for number in range(feed.grid.page_at(us(scenario.horizon) - 1) + 1):
        pages.append(feed.page(number, {}))
    whole = us(scenario.horizon)
    served_us = np.concatenate([page.served_us for page in pages])
    kept = served_us < whole
    assert np.array_equal(served_us[kept], outcomes.served_us)
    segments = [page.truth.segment for page in pages]
    return Records(
        np.concatenate([feed.users(page) for page in pages])[kept],
        np.concatenate([s for s in segments if s is not None])[kept],
        np.concatenate([page.due >> 3 for page in pages])[kept],
        served_us[kept],
        outcomes.arm,
        outcomes.loss,
    )


def told(sums: Sums) -> dict[int, tuple[int, float]]:
    return {
        int(user): (int(times), float(total))
        for user, times, total in zip(sums.who, sums.times, sums.total, strict=True)
    }


def close(one: dict[int, tuple[int, float]], other: dict[int, tuple[int, float]]) -> bool:
    same = one.keys() == other.keys()
    return same and all(
        one[user][0] == other[user][0] and abs(one[user][1] - other[user][1]) < 1e-9 for user in one
    )


@pytest.mark.parametrize("delay", [Constant(delay="3h"), LogNormal(median="5h", sigma=0.8)])
def test_each_user_and_arm_has_the_sums_of_its_mature_labelled_requests(delay: Any) -> None:
    ledger, looking = play(("2d", released("v1", 0.3)), delay=delay)
    true = records(ledger, world(delay))
    start_us, late_us = us("2d 2h"), delay.quantile_us(0.95)
    assert set(looking.seen) == {"3d", "4d", "5d"}
    for day, seen in looking.seen.items():
        now_us = us(day)
        assert (seen.since_us, seen.until_us) == (start_us, now_us - late_us)
        rows = (true.served_us >= start_us) & (true.served_us < now_us - late_us)
        arrived = rows & (true.due_us < now_us)
        assert close(told(seen.champion), true.sums(arrived & (true.arm == CHAMPION)))
        assert close(told(seen.challenger), true.sums(arrived & (true.arm == CHALLENGER)))
        assert (seen.answered, seen.known) == (rows.sum(), arrived.sum())
        assert seen.source == "labels"
        assert not set(told(seen.champion)) & set(told(seen.challenger))
        assert len(told(seen.challenger)) > 0


def test_the_blast_radius_is_counted_in_requests_and_users() -> None:
    ledger, looking = play(("2d", released("v1", 0.3)))
    true = records(ledger, world())
    for day, met in zip((3, 4, 5), looking.exposed, strict=True):
        rows = (true.arm == CHALLENGER) & (true.served_us < us(f"{day}d"))
        assert met == (rows.sum(), len(np.unique(true.who[rows])))


def test_a_widened_share_is_another_stage_and_counts_from_its_start() -> None:
    _, looking = play(("2d", released("v1", 0.3)), ("4d 1h", released("v1", 0.6)))
    assert looking.seen["4d"].since_us == us("2d 2h")
    assert looking.seen["5d"].since_us == us("4d 1h 5s")


def test_a_flag_opens_one_segment_and_others_are_in_neither_arm() -> None:
    off, on = released("v1", 0.0), replace(released("v1", 0.5), segments=("new",))
    ledger, looking = play(("2d", off), ("3d 1h", on), ("5d 1h", replace(on, share=1.0)))
    true = records(ledger, world())
    new = true.segment == GROUPS.names.index("new")
    assert not ((true.arm == CHALLENGER) & (true.served_us < us("3d 1h 5s"))).any()
    assert not ((true.arm == CHALLENGER) & ~new).any()
    whole = true.served_us >= us("5d 1h 5s")
    assert (true.arm[whole & new] == CHALLENGER).all()
    assert (true.arm[whole & ~new] == CHAMPION).all()
    seen, now_us = looking.seen["5d"], us("5d")
    rows = new & (true.served_us >= us("3d 1h 5s")) & (true.due_us < now_us)
    rows &= true.served_us < now_us - us("3h")
    assert close(told(seen.champion), true.sums(rows & (true.arm == CHAMPION)))
    assert close(told(seen.challenger), true.sums(rows & (true.arm == CHALLENGER)))
    assert len(seen.challenger.who) > 3


def test_a_shadow_is_compared_on_the_very_same_requests() -> None:
    shadowed, looking = play(("2d", Shadow("v1")))
    replaced, _ = play(("2d", Promote("v1")))
    shown, unseen = records(shadowed, world()), records(replaced, world())
    now_us = us("5d")
    rows = (shown.served_us >= us("2d 2h")) & (shown.served_us < now_us - us("3h"))
    paired = looking.seen["5d"].paired
    assert paired is not None
    better = shown.loss - unseen.loss
    expected = {
        int(user): (int((m := rows & (shown.who == user)).sum()), float(better[m].sum()))
        for user in np.unique(shown.who[rows])
    }
    assert close(told(paired), expected)
    assert any(total for _, total in expected.values())
    assert not len(looking.seen["5d"].challenger.who)


def test_what_is_seen_at_once_waits_for_no_label() -> None:
    users = Users()
    _, looking = play(("2d", released("v1", 0.3)), metric="completed", users=users)
    seen = looking.seen["4d"]
    assert (seen.source, seen.until_us, seen.share) == ("proxy", us("4d"), 1.0)
    assert 0.0 < seen.challenger.mean < 1.0


def test_a_rollout_that_is_over_leaves_nothing_to_the_next() -> None:
    _, looking = play(
        ("2d", released("v1", 0.3)),
        ("2d 12h", Rollback()),
        ("3d 2h", Retrain("1d")),
        ("3d 12h", released("v2", 0.3)),
    )
    assert looking.seen["3d"].answered == 0
    assert looking.seen["4d"].since_us == us("3d 14h")
    assert looking.exposed[1].requests < 0.45 * 60 * 10


def test_a_metric_that_is_not_measured_is_named() -> None:
    with pytest.raises(Mistake, match=r"evidence\.metric is 'completed'"):
        Log().findings("completed", 0, 1, 2)
