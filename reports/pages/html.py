"""HTML that cannot be broken by what people call things: words are escaped, tags are not."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from reports.words import one_line

VOID = ("br", "hr", "img", "input", "link", "meta")


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, /, *inside: object, **attributes: str | bool) -> Html:
    """Return an element; what is inside is escaped unless it is `Html`.

    An attribute's underscore at the end is dropped, others become hyphens.

    >>> tag("p", "a < b", tag("br"), class_="note")
    '<p class="note">a &lt; b<br></p>'
    """
    told = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(value)}"')
        for key, value in attributes.items()
        if value is not False
    )
    if name in VOID:
        return Html(f"<{name}{told}>")
    return Html(f"<{name}{told}>{joined(*inside)}</{name}>")


def joined(*parts: object) -> Html:
    """Return parts one after another, each escaped unless it is `Html`; None is nothing.

    >>> joined("<", None, [tag("b", "x"), "&"])
    '&lt;<b>x</b>&amp;'
    """
    found = []
    for part in parts:
        if part is None:
            continue
        if isinstance(part, Html):
            found.append(str(part))
        elif isinstance(part, str):
            found.append(escape(part))
        elif isinstance(part, Iterable):
            found.append(str(joined(*part)))
        else:
            found.append(escape(str(part)))
    return Html("".join(found))


def table(
    head: Iterable[str],
    rows: Iterable[Iterable[object]],
    *,
    numbers: Iterable[str] = (),
    kinds: Iterable[str] = (),
    class_: str = "",
) -> Html:
    """Return a table in a box that scrolls by itself where there is no room.

    Columns named in *numbers* are aligned to the right; *kinds* are the classes of rows.
    """
    head, rows, right = list(head), list(rows), set(numbers)
    classes = list(kinds) or [""] * len(rows)
    aligned = ["number" if name in right else "" for name in head]
    top = [
        tag("th", name, class_=how, scope="col") if how else tag("th", name, scope="col")
        for name, how in zip(head, aligned, strict=True)
    ]
    body = [
        tag(
            "tr",
            [
                tag("td", cell, class_=how) if how else tag("td", cell)
                for cell, how in zip(row, aligned, strict=True)
            ],
            class_=kind or False,
        )
        for row, kind in zip(rows, classes, strict=True)
    ]
    inner = tag("table", tag("thead", tag("tr", top)), tag("tbody", body))
    return tag("div", inner, class_=f"wide {class_}".strip(), tabindex="0")


def plain(words: str) -> str:
    """Return *words* in one line without signs that no page can show."""
    return "".join(sign if sign.isprintable() else " " for sign in one_line(words))
