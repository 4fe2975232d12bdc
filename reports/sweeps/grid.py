"""Parameters of a sweep: `{every}` in a name stands for each of the values given for it."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from sim.errors import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_PLACE = re.compile(r"\{(\w+)\}")


def over(options: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the values of each parameter.

    >>> over(["every=1d,7d", "wait=0s"])
    {'every': ('1d', '7d'), 'wait': ('0s',)}
    """
    values: dict[str, tuple[str, ...]] = {}
    for option in options:
        name, equals, given = option.partition("=")
        name = name.strip()
        each = tuple(value.strip() for value in given.split(",") if value.strip())
        if not name.isidentifier() or not equals or not each:
            refuse("--over", option, "write name=value,value, as in every=1d,7d")
        if name in values:
            refuse("--over", option, f"{name} was given before; name all its values at once")
        values[name] = tuple(dict.fromkeys(each))
    return values


def texts(names: Sequence[str], values: Mapping[str, Sequence[str]]) -> list[str]:
    """Return *names* with every combination of the values that they ask for.

    >>> texts(["never", "scheduled(every='{every}')"], {"every": ["1d", "7d"]})
    ['never', "scheduled(every='1d')", "scheduled(every='7d')"]
    """
    found: dict[str, None] = {}
    for text in names:
        asked = [name for name in dict.fromkeys(_PLACE.findall(text)) if name in values]
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
