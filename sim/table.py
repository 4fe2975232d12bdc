"""A history on disk: columns of fixed width in order of time, so that any stretch is one read."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import Mistake

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNKNOWN_TIME = np.iinfo(np.int64).min
"""The delay of a label that never came."""
LAYOUT = 1
KINDS = {"time": "<i8", "x": "<f8", "y": "<f8", "label_delay": "<i8", "entity": "<i8",
         "segment": "<i2", "decision": "<f8"}  # fmt: skip
"""The columns that a table may have; *x* is all features, record after record."""


class Table:
    """A folder that an intake wrote: `table.json` and one file of plain numbers a column.

    Its repr is the digest of what it was made from, never where it lies.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self.about: dict[str, Any] = json.loads((folder / "table.json").read_text("utf-8"))
        except (OSError, ValueError):
            raise Mistake(f"{folder} holds no converted table: replay the data again") from None
        if self.about.get("layout") != LAYOUT:
            raise Mistake(f"{folder} was written by another version: replay the data again")

    def __repr__(self) -> str:
        return f"Table({self.about['digest']!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash(repr(self))

    def __len__(self) -> int:
        return int(self.about["records"])

    @property
    def width(self) -> int:
        """How many features a record has."""
        return int(self.about["width"])

    def has(self, column: str) -> bool:
        """Say whether there is such a column."""
        return (self.folder / f"{column}.bin").is_file()

    @cached_property
    def times_us(self) -> NDArray[np.int64]:
        """When each record came, since the epoch, in order; on disk, only what is looked at."""
        if not len(self):
            return np.zeros(0, dtype=np.int64)
        return np.memmap(self.folder / "time.bin", dtype="<i8", mode="r")

    @cached_property
    def delays_us(self) -> NDArray[np.int64]:
        """Up to 65,536 label delays, evenly picked: how long labels took."""
        step = max(1, len(self) // 65_536)
        delays: NDArray[np.int64] = np.memmap(
            self.folder / "label_delay.bin", dtype="<i8", mode="r"
        )[::step].astype(np.int64)
        return delays

    def read(self, column: str, start: int, stop: int) -> NDArray[Any]:
        """Return the records from *start* to *stop* of one column, features as (n, d)."""
        kind = np.dtype(KINDS[column])
        width = self.width if column == "x" else 1
        values = np.fromfile(
            self.folder / f"{column}.bin",
            dtype=kind,
            count=(stop - start) * width,
            offset=start * width * kind.itemsize,
        )
        return values.reshape(-1, width) if column == "x" else values
