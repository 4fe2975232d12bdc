"""A team's own names are read with care."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.rehearsal.skin import Skin, read
from sim.errors import Mistake


def test_a_skin_holds_names_and_links(tmp_path: Path) -> None:
    path = tmp_path / "skin.yaml"
    path.write_text(
        "service: Shop search\n"
        "owners: {data: Ingestion}\n"
        "runbooks: {input: https://wiki.example/feeds}\n",
        encoding="utf-8",
    )
    assert read(str(path)) == Skin(
        service="Shop search",
        owners={"data": "Ingestion"},
        runbooks={"input": "https://wiki.example/feeds"},
    )
    assert read("") == Skin()


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("[1, 2]", "holds no names"),
        ("colour: red", "key is 'colour'"),
        ("owners: {boss: Ann}", "owners is 'boss'"),
        ("owners: [data]", "give a name for each"),
        ("runbooks: {input: 'javascript:alert(1)'}", "begins with https"),
        ("service: [x]", "give a name"),
        ("service: !!python/object/apply:os.system [true]", "no YAML"),
        ("a: [", "no YAML"),
        ("x" * 70_000, "larger than 64 KB"),
    ],
)
def test_a_skin_with_a_mistake_is_one_clear_line(tmp_path: Path, written: str, words: str) -> None:
    path = tmp_path / "skin.yaml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(Mistake) as caught:
        read(str(path))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_skin_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="no such file"):
        read(str(tmp_path / "nothing.yaml"))
