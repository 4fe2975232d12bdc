"""The published schema of scenario files: current, sound, and of one mind with the reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from jsonschema import Draft202012Validator

import reports
from reports.cli import main
from scenarios import catalogue, starter
from scenarios.distribution import reads, schema, write
from scenarios.vocabulary import vocabulary
from sim.errors import Mistake
from sim.scenario import Scenario
from tests.sim.laws.worlds import quick, scenarios

STORED = Path(reports.__file__).parent / "schemas" / "scenario.json"
VALIDATOR = Draft202012Validator(schema())


def complaints(text: str) -> list[str]:
    """Return what the schema has against a file."""
    return [error.message for error in VALIDATOR.iter_errors(yaml.safe_load(text))]


def test_the_stored_schema_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--schema"]) == 0
    now = capsys.readouterr().out
    remedy = "something that files may say has changed: make schemas"
    assert STORED.read_text(encoding="utf-8") == now, remedy
    Draft202012Validator.check_schema(json.loads(now))


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_story_fits_the_schema(name: str) -> None:
    assert complaints(write(catalogue()[name]())) == []


@quick(40)
@given(scenarios())
def test_every_small_world_fits_the_schema(scenario: Scenario) -> None:
    assert complaints(write(scenario)) == []


SEA = "name: s\nstream: {concept: SEA}\n"


@pytest.mark.parametrize(
    "text",
    [
        starter.YAML,
        SEA,
        SEA + "labels: {coverage: 'uniform(0.5, 0.9)', noise: 0}\ntraining: {fixed: 0}",
        "extends: base.yaml\nfaults: {change: {x: {at: 3w}}, remove: [y], add: []}",
        "extends: calm-year\nwith: {season: 0.1}\nstream: {season: null, concept: {columns: 4}}",
        SEA + "artifact: {kind: Learned, estimator: {kind: LogisticRegression, C: 0.1}}",
        SEA + "artifact: {kind: Learned, estimator: GaussianNB}",
    ],
)
def test_what_the_reader_takes_the_schema_takes(text: str) -> None:
    assert complaints(text) == []
    if "base.yaml" not in text:
        reads(text).check()


@pytest.mark.parametrize(
    "text",
    [
        SEA + "horizn: 3w",
        SEA + "labels: {coverage: high}",
        SEA + "people: {office: 'no'}",
        SEA + "faults: [{kind: null burst, at: 3w}]",
        SEA + "loss: Squred",
        SEA + "artifact: {kind: Learned, estimator: {kind: os.system}}",
        "name: s",
        "extends: calm-yaer",
        "extends: calm-year\nfaults: {drop: [x]}",
    ],
)
def test_what_the_schema_refuses_the_reader_refuses(text: str) -> None:
    assert complaints(text)
    with pytest.raises(Mistake):
        reads(text).draw(0)


def test_every_class_and_field_of_the_vocabulary_is_in_it() -> None:
    words, found = vocabulary(), schema()
    for name, made in words.words.items():
        if made is words.root:
            continue
        fields: dict[str, Any] = found["$defs"][name]["properties"]
        assert set(fields) | {"kind"} == {*words.slots(made), "kind"}
        assert found["$defs"][name]["description"]
