"""The columns of a feed: name, kind, unit, range, categories."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from sim.errors import one_of, refuse


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: *kind* is number or category; *low* and *high* are what the contract allows.

    An *optional* one may come without a value: a cell that holds NaN and is in order.
    """

    name: str
    kind: str = "number"
    unit: str = ""
    low: float = float("-inf")
    high: float = float("inf")
    categories: tuple[str, ...] = ()
    optional: bool = False

    def __post_init__(self) -> None:
        one_of(f"column {self.name}.kind", self.kind, ("number", "category"))
        if self.low > self.high:
            refuse(f"column {self.name}.low", self.low, f"it must not exceed high ({self.high:g})")
        if (self.kind == "category") != bool(self.categories):
            refuse(
                f"column {self.name}.categories",
                self.categories,
                "a category column lists its categories, a number column has none",
            )


@dataclass(frozen=True)
class Schema:
    """The columns that producer and consumer agreed on, in order."""

    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.columns):
            refuse("schema.columns", list(self.names), "each column needs a name of its own")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.name for column in self.columns)

    def index(self, name: str, field: str) -> int:
        """Return the place of column *name*; *field* is named if there is none such."""
        return self.names.index(one_of(field, name, self.names))


@lru_cache(maxsize=256)
def numbers(count: int, *, low: float = float("-inf"), high: float = float("inf")) -> Schema:
    """Return a schema of *count* number columns, x0, x1, …, from *low* to *high*."""
    return Schema(tuple(Column(name=f"x{i}", low=low, high=high) for i in range(count)))
