"""Conditions on a measured value, as manifests write them, read as limits."""

from __future__ import annotations

import re
from typing import NamedTuple

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_VALUE = r"(?:as(?:Float|Int)\(\s*)?result(?:\[\s*0\s*\]|\.[A-Za-z]\w*)?(?:\s*\))?"
_THERE = re.compile(
    r"len\(\s*result\s*\)\s*(?:>\s*0|!=\s*0|>=\s*1)|!isNaN\(.*\)|result(?:\[0\])? != nil"
)
_ONE = re.compile(rf"({_VALUE}|{NUMBER})\s*(<=|>=|<|>)\s*({_VALUE}|{NUMBER})")
_ARGUMENT = re.compile(r"\{\{\s*args\.([\w.-]+)\s*\}\}")
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


class Limits(NamedTuple):
    """What holds where a condition holds: *least* ≤ value ≤ *most*; None: no limit."""

    least: float | None = None
    most: float | None = None


def fill(condition: str, arguments: dict[str, str]) -> str:
    """Return a condition with the values of its arguments, as far as they are known.

    >>> fill("result[0] >= {{args.floor}}", {"floor": "0.9"})
    'result[0] >= 0.9'
    """
    return _ARGUMENT.sub(lambda found: arguments.get(found[1], found[0]), condition)


def success(condition: str) -> Limits | None:
    """Return the limits within which a success condition holds, None if it is no such one.

    Whether a limit itself is inside makes no difference to a mean of many requests.

    >>> success("len(result) > 0 && result[0] >= 0.95")
    Limits(least=0.95, most=None)
    >>> success("result[0] != 'ok'") is None
    True
    """
    if "||" in condition:
        return None
    found = Limits()
    for part in condition.split("&&"):
        limits = _one(part)
        if limits is None:
            return None
        found = Limits(
            limits.least if limits.least is not None else found.least,
            limits.most if limits.most is not None else found.most,
        )
    return None if found == Limits() else found


def failure(condition: str) -> Limits | None:
    """Return the limits within which a failure condition does not hold.

    >>> failure("result[0] < 0.9 || result[0] > 1.5")
    Limits(least=0.9, most=1.5)
    """
    if "&&" in condition:
        return None
    found = Limits()
    for part in condition.split("||"):
        bad = _one(part)
        if bad is None or bad == Limits():
            return None
        found = Limits(
            bad.most if bad.most is not None else found.least,
            bad.least if bad.least is not None else found.most,
        )
    return found


def _one(part: str) -> Limits | None:
    """Read one comparison."""
    part = part.strip()
    while part.startswith("(") and part.endswith(")") and part.count("(") == 1:
        part = part[1:-1].strip()
    if _THERE.fullmatch(part):
        return Limits()
    found = _ONE.fullmatch(part)
    if found is None:
        return None
    left, sign, right = found.groups()
    if "result" in right:
        left, sign, right = right, _TURNED[sign], left
    if "result" not in left or "result" in right:
        return None
    value = float(right)
    return Limits(most=value) if sign.startswith("<") else Limits(least=value)
