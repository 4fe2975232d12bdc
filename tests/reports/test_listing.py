"""Whatever may be written in a file or a strategy can be looked up by its name."""

from dataclasses import fields

import pytest

from reports.cli import main
from reports.commands.listing import GROUPED


@pytest.mark.parametrize("kind", GROUPED)
def test_each_group_is_listed_by_name_within_100_columns(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list", kind]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 100
    listed = {line.split()[0] for line in lines if "  " in line}
    assert {name for classes in GROUPED[kind]().values() for name in classes} <= listed


@pytest.mark.parametrize("kind", GROUPED)
def test_each_word_is_shown_with_its_fields(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    classes = {name: made for group in GROUPED[kind]().values() for name, made in group.items()}
    assert main(["show", *classes]) == 0
    told = capsys.readouterr().out
    for name, made in classes.items():
        entry = told.partition(f"\n\n{name}: ")[2] or told
        assert f"{name}: " in told
        for field in fields(made):
            assert not field.init or f"\n{field.name} " in entry


def test_the_view_is_shown_with_what_may_be_asked_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "view"]) == 0
    told = capsys.readouterr().out
    for name in ("view.candidate ", "view.since_build ", "view.ticks(last) ", "view.card(name) "):
        assert name in told


def test_an_unknown_name_gets_the_nearest_and_not_the_whole_dictionary(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["show", "Retrian"]) == 2
    told = capsys.readouterr().err
    assert "'Retrain'" in told
    assert len(told) < 200
