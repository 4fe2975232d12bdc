"""What the label is: two classes, several, or a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scenarios.replay.reading import numbers, texts
from sim.errors import Mistake, refuse

if TYPE_CHECKING:
    from scenarios.replay.asked import Asked
    from scenarios.replay.profile import Profile

MOST_CLASSES = 20
_YES = ("1", "true", "yes", "y", "t", "positive")


@dataclass(frozen=True)
class Outcome:
    """The outcome's *classes* by code (with two, the positive one last); none if it is a number."""

    name: str
    classes: tuple[str, ...]
    numeric: bool = False
    """whether all cells are numbers: then 1 and 1.0 are one class"""

    def codes(self, array: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return cells as codes or numbers, NaN where nothing (or no such class) is."""
        if not self.classes:
            values = numbers(array)
            assert values is not None
            return np.where(np.isfinite(values), values, np.nan)
        if self.numeric:
            values = numbers(array)
            assert values is not None, "the first pass has seen only numbers"
            array = pa.array(values, from_pandas=True)
        places = pc.index_in(texts(array), value_set=pa.array(self.classes, pa.string()))
        return np.asarray(places.cast(pa.float64()).to_numpy(zero_copy_only=False))


def outcome(found: Profile, asked: Asked) -> Outcome:
    """Decide what the label is, or say in one line why it is none."""
    look, name = found.looks[asked.label], asked.label
    if look.kind == "empty":
        raise Mistake(f"--label {name!r} is empty in all {found.records:,} records: there is "
                      "nothing to judge answers by; give another column")  # fmt: skip
    if look.kind == "time":
        raise Mistake(f"--label {name!r} holds times: give the column of the outcome")
    few = look.seen is not None and len(look.seen) <= MOST_CLASSES
    number = look.numeric and not (few and not look.fractions and asked.outcome != "number")
    if asked.outcome == "class" and not few:
        raise Mistake(f"--label {name!r} has more than {MOST_CLASSES} values: that is no class; "
                      "a number is judged by --metric mae or mse")  # fmt: skip
    if asked.outcome == "number" and not look.numeric:
        raise Mistake(f"--label {name!r} is no number: MAE and MSE need one")
    if number and asked.outcome != "class":
        if asked.positive:
            raise Mistake(f"--positive is {asked.positive!r}: the label {name!r} is a number")
        if look.low == look.high:
            raise Mistake(f"--label {name!r} has one value in all records: nothing can be learned")
        return Outcome(name, ())
    if not few:
        raise Mistake(
            f"--label {name!r} is text with more than {MOST_CLASSES} values: give a column of "
            "classes or numbers"
        )
    values = look.in_order
    if look.numeric:
        values = list(dict.fromkeys(f"{float(value):.15g}" for value in values))
    return Outcome(name, _classes(values, name, asked.positive), look.numeric)


def _classes(values: list[str], name: str, positive: str) -> tuple[str, ...]:
    if len(values) == 1:
        raise Mistake(f"--label {name!r} has one class only ({values[0]!r}): nothing to tell apart")
    if positive and positive not in values:
        refuse("--positive", positive, f"{name!r} has {', '.join(sorted(values)[:10])}")
    if positive and len(values) > 2:
        refuse("--positive", positive, f"{name!r} has {len(values)} classes, and no one of them")
    if len(values) > 2:
        try:
            return tuple(sorted(values, key=float))
        except ValueError:
            return tuple(sorted(values))
    yes = positive or next((v for v in values if v.lower() in _YES), "")
    if not yes:
        raise Mistake(
            f"--label {name!r} has {' and '.join(repr(v) for v in sorted(values))}: say which of "
            "them counts as 1 with --positive"
        )
    other = values[0] if values[1] == yes else values[1]
    return (other, yes)
