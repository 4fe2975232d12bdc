"""Where the loss went, against a slow reading of the definition, tick by tick."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.measures import alarms, loss, split, split_by_segment
from reports.measures.life import Life, lives
from reports.measures.pairing import shared_ticks
from sim.clock import HOUR_US, us
from sim.facts import (
    Acted,
    Alarm,
    Built,
    Decided,
    Ended,
    Fact,
    Paged,
    Routed,
    TrainingBegun,
    TrainingFailed,
)
from sim.ledger import Ledger
from sim.run import run as play
from sim.scenario import Scenario
from sim.schema import Schema  # noqa: F401 (the worlds below name columns of a schema)
from tests.reports.conftest import Book
from tests.sim.laws.operators import Restless
from tests.sim.laws.worlds import quick, scenarios

Books = Callable[..., Any]
PHASES = ("detection", "labels", "people", "training", "rollout", "aftermath")
DAYS = 10


# -- stories made by hand --------------------------------------------------------------------


def act(book: Any, at: str, action: str, detail: str = "") -> None:
    book.facts.append(Acted(at_us=us(at), action=action, detail=detail, why=""))


def job(book: Any, number: int, asked: str, ends: str, version: str = "") -> None:
    """Let a training be asked for and begun at once; without a *version* it fails."""
    act(book, asked, "retrain", "window=30d")
    begun_us, at_us = us(asked), us(ends)
    book.facts.append(TrainingBegun(at_us=begun_us, job=number, snapshot="", rows=1, ends_us=at_us))
    if version:
        built = Built(
            at_us=at_us, job=number, version=version, begun_us=begun_us, claim=0, cost=0, digest=""
        )
        book.facts.append(built)
    else:
        book.facts.append(TrainingFailed(at_us=at_us, job=number, why="", cost=0))


def said(book: Any, at: str, waits_for: str) -> None:
    book.facts.append(
        Decided(
            at_us=us(at), part="gate", answer="unknown", about="", why="", value=None,
            threshold=None, records=0, waits_for=waits_for,
        )
    )  # fmt: skip


def hours(found: Any) -> dict[str, float]:
    """Return the parts in hours of harm: a book loses 60 requests an hour while it is hurt."""
    return {name: found.parts[name] / 60 for name in PHASES if found.parts[name]}


def test_every_phase_of_one_incident_has_its_hours(book: Books) -> None:
    run = book().onset("a", "5d").hurt("5d", "8d").routed("0d", "v0")
    run.alarm("errors", "6d", evidence="5d 10h")  # 10 h unseen, 14 h until the label came
    said(run, "6d 1h", "labels")  # 1 h of people, then it waits for 5 h of labels
    said(run, "6d 6h", "")
    job(run, 1, "6d 8h", "6d 20h", "v1")
    act(run, "7d 2h", "promote", "version=v1")
    run.routed("8d", "v1")
    found = split(run.ledger(), book().ledger())
    assert hours(found) == {
        "detection": 10,
        "labels": 14 + 5,
        "people": 1 + 2,
        "training": 12,
        "rollout": 28,
    }
    assert found.total == 72 * 60


def test_an_incident_that_nobody_answers_is_all_detection(book: Books) -> None:
    run = book().onset("a", "5d").hurt("5d", "8d").routed("0d", "v0")
    assert hours(split(run.ledger(), book().ledger())) == {"detection": 72}


def test_a_calendar_that_answers_unknowingly_ends_the_detection(book: Books) -> None:
    run = book().onset("a", "5d").hurt("5d", "8d").routed("0d", "v0")
    job(run, 1, "7d", "7d 12h", "v1")
    act(run, "7d 12h", "promote", "version=v1")
    run.routed("8d", "v1")
    assert hours(split(run.ledger(), book().ledger())) == {
        "detection": 48,
        "training": 12,
        "rollout": 12,
    }


def test_a_training_begun_before_the_onset_answers_nothing(book: Books) -> None:
    run = book().onset("a", "5d").hurt("5d", "8d").routed("0d", "v0").alarm("errors", "6d")
    job(run, 1, "4d 20h", "6d 12h", "v1")
    assert hours(split(run.ledger(), book().ledger())) == {"detection": 24, "people": 48}


def test_a_page_that_mends_the_feed_is_the_response(book: Books) -> None:
    run = book().onset("a", "5d").hurt("5d", "8d").routed("0d", "v0").ended("a", "8d")
    run.facts.append(Paged(at_us=us("6d"), owner="data", by="data", cost=0.0))
    assert hours(split(run.ledger(), book().ledger())) == {"detection": 24, "people": 48}


def test_incidents_that_overlap_share_equally(book: Books) -> None:
    run = book().onset("a", "5d").onset("b", "7d").hurt("5d", "8d").routed("0d", "v0")
    run.alarm("errors", "6d")
    found = hours(split(run.ledger(), book().ledger()))
    # From 7d to 8d both are open: half of it is of b, which nobody has seen.
    assert found == {"detection": 24 + 12, "people": 24 + 12}


def test_what_no_incident_explains_is_aftermath(book: Books) -> None:
    run = book().onset("a", "5d").hurt("5d", "6d").hurt("9d", "9d 10h", every=10)
    assert hours(split(run.ledger(), book().ledger()))["aftermath"] == 10


def test_standing_and_irreducible_are_of_the_calm_world_and_the_best_rule(book: Books) -> None:
    run, calm = book().hurt("0d", "20d", every=5).ledger(), book().hurt("0d", "20d").ledger()
    run.timeline.ideal[:, 0], calm.timeline.ideal[:, 0] = 12.0, 5.0
    found = split(run, calm)
    assert found.irreducible == 480 * 12
    assert found.standing == 480 * (60 - 5)
    assert found.excess == found.aftermath == 480 * (120 - 12 - 55)


# -- a slow reading of the definition --------------------------------------------------------


def leads(route: Routed) -> str:
    return route.challenger if route.challenger and route.share == 1.0 else route.champion


def about(fact: Fact, version: str) -> bool:
    return isinstance(fact, Acted) and fact.detail.split(",")[0] == f"version={version}"


def awaits(facts: list[Fact], version: str) -> bool:
    """Say whether *version* was built and neither accepted nor rejected, after these *facts*."""
    built = ordered = shadowed = False
    for fact in facts:
        if isinstance(fact, Built) and fact.version == version:
            built = True
        elif built:
            if isinstance(fact, Built) and not (ordered or shadowed):
                return False
            if isinstance(fact, Routed) and leads(fact) == version:
                return False
            if isinstance(fact, Acted):
                if fact.action == "archive" and about(fact, version):
                    return False
                if fact.action == "rollback" and ordered:
                    return False
                ends = fact.action == "shadow" and fact.detail == "version="
                if ends and shadowed and not ordered:
                    return False
                shadowed |= fact.action == "shadow" and about(fact, version)
                ordered |= fact.action in ("promote", "release") and about(fact, version)
    return built


def response(run: Ledger, life: Life) -> int | None:
    """Return the first doing since the onset whose result is in service at the recovery."""
    end_us = 10**18 if life.recovered_us is None else life.recovered_us + run.timeline.tick_us
    past = [fact for fact in run.facts if fact.at_us < end_us]
    routes = [fact for fact in past if isinstance(fact, Routed)]
    serving = {routes[-1].champion, routes[-1].challenger}
    retrainings = 0
    for fact in past:
        helps = False
        if isinstance(fact, Acted) and fact.action in ("promote", "release", "shadow"):
            helps = any(version and about(fact, version) for version in serving)
        elif isinstance(fact, Acted) and fact.action == "retrain":
            retrainings += 1
            helps = any(b.version in serving for b in run.of(Built) if b.job == retrainings)
        elif isinstance(fact, TrainingBegun):
            helps = any(b.version in serving for b in run.of(Built) if b.job == fact.job)
        elif isinstance(fact, Acted) and fact.action == "rollback":
            of_leader = [route for route in routes if leads(route) == leads(routes[-1])]
            helps = of_leader[-1].cause.startswith("roll back")
        elif isinstance(fact, Acted) and fact.action == "fallback":
            helps = fact.detail == "on=True" and routes[-1].fallback
        elif isinstance(fact, Acted) and fact.action == "quarantine":
            helps = fact.detail != "columns=()" and bool(routes[-1].quarantined)
        elif isinstance(fact, Paged):
            helps = any(
                isinstance(other, Ended) and other.name == life.onset.name
                and other.why == f"repaired by {fact.by}"
                for other in past
            )  # fmt: skip
        if helps and fact.at_us >= life.onset.at_us:
            return fact.at_us
    return None


def phase(run: Ledger, life: Life, alarm: Alarm | None, now_us: int) -> str:
    acted_us = response(run, life)
    starts = [at for at in (acted_us, None if alarm is None else alarm.at_us) if at is not None]
    if not starts:
        return "detection"
    evidence_us = min(starts) if alarm is None else alarm.evidence_us
    if now_us < min(starts):
        return "detection" if now_us < evidence_us else "labels"
    past = [fact for fact in run.facts if fact.at_us <= now_us]
    begun = [b for b in past if isinstance(b, TrainingBegun) and b.at_us >= life.onset.at_us]
    done = {b.job for b in past if isinstance(b, Built | TrainingFailed)}
    mine = [b.version for b in run.of(Built) if b.job and b.begun_us >= life.onset.at_us]
    if any(awaits(past, version) for version in mine):
        return "rollout"
    if any(b.job not in done for b in begun):
        return "training"
    said = [fact for fact in past if isinstance(fact, Decided)]
    last = [fact for fact in said if fact.at_us == said[-1].at_us]
    return "labels" if any(fact.waits_for == "labels" for fact in last) else "people"


def slow_split(run: Ledger, calm: Ledger) -> dict[str, float]:
    found = dict.fromkeys(PHASES, 0.0)
    first: dict[str, Alarm] = {}
    for judged in alarms(run, calm):
        if judged.incident:
            first.setdefault(judged.incident, judged.alarm)
    harmful = [life for life in lives(run, calm) if life.harm_us is not None]
    mine, twin = run.timeline, calm.timeline
    for tick in range(shared_ticks(run, calm)):
        now_us = tick * mine.tick_us
        excess = mine.loss[tick].sum() - mine.ideal[tick].sum()
        excess -= twin.loss[tick].sum() - twin.ideal[tick].sum()
        on = [life for life in harmful if life.open_at(now_us)]
        for life in on:
            found[phase(run, life, first.get(life.onset.name), now_us)] += excess / len(on)
        if not on:
            found["aftermath"] += excess
    return found


HOURS = st.integers(1, DAYS * 24 - 1)


@st.composite
def stories(draw: st.DrawFn) -> tuple[Ledger, Ledger]:
    """Draw a run and its calm twin: incidents that overlap, are missed, are harmless or never end;
    trainings for nothing; versions that are let out, put away or rolled back.
    """
    book = Book(hours=DAYS * 24, per_tick=250).routed("0d", "v0")
    calm = Book(hours=DAYS * 24, per_tick=250)
    for name in "abc"[: draw(st.integers(0, 3))]:
        onset = draw(st.integers(1, 120))
        book.onset(name, f"{onset}h", full=f"{min(onset + draw(st.integers(0, 50)), 239)}h")
        if draw(st.booleans()):
            after = draw(st.integers(onset, DAYS * 24 - 1))
            book.ended(name, f"{after}h")
            page_us = draw(st.integers(0, after)) * HOUR_US
            book.facts.append(Paged(at_us=page_us, owner="data", by="data", cost=0.0))
    for which, most in ((book, 4), (calm, 1)):
        for _ in range(draw(st.integers(most // 4, most))):
            start = draw(st.integers(0, 150))
            stop = min(DAYS * 24, start + draw(st.integers(1, 200)))
            which.hurt(f"{start}h", f"{stop}h", every=draw(st.sampled_from([2, 10, 40])))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(HOURS)
        evidence = max(0, at - draw(st.integers(0, 30)))
        book.alarm(draw(st.sampled_from(["x", "y"])), f"{at}h", evidence=f"{evidence}h")
    for _ in range(draw(st.integers(0, 5))):
        said(book, f"{draw(HOURS)}h", draw(st.sampled_from(["labels", "", "people"])))
    _jobs(draw, book)
    books = book.ledger(outcomes=False), calm.ledger(outcomes=False)
    if draw(st.booleans()):  # otherwise the ideal is unknown, and 0
        for place, ledger in enumerate(books):
            noise = np.random.default_rng(draw(st.integers(0, 9)) + place)
            ledger.timeline.ideal[:, 0] = noise.random(DAYS * 24)
    return books


def _jobs(draw: st.DrawFn, book: Any) -> None:
    at = 0
    for number in range(1, 1 + draw(st.integers(0, 4))):
        at += draw(st.integers(0, 40))
        took = draw(st.integers(1, 20))
        fate = draw(st.sampled_from(["fails", "waits", "archive", "promote", "canary", "back"]))
        version = "" if fate == "fails" else f"v{number}"
        job(book, number, f"{at}h", f"{at + took}h", version)
        at += took
        later = at + draw(st.integers(0, 60))
        if fate == "archive":
            act(book, f"{later}h", "archive", f"version={version}")
        elif fate in ("promote", "canary", "back"):
            share = 0.1 if fate == "canary" else 1.0
            verb = "promote" if fate == "promote" else "release"
            act(book, f"{at}h", verb, f"version={version}, share={share}")
            if fate == "promote":
                book.routed(f"{later}h", version)
            else:
                book.routed(f"{later}h", "v0", challenger=version, share=share)
            if fate == "back":
                act(book, f"{later + 3}h", "rollback")
                book.routed(f"{later + 4}h", "v0")
                book.facts[-1] = Routed(**{**vars(book.facts[-1]), "cause": f"roll back {version}"})


@quick(200)
@given(story=stories())
def test_the_split_is_what_the_definition_says(story: tuple[Ledger, Ledger]) -> None:
    run, calm = story
    found = split(run, calm)
    whole = float(run.timeline.loss.sum())
    assert found.total == pytest.approx(whole, rel=1e-9, abs=1e-9)
    assert found.excess == pytest.approx(
        float((run.timeline.excess() - calm.timeline.excess()).sum()), abs=1e-6
    )
    slow = slow_split(run, calm)
    assert {name: found.parts[name] for name in PHASES} == pytest.approx(slow, abs=1e-6)


# -- years that the engine played ------------------------------------------------------------


@quick(9)
@given(scenario=scenarios(), salt=st.integers(0, 99), seed=st.integers(0, 3))
def test_the_parts_add_up_in_any_world_under_a_restless_operator(
    scenario: Scenario, salt: int, seed: int
) -> None:
    mine, calm = (
        play(world, Restless(salt=salt, often=3), seed=seed)
        for world in (scenario, scenario.calm())
    )
    found = split(mine, calm)
    assert found.total == pytest.approx(loss(mine, calm).total, rel=1e-9)
    slow = slow_split(mine, calm)
    assert {name: found.parts[name] for name in PHASES} == pytest.approx(slow, rel=1e-9, abs=1e-6)
    groups = split_by_segment(mine, calm)
    for name, value in found.parts.items() if groups else ():
        assert sum(group.parts[name] for group in groups.values()) == pytest.approx(value, abs=1e-6)
