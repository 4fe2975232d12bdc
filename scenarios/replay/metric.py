"""By what answers are judged: the loss of each, and what reports make of them all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import Mistake, one_of, refuse
from sim.losses import Absolute, Costs, LogLoss, Squared, ZeroOne
from sim.scoring import F1, SCORES

if TYPE_CHECKING:
    from sim.losses import Loss

NAMES = ("accuracy", "log-loss", "pr-auc", "f1", "cost", "mae", "mse")
OF_NUMBERS = ("mae", "mse")
RARE = 0.2
"""Below this share of the rarer class, accuracy says nothing."""
_COST = re.compile(r"cost\s*\(\s*([\d.]+)\s*,\s*([\d.]+)\s*\)$")


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A *name*, the *loss* of one answer, and whether answers are *chance*s or classes.

    *signals* are what reports need beyond losses, for F1 and PR-AUC.
    """

    name: str
    loss: Loss
    chance: bool = False
    signals: tuple[str, ...] = ()


def metric(text: str, classes: int, share: float) -> Metric:
    """Return the metric that *text* names; '' is chosen by the number of *classes*.

    *share* is that of the rarer class.
    """
    costs = _COST.match(text.strip().lower())
    name = "cost" if costs else text.strip().lower().replace("_", "-").replace(" ", "-")
    if not name:
        name = "mae" if not classes else "accuracy" if classes > 2 or share >= RARE else "log-loss"
    one_of("--metric", name, NAMES)
    if (name in OF_NUMBERS) != (classes == 0):
        what = "a number: mae or mse" if classes == 0 else "a class: neither mae nor mse"
        refuse("--metric", text, f"the label is {what}")
    if classes > 2 and name != "accuracy":
        refuse("--metric", text, f"the label has {classes} classes, that metric is for two")
    if name == "cost" and costs is None:
        raise Mistake(
            "--metric is 'cost': say what a false alarm and a miss cost, as in 'cost(1, 20)'"
        )
    if costs is not None:
        false_positive, false_negative = float(costs[1]), float(costs[2])
        loss = Costs(false_positive=false_positive, false_negative=false_negative)
        return Metric(name="cost", loss=loss)
    return {
        "accuracy": Metric(name="accuracy", loss=ZeroOne()),
        "log-loss": Metric(name="log-loss", loss=LogLoss(), chance=True),
        "pr-auc": Metric(name="pr-auc", loss=LogLoss(), chance=True, signals=SCORES),
        "f1": Metric(name="f1", loss=ZeroOne(), signals=F1),
        "mae": Metric(name="mae", loss=Absolute()),
        "mse": Metric(name="mse", loss=Squared()),
    }[name]
