"""Incidents on ledgers made by hand: every number here can be checked on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reports.measures import alarms, incidents
from reports.measures.life import ON_ARRIVAL
from reports.result import Result
from sim.clock import us
from sim.faults.label_fault import LabelFault

Books = Callable[..., Any]


def test_an_incident_harms_from_its_onset_and_ends_when_the_service_is_well(book: Books) -> None:
    run = book().onset("a", "5d").hurt("5d", "8d").ledger()
    (found,) = incidents(run, book().ledger())
    assert found.onset_us == us("5d")
    assert found.harm_us == us("5d")
    assert found.recovered_us == us("8d")
    assert (found.harmless, found.censored, found.missed) == (False, False, True)
    assert found.harmed == 3 * 24 * 60


def test_an_onset_inside_a_tick_is_harm_from_the_next_tick_on(book: Books) -> None:
    run = book().onset("a", "5d 30m").hurt("5d 30m", "8d").ledger()
    (found,) = incidents(run, book().ledger())
    assert found.harm_us == us("5d 1h")


def test_a_window_waits_for_5000_requests_when_a_day_has_fewer(book: Books) -> None:
    # 100 an hour: 5,000 take 50 hours. 1 in 10 for 20 hours is 0.04 over 50 hours.
    run = book(per_tick=100).onset("a", "5d").hurt("5d", "5d 20h").ledger()
    (found,) = incidents(run, book(per_tick=100).ledger())
    assert found.harm_us == us("5d")
    assert found.recovered_us == us("5d 20h")
    # The same stretch is harmless where the calm world is granted 0.04.
    run = book(per_tick=100, tolerance=0.04).onset("a", "5d").hurt("5d", "5d 20h").ledger()
    (found,) = incidents(run, book(per_tick=100).ledger())
    assert found.harmless
    assert not found.censored


def test_without_a_tolerance_the_loss_decides(book: Books) -> None:
    calm = book(tolerance=None).hurt("0d", "20d", every=5)
    run = book(tolerance=None).onset("a", "5d").hurt("0d", "20d", every=5)
    run.loss[run.served_us == us("6d")] = 1000.0  # 6.9e-2 over a day
    for name, harmless in (("ZeroOne()", False), ("Squared()", False)):
        run.scenario["loss"] = name
        assert incidents(run.ledger(), calm.ledger())[0].harmless is harmless
    run.loss[run.served_us == us("6d")] = 200.0  # 1.4e-2: above 5 % of 0.2, below 0.02
    for name, harmless in (("ZeroOne()", True), ("Squared()", False)):
        run.scenario["loss"] = name
        assert incidents(run.ledger(), calm.ledger())[0].harmless is harmless


def test_the_alarm_that_leads_to_the_repair_is_no_false_alarm(book: Books) -> None:
    # The window that looks ahead from 7d 20h is well on the whole; the harm ends at 8d.
    run = book().onset("a", "5d").hurt("5d", "8d").alarm("errors", "7d 23h")
    assert [judged.verdict for judged in alarms(run.ledger(), book().ledger())] == ["detection"]


def test_a_slow_recovery_ends_where_the_excess_falls_below_the_tolerance(book: Books) -> None:
    run = book().onset("a", "5d").hurt("5d", "8d").hurt("8d", "9d", every=40)
    run.hurt("9d", "20d", every=100)  # 0.1, then 0.025, then 0.01
    (found,) = incidents(run.ledger(), book().ledger())
    assert found.recovered_us == us("9d")


def test_an_incident_that_goes_on_is_censored_at_the_end(book: Books) -> None:
    run = book().onset("a", "5d").hurt("5d", "20d").ledger()
    (found,) = incidents(run, book().ledger())
    assert found.recovered_us is None
    assert found.censored
    assert found.harmed == 15 * 24 * 60


def test_a_dip_while_the_change_goes_on_growing_is_no_recovery(book: Books) -> None:
    grows = book().onset("a", "5d", full="14d").hurt("5d", "7d").hurt("9d", "12d")
    (found,) = incidents(grows.ledger(), book().ledger())
    assert found.recovered_us == us("12d")
    grows.ended("a", "8d")  # repaired within the dip: what comes later is not its doing
    (found,) = incidents(grows.ledger(), book().ledger())
    assert found.recovered_us == us("7d")


def test_who_stays_well_while_the_change_goes_on_is_recovered(book: Books) -> None:
    run = book().onset("a", "5d", full="14d").hurt("5d", "7d")
    (found,) = incidents(run.ledger(), book().ledger())
    assert found.recovered_us == us("7d")


def test_an_incident_that_still_grows_at_the_end_is_over_only_if_that_end_is_well(
    book: Books,
) -> None:
    run = book().onset("a", "5d", full="60d").hurt("5d", "7d").hurt("9d", "12d")
    assert incidents(run.ledger(), book().ledger())[0].recovered_us == us("12d")
    run.hurt("18d", "20d")
    (found,) = incidents(run.ledger(), book().ledger())
    assert (found.recovered_us, found.censored) == (None, True)


def test_recovery_wants_a_whole_window(book: Books) -> None:
    # It is well again 20 hours before the end: no whole day shows it.
    run = book().onset("a", "5d").hurt("5d", "19d 4h", every=2).ledger()
    (found,) = incidents(run, book().ledger())
    assert found.recovered_us is None


def test_an_onset_too_late_for_a_window_is_judged_by_what_is_left(book: Books) -> None:
    bad = book().onset("a", "19d 12h").hurt("19d 12h", "20d").ledger()
    (found,) = incidents(bad, book().ledger())
    assert (found.harmless, found.censored) == (False, True)
    mild = book().onset("a", "19d 12h").ledger()
    (found,) = incidents(mild, book().ledger())
    assert (found.harmless, found.censored) == (True, True)


def test_a_gain_is_no_harm(book: Books) -> None:
    calm = book().hurt("0d", "20d").ledger()
    (found,) = incidents(book().onset("a", "5d").ledger(), calm)
    assert found.harmless
    assert found.harmed == 0


def test_lag_is_told_in_time_in_records_and_in_records_harmed(book: Books) -> None:
    run = book().onset("a", "5d").hurt("5d", "8d").alarm("errors", "6d").ledger()
    (found,) = incidents(run, book().ledger())
    first = found.first
    assert first is not None
    assert (first.monitor, first.layer) == ("errors", "performance")
    assert first.lag_us == us("1d")
    assert first.records == 24 * 600
    assert first.harmed == 24 * 60
    assert not first.early


@pytest.mark.parametrize("outcomes", [True, False])
def test_an_alarm_by_the_first_request_after_the_onset_has_lag_zero(
    book: Books, outcomes: bool
) -> None:
    made = book().onset("a", "5d").hurt("5d", "8d").alarm("requests", "5d", evidence="5d")
    (found,) = incidents(made.ledger(outcomes=outcomes), book().ledger(outcomes=outcomes))
    assert found.first is not None
    assert (found.first.lag_us, found.first.records) == (0, 0)


def test_without_outcomes_records_are_counted_and_harm_is_unknown(book: Books) -> None:
    made = book().onset("a", "5d 30m").hurt("5d 30m", "8d").alarm("errors", "6d")
    (found,) = incidents(made.ledger(outcomes=False), book().ledger(outcomes=False))
    assert found.first is not None
    assert found.first.records == 23 * 600 + 300
    assert found.first.harmed is None
    assert found.harmed is None


def test_an_alarm_before_the_harm_is_early(book: Books) -> None:
    run = book().onset("a", "5d", full="9d").hurt("7d", "9d").alarm("contract", "5d 3h").ledger()
    (found,) = incidents(run, book().ledger())
    # A day's mean passes 0.02 once more than 4.8 of its hours are bad.
    assert found.harm_us == us("6d 5h")
    assert found.first is not None
    assert found.first.early


def test_a_monitor_that_never_alarmed_missed_it(book: Books) -> None:
    run = book().signals(("contract", "input", "data"), ("errors", "performance", "model"))
    run.onset("a", "5d").hurt("5d", "8d").alarm("errors", "6d")
    (found,) = incidents(run.ledger(), book().ledger())
    assert [(d.monitor, d.missed, d.lag_us) for d in found.detections] == [
        ("errors", False, us("1d")),
        ("contract", True, None),
    ]


def test_the_oldest_incident_a_monitor_has_not_met_gets_the_alarm(book: Books) -> None:
    run = book().onset("a", "5d").onset("b", "6d").hurt("5d", "9d")
    run.alarm("errors", "6d 2h").alarm("errors", "6d 3h").alarm("errors", "6d 4h")
    run.alarm("contract", "6d 5h").alarm("errors", "15d")
    judged = [
        (j.alarm.monitor, j.verdict, j.incident) for j in alarms(run.ledger(), book().ledger())
    ]
    assert judged == [
        ("errors", "detection", "a"),
        ("errors", "detection", "b"),
        ("errors", "repeat", "a"),
        ("contract", "detection", "a"),
        ("errors", "false", ""),
    ]
    a, b = incidents(run.ledger(), book().ledger())
    assert a.first is not None
    assert b.first is not None
    assert (a.first.lag_us, b.first.lag_us) == (us("26h"), us("3h"))


def test_an_incident_that_begins_amid_the_harm_of_another_harms_at_once(book: Books) -> None:
    run = book().onset("a", "5d").onset("b", "6d").hurt("5d", "9d").ledger()
    a, b = incidents(run, book().ledger())
    assert (a.harm_us, b.harm_us) == (us("5d"), us("6d"))
    assert a.recovered_us == b.recovered_us == us("9d")


def test_records_harmed_while_two_incidents_were_open_are_shared(book: Books) -> None:
    run = book().onset("a", "3d").hurt("3d", "6d").onset("b", "5d").hurt("5d", "8d")
    run.onset("c", "14d").hurt("14d", "15d").onset("d", "5d 12h", columns=("x0",))
    first, second, quiet, alone = incidents(run.ledger(), book().ledger())
    assert first.shared_with == ("b", "d")
    assert (second.name, second.shared_with) == ("b", ("a", "d"))
    assert (quiet.name, quiet.shared_with) == ("d", ("a", "b"))
    assert alone.shared_with == ()


def test_evidence_from_before_the_onset_proves_nothing(book: Books) -> None:
    # A label of yesterday alarms an hour after the onset.
    run = book().onset("a", "5d").hurt("5d", "8d")
    run.alarm("errors", "5d 1h", evidence="4d 1h")
    run.alarm("errors", "5d 1h", evidence="5d")
    verdicts = [judged.verdict for judged in alarms(run.ledger(), book().ledger())]
    assert verdicts == ["false", "detection"]


def test_labels_that_arrive_spoiled_are_evidence_whenever_their_records_were_served(
    book: Books,
) -> None:
    # Late labels: what arrives after the onset was served the day before.
    for kind, verdicts in (
        ("annotator noise", ["false", "needless"]),
        ("label outage", ["false", "needless"]),
        ("drop", ["false", "false"]),
    ):
        run = book().onset("labels", "5d", full="9d", kind=kind)
        run.alarm("before", "5d", evidence="4d").alarm("errors", "5d 2h", evidence="4d 2h")
        assert [one.verdict for one in alarms(run.ledger(), book().ledger())] == verdicts
    # And what is lost to it before the alarm was not waited for: nobody had seen it.
    run = book().onset("labels", "5d", full="9d", kind="annotator noise").hurt("5d", "8d")
    run.alarm("errors", "6d", evidence="5d 2h")
    parts = Result(run.ledger(), book().ledger()).split.parts
    assert parts["labels"] == 0.0
    assert parts["detection"] > 0.0


def test_every_fault_of_labels_that_come_is_one_of_arrival() -> None:
    assert {kind.kind for kind in LabelFault.__subclasses__()} == set(ON_ARRIVAL)


def test_evidence_from_within_counts_though_the_alarm_comes_after(book: Books) -> None:
    run = book().onset("a", "5d").hurt("5d", "8d")
    run.alarm("errors", "9d", evidence="7d").alarm("late", "9d", evidence="8d")
    verdicts = [judged.verdict for judged in alarms(run.ledger(), book().ledger())]
    assert verdicts == ["detection", "false"]  # it closed at 8d


def test_columns_must_meet_if_both_name_some(book: Books) -> None:
    run = book().onset("a", "5d", columns=("age",)).onset("b", "6d", columns=("income",))
    run.hurt("5d", "9d")
    run.alarm("contract", "6d 1h", columns=("income", "city"))
    run.alarm("psi", "6d 2h", columns=("city",))
    run.alarm("errors", "6d 3h")
    judged = [(j.verdict, j.incident) for j in alarms(run.ledger(), book().ledger())]
    assert judged == [("detection", "b"), ("false", ""), ("detection", "a")]


def test_an_alarm_about_a_harmless_incident_is_true_but_needless(book: Books) -> None:
    run = book().onset("a", "5d", full="6d").alarm("psi", "5d 5h").alarm("psi", "7d 23h")
    run.alarm("psi", "8d 1h")
    found = alarms(run.ledger(), book().ledger())
    # Open until the transition's end (6d), the label delay (1d) and a day.
    assert [judged.verdict for judged in found] == ["needless", "repeat", "false"]
    (incident,) = incidents(run.ledger(), book().ledger())
    assert incident.harmless
    assert incident.first is not None


def test_a_repair_ends_the_transition(book: Books) -> None:
    run = book().onset("a", "5d", full="15d").ended("a", "6d").alarm("psi", "7d 23h")
    run.alarm("psi", "8d 1h")
    found = alarms(run.ledger(), book().ledger())
    assert [judged.verdict for judged in found] == ["needless", "false"]
    assert incidents(run.ledger(), book().ledger())[0].ended_us == us("6d")


def test_a_run_without_incidents_has_none_and_every_alarm_is_false(book: Books) -> None:
    run = book().alarm("errors", "3d").ledger()
    assert incidents(run, book().ledger()) == []
    assert [judged.verdict for judged in alarms(run, book().ledger())] == ["false"]


def test_a_stopped_run_is_compared_as_far_as_it_went(book: Books) -> None:
    run = book().onset("a", "5d").hurt("5d", "20d").stopped("6d 12h 30m", "it raised").ledger()
    (found,) = incidents(run, book().ledger())
    assert found.harm_us == us("5d")
    assert found.censored
    assert found.harmed == 36 * 60 + 30


def test_a_run_stopped_at_once_has_nothing_to_tell(book: Books) -> None:
    run = book().stopped("0d", "it raised").ledger()
    assert incidents(run, book().ledger()) == []
