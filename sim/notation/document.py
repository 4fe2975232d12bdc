"""A file, the files that it extends and the built-in at their root, read as one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from sim.errors import Mistake
from sim.notation.merging import Merger
from sim.notation.mistakes import Mistakes
from sim.notation.nodes import MOST_CHARACTERS, Given, Node, Place, Scalar, compose
from sim.notation.nodes import Mapping as Fields
from sim.notation.paths import KIND, joined
from sim.notation.ranges import Range, Unit, Value
from sim.notation.reading import VERBS, Reader
from sim.notation.vocabulary import Slot, Vocabulary

SUFFIXES = (".yaml", ".yml")
EXTENDS, WITH = "extends", "with"
LONGEST_CHAIN = 10


@dataclass(frozen=True)
class Language:
    """What files of one sort say: *what* they hold, its class, and what can be extended by name."""

    what: str
    vocabulary: Callable[[], Vocabulary]
    built_in: Callable[[], Mapping[str, Callable[..., Any]]]
    tells: tuple[str, ...] = ()
    """fields that belong together: who says the first anew says all of them anew"""
    stands: Mapping[str, tuple[str, ...]] | None = None
    """who changes a field and tells nothing: which of *tells* stand all the same; '' is any other
    field. Without it, all do"""


@dataclass(frozen=True)
class Reading:
    """What a document gave: a *value*, its *ranges* and what was *drawn* from them, by path."""

    value: Any
    ranges: dict[str, Range]
    drawn: dict[str, Value]


@dataclass(frozen=True)
class _BuiltIn:
    """A call of something that is there already: its *name*, its arguments, and where."""

    place: Place
    name: str
    arguments: Fields


@dataclass
class Document:
    """A text in a *language* and all that it extends."""

    language: Language
    name: str
    files: dict[Path, bytes] = field(default_factory=dict)
    """every file that took part, by its resolved path"""
    _layers: list[tuple[str, Fields]] = field(default_factory=list)
    """what each extends, and what it says; the outermost file last"""
    _root: _BuiltIn | None = None

    @classmethod
    def of_text(cls, text: str, language: Language, *, file: str = "text") -> Document:
        """Read a text; what it extends by file is looked for beside it, in *file*'s folder."""
        found = cls(language, Path(file).stem)
        found._add(compose(text, file), Path(file), [])
        return found

    @classmethod
    def of_file(cls, path: str, language: Language) -> Document:
        """Read a file."""
        found = cls(language, Path(path).stem)
        found._load(Path(path), None, [])
        return found

    @classmethod
    def of_node(cls, node: Node, language: Language, name: str, file: Path) -> Document:
        """Read a part of *file* that stands for something of that *name*."""
        found = cls(language, name)
        found._add(node, file, [])
        return found

    def read(self, unit: Unit) -> Reading:
        """Make what the document stands for, its ranges drawn with the luck of *unit*."""
        words = self.language.vocabulary()
        reader, merger = Reader(words, unit), Merger(words)
        node: Node | None = None
        if self._root is not None:
            node = Given(self._root.place, self._made(self._root, reader))
        for extended, layer in self._layers:
            node = layer if node is None else merger.over(node, self._retold(node, extended, layer))
        assert node is not None
        reader.mistakes += merger.mistakes
        value = reader.read(node, words.root)
        return Reading(value, dict(reader.ranges), dict(reader.drawn))

    # -- files -----------------------------------------------------------------------------

    def _load(self, path: Path, said: Place | None, chain: list[Path]) -> None:
        where = said or Place(str(path), 0)
        try:
            there = path.resolve()
            if path.stat().st_size > 4 * MOST_CHARACTERS:
                raise where.wrong(f"{path.name} is too large: {MOST_CHARACTERS:,} characters do")
            raw = path.read_bytes()
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise where.wrong(f"{path.name} is no text: save it as UTF-8") from None
        except Mistake:
            raise
        except (OSError, ValueError, RuntimeError) as error:
            why = getattr(error, "strerror", None) or "it cannot be read"
            remedy = f"give the path of a {self.language.what} file"
            raise Mistake(f"{where}: {str(path)!r}: {why.lower()}; {remedy}") from None
        if there in chain:
            assert said is not None
            raise said.wrong(f"extends is {path.name!r}: it extends this very file in turn")
        if len(chain) >= LONGEST_CHAIN:
            raise where.wrong(f"extends: {LONGEST_CHAIN} files in a chain are enough")
        self.files[there] = raw
        self._add(compose(text, str(path)), path, [*chain, there])

    def _add(self, node: Node, path: Path, chain: list[Path]) -> None:
        """Put what a file extends below it."""
        if not isinstance(node, Fields):
            raise node.place.wrong("write field: value on each line")
        base, arguments = node.items.get(EXTENDS), node.items.get(WITH)
        if base is not None:
            self._extend(node, base, arguments, path, chain)
        elif arguments is not None:
            raise node.where(WITH).wrong("with: holds parameters of what is extended: add extends:")
        items = {k: v for k, v in node.items.items() if k not in (EXTENDS, WITH)}
        if base is not None and self.language.tells[:1] and self.language.tells[0] in items:
            unsaid = [name for name in self.language.tells if name not in items]
            items |= {name: Scalar(node.place, "", plain=False) for name in unsaid}
        outermost = len(chain) <= 1
        if outermost and "name" in self.language.vocabulary().slots(
            self.language.vocabulary().root
        ):
            items = {"name": Scalar(node.place, self.name, plain=False, block=True), **items}
        extended = Path(base.text.strip()).stem if isinstance(base, Scalar) else ""
        self._layers.append((extended, Fields(node.place, items, node.keys)))

    def _retold(self, base: Node, extended: str, layer: Fields) -> Fields:
        """Return a layer that tells nothing with what is true of it: it is a variation.

        What was told of *extended* is told as that, and what need not hold any more is left out.
        """
        tells, stands = self.language.tells, self.language.stands
        if stands is None or tells[0] in layer.items:
            return layer
        changed = [name for name in _touched(layer) if stands.get(name, stands[""]) != tells]
        if not changed:
            return layer
        keeps = set(tells).intersection(*(stands.get(name, stands[""]) for name in changed))
        told = f"As {extended}, but for its {_words(changed)}."
        before = _said(base, tells[0])
        if before:
            told += f" There it says:\n{before}"
        new = {name: "" for name in tells if name not in keeps} | {tells[0]: told}
        items = {name: Scalar(layer.place, text, plain=False) for name, text in new.items()}
        return Fields(layer.place, items | layer.items, layer.keys)

    def _extend(
        self, node: Fields, base: Node, arguments: Node | None, path: Path, chain: list[Path]
    ) -> None:
        place = node.where(EXTENDS)
        if not isinstance(base, Scalar) or base.empty:
            raise place.wrong("extends takes one name, as in extends: silent-schema-change")
        if Path(base.text).suffix in SUFFIXES:
            if arguments is not None:
                raise node.where(WITH).wrong("with: is for a built-in; change a file's fields here")
            return self._load(path.parent / base.text, place, chain)
        name = self._known(base, place)
        if arguments is not None and not isinstance(arguments, Fields):
            raise node.where(WITH).wrong("with holds parameters, as in with: {at: 9w}")
        self._root = _BuiltIn(place, name, arguments or Fields(place, {}, {}))
        return None

    def _known(self, base: Scalar, place: Place) -> str:
        known = self.language.built_in()
        text = base.text.strip()
        if "(" in text:
            raise place.wrong(
                f"extends is {text!r}: write parameters below, as in with: {{at: 9w}}"
            )
        if Path(text).suffix == ".py":
            raise place.wrong(f"extends is {text!r}: a file that runs code cannot stand here")
        plain = {name.replace("-", "_"): name for name in known}
        if text.replace("-", "_") in plain:
            return plain[text.replace("-", "_")]
        near = get_close_matches(text, known, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        names = ", ".join(known)
        raise place.wrong(f"extends is {text!r}: {hint}give a .yaml file, or one of {names}")

    # -- what is extended ------------------------------------------------------------------

    def _made(self, root: _BuiltIn, reader: Reader) -> Any:
        make = self.language.built_in()[root.name]
        slots = parameters(make)
        values = reader.arguments(root.arguments, slots, root.name, WITH)
        if reader.mistakes:
            raise Mistakes(reader.mistakes)
        try:
            return make(**values)
        except Exception as error:
            text = " ".join(str(error).split()) or type(error).__name__
            named = text.partition(" is ")[0].rpartition(".")[2]
            asked = root.arguments.items
            place = root.arguments.where(named) if named in asked else root.place
            what = joined(WITH, named) if named in asked else root.name
            raise place.wrong(f"{what}: {text}") from error


def _touched(layer: Fields) -> Iterator[str]:
    """Yield the fields that a layer changes; of a field that has fields, these."""
    for name, node in layer.items.items():
        if isinstance(node, Fields) and not set(VERBS) & set(node.items):
            yield from (f"{name}.{inner}" for inner in node.items if inner != KIND)
        else:
            yield name


def _words(changed: list[str]) -> str:
    """Name fields; what belongs to the stream by its own name."""
    names = [name.removeprefix("stream.").partition(".")[0] for name in changed]
    *most, last = dict.fromkeys(names)
    return f"{', '.join(most)} and {last}" if most else last


def _said(node: Node, name: str) -> str:
    """Return the text of a field."""
    if isinstance(node, Given):
        return str(getattr(node.value, name, ""))
    found = node.items.get(name) if isinstance(node, Fields) else None
    if isinstance(found, Given):
        return str(found.value)
    return found.text if isinstance(found, Scalar) else ""


def parameters(make: Callable[..., Any]) -> dict[str, Slot]:
    """Return what a function takes."""
    found = {}
    for taken in inspect.signature(make).parameters.values():
        annotation = taken.annotation
        if isinstance(annotation, str):
            try:
                annotation = eval(annotation, dict(vars(inspect.getmodule(make))))
            except (NameError, TypeError):
                annotation = Any
        if annotation is taken.empty:
            annotation = Any
        needs = taken.default is taken.empty
        found[taken.name] = Slot(taken.name, annotation, needs, None if needs else taken.default)
    return found
