"""Interrupts a decision that takes too long, in whatever thread it is taken."""

from __future__ import annotations

import ctypes
import os
import signal
import threading
import time
from collections.abc import Callable

_LOOKS_EVERY = 0.1
_BARKS_EVERY = 1.0


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
        try:
            with self._lock:
                self._since = 0.0
        except KeyboardInterrupt:
            if not self.barked:
                raise
        if self.barked:
            raise StoppedByClock

    def look(self) -> None:
        """Bark if the decision takes too long, and go on barking: it may be swallowed."""
        patience = min(self.patience, _BARKS_EVERY) if self.barked else self.patience
        with self._lock:
            if self._since and self._clock() - self._since > patience:
                self._since = self._clock()
                if not (self.barked and self._wake()):
                    self._throw(StoppedByClock)
                self.barked = True

    def _wake(self) -> bool:
        """Interrupt a thread that sleeps, as Ctrl-C would: an exception waits until it wakes up.

        Only the main thread can be interrupted so, and where Ctrl-C means something else, it
        is left alone.
        """
        main = threading.main_thread().ident
        if main != self._thread_id or signal.getsignal(signal.SIGINT) != signal.default_int_handler:
            return False
        self._throw(None)
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(main, signal.SIGINT)
        else:
            signal.raise_signal(signal.SIGINT)
        return True

    def _throw(self, what: type[BaseException] | None) -> None:
        """Let *what* be raised in the watched thread when it next computes; None: nothing."""
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(self._thread_id), ctypes.py_object(what) if what else None
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
