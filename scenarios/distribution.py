"""Scenarios whose values are ranges: a distribution of years, one for each seed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenarios.vocabulary import vocabulary
from sim.chance import Luck
from sim.errors import Mistake
from sim.notation.document import Document, Language, Reading
from sim.notation.publishing import Publisher
from sim.notation.ranges import Range
from sim.notation.writing import Writer
from sim.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.notation.ranges import Unit, Value

TRIED = 20
"""So many seeds are drawn to see whether every world of a distribution is sound."""


def _catalogue() -> dict[str, Callable[..., Scenario]]:
    from scenarios import catalogue

    return catalogue()


_TELLS = ("story", "cause", "expect", "lesson", "seam")
SCENARIOS = Language(
    "scenario",
    vocabulary,
    _catalogue,
    tells=_TELLS,
    stands={
        **dict.fromkeys(("name", "domain", "horizon", "tolerance"), _TELLS),
        **dict.fromkeys(("faults", "stream.drifts"), ()),
        "": ("cause", "lesson", "seam"),
    },
)


@dataclass(frozen=True)
class Distribution:
    """A scenario some of whose values are ranges: `draw(seed)` is one of its years.

    A value is drawn by the luck of the seed and of the place where it stands, so strategies
    that are compared under one seed meet one world, and another range changes none of the others.

    >>> story = varied("gradual-drift", at=uniform("4w", "8w"))
    >>> story.draw(7) == story.draw(7), story.draw(7) == story.draw(8)
    (True, False)
    """

    name: str
    read: Callable[[Unit], Reading]
    files: tuple[tuple[Path, bytes], ...] = ()
    """the files that it was read from, the first one first"""

    def draw(self, seed: int) -> Scenario:
        """Return the scenario of *seed*."""
        return self._scenario(self.reading(seed))

    def drawn(self, seed: int) -> dict[str, Value]:
        """Return what the ranges gave for *seed*, by the path of each."""
        return self.reading(seed).drawn

    def middle(self) -> Scenario:
        """Return the scenario with the middle of each range."""
        return self._scenario(self.read(lambda _: 0.5))

    @property
    def ranges(self) -> dict[str, Range]:
        """The range at each path."""
        return self.read(lambda _: 0.5).ranges

    def reading(self, seed: int) -> Reading:
        """Return all that *seed* gives."""
        luck = Luck(seed)
        return self.read(lambda path: luck.uniform("a range", path))

    def check(self) -> None:
        """Refuse a distribution of which not every world is sound, as far as a few worlds tell."""
        for share in (0.5, 0.0, 1 - 2**-53):
            self.read(lambda _, share=share: share)  # type: ignore[misc]
        if self.ranges:
            for seed in range(TRIED):
                try:
                    self.draw(seed)
                except Mistake as mistake:
                    drawn = "some of what its ranges hold does not go together"
                    raise Mistake(f"{mistake} ({drawn}: seed {seed})") from None

    def _scenario(self, reading: Reading) -> Scenario:
        assert isinstance(reading.value, Scenario)
        return reading.value


def read(path: str) -> Distribution:
    """Return what a scenario file describes."""
    document = Document.of_file(path, SCENARIOS)
    return Distribution(document.name, document.read, tuple(document.files.items()))


def reads(text: str, *, file: str = "text.yaml") -> Distribution:
    """Return what the text of a scenario file describes."""
    document = Document.of_text(text, SCENARIOS, file=file)
    return Distribution(document.name, document.read, tuple(document.files.items()))


def write(scenario: Scenario) -> str:
    """Return the text of a file that gives *scenario* again.

    >>> print(write(reads("extends: calm-year\\nstream: {season: null}").draw(0))[:16])
    name: text
    story
    """
    words = vocabulary()
    text = Writer(words).write(scenario)
    if reads(text).draw(0).digest != scenario.digest:
        raise Mistake(f"{scenario.name} cannot be written: a file holds less than its objects do")
    return text


def schema() -> dict[str, Any]:
    """Return the JSON Schema of scenario files."""
    from scenarios import catalogue

    return Publisher(vocabulary(), "scenario", catalogue()).schema()


def varied(name: str, **arguments: Any) -> Distribution:
    """Return the built-in scenario *name* with *arguments*, some of them ranges.

    It draws what a file draws that extends it `with:` the same.
    """
    from scenarios import catalogue
    from sim.errors import one_of

    make = catalogue()[one_of("scenario", name, catalogue())]

    def made(unit: Unit) -> Reading:
        ranges = {f"with.{k}": v for k, v in arguments.items() if isinstance(v, Range)}
        drawn = {path: found.draw(unit(path)) for path, found in ranges.items()}
        values = {k: drawn.get(f"with.{k}", v) for k, v in arguments.items()}
        return Reading(make(**values), ranges, drawn)

    return Distribution(name, made)
