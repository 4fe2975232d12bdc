"""From a CSV or Parquet file to a table on disk: once, in bounded memory, in order of time."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scenarios.replay.moments import NO_TIME, Times
from scenarios.replay.outcome import Outcome, outcome
from scenarios.replay.profile import MOST_VALUES, Look, Profile, profile
from scenarios.replay.reading import Reader, numbers, texts
from scenarios.replay.strays import Ends, refuse_strays
from sim.digest import digest
from sim.errors import Mistake, refuse
from sim.table import KINDS, LAYOUT, UNKNOWN_TIME, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenarios.replay.asked import Asked

MISSING = "(missing)"
MOST_SEGMENTS = 20
_CHUNK = 65_536


def home() -> Path:
    """Return where converted tables lie if nobody says otherwise."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "driftyard" / "tables"


def table(asked: Asked, cache: Path | None = None) -> Table:
    """Return the table of a file, converted now or found in *cache*.

    Its digest is that of the file's content and of what its columns are said to be: wherever the
    file lies, equal data are equal tables.
    """
    reader = Reader(asked.path, encoding=asked.encoding)
    if reader.parquet and asked.encoding != "utf-8":
        refuse("--encoding", asked.encoding, "a Parquet file says itself how it is written")
    asked.check(reader.names)
    name = digest([_content(asked.path), asked.columns, LAYOUT])
    folder = (cache or home()) / name
    if (folder / "table.json").is_file():
        return Table(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".converting-", dir=folder.parent))
    except OSError as error:
        why = (error.strerror or "it cannot be written").lower()
        raise Mistake(
            f"--cache is {str(folder.parent)!r}: {why}; give a folder for the converted data"
        ) from None
    try:
        _convert(reader, asked, aside, name)
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(aside, folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Table(folder)


def _content(path: str) -> str:
    hasher = blake2b(digest_size=16)
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            hasher.update(block)
    return hasher.hexdigest()


def _convert(reader: Reader, asked: Asked, folder: Path, name: str) -> None:
    found = profile(reader, asked)
    outcomes = outcome(found, asked)
    features, left_out = _features(reader, asked, found)
    writer = Writer(asked, outcomes, features, found)
    with writer.into(folder):
        for batch in reader.batches(writer.columns):
            writer.add(batch)
    if not writer.kept:
        raise Mistake(f"--label {asked.label!r}: no record has both a time and an outcome")
    if found.backwards:
        _sort(folder, len(features) + bool(asked.prediction))
    times_us = np.memmap(folder / "time.bin", dtype=KINDS["time"], mode="r")
    refuse_strays(times_us, writer.ends, asked.time)
    about = {
        "layout": LAYOUT,
        "digest": name,
        "records": writer.kept,
        "width": len(features) + bool(asked.prediction),
        "features": [_told(look) for look in features],
        "left_out": left_out,
        "classes": list(outcomes.classes),
        "segments": writer.segments,
        "asked": asked.columns,
        "file_records": found.records,
        "first_us": found.first_us,
        "last_us": found.last_us,
        "backwards": found.backwards,
        "repeated": found.repeated,
        "fates": asdict(writer.fates),
    }
    (folder / "table.json").write_text(json.dumps(about, indent=1), encoding="utf-8")


def _features(
    reader: Reader, asked: Asked, found: Profile
) -> tuple[list[Look], list[dict[str, str]]]:
    """Choose the columns to learn from; say why others are left out."""
    kept: list[Look] = []
    left_out: list[dict[str, str]] = []
    for name in asked.candidates(reader.names):
        look = found.looks[name]
        why = ""
        if look.kind == "empty":
            why = "no value at all"
        elif look.kind == "time":
            why = "a time"
        elif look.kind == "text" and (look.seen is None or name not in asked.features):
            why = "text with too many values: an identifier?"
        if why and name in asked.features:
            raise Mistake(f"--features names {name!r}, which has {why}: leave it out")
        if why:
            left_out.append({"name": name, "why": why})
        else:
            kept.append(look)
    if not kept:
        raise Mistake(f"{asked.path} has no column to learn from besides time and label")
    return kept, left_out


def _told(look: Look) -> dict[str, Any]:
    """Return what table.json says of a feature."""
    category = look.kind != "number"
    values = look.in_order if category else []
    return {
        "name": look.name,
        "kind": "category" if category else "number",
        "missing": look.missing,
        "distinct": MOST_VALUES + 1 if look.seen is None else len(look.seen),
        "low": look.low if not category else 0.0,
        "high": look.high if not category else 0.0,
        "categories": values,
        "first_seen_us": [look.seen[value] for value in values] if look.seen else [],
    }


@dataclass
class Fates:
    """What became of the file's records and labels."""

    unlabelled: int = 0
    never: int = 0
    early: int = 0
    decided: list[int] = field(default_factory=lambda: [0, 0])
    """records by logged decision, 0 and 1"""
    decided_unlabelled: list[int] = field(default_factory=lambda: [0, 0])


class Writer:
    """The second pass: cells become numbers, and numbers go to disk."""

    def __init__(
        self, asked: Asked, outcomes: Outcome, features: list[Look], found: Profile
    ) -> None:
        self._asked, self._outcomes, self._features = asked, outcomes, features
        self._time = Times("--time", asked.time, asked.time_format)
        self._label_time = Times("--label-time", asked.label_time, asked.time_format)
        self._sets = {
            look.name: pa.array(look.in_order, pa.string())
            for look in features
            if look.kind != "number"
        }
        self.segments: list[str] = []
        if asked.segment:
            self.segments = _segments(found.looks[asked.segment])
        words = bool(asked.prediction) and not found.looks[asked.prediction].numeric
        if words and (outcomes.numeric or not outcomes.classes):
            raise Mistake(f"--prediction {asked.prediction!r} is no number, but the label is")
        self._class_answers = words
        self.kept, self.fates, self.ends = 0, Fates(), Ends()
        self._files: dict[str, BinaryIO] = {}

    @property
    def columns(self) -> list[str]:
        """The columns that it reads."""
        asked = self._asked
        named = [asked.time, asked.label, asked.label_time, asked.entity, asked.segment,
                 asked.prediction, *(look.name for look in self._features)]  # fmt: skip
        return list(dict.fromkeys(name for name in named if name))

    def into(self, folder: Path) -> ExitStack:
        """Open the files of *folder*; they are closed at the end of the context."""
        asked, stack = self._asked, ExitStack()
        wanted = {"time": True, "x": True, "y": True, "label_delay": bool(asked.label_time),
                  "entity": bool(asked.entity), "segment": bool(asked.segment)}  # fmt: skip
        for name, there in wanted.items():
            if there:
                self._files[name] = stack.enter_context((folder / f"{name}.bin").open("wb"))
        return stack

    def add(self, batch: dict[str, Any]) -> None:
        """Write the records of a batch whose outcome is known."""
        asked = self._asked
        at_us = self._time.us(batch[asked.time])
        y = self._outcomes.codes(batch[asked.label])
        known = ~np.isnan(y)
        self.ends.add(at_us, known, self._time.read - len(at_us))
        self.fates.unlabelled += int((~known).sum())
        columns = [self._feature(look, batch[look.name]) for look in self._features]
        if asked.prediction:
            columns.append(self._prediction(batch[asked.prediction], known))
        written: dict[str, NDArray[Any]] = {
            "time": at_us,
            "x": np.column_stack(columns),
            "y": y,
        }
        if asked.label_time:
            written["label_delay"] = self._delays(batch[asked.label_time], at_us, known)
        if asked.entity:
            written["entity"] = _hashed(batch[asked.entity], self._time.read)
        if asked.segment:
            value_set = pa.array(self.segments, pa.string())
            words = pc.fill_null(texts(batch[asked.segment]), MISSING)
            places = pc.index_in(words, value_set=value_set)
            written["segment"] = places.to_numpy(zero_copy_only=False)
        for name, values in written.items():
            part = np.ascontiguousarray(values[known]).astype(KINDS[name], copy=False)
            part.tofile(self._files[name])
        self.kept += int(known.sum())

    def _feature(self, look: Look, array: Any) -> NDArray[np.float64]:
        value_set = self._sets.get(look.name)
        if value_set is None:
            values = numbers(array)
            assert values is not None, "the first pass has seen only numbers"
            return np.where(np.isfinite(values), values, np.nan)
        places = pc.index_in(texts(array), value_set=value_set)
        return np.asarray(places.cast(pa.float64()).to_numpy(zero_copy_only=False))

    def _prediction(self, array: Any, known: NDArray[np.bool_]) -> NDArray[np.float64]:
        values = self._outcomes.codes(array) if self._class_answers else numbers(array)
        assert values is not None
        yes = values > 0.5
        for decision, rows in enumerate((~yes, yes)):
            self.fates.decided[decision] += int(rows.sum())
            self.fates.decided_unlabelled[decision] += int((rows & ~known).sum())
        return values

    def _delays(
        self, array: Any, at_us: NDArray[np.int64], known: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        label_us = self._label_time.us(array, gaps=True)
        never = label_us == NO_TIME
        delays = np.where(never, UNKNOWN_TIME, label_us - at_us)
        self.fates.never += int((never & known).sum())
        self.fates.early += int((~never & known & (delays < 0)).sum())
        return np.where(never, UNKNOWN_TIME, np.maximum(delays, 0))


def _segments(look: Look) -> list[str]:
    if look.seen is None or len(look.seen) > MOST_SEGMENTS:
        raise Mistake(
            f"--segment {look.name!r} has more than {MOST_SEGMENTS} values: give a coarser column"
        )
    return [*look.in_order, *([MISSING] if look.missing else [])]


def _hashed(array: Any, read: int) -> NDArray[np.int64]:
    """Return a number for each entity, the same for the same text; nobody is each a new one."""
    import pandas as pd

    words = texts(array)
    empty = np.asarray(words.is_null())
    values = np.array(pc.fill_null(words, "").to_pylist(), dtype=object)
    hashed = pd.util.hash_array(values, categorize=True).view(np.int64)
    return np.where(empty, -1 - np.arange(read - len(values), read), hashed)


def _sort(folder: Path, width: int) -> None:
    """Put all columns in order of time; records of one instant keep the file's order."""
    order = np.argsort(np.fromfile(folder / "time.bin", dtype="<i8"), kind="stable")
    for path in sorted(folder.glob("*.bin")):
        kind = np.dtype(KINDS[path.stem])
        old = np.memmap(path, dtype=kind, mode="r")
        rows = old.reshape(-1, width) if path.stem == "x" else old
        sorted_path = path.with_suffix(".sorted")
        with sorted_path.open("wb") as file:
            for start in range(0, len(order), _CHUNK):
                rows[order[start : start + _CHUNK]].tofile(file)
        del rows, old
        os.replace(sorted_path, path)
