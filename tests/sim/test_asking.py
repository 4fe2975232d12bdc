"""Labels that people are asked for come sooner, or come at all; nothing else about them changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest

from sim.actions import Action, AskForLabels, Retrain
from sim.artifacts import Online
from sim.concepts import Linear
from sim.errors import Refused
from sim.facts import Built, Labelled
from sim.labels import Constant, Labels, LogNormal
from sim.ledger import Ledger
from sim.people import People
from sim.prices import Prices
from sim.run import run
from sim.scenario import Launch, Scenario
from sim.stream import Stream
from sim.traffic import Traffic
from sim.view import View

DAY_US = 86_400 * 10**6


def year(**settings: object) -> Scenario:
    """Six weeks in which labels take three of them, and many never come."""
    scenario = Scenario(
        name="late",
        stream=Stream(concept=Linear(columns=3, noise=0.1), traffic=Traffic(rate="120/h")),
        labels=Labels(delay=Constant(delay="21d"), coverage=0.5),
        people=People(labels="2d"),
        prices=Prices(currency="EUR", review=0.5),
        launch=Launch(window="7d"),
        horizon="6w",
    )
    return replace(scenario, **settings)  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class Asks:
    """Asks for labels on day ten, twice on the same day if told so, and trains on day twenty."""

    share: float = 0.25
    last: str = "5d"
    again: float = 0.0
    heartbeat: str = "1d"

    def decide(self, view: View) -> Iterator[Action]:
        """Ask."""
        if view.reason != "heartbeat":
            return
        if view.now_us == 10 * DAY_US:
            yield AskForLabels(share=self.share, last=self.last, why="none has come")
            if self.again:
                yield AskForLabels(share=self.again, last=self.last)
        if view.now_us == 20 * DAY_US:
            yield Retrain(window="30d")


def arrived(ledger: Ledger) -> np.ndarray:
    """Return how many labels arrived on each day."""
    return np.asarray(ledger.timeline.labels.sum(axis=1).reshape(-1, 24).sum(axis=1))


def test_labels_come_after_what_people_need_for_them() -> None:
    asked, plain = (run(year(), Asks(share=s), seed=3) for s in (1.0, 1e-9))
    more = arrived(asked) - arrived(plain)
    assert more[:12].sum() == 0
    served = asked.timeline.count.sum(axis=1).reshape(-1, 24).sum(axis=1)
    assert (more[12:17] == served[10:15]).all()
    assert more[17:31].sum() == 0
    assert more[31:36].sum() < 0  # those that came sooner come no second time


def test_every_label_has_one_fate_still() -> None:
    asked, plain = (run(year(), Asks(share=s), seed=3) for s in (0.5, 1e-9))
    for ledger in (asked, plain):
        assert sum(ledger.labels.values()) == ledger.requests["total"]
    assert asked.labels["never"] < plain.labels["never"]


def test_the_share_is_what_was_asked_for_and_has_its_price() -> None:
    ledger = run(year(), Asks(share=0.25), seed=3)
    [told] = ledger.of(Labelled)
    served = int(ledger.timeline.count[10 * 24 : 15 * 24].sum())
    assert told.records == pytest.approx(0.25 * served, abs=4.5 * (served * 0.25 * 0.75) ** 0.5)
    assert told.cost == 0.5 * told.records
    assert told.at_us == 15 * DAY_US


def test_who_asks_for_more_gets_the_same_and_others() -> None:
    """Shares are nested: asking for a quarter and then for a half is asking for a half."""
    twice = run(year(), Asks(share=0.25, again=0.5), seed=3)
    once = run(year(), Asks(share=0.5), seed=3)
    assert (arrived(twice) == arrived(once)).all()


def test_a_training_learns_from_them() -> None:
    rows = []
    for share in (1.0, 1e-9):
        ledger = run(year(), Asks(share=share), seed=3)
        rows += [sum(b.job > 0 for b in ledger.of(Built))]
    assert rows == [1, 1]
    begun = [
        fact.rows  # type: ignore[attr-defined]
        for share in (1.0, 1e-9)
        for fact in run(year(), Asks(share=share), seed=3).facts
        if fact.kind == "TrainingBegun"
    ]
    served = int(run(year(), Asks(), seed=3).timeline.count[10 * 24 : 15 * 24].sum())
    assert begun[0] - begun[1] == served


@pytest.mark.parametrize("labels", ["constant", "random"])
def test_blocks_are_invisible(labels: str) -> None:
    scenario = year()
    if labels == "random":
        delay = LogNormal(median="9d", sigma=1.0)
        scenario = replace(scenario, labels=Labels(delay=delay, coverage=0.7))
    digests = {run(scenario, Asks(), seed=3, block=block).digest() for block in (None, 7, 1_000)}
    assert len(digests) == 1


def test_what_cannot_be_asked_is_one_clear_line() -> None:
    ledger = run(year(), Asks(share=1.5), seed=3)
    assert "ask for labels.share is 1.5" in ledger.stopped
    from river.linear_model import LogisticRegression

    online = year(artifact=Online(model=LogisticRegression()))
    assert "has no others" in run(online, Asks(), seed=3).stopped
    assert issubclass(Refused, ValueError)
