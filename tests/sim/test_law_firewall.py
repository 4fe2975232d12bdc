"""Law 1, the firewall: nothing that a strategy can reach leads to truth, future or luck."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import findings
from sim.actions import Action
from sim.faults import Drop
from sim.findings import Judged, Served
from sim.label_count import LabelCount
from sim.labels import LogNormal
from sim.monitoring import DeskSeen, LabelsSeen, RequestsSeen, TicksSeen
from sim.run import run
from sim.view import View
from strategies.detectors import ADWIN
from strategies.detectors.above import Above
from strategies.monitors import Contract, OnErrors, Shift, Values
from tests.sim.laws.operators import Restless, Sums, ticking, watch_of
from tests.sim.laws.walk import is_truth, reach
from tests.sim.laws.worlds import EVEN, deep, pages_of, quick, scenarios, world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.scenario import Scenario


SEED = 987_654_321_012_345


def leaks(view: View, *, horizon_us: int, seed: int) -> list[str]:
    """Return the ways from *view* to something that it must not show."""
    now_us, tick_us = view.now_us, view._desk.tick_us
    logged: set[int] = set()
    found = []
    for at in reach(view):
        thing = at.thing
        if is_truth(thing):
            found.append(f"{at.path} is {type(thing).__name__}")
        elif isinstance(thing, findings.Sums):  # one entry a user who came by now
            logged |= {id(column) for column in thing}
            logged |= {id(column.base) for column in thing if not owner(column)}  # the same entries
        elif isinstance(thing, Served | Judged):  # one entry a request, not a tick
            logged |= {id(column) for column in thing}
            if (thing.served_us > now_us).any():
                found.append(f"{at.path} knows requests of the future")
            if any(len(column) != len(thing.served_us) or owner(column) for column in thing):
                found.append(f"{at.path} is about more than its requests")
        elif isinstance(thing, LabelCount):
            if any(tick * tick_us > now_us for tick in thing._counts):
                found.append(f"{at.path} counts labels of the future")
        elif at.path.endswith("['_parts']"):  # a piece for each time that labels came
            if (np.frombuffer(b"".join(thing), dtype=np.int64) > now_us).any():  # served when
                found.append(f"{at.path} knows labels of the future")
        elif isinstance(thing, np.ndarray) and id(thing) not in logged:
            if thing.ndim and len(thing) * tick_us > max(now_us, tick_us):
                found.append(f"{at.path} has {len(thing)} entries, more than ticks passed")
        elif (
            isinstance(thing, list | tuple)
            and len(thing) >= horizon_us // tick_us > 20
            and not all(type(item).__module__ == "sim.facts" for item in thing)
        ):
            found.append(f"{at.path} is as long as the whole timeline")
        for name in ("at_us", "evidence_us", "begun_us", "ready_us", "asked_us"):
            value = getattr(thing, name, None)
            if isinstance(value, int) and value > now_us:
                found.append(f"{at.path}.{name} is in the future")
    for name, value in _numbers(view):
        if value == seed:
            found.append(f"{name} is the seed")
    return found


def owner(column: NDArray[Any]) -> bool:
    """Say whether an array looks into a longer one."""
    return column.base is not None and len(column.base) > len(column)


def _numbers(view: View) -> Iterator[tuple[str, int]]:
    for at in reach(view):
        thing = at.thing
        if isinstance(thing, dict):
            values: list[Any] = [*thing, *thing.values()]
        elif isinstance(thing, list | tuple | set):
            values = list(thing)
        else:
            values = [getattr(thing, name, None) for name in getattr(thing, "__dict__", ())]
            values += [getattr(thing, n, None) for n in getattr(type(thing), "__slots__", ())]
        yield from ((at.path, value) for value in values if type(value) is int)


@dataclass(frozen=True, kw_only=True)
class Walker:
    """Walks the whole object graph from its view, then does what *inner* would do."""

    inner: Restless
    horizon_us: int
    found: list[str] = field(default_factory=list, repr=False)
    looks: list[int] = field(default_factory=list, repr=False)
    every: int = 5

    @property
    def monitors(self) -> tuple[Any, ...]:
        """Those of *inner*."""
        return self.inner.monitors

    def decide(self, view: View) -> Iterator[Action]:
        """Look everywhere, now and then."""
        self.looks.append(view.now_us)
        if len(self.looks) % self.every == 1 and len(self.looks) < 100:
            self.found.extend(leaks(view, horizon_us=self.horizon_us, seed=SEED))
        yield from self.inner.decide(view)


def walk(scenario: Scenario, salt: int) -> Walker:
    """Let a strategy walk through a year; return it with what it found."""
    inner = Restless(salt=salt, monitors=watch_of(scenario) + ticking())
    walker = Walker(inner=inner, horizon_us=10**18)
    walker = replace(walker, horizon_us=_horizon_us(scenario))
    ledger = run(scenario, walker, seed=SEED, patience=60.0)
    assert not ledger.stopped
    assert walker.looks
    return walker


def _horizon_us(scenario: Scenario) -> int:
    from sim.clock import us

    return us(scenario.horizon)


@quick(6)
@given(scenarios(batch=False), st.integers(0, 99))
def test_a_strategy_that_walks_the_whole_object_graph_finds_no_truth_and_no_future(
    scenario: Scenario, salt: int
) -> None:
    with pages_of(400):
        assert walk(scenario, salt).found == []


@pytest.mark.deep
@deep(60)
@given(scenarios(batch=False), st.integers(0, 999))
def test_no_strategy_in_many_worlds_finds_truth_or_future(scenario: Scenario, salt: int) -> None:
    with pages_of(400):
        assert walk(scenario, salt).found == []


@pytest.mark.parametrize(
    "leak", ["world", "onset", "array", "closure", "generator", "seed", "base"]
)
def test_the_walk_finds_what_was_hidden(monkeypatch: pytest.MonkeyPatch, leak: str) -> None:
    """Each way to leak is tried once; the walk must notice it."""
    from sim.facts import Onset
    from sim.world import World

    look = World._view

    def leaking(self: World) -> View:
        view = look(self)
        onset = Onset(
            at_us=0, name="x", incident="x", columns=(), severity=1.0, full_us=0, ends_us=None
        )
        timeline = np.zeros(1_000)
        hidden: dict[str, Any] = {
            "world": self,
            "onset": [onset],
            "array": timeline,
            "closure": lambda: self,
            "generator": (self for _ in range(2)),
            "seed": {"a": [self.seed]},
            "base": timeline[:1],
        }
        view._desk.schema = hidden[leak]
        return view

    def untouched(view: View) -> list[str]:
        return leaks(view, horizon_us=10**15, seed=SEED)

    monkeypatch.setattr(World, "_view", leaking)
    noticed: list[str] = []

    @dataclass(frozen=True)
    class Looker:
        def decide(self, view: View) -> list[Action]:
            noticed.extend(untouched(view))
            raise RuntimeError("that is enough")

    run(world(EVEN), Looker(), seed=SEED)
    assert noticed


def test_a_label_that_never_comes_reads_like_one_on_its_way() -> None:
    """The operator's view is the same whether labels are late or lost."""
    seen: dict[bool, list[str]] = {}
    for lost in (False, True):
        rows: list[str] = []

        @dataclass(frozen=True)
        class Reader:
            rows: list[str]

            def decide(self, view: View) -> list[Action]:
                self.rows.append(repr((view.now_us, view.labels_arrived, view._desk.rows)))
                return []

        late = LogNormal(median="90y", sigma=0.0)
        scenario = world(EVEN, delay=late, coverage=0.0 if lost else 1.0)
        run(scenario, Reader(rows), seed=1)
        seen[lost] = rows
    assert seen[True] == seen[False]


