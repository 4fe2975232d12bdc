"""The service becomes slow, or what it depends on does not answer."""

from dataclasses import replace

import numpy as np
import pytest

from sim.artifacts import Online
from sim.concepts import Linear
from sim.errors import Mistake
from sim.facts import Onset
from sim.faults import Outage, Surge
from sim.queueing import Queue
from sim.run import run
from sim.scenario import Scenario, Service
from sim.stream import Stream
from sim.timeline import CHAMPION, ERROR, FALLBACK
from sim.traffic import Traffic
from strategies import presets
from tests.sim.laws.operators import Restless
from tests.sim.laws.worlds import POISSON, pages_of, world

LINE = Queue(mean="600ms", patience="10s")


def day(*faults: Surge | Outage, queue: Queue | None = None) -> Scenario:
    return Scenario(
        name="a day",
        stream=Stream(concept=Linear(columns=2), traffic=Traffic(rate="1800/h", sources=20)),
        service=Service(queue=queue),
        faults=faults,
        horizon="1d",
    )


def test_in_a_surge_the_line_grows_and_falls_back_and_then_is_well_again() -> None:
    surge = Surge(at="6h", until="9h", times=5.0)
    timeline = run(day(surge, queue=LINE), presets.never(), seed=1).timeline
    share = timeline.count[:, FALLBACK] / timeline.count.sum(axis=1)
    assert share[:6].max() == 0.0
    assert np.all(share[6:9] > 0.2)
    assert share[10:].max() == 0.0
    latency = timeline.of_vital("latency")[:, CHAMPION] / timeline.count[:, CHAMPION]
    assert latency[6:9].min() > 5 * latency[:6].max()
    onset = run(day(surge, queue=LINE), presets.never(), seed=1).of(Onset)[0]
    assert (onset.incident, onset.severity) == ("latency surge", 5.0)


@pytest.mark.parametrize(("answers", "arm"), [("fallback", FALLBACK), ("error", ERROR)])
def test_in_an_outage_requests_are_lost_to_the_arm_that_was_chosen(answers: str, arm: int) -> None:
    outage = Outage(at="6h", until="9h", answers=answers, share=0.5)
    timeline = run(day(outage), presets.never(), seed=1).timeline
    lost = timeline.count[:, arm]
    assert lost[:6].sum() == lost[9:].sum() == 0
    # half of twenty sources, each with a twentieth of the requests
    total = timeline.count[6:9].sum()
    assert abs(lost[6:9].sum() - total / 2) < 4.5 * np.sqrt(total / 4)
    assert timeline.count.sum() == timeline.count[:, [CHAMPION, arm]].sum()
    if arm == ERROR:
        assert timeline.loss[:, ERROR].sum() == lost.sum()


@pytest.mark.parametrize("online", [False, True])
@pytest.mark.parametrize("block", [1, 9])
def test_blocks_are_invisible_when_the_service_fails(block: int, online: bool) -> None:
    from river.linear_model import LogisticRegression

    faults = (
        Surge(at="1h", width="2h", times=20.0, share=0.6),
        Outage(at="3h", until="5h", answers="error", share=0.4, name="one"),
        Outage(at="4h", until="6h", share=0.4, name="two"),
    )
    queue = Queue(mean="5s", patience="30s")
    scenario = replace(
        world(POISSON), service=Service(queue=queue, deploy="0", flag="0"), faults=faults
    )
    if online:
        scenario = replace(scenario, artifact=Online(model=LogisticRegression()))
    with pages_of(150):
        whole = run(scenario, Restless(), seed=3)
        assert np.all(whole.timeline.count[:, [FALLBACK, ERROR]].sum(axis=0) > 10)
        assert run(scenario, Restless(), seed=3, block=block).digest() == whole.digest()


def test_a_surge_needs_a_line() -> None:
    with pytest.raises(Mistake, match=r"goes with service\.queue"):
        day(Surge(at="1h"))
