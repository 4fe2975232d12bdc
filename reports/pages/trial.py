"""The page of whatever a command found: the answer first, then all that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.comparison import Ablation, Comparison, Curve, Probe, Territory
from reports.pages import comparison
from reports.pages.ablation import ablation
from reports.pages.curves import curve, territory
from reports.pages.gate import gate
from reports.pages.html import Html, joined, plain, tag
from reports.pages.page import drawing, page, section, verdict
from reports.pages.probe import probe
from reports.pages.told import Told
from reports.trials.gating import Gated
from reports.words import count

if TYPE_CHECKING:
    from reports.figures.picture import Picture

FITS_IN = 8.0
"""A picture less wide than this can be read on a narrow screen."""


def leave(found: Any, folder: Path, command: str) -> None:
    """Write report.html and figures/ into *folder*; *command* is how it was asked for."""
    drawn: dict[str, Picture] = {}
    if isinstance(found, Comparison):
        shown = comparison.pictures(found)
        written = comparison.render(found, shown, command=command)
        for number, named in enumerate(shown.values()):
            place = f"{number + 1}/" if len(shown) > 1 else ""
            drawn |= {f"{place}{name}": picture for name, picture in named.items()}
    else:
        parts = told(found)
        written = render(parts, failures=_failures(found), command=command)
        drawn = {picture.name: picture for part in parts for picture in part.pictures}
    (folder / "report.html").write_text(written, encoding="utf-8")
    for place, picture in drawn.items():
        picture.save((folder / "figures" / place).parent)


def told(found: Any) -> list[Told]:
    """Return what there is to tell, a part for each thing found; pictures have names apart."""
    parts = [_told(one) for one in (found if isinstance(found, list) else [found])]
    if len(parts) == 1:
        return parts
    return [
        replace(
            part,
            pictures=tuple(replace(one, name=f"{one.name}-{place}") for one in part.pictures),
        )
        for place, part in enumerate(parts, 1)
    ]


def _told(one: Any) -> Told:
    match one:
        case Curve():
            return curve(one)
        case Territory():
            return territory(one)
        case Ablation():
            return ablation(one)
        case Probe():
            return probe(one)
        case Gated():
            return gate(one)
    raise AssertionError(f"nobody tells {type(one).__name__} on a page")


def render(parts: Sequence[Told], *, failures: Sequence[str] = (), command: str = "") -> str:
    """Return report.html."""
    first = parts[0]
    alone = len(parts) == 1
    title = first.title if alone else count(len(parts), "answer")
    head = (
        [tag("p", plain(title), class_="eyebrow"), tag("h1", plain(first.answer))]
        if alone
        else [tag("h1", plain(title))]
    )
    return page(
        title,
        *head,
        tag("p", verdict(first.verdict)) if alone and first.verdict else None,
        _failed(failures),
        [_part(part, alone=alone) for part in parts],
        section(
            "Run it again",
            tag("pre", plain(command)) if command else None,
            tag("p", "Files: summary.json, command.txt, figures/."),
        ),
    )


def _part(part: Told, *, alone: bool) -> Html:
    drawn = [drawing(one, shape=_shape(one)) for one in part.pictures]
    inside = joined(drawn, *part.body)
    if alone:
        return inside
    return section(plain(part.title), tag("p", plain(part.answer), class_="lead"), inside)


def _shape(picture: Picture) -> str:
    return "half" if picture.figure.get_figwidth() < FITS_IN else "long"


def _failed(failures: Sequence[str]) -> Html | None:
    if not failures:
        return None
    words = f"{count(len(failures), 'run')} failed: {failures[0]}."
    return tag("p", verdict("unknown"), plain(words), class_="stopped")


def _failures(found: Any) -> Sequence[str]:
    return tuple(getattr(found, "failures", ()))
