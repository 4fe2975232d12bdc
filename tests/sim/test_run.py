"""What a run leaves behind: nothing for the collector, and the threads that there were."""

from __future__ import annotations

import gc
import weakref

from threadpoolctl import ThreadpoolController

from sim.run import one_thread, run
from sim.setting import source_of
from tests.sim.test_law_replay import operator, year


def test_a_year_that_is_over_frees_its_pages_without_the_collector() -> None:
    scenario = year()
    gc.collect()
    gc.disable()
    try:
        source = source_of(scenario, 3)
        kept = weakref.ref(source)
        ledger = run(scenario, operator(), seed=3, source=source)
        del source
        assert kept() is None
    finally:
        gc.enable()
    assert ledger.requests["total"]


def test_threads_are_limited_until_the_outermost_limit_ends() -> None:
    threads = ThreadpoolController()

    def most() -> int:
        return int(max(library["num_threads"] for library in threads.info()))

    with threads.limit(limits=2):
        with one_thread():
            with one_thread():
                assert most() == 1
            assert most() == 1
        assert most() == 2
        with one_thread():
            assert most() == 1
