"""Parameters of a sweep: `{every}` in a name stands for each of the values given for it."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from sim.clock import DAY_US, HOUR_US, MINUTE_US, SECOND_US, us
from sim.clock import text as text_of
from sim.errors import Mistake, refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_RANGE = re.compile(r"(?P<low>[^./][^/]*?)\.\.(?P<high>[^./][^/]*?)(?:/(?P<count>\d+))?")
_PLACE = re.compile(r"\{(\w+)\}")


def over(options: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the values of each parameter.

    A range stands for nine values, each about as many times the one before; `/5` for five. One
    between whole numbers has whole numbers.

    >>> over(["every=1d,7d", "wait=0s"])
    {'every': ('1d', '7d'), 'wait': ('0s',)}
    >>> over(["every=1d..16d/3", "worse_by=0.01..0.04/3"])
    {'every': ('1d', '4d', '2w 2d'), 'worse_by': ('0.01', '0.02', '0.04')}
    """
    values: dict[str, tuple[str, ...]] = {}
    for option in options:
        name, equals, given = option.partition("=")
        name = name.strip()
        each = [value.strip() for value in given.split(",") if value.strip()]
        each = [value for one in each for value in _range(one, option)]
        if not name.isidentifier() or not equals or not each:
            refuse("--over", option, "write name=value,value, as in every=1d,7d")
        if name in values:
            refuse("--over", option, f"{name} was given before; name all its values at once")
        values[name] = tuple(dict.fromkeys(each))
    return values


def number(value: str) -> tuple[float, bool] | None:
    """Return a value as a number and whether it is a time, in seconds; None: it is neither.

    >>> number("2h"), number("0.5"), number("blue")
    ((7200.0, True), (0.5, False), None)
    """
    try:
        return float(value), False
    except ValueError:
        pass
    try:
        return us(value) / SECOND_US, True
    except Mistake:
        return None


def _range(text: str, option: str) -> list[str]:
    """Return the values that `1d..60d` or `0.01..0.1/5` stands for, or the text itself."""
    found = _RANGE.fullmatch(text)
    if found is None:
        return [text]
    ends = [number(found["low"]), number(found["high"])]
    if None in ends or ends[0][1] != ends[1][1]:  # type: ignore[index]
        refuse("--over", option, "a range goes from a number to a number, or a time to a time")
    (low, timed), (high, _) = ends  # type: ignore[misc]
    count = int(found["count"] or 9)
    if not 0 < low < high or not 2 <= count <= 1_000:
        refuse("--over", option, "a range goes up, from above 0, in 2 to 1,000 values")
    values = [low * (high / low) ** (place / (count - 1)) for place in range(count)]
    counts = not timed and found["low"].strip().isdigit() and found["high"].strip().isdigit()
    return list(
        dict.fromkeys(
            str(round(value)) if counts else _written(value, timed=timed) for value in values
        )
    )


def _written(value: float, *, timed: bool) -> str:
    """Write a value of a range: a time to whole days from a week on, whole hours from a day."""
    if not timed:
        return f"{value:.3g}"
    span_us = round(value * SECOND_US)
    for size_us in (DAY_US, HOUR_US, MINUTE_US):
        if span_us >= 3 * size_us:
            return text_of(round(span_us / size_us) * size_us)
    return text_of(span_us)


def places(text: str) -> list[str]:
    """Return the parameters that a name leaves open."""
    return [name for name in dict.fromkeys(_PLACE.findall(text)) if name.isidentifier()]


def texts(names: Sequence[str], values: Mapping[str, Sequence[str]]) -> list[str]:
    """Return *names* with every combination of the values that they ask for.

    >>> texts(["never", "scheduled(every='{every}')"], {"every": ["1d", "7d"]})
    ['never', "scheduled(every='1d')", "scheduled(every='7d')"]
    """
    found: dict[str, None] = {}
    for text in names:
        asked = [name for name in places(text) if name in values]
        for chosen in product(*(values[name] for name in asked)):
            given = dict(zip(asked, chosen, strict=True))
            found[_PLACE.sub(lambda m, given=given: given.get(m[1], m[0]), text)] = None  # type: ignore[misc]
    return list(found)


def listed(text: str) -> list[str]:
    """Return the names in a list with commas, those inside brackets and quotes apart.

    >>> listed("never, scheduled(every='7d', window='30d')")
    ['never', "scheduled(every='7d', window='30d')"]
    """
    found, depth, quote = [""], 0, ""
    for sign in text:
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        if sign == "," and not depth and not quote:
            found.append("")
        else:
            found[-1] += sign
    return [name.strip() for name in found if name.strip()]
