"""The JSON document against its published schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import reports
from reports.result import Result
from reports.summary import VERSION, as_json, summary

Books = Callable[..., Any]
SCHEMA = json.loads((Path(reports.__file__).parent / "schemas" / "run.json").read_text())
TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}


def complaints(value: Any, schema: dict[str, Any], at: str = "$") -> Iterator[str]:
    """Check as much of JSON Schema as ours uses; a key that the schema lacks is a complaint too."""
    if "const" in schema and value != schema["const"]:
        yield f"{at}: {value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is not one of {schema['enum']}"
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        fits = any(isinstance(value, TYPES[name]) for name in names)
        if not fits or (isinstance(value, bool) and "boolean" not in names):
            yield f"{at}: {value!r} is no {names}"
    if isinstance(value, int | float) and value < schema.get("minimum", value):
        yield f"{at}: {value!r} is too small"
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from complaints(item, schema["items"], f"{at}[{place}]")
    if isinstance(value, dict):
        yield from (f"{at}: no {key}" for key in schema.get("required", ()) if key not in value)
        for key, item in value.items():
            part = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
            if part is None:
                yield f"{at}: {key} is not in the schema"
            else:
                yield from complaints(item, part, f"{at}.{key}")


@pytest.fixture
def result(book: Books) -> Result:
    run = book().signals(("contract", "input", "data"), ("errors", "performance", "model"))
    run.built("v0", "0d", float("nan")).routed("0d", "v0")
    run.onset("a", "5d").onset("b", "15d").hurt("5d", "8d").alarm("errors", "6d")
    run.alarm("errors", "12d")
    return Result(run.ledger(), book().ledger())


def test_the_document_is_as_the_schema_says(result: Result) -> None:
    document = json.loads(as_json(summary(result, [])))
    assert list(complaints(document, SCHEMA)) == []
    assert document["schema"] == VERSION == SCHEMA["version"]


def test_a_missed_incident_has_no_lag_and_says_so(result: Result) -> None:
    document = summary(result, [])
    detections = {d["monitor"]: d for d in document["incidents"][0]["detections"]}
    assert detections["contract"]["lag_s"] is None
    assert detections["contract"]["missed"] is True
    assert detections["errors"]["lag_s"] == 86_400.0
    assert detections["errors"]["missed"] is False
    assert document["false_alarms"] == 1
    assert document["versions"][0]["claim"] is None  # JSON has no NaN


def test_a_stopped_run_is_as_the_schema_says(book: Books) -> None:
    run = book().onset("a", "5d").stopped("6d", "X() raised ValueError, at 6d").ledger()
    document = summary(Result(run, book().ledger()), [])
    assert list(complaints(document, SCHEMA)) == []
    assert (document["verdict"], document["stopped"]) == ("fail", run.stopped)


def test_a_run_stopped_by_the_clock_is_unknown(book: Books) -> None:
    run = book().stopped("6d", "X() was still deciding", "unknown").ledger()
    assert Result(run, book().ledger()).verdict == "unknown"
    assert Result(book().ledger(), run).verdict == "unknown"
    assert Result(book().ledger(), book().ledger()).verdict == "pass"


@pytest.mark.parametrize(
    ("make", "finding"),
    [
        (lambda b: b, "no incident"),
        (lambda b: b.alarm("errors", "3d"), "no incident; 1 false alarm"),
        (lambda b: b.onset("a", "5d"), "1 change, no harm done"),
        (
            lambda b: b.onset("a", "5d").alarm("errors", "5d 2h"),
            "found after 2h by errors, and it did no harm",
        ),
        (
            lambda b: b.onset("a", "5d").hurt("5d", "8d"),
            "never found; 4,320 records harmed; well again after 3d",
        ),
        (
            lambda b: b.onset("a", "5d").hurt("5d", "20d").alarm("errors", "7d"),
            "found after 2d by errors; 21,600 records harmed; not well again by the end",
        ),
        (
            lambda b: (
                b.onset("a", "5d", columns=("x",))
                .onset("b", "6d", columns=("y",))
                .hurt("5d", "9d")
                .alarm("contract", "7d", columns=("x",))
            ),
            "2 incidents, 1 found after 2d, 1 never",
        ),
    ],
)
def test_the_year_in_a_sentence(book: Books, make: Callable[[Any], Any], finding: str) -> None:
    assert Result(make(book()).ledger(), book().ledger()).finding == finding
