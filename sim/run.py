"""Run a strategy through a scenario: the world asks, the strategy answers."""

from __future__ import annotations

import platform
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import is_dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sim.actions import Action
from sim.clock import text
from sim.digest import digest
from sim.errors import Mistake, PluginFault, Refused
from sim.watchdog import StoppedByClock, Watchdog
from sim.workshop import packages
from sim.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sim.ledger import Ledger
    from sim.scenario import Scenario
    from sim.source import Source
    from sim.view import View
    from sim.workshop import Fits

MOST_ACTIONS = 1_000
"""A `decide` that yields more actions at one moment is out of its mind."""


class Strategy(Protocol):
    """An operator: it sees a view and answers with actions.

    It may have *monitors* (a tuple), and a *heartbeat* (how often it is asked when nothing
    happens; '0' for never). It holds parameters, never state.
    """

    def decide(self, view: View) -> Iterable[Action]:
        """Answer what is to be done now."""


def run(
    scenario: Scenario,
    strategy: Strategy,
    *,
    seed: int,
    block: int | None = None,
    source: Source | None = None,
    fits: Fits | None = None,
    outcomes: bool = False,
    patience: float = 10.0,
    progress: Callable[[float], None] | None = None,
) -> Ledger:
    """Play *scenario* under *strategy* and return the ledger.

    *source* and *fits* may be shared by runs of one scenario and seed; *block* limits how far
    is looked ahead and changes no result; *outcomes* keeps one row per request; *patience* is
    how many seconds one decision may take; *progress* is told the share of the year that is
    over, ten times a second at most.
    """
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise Mistake(f"seed is {seed!r}: give a whole number from 0 up")
    if block is not None and (not isinstance(block, int) or block < 1):
        raise Mistake(f"block is {block!r}: give a whole number from 1 up, or None")
    if not callable(getattr(strategy, "decide", None)) or isinstance(strategy, type):
        raise Mistake(f"strategy is {strategy!r}: give an object with decide(view)")
    steady_heap()
    with one_thread():
        world = World(
            scenario,
            seed=seed,
            monitors=getattr(strategy, "monitors", ()),
            heartbeat=getattr(strategy, "heartbeat", None),
            block=block,
            source=source,
            fits=fits,
            outcomes=outcomes,
        )
        with Watchdog(patience) as watchdog:
            _play(world, strategy, watchdog, progress)
    ledger = world.ledger(label(strategy), fingerprint())
    world.leave()
    return ledger


def _play(
    world: World,
    strategy: Strategy,
    watchdog: Watchdog,
    progress: Callable[[float], None] | None,
) -> None:
    told, asked_us, done = 0.0, -1, 0
    while (view := _advanced(world, strategy)) is not None:
        if progress is not None and time.monotonic() - told > 0.1:
            told = time.monotonic()
            progress(view.now_us / world.horizon_us)
        try:
            watchdog.begin()
            try:
                actions = _decided(strategy, view)
            finally:
                watchdog.end()
            done = done + len(actions) if view.now_us == asked_us else len(actions)
            asked_us = view.now_us
            if done > MOST_ACTIONS:
                raise Refused(f"more than {MOST_ACTIONS:,} actions at one moment")
            if actions:
                world.act(actions)
        except Refused as refusal:
            world.stop(f"{label(strategy)} asked for the impossible at {_when(view)}: {refusal}")
        except StoppedByClock:
            world.stop(
                f"stopped by the clock: {label(strategy)} was still deciding after "
                f"{watchdog.patience:g} seconds, at {_when(view)}",
                verdict="unknown",
            )
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit too: a strategy does not end the program
            first = str(error).strip().split("\n")[0]
            what = f"{type(error).__name__}: {first}" if first else type(error).__name__
            world.stop(f"{label(strategy)} raised {what}{_line(error, strategy)}, at {_when(view)}")


def _advanced(world: World, strategy: Strategy) -> View | None:
    try:
        return world.advance()
    except PluginFault as fault:
        world.stop(f"{label(strategy)}: {fault}, at {text(world.now_us)} after the launch")
        return None


def _decided(strategy: Strategy, view: View) -> list[Action]:
    answer = strategy.decide(view)
    if answer is None:
        return []
    actions = []
    for action in answer:
        if not isinstance(action, Action):
            raise Refused(f"decide gave {action!r}, which is no action")
        actions.append(action)
        if len(actions) > MOST_ACTIONS:
            break
    return actions


def _line(error: BaseException, strategy: Strategy) -> str:
    """Return ' (line 7 of my.py)': where in the file of the *strategy* it was raised.

    The file is that of its code: another of the same name may have been read since.
    """
    code = getattr(getattr(type(strategy), "decide", None), "__code__", None)
    file = getattr(code, "co_filename", None)
    found, step = "", error.__traceback__
    while step is not None:
        if file and step.tb_frame.f_code.co_filename == file:
            found = f" (line {step.tb_lineno} of {Path(file).name})"
        step = step.tb_next
    return found


def _when(view: View) -> str:
    return f"{text(view.now_us)} after the launch"


def label(strategy: object) -> str:
    """Return the name by which reports call a strategy: its repr if it is a dataclass."""
    if is_dataclass(strategy) or "__repr__" in vars(type(strategy)):
        return repr(strategy)
    return f"{type(strategy).__name__}()"


@cache
def steady_heap() -> None:
    """Ask glibc to keep freed memory: pages come and go, and faulting them in again costs a fifth.

    Elsewhere than on glibc nothing happens, and nothing but time depends on it.
    """
    import ctypes

    if not sys.platform.startswith("linux"):
        return
    trim_threshold, mmap_threshold = -1, -3
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return
    mallopt(trim_threshold, 64 << 20)
    mallopt(mmap_threshold, 4 << 20)


@cache
def _threads() -> Any:
    import sklearn.linear_model  # noqa: F401 (loads what is to be limited)
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


_held = threading.local()


@contextmanager
def one_thread() -> Iterator[None]:
    """Limit BLAS and OpenMP to one thread: faster for small work, and equal sums everywhere.

    Inside another it costs nothing.
    """
    if getattr(_held, "limited", False):
        yield
        return
    with _threads().limit(limits=1):
        _held.limited = True
        try:
            yield
        finally:
            _held.limited = False


@cache
def _machine() -> tuple[tuple[str, str], ...]:
    from numpy.lib import introspect

    used = digest(introspect.opt_func_info())
    blas = ";".join(
        sorted(
            f"{lib['internal_api']} {lib['version']} {lib.get('architecture', '')}"
            for lib in _threads().info()
            if lib["user_api"] == "blas"
        )
    )
    return (("blas", blas), ("cpu", used), ("machine", platform.machine()))


def fingerprint() -> dict[str, str]:
    """Return what a full digest is promised for: package versions, BLAS kernel, CPU features."""
    return {**dict(packages()), **dict(_machine())}
