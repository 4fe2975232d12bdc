"""Reference years: each incident's own harm, each stage's own cost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reports import folder, names
from reports.cli import main
from reports.commands.run import play
from reports.measures import split_by_stage
from reports.references import apart, stage_chain, windows
from sim.actions import Everything
from strategies.policy import Policy
from strategies.windows import Expanding, LastRecords, LastSpan


def recipe(scenario: str, strategy: str) -> folder.Recipe:
    return folder.Recipe(names.scenario(scenario, 3), names.strategy(strategy), 3)


def test_the_harm_of_each_incident_adds_up_to_the_whole() -> None:
    asked = recipe("two-at-once(horizon='12w')", "contract")
    result = play(asked, quiet=True)
    found = apart(asked, result)
    assert len(found.harm) == 2
    assert not found.stages
    whole = result.run.timeline.loss.sum() - result.calm.timeline.loss.sum()
    assert sum(found.harm.values()) == pytest.approx(float(whole))


def test_the_stage_that_ails_costs_most_and_stages_in_a_row_add_up() -> None:
    asked = recipe("pipeline-retrieval(horizon='14w')", "never")
    result = play(asked, quiet=True)
    found = apart(asked, result)
    assert max(found.stages, key=found.stages.__getitem__) == "retrieval"
    chain = stage_chain(asked, result)
    parts = split_by_stage(chain, tuple(found.stages))
    above = float(result.run.timeline.excess().sum())  # four perfect stages lose the ideal
    assert sum(part.total for part in parts.values()) == pytest.approx(above)
    first = result.run.timeline.loss.sum() - chain[1][0].timeline.loss.sum()
    assert parts["retrieval"].total == pytest.approx(float(first))


def test_hindsight_trains_on_the_window_of_the_strategy() -> None:
    assert windows(Policy(window=LastRecords(records=500))) == (500,)
    assert windows(Policy(window=LastSpan(span="9d"))) == ("9d",)
    assert windows(Policy(window=Expanding())) == (Everything(),)
    assert windows(object()) == ("30d",)


def test_run_says_why_regret_is_unknown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["run", "selective-labels", "-s", "never", "--seed", "1", "--hindsight"]
    assert main([*asked, "--out", str(tmp_path)]) == 0
    assert "regret    unknown: what is served decides" in capsys.readouterr().out
    (written,) = tmp_path.glob("selective-labels-*/summary.json")
    assert json.loads(written.read_text(encoding="utf-8"))["regret"] is None
