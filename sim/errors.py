"""What a person can get wrong, said in one line: the field, the value, the remedy."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable


MANY = 60
"""Of more names than these only the nearest are told."""


class Mistake(ValueError):
    """A mistake of the user's; its text is one line and needs no traceback."""


class Refused(Mistake):
    """An action that the world cannot carry out: an unknown version, a share of 140 %."""


class PluginFault(Exception):
    """A plug-in of the user's raised something while the world was playing."""


def refuse(field: str, value: object, remedy: str) -> NoReturn:
    """Raise a `Mistake` that names the *field*, the *value* and the *remedy*."""
    raise Mistake(f"{field} is {value!r}: {remedy}")


def within(field: str, value: float, low: float, high: float) -> float:
    """Return *value* if it is a number between *low* and *high*, both included."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        refuse(field, value, f"give a number between {low:g} and {high:g}")
    return value


def whole(field: str, value: int, low: int, high: int = 2**53) -> int:
    """Return *value* if it is a whole number from *low* to *high*."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        upper = "up" if high == 2**53 else f"to {high:,}"
        refuse(field, value, f"give a whole number from {low} {upper}")
    return value


def fits(field: str, value: object, method: str, example: str) -> None:
    """Refuse *value* if it lacks *method*, which all that can stand here have."""
    if isinstance(value, type) or not hasattr(value, method):
        refuse(field, value, f"give something like {example}")


def one_of(field: str, value: str, known: Iterable[str]) -> str:
    """Return *value* if it is one of the *known* names, else name the nearest of them."""
    names = list(known)
    if value not in names:
        near = get_close_matches(str(value), names, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        if len(names) > MANY:
            near = get_close_matches(str(value), names, n=4, cutoff=0.4)
            hint = f"did you mean {' or '.join(map(repr, near))}? " if near else ""
            refuse(field, value, f"{hint}there are {len(names)}; see driftyard list --help")
        refuse(field, value, f"{hint}known are {', '.join(names)}")
    return value
