"""A game is an ordinary run that can be taken up again, and changed by whoever leads it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from reports.rehearsal.game import Game
from reports.rehearsal.record import Opening, Record
from scenarios import catalogue
from sim.actions import Action, PageOwner, Promote, Retrain, Rollback
from sim.errors import Mistake, Refused
from sim.facts import Acted, Alarm, Onset
from sim.faults import NullBurst
from sim.run import run
from sim.scenario import Scenario
from sim.view import View
from strategies.play.kit import kit
from strategies.policy import Policy
from strategies.presets.maturity import level_2

WEEK_US = 7 * 86_400 * 10**6


def scenario() -> Scenario:
    found: Scenario = catalogue()["null-burst"]()
    return found


def begun(seed: int = 4) -> Game:
    year = scenario()
    return Game(year, seed=seed, monitors=kit(year))


def until(game: Game, weeks: float) -> None:
    while not game.over and game.now_us < weeks * WEEK_US:
        game.step()


def played() -> Game:
    """A game with a few moves, some of them at one moment."""
    game = begun()
    until(game, 3)
    game.act(Retrain("14d", why="to see how it is done"), by="anna")
    until(game, 4)
    game.act(Promote("v1", why="it is newer"), by="anna")
    game.act(PageOwner("data"), by="ben")
    until(game, 6)
    game.act(Rollback(why="it is no better"), by="ben")
    return game


def test_a_game_is_an_ordinary_run_of_an_ordinary_strategy() -> None:
    game = played()
    game.finish()
    ledger = game.ledger()
    assert ledger.digest() == game.signature()
    verbs = [fact.action for fact in ledger.of(Acted)]
    assert verbs == ["retrain", "promote", "page", "rollback"]


def test_a_game_that_nobody_plays_is_the_year_of_its_autopilot() -> None:
    year, policy = scenario(), level_2()
    game = Game(year, seed=4, monitors=policy.monitors, autopilot=policy)
    game.finish()
    hourly = run(year, _Hourly(policy), seed=4)
    mine = [(f.at_us, f.kind) for f in game.ledger().facts]
    assert mine == [(f.at_us, f.kind) for f in hourly.facts]


class _Hourly:
    """A policy that is asked at every tick, as a person is."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.monitors = policy.monitors

    def decide(self, view: View) -> Iterable[Action]:
        """Do as the policy does."""
        return self._policy.decide(view)


def test_a_game_goes_on_where_it_stood() -> None:
    game = played()
    again = begun()
    again.resume(game.moves, game.place)
    assert again.now_us == game.now_us
    assert [line.fact for line in again.log] == [line.fact for line in game.log]
    for each in (game, again):
        each.finish()
    assert again.ledger().digest() == game.ledger().digest()


def test_a_game_of_another_scene_is_refused() -> None:
    game = played()
    other = catalogue()["gradual-drift"]()
    with pytest.raises(Mistake, match="does not fit"):
        Game(other, seed=4, monitors=kit(other)).resume(game.moves, game.place)


def test_reasons_may_be_filled_in_later_and_stand_in_the_ledger() -> None:
    game = played()
    game.explain(2, "values are missing")
    game.finish()
    assert [f.why for f in game.ledger().of(Acted)][2] == "values are missing"


def test_what_is_impossible_is_refused_and_leaves_no_trace() -> None:
    game = begun()
    until(game, 1)
    before = len(game.log), len(game.moves)
    with pytest.raises(Refused):
        game.act(Promote("v9"))
    assert (len(game.log), len(game.moves)) == before


def test_what_is_brought_in_changes_nothing_that_has_happened() -> None:
    game = played()
    told = [(line.fact.at_us, line.fact.kind) for line in game.log]
    at = f"{game.now_us // 10**6 + 86_400}s"
    game.inject(NullBurst(name="brought in", at=at, columns=("x1",), share=1.0))
    assert [(line.fact.at_us, line.fact.kind) for line in game.log] == told
    game.finish()
    onsets = {fact.name: fact.at_us for fact in game.ledger().of(Onset)}
    assert onsets["brought in"] > 6 * WEEK_US
    assert any(
        isinstance(line.fact, Alarm) and line.fact.at_us >= onsets["brought in"]
        for line in game.log
    )


def test_the_past_cannot_be_changed() -> None:
    game = played()
    with pytest.raises(Refused, match="before the present"):
        game.inject(NullBurst(at="1d", columns=("x1",)))


def test_people_read_no_truth() -> None:
    game = begun()
    game.finish()
    assert {line.fact.role for line in game.log} <= {"observation", "action"}


def test_a_record_tells_the_whole_game_and_gives_nothing_away(tmp_path: Path) -> None:
    folder = tmp_path / "game"
    opening = Opening(scene="first-week-on-call", seed=4, mystery=True)
    record = Record.begin(folder, opening)
    game = played()
    for move in game.moves:
        record.moved(move)
    record.reasoned(2, "values are missing")
    record.reached(game.place)
    raw = (folder / "game.jsonl").read_text(encoding="utf-8")
    assert "first-week" not in raw
    assert "burst" not in raw
    with (folder / "game.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"kind": "move", "order": "promo')  # killed in the middle of a line
    again = Record.read(folder)
    assert again.opening == opening
    assert again.place == game.place
    assert [m.action for m in again.moves][:2] == [m.action for m in game.moves][:2]
    assert again.moves[2].action == PageOwner("data", why="values are missing")
    record.reached(game.place)
    assert Record.read(folder).place == game.place


def test_a_folder_without_a_game_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="no game lies there"):
        Record.read(tmp_path)
