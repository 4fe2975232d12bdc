"""How monitors put columns and shares into words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def listed(names: Sequence[str], most: int = 4) -> str:
    """Write names as a person would, the first *most* of them.

    >>> listed(["a", "b", "c", "d", "e", "f"]), listed(["a", "b"])
    ('a, b, c, d and 2 more', 'a and b')
    """
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def percent(share: float) -> str:
    """Write a share with the digits that it needs.

    >>> percent(0.01), percent(0.0854), percent(1.0)
    ('1 %', '8.5 %', '100 %')
    """
    return f"{100 * share:.3g} %" if share >= 0.9995 else f"{100 * share:.2g} %"


def amount(value: float, *, share: bool = False) -> str:
    """Write a number to three digits, or as a share.

    >>> amount(0.12345), amount(12345.6), amount(0.05, share=True)
    ('0.123', '12,346', '5 %')
    """
    if share:
        return percent(value)
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
