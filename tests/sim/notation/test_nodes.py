"""YAML is data: what could harm, mislead or never end is refused in one line."""

from __future__ import annotations

import pytest

from sim.errors import Mistake
from sim.notation.nodes import MOST_CHARACTERS, Mapping, Scalar, compose

LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("a: !!python/object/apply:os.system ['true']", 1, "tag"),
        ("a: 1\nb: !mine {x: 1}", 2, "tag"),
        (LAUGHS, 5, "aliases"),
        ("a: &a [*a]", 1, "holds itself"),
        ("a: *b", 1, "stands for nothing"),
        ("[" * 100_000, 1, "deeper"),
        ("a: 1\nb: 2\na: 3", 3, "stands twice, first in line 1"),
        ("a: 1\n---\nb: 2", 2, "second document"),
        ("b: &b {x: 1}\na:\n  <<: *b", 3, "extends"),
        ("? [a, b]\n: 1", 1, "cannot be a field"),
        ("a: 1\n\tb: 2", 2, "spaces"),
        ("story: he said: no", 1, "quotes"),
        ("a: [1, 2", 1, "bracket"),
        ("a: 1\nb: \x07", 2, "sign"),
        ('a: "\\UFFFFFFFF"', 0, "backslash"),
        ("", 0, "empty"),
        ("# nothing", 0, "empty"),
        ("x" * (MOST_CHARACTERS + 1), 0, "characters"),
    ],
)
def test_what_is_no_plain_data_is_refused_with_its_line(text: str, line: int, told: str) -> None:
    with pytest.raises(Mistake) as caught:
        compose(text, "a.yaml")
    said = str(caught.value)
    assert said.startswith(f"a.yaml, line {line}: " if line else "a.yaml: ")
    assert told in said
    assert "\n" not in said


def test_an_alias_stands_for_what_it_names() -> None:
    found = compose("a: &a {x: 1}\nb: *a", "a.yaml")
    assert isinstance(found, Mapping)
    assert found.items["a"] == found.items["b"]


def test_text_stays_as_it_stands_and_knows_its_line() -> None:
    found = compose("when: 12:30\nday: 2024-01-01\noffice: on\nstory: |\n  One.\n  Two.\n", "f")
    assert isinstance(found, Mapping)
    texts = [node.text for node in found.items.values() if isinstance(node, Scalar)]
    assert texts == ["12:30", "2024-01-01", "on", "One.\nTwo."]
    assert [found.where(field).line for field in found.items] == [1, 2, 3, 4]
