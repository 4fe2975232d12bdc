"""A YAML text as a tree that remembers its lines; what a file may hold is bounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

import yaml

from sim.errors import Mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_CHARACTERS = 200_000
MOST_NODES = 20_000
"""counted as if every alias were written out"""
DEEPEST = 40

_HINTS = {
    "cannot start any token": "indent with spaces, and put text that begins with a sign in quotes",
    "mapping values are not allowed": "put text with a colon in it in quotes, or mend the indent",
    "could not find expected ':'": "write field: value on each line",
    "expected <block end>": "mend the indent of this line",
    "expected ',' or": "close the bracket",
}


@dataclass(frozen=True)
class Place:
    """Where something stands: *file* and *line*."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}" if self.line else self.file

    def wrong(self, what: str) -> Mistake:
        """Return the mistake that is made here."""
        return Mistake(f"{self}: {what}")


@dataclass(frozen=True)
class Scalar:
    """A *text* as it stands; *plain* without quotes, *block* after a | or >."""

    place: Place
    text: str
    plain: bool = True
    block: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing is said."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True)
class Sequence:
    """A list."""

    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Mapping:
    """Fields and what they hold; *keys* says where each field stands."""

    place: Place
    items: dict[str, Node]
    keys: dict[str, Place]

    def where(self, field: str) -> Place:
        """Return where a field stands, or the whole if it is not there."""
        return self.keys.get(field, self.place)


@dataclass(frozen=True)
class Given:
    """A value that is made already: a part of what is extended."""

    place: Place
    value: Any


Node: TypeAlias = "Scalar | Sequence | Mapping | Given"


def compose(text: str, file: str) -> Node:
    """Return the tree of one YAML document.

    >>> compose("at: 6w", "a.yaml").items["at"].text
    '6w'
    """
    return _composed(text, file, lambda composer: [composer.document()])[0]


def compose_all(text: str, file: str) -> list[Node]:
    """Return the trees of a text that may hold several documents, bounded all together.

    >>> [tree.items["a"].text for tree in compose_all("a: 1\\n---\\na: 2", "b.yaml")]
    ['1', '2']
    """
    return _composed(text, file, lambda composer: composer.documents())


def _composed(text: str, file: str, read: Callable[[_Composer], list[Node]]) -> list[Node]:
    start = Place(file, 0)
    if len(text) > MOST_CHARACTERS:
        raise start.wrong(f"it has {len(text):,} characters; {MOST_CHARACTERS:,} are enough")
    try:
        return read(_Composer(text, file))
    except Mistake:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1) if mark else start
        what = " ".join(str(error.problem or error.context).split())
        hint = next((hint for words, hint in _HINTS.items() if words in what), "mend this line")
        raise place.wrong(f"this is no YAML ({what}): {hint}") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = "a sign that no text holds"
        raise Place(file, line).wrong(f"this is no YAML ({what}): take it away") from None
    except (ValueError, OverflowError) as error:  # an escape beyond Unicode
        raise start.wrong(f"this is no YAML ({error}): mend what follows a backslash") from None


class _Composer:
    """Turns events into nodes: no tags, no field twice, no alias that grows without bound."""

    def __init__(self, text: str, file: str) -> None:
        self._events: Iterator[Any] = yaml.parse(text, Loader=yaml.SafeLoader)
        self._file = file
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._open: set[str] = set()
        self._nodes = 0

    def document(self) -> Node:
        """Return the only document."""
        event = next(self._events)
        while not isinstance(event, yaml.NodeEvent):
            if isinstance(event, yaml.StreamEndEvent):
                raise Place(self._file, 0).wrong("it is empty: write field: value on each line")
            event = next(self._events)
        root = self._node(event, 1)
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._refuse(event, "--- begins a second document: one is enough for a file")
        return root

    def documents(self) -> list[Node]:
        """Return all documents; names of one are not known in the next."""
        found = []
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchors.clear()
            elif isinstance(event, yaml.NodeEvent):
                found.append(self._node(event, 1))
        return found

    def _node(self, event: Any, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if event.tag is not None and event.tag != "!":
            self._refuse(event, f"the tag {_short(event.tag)} is not allowed: write plain values")
        if depth > DEEPEST:
            self._refuse(event, f"it is nested deeper than {DEEPEST} levels")
        before, anchor = self._nodes, event.anchor
        self._count(event, 1)
        self._open |= {anchor} - {None}
        node = self._made(event, depth)
        self._open -= {anchor}
        if anchor is not None:
            self._anchors[anchor] = (node, self._nodes - before)
        return node

    def _made(self, event: Any, depth: int) -> Node:
        place = self._place(event)
        if isinstance(event, yaml.ScalarEvent):
            block = event.style in ("|", ">")
            text = event.value.rstrip("\n") if block else event.value
            return Scalar(place, text, event.style is None, block)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                items.append(self._node(event, depth + 1))
            return Sequence(place, tuple(items))
        return self._mapping(place, depth)

    def _mapping(self, place: Place, depth: int) -> Mapping:
        found = Mapping(place, {}, {})
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, Scalar):
                self._refuse(event, "a list or a mapping cannot be a field: write field: value")
            if key.text == "<<" and key.plain:
                self._refuse(event, "<< is not allowed: extends: takes over what another file says")
            if key.text in found.items:
                first = found.keys[key.text].line
                name = _short(key.text)
                self._refuse(event, f"{name} stands twice, first in line {first}: keep one")
            found.items[key.text] = self._node(next(self._events), depth + 1)
            found.keys[key.text] = self._place(event)
        return found

    def _alias(self, event: Any) -> Node:
        if event.anchor in self._open:
            self._refuse(event, f"*{_short(event.anchor)} holds itself")
        if event.anchor not in self._anchors:
            self._refuse(
                event, f"*{_short(event.anchor)} stands for nothing: no &… comes before it"
            )
        node, weight = self._anchors[event.anchor]
        self._count(event, weight)
        return node

    def _count(self, event: Any, more: int) -> None:
        self._nodes += more
        if self._nodes > MOST_NODES:
            self._refuse(
                event, f"with its aliases written out it has more than {MOST_NODES:,} values"
            )

    def _place(self, event: Any) -> Place:
        return Place(self._file, event.start_mark.line + 1)

    def _refuse(self, event: Any, what: str) -> NoReturn:
        raise self._place(event).wrong(what)


def _short(text: str) -> str:
    """Return a text of the user's in quotes, not longer than it is useful."""
    return repr(text if len(text) <= 60 else text[:57] + "…")
