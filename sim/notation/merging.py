"""What a file changes in what it extends: field by field, and lists by a clear rule.

A list replaces the list that was there. Fields in the place of a list change it: `change:` goes
into items by name, `remove:` takes some away by name, `add:` appends.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from sim.notation.nodes import Given, Mapping, Node, Place, Scalar, Sequence
from sim.notation.paths import KIND, joined
from sim.notation.reading import VERBS

if TYPE_CHECKING:
    from sim.notation.vocabulary import Vocabulary


class Merger:
    """Puts changes over what is extended; what is wrong is kept in *mistakes*."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words = vocabulary
        self.mistakes: list[str] = []

    def over(self, base: Node, change: Node, path: str = "") -> Node:
        """Return *base* with *change* laid over it."""
        if not isinstance(change, Mapping):
            return change
        if _is_list(base):
            return self._list(base, change, path)
        old = self._opened(base)
        if not isinstance(old, Mapping) or _another(old, change):
            return change
        items, keys = dict(old.items), dict(old.keys)
        for name, child in change.items.items():
            before = old.items.get(name)
            items[name] = child if before is None else self.over(before, child, joined(path, name))
            keys[name] = change.where(name)
        return Mapping(change.place, items, keys)

    def _list(self, base: Node, change: Mapping, path: str) -> Node:
        items = list(_items(base))
        for verb, child in change.items.items():
            if verb not in VERBS:
                self._note(change.where(verb), f"{joined(path, verb)}: write the whole list, or "
                           "change:, remove: and add: to change the one that is there")  # fmt: skip
            elif verb == "change" and isinstance(child, Mapping):
                for name, inner in child.items.items():
                    where = self._find(items, name, child.where(name), joined(path, verb))
                    if where is not None:
                        items[where] = self.over(items[where], inner, f"{path}[{name}]")
            elif verb != "change" and isinstance(child, Sequence):
                if verb == "add":
                    items += child.items
                    continue
                for node in child.items:
                    name = node.text if isinstance(node, Scalar) else ""
                    where = self._find(items, name, node.place, joined(path, verb))
                    if where is not None:
                        del items[where]
            else:
                form = "name: and below it what changes" if verb == "change" else "a list"
                self._note(change.where(verb), f"{joined(path, verb)}: write {form}")
        return Sequence(change.place, tuple(items))

    def _find(self, items: list[Node], name: str, place: Place, path: str) -> int | None:
        found = [i for i, item in enumerate(items) if name in self._names_of(item)]
        if len(found) == 1:
            return found[0]
        if found:
            what = f"{len(found)} items are called {name!r}; write the whole list"
        else:
            known = ", ".join(sorted({n for item in items for n in self._names_of(item)[:1]}))
            what = f"nothing there is called {name!r}; known are {known or 'none'}"
        self._note(place, f"{path}: {what}")
        return None

    def _note(self, place: Place, what: str) -> None:
        self.mistakes.append(f"{place}: {what}")

    def _names_of(self, item: Node) -> list[str]:
        """Return the names by which an item of a list may be called: its own name, or its kind."""
        if isinstance(item, Scalar):
            return [item.text]
        if isinstance(item, Given) and not is_dataclass(item.value):
            return [str(item.value)]
        label = getattr(item.value, "label", "") if isinstance(item, Given) else ""
        old = self._opened(item)
        fields_of = old.items if isinstance(old, Mapping) else {}
        found = [fields_of[field] for field in ("name", KIND) if field in fields_of]
        texts = [node.text for node in found if isinstance(node, Scalar)]
        texts += [str(node.value) for node in found if isinstance(node, Given)]
        return [text for text in dict.fromkeys([label, *texts]) if text]

    def _opened(self, node: Node) -> Node:
        """Return an object as its fields, so that a change can go into it; else what it is."""
        if not isinstance(node, Given):
            return node
        values = parts(node.value)
        if values is None:
            return node
        items: dict[str, Node] = {KIND: Scalar(node.place, self._words.name_of(node.value))}
        items |= {name: Given(node.place, value) for name, value in values.items()}
        return Mapping(node.place, items, dict.fromkeys(items, node.place))


def parts(value: Any) -> dict[str, Any] | None:
    """Return the fields of an object, or None if it has none."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in fields(value) if f.init}
    if hasattr(value, "get_params") and not isinstance(value, type):  # scikit-learn
        return dict(value.get_params(deep=False))
    if hasattr(value, "_get_params") and not isinstance(value, type):  # River
        if not hasattr(value, "steps"):
            return {name: getattr(value, name) for name in value._get_params()}
        steps = value.steps.items()  # a pipeline names its steps, if nobody does, by their class
        return {"steps": [s if n == type(s).__name__ else (n, s) for n, s in steps]}
    return None


def _another(old: Mapping, change: Mapping) -> bool:
    """Say whether *change* asks for another kind of thing."""
    before, after = old.items.get(KIND), change.items.get(KIND)
    return isinstance(after, Scalar) and isinstance(before, Scalar) and after.text != before.text


def _is_list(node: Node) -> bool:
    given = isinstance(node, Given) and isinstance(node.value, tuple | list)
    return given or isinstance(node, Sequence)


def _items(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Sequence):
        return node.items
    assert isinstance(node, Given)
    return tuple(Given(node.place, value) for value in node.value)
