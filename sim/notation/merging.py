"""What a file changes in what it extends: field by field, and lists by a clear rule.

A list replaces the list that was there. Fields in the place of a list change it: `change:` goes
into items by name, `remove:` takes some away by name, `add:` appends.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from sim.notation.nodes import Given, Mapping, Node, Place, Scalar, Sequence
from sim.notation.reading import KIND, VERBS, joined


class Merger:
    """Puts changes over what is extended; what is wrong is kept in *mistakes*."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []

    def over(self, base: Node, change: Node, path: str = "") -> Node:
        """Return *base* with *change* laid over it."""
        if not isinstance(change, Mapping):
            return change
        if _is_list(base):
            return self._list(base, change, path)
        old = opened(base)
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
        found = [i for i, item in enumerate(items) if name in names_of(item)]
        if len(found) == 1:
            return found[0]
        if found:
            self._note(
                place, f"{path}: {len(found)} items are called {name!r}; write the whole list"
            )
        else:
            known = ", ".join(sorted({n for item in items for n in names_of(item)[:1]})) or "none"
            self._note(place, f"{path} is {name!r}: nothing there is called so; known are {known}")
        return None

    def _note(self, place: Place, what: str) -> None:
        self.mistakes.append(f"{place}: {what}")


def names_of(item: Node) -> list[str]:
    """Return the names by which an item of a list may be called: its own name, or its kind."""
    if isinstance(item, Scalar):
        return [item.text]
    if isinstance(item, Given) and not is_dataclass(item.value):
        return [str(item.value)]
    label = getattr(item.value, "label", "") if isinstance(item, Given) else ""
    old = opened(item)
    found = (
        [old.items[f] for f in ("name", KIND) if f in old.items] if isinstance(old, Mapping) else []
    )
    texts = [node.text for node in found if isinstance(node, Scalar)]
    texts += [str(node.value) for node in found if isinstance(node, Given)]
    return [text for text in dict.fromkeys([label, *texts]) if text]


def opened(node: Node) -> Node:
    """Return an object as its fields, so that a change can go into it; anything else as it is."""
    if not isinstance(node, Given):
        return node
    values = parts(node.value)
    if values is None:
        return node
    items: dict[str, Node] = {KIND: Scalar(node.place, name_of(node.value))}
    items |= {name: Given(node.place, value) for name, value in values.items()}
    return Mapping(node.place, items, dict.fromkeys(items, node.place))


def parts(value: Any) -> dict[str, Any] | None:
    """Return the fields of an object, or None if it has none."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in fields(value) if f.init}
    if hasattr(value, "get_params") and not isinstance(value, type):  # scikit-learn
        return dict(value.get_params(deep=False))
    if hasattr(value, "_get_params") and not isinstance(value, type):  # River
        return dict(value._get_params())
    return None


def name_of(value: Any) -> str:
    """Return the name of an object's class; River's goes with the whole path."""
    made = type(value)
    if hasattr(value, "_get_params"):
        return f"{'.'.join(made.__module__.split('.')[:2])}.{made.__qualname__}"
    return str(made.__name__)


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
