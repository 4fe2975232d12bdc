"""What a page tells of an ablation: which control earns its keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.comparison.telling_ablation import HEADS, STANDS_ALONE, change, finding, signed
from reports.pages.html import plain, table
from reports.pages.page import section
from reports.pages.told import Told
from reports.words import count

if TYPE_CHECKING:
    from reports.comparison import Ablation


def ablation(found: Ablation) -> Told:
    """Tell what each control is worth, and what changes without it."""
    head = ["without", "loss saved by it", "", "its own price"]
    rows = [
        [plain(one.control), plain(f"{signed(one.worth)} {one.unit}"), one.verdict,
         plain(f"{signed(one.price)} {one.price_unit}" if one.price.value else "0")]
        for one in found.removals
    ]  # fmt: skip
    kinds = ["marked" if one.verdict == "earns its keep" else "" for one in found.removals]
    worth = table(head, rows, numbers=["loss saved by it", "its own price"], kinds=kinds)
    more = [name for name in found.measures if name not in ("loss", "cost")]
    changes = None
    if more:
        heads = [plain(f"more {HEADS.get(name, name)}") for name in more]
        grid = [
            [plain(one.control), *(plain(change(told[name])) for name in more)]
            for one in found.removals
            for told in ({each.measure: each for each in one.changes},)
        ]
        note = "The policy without the control less the policy with it; ?: not settled."
        changes = section(
            "What else changes without it", table(["without", *heads], grid, numbers=heads),
            note=note,
        )  # fmt: skip
    return Told(
        title=f"{found.strategy} in {found.scenario}, {count(found.seeds, 'seed')}",
        answer=finding(found),
        body=(section("What each control is worth", worth, note=STANDS_ALONE), changes),
        pictures=(found.plot.draw(),),
    )
