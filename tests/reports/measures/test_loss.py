"""Loss and lived quality on ledgers made by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reports.measures import lived, loss
from sim.clock import us
from sim.timeline import CHALLENGER

Books = Callable[..., Any]


def test_excess_is_signed_and_counts_from_each_ideal(book: Books) -> None:
    run = book().hurt("5d", "8d").ledger()
    calm = book().hurt("5d", "6d").ledger()
    run.timeline.ideal[:] = 1.0
    calm.timeline.ideal[:] = 0.5
    found = loss(run, calm)
    assert (found.total, found.calm) == (3 * 1440, 1440)
    assert found.ideal == 480 * 4
    assert found.excess == 2 * 1440 - 480 * 4 * 0.5
    assert loss(calm, run).excess == -found.excess


def test_a_stopped_run_is_compared_over_what_it_served(book: Books) -> None:
    run = book().hurt("0d", "20d").stopped("10d", "it raised").ledger()
    found = loss(run, book().hurt("0d", "20d").ledger())
    assert found.requests == 10 * 24 * 600
    assert found.excess == 0


@pytest.mark.parametrize("outcomes", [True, False])
def test_each_version_lives_to_what_it_answered(book: Books, outcomes: bool) -> None:
    made = book().built("v0", "0d", 0.01).routed("0d", "v0").hurt("5d", "10d")
    made.built("v1", "9d", 0.02).built("v2", "12d", 0.03).routed("10d", "v1")
    v0, v1, v2 = lived(made.ledger(outcomes=outcomes))
    assert (v0.claim, v0.requests, v0.loss) == (0.01, 240 * 600, 0.05)
    assert (v0.first_us, v0.last_us) == (0, us("10d"))
    assert (v1.loss, v1.last_us) == (0.0, us("20d"))
    assert (v2.requests, v2.loss, v2.first_us) == (0, None, None)


def test_a_challenger_answers_its_share(book: Books) -> None:
    made = book().built("v0", "0d", 0.0).built("v1", "0d", 0.0).routed("0d", "v0")
    made.routed("10d", "v0", challenger="v1", share=0.5)
    late = made.served_us >= us("10d")
    made.arm[late & (np.arange(len(late)) % 2 == 1)] = CHALLENGER
    made.loss[made.arm == CHALLENGER] = 1.0
    v0, v1 = lived(made.ledger())
    assert (v0.requests, v0.loss) == (360 * 600, 0.0)
    assert (v1.requests, v1.loss) == (120 * 600, 1.0)
