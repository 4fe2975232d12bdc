"""Releases and rollbacks that made things worse, and how long things took: books by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reports.measures import fallback_us, incidents, own_goals, regret, split
from sim.clock import us
from sim.facts import Acted, Built, Routed, Tried

Books = Callable[..., Any]


def tried(version: str, rival: str, at: str, **otherwise: Any) -> Tried:
    usual: dict[str, Any] = {
        "withdrawn": False, "whole": True, "requests": 1000, "loss": 200.0, "rival_loss": 100.0,
        "answered": 1500, "answered_loss": 300.0, "rival_answered_loss": 160.0,
    }  # fmt: skip
    at_us = us(at)
    return Tried(at_us=at_us, version=version, rival=rival, from_us=at_us, **(usual | otherwise))


def test_a_release_is_bad_if_it_loses_more_than_is_tolerated(book: Books) -> None:
    run = book().built("v1", "1d", 0.0).routed("0d", "v0").routed("2d", "v1").routed("5d", "v0")
    run.facts += [
        tried("v1", "v0", "3d"),
        tried("v2", "v1", "6d", loss=119.0),  # 0.019 worse: within the tolerance of 0.02
        tried("v3", "v2", "19d", whole=False),
    ]
    found = own_goals(run.ledger(), book().ledger())
    assert found is not None
    (goal,) = found.bad_releases
    assert (goal.version, goal.rival, goal.worse, goal.cost) == ("v1", "v0", 0.1, 140.0)
    assert (found.promotions, found.rollbacks, found.unknown) == (2, 0, 1)
    assert found.blast_radius == 3 * 24 * 600
    assert split(run.ledger(), book().ledger()).own_goals == found.cost == 140.0


@pytest.mark.parametrize(("loss", "false"), [(99.0, True), (100.0, True), (101.0, False)])
def test_a_rollback_is_false_if_what_was_withdrawn_was_no_worse(
    book: Books, loss: float, false: bool
) -> None:
    run = book().routed("0d", "v0")
    run.facts.append(tried("v1", "v0", "3d", withdrawn=True, loss=loss))
    found = own_goals(run.ledger(), book().ledger())
    assert found is not None
    assert len(found.false_rollbacks) == false
    assert found.cost == 0


def test_where_nothing_was_tried_though_versions_were_let_out_nobody_knows(book: Books) -> None:
    quiet = book().built("v0", "0d", 0.0).routed("0d", "v0")
    assert own_goals(quiet.ledger(), book().ledger()) is not None
    quiet.built("v1", "1d", 0.0)
    quiet.facts.append(Acted(at_us=us("2d"), action="promote", detail="version=v1", why=""))
    assert own_goals(quiet.ledger(), book().ledger()) is None
    assert split(quiet.ledger(), book().ledger()).own_goals is None


def test_the_loop_is_closed_when_a_version_begun_since_answers_everybody(book: Books) -> None:
    run = book().routed("0d", "v0").onset("a", "5d").hurt("5d", "12d").alarm("errors", "6d")
    run.built("old", "4d", 0.0).routed("7d", "old").built("new", "8d", 0.0)
    run.routed("9d", "old", challenger="new", share=0.5)
    run.routed("11d", "old", challenger="new", share=1.0).routed("12d", "new")
    (found,) = incidents(run.ledger(), book().ledger())
    assert found.loop_us == us("5d")
    assert found.recovery_us == us("7d")


def test_a_loop_that_is_never_closed_has_no_time(book: Books) -> None:
    run = book().routed("0d", "v0").onset("a", "5d").hurt("5d", "12d").alarm("errors", "6d")
    (found,) = incidents(run.ledger(), book().ledger())
    assert found.loop_us is None


def test_chance_is_what_the_same_monitor_does_in_the_calm_world(book: Books) -> None:
    run = book().onset("a", "5d").hurt("5d", "8d").alarm("errors", "6d").alarm("psi", "6d")
    run.signals(("asleep", "input", "data"), ("restless", "input", "data"))
    calm = book().alarm("errors", "5d 23h").alarm("psi", "6d 1h").alarm("restless", "7d")
    (found,) = incidents(run.ledger(), calm.ledger())
    chance = {detection.monitor: detection.by_chance for detection in found.detections}
    assert chance == {"errors": True, "psi": False, "asleep": False, "restless": True}


def test_time_in_fallback_counts_until_somebody_ends_it(book: Books) -> None:
    run = book().routed("0d", "v0").routed("5d", "v0").routed("7d", "v0").routed("18d", "v0")
    on = [Routed(**{**vars(f), "fallback": f.at_us in (us("5d"), us("18d"))}) for f in run.facts]
    run.facts = on
    assert fallback_us(run.ledger()) == us("2d") + us("2d")


def test_regret_is_what_losses_and_trainings_cost_more(book: Books) -> None:
    run, best = book().hurt("5d", "8d"), book().hurt("5d", "6d")
    for which, trainings in ((run, 3), (best, 1)):
        for number in range(1, 1 + trainings):
            which.facts.append(
                Built(
                    at_us=us("6d"), job=number, version=f"v{number}", begun_us=0, claim=0.0,
                    cost=50.0, digest="",
                )
            )  # fmt: skip
    found = regret(run.ledger(), best.ledger())  # a unit of loss has a price of 2
    assert found.cost == 2 * 72 * 60 + 150
    assert found.value == 2 * 48 * 60 + 100
    assert (found.builds, found.outside) == (1, False)
    assert found.over_time[[0, 143, 144, -1]].tolist() == [0, 0, 100 + 120, found.value]
    assert regret(best.ledger(), run.ledger()).outside
