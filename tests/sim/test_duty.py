"""How monitors are on duty: installation, warm-up, how often, quiet times, groups, people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pytest

from sim.clock import HOUR_US, Calendar, us
from sim.duty import Human
from sim.errors import Mistake
from sim.facts import Alarm
from sim.monitoring import LabelsSeen
from sim.run import run
from sim.scenario import Scenario
from tests.sim.laws.operators import EveryNth, Silent
from tests.sim.laws.worlds import EVEN, world

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Beep:
    """Finds something at every tick from *since* on; it is grave from *grave_at* on."""

    name: str = "beep"
    since: int = 0
    grave_at: float = 1e9
    every: str = "0"
    installed_at: str = "0"
    warm_up: str = "0"
    quiet: str = "0"
    group: str = ""
    seen_by: Human | None = None
    layer: str = "output"
    owner: str = "model"
    clock: str = "desk"
    window: int = 1

    @property
    def detector(self) -> Any:
        """Every value."""
        return EveryNth(1)

    def grave(self, value: float) -> bool:
        """Say whether a tick's number is high."""
        return value >= self.grave_at

    def summarise(self, seen: Any) -> NDArray[np.int64]:
        """Return each tick's number."""
        return np.arange(1, len(seen.bounds))[:, None] + int(seen.first_tick)

    def judge(self, counts: NDArray[np.int64], baseline: Any) -> NDArray[np.float64]:
        """Return the number of the ticks that count."""
        return np.where(counts[:, 0] > self.since, counts[:, 0], np.nan).astype(np.float64)

    def explain(self, counts: Any, baseline: Any) -> tuple[tuple[str, ...], str]:
        """Say which tick it is."""
        return (), f"tick {counts[0]}"


@dataclass(frozen=True, kw_only=True)
class EachLabel:
    """Finds something in each label that arrives."""

    name: str = "each label"
    installed_at: str = "0"
    layer: str = "performance"
    owner: str = "model"
    clock: str = "label"
    detector: ClassVar[Any] = EveryNth(1)

    def read(self, seen: LabelsSeen) -> NDArray[np.float64]:
        """Return the losses."""
        return seen.loss


def small(**rest: Any) -> Scenario:
    return world(EVEN, drifts=(), **rest)


def raised(*monitors: Any, scenario: Scenario | None = None) -> list[Alarm]:
    ledger = run(scenario or small(), Silent(monitors=monitors, heartbeat="0"), seed=1)
    assert not ledger.stopped
    return list(ledger.of(Alarm))


def hours(alarms: list[Alarm], name: str = "beep") -> list[float]:
    return [alarm.at_us / HOUR_US for alarm in alarms if alarm.monitor == name]


def test_a_monitor_finds_nothing_before_it_is_installed_and_warm() -> None:
    assert hours(raised(Beep()))[0] == 1
    assert hours(raised(Beep(installed_at="10h")))[0] == 11
    assert hours(raised(Beep(installed_at="10h", warm_up="5h")))[0] == 16


def test_a_label_monitor_sees_no_label_that_came_before_its_installation() -> None:
    first = raised(EachLabel(installed_at="10h 30m"))[0]
    assert us("10h 30m") <= first.at_us < us("10h 31m")


def test_a_monitor_looks_as_often_as_it_says() -> None:
    assert hours(raised(Beep(every="6h"))) == [6, 12, 18, 24, 30, 36]


def test_alarms_within_a_quiet_time_are_one() -> None:
    assert hours(raised(Beep(quiet="10h"))) == [1, 11, 21, 31]


def test_a_graver_alarm_breaks_the_quiet_once() -> None:
    alarms = raised(Beep(quiet="10h", grave_at=5))
    assert hours(alarms) == [1, 5, 15, 25, 35]
    assert [alarm.level for alarm in alarms] == ["investigate"] + ["roll back"] * 4


def test_monitors_of_one_group_share_a_page() -> None:
    apart = raised(Beep(quiet="5d"), Beep(name="other", quiet="5d"))
    together = raised(Beep(quiet="5d", group="feed"), Beep(name="other", quiet="5d", group="feed"))
    assert [alarm.monitor for alarm in apart] == ["beep", "other"]
    assert [alarm.monitor for alarm in together] == ["beep"]


def test_an_alarm_exists_when_a_person_looks() -> None:
    alarms = raised(Beep(since=4, seen_by=Human(every="12h", office=False)))
    assert hours(alarms) == [12, 24, 36]
    assert "seen 7h later, 7 times, when somebody looked" in alarms[0].text
    assert alarms[0].evidence_us == 5 * HOUR_US - 1


def test_people_look_in_office_hours() -> None:
    calendar = Calendar(starts_on="Friday")
    look = Human(every="1d")
    assert look.looks_us(us("1h"), calendar) == us("9h")
    assert look.looks_us(us("9h 1m"), calendar) == us("3d 9h")
    assert replace(look, office=False).looks_us(us("25h"), calendar) == us("2d")


def test_the_gravest_is_what_a_person_sees_first() -> None:
    alarms = raised(Beep(grave_at=6, seen_by=Human(every="12h", office=False)))
    assert alarms[0].level == "roll back"


@pytest.mark.parametrize("block", [None, 1, 7])
def test_after_the_first_incident_means_after_somebody_noticed(block: int | None) -> None:
    monitors = (
        Beep(name="first", since=6, quiet="9w"),
        Beep(installed_at="3h after the first incident"),
        EachLabel(installed_at="after the first incident"),
    )
    ledger = run(small(), Silent(monitors=monitors, heartbeat="0"), seed=1, block=block)
    alarms = list(ledger.of(Alarm))
    assert hours(alarms)[0] == 7 + 3 + 1
    assert min(hours(alarms, "each label")) >= 7
    assert min(hours(alarms, "each label")) < 7.1


def test_who_was_never_needed_is_never_installed() -> None:
    assert not raised(Beep(installed_at="after the first incident"))


@pytest.mark.parametrize(
    ("field", "value"),
    [("installed_at", "soon"), ("quiet", 3), ("seen_by", "me"), ("every", "-1d")],
)
def test_what_cannot_be_read_is_named(field: str, value: Any) -> None:
    with pytest.raises(Mistake, match=field):
        raised(Beep(**{field: value}))
