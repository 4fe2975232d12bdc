"""The shapes in which a change comes and goes: what each takes, and the two that come round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.clock import us
from sim.errors import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

TAKES = {
    "abrupt": ((), ("until",)),
    "gradual": (("width",), ("until",)),
    "incremental": (("width",), ("until",)),
    "blip": (("lasts",), ()),
    "recurring": (("every", "lasts"), ("width", "until")),
    "seasonal": (("every",), ("until",)),
}
"""What each shape needs beside *at*, and what it may have."""
PERIODIC = ("recurring", "seasonal")
"""The shapes that come round again."""


def check_shape(label: str, shape: str, given: Mapping[str, str]) -> None:
    """Refuse durations that the *shape* of drift *label* has no use for, or lacks."""
    needs, may = TAKES[shape]
    for name, value in given.items():
        here = bool(value) and us(value, f"{label}.{name}") > 0
        if here and name not in needs + may:
            words = " and ".join(("at", *needs))
            refuse(f"{label}.{name}", value, f"shape {shape} has none: give {words}")
        if not here and name in needs:
            refuse(f"{label}.{name}", value, f"shape {shape} needs one, as in '2w'")
    if shape == "recurring":
        if us(given["lasts"]) >= us(given["every"]):
            refuse(f"{label}.lasts", given["lasts"], f"it must be less than {given['every']}")
        if us(given["width"]) > us(given["lasts"]):
            refuse(f"{label}.width", given["width"], f"it must fit into {given['lasts']}")


def wave(since_us: Ints, every_us: int) -> Floats:
    """Return a smooth wave (shape n): 0 at its start, 1 half way, 0 after *every_us*."""
    turn = since_us % every_us / every_us
    height: Floats = 0.5 - 0.5 * np.cos(2 * np.pi * turn)
    return height


def rounds(since_us: Ints, every_us: int, lasts_us: int, width_us: int) -> Floats | float:
    """Return how far a recurring change has gone in its round; one number if all agree.

    *since_us* (shape n, in order) may reach back to before the first round.
    """
    first, last = (divmod(int(since_us[place]), every_us) for place in (0, -1))
    if first[0] == last[0]:  # within one round
        if first[1] >= lasts_us:
            return 0.0
        if first[1] >= width_us and last[1] < lasts_us:
            return 1.0
    into_us = since_us % every_us
    gone = np.minimum(into_us / width_us, 1.0) if width_us else np.ones(len(since_us))
    gone[into_us >= lasts_us] = 0.0
    return gone
