"""The store: written whole or not at all, one writer at a time, one line for what is wrong."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from reports.store import TABLES, Entry, Store
from reports.store.tables import OF_RUN, RUNS
from sim.errors import Mistake

ROOT = Path(__file__).parents[3]


def entry(key: str, *, seconds: float = 1.0) -> Entry:
    """Return a made-up run with one incident."""
    blank = {"VARCHAR": "x", "BIGINT": 1, "UBIGINT": 1, "DOUBLE": 0.5, "BOOLEAN": True}
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for table in OF_RUN:
        kinds = [kind.partition(" ")[0] for kind in table.columns.values()]
        rows[table.name] = [(key, *(blank[kind] for kind in kinds[1:]))]
    return Entry(key, rows, ("a", "b", 1), seconds=seconds)


def stored(path: Path) -> list[str]:
    with Store(path, read_only=True) as store:
        return [str(key) for (key,) in store.query("SELECT run FROM runs ORDER BY run").fetchall()]


def elsewhere(code: str, *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def test_what_is_put_is_known_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    with Store(path) as store:
        store.put([entry("a"), entry("b")])
        assert store.known(["a", "b", "c"]) == {"a", "b"}
    assert stored(path) == ["a", "b"]


def test_what_is_put_again_replaces_what_was_there(tmp_path: Path) -> None:
    with Store(tmp_path / "s.duckdb") as store:
        store.put([entry("a", seconds=1.0)])
        store.put([entry("a", seconds=2.0)])
        for table in OF_RUN:
            assert store.query(f"SELECT count(*) FROM {table.name}").fetchall() == [(1,)]
        assert store.query("SELECT seconds FROM spent").fetchall() == [(2.0,)]
        store.put([entry("a", seconds=3.0), entry("b")])  # some are new
        found = store.query("SELECT run, seconds FROM spent ORDER BY run").fetchall()
        assert found == [("a", 3.0), ("b", 1.0)]


def test_a_run_is_known_or_has_failed_whichever_came_last(tmp_path: Path) -> None:
    failure = Entry("a", None, ("a", "b", 1), error="no")
    with Store(tmp_path / "s.duckdb") as store:
        for entries, known, failed in (
            ([failure], 0, 1),
            ([failure, entry("b")], 1, 1),
            ([entry("a")], 2, 0),
            ([failure], 1, 1),
        ):
            store.put(entries)
            for table, count in (("runs", known), ("spent", known), ("failures", failed)):
                assert store.query(f"SELECT count(*) FROM {table}").fetchall() == [(count,)]


def test_a_batch_that_cannot_be_written_leaves_nothing_of_itself(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    with Store(path) as store:
        store.put([entry("a")])
        with pytest.raises(Mistake, match="cannot be written"):
            store.put([entry("b"), entry("c"), entry("c")])
        store.put([entry("d")])
    assert stored(path) == ["a", "d"]


_HOLD = """
import sys
from reports.store import Store
with Store(sys.argv[1]) as store:
    print("open", flush=True)
    sys.stdin.readline()
"""


def test_a_second_process_is_told_who_holds_the_store_or_waits(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    holder = elsewhere(_HOLD, path)
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == "open\n"
    for read_only in (False, True):
        with pytest.raises(Mistake, match=f"process {holder.pid} is writing it"):
            Store(path, read_only=read_only)
    told: list[str] = []

    def waiting(who: str) -> None:
        told.append(who)
        assert holder.stdin is not None
        holder.stdin.write("\n")
        holder.stdin.flush()

    Store(path, wait_s=60, waiting=waiting).close()
    assert told == [f"process {holder.pid}"]
    holder.communicate(timeout=60)


_FULL = """
import resource, signal, sys
from reports.store import Store
from tests.reports.store.test_store import entry
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Store(sys.argv[1]) as store:
    store.put([entry("a")])
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    try:
        store.put([entry(f"b{i}" * 20) for i in range(20_000)])
    except ValueError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are POSIX")
def test_a_full_disk_is_one_line_and_the_store_opens_again(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    told, wrong = elsewhere(_FULL, path).communicate(timeout=120)
    assert "the disk is full" in told, wrong
    assert told.count("\n") == 1
    assert stored(path) == ["a"]
    with Store(path) as store:
        store.put([entry("c")])
    assert stored(path) == ["a", "c"]


_FULL_FROM_THE_START = """
import resource, signal, sys
from reports.store import Store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    Store(sys.argv[1])
except ValueError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are POSIX")
def test_a_store_made_on_a_full_disk_leaves_no_file(tmp_path: Path) -> None:
    told, wrong = elsewhere(_FULL_FROM_THE_START, tmp_path / "s.duckdb").communicate(timeout=120)
    assert "the disk is full" in told, wrong
    assert told.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_store_is_said_in_one_line(tmp_path: Path) -> None:
    text, other, folder = tmp_path / "text", tmp_path / "other", tmp_path / "folder"
    text.write_text("not a database, " * 1000)
    folder.mkdir()
    with duckdb.connect(str(other)) as connection:
        connection.execute("CREATE TABLE mine (x INTEGER)")
    for path, said in ((text, "no DuckDB file"), (other, "no store"), (folder, "directory")):
        with pytest.raises(Mistake, match=said) as caught:
            Store(path)
        assert "\n" not in str(caught.value)
    with duckdb.connect(str(other)) as connection:
        assert connection.execute("SHOW TABLES").fetchall() == [("mine",)]


def test_a_store_of_another_layout_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    Store(path).close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE about SET layout = 99")
    with pytest.raises(Mistake, match="layout 99"):
        Store(path)


def test_reading_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    Store(path).close()
    with Store(path, read_only=True) as store, pytest.raises(Mistake, match="read-only"):
        store.query("DELETE FROM runs")


def test_a_store_in_no_folder_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="no such folder"):
        Store(tmp_path / "nowhere" / "s.duckdb")
    with pytest.raises(Mistake, match="there is none"):
        Store(tmp_path / "s.duckdb", read_only=True)


def test_every_table_and_column_is_explained() -> None:
    text = (ROOT / "docs" / "scale.md").read_text()
    for table in TABLES:
        (part,) = re.findall(rf"^\*\*{table.name}\*\*.*$", text, re.MULTILINE)
        missing = [name for name in table.columns if f"*{name}*" not in part]
        assert missing == [], table.name


def test_runs_have_one_row_a_key() -> None:
    assert RUNS.columns["run"] == "VARCHAR PRIMARY KEY"
