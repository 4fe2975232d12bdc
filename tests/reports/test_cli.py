"""The command line from outside: what is printed, what is written, how it exits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

import sim.run
from reports.cli import main
from sim.clock import us
from sim.ledger import Ledger

WORLD = '''
from dataclasses import dataclass
from sim.actions import Promote, Release, Retrain
from sim.artifacts import Learned
from sim.concepts import Linear
from sim.faults import Drop
from sim.labels import Labels, Constant
from sim.scenario import Launch, Scenario
from sim.stream import Stream
from sim.traffic import Traffic
from strategies.monitors import Contract


def world(*, share: float = 1.0, horizon: str = "20d", delay: str = "1d",
          column: str = "x0") -> Scenario:
    """A feed goes missing."""
    return Scenario(
        name="little-world", story="A feed goes missing.\\nNobody is told.", horizon=horizon,
        stream=Stream(concept=Linear(columns=3), traffic=Traffic(rate="60/h")),
        faults=(Drop(at="8d", columns=(column,), share=share, name="gone"),),
        labels=Labels(delay=Constant(delay=delay)), launch=Launch(window="7d"),
    )


class CannotFit:
    def fit(self, x, y): raise ValueError("no patience for this")
    def predict(self, x): return x
    def get_params(self, deep=True): return {}


def unfit() -> Scenario:
    from dataclasses import replace
    return replace(world(), artifact=Learned(estimator=CannotFit()))


@dataclass(frozen=True, kw_only=True)
class Watchful:
    """Looks, and does nothing."""

    heartbeat: str = "0"
    limit: float = 0.01

    @property
    def monitors(self):
        return (Contract(limit=self.limit),)

    def decide(self, view):
        return ()


class Raises:
    def decide(self, view):
        raise RuntimeError("no idea")


class NoAction:
    def decide(self, view):
        return ["retrain"]


class Unknown:
    def decide(self, view):
        yield Promote("v9")


class TooMuch:
    def decide(self, view):
        yield Release("v0", 1.4)


class Endless:
    def decide(self, view):
        while True:
            yield Retrain()


class Loops:
    def decide(self, view):
        while True:
            pass


class Interrupts:
    def decide(self, view):
        raise KeyboardInterrupt


class Chatty:
    heartbeat = "0"
    monitors = ()

    def decide(self, view):
        return ()


print("a plug-in may say something when it is loaded")
'''


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.py").write_text(WORLD)
    return tmp_path


def run(strategy: str, *more: str, scenario: str = "my.py:world") -> int:
    return main(["run", scenario, "--strategy", strategy, "--seed", "7", *more])


def files(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_run_tells_the_year_and_writes_its_folder(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("my.py:Watchful") == 0
    told = capsys.readouterr().out
    assert "A feed goes missing.\nNobody is told." in told
    assert "found after 1h by contract" in told
    assert "contract (input)" in told
    assert "claimed offline" in told
    assert "seed      7\n" in told
    assert max(map(len, told.splitlines())) <= 100
    (folder,) = (p for p in (here / "out").iterdir() if not p.is_symlink())
    assert f"folder    {Path('out') / folder.name}" in told
    assert files(folder) == {
        "config.yaml",
        "ledger.parquet",
        "timeline.parquet",
        "summary.json",
        "report.html",
        "calm/ledger.parquet",
        "calm/timeline.parquet",
        *(f"figures/{name}.png" for name in ("timeline", "causes", "lags", "lineage")),
        *(f"figures/{name}.svg" for name in ("timeline", "causes", "lags", "lineage")),
        *(f"tables/{name}.csv" for name in ("decisions", "detections", "loss", "versions")),
        "papers/incidents.md",
        "papers/v0.md",
        "plugins/my.py",
    }
    assert (here / "out" / "latest").resolve() == folder
    assert (folder / "plugins" / "my.py").read_text() == WORLD
    ledger = Ledger.read(folder)
    assert f"digest    {ledger.digest()}" in told
    assert Ledger.read(folder / "calm").requests == ledger.requests


def test_what_config_holds_is_enough_to_run_it_again(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("my.py:Watchful(limit=0.02)", "--quiet", "--outcomes") == 0
    assert capsys.readouterr().out == ""
    folder = (here / "out" / "latest").resolve()
    assert (folder / "outcomes.parquet").is_file()
    config = yaml.safe_load((folder / "config.yaml").read_text())
    assert config["strategy"] == "plugins/my.py:Watchful(limit=0.02)"
    assert config["fingerprint"]["numpy"]
    monkeypatch.chdir(folder)
    asked = [config["command"], config["scenario"], "-s", config["strategy"]]
    assert (
        main([*asked, "--seed", str(config["seed"]), "--out", str(here / "again"), "--json"]) == 0
    )
    assert json.loads(capsys.readouterr().out)["digest"] == config["digest"]


def test_equal_runs_share_a_folder_and_a_changed_plugin_is_another_run(here: Path) -> None:
    assert run("my.py:Watchful", "--quiet") == 0
    first = (here / "out" / "latest").resolve()
    assert run("my.py:Watchful", "--quiet") == 0
    assert (here / "out" / "latest").resolve() == first
    (here / "my.py").write_text(WORLD + "# a remark\n")
    assert run("my.py:Watchful", "--quiet") == 0
    assert (here / "out" / "latest").resolve() != first
    assert len(list((here / "out").iterdir())) == 3


def test_json_is_one_document_and_nothing_else(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("my.py:Watchful", "--json") == 0
    found = capsys.readouterr()
    document = json.loads(found.out)
    assert document["schema"] == 1
    assert document["verdict"] == "pass"
    assert document["incidents"][0]["detections"][0]["lag_s"] == 3600.0
    assert "a plug-in may say something" in found.err
    written = json.loads((here / "out" / "latest" / "summary.json").read_text())
    assert written == document


STORY = """\
extends: base.yaml
faults:
  - {kind: Drop, at: 'uniform(3d, 6d)', columns: [x0]}
