"""A class is marked file by file: no file stops another."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from reports.cli import main
from reports.course.chapter import chapter
from reports.course.grading import Alone, Row, as_csv

FORKS = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(86399)"])
while True:
    try:
        time.sleep(100)
    except BaseException:
        pass
"""

FORGES = """
import json, os, sys
mark = json.dumps({"verdict": "pass", "sentence": "", "claims": [], "worst": None})
with open(os.path.join(sys.argv[4], "mark.json"), "w") as file:
    file.write("0" * 64 + "\\n" + mark)
os._exit(0)
"""


def alive(words: str) -> list[str]:
    """Return the processes whose command line holds *words*."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += [place.parent.name] * (words.encode() in place.read_bytes())
        except OSError:
            continue
    return found


def test_a_class_is_marked_whatever_its_files_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    one = chapter("cadences")
    for name, text in {
        "carl/answer.py": one.file("naive").read_text("utf-8"),
        "ada.py": one.file("solution").read_text("utf-8"),
        "bea.py": "import os\nos._exit(0)\n",
        "=dan.py": "",
        "fay.py": FORGES,
        ".hidden.py": "",
    }.items():
        path = tmp_path / "class" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    told = ["learn", "4", "--grade", "class", "--csv", "m.csv", "--seeds", "900..903"]
    assert main(told) == 0
    with open("m.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["file"], row["verdict"]) for row in rows] == [
        ("'=dan.py", "broken"),
        ("ada.py", "pass"),
        ("bea.py", "broken"),
        ("carl/answer.py", "fail"),
        ("fay.py", "broken"),
    ]
    assert rows[4]["sentence"] == "it wrote a mark of its own"
    assert rows[3]["worst seed"] in {"900", "901", "902", "903"}
    assert "ended the program" in rows[2]["sentence"]
    assert "m.csv holds 5 rows" in capsys.readouterr().out


def test_a_file_that_neither_ends_nor_listens_is_ended_with_all_that_it_started(
    tmp_path: Path,
) -> None:
    path = tmp_path / "eve.py"
    path.write_text(FORKS, encoding="utf-8")
    found = Alone("cadences", seeds="1", timeout_s=8).mark(path, "eve.py")
    assert found.verdict == "broken"
    assert "stopped after 8 seconds" in found.sentence
    if sys.platform == "linux":
        assert not alive("time.sleep(86399)")


def test_a_folder_that_is_not_there_or_empty_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["learn", "4", "--grade", str(tmp_path / "none")]) == 2
    assert main(["learn", "4", "--grade", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("--grade is") == 2


def test_a_table_for_a_spreadsheet_holds_no_formulas() -> None:
    row = Row(
        file="=SUM(A1)", verdict="fail", sentence='+1 "quoted"', claims=("pass", "fail"), worst=3
    )
    assert list(csv.reader(as_csv([row]).splitlines()))[1] == [
        "'=SUM(A1)", "fail", "pass, fail", "3", "'+1 \"quoted\"",
    ]  # fmt: skip
