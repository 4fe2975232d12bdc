"""The facts of a run as bytes, for both of its digests, in one reading."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, NamedTuple

from sim.digest import PLAIN, Encoded, dict_head, encoded, keyed, list_head
from sim.facts import Fact, Lineage

if TYPE_CHECKING:
    from collections.abc import Iterable

_IN_WORDS = frozenset(("text", "why", "digest", "snapshot"))
"""fields in which rounding shows"""


class Transcript(NamedTuple):
    """All facts as bytes, and what rounding does not reach of those that are no lineage."""

    whole: Encoded
    portable: Encoded


class _Layout(NamedTuple):
    """How the facts of one kind are written: what comes before, then each field's name.

    The kind itself, which is no field, is a name without a field.
    """

    head: bytes
    names: tuple[tuple[str, bytes], ...]
    portable: bool


def transcribed(facts: Iterable[Fact]) -> Transcript:
    """Return the bytes that stand for the rows of *facts* in digests.

    >>> from sim.digest import digest
    >>> from sim.facts import Crashed
    >>> crash = Crashed(at_us=1, version="v1")
    >>> digest(transcribed([crash]).whole) == digest([crash.row()])
    True
    """
    whole: list[bytes] = []
    portable: list[bytes] = []
    count = kept = 0
    for fact in facts:
        layout = _layout(type(fact))
        values = vars(fact)
        told: list[bytes] = []
        stays: list[bytes] = []
        for name, part in layout.names:
            if name:
                item = values[name]
                plain = PLAIN.get(type(item))
                part += encoded(item) if plain is None else plain(item)
                told.append(part)
                if name in _IN_WORDS or isinstance(item, float):
                    continue
            else:
                told.append(part)
            stays.append(part)
        count += 1
        whole.append(layout.head)
        whole += told
        if layout.portable:
            kept += 1
            portable.append(dict_head(len(stays)))
            portable += stays
    return Transcript(
        Encoded(b"".join([list_head(count), *whole])),
        Encoded(b"".join([list_head(kept), *portable])),
    )


def _layout(kind: type[Fact]) -> _Layout:
    known = _layouts.get(kind)
    if known is None:
        known = _layouts[kind] = _laid_out(kind)
    return known


def _laid_out(kind: type[Fact]) -> _Layout:
    head, names = keyed(["kind", *(f.name for f in fields(kind))])
    own = encoded(kind.__name__)
    written = tuple(("", told + own) if name == "kind" else (name, told) for name, told in names)
    return _Layout(head, written, not issubclass(kind, Lineage))


_layouts: dict[type[Fact], _Layout] = {}
