"""The tables of the store; docs/scale.md explains every column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

LAYOUT = 3
"""It grows when a column comes, goes or changes its meaning."""


@dataclass(frozen=True)
class Table:
    """A table's *name* and its *columns*, each with the type that DuckDB gives it."""

    name: str
    columns: dict[str, str]

    @property
    def sql(self) -> str:
        """The statement that makes it."""
        columns = ", ".join(f'"{name}" {kind}' for name, kind in self.columns.items())
        return f"CREATE TABLE {self.name} ({columns})"

    def arrow(self, rows: Sequence[Sequence[Any]]) -> Any:
        """Return *rows* as an Arrow table."""
        import pyarrow as pa

        kinds = {
            "VARCHAR": pa.string(), "JSON": pa.string(), "BIGINT": pa.int64(),
            "UBIGINT": pa.uint64(), "DOUBLE": pa.float64(), "BOOLEAN": pa.bool_(),
        }  # fmt: skip
        columns = list(zip(*rows, strict=True)) or [() for _ in self.columns]
        arrays = {
            name: pa.array(values, kinds[kind.partition(" ")[0].partition("[")[0]])
            for (name, kind), values in zip(self.columns.items(), columns, strict=True)
        }
        return pa.table(arrays)


def _columns(text: str) -> dict[str, str]:
    kinds = {"t": "VARCHAR", "i": "BIGINT", "u": "UBIGINT", "f": "DOUBLE", "b": "BOOLEAN",
             "k": "VARCHAR PRIMARY KEY"}  # fmt: skip
    pairs = [word.split(":") for word in text.split()]
    return {name: kinds[kind] for name, kind in pairs}


RUNS = Table(
    "runs",
    _columns(
        """run:k scenario:t strategy:t seed:u asked_scenario:t asked_strategy:t parameters:t
        drawn:t verdict:t stopped:t finding:t closed_loop:b horizon_s:f requests:i answered:i
        fallbacks:i errors:i labels:i loss:f ideal:f calm_loss:f excess:f excess_mean:f
        incidents:i harmful:i missed:i lag_s:f alarms:i detections:i repeats:i needless:i
        false_alarms:i trainings:i releases:i rollbacks:i pages:i currency:t cost:f
        cost_of_loss:f cost_of_trainings:f cost_of_reviews:f cost_of_pages:f
        cost_of_incidents:f cost_of_shadow:f cost_of_requests:f digest:t portable_digest:t
        code:t machine:t standing:f lost_to_detection:f lost_to_labels:f lost_to_people:f
        lost_to_training:f lost_to_rollout:f aftermath:f own_goals:f bad_releases:i
        false_rollbacks:i blast_radius:i fallback_s:f recovery_s:f loop_s:f
        judged_by:t"""
    ),
)
INCIDENTS = Table(
    "incidents",
    _columns(
        """run:t incident:t kind:t columns:t severity:f onset_s:f ended_s:f harm_s:f recovered_s:f
        harmless:b censored:b missed:b first_monitor:t lag_s:f loop_s:f complaint_s:f"""
    ),
)
DETECTIONS = Table(
    "detections",
    _columns(
        "run:t incident:t monitor:t layer:t owner:t at_s:f lag_s:f records:i early:b missed:b "
        "by_chance:b"
    ),
)
DECISIONS = Table("decisions", _columns("run:t number:i at_s:f action:t detail:t why:t"))
VERSIONS = Table(
    "versions",
    _columns("run:t version:t claim:f lived:f requests:i first_s:f last_s:f"),
)
FAILURES = Table(
    "failures",
    _columns("run:k scenario:t strategy:t seed:u error:t"),
)
SPENT = Table("spent", _columns("run:k seconds:f finished:t"))

OF_RUN = (RUNS, INCIDENTS, DETECTIONS, DECISIONS, VERSIONS)
"""What a run comes to: a function of its key alone, however and wherever it was played."""
TABLES = (*OF_RUN, FAILURES, SPENT)
