"""Interrupts a decision that takes too long, in whatever thread it is taken."""

from __future__ import annotations

import ctypes
import os
import threading
import time
from collections.abc import Callable

_LOOKS_EVERY = 0.1


class StoppedByClock(BaseException):
    """A decision that took too long was interrupted."""


class Watchdog:
    """Watches one run's decisions; none may take longer than *patience* seconds of *clock*.

    One thread of the process looks after all runs: starting one for each costs more than a
    small run does.
    """

    def __init__(self, patience: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.patience = patience
        self._clock = clock
        self.barked = False
        self._thread_id = threading.get_ident()
        self._since = 0.0
        self._lock = threading.Lock()

    def __enter__(self) -> Watchdog:
        _patrol.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        _patrol.remove(self)

    def begin(self) -> None:
        """A decision begins."""
        self._since = self._clock()

    def end(self) -> None:
        """The decision is over; raise `StoppedByClock` if it swallowed an interruption."""
        with self._lock:
            self._since = 0.0
        if self.barked:
            raise StoppedByClock

    def look(self) -> None:
        """Bark if the decision takes too long, and go on barking: it may be swallowed."""
        with self._lock:
            if self._since and self._clock() - self._since > self.patience:
                self._since = self._clock()
                self.barked = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(self._thread_id), ctypes.py_object(StoppedByClock)
                )


class _Patrol:
    """The thread that looks after all watchdogs of the process."""

    def __init__(self) -> None:
        self._dogs: set[Watchdog] = set()
        self._needed = threading.Event()
        self._process = 0

    def add(self, dog: Watchdog) -> None:
        self._dogs.add(dog)
        self._needed.set()
        if self._process != os.getpid():
            self._process = os.getpid()
            threading.Thread(target=self._walk, daemon=True, name="driftyard watchdog").start()

    def remove(self, dog: Watchdog) -> None:
        self._dogs.discard(dog)
        if not self._dogs:
            self._needed.clear()

    def _walk(self) -> None:
        while True:
            self._needed.wait()
            time.sleep(_LOOKS_EVERY)
            for dog in tuple(self._dogs):
                dog.look()


_patrol = _Patrol()