# -- monitors --------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Curious:
    """A monitor that keeps what it is shown."""

    clock: str
    shown: list[Any] = field(default_factory=list, repr=False)
    detector: ClassVar[Above] = Above(limit=1e9)
    owner: str = "model"
    window: ClassVar[int] = 1

    @property
    def name(self) -> str:
        """Its clock."""
        return self.clock

    @property
    def layer(self) -> str:
        """The input."""
        return "input"

    def read(self, seen: LabelsSeen | RequestsSeen) -> NDArray[np.float64]:
        """Keep what is shown."""
        self.shown.append(seen)
        return np.zeros(len(seen.arm))

    def summarise(self, seen: TicksSeen) -> NDArray[np.int64]:
        """Keep what is shown."""
        self.shown.append(seen)
        return np.zeros((len(seen.bounds) - 1, 1), dtype=np.int64)

    def judge(self, counts: NDArray[np.int64], baseline: Any) -> NDArray[np.float64]:
        """Keep the baseline."""
        self.shown.append(baseline)
        return np.zeros(len(counts))

    def explain(self, counts: Any, baseline: Any) -> tuple[tuple[str, ...], str]:
        """Say nothing."""
        return (), ""


@pytest.mark.parametrize("clock", ["label", "request", "tick", "desk"])
def test_what_a_monitor_is_shown_leads_to_no_truth(clock: str) -> None:
    monitor = Curious(clock=clock)
    faults = (Drop(at="3h", columns=("x1",)),)
    with pages_of(300):
        run(world(EVEN, faults=faults), Restless(monitors=(monitor,)), seed=1)
    found = {at.path for seen in monitor.shown for at in reach(seen) if is_truth(at.thing)}
    assert monitor.shown
    assert not found


