"""Times as people and machines write them, as microseconds since the epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from scenarios.replay.reading import numbers
from sim.errors import Mistake, refuse

NO_TIME = np.iinfo(np.int64).min
_UNITS = ((1e11, 1_000_000.0), (1e14, 1_000.0), (1e17, 1.0), (float("inf"), 1e-3))
"""Up to which size a number is seconds, milliseconds, microseconds, nanoseconds."""
_FIRST_US, _LAST_US = -2_208_988_800_000_000, 4_102_444_800_000_000
"""1900 and 2100"""


@dataclass
class Times:
    """Reads one column of times; a number's unit is chosen once, by the first that comes."""

    option: str
    column: str
    format: str = ""
    scale: float = 0.0
    read: int = 0

    def us(self, array: Any, *, gaps: bool = False) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return *array* as microseconds, NO_TIME where nothing is; refused unless *gaps*."""
        empty = np.asarray(array.is_null())
        if pa.types.is_timestamp(array.type):
            if self.format:
                remedy = f"{self.column!r} holds times already, leave it out"
                refuse("--time-format", self.format, remedy)
            times = array.fill_null(0).cast(pa.int64()).to_numpy(zero_copy_only=False).copy()
        else:
            times = self._of_numbers(array, empty)
            if times is None:
                times = self._of_text(array, empty)
        empty |= times == NO_TIME
        if empty.any() and not gaps:
            place = self.read + int(np.flatnonzero(empty)[0]) + 1
            raise Mistake(
                f"{self.option} {self.column!r} is empty in record {place:,}: every record needs "
                "a time; fill it in or take such records out"
            )
        self._plausible(times, ~empty)
        times[empty] = NO_TIME
        self.read += len(times)
        return np.asarray(times, dtype=np.int64)

    def _of_numbers(
        self, array: Any, empty: np.ndarray[Any, np.dtype[np.bool_]]
    ) -> np.ndarray[Any, np.dtype[np.int64]] | None:
        values = None if self.format else numbers(array)
        if values is None:
            return None
        empty |= np.isnan(values)
        known = np.where(empty, 0.0, values)
        if not self.scale and (~empty).any():
            size = float(np.abs(known).max())
            self.scale = next(scale for limit, scale in _UNITS if size < limit)
        return np.clip(np.round(known * (self.scale or 1.0)), -9e18, 9e18).astype(np.int64)

    def _of_text(
        self, array: Any, empty: np.ndarray[Any, np.dtype[np.bool_]]
    ) -> np.ndarray[Any, np.dtype[np.int64]]:
        import pandas as pd

        words = pd.Series(array.to_pandas(), dtype="object").where(~empty, None)
        try:
            parsed = pd.to_datetime(
                words, format=self.format or "ISO8601", utc=True, errors="coerce", cache=False
            )
        except ValueError as error:  # of the format: what does not fit it is coerced
            refuse("--time-format", self.format, f"{error}; write it as in '%d/%m/%Y %H:%M'")
        bad = np.asarray(parsed.isna()) & ~empty
        if bad.any():
            place = int(np.flatnonzero(bad)[0])
            raise Mistake(
                f"{self.option} {self.column!r} cannot be read in record "
                f"{self.read + place + 1:,} ({str(words.iloc[place])[:40]!r}): write ISO 8601 or "
                "seconds since 1970, or give --time-format '%d/%m/%Y %H:%M'"
            )
        stamps = parsed.dt.tz_localize(None).to_numpy().astype("datetime64[us]")
        times = stamps.astype(np.int64)
        times[empty] = NO_TIME
        return np.asarray(times, dtype=np.int64)

    def _plausible(
        self,
        times: np.ndarray[Any, np.dtype[np.int64]],
        known: np.ndarray[Any, np.dtype[np.bool_]],
    ) -> None:
        odd = np.flatnonzero(known & ((times < _FIRST_US) | (times > _LAST_US)))
        if len(odd):
            raise Mistake(
                f"{self.option} {self.column!r} holds times before 1900 or after 2100 (record "
                f"{self.read + int(odd[0]) + 1:,}): give --time-format, or another column"
            )
