"""Reading CSV and Parquet a batch at a time, and what cells mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from sim.errors import Mistake

BATCH_RECORDS = 65_536
_BLOCK_BYTES = 8 << 20
_NOTHING = ["", "NA", "N/A", "n/a", "nan", "NaN", "null", "NULL", "None", "none", "<NA>", "?"]
"""What an empty cell of a CSV may hold."""


class Reader:
    """A file of records: its *names*, and its batches of any of its columns."""

    def __init__(self, path: str, *, encoding: str = "utf-8") -> None:
        self.path, self._file, self._encoding = path, Path(path), encoding
        self.parquet = self._file.suffix.lower() in (".parquet", ".pq", ".parq")
        if not self._file.exists():
            raise Mistake(f"data is {path!r}: there is no such file; give a CSV or Parquet file")
        if not self._file.is_file():
            raise Mistake(f"data is {path!r}: that is no file; give a CSV or Parquet file")
        if not self._file.stat().st_size:
            raise Mistake(f"data is {path!r}: the file is empty")
        with self._legible():
            self.names = self._names()
        doubled = {name for name in self.names if self.names.count(name) > 1}
        if doubled:
            raise Mistake(f"{path}: two columns are called {min(doubled)!r}: rename one of them")

    def batches(self, columns: list[str]) -> Iterator[dict[str, Any]]:
        """Yield some thousand records at a time as arrays by column; text is text, CSV all."""
        with self._legible():
            if self.parquet:
                with pq.ParquetFile(self._file, pre_buffer=False) as file:
                    for batch in file.iter_batches(batch_size=BATCH_RECORDS, columns=columns):
                        yield {name: plain(batch.column(name)) for name in columns}
                return
            with self._csv(columns) as stream:
                for batch in stream:
                    yield {name: batch.column(name) for name in columns}

    def _names(self) -> list[str]:
        if self.parquet:
            return list(pq.read_schema(self._file).names)
        with self._csv(None) as stream:
            return list(stream.schema.names)

    def _csv(self, columns: list[str] | None) -> Any:
        read = pyarrow.csv.ReadOptions(block_size=_BLOCK_BYTES, encoding=self._encoding)
        convert = pyarrow.csv.ConvertOptions(
            strings_can_be_null=True,
            null_values=_NOTHING,
            include_columns=columns,
            column_types=None if columns is None else dict.fromkeys(columns, pa.string()),
        )
        parse = pyarrow.csv.ParseOptions(delimiter=self._delimiter(), newlines_in_values=True)
        return pyarrow.csv.open_csv(
            self._file, read_options=read, convert_options=convert, parse_options=parse
        )

    def _delimiter(self) -> str:
        with self._file.open("rb") as file:
            head = file.readline(1 << 20).decode("latin-1")
        return max(",;\t|", key=head.count)

    @contextmanager
    def _legible(self) -> Iterator[None]:
        try:
            yield
        except UnicodeError as error:
            raise self._unreadable(error) from None
        except (pa.ArrowException, OSError, LookupError) as error:
            if "utf" in str(error).lower() or "codec" in str(error).lower():
                raise self._unreadable(error) from None
            said = str(error).strip().split("\n")[0].rstrip(".")
            if "Empty CSV" in said:
                raise Mistake(f"data is {self.path!r}: no names of columns are in it") from None
            kind = "Parquet" if self.parquet else "CSV"
            raise Mistake(f"{self.path} cannot be read as {kind}: {said[:200]}") from None

    def _unreadable(self, error: Exception) -> Mistake:
        return Mistake(
            f"{self.path} is not {self._encoding}: save it as UTF-8, or say how it is written, "
            "as in --encoding latin-1"
        )


def plain(array: Any) -> Any:
    """Return an Arrow array as text, doubles or timestamps: what else there is looks like one."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return plain(array.dictionary_decode())
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return array.cast(pa.float64(), safe=False)
    if pa.types.is_decimal(kind):
        return array.cast(pa.float64())
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return array.cast(pa.timestamp("us"), safe=False)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return array.cast(pa.string())
    return pa.nulls(len(array), pa.string())


def numbers(array: Any) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """Return an array as doubles, NaN where nothing is; None if some cell is no number."""
    if pa.types.is_timestamp(array.type):
        return None
    if pa.types.is_string(array.type):
        try:
            array = pc.cast(pc.utf8_trim_whitespace(array), pa.float64())
        except pa.ArrowInvalid:
            return None
    values = array.to_numpy(zero_copy_only=False)
    return np.asarray(values, dtype=np.float64)


def texts(array: Any) -> Any:
    """Return an array as text; numbers as short as they go (1, not 1.0)."""
    if not pa.types.is_floating(array.type):
        return array.cast(pa.string())
    values = array.to_numpy(zero_copy_only=False)
    known, places = np.unique(values, return_inverse=True)
    words = pa.array([None if v != v else f"{v:.15g}" for v in known], pa.string())
    return words.take(pa.array(places))
