"""Answers wait in line as queueing theory says, and nobody waits longer than they want to."""

from dataclasses import replace
from math import exp

import numpy as np
import pytest

from sim.concepts import Linear
from sim.errors import Mistake
from sim.ledger import Ledger
from sim.queueing import BUCKETS, Queue, bucket, quantile_ms
from sim.run import run
from sim.scenario import Launch, Scenario, Service
from sim.stream import Stream
from sim.timeline import CHAMPION, FALLBACK
from sim.traffic import Traffic
from strategies import presets
from tests.sim.laws.operators import Restless
from tests.sim.laws.worlds import POISSON, pages_of, world

LIMIT = 4.5


def service(queue: Queue, rate: str = "3600/h", horizon: str = "1d") -> Scenario:
    return Scenario(
        name="a line",
        stream=Stream(concept=Linear(columns=2), traffic=Traffic(rate=rate)),
        service=Service(queue=queue),
        launch=Launch(window="1h"),
        horizon=horizon,
    )


def mean_latency_s(ledger: Ledger) -> float:
    timeline = ledger.timeline
    total = timeline.of_vital("latency")[:, CHAMPION].sum()
    return float(total / timeline.count[:, CHAMPION].sum() / 1e6)


@pytest.mark.parametrize(
    ("spread", "load", "waiting_s"),
    [
        ("exponential", 0.7, 0.7 * 0.7 / 0.3),
        ("constant", 0.7, 0.7 * 0.7 / 0.3 / 2),
        ("exponential", 0.4, 0.4 * 0.4 / 0.6),
        ("constant", 0.4, 0.4 * 0.4 / 0.6 / 2),
    ],
)
def test_waiting_is_that_of_one_server(spread: str, load: float, waiting_s: float) -> None:
    queue = Queue(mean=f"{round(load * 1000)}ms", spread=spread, patience="1d")
    means = [mean_latency_s(run(service(queue), presets.never(), seed=seed)) for seed in range(8)]
    error = np.std(means, ddof=1) / np.sqrt(len(means))
    assert abs(np.mean(means) - (waiting_s + load)) < LIMIT * error
    assert error < 0.06 * waiting_s


def test_the_share_that_is_slow_falls_exponentially() -> None:
    queue = Queue(mean="600ms", patience="1d")
    shares = []
    for seed in range(8):
        counts = run(service(queue), presets.never(), seed=seed).timeline.latency.sum(axis=0)
        edge_s = 1e-4 * 2 ** (30 / 2)
        shares.append(counts[31:].sum() / counts.sum())
    expected = exp(-(1 / 0.6 - 1) * edge_s)  # time in the system is exponential
    error = np.std(shares, ddof=1) / np.sqrt(len(shares))
    assert abs(np.mean(shares) - expected) < LIMIT * error


def test_whoever_would_wait_too_long_falls_back() -> None:
    ledgers = [
        run(service(Queue(mean="2s", patience="3s")), presets.never(), seed=n) for n in range(6)
    ]
    # one arrival a second, half a service a second, who would wait three seconds goes away
    idle = 1 / (1 + 2 * (exp(1.5) - 1) + 2 * exp(1.5))
    shares = [ledger.timeline.count[:, CHAMPION].sum() / (24 * 3600) for ledger in ledgers]
    error = np.std(shares, ddof=1) / np.sqrt(len(shares))
    assert abs(np.mean(shares) - 0.5 * (1 - idle)) < LIMIT * error
    ledger = ledgers[0]
    count = ledger.timeline.count.sum(axis=0)
    assert count[FALLBACK] == count.sum() - count[CHAMPION]
    waited = ledger.timeline.of_vital("latency")[:, FALLBACK].sum()
    assert waited == pytest.approx(3e6 * count[FALLBACK])
    calm = run(service(Queue(mean="100ms", patience="3s")), presets.never(), seed=1)
    assert calm.timeline.count[:, FALLBACK].sum() == 0


@pytest.mark.parametrize("block", [1, 11])
def test_blocks_are_invisible_in_a_line(block: int) -> None:
    scenario = replace(
        world(POISSON), service=Service(queue=Queue(mean="10s", patience="40s"), deploy="0")
    )
    with pages_of(150):
        whole = run(scenario, Restless(), seed=3)
        assert whole.timeline.count[:, FALLBACK].sum() > 20
        assert run(scenario, Restless(), seed=3, block=block).digest() == whole.digest()


def test_buckets_hold_what_they_say() -> None:
    latency_us = np.array([0.0, 100.0, 101.0, 141.0, 142.0, 1e6, 1e30])
    assert bucket(latency_us).tolist() == [0, 0, 1, 1, 2, 27, BUCKETS - 1]
    counts = np.zeros(BUCKETS, dtype=np.int64)
    counts[[3, 10, 20]] = 98, 1, 1
    assert quantile_ms(counts, 0.5) == pytest.approx(0.1 * 2**1.5)
    assert quantile_ms(counts, 0.99) == pytest.approx(0.1 * 2**5)
    assert np.isnan(quantile_ms(np.zeros(BUCKETS, dtype=np.int64), 0.5))


def test_nobody_waits_in_line_for_a_batch() -> None:
    with pytest.raises(Mistake, match="nobody waits in line for a batch"):
        Service(mode="batch", queue=Queue())
