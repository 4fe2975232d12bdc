"""Money is counted once, by the prices of the scenario."""

from collections.abc import Callable
from typing import Any

import pytest

from reports.measures import money
from reports.measures.money import harmed_us
from sim.clock import HOUR_US
from sim.facts import Paged

Books = Callable[..., Any]


def test_what_has_a_price_is_paid_and_nothing_else(book: Books) -> None:
    year = book().onset("drop", "5d").hurt("5d", "8d", every=2)
    year.facts.append(Paged(at_us=130 * HOUR_US, owner="data", by="data", cost=5.0))
    run, calm = year.ledger(), book().ledger()
    paid = money(run, calm)
    assert paid.currency == "EUR"
    assert paid.loss == pytest.approx(2.0 * year.loss.sum())
    assert paid.pages == 5.0
    assert paid.incidents == pytest.approx(0.5 * harmed_us(run, calm) / 60e6)
    assert paid.trainings == paid.reviews == paid.shadow == paid.requests == 0.0
    assert paid.total == pytest.approx(sum(paid.parts.values()))
    assert abs(harmed_us(run, calm) - 3 * 24 * HOUR_US) <= 24 * HOUR_US


def test_two_incidents_at_once_harm_no_minute_twice(book: Books) -> None:
    one = book().onset("a", "5d").hurt("5d", "8d", every=2)
    two = book().onset("a", "5d").onset("b", "6d").hurt("5d", "8d", every=2)
    calm = book().ledger()
    assert harmed_us(two.ledger(), calm) == harmed_us(one.ledger(), calm)
    assert harmed_us(calm, calm) == 0
