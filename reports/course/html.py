"""Chapters as HTML: the same Markdown that the terminal shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reports.course.telling import starter_name
from reports.course.text import Block, blocks
from reports.pages.html import Html, joined, plain, tag

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from reports.course.chapter import Chapter

_INLINE = re.compile(
    r"`(?P<code>[^`]+)`|\*\*(?P<strong>[^*]+)\*\*|\*(?P<em>[^*\s](?:[^*]*[^*\s])?)\*"
    r"|\[(?P<link>[^\]]+)\]\((?P<to>[^)\s]+)\)"
)


def html(markdown: str) -> Html:
    """Return Markdown as HTML.

    >>> html("Some **bold** words & `x < 1`.")
    '<p>Some <strong>bold</strong> words &amp; <code>x &lt; 1</code>.</p>'
    """
    parts: list[Html] = []
    items: list[Html] = []
    kind = ""

    def flush() -> None:
        if items:
            parts.append(tag(kind, *items))
            items.clear()

    for block in blocks(markdown):
        if block.kind in ("ul", "ol"):
            if block.kind != kind:
                flush()
            kind = block.kind
            items.append(tag("li", inline(block.text)))
            continue
        flush()
        parts.append(_block(block))
    flush()
    return joined(*parts)


def _block(block: Block) -> Html:
    if block.kind == "code":
        return tag("pre", tag("code", block.text))
    if block.kind == "table":
        rows = [[cell.strip() for cell in line.strip("|").split("|")]
                for line in block.text.splitlines()]  # fmt: skip
        head, body = rows[0], rows[2:]
        top = tag("thead", tag("tr", [tag("th", inline(cell)) for cell in head]))
        rest = [tag("tr", [tag("td", inline(cell)) for cell in row]) for row in body]
        return tag("div", tag("table", top, tag("tbody", rest)), class_="wide")
    return tag("p", inline(block.text))


def inline(words: str) -> Html:
    """Return a paragraph's words with what is marked in them."""
    parts: list[object] = []
    at = 0
    for found in _INLINE.finditer(words):
        parts.append(words[at : found.start()])
        at = found.end()
        if found["link"]:
            parts.append(tag("a", found["link"], href=found["to"]))
        else:
            name = next(name for name in ("code", "strong", "em") if found[name])
            parts.append(tag(name, found[name]))
    return joined(*parts, words[at:])


def page(
    one: Chapter, chapters: Sequence[Chapter], passed: Collection[str], source: str, kept: str
) -> str:
    """Return the page of a chapter; *source* is the learner's file as it is now."""
    text = one.text
    minutes = f"{one.minutes} minutes" + (", one of the core" if one.core else "")
    body = tag(
        "main",
        tag("p", f"Chapter {one.number} · {minutes}", class_="eyebrow"),
        tag("h1", text.title),
        tag("section", html(text.story), class_="story"),
        _part("Idea", html(text.idea)),
        _live(one),
        _part("Task", html(text.task)),
        _editor(one, source),
        tag("details", tag("summary", "A hint"), html(text.hint)),
        tag("details", tag("summary", "A model solution, discussed"),
            tag("pre", tag("code", one.file("solution").read_text(encoding="utf-8").rstrip())),
            html(text.solution)),
        _following(one, chapters),
    )  # fmt: skip
    return _whole(f"{one.number}. {text.title}", _contents(chapters, passed, kept, one), body)


def _part(title: str, inside: Html) -> Html:
    return tag("section", tag("h2", title), inside)


def _live(one: Chapter) -> Html | None:
    if one.live is None:
        return None
    sliders = [
        tag(
            "label",
            tag("span", slider.label),
            tag(
                "input", type="range", name=name, min=f"{slider.low:g}", max=f"{slider.high:g}",
                step=f"{slider.step:g}", value=f"{slider.value:g}", data_unit=slider.unit,
            ),
            tag("output", f"{slider.value:g}{slider.unit}"),
        )
        for name, slider in one.live.sliders.items()
    ]  # fmt: skip
    return tag(
        "section",
        tag("h2", "Try it"),
        tag("form", *sliders, id="sliders"),
        tag("figure", tag("div", id="figure", role="img"), tag("figcaption", id="sentence")),
        id="live",
        data_chapter=one.name,
    )


def _editor(one: Chapter, source: str) -> Html:
    name = starter_name(one)
    return tag(
        "section",
        tag("h2", "Your file"),
        tag("p", "It is saved as ", tag("code", name), " in the folder where you typed "
            "driftyard learn; the terminal marks the same file.", class_="note"),
        tag("textarea", source, id="source", spellcheck="false", autocomplete="off",
            aria_label=name, rows=str(min(32, source.count("\n") + 3))),
        tag("p", tag("button", "Save and mark it", id="mark", type="button"), " ",
            tag("output", id="waiting"), class_="row"),
        tag("div", id="verdict", aria_live="polite"),
        data_chapter=one.name,
        id="exam",
    )  # fmt: skip


def _contents(
    chapters: Sequence[Chapter], passed: Collection[str], kept: str, here: Chapter
) -> Html:
    items = [
        tag(
            "li",
            tag(
                "a", tag("span", "★" if one.core else "", class_="star"), f"{one.number}. ",
                one.title, tag("span", " ✓" if one.name in passed else "", class_="done"),
                href=f"/{one.name}", aria_current="page" if one is here else False,
            ),
        )
        for one in chapters
    ]  # fmt: skip
    done = sum(one.name in passed for one in chapters)
    return tag(
        "nav",
        tag("details",
            tag("summary", f"driftyard learn: {done} of {len(chapters)} done"),
            tag("ol", *items),
            tag("p", "★ the core. Progress is kept in ", tag("code", kept), class_="note"),
            open=True, id="contents"),
    )  # fmt: skip


def _following(one: Chapter, chapters: Sequence[Chapter]) -> Html | None:
    later = [other for other in chapters if other.number > one.number]
    if not later:
        return None
    after = later[0]
    link = tag("a", f"Next: {after.number}. {after.title}", href=f"/{after.name}")
    return tag("p", link, class_="next")


def _whole(title: str, *body: object) -> str:
    head = [
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", plain(title)),
        tag("link", rel="icon", href="data:,"),
        tag("link", rel="stylesheet", href="/style/page.css"),
        tag("link", rel="stylesheet", href="/static/learn.css"),
        tag("script", src="/static/learn.js", type="module"),
    ]
    return f"<!doctype html>\n{tag('html', tag('head', *head), tag('body', *body), lang='en')}\n"
