"""The fields of a manifest, each asked for by name; what nobody asked for is named at the end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from sim.clock import LONGEST_US, text, us
from sim.errors import Mistake
from sim.notation.nodes import MOST_CHARACTERS, Mapping, Node, Scalar, Sequence, compose_all

_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d|w)")
_UNIT_US = {"ms": 10**3, "s": 10**6, "m": 6 * 10**7, "h": 36 * 10**8, "d": 864 * 10**8,
            "w": 6048 * 10**8}  # fmt: skip


@dataclass
class Fields:
    """A mapping of a manifest at a *path*; *left* collects what has no counterpart, in lines."""

    node: Mapping
    path: str
    left: list[str]
    _asked: set[str] = field(default_factory=set)

    def has(self, name: str) -> bool:
        """Say whether a field is there and says something."""
        node = self.node.items.get(name)
        return node is not None and not (isinstance(node, Scalar) and node.empty)

    def at(self, name: str) -> str:
        """Return where a field stands."""
        return str(self.node.where(name))

    def sub(self, name: str) -> Fields | None:
        """Return the fields below a field, None if it is not there."""
        node = self._take(name)
        if node is None:
            return None
        if not isinstance(node, Mapping):
            raise self._wrong(name, "it has fields: write one below it on each line")
        return Fields(node, f"{self.path}.{name}" if self.path else name, self.left)

    def items(self, name: str) -> list[Fields]:
        """Return the fields of each item of a list."""
        node = self._take(name)
        if node is None:
            return []
        if not isinstance(node, Sequence):
            raise self._wrong(name, "it is a list: begin each item with -")
        found = []
        for place, item in enumerate(node.items):
            path = f"{self.path}.{name}[{place}]" if self.path else f"{name}[{place}]"
            if not isinstance(item, Mapping):
                raise item.place.wrong(f"{path}: write field: value")
            found.append(Fields(item, path, self.left))
        return found

    def texts(self, name: str) -> list[str]:
        """Return a list of plain values."""
        node = self._take(name)
        if node is None:
            return []
        if not isinstance(node, Sequence) or not all(isinstance(i, Scalar) for i in node.items):
            raise self._wrong(name, "it is a list of plain values")
        return [item.text for item in node.items if isinstance(item, Scalar)]

    def text(self, name: str, default: str = "") -> str:
        """Return a plain value."""
        node = self._take(name)
        if node is None:
            return default
        if not isinstance(node, Scalar):
            raise self._wrong(name, "give one plain value")
        return node.text

    def number(self, name: str, default: float, *, low: float = 0, high: float = 1e9) -> float:
        """Return a number from *low* to *high*."""
        said = self.text(name)
        if not said:
            return default
        try:
            value = float(said)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise self._wrong(name, f"it is {said!r}: give a number from {low:g} to {high:g}")
        return value

    def whole(self, name: str, default: int, *, low: int = 0, high: int = 10**6) -> int:
        """Return a whole number from *low* to *high*."""
        value = self.number(name, default, low=low, high=high)
        if value != int(value):
            raise self._wrong(name, f"it is {value:g}: give a whole number")
        return int(value)

    def duration_us(self, name: str, default_us: int = 0) -> int:
        """Return a duration as Kubernetes writes it: 30s, 1h30m, or a number of seconds."""
        said = self.text(name).strip()
        if not said:
            return default_us
        if re.fullmatch(r"\d{1,12}", said):
            said += "s"
        parts = _PART.findall(said)
        if not parts or "".join(a + b for a, b in parts) != said:
            raise self._wrong(name, f"it is {said!r}: write a duration such as 30s, 10m or 1h30m")
        total = round(sum(Fraction(number) * _UNIT_US[unit] for number, unit in parts))
        if total > LONGEST_US:
            raise self._wrong(name, f"it is {said!r}: nothing here lasts longer than 1,000 years")
        return total

    def flag(self, name: str) -> bool:
        """Return whether a field says true."""
        said = self.text(name, "false")
        if said not in ("true", "false"):
            raise self._wrong(name, f"it is {said!r}: write true or false")
        return said == "true"

    def leave(self, name: str, why: str) -> None:
        """Name a field that is known and has no counterpart here."""
        if self._take(name) is not None:
            self.left.append(f"{self.at(name)}: {self._named(name)}: {why}")

    def rest(self) -> None:
        """Name all fields that nobody asked for."""
        for name in self.node.items:
            if name not in self._asked:
                self.left.append(f"{self.at(name)}: {self._named(name)}: not read")

    def wrong(self, name: str, what: str) -> Mistake:
        """Return the mistake that a field makes."""
        return self._wrong(name, what)

    def _take(self, name: str) -> Node | None:
        self._asked.add(name)
        return self.node.items[name] if self.has(name) else None

    def _named(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def _wrong(self, name: str, what: str) -> Mistake:
        return self.node.where(name).wrong(f"{self._named(name)}: {what}")


def documents(path: str, source: str | None = None) -> list[Mapping]:
    """Return the documents of a file (or of *source*), each with its fields."""
    if source is None:
        file = Path(path)
        try:
            if file.stat().st_size > 4 * MOST_CHARACTERS:
                remedy = f"it has {file.stat().st_size:,} bytes; a manifest is smaller"
                raise Mistake(f"{path}: {remedy}")
            source = file.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise Mistake(f"{path} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise Mistake(f"{path} is no text: a manifest is written in UTF-8") from None
    found = []
    for node in compose_all(source, path):
        if isinstance(node, Scalar) and node.empty:
            continue
        if not isinstance(node, Mapping):
            raise node.place.wrong("a manifest has fields: apiVersion, kind, spec")
        found.append(node)
    return found


def kind_of(document: Mapping) -> str:
    """Return what a document says that it is: 'Rollout', 'Canary', …; '' if it does not."""
    api, kind = (document.items.get(name) for name in ("apiVersion", "kind"))
    if isinstance(api, Scalar) and isinstance(kind, Scalar):
        return f"{api.text.partition('/')[0]} {kind.text}"
    return ""


def exactly(value_us: int) -> str:
    """Write a duration so that it reads the same.

    >>> exactly(90 * 60 * 10**6), exactly(93784 * 10**6)
    ('1h 30m', '1d 2h 3m 4s')
    """
    said = text(value_us)
    if us(said) == value_us:
        return said
    parts, rest_us = [], value_us
    for unit in ("d", "h", "m"):
        count, rest_us = divmod(rest_us, _UNIT_US[unit])
        parts += [f"{count}{unit}"] * bool(count)
    return " ".join([*parts, *[f"{rest_us / 10**6:.15g}s"] * bool(rest_us)])
