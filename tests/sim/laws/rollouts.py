"""Policies that let versions out in stages, drawn at random, for tests of the laws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from sim.clock import us
from strategies.judges import FixedSample, MannWhitney, SequentialRatio, Threshold
from strategies.policy import Policy
from strategies.rollouts import (
    Beyond,
    Cap,
    Flag,
    Measured,
    Repeated,
    Review,
    Stage,
    Staged,
    Worse,
)
from strategies.triggers import OnSchedule
from strategies.windows import LastRecords
from tests.sim.laws.operators import testimony
from tests.sim.laws.worlds import span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.scenario import Scenario
    from sim.view import View

JUDGES: tuple[Any, ...] = (
    None, Threshold(points=0.3, entities=2), SequentialRatio(), FixedSample(entities=100),
    MannWhitney(entities=100),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Letting:
    """Plays a *policy*, and writes down all that is seen of its rollouts."""

    policy: Policy
    monitors: tuple[Any, ...] = ()

    @property
    def heartbeat(self) -> str:
        """As often as the policy."""
        return self.policy.heartbeat

    def decide(self, view: View) -> Iterator[Action]:
        """Testify, then do what the policy does."""
        yield from testimony(view)
        yield from self.policy.decide(view)


@st.composite
def policies(draw: st.DrawFn, scenario: Scenario) -> Policy:
    """Draw a policy that builds every few ticks and lets versions out in one to three stages."""
    tick_us = us(scenario.tick)
    ticks = us(scenario.horizon) // tick_us

    def some(most: float) -> str:
        return span(tick_us * draw(st.sampled_from((0.5, 1.0, 2.0, most))))

    segments = scenario.stream.segments
    judge = st.sampled_from(JUDGES)
    minimum, lost = st.sampled_from((0, 3)), st.sampled_from((-1, 2))
    stages: tuple[Stage, ...] = tuple(
        Stage(share=share, hold=some(3), minimum=draw(minimum), judge=draw(judge))
        for share in draw(st.sampled_from(((0.5,), (0.2, 0.6), (0.1, 0.3, 0.7))))
    )
    first = draw(st.sampled_from(("", "unseen", "off", "segment")))
    if first == "unseen":
        unseen = Stage(unseen=True, share=0.0, hold=some(3), judge=Threshold(points=0.3))
        stages = (unseen, *stages)
    elif first == "off":
        stages = (Stage(share=0.0, hold="0s"), *stages)
    elif first == "segment" and segments is not None:
        stages = Flag(segments=segments.names, hold=some(2), judge=draw(judge)).stages
    beyond = Beyond(most=0.3, minimum=3)
    stops: tuple[Any, ...] = (
        Worse(points=0.2, minimum=5),
        beyond,
        Repeated(of=beyond, times=2, every=span(tick_us), in_a_row=draw(st.booleans())),
        Measured(of=(beyond,), every=span(tick_us), failures=1, lost=draw(lost)),
    )
    caps = st.sampled_from((Cap(), Cap(users=7), Cap(requests=40), Cap(users=20, requests=30)))
    rollout = Staged(
        stages=stages,
        also=draw(st.sampled_from(((), ("errors",)))),
        stops=tuple(stop for stop in stops if draw(st.booleans())),
        cap=draw(caps),
        patience=some(4),
        starved=draw(st.sampled_from(("wait", "go on", "roll back"))),
        second=draw(st.sampled_from(("queue", "replace", "drop"))),
        dry_run=draw(st.integers(0, 4)) == 0,
        review=draw(st.sampled_from((None, Review(after=some(3), minimum=5, settled=some(2))))),
    )
    return Policy(
        trigger=OnSchedule(every=span(tick_us * max(2, ticks // 6))),
        window=LastRecords(records=150),
        rollout=rollout,
        heartbeat=span(tick_us),
    )


def letting(draw: st.DataObject, scenario: Scenario, monitors: tuple[Any, ...] = ()) -> Letting:
    """Return a policy of *scenario* at work."""
    return Letting(policy=draw.draw(policies(scenario), label="policy"), monitors=monitors)
