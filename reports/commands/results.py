"""`driftyard results`: questions to the store, in SQL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.folder import put
from reports.store import TABLES, Store
from reports.table import WIDTH, table
from sim.clock import SECOND_US, us

if TYPE_CHECKING:
    from argparse import Namespace

MOST_ROWS = 1_000
"""So many rows are printed; an export holds all."""
LEAST = 12
"""Many columns do not fit into a line; so wide they are at least."""


def main(args: Namespace) -> int:
    """Answer a question, or say what the store holds."""
    wait_s = us(args.wait, "--wait") / SECOND_US
    with Store(args.store, read_only=True, wait_s=wait_s) as store:
        if not args.sql:
            print("\n".join(_tables(store)))
            return 0
        if args.export:
            print(_exported(store.arrow(args.sql), args.export, args.output))
            return 0
        found = store.query(args.sql)
        rows = found.fetchmany(MOST_ROWS + 1)
        head = [column[0] for column in found.description or ()]
    cells = [[_cell(value) for value in row] for row in rows[:MOST_ROWS]]
    print("\n".join(table(head, cells, wide=max(WIDTH - 2, LEAST * len(head)))))
    if len(rows) > MOST_ROWS:
        print(f"… and more; --export csv writes all of them, LIMIT shows {MOST_ROWS} others")
    return 0


def _tables(store: Store) -> list[str]:
    counts = [
        [one.name, f"{store.query(f'SELECT count(*) FROM {one.name}').fetchall()[0][0]:,}",
         ", ".join(one.columns)]
        for one in TABLES
    ]  # fmt: skip
    return table(["table", "rows", "columns"], counts)


def _exported(rows: Any, kind: str, output: str) -> str:
    """Write all rows and say where."""
    path = Path(output or f"results.{kind}")
    if kind == "csv":
        from pyarrow import csv

        put(path, lambda aside: csv.write_csv(rows, aside))
    else:
        from pyarrow import parquet

        put(path, lambda aside: parquet.write_table(rows, aside))
    return f"{rows.num_rows:,} rows in {path}"


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)