@pytest.mark.parametrize("clock", ["label", "request", "tick", "desk"])
def test_a_monitor_cannot_change_what_it_is_shown(clock: str) -> None:
    """In-place arithmetic in a user's monitor must not falsify the accounts."""
    monitor = Curious(clock=clock)
    with pages_of(300):
        run(world(EVEN), Restless(monitors=(monitor,)), seed=1)
    loose = {
        at.path
        for seen in monitor.shown
        for at in reach(seen, name=type(seen).__name__)
        if isinstance(at.thing, np.ndarray) and at.thing.flags.writeable
    }
    assert not {
        path for path in loose if path.startswith(("LabelsSeen", "RequestsSeen", "DeskSeen"))
    }


@dataclass(frozen=True, kw_only=True)
class Foresighted:
    """A monitor that cheats: the value of a request is the mean of those that come after it."""

    name: str = "foresight"
    layer: str = "input"
    owner: str = "model"
    clock: str = "request"
    detector: ClassVar[Above] = Above(limit=1.0)

    def read(self, seen: RequestsSeen) -> NDArray[np.float64]:
        """Look ahead within what is shown."""
        x0: NDArray[np.float64] = np.abs(seen.x[:, 0])
        return np.append(x0[1:], 0.0)


def test_a_monitor_that_looks_ahead_is_refused() -> None:
    """Values of a page are foreseen: a monitor may use an item's own fields and nothing else."""
    ledger = run(world(EVEN), Restless(monitors=(Foresighted(),)), seed=1)
    assert "foresight" in ledger.stopped


@dataclass(frozen=True, kw_only=True)
class Prophet(Sums):
    """A monitor that cheats: what it counts of a tick is what the last tick of the page brings."""

    def summarise(self, seen: DeskSeen) -> NDArray[np.float64]:
        """Look ahead within what is shown."""
        counts = super().summarise(seen)
        return np.repeat(counts[-1:], len(counts), axis=0)


def test_a_monitor_that_looks_at_later_ticks_is_refused() -> None:
    prophet = Prophet(name="prophet", detector=Above(limit=1.0))
    ledger = run(world(EVEN), Restless(monitors=(prophet,)), seed=1)
    assert "depend on ticks that come after" in ledger.stopped


@pytest.mark.parametrize(
    "monitor",
    [OnErrors(detector=ADWIN()), Values(of="x0", detector=ADWIN()), Values(detector=ADWIN())],
    ids=lambda monitor: monitor.name,
)
def test_our_monitors_read_item_by_item(monitor: Any) -> None:
    keep = Curious(clock=monitor.clock)
    run(world(EVEN), Restless(monitors=(keep,)), seed=1)
    for seen in keep.shown[:20]:
        whole, items = monitor.read(seen), len(seen.arm)
        fields = {k: v for k, v in vars(seen).items() if isinstance(v, np.ndarray)}
        for part in (slice(0, items // 2), slice(items // 3, items // 3 + 1)):
            cut = replace(seen, **{name: array[part] for name, array in fields.items()})
            np.testing.assert_array_equal(monitor.read(cut), whole[part])


@pytest.mark.parametrize("monitor", [Contract(), Shift()], ids=lambda monitor: monitor.name)
def test_our_monitors_count_tick_by_tick(monitor: Any) -> None:
    keep = Curious(clock="tick")
    run(world(EVEN), Restless(monitors=(keep,)), seed=1)
    for seen in (s for s in keep.shown if isinstance(s, TicksSeen)):
        whole = monitor.summarise(seen)
        for k in range(len(seen.bounds) - 1):
            one = replace(seen, bounds=seen.bounds[k : k + 2], first_tick=seen.first_tick + k)
            np.testing.assert_array_equal(monitor.summarise(one), whole[k : k + 1])
