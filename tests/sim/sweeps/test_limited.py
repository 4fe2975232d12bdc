"""A limit of time ends what is still busy; the process's own clock leaves out who only waits."""

from __future__ import annotations

import signal
import time

import pytest

from sim.sweeps.years import limited
from sim.watchdog import StoppedByClock


def test_who_waits_has_used_none_of_its_own_time() -> None:
    with limited(0.2, clock=time.process_time):
        time.sleep(0.6)
    with pytest.raises(StoppedByClock), limited(0.2):
        time.sleep(0.6)


def busy(seconds: float) -> None:
    begun = time.process_time()
    while time.process_time() - begun < seconds:
        pass


def test_who_is_busy_is_ended_by_its_own_clock() -> None:
    with pytest.raises(StoppedByClock), limited(0.2, clock=time.process_time):
        busy(30)


def test_who_sleeps_on_is_woken() -> None:
    begun = time.monotonic()
    with pytest.raises(StoppedByClock), limited(0.2):
        time.sleep(600)
    assert time.monotonic() - begun < 500


def test_where_ctrl_c_means_something_else_a_sleep_goes_on() -> None:
    heard = []
    before = signal.signal(signal.SIGINT, lambda *told: heard.append(told))
    try:
        with pytest.raises(StoppedByClock), limited(0.1):
            time.sleep(2.5)
    finally:
        signal.signal(signal.SIGINT, before)
    assert not heard
