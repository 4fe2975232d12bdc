"""What all pages share: the head, the style, pictures that follow light and dark."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reports.pages.html import Html, joined, plain, tag

if TYPE_CHECKING:
    from reports.figures.picture import Picture

HERE = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
"""Nothing is fetched from anywhere, whatever a name or a story holds."""


def page(title: str, *body: object) -> str:
    """Return a whole page: one file that needs nothing else."""
    head = [
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("title", plain(title)),
        tag("style", Html(_part("page.css"))),
    ]
    script = tag("script", Html(_part("page.js")))
    inner = joined(tag("head", *head), "\n", tag("body", tag("main", *body), script))
    return f"<!doctype html>\n{tag('html', inner, lang='en')}\n"


def drawing(picture: Picture, *, note: str = "", shape: str = "long") -> Html:
    """Return a picture with its caption.

    *shape* is long (it scrolls on a narrow screen) or half (it fits there).
    """
    inner = Html(picture.inline())
    box = tag("div", inner, class_="drawing", role="img", aria_label=plain(picture.says))
    return tag("figure", box, tag("figcaption", note) if note else None, class_=shape)


def section(title: str, *inside: object, note: str = "") -> Html:
    """Return a part of a page under its own heading."""
    said = tag("p", note, class_="note") if note else None
    return tag("section", tag("h2", title), said, "\n", *inside, "\n")


def verdict(word: str) -> Html:
    """Return a verdict as a badge."""
    return tag("span", word, class_=f"verdict {word}")


@cache
def _part(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
