"""Answers take longer, the line grows, and whoever will not wait gets the fallback."""

from __future__ import annotations

from sim.concepts import Linear
from sim.faults import Surge
from sim.labels import Constant, Labels
from sim.people import People
from sim.queueing import Queue
from sim.scenario import Scenario, Service, Training
from sim.stream import Stream
from sim.traffic import Traffic


def latency_surge(
    *,
    at: str = "4w 2d 10h",
    times: float = 5.0,
    mean: str = "7s",
    patience: str = "30s",
    rate: str = "150/h",
    horizon: str = "6w",
) -> Scenario:
    """A noisy neighbour makes answers slower; the model is as good as ever and hardly asked.

    From *at* on an answer takes *times* its *mean*. Whoever would wait longer than *patience*
    gets the rule that was there before.
    """
    return Scenario(
        name="latency-surge",
        domain="support chat",
        story=(
            "An assistant answers in seven seconds, one question after another.\n"
            "One Wednesday people wait, give up, and get the old list of frequent questions."
        ),
        cause=(
            "Another tenant moved onto the same machines. The model was not touched and its errors "
            "are what they were: those whom it never answers do not count among them."
        ),
        expect=(
            "A limit on latency alarms within the hour and the platform owner is done the same "
            "day. Left alone, 30 % of the questions and more get the fallback, where it was below "
            "2 %. A monitor on the model's errors sees nothing in two weeks."
        ),
        lesson=(
            "A late answer is a wrong answer. Watch the line and the share of fallbacks: errors "
            "are measured on those who were answered."
        ),
        seam="release",
        stream=Stream(
            concept=Linear(columns=6, rule="answers", threshold=0.3, noise=0.1),
            traffic=Traffic(rate=rate, daily=0.7, weekend=0.5, entities=5_000),
        ),
        faults=(Surge(name="noisy neighbour", at=at, times=times, fixed_by="platform"),),
        labels=Labels(delay=Constant(delay="6h"), coverage=0.5),
        service=Service(queue=Queue(mean=mean, patience=patience)),
        people=People(platform="1h"),
        training=Training(fixed="6h", cost=200.0),
        horizon=horizon,
    )
