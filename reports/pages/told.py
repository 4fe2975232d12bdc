"""What a command has to say on its page: an answer, what it rests on, and its pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.figures.picture import Picture
    from reports.pages.html import Html


@dataclass(frozen=True, kw_only=True)
class Told:
    """An *answer* in a sentence or two, about *title*; *body* comes below the *pictures*."""

    title: str
    answer: str
    body: tuple[Html | None, ...]
    pictures: tuple[Picture, ...] = ()
    verdict: str = ""
