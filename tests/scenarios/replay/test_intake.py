"""What a file is taken for, and the one line that says what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenarios.replay import Asked, Terms, table
from sim.errors import Mistake
from sim.table import UNKNOWN_TIME, Table
from tests.scenarios.replay.data import history, replayed, written


def taken(folder: Path, frame: pd.DataFrame, *, name: str = "data.csv", **asked: object) -> Table:
    given = {"time": "ts", "label": "fraud", **asked}
    path = written(folder, frame, name)
    return table(Asked(path=path, **given), folder / "cache")  # type: ignore[arg-type]


def features(made: Table) -> dict[str, str]:
    return {f["name"]: f["kind"] for f in made.about["features"]}


def test_types_are_inferred_and_identifiers_left_out(tmp_path: Path) -> None:
    frame = history(3_000)
    frame["reference"] = [f"r{k}" for k in range(len(frame))]
    made = taken(tmp_path, frame)
    assert features(made) == {
        "amount": "number", "age": "number", "country": "category", "channel": "category",
    }  # fmt: skip
    assert {out["name"] for out in made.about["left_out"]} == {"customer", "reference", "known"}


def test_csv_and_parquet_give_the_same_table(tmp_path: Path) -> None:
    frame = history(3_000)
    tables = [
        taken(tmp_path, frame, name=name, label_time="known", entity="customer", segment="channel")
        for name in ("data.csv", "data.parquet")
    ]
    assert features(tables[0]) == features(tables[1])
    for column in ("time", "x", "y", "label_delay", "entity", "segment"):
        one, other = (made.read(column, 0, len(made)) for made in tables)
        np.testing.assert_array_equal(one, other)


def test_unsorted_records_are_sorted_and_equal_times_keep_their_order(tmp_path: Path) -> None:
    frame = history(3_000)
    frame["ts"] = frame["ts"].dt.floor("6h")
    mixed = frame.sample(frac=1.0, random_state=1)
    expected = mixed.sort_values("ts", kind="stable")
    made = taken(tmp_path, mixed)
    assert made.about["backwards"] > 1_000
    place = list(features(made)).index("amount")
    np.testing.assert_array_equal(made.read("x", 0, len(made))[:, place], expected["amount"])
    np.testing.assert_array_equal(made.read("y", 0, len(made)), expected["fraud"])
    assert np.all(np.diff(made.times_us) >= 0)


def test_categories_that_appear_later_have_higher_codes(tmp_path: Path) -> None:
    frame = history()
    told = replayed(tmp_path, frame)
    schema = told.scenario.stream.concept.schema
    column = schema.columns[schema.names.index("country")]
    assert column.kind == "category"
    assert len(column.categories) == 3
    made: Table = told.scenario.stream.table  # type: ignore[attr-defined]
    codes = made.read("x", 0, len(made))[:, schema.names.index("country")]
    np.testing.assert_array_equal(codes == 3, frame["country"] == "ES")


def test_the_schema_does_not_hold_what_cells_hold(tmp_path: Path) -> None:
    told = replayed(tmp_path)
    said = repr(told.scenario.stream.concept.schema)
    for value in ("DE", "FR", "web"):
        assert f"'{value}'" not in said


def test_records_without_an_outcome_are_left_out_and_counted(tmp_path: Path) -> None:
    frame = history(3_000)
    frame["fraud"] = frame["fraud"].astype("float").where(frame.index % 10 != 0)
    told = replayed(tmp_path, frame)
    made: Table = told.scenario.stream.table  # type: ignore[attr-defined]
    assert len(made) == 2_700
    assert any("300 records (10.0 %) have no outcome" in note for note in told.notes)


def test_outcomes_missing_by_decision_are_warned_of(tmp_path: Path) -> None:
    frame = history(4_000)
    luck = np.random.default_rng(1)
    frame["granted"] = luck.integers(0, 2, len(frame))
    frame["fraud"] = (
        frame["fraud"]
        .astype("float")
        .where((frame["granted"] == 1) | (luck.random(len(frame)) < 0.05))
    )
    notes = replayed(tmp_path, frame, prediction="granted").notes
    assert any(note.startswith("selective labels") for note in notes)
    frame["fraud"] = history(4_000)["fraud"].astype("float").where(luck.random(len(frame)) < 0.8)
    notes = replayed(tmp_path, frame, prediction="granted").notes
    assert not any(note.startswith("selective labels") for note in notes)


@pytest.mark.parametrize(
    ("words", "form"),
    [("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S"), ("%Y-%m-%dT%H:%M:%S+01:00", "")],
)
def test_times_as_people_write_them(tmp_path: Path, words: str, form: str) -> None:
    frame = history(500)
    expected = frame["ts"].to_numpy().astype("datetime64[us]").astype(np.int64)
    frame["ts"] = frame["ts"].dt.strftime(words)
    made = taken(tmp_path, frame, time_format=form)
    shift = 3_600_000_000 if "+01" in words else 0
    np.testing.assert_array_equal(made.times_us, expected - shift)


@pytest.mark.parametrize("unit", [1, 1_000, 1_000_000])
def test_times_as_machines_write_them(tmp_path: Path, unit: int) -> None:
    frame = history(500)
    expected = frame["ts"].to_numpy().astype("datetime64[us]").astype(np.int64)
    frame["ts"] = expected // 1_000_000 * unit
    np.testing.assert_array_equal(taken(tmp_path, frame).times_us, expected)


def test_labels_without_a_time_never_come(tmp_path: Path) -> None:
    frame = history(1_000)
    frame.loc[::5, "known"] = pd.NaT
    made = taken(tmp_path, frame, label_time="known")
    never = made.read("label_delay", 0, len(made)) == UNKNOWN_TIME
    np.testing.assert_array_equal(never, frame["known"].isna())


def test_a_conversion_is_done_once(tmp_path: Path) -> None:
    frame = history(500)
    first = taken(tmp_path, frame)
    before = (first.folder / "x.bin").stat().st_mtime_ns
    assert (taken(tmp_path, frame).folder / "x.bin").stat().st_mtime_ns == before
    assert taken(tmp_path, frame, ignore=("age",)).folder != first.folder
    assert {path.name for path in (tmp_path / "cache").iterdir()} == {
        first.folder.name,
        taken(tmp_path, frame, ignore=("age",)).folder.name,
    }


# -- one line -------------------------------------------------------------------------------


def said(folder: Path, content: bytes | None, name: str = "bad.csv", **asked: Any) -> str:
    path = folder / name
    if content is not None:
        path.write_bytes(content)
    given = {"time": "ts", "label": "y", **asked}
    with pytest.raises(Mistake) as caught:
        table(Asked(path=str(path), **given), folder / "cache")
    line = str(caught.value)
    assert "\n" not in line
    return line


ROW = b"ts,a,y\n2024-01-01,1,0\n"


@pytest.mark.parametrize(
    ("content", "asked", "line"),
    [
        (None, {}, "no such file"),
        (b"", {}, "the file is empty"),
        (b"ts,a,y\n", {}, "no record"),
        (ROW, {"time": "when"}, "--time is 'when'"),
        (ROW, {"label": "z"}, "--label is 'z'"),
        (ROW, {"label": "ts"}, "--label is 'ts': that is --time already"),
        (ROW, {"entity": "who"}, "--entity is 'who'"),
        (ROW, {}, "one class only ('0')"),
        (b"ts,a,y\nsoon,1,0\n", {}, "cannot be read in record 1 ('soon')"),
        (b"ts,a,y\n2024-01-01,1,0\n,1,1\n", {}, "is empty in record 2"),
        (b"ts,a,y\n2024-01-01,1,\n2024-01-02,1,\n", {}, "is empty in all 2 records"),
        (b"ts,a,y\n2024-01-01,1,no\n2024-01-02,1,yes\n", {"positive": "maybe"}, "--positive"),
        (b"ts,a,y\n2024-01-01,1,bad\n2024-01-02,1,good\n", {}, "which of them counts as 1"),
        (b"ts,a,y\n2024-01-01,1,0\n2024-01-02,1,1\n", {"ignore": ("a",)}, "no column to learn"),
        (b"ts,a,a\n2024-01-01,1,0\n", {"label": "a"}, "two columns are called 'a'"),
        (b"ts,a,y\n2024-01-01,1,0,7\n", {}, "cannot be read as CSV"),
        ("ts,a,y\n2024-01-01,é,0\n".encode("latin-1"), {}, "is not utf-8"),
        (b"ts,a,y\n9e30,1,0\n", {}, "before 1900 or after 2100"),
    ],
)  # fmt: skip
def test_a_mistake_gets_one_clear_line(
    tmp_path: Path, content: bytes | None, asked: dict[str, Any], line: str
) -> None:
    assert line in said(tmp_path, content, **asked)


@pytest.mark.parametrize("stamp", ["2071-03-05 06:07:08", "1970-01-01 00:00:00"])
def test_one_date_far_from_all_others_is_named(tmp_path: Path, stamp: str) -> None:
    frame = history(2_000, days=60).astype({"ts": str})
    frame.loc[1_233, "ts"] = stamp
    with pytest.raises(Mistake, match=f"--time 'ts' is {stamp} in record 1,234, 1.* days away"):
        taken(tmp_path, frame)


def test_a_holiday_without_records_is_no_stray_date(tmp_path: Path) -> None:
    frame = history(2_000, days=60)
    frame.loc[frame.ts > "2024-02-10", "ts"] += pd.Timedelta("50D")
    assert len(taken(tmp_path, frame)) == 2_000


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ({"encoding": "latin-1"}, "--encoding is 'latin-1'"),
        ({"time_format": "%Y"}, "--time-format is '%Y': 'ts' holds times already"),
    ],
)
def test_what_a_parquet_file_says_itself_is_not_said_again(
    tmp_path: Path, asked: dict[str, str], line: str
) -> None:
    with pytest.raises(Mistake, match=line):
        taken(tmp_path, history(), name="data.parquet", **asked)


def test_a_broken_parquet_gets_one_line(tmp_path: Path) -> None:
    assert "cannot be read as Parquet" in said(tmp_path, b"PAR1 and no more", "bad.parquet")


def test_the_right_encoding_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes("ts,a,y\n2024-01-01,é,0\n2024-01-02,à,1\n".encode("latin-1"))
    made = table(Asked(path=str(path), time="ts", label="y", encoding="latin-1"), tmp_path / "c")
    assert made.about["features"][0]["categories"] == ["é", "à"]


def test_too_short_a_history_is_said(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="too few to learn from"):
        replayed(tmp_path, history(300), terms=Terms(launch_after="1d"))


def test_a_launch_outside_the_data_is_refused(tmp_path: Path) -> None:
    for when in ("2023-06-01", "2030-01-01", "900d"):
        with pytest.raises(Mistake, match="the data reach from 2024-01-01"):
            replayed(tmp_path, terms=Terms(launch_after=when))


def test_one_class_before_the_launch_is_said(tmp_path: Path) -> None:
    frame = history()
    frame.loc[frame["ts"] < "2024-01-20", "fraud"] = 0
    with pytest.raises(Mistake, match="before the launch all"):
        replayed(tmp_path, frame, terms=Terms(launch_after="2024-01-15"))


def test_a_feature_with_one_value_is_warned_of(tmp_path: Path) -> None:
    frame = history().assign(version=7)
    notes = replayed(tmp_path, frame).notes
    assert "version has one value: nothing can be learned from it" in notes


def test_label_times_before_the_request_look_mixed_up(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="are the two mixed up"):
        replayed(tmp_path, time="known", label_time="ts")
