"""The bench of judges as a user meets it: what it leaves, keeps, and says of mistakes."""

from __future__ import annotations

import csv
import json
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reports.bench.judges.entrants import default
from reports.bench.judges.output import as_json
from reports.bench.judges.plan import Plan, conduct
from reports.bench.judges.playing import PEEKING
from reports.bench.judges.safe import REWORK, UNSEEN, Way
from reports.bench.judges.scores import EQUAL, WORSE
from reports.bench.judges.worlds import GRADUAL, HALF, ROLLOUTS
from reports.cli import main
from strategies.judges.verdict import PROMOTE, ROLL_BACK

SMALL = ("bench", "judges", "--worlds", "6", "--requests", "2000", "--looks", "1", "--workers", "1")


def quiet(what: str, done: int, of: int) -> None:
    pass


def plan(worlds: int = 12, **how: Any) -> Plan:
    how = {"rollouts": (HALF, GRADUAL), "requests": 1_000, **how}
    return Plan(entrants=tuple(default()), worlds=worlds, a_day=1.0, **how)


def test_it_leaves_a_page_a_picture_and_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*SMALL, "--out", str(tmp_path)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "the promise of 5 %" in told
    (folder,) = tmp_path.glob("bench-judges-*")
    page = (folder / "page.html").read_text()
    assert "src='http" not in page
    for said in ("Mann-Whitney", "canary 1 %", "Expected days to a safe 100 %"):
        assert said in page
    assert (folder / "figures" / "bench.png").stat().st_size > 10_000
    names = {"judges", "promises", "people", "late", "safe", "all"}
    assert {file.stem for file in (folder / "tables").glob("*.csv")} == names
    with (folder / "tables" / "all.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 27 * 6 * 2 * 7  # worlds, judges, ways of looking, effects
    for row in rows:
        shares = [float(row[name]) for name in ("promote", "roll back", "inconclusive")]
        assert sum(shares) == pytest.approx(1.0)


def test_json_is_one_document_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--rollouts", "canary 5 %", "--judges", "threshold,SequentialRatio(effect=0.05)")
    assert main([*SMALL, *arguments, "--out", str(tmp_path), "--json"]) == 0
    out = capsys.readouterr()
    document = json.loads(out.out)
    assert document["worlds"] == 6
    assert {row["judge"] for row in document["rows"]} == {
        "threshold", "SequentialRatio(effect=0.05)",
    }  # fmt: skip
    assert out.err == ""


def test_results_do_not_depend_on_workers_and_what_is_kept_is_not_done_again(
    tmp_path: Path,
) -> None:
    alone = as_json(conduct(plan(), tmp_path / "one", workers=1, tell=quiet))
    kept = {file: file.stat().st_mtime_ns for file in (tmp_path / "one").glob("*.json")}
    lost = sorted(kept)[::2]
    for file in lost:
        file.unlink()
    assert as_json(conduct(plan(), tmp_path / "one", workers=2, tell=quiet)) == alone
    for file, then in kept.items():
        assert (file.stat().st_mtime_ns == then) == (file not in lost)


def test_ones_own_judge_takes_part_and_its_fault_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.py").write_text(
        "from strategies.judges.verdict import Verdict\n\n"
        "class Trusting:\n"
        "    def judge(self, evidence):\n"
        "        return Verdict('promote', 0.0, 0.0, 0.0, evidence.fewest, 'all will be well')\n\n"
        "class Broken:\n"
        "    def judge(self, evidence):\n"
        "        return 1 / 0\n"
    )
    mine = ("--rollouts", "half", "--judges", f"{tmp_path}/mine.py:Trusting", "--json")
    assert main([*SMALL, *mine, "--out", str(tmp_path / "out")]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    worse = [r for r in rows if r["points_better"] == -3.0 and r["looks"] == PEEKING]
    assert {row["promote"]["mean"] for row in worse} == {1.0}
    assert {row["days"]["mean"] for row in worse} == {2.0}  # the hold
    broken = ("--rollouts", "half", "--judges", f"{tmp_path}/mine.py:Broken")
    assert main([*SMALL, *broken, "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "mine.py:Broken raised ZeroDivisionError" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--judges", "treshold"), "did you mean 'Threshold'?"),
        (("--judges", "threshold,threshold"), "--judges is 'threshold': it is there twice"),
        (
            ("--rollouts", "canary"),
            "canary 1 %, gradual, full release, shadow",
        ),
        (("--worlds", "1"), "--worlds is 1: give a whole number from 2 up"),
        (("--looks", "0"), "--looks is 0.0: give a number between"),
    ],
)
def test_a_mistake_is_one_line(
    arguments: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*SMALL, *arguments, "--out", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("rollout", ["gradual", "full release"])
def test_days_to_a_safe_hundred_are_those_of_playing_it_out(rollout: str, tmp_path: Path) -> None:
    small = plan(40, rollouts=(ROLLOUTS[rollout],), requests=4_000)
    scores = conduct(small, tmp_path, workers=1, tell=quiet)
    family = scores.family(rollout)
    assert family is not None
    way = Way(scores=scores, family=family, way=PEEKING, label="bare threshold")
    rng, looks, taken = np.random.default_rng(7), family.looks(1.0), []
    for _ in range(2_000):
        days = 0.0
        while True:
            effect = WORSE if rng.random() < 0.3 else EQUAL
            counts = scores.counts(family, PEEKING, "bare threshold", effect)
            answer, look = divmod(rng.choice(counts.size, p=counts.ravel() / counts.sum()),
                                  counts.shape[1])  # fmt: skip
            answered = (PROMOTE, ROLL_BACK)[answer]
            if answered == ROLL_BACK:
                days += looks[look] + REWORK
                continue
            days += 0.0 if family.rollout.alone else looks[look]
            if effect == EQUAL:
                break
            days += UNSEEN + REWORK
        taken.append(days)
    found = way.days(0.3)
    assert abs(np.mean(taken) - found.value) < 4.5 * np.std(taken) / sqrt(2_000)
    assert found.low < found.value < found.high
