"""Values that are not fixed: each seed draws its own, by luck and the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from math import exp, floor, log
from statistics import NormalDist

from sim.clock import DAY_US, HOUR_US, MINUTE_US, SECOND_US, WEEK_US, us
from sim.errors import Mistake, refuse

Unit = Callable[[str], float]
"""Gives the luck of a path: one number in [0, 1)."""
Value = int | float | str
STEPS = 1000
"""A drawn duration is whole hours, minutes, … as long as a range has so many of them."""
LONGEST = 1000

_TAKES = {
    "uniform": "uniform(low, high)",
    "loguniform": "loguniform(low, high)",
    "normal": "normal(mean, deviation, low, high)",
    "integers": "integers(low, high)",
    "choice": "choice(one, another)",
}
_CALL = re.compile(r"\s*([a-zA-Z_]+)\s*\((.*)\)\s*", re.DOTALL)
_COMMA = re.compile(r""",(?=(?:[^'"]|'[^']*'|"[^"]*")*$)""")
"""outside quotes"""
_NUMBER = re.compile(r"[-+]?(\d[\d_]*)?(\.\d+)?([eE][-+]?\d+)?")
_RATE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(/\s*(?:\d+(?:\.\d+)?)?\s*(?:s|m|min|h|d|w))\s*")
_UNITS = (("w", WEEK_US), ("d", DAY_US), ("h", HOUR_US), ("m", MINUTE_US), ("s", SECOND_US),
          ("ms", 1_000), ("us", 1))  # fmt: skip


@dataclass(frozen=True)
class Range:
    """What a value is drawn from: *kind* uniform, loguniform, normal, integers or choice.

    Numbers, durations ('4w') and rates ('10/h') can be drawn; choice takes anything.

    >>> Range("uniform", ("4w", "8w")).draw(0.5)
    '6w'
    """

    kind: str
    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        if self.kind not in _TAKES:
            refuse("range", self.kind, f"write {', '.join(_TAKES.values())}")
        count = len(self.values)
        if count != {"normal": 4}.get(self.kind, 2) and not (self.kind == "choice" and count):
            refuse("range", str(self), f"write {_TAKES[self.kind]}")
        if self.kind != "choice":
            self._check(*self._scale().numbers)

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(map(str, self.values))})"

    def draw(self, unit: float) -> Value:
        """Return the value that the luck *unit* in [0, 1) stands for; it grows with *unit*."""
        if self.kind == "choice":
            return self.values[floor(unit * len(self.values))]
        scale = self._scale()
        if self.kind == "integers":
            low, high = scale.numbers
            return int(low) + floor(unit * (int(high) - int(low) + 1))
        if self.kind == "normal":
            mean, deviation, low, high = scale.numbers
            bell = NormalDist(mean, deviation)
            below = bell.cdf(low)
            share = below + unit * (bell.cdf(high) - below)
            drawn = bell.inv_cdf(min(max(share, 1e-300), 1 - 1e-16))
        else:
            low, high = scale.numbers
            if self.kind == "uniform":
                drawn = low + unit * (high - low)
            else:
                drawn = exp(log(low) + unit * (log(high) - log(low)))
        return scale.write(min(max(drawn, low), high), low, high)

    def _check(self, *numbers: float) -> None:
        low, high = numbers[-2:]
        if not low < high:
            refuse("range", str(self), "its low end must be smaller than its high end")
        if self.kind == "loguniform" and low <= 0:
            refuse("range", str(self), "loguniform begins above 0")
        if self.kind == "integers" and not all(isinstance(v, int) for v in self.values):
            refuse("range", str(self), "write whole numbers, as in integers(1, 6)")
        if self.kind == "normal":
            mean, deviation = numbers[:2]
            if deviation <= 0:
                refuse("range", str(self), "the deviation must be larger than 0")
            bell = NormalDist(mean, deviation)
            if bell.cdf(high) - bell.cdf(low) < 1e-6:
                refuse("range", str(self), "nearly nothing lies between its bounds")

    def _scale(self) -> _Scale:
        for scale in (_Number, _Rate, _Duration):
            try:
                return scale(self.values)
            except (ValueError, TypeError):
                continue
        remedy = "give numbers, durations or rates of one unit, as in uniform(4w, 8w)"
        return refuse("range", str(self), remedy)