"""
BASE = """\
story: A feed goes missing.
horizon: 9d
stream: {concept: {kind: Linear, columns: 3}, traffic: {rate: 60/h}}
"""


def test_a_yaml_file_is_a_scenario_whose_ranges_the_seed_draws(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "base.yaml").write_text(BASE)
    (here / "sub").mkdir()
    (here / "sub" / "story.yaml").write_text(STORY.replace("base", "../base"))
    assert run("my.py:Watchful", "--json", scenario="sub/story.yaml") == 0
    told = json.loads(capsys.readouterr().out)
    ((path, at),) = told["drawn"].items()
    assert path == "faults[Drop].at"
    assert us(at) == 1e6 * told["incidents"][0]["onset_s"]
    folder = (here / "out" / "latest").resolve()
    config = yaml.safe_load((folder / "config.yaml").read_text())
    assert config["drawn"] == told["drawn"]
    assert Ledger.read(folder).scenario["drawn"] == told["drawn"]
    monkeypatch.chdir(folder)
    again = ["run", config["scenario"], "-s", config["strategy"], "--json", "--out", "again"]
    assert main([*again, "--seed", str(config["seed"])]) == 0
    assert json.loads(capsys.readouterr().out)["digest"] == told["digest"]
    assert main([*again, "--seed", "8"]) == 0
    assert json.loads(capsys.readouterr().out)["drawn"] != told["drawn"]


def test_check_names_every_mistake_of_a_file(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "base.yaml").write_text(BASE.replace("9d", "9 days").replace("columns: 3", "column: 3"))
    assert main(["check", "base.yaml"]) == 2
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("base.yaml: line 3: stream.concept.column: Linear has no field")
    (here / "base.yaml").write_text(BASE.replace("9d", "9 days"))
    assert main(["check", "base.yaml"]) == 2
    assert "base.yaml: line 2: horizon is '9 days'" in capsys.readouterr().out
    (here / "base.yaml").write_text(BASE)
    assert main(["check", "base.yaml"]) == 0
    assert "a sound scenario" in capsys.readouterr().out


def test_without_a_seed_one_is_drawn_and_told(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["run", "my.py:world(horizon='2d')", "-s", "my.py:Chatty"]
    assert main(asked) == 0
    told = capsys.readouterr().out
    seed = told.split("seed      ")[1].split()[0]
    assert "drawn" in told
    assert yaml.safe_load((here / "out/latest/config.yaml").read_text())["seed"] == int(seed)


@pytest.mark.parametrize(
    ("strategy", "told"),
    [
        ("Raises", "RuntimeError: no idea, at 1h after the launch"),
        ("NoAction", "is no action"),
        ("Unknown", "promote.version is 'v9'"),
        ("TooMuch", "release.share is 1.4"),
        ("Endless", "more than 1,000 actions at one moment"),
    ],
)
def test_a_strategy_out_of_its_mind_fails_and_its_ledger_is_kept(
    here: Path, capsys: pytest.CaptureFixture[str], strategy: str, told: str
) -> None:
    assert run(f"my.py:{strategy}") == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "Verdict fail" in out
    assert told in out
    ledger = Ledger.read(here / "out" / "latest")
    assert ledger.stopped
    assert ledger.requests["total"] > 0
    assert (here / "out" / "latest" / "figures" / "timeline.png").is_file()


def test_a_strategy_that_hangs_is_unknown(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sim.run, "run", partial(sim.run.run, patience=0.2))
    assert run("my.py:Loops", "--quiet") == 3
    document = json.loads((here / "out" / "latest" / "summary.json").read_text())
    assert document["verdict"] == "unknown"
    assert document["stopped"].startswith("stopped by the clock")


def test_ctrl_c_leaves_nothing_behind(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("my.py:Interrupts") == 130
    assert capsys.readouterr().err.splitlines()[-1].startswith("driftyard: interrupted")
    assert not (here / "out").exists()


def test_a_fault_of_ours_is_no_verdict(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("a gear fell off")

    monkeypatch.setattr(sim.run, "run", broken)
    assert run("never", "--debug", scenario="calm-year") == 70
    found = capsys.readouterr().err
    assert "Traceback" in found
    last = found.splitlines()[-1]
    assert last.startswith("driftyard: a fault of driftyard, not yours: ZeroDivisionError")
    saved = Path(last.split("report it with ")[1].split(",")[0])
    kept = saved.read_text()
    saved.unlink()
    assert "command: driftyard run calm-year --strategy never --seed 7" in kept
    assert "numpy: " in kept
    assert not (here / "out").exists()


@pytest.mark.parametrize(
    ("argv", "names"),
    [
        (["frob"], ["frob", "run"]),
        (["run", "calm-year"], ["--strategy"]),
        (["run", "silent-schema-chnge", "-s", "never"], ["silent-schema-chnge", "did you mean"]),
        (["run", "calm-year", "-s", "nevr"], ["strategy is 'nevr'", "did you mean 'never'?"]),
        (["run", "calm-year(ratte='1/h')", "-s", "never"], ["'ratte'", "did you mean 'rate'?"]),
        (["run", "calm-year", "-s", "scheduled(evry='3d')"], ["'evry'", "did you mean 'every'?"]),
        (["run", "calm-year", "-s", "scheduled(every='-3d')"], ["every", "'-3d'", "negative"]),
        (["run", "calm-year", "-s", "scheduled(every=3d)"], ["3d", "quotes"]),
        (["run", "calm-year", "-s", "scheduled(every=week)"], ["every is week", "quotes"]),
        (["run", "calm-year", "-s", "scheduled('3d')"], ["with its field"]),
        (["run", "calm-year", "-s", "scheduled(every='3d'"], ["name(field=value)"]),
        (["run", "calm-year", "-s", "on-alarm(detector=ADWINN())"], ["did you mean 'ADWIN'?"]),
        (["run", "calm-year", "-s", "on-alarm(detector=open('x'))"], ["detector is 'open'"]),
        (["run", "calm-year", "-s", "on-alarm(detector=ADWIN(delta=7))"], ["ADWIN.delta is 7"]),
        (["run", "calm-year", "-s", "on-alarm(detector=3)"], ["detector is 3", "update"]),
        (["run", "my.py:world(delay='-3d')", "-s", "never"], ["labels.delay", "'-3d'", "negative"]),
        (["run", "my.py:world(share=1.4)", "-s", "never"], ["share is 1.4", "between 0 and 1"]),
        (["run", "my.py:world(column='age')", "-s", "never"], ["columns", "'age'", "x0"]),
        (["run", "my.py:unfit", "-s", "never"], ["artifact", "no patience for this"]),
        (["run", "my.py:wrld", "-s", "never"], ["did you mean 'world'?"]),
        (["run", "my.py", "-s", "my.py"], ["say which", "world"]),
        (["run", "my.py:world", "-s", "my.py:world"], ["that is no strategy"]),
        (["run", "none.py:world", "-s", "never"], ["none.py", "no such file"]),
        (["run", "broken.py:x", "-s", "never"], ["broken.py, line 1", "cannot read"]),
        (["run", "crash.py:x", "-s", "never"], ["crash.py, line 2", "ZeroDivisionError"]),
        (["run", "calm-year", "-s", "never", "--seed", "x"], ["--seed is 'x'"]),
        (["run", "calm-year", "-s", "never", "--seed", "-4"], ["--seed is '-4'"]),
        (["run", "calm-year", "-s", "never", "--out", "my.py"], ["--out is 'my.py'"]),
        (["show", "x"], ["name is 'x'", "never"]),
        (["show", "calm-year", "--figure", "a.pdf"], ["--figure", "a.pdf", ".png or .svg"]),
        (["show", "calm-year", "never", "--figure", "a.png"], ["--figure", "one scenario"]),
        (["show", "calm-year", "--figure", "no/where.png"], ["where.png", "no such file"]),
        (["list", "foo"], ["foo"]),
        (["list", "--seam", "sales"], ["sales", "feedback"]),
        (["list", "--domain", "fishing"], ["--domain is 'fishing'", "code"]),
        (["list", "detectors", "--seam", "data"], ["--seam", "detectors", "scenarios"]),
        (["check", "nothing.txt"], ["nothing.txt"]),
        (["check", "empty.py"], ["neither a strategy nor a scenario"]),
        (["new", "strategy", "my.py"], ["my.py", "there already"]),
        (["new", "strategy", "x.txt"], ["x.txt", ".py"]),
        (["new", "scenario", "x.txt"], ["x.txt", ".yaml"]),
        (["run", "calm-year(rate=NullBurst())", "-s", "never"], ["NullBurst needs at"]),
        (["run", "none.yaml", "-s", "never"], ["none.yaml", "no such file"]),
        (["run", "bad.yaml", "-s", "never"], ["bad.yaml, line 1", "did you mean 'calm-year'"]),
        (["run", "bad.yaml(at=3)", "-s", "never"], ["takes no parameters", "extends: bad.yaml"]),
        (["run", "calm-year", "-s", "bad.yaml"], ["bad.yaml", "holds a scenario"]),
        (["new", "strategy", "no/where.py"], ["where.py", "no such file"]),
    ],
)
def test_a_mistake_is_one_line_that_names_it(
    here: Path, capsys: pytest.CaptureFixture[str], argv: list[str], names: list[str]
) -> None:
    (here / "broken.py").write_text("def x(:\n")
    (here / "crash.py").write_text("x = 1\nx / 0\n")
    (here / "empty.py").write_text("x = 1\n")
    (here / "bad.yaml").write_text("extends: calm-yaer\n")
    before = files(here)
    assert main(argv) == 2
    found = capsys.readouterr()
    (line,) = (said for said in found.err.splitlines() if "a plug-in may say" not in said)
    assert line.startswith("driftyard: ")
    for name in names:
        assert name in line
    assert files(here) == before
    assert not (here / "out").exists()


def test_scenarios_can_be_chosen_by_what_breaks_and_where(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["list", "scenarios", "--seam", "data"]) == 0
    told = capsys.readouterr().out
    assert "silent-schema-change" in told
    assert "gradual-drift" not in told
    assert main(["list", "--domain", "code"]) == 0
    told = capsys.readouterr().out
    assert "technical-debt" in told
    assert "calm-year" not in told
    assert main(["list", "--seam", "feedback", "--domain", "recommendation"]) == 0
    assert "gradual-drift" in capsys.readouterr().out


def test_list_and_show_say_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    told = capsys.readouterr().out
    for name in ("silent-schema-change", "nobody-watching", "ADWIN"):
        assert name in told
    assert main(["list", "detectors"]) == 0
    assert "nobody-watching" not in capsys.readouterr().out
    assert main(["show", "silent_schema_change", "contract(limit=0.05)", "ADWIN"]) == 0
    told = capsys.readouterr().out
    for words in ("What goes wrong", "rename", "closed:", "limit=0.05", "input", "delta=0.002"):
        assert words in told
    assert max(map(len, told.splitlines())) <= 100


def test_show_draws_what_will_happen(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "base.yaml").write_text(BASE + "calendar: {opens: 'uniform(7h, 10h)'}\n")
    (here / "story.yaml").write_text(STORY)
    assert main(["show", "story.yaml"]) == 0
    told = capsys.readouterr().out
    (lane,) = (line.split()[1] for line in told.splitlines() if line.startswith("drop "))
    assert set(lane[:13]) == {"·"}  # nobody's world breaks before day 3 of 9
    assert lane[28:] == "█" * 12  # everybody's is broken after day 6
    assert "0 " in told
    for words in ("calendar.opens", "uniform(7h, 10h)", "faults[Drop].at", "means over the years"):
        assert words in told
    assert max(map(len, told.splitlines())) <= 80
    for suffix in ("png", "svg"):
        assert main(["show", "story.yaml", "--figure", f"a.{suffix}"]) == 0
    assert (here / "a.png").read_bytes().startswith(b"\x89PNG")
    first = (here / "a.svg").read_bytes()
    assert main(["show", "story.yaml", "--figure", "a.svg"]) == 0
    assert (here / "a.svg").read_bytes() == first


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("kind", "file"), [("strategy", "mine.py"), ("scenario", "mine.py"), ("scenario", "mine.yaml")]
)
def test_a_starter_is_sound_and_can_be_shown(
    capsys: pytest.CaptureFixture[str], kind: str, file: str
) -> None:
    assert main(["new", kind, file]) == 0
    assert main(["check", file]) == 0
    assert f"a sound {kind}" in capsys.readouterr().out
    assert main(["show", file]) == 0
    assert f"a {kind}" in capsys.readouterr().out


@pytest.mark.usefixtures("here")
def test_check_says_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "my.py:Raises"]) == 2
    assert "my.py:Raises: Raises() raised RuntimeError" in capsys.readouterr().out
    assert main(["check", "my.py:unfit"]) == 2
    assert "no patience" in capsys.readouterr().out


HEAVY = ("numpy", "matplotlib", "sklearn", "river", "pandas", "pyarrow", "simpy", "yaml", "sim.run")


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; from reports.cli import main; code = main(['--help']);"
        f"print([name for name in {HEAVY} if name in sys.modules], code)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.splitlines()[-1] == "[] 0"
    assert "driftyard run" in found.stdout


def test_check_says_what_is_wrong_with_a_detector(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "class Mine:\n"
        "    drift_detected = False\n\n"
        "    def update(self, x):\n"
        "        self.drift_detected = x > 1e200\n"
    )
    assert main(["check", f"{file}:Mine"]) == 0
    assert capsys.readouterr().out == f"{file}:Mine: a sound detector\n"
    file.write_text(file.read_text().replace("x > 1e200", "1 / (x != 1e300) > 2"))
    assert main(["check", str(file)]) == 2
    assert "Mine breaks down at 1e300: ZeroDivisionError" in capsys.readouterr().out


def test_list_words_names_all_that_may_stand_in_a_scenario(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from reports.commands.listing import words
    from sim import faults

    assert main(["list", "words"]) == 0
    out = capsys.readouterr().out
    told = {name for group in words().values() for name in group}
    for name in told:
        assert f"\n{name} " in out
    open_ended = {"Fault", "FeedFault", "LabelFault", "ArchiveFault", "BuildFault"}
    ours = {name for name in faults.__all__ if isinstance(getattr(faults, name), type)}
    kinds = {n for n in ours if issubclass(getattr(faults, n), faults.Fault)} - open_ended
    assert kinds <= told


@pytest.mark.parametrize("name", ["UnitChange", "Adversary", "Users", "GaussianMixture", "Review"])
def test_show_explains_a_word_with_its_fields(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", name]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{name}: a word of scenario files")
    assert f"kind: {name}" in out
    assert max(map(len, out.split("\n"))) <= 100
    assert "<factory>" not in out
    if name == "UnitChange":
        assert "factor" in out
        assert "As with every FeedFault:" in out


def test_check_says_what_never_comes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "late.yaml"
    fault = "{kind: NullBurst, at: 60w, columns: [x0]}"
    file.write_text(f"extends: calm-year\nstory: Nothing.\nhorizon: 2w\nfaults: [{fault}]\n")
    assert main(["check", str(file)]) == 2
    assert "null burst begins at 60w, after the end" in capsys.readouterr().out
