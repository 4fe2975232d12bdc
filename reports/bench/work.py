"""The work of a bench, piece by piece, on as many workers as there are; what is done is kept."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from contextlib import suppress
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Generic, TypeVar

from reports.bench.calibration import Setting, calibrate, name_of, shipped
from reports.bench.hearing import alarms, seeded
from reports.bench.plan import Piece, Plan, Way
from reports.bench.roster import Entry
from reports.plugins import load
from sim.digest import digest
from sim.errors import Mistake

Job = TypeVar("Job")
Done = TypeVar("Done")
PROTOCOL = 1
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass(frozen=True, kw_only=True)
class Listening:
    """The job to hear a *piece* in some *ways*; *plugins* are digests of users' files."""

    piece: Piece
    ways: tuple[Way, ...]
    plugins: tuple[str, ...]
    block: int = 0

    @property
    def name(self) -> str:
        """What its result is kept under: the same job, the same name."""
        ways = [[way.label, way.way, repr(way.detector), way.runs] for way in self.ways]
        what = [PROTOCOL, self.piece.stream, self.piece.start, self.piece.stop]
        return f"heard-{digest([*what, ways, list(self.plugins)])}"

    def __call__(self) -> dict[str, Any]:
        """Return alarms by label, way and run, who *refused* which value, drifts and sizes."""
        piece, refused = self.piece, dict[str, str]()
        found: dict[str, dict[str, list[list[int]]]] = {}
        drifts, sizes = [], []
        for run in range(piece.start, piece.stop):
            values, places = piece.stream.draw(run)
            drifts.append([list(span) for span in places])
            sizes.append(len(values))
            for way in self.ways:
                if run >= way.runs or way.label in refused:
                    continue
                mine = found.setdefault(way.label, {}).setdefault(way.way, [])
                try:
                    mine.append(alarms(seeded(way.detector, run), values, block=self.block))
                except ValueError as error:
                    refused[way.label] = str(error).split("\n")[0]
                    found.pop(way.label)
                except Exception as error:
                    said = f"{type(error).__name__}: {str(error).splitlines()[:1]}"
                    raise Mistake(f"detector {way.label} raised {said}") from None
        return {"alarms": found, "refused": refused, "drifts": drifts, "sizes": sizes}


@dataclass(frozen=True, kw_only=True)
class Calibrating:
    """The job to calibrate one entry for one family of streams."""

    entry: Entry
    stream: Any
    n: int
    targets: tuple[float, ...]
    plugins: tuple[str, ...]

    @property
    def name(self) -> str:
        """What its result is kept under."""
        what = [PROTOCOL, name_of(self.entry, self.stream), self.stream.family, self.n]
        return f"set-{digest([*what, list(self.targets), list(self.plugins)])}"

    def __call__(self) -> dict[str, Any]:
        """Do it."""
        try:
            settings = calibrate(self.entry, self.stream, self.n, self.targets)
        except ValueError as error:
            return {"refused": str(error).split("\n")[0], "settings": []}
        return {"refused": "", "settings": [asdict(setting) for setting in settings]}


class Bench(Generic[Job]):
    """Does jobs and keeps their results in *folder*; results do not depend on the *workers*."""

    def __init__(self, folder: Path, *, workers: int, plugins: tuple[str, ...]) -> None:
        self._folder, self._workers, self._plugins = folder, workers, plugins
        self._pool: ProcessPoolExecutor | None = None
        self.kept = 0

    def __enter__(self) -> Bench[Job]:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def do(self, jobs: Iterable[Any], tell: Callable[[int, int], None]) -> list[dict[str, Any]]:
        """Return the results of *jobs* in order; *tell* is told how many are done of how many."""
        listed = list(jobs)
        results: dict[int, dict[str, Any]] = {}
        for number, job in enumerate(listed):
            known = self._known(job.name)
            if known is not None:
                results[number] = known
        self.kept += len(results)
        tell(len(results), len(listed))
        left = [number for number in range(len(listed)) if number not in results]
        for number, result in self._finished(listed, left):
            self._keep(listed[number].name, result)
            results[number] = result
            tell(len(results), len(listed))
        return [results[number] for number in range(len(listed))]

    def _finished(self, jobs: list[Any], left: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
        if self._workers <= 1 or len(left) < 2:
            for number in left:
                yield number, jobs[number]()
            return
        if self._pool is None:
            self._pool = _pool(self._workers, self._plugins)
        running = {self._pool.submit(_carry_out, jobs[number]): number for number in left}
        try:
            while running:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield running.pop(future), future.result()
        except BaseException:
            for future in running:
                future.cancel()
            raise

    def _known(self, name: str) -> dict[str, Any] | None:
        with suppress(OSError, ValueError):
            found = json.loads((self._folder / f"{name}.json").read_text(encoding="utf-8"))
            return dict(found)
        return None

    def _keep(self, name: str, result: dict[str, Any]) -> None:
        aside = self._folder / f".{name}.writing"
        aside.write_text(json.dumps(result), encoding="utf-8")
        os.replace(aside, self._folder / f"{name}.json")


def _carry_out(job: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    return job()


def _pool(workers: int, plugins: tuple[str, ...]) -> ProcessPoolExecutor:
    """Return spawned workers with one thread each; forked ones would hang in compiled loops."""
    for name in THREADS:
        os.environ.setdefault(name, "1")
    context = get_context("spawn")
    return ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(plugins,))


def _begin(plugins: tuple[str, ...]) -> None:
    """Load the users' files, whose classes the jobs hold; leave interrupts to the parent."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for path in plugins:
        load(path)


def settings(
    plan: Plan, digests: tuple[str, ...], bench: Bench[Any], tell: Callable[[int, int], None]
) -> tuple[dict[str, dict[str, Setting]], dict[str, dict[str, str]]]:
    """Return settings by family and by label with target; and who refused."""
    known = {} if plan.recalibrate else shipped()
    found: dict[str, dict[str, Setting]] = {}
    refused: dict[str, dict[str, str]] = {}
    jobs, whose = [], []
    wanted: dict[str, tuple[Any, tuple[float, ...]]] = {}
    for stream in plan.streams:
        _, targets = wanted.get(stream.family, (None, ()))
        more = tuple(sorted({*targets, *plan.targets(stream)}))
        wanted[stream.family] = (stream, more)
    for family, (stream, targets) in wanted.items():
        mine = found.setdefault(family, {})
        for entry in plan.entries:
            missing = []
            for target in targets:
                asked = Setting(
                    detector=name_of(entry, stream),
                    family=family,
                    n=plan.period,
                    target=target,
                    runs=0,
                )
                if asked.key in known:
                    mine[f"{entry.label} {target:g}"] = known[asked.key]
                else:
                    missing.append(target)
            if missing:
                jobs.append(
                    Calibrating(
                        entry=entry,
                        stream=stream,
                        n=plan.period,
                        targets=tuple(missing),
                        plugins=digests,
                    )
                )
                whose.append((family, entry.label))
    for (family, label), result in zip(whose, bench.do(jobs, tell), strict=True):
        if result["refused"]:
            refused.setdefault(family, {})[label] = result["refused"]
        for row in result["settings"]:
            setting = Setting(**row)
            found[family][f"{label} {setting.target:g}"] = setting
    return found, refused
