"""Four things that go wrong, met with each intervention: what docs/policies.md tells of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sim.actions import Action, PageOwner, Recalibrate, Refresh, Retrain, SetThreshold
from sim.drift import ConceptDrift, PriorShift
from sim.faults import Drop
from sim.people import People
from tests.sim.by_hand import CLASSES, DEAR, Plan, excess, played

TURNED = ConceptDrift(at="7d", to=replace(CLASSES, rule="other"))
BROKEN = Drop(at="4d", columns=("x0", "x1"), fixed_by="data")
AT_ONCE = People(office=False, sigma=0.0)
WRONG: dict[str, dict[str, Any]] = {
    "another price": {"faults": (DEAR,)},
    "another mix": {"drifts": (PriorShift(at="7d", to=0.7),)},
    "another rule": {"drifts": (TURNED,)},
    "a broken feed": {"faults": (BROKEN,)},
}
DOES: dict[str, dict[int, tuple[Action, ...]]] = {
    "nothing": {},
    "threshold": {10: (SetThreshold(window="3d"),)},
    "calibration": {10: (Recalibrate(window="3d"),)},
    "training": {10: (Retrain("3d"),)},
    "refresh and training": {10: (Refresh(),), 11: (Retrain("3d"),)},
}


def loss_after(wrong: str, does: str, seed: int, *, first: float = 15.0) -> float:
    """Return the mean loss above the best answers' in the third week."""
    given = dict(WRONG[wrong])
    plan: Plan = {9: (PageOwner("data"),), **DOES[does]}
    faults = given.pop("faults", ())
    return excess(played(plan, *faults, seed=seed, people=AT_ONCE, **given), first, 21)
