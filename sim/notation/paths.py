"""How what stands in a file is called: `faults[NullBurst].at`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.notation.nodes import Given, Mapping, Node, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable

KIND = "kind"


def joined(path: str, name: str) -> str:
    """Return the path of a field."""
    return f"{path}.{name}" if path and name else path or name


def item_names(items: Iterable[Node]) -> list[str]:
    """Return how each item of a list is called in paths: by name or kind, else by its number."""
    names: list[str] = []
    for i, item in enumerate(items):
        label = label_of(item) or str(i)
        same = sum(name == label or name.startswith(f"{label}#") for name in names)
        names.append(f"{label}#{same + 1}" if same else label)
    return names


def label_of(item: Node) -> str:
    """Return the name of an item, or its kind, or ''."""
    if isinstance(item, Given):
        name = getattr(item.value, "name", "")
        named = isinstance(name, str) and name
        return name if named else type(item.value).__name__
    for field in ("name", KIND) if isinstance(item, Mapping) else ():
        found = item.items.get(field) if isinstance(item, Mapping) else None
        if isinstance(found, Scalar) and not found.empty:
            return found.text
    return ""
