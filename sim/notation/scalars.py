"""What a single value says: as YAML 1.2 has it, so that `no`, `on` and `12:30` are texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.notation.nodes import Scalar

MOST_DIGITS = 40
_WHOLE = re.compile(r"[-+]?\d[\d_]*")
_NUMBER = re.compile(r"[-+]?(\d[\d_]*\.?\d*|\.\d+)([eE][-+]?\d+)?")
_NAMED = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def plain(node: Scalar, kind: Any) -> Any:
    """Return the number or truth value that a text without quotes is, or None."""
    text = node.text
    if not node.plain or len(text) > MOST_DIGITS:
        return None
    if kind is bool:
        return {"true": True, "false": False}.get(text.lower())
    if _WHOLE.fullmatch(text):
        return int(text)  # also where a float is asked for: Python's 1 and 1.0 differ as well
    if kind is float and _NUMBER.fullmatch(text):
        return float(text)
    if kind is float and _NAMED.fullmatch(text):
        return float(text.replace(".", ""))
    return None
