"""What follows when something alarms, and when nobody looks."""

from __future__ import annotations

from typing import Any

from sim.clock import us
from sim.errors import refuse
from strategies.detectors import ADWIN
from strategies.monitors import Contract, Glance, OnErrors, StageMetric
from strategies.policy import Policy
from strategies.presets.cadences import LOSS
from strategies.responses import PageOwners, RebuildStage
from strategies.triggers import OnDrift
from strategies.windows import SinceTheAlarm, TrainingWindow, read

SINCE_ALARM = "since the alarm"
METRICS = (
    StageMetric(of="retrieval recall", limit=0.75, owner="data"),
    StageMetric(of="ranking ndcg", limit=0.85, owner="model"),
    StageMetric(of="generation faithfulness", limit=0.88, owner="model"),
    StageMetric(
        of="validation false negatives", limit=0.35, side="above", window=200, owner="product"
    ),
)


def on_alarm(
    *,
    detector: Any = None,
    window: TrainingWindow | str | int = SINCE_ALARM,
    wait: str = "3d",
    heartbeat: str = "1d",
) -> Policy:
    """Rebuild when a detector on the champion's errors alarms.

    *detector* is any of driftyard's or River's, ADWIN by default. *window* is 'since the alarm', a
    number of labels or a span such as '30d'; the training begins *wait* after the alarm, so that
    labels of the new world can arrive. One that begins at once learns the world before the change:
    measured on an abrupt drift, its error stays at that of doing nothing. A training that fails is
    asked for again at the next *heartbeat* or alarm.
    """
    since = window == SINCE_ALARM
    if since and not us(wait, "on_alarm.wait"):
        refuse("on_alarm.wait", wait, f"{SINCE_ALARM!r} needs some, for labels to come")
    errors = ("errors",)
    return Policy(
        name="on-alarm",
        story="A detector on the errors says when the world has changed.",
        metric=LOSS,
        monitors=(OnErrors(detector=ADWIN() if detector is None else detector),),
        trigger=OnDrift(monitors=errors, wait=wait),
        window=SinceTheAlarm(wait_for=0, monitors=errors) if since else read(window),
        heartbeat=heartbeat,
    )


def contract(*, limit: float = 0.01, owner: str = "data") -> Policy:
    """Check the agreed schema at every tick; page the *owner* of the feed if it breaks.

    It pages when more than *limit* of a tick's records break the contract. Meanwhile the
    champion stays. Falling back would take the model from everybody for the sake of the
    sources that are broken, few of them at first, and a model that fills gaps with training
    means is about as good on a broken record as the fallback. Retraining would teach a new
    champion the broken feed, and it would be the wrong one from the day of the repair; the old
    one is right again from that day on.
    """
    return Policy(
        name="contract",
        story="What comes in is checked before it can do harm.",
        monitors=(Contract(limit=limit, owner=owner),),
        responses=(PageOwners(),),
        heartbeat="0",
    )


def nobody_watching(
    *, at: str = "12w", window: TrainingWindow | str | int = "30d", heartbeat: str = "1d"
) -> Policy:
    """Nobody looks until somebody happens to: then everything is done at once.

    The first to see the numbers, *at* some time, pages the data owner and, in the same breath,
    retrains on the recent *window* and promotes the result, whatever feed it was trained on.
    A training that fails is asked for again at the next *heartbeat*.
    """
    return Policy(
        name="nobody-watching",
        story="Everybody thinks that somebody else looks.",
        monitors=(Glance(at=at),),
        trigger=OnDrift(monitors=("glance",)),
        window=read(window),
        responses=(PageOwners(monitors=("glance",), owner="data"),),
        heartbeat=heartbeat,
    )


def stage_by_stage(
    *,
    metrics: tuple[StageMetric, ...] = METRICS,
    window: str = "7d",
    look: str = "3d",
    least: int = 200,
    wait: str = "5d",
    memory: str = "6w",
) -> Policy:
    """Rebuild the first stage of a pipeline in trouble; if that does not help, the one before it.

    Every day the mean of each of *metrics* over *look* is held against its limit. A new version is
    judged after *wait*. A stage that was rebuilt within *memory* is not to blame, the one that
    hands it its work is.
    """
    mend = RebuildStage(
        metrics=metrics, window=window, look=look, least=least, wait=wait, memory=memory
    )
    return Policy(
        name="stage-by-stage",
        story="Each stage has a number, a limit and an owner.",
        metric="the metric of each stage",
        monitors=metrics,
        responses=(mend,),
    )
