"""Who carries pieces out: this process, several of them, or anything that is an `Executor`."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing import get_context, parent_process
from typing import TYPE_CHECKING, Any, Protocol

from sim.errors import Mistake, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LIBRARIES = ("OMP", "OPENBLAS", "MKL", "NUMBA")
_ONE_THREAD = dict.fromkeys((f"{name}_NUM_THREADS" for name in _LIBRARIES), "1")


class Engine(Protocol):
    """Something that makes executors; a broken one is left and another made."""

    @property
    def workers(self) -> int:
        """How many pieces it carries out at once."""

    def start(self) -> Executor:
        """Return an executor."""

    def kill(self, executor: Executor) -> None:
        """Stop an executor at once, whatever it is doing."""


class _Here(Executor):
    """Carries out what is submitted at once, in the thread that submits it."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it now."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@dataclass(frozen=True, kw_only=True)
class Serial:
    """One piece after another, in this process."""

    workers: int = field(default=1, init=False)

    def start(self) -> Executor:
        """Return an executor that needs no starting."""
        return _Here()

    def kill(self, executor: Executor) -> None:
        """There is nothing to kill."""


@dataclass(frozen=True, kw_only=True)
class Processes:
    """Processes on this machine, each started anew with one thread for BLAS.

    They have imported *warm* before their first piece comes, leave Ctrl-C to the process that
    started them, and end when it does, however it ended.
    """

    workers: int
    warm: tuple[str, ...] = ("sim.run",)

    def __post_init__(self) -> None:
        whole("workers", self.workers, 1, 10_000)

    def start(self) -> Executor:
        """Start them."""
        pool = ProcessPoolExecutor(
            self.workers,
            mp_context=get_context("spawn"),
            initializer=_begin,
            initargs=(self.warm,),
        )
        with _one_thread(), _unheard():
            begun = [pool.submit(_nothing) for _ in range(self.workers)]
        try:
            for one in begun:
                one.result()
        except BrokenExecutor:
            remedy = "a script that sweeps does so under `if __name__ == '__main__':`"
            raise Mistake(f"the worker processes cannot start: {remedy}") from None
        return pool

    def kill(self, executor: Executor) -> None:
        """Kill them."""
        assert isinstance(executor, ProcessPoolExecutor)
        processes = list((executor._processes or {}).values())
        executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            with suppress(Exception):
                process.kill()
        for process in processes:
            process.join(5)


class Kept:
    """An *engine* whose workers stay, warm, from one sweep to the next, until it is closed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._executor: Executor | None = None

    @property
    def workers(self) -> int:
        """How many pieces it carries out at once."""
        return self._engine.workers

    def start(self) -> Executor:
        """Return the executor that there is, or a new one."""
        if self._executor is None:
            self._executor = self._engine.start()
        return _Lasting(self._executor)

    def kill(self, executor: Executor) -> None:
        """Stop them at once."""
        if self._executor is not None:
            self._engine.kill(self._executor)
            self._executor = None

    def close(self) -> None:
        """Let them end."""
        if self._executor is not None:
            self._executor.shutdown(wait=True)
            self._executor = None


class _Lasting(Executor):
    """Hands on what is submitted, and does not end when a sweep does."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Hand it on."""
        return self._executor.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Others will need them."""


def _nothing() -> None:
    pass


@contextmanager
def _one_thread() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(_ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _unheard() -> Iterator[None]:
    """Let what is started inside not hear Ctrl-C, from its very first moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _begin(warm: tuple[str, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:  # a killed parent closes no pipe that a worker would notice
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    for name in warm:
        import_module(name)


def _follow(parent: Any) -> None:
    parent.join()
    os._exit(1)
