"""Whatever a user gets wrong is one line that names it, whichever command it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.cli import main
from tests.reports.commands.little import files


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
        (["run", "calm-year", "-s", "on-alarm(detector=ADWINN())"], ["did you mean 'ADWIN'"]),
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
        (["show", "x"], ["name is 'x'", "driftyard list"]),
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
