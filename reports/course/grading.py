"""Marks a class: each file in a process of its own, that ends when its time is up.

A file can do to this machine whatever its owner could: processes and limits keep one from
stopping the others, the seal of a mark keeps one from simply writing its own, and both are no
sandbox.
"""

from __future__ import annotations

import csv
import hmac
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from reports.course.alone import FIGURE, MARK, PROGRESS, sealed
from sim.errors import refuse

COLUMNS = ("file", "verdict", "claims", "worst seed", "sentence")
_ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}


@dataclass(frozen=True, kw_only=True)
class Row:
    """What came of one *file*: as `Mark`, in words that fit a line."""

    file: str
    verdict: str
    sentence: str
    claims: tuple[str, ...] = ()
    worst: int | None = None
    figure: str = ""
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def document(self) -> dict[str, Any]:
        """The row as plain data, with each claim."""
        said = {"verdict": self.verdict, "sentence": self.sentence}
        return {"claims": [], "worst": None, **said, **self.told, "file": self.file}

    @property
    def cells(self) -> list[str]:
        """The row as texts."""
        worst = "" if self.worst is None else str(self.worst)
        return [self.file, self.verdict, ", ".join(self.claims), worst, self.sentence]


def submissions(folder: str) -> list[Path]:
    """Return the files of a class, in the order of their names; hidden ones are left out."""
    root = Path(folder)
    if not root.is_dir():
        refuse("--grade", folder, "give a folder that holds a file of each learner")
    found = sorted(path for path in root.rglob("*") if path.is_file() and _counts(path, root))
    if not found:
        refuse("--grade", folder, "there is no file in it")
    return found


def _counts(path: Path, root: Path) -> bool:
    parts = path.relative_to(root).parts
    return not any(part.startswith(".") or part == "__pycache__" for part in parts)


class Alone:
    """Marks files of the *chapter* over *seeds*, each alone, for *timeout_s* at most."""

    def __init__(self, chapter: str, *, seeds: str, timeout_s: float, draws: bool = False) -> None:
        self._chapter, self._seeds, self._timeout_s = chapter, seeds, timeout_s
        self._draws, self._at = draws, ""
        self._running: set[subprocess.Popen[bytes]] = set()
        self._ended = False

    def mark(self, path: Path, name: str) -> Row:
        """Mark one file, whatever it does."""
        with tempfile.TemporaryDirectory(
            prefix="driftyard-",
            ignore_cleanup_errors=True,  # Windows lets go of it a moment later
        ) as folder:
            self._at, key = folder, secrets.token_bytes(32)
            try:
                code = self._run(path, folder, key)
            except subprocess.TimeoutExpired:
                sentence = f"stopped after {self._timeout_s:g} seconds: a loop that never ends?"
                return Row(file=name, verdict="broken", sentence=sentence)
            return _read(Path(folder), name, code, key)

    @property
    def progress(self) -> str:
        """How far the file is that was begun last; '' if nobody knows."""
        with suppress(OSError):
            return (Path(self._at) / PROGRESS).read_text(encoding="utf-8")
        return ""

    def end(self) -> None:
        """End all that is running; nothing more begins."""
        self._ended = True
        for process in list(self._running):
            kill(process)

    def _run(self, path: Path, folder: str, key: bytes) -> int:
        if self._ended:
            return -1
        command = [
            sys.executable, "-m", "reports.course.alone",
            self._chapter, str(path.resolve()), self._seeds, folder, *["draws"] * self._draws,
        ]  # fmt: skip
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(_paths())},
            **_group(),
        )
        self._running.add(process)
        assert process.stdin is not None
        with suppress(OSError), process.stdin as told:
            told.write(key)
        try:
            return process.wait(self._timeout_s)
        finally:
            kill(process)
            self._running.discard(process)


def _paths() -> list[str]:
    return [path for path in sys.path if path] or [os.getcwd()]


def _group() -> dict[str, Any]:
    """Return what puts a process into a group of its own."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it has started."""
    if sys.platform == "win32":
        end = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(end, check=False, capture_output=True)
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(OSError):
        process.kill()
    process.wait()


def _read(folder: Path, name: str, code: int, key: bytes) -> Row:
    try:
        seal, _, said = (folder / MARK).read_text(encoding="utf-8").partition("\n")
        if not hmac.compare_digest(seal.encode(), sealed(key, said).encode()):
            return Row(file=name, verdict="broken", sentence="it wrote a mark of its own")
        told = json.loads(said)
        worst = told["worst"]["seed"] if told["worst"] else None
        claims = tuple(str(one["verdict"]) for one in told["claims"])
        verdict, sentence = str(told["verdict"]), str(told["sentence"])
    except (OSError, ValueError, KeyError, TypeError):
        why = "it ended the program" if code == 0 else f"its process died (exit code {code})"
        return Row(file=name, verdict="broken", sentence=f"{why} before it was marked")
    drawn = folder / FIGURE
    return Row(
        file=name,
        verdict=verdict,
        sentence=sentence,
        claims=claims,
        worst=worst,
        figure=drawn.read_text(encoding="utf-8") if drawn.is_file() else "",
        told=told,
    )


def graded(
    alone: Alone, folder: str, *, workers: int, tell: Callable[[int, int], None]
) -> list[Row]:
    """Mark every file in *folder*, several at a time; the rows come in the order of names."""
    paths, root = submissions(folder), Path(folder)
    rows: dict[Path, Row] = {}
    with ThreadPoolExecutor(workers) as pool:
        sent = {
            pool.submit(alone.mark, path, path.relative_to(root).as_posix()): path for path in paths
        }
        try:
            for done in as_completed(sent):
                rows[sent[done]] = done.result()
                tell(len(rows), len(paths))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            alone.end()
            raise
    return [rows[path] for path in paths]


def as_csv(rows: Sequence[Row]) -> str:
    """Write rows as CSV; what a spreadsheet would take for a formula is made a text."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(["'" + cell if cell[:1] in ("=", "+", "-", "@") else cell
                         for cell in row.cells])  # fmt: skip
    return out.getvalue()
