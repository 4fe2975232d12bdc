"""The store's file: opened by one process at a time, written in transactions."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from reports.store.tables import FAILURES, LAYOUT, SPENT, TABLES
from sim.errors import Mistake, refuse

if TYPE_CHECKING:
    import duckdb

MEMORY = ":memory:"
LOOKS_EVERY_S = 0.2
_FULL = ("No space left", "File too large", "Disk quota", "not enough space")


@dataclass(frozen=True)
class Entry:
    """What is stored of one run: its *key* and *rows*, or its *error*; *files* lie beside it."""

    key: str
    rows: dict[str, list[tuple[Any, ...]]] | None
    asked: tuple[str, str, int]
    error: str = ""
    seconds: float = 0.0
    files: tuple[tuple[str, bytes], ...] = ()


class Store:
    """A DuckDB file with the tables of `TABLES`; without a path it lives in memory.

    `put` writes some runs or, if anything goes wrong, none of them.
    """

    def __init__(
        self,
        path: str | Path = MEMORY,
        *,
        read_only: bool = False,
        wait_s: float = 0.0,
        waiting: Callable[[str], None] | None = None,
    ) -> None:
        self.path = Path(path)
        self._in_memory = str(path) == MEMORY
        if self._in_memory:
            self._connection = _connect(MEMORY)
            _lay_out(self._connection)
            return
        if not self.path.exists():
            if read_only:
                refuse("--store", str(path), "there is none; `driftyard sweep` makes it")
            self._make()
        self._connection = self._opened(read_only, wait_s, waiting)
        try:
            self._check()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close it; an error on the way out leaves what was stored as it is."""
        import duckdb

        with suppress(duckdb.Error):
            self._connection.close()

    @property
    def ledgers(self) -> Path | None:
        """The folder beside it, where ledgers lie, a folder a run."""
        return None if self._in_memory else self.path.with_name(f"{self.path.name}.ledgers")

    def known(self, keys: Iterable[str], *, with_ledgers: bool = False) -> set[str]:
        """Return which of *keys* are stored."""
        import pyarrow as pa

        asked = pa.table({"run": pa.array(list(keys), pa.string())})
        self._connection.register("asked", asked)
        try:
            found = self._connection.execute("SELECT run FROM runs SEMI JOIN asked USING (run)")
            known = {str(run) for (run,) in found.fetchall()}
        finally:
            self._connection.unregister("asked")
        if with_ledgers and self.ledgers is not None:
            known = {key for key in known if (self.ledgers / key).is_dir()}
        return known

    def put(self, entries: Sequence[Entry]) -> None:
        """Store runs and failures, all of them or none; what was known of them before goes."""
        for entry in entries:
            if entry.files:
                self._put_files(entry)
        rows: dict[str, list[tuple[Any, ...]]] = {table.name: [] for table in TABLES}
        finished = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        for entry in entries:
            if entry.rows is None:
                rows[FAILURES.name].append((entry.key, *entry.asked, entry.error))
                continue
            for name, some in entry.rows.items():
                rows[name] += some
            rows[SPENT.name].append((entry.key, entry.seconds, finished))
        self._write(rows, [entry.key for entry in entries])

    def query(self, sql: str) -> duckdb.DuckDBPyConnection:
        """Return the result of a statement; what DuckDB does not understand is a mistake."""
        import duckdb

        try:
            return self._connection.execute(sql)
        except duckdb.Error as error:
            raise Mistake(f"DuckDB cannot answer: {_first(error)}") from None

    def arrow(self, sql: str) -> Any:
        """Return the result of a statement as an Arrow table."""
        import duckdb

        try:
            found = self._connection.sql(sql)
            if found is None:
                raise Mistake("there is nothing to export: give a SELECT")
            return found.to_arrow_table()
        except duckdb.Error as error:
            raise Mistake(f"DuckDB cannot answer: {_first(error)}") from None

    def runs(self, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return the rows of `runs` by their keys."""
        return {str(row["run"]): row for row in self.rows("runs", keys)}

    def rows(self, table: str, keys: Iterable[str]) -> list[dict[str, Any]]:
        """Return the rows that a table has of some runs."""
        import pyarrow as pa

        assert table in {one.name for one in TABLES}
        asked = pa.table({"run": pa.array(list(keys), pa.string())})
        self._connection.register("asked", asked)
        try:
            found = self._connection.execute(
                f"SELECT {table}.* FROM {table} SEMI JOIN asked USING (run)"
            )
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        finally:
            self._connection.unregister("asked")

    def _write(self, rows: dict[str, list[tuple[Any, ...]]], keys: list[str]) -> None:
        """Write rows in one transaction; of runs that are known already the old rows go first.

        Hardly any are, and their key would not let itself be written twice: so nobody looks
        through a million runs before each transaction, unless some failed.
        """
        import duckdb

        try:
            try:
                self._transact(rows, keys, again=bool(rows[FAILURES.name]))
            except duckdb.ConstraintException:
                self._transact(rows, keys, again=True)
        except duckdb.Error as error:
            raise self._unwritten(error) from None

    def _transact(
        self, rows: dict[str, list[tuple[Any, ...]]], keys: list[str], *, again: bool
    ) -> None:
        import duckdb
        import pyarrow as pa

        connection = self._connection
        connection.register("written", pa.table({"run": pa.array(keys, pa.string())}))
        try:
            connection.execute("BEGIN")
            failed = connection.execute(
                f"SELECT count(*) FROM {FAILURES.name} SEMI JOIN written USING (run)"
            ).fetchall()[0][0]
            for table in TABLES:
                if again or (failed and table is FAILURES):
                    connection.execute(
                        f"DELETE FROM {table.name} WHERE run IN (SELECT run FROM written)"
                    )
                if rows[table.name]:
                    connection.register("incoming", table.arrow(rows[table.name]))
                    connection.execute(f"INSERT INTO {table.name} SELECT * FROM incoming")
                    connection.unregister("incoming")
            connection.execute("COMMIT")
        except BaseException:
            with suppress(duckdb.Error):
                connection.execute("ROLLBACK")
            raise
        finally:
            with suppress(duckdb.Error):
                connection.unregister("written")

    def _put_files(self, entry: Entry) -> None:
        """Put a run's ledger beside the store, whole or not at all."""
        from reports.folder import whole

        folder = self.ledgers
        if folder is None:
            return
        try:
            folder.mkdir(exist_ok=True)
            with whole(folder, entry.key) as aside:
                for place, raw in entry.files:
                    (aside / place).parent.mkdir(exist_ok=True)
                    (aside / place).write_bytes(raw)
        except OSError as error:
            raise self._unwritten(error) from None

    def _make(self) -> None:
        """Make an empty store aside and put it in its place whole: it may be killed meanwhile."""
        import duckdb

        if not self.path.parent.is_dir():
            refuse("--store", str(self.path), "there is no such folder; give a file in one")
        aside = self.path.with_name(f".writing-{os.getpid()}-{self.path.name}")
        try:
            aside.unlink(missing_ok=True)
            with _connect(str(aside)) as connection:
                _lay_out(connection)
                connection.execute("CHECKPOINT")  # a full disk shows now, not when it is closed
            with suppress(FileExistsError):  # another sweep was faster
                os.link(aside, self.path)
        except (duckdb.Error, OSError) as error:
            if any(sign in str(error) for sign in _FULL):
                refuse("--store", str(self.path), "the disk is full; give a file elsewhere")
            remedy = "give a file in a folder that can be written"
            raise Mistake(f"--store is {str(self.path)!r}: {_first(error)}; {remedy}") from None
        finally:
            for left in (aside, aside.with_name(f"{aside.name}.wal")):
                with suppress(OSError):
                    left.unlink(missing_ok=True)

    def _opened(
        self, read_only: bool, wait_s: float, waiting: Callable[[str], None] | None
    ) -> duckdb.DuckDBPyConnection:
        import duckdb

        until = time.monotonic() + wait_s
        while True:
            try:
                return _connect(str(self.path), read_only=read_only)
            except duckdb.Error as error:
                held = re.search(r"Conflicting lock is held.*?PID (\d+)", str(error), re.DOTALL)
                if held is None and "lock" not in str(error):
                    raise self._illegible(error) from None
                who = f"process {held[1]}" if held else "another process"
                if time.monotonic() > until:
                    raise Mistake(
                        f"--store is {str(self.path)!r}: {who} is writing it; wait for it to end "
                        "(--wait 1h), or give another file"
                    ) from None
                if waiting is not None:
                    waiting(who)
                    waiting = None
                time.sleep(LOOKS_EVERY_S)

    def _check(self) -> None:
        import duckdb

        try:
            found = self._connection.execute("SELECT layout FROM about").fetchall()
        except duckdb.Error:
            refuse("--store", str(self.path), "a DuckDB file, but no store of driftyard's")
        if found != [(LAYOUT,)]:
            told = found[0][0] if found else None
            refuse(
                "--store",
                str(self.path),
                f"it has layout {told}, this driftyard writes layout {LAYOUT}; give another file "
                "and sweep again, or read it with DuckDB itself",
            )

    def _illegible(self, error: Exception) -> Mistake:
        text = str(error)
        why = _first(error)
        if "not a valid DuckDB" in text or "version number" in text or "Corrupt" in text:
            why = "it is no DuckDB file, or one of a newer DuckDB"
        return Mistake(f"--store is {str(self.path)!r}: {why}; give a store or a new name")

    def _unwritten(self, error: Exception) -> Mistake:
        if any(sign in str(error) for sign in _FULL):
            return Mistake(
                f"--store is {str(self.path)!r}: the disk is full; what was stored before is kept, "
                "and the same command goes on where it stopped when there is space"
            )
        return Mistake(f"--store is {str(self.path)!r}: it cannot be written: {_first(error)}")


def _connect(path: str, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(path, read_only=read_only, config={"threads": 2})


def _lay_out(connection: duckdb.DuckDBPyConnection) -> None:
    from reports.folder import version

    connection.execute("CREATE TABLE about (layout BIGINT, driftyard VARCHAR)")
    connection.execute("INSERT INTO about VALUES (?, ?)", [LAYOUT, version()])
    for table in TABLES:
        connection.execute(table.sql)


def _first(error: Exception) -> str:
    if isinstance(error, OSError):
        return (error.strerror or "it cannot be written").lower()
    lines = str(error).strip().split("\n")
    return re.sub(r"^\w+( \w+)? Error: ", "", lines[0])
