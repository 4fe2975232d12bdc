"""The stenographer: all facts of one run in order, and its timeline as arrays."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from sim.digest import digest, encoded
from sim.errors import Mistake
from sim.facts import KINDS, Fact, Stopped, from_row
from sim.timeline import CHALLENGER, CHAMPION, ERROR, FALLBACK, Timeline, Told
from sim.transcript import transcribed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

F = TypeVar("F", bound=Fact)
LAYOUT = 1


class Digests(NamedTuple):
    """The digest of a *whole* ledger, and of what rounding does not reach."""

    whole: str
    portable: str


@dataclass(frozen=True)
class Outcomes:
    """One row per request served, in order: when, arm, loss (arrays of shape n).

    *chance* is the chance of outcome 1 that the answer stood for, NaN for none, and *happened*
    whether that was the true outcome; both are None where no version gave chances.
    """

    served_us: Ints
    arm: NDArray[np.int8]
    loss: Floats
    chance: NDArray[np.float32] | None = None
    happened: NDArray[np.bool_] | None = None

    @classmethod
    def joined(cls, pages: list[tuple[NDArray[Any], ...]]) -> Outcomes:
        """Return the outcomes of a year from the columns of its pages."""
        served_us, arm, loss, chance, happened = (
            np.concatenate(columns) for columns in zip(*pages, strict=True)
        )
        told = not np.isnan(chance).all()
        return cls(served_us, arm, loss, chance if told else None, happened if told else None)


@dataclass(frozen=True)
class Ledger:
    """All that is known of one run.

    *scenario* and *strategy* are descriptions in words and data; *labels* counts fates.
    """

    scenario: dict[str, Any]
    strategy: str
    seed: int
    facts: tuple[Fact, ...]
    timeline: Timeline
    labels: dict[str, int]
    checksum: int
    fingerprint: dict[str, str]
    outcomes: Outcomes | None = field(default=None, compare=False)

    def of(self, kind: type[F]) -> list[F]:
        """Return the facts of one *kind*, in order."""
        known = self._by_kind.get(kind)
        if known is None:
            return [fact for fact in self.facts if isinstance(fact, kind)]
        return list(known)

    @cached_property
    def _by_kind(self) -> dict[type, list[Any]]:
        found: dict[type, list[Any]] = {kind: [] for kind in KINDS.values()}
        for fact in self.facts:
            found[type(fact)].append(fact)
        return found

    @cached_property
    def requests(self) -> dict[str, int]:
        """How many requests had which outcome."""
        count = self.timeline.count.sum(axis=0)
        answered = int(count[CHAMPION] + count[CHALLENGER])
        fallback, error = int(count[FALLBACK]), int(count[ERROR])
        total = answered + fallback + error
        return {"total": total, "answered": answered, "fallback": fallback, "error": error}

    @property
    def stopped(self) -> str:
        """Why the run ended early; empty if it did not."""
        stops = self.of(Stopped)
        return stops[0].why if stops else ""

    def digest(self) -> str:
        """Return the digest of everything, raw scores included.

        Equal for equal scenario, strategy and seed under an equal fingerprint.
        """
        return self.digests().whole

    def portable_digest(self) -> str:
        """Return a digest of decisions and counts alone, which rounding does not reach."""
        return self.digests().portable

    def digests(self) -> Digests:
        """Return both digests; who needs both reads the facts once."""
        whole, portable = transcribed(self.facts)
        common = {k: encoded(v) for k, v in self._identity().items()}
        common["labels"] = encoded(self.labels)
        return Digests(
            digest(
                {
                    "facts": whole,
                    "timeline": self.timeline,
                    "checksum": self.checksum,
                    **common,
                }
            ),
            digest(
                {
                    "facts": portable,
                    "count": self.timeline.count,
                    "arrived": self.timeline.labels,
                    **common,
                }
            ),
        )

    def _identity(self) -> dict[str, Any]:
        return {"scenario": self.scenario, "strategy": self.strategy, "seed": self.seed}

    def header(self) -> dict[str, Any]:
        """Return everything but facts and arrays."""
        return {
            "layout": LAYOUT,
            **self._identity(),
            "labels": self.labels,
            "checksum": self.checksum,
            "fingerprint": self.fingerprint,
            "tick_us": self.timeline.tick_us,
            "told": self.timeline.told._asdict(),
        }

    def write(self, folder: Path) -> None:
        """Write ledger.parquet, timeline.parquet and, if kept, outcomes.parquet into *folder*."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        folder.mkdir(parents=True, exist_ok=True)
        rows = [fact.row() for fact in self.facts]
        facts = pa.table(
            {
                "at_us": pa.array([row["at_us"] for row in rows], pa.int64()),
                "role": pa.array([fact.role for fact in self.facts], pa.string()),
                "kind": pa.array([row["kind"] for row in rows], pa.string()),
                "fact": pa.array([json.dumps(row) for row in rows], pa.string()),
            }
        ).replace_schema_metadata({"driftyard": json.dumps(self.header())})
        pq.write_table(facts, folder / "ledger.parquet")
        columns: dict[str, Any] = {"start_us": self.timeline.start_us}
        for name, array in self.timeline.arrays.items():
            for place, part in enumerate(self.timeline.told.columns(name)):
                columns[f"{name}_{part}"] = array[:, place]
        pq.write_table(pa.table(columns), folder / "timeline.parquet")
        (folder / "outcomes.parquet").unlink(missing_ok=True)
        if self.outcomes is not None:
            known = {k: v for k, v in vars(self.outcomes).items() if v is not None}
            pq.write_table(pa.table(known), folder / "outcomes.parquet")

    @classmethod
    def read(cls, folder: Path) -> Ledger:
        """Read what `write` wrote."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = folder / "ledger.parquet"
        if not path.is_file():
            raise Mistake(f"{folder} holds no ledger: give the folder of a finished run")
        with _legible(folder, pa.ArrowException):
            table = pq.read_table(path)
            header = json.loads((table.schema.metadata or {}).get(b"driftyard", b"{}"))
            _check_layout(header, folder)
            rows = [json.loads(text) for text in table.column("fact").to_pylist()]
            arrays = pq.read_table(folder / "timeline.parquet")
            columns = {name: arrays.column(name).to_numpy() for name in arrays.column_names}
            outcomes = None
            if (folder / "outcomes.parquet").is_file():
                kept = pq.read_table(folder / "outcomes.parquet")
                rows_of = {name: kept.column(name).to_numpy() for name in kept.column_names}
                outcomes = Outcomes(**rows_of)
            return cls._from(header, rows, columns, outcomes)

    def write_jsonl(self, path: Path) -> None:
        """Write the whole ledger as JSON lines: the header, the timeline, then a fact a line."""
        timeline = {k: v.tolist() for k, v in self.timeline.arrays.items()}
        lines = [self.header(), timeline, *(fact.row() for fact in self.facts)]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")

    @classmethod
    def read_jsonl(cls, path: Path) -> Ledger:
        """Read what `write_jsonl` wrote."""
        with _legible(path):
            lines = path.read_text(encoding="utf-8").splitlines()
            header, timeline, *rows = map(json.loads, lines)
            _check_layout(header, path)
            columns = {
                f"{name}_{part}": np.array([row[place] for row in values])
                for name, values in timeline.items()
                for place, part in enumerate(_told(header).columns(name))
            }
            return cls._from(header, rows, columns, None)

    @classmethod
    def _from(
        cls,
        header: dict[str, Any],
        rows: list[dict[str, Any]],
        columns: dict[str, Any],
        outcomes: Outcomes | None,
    ) -> Ledger:
        ticks, told = len(columns["count_champion"]), _told(header)
        empty = Timeline.empty(header["tick_us"], ticks, told)
        for name, array in empty.arrays.items():
            for place, part in enumerate(told.columns(name)):
                array[:, place] = columns[f"{name}_{part}"]
        return cls(
            header["scenario"],
            header["strategy"],
            header["seed"],
            tuple(map(from_row, rows)),
            empty,
            header["labels"],
            header["checksum"],
            header["fingerprint"],
            outcomes,
        )


@contextmanager
def _legible(where: Path, *also: Any) -> Iterator[None]:
    """Say in one line that *where* is no ledger, whatever was raised on reading it."""
    try:
        yield
    except Mistake:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, OSError, *also) as error:
        raise Mistake(
            f"{where} cannot be read as a ledger: give what an earlier run wrote, whole"
        ) from error


def _check_layout(header: dict[str, Any], where: Path) -> None:
    if header.get("layout") != LAYOUT:
        raise Mistake(
            f"ledger in {where} has layout {header.get('layout')!r}: this driftyard reads "
            f"layout {LAYOUT}; run it again from its config.yaml"
        )


def _told(header: dict[str, Any]) -> Told:
    told = header["told"]
    return Told(
        segments=tuple(told["segments"]),
        signals=tuple(told["signals"]),
        vitals=tuple(told["vitals"]),
        business=tuple(told["business"]),
        buckets=told["buckets"],
        reviews=tuple(told.get("reviews", ())),
    )