class _Scale:
    """How values of one sort become numbers and are written again."""

    numbers: tuple[float, ...]

    def write(self, drawn: float, low: float, high: float) -> Value:
        """Return a drawn number as a value with as many digits as anybody needs."""
        raise NotImplementedError


class _Number(_Scale):
    def __init__(self, values: tuple[Value, ...]) -> None:
        if any(isinstance(value, str | bool) for value in values):
            raise TypeError(values)
        self.numbers = tuple(float(value) for value in values)
        if not all(abs(number) < 1e300 for number in self.numbers):
            raise ValueError(values)

    def write(self, drawn: float, low: float, high: float) -> Value:
        return min(max(float(f"{drawn:.6g}"), low), high)


class _Rate(_Scale):
    def __init__(self, values: tuple[Value, ...]) -> None:
        found = [_RATE.fullmatch(str(value)) for value in values]
        if not all(found) or len({match[2] for match in found if match}) != 1:
            raise ValueError(values)
        self.numbers = tuple(float(match[1]) for match in found if match)
        self._unit = next(match[2] for match in found if match)

    def write(self, drawn: float, low: float, high: float) -> Value:
        digits = f"{min(max(float(f'{drawn:.6g}'), low), high):.12f}".rstrip("0").rstrip(".")
        return f"{digits}{self._unit}"


class _Duration(_Scale):
    def __init__(self, values: tuple[Value, ...]) -> None:
        self.numbers = tuple(float(us("0" if value == 0 else str(value))) for value in values)

    def write(self, drawn: float, low: float, high: float) -> Value:
        sizes = [size for _, size in _UNITS[2:] if (high - low) / size >= STEPS]
        size = sizes[0] if sizes else 1
        return written(round(min(max(low + round((drawn - low) / size) * size, low), high)))


def uniform(low: Value, high: Value) -> Range:
    """Anything from *low* to *high*, all as likely."""
    return Range("uniform", (low, high))


def loguniform(low: Value, high: Value) -> Range:
    """Anything from *low* to *high*, each order of magnitude as likely."""
    return Range("loguniform", (low, high))


def normal(mean: Value, deviation: Value, low: Value, high: Value) -> Range:
    """A normal number, drawn again and again until it lies from *low* to *high*."""
    return Range("normal", (mean, deviation, low, high))


def integers(low: int, high: int) -> Range:
    """A whole number from *low* to *high*, both included."""
    return Range("integers", (low, high))


def choice(*values: Value) -> Range:
    """One of *values*, all as likely."""
    return Range("choice", values)


def parse(text: str) -> Range | None:
    """Return the range that *text* writes, or None if it writes none.

    >>> parse("integers(1, 6)"), parse("6w")
    (Range(kind='integers', values=(1, 6)), None)
    """
    found = _CALL.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        return None
    name, inside = found.groups()
    if name not in _TAKES:
        near = get_close_matches(name, _TAKES, n=1, cutoff=0.75)
        if not near:
            return None
        raise Mistake(f"range is {text!r}: did you mean {_TAKES[near[0]]}?")
    return Range(name, tuple(_item(item) for item in _COMMA.split(inside)))


def begins(text: str) -> bool:
    """Say whether *text* is the beginning of a range that has no end."""
    name, bracket, rest = text.partition("(")
    return bool(bracket) and name.strip() in _TAKES and ")" not in rest


def written(value_us: int) -> str:
    """Write microseconds exactly, as a duration that can be read again.

    >>> written(us("36h") + 5)
    '1d 12h 5us'
    """
    parts, rest = [], value_us
    for name, size in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{name}")
    return " ".join(parts) or "0s"


def _item(text: str) -> Value:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    if not text or not any(c.isdigit() for c in text) or not _NUMBER.fullmatch(text):
        return text
    try:
        return int(text)
    except ValueError:
        return float(text)
