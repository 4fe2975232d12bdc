"""What is claimed of years: each claim is judged pass, fail or unknown, and names its worst year.

Claims are about operators in worlds. Whatever the learner wrote is called `MINE`, be it the one or
the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Protocol

from sim.errors import one_of

if TYPE_CHECKING:
    from reports.comparison.year import Year
    from reports.intervals import Figure

MINE = "yours"
PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
ENOUGH = 0.8
Years = Mapping[tuple[str, str], "Sequence[Year]"]
"""By world and operator, in the order of the seeds."""


@dataclass(frozen=True, kw_only=True)
class Worst:
    """The year that speaks most against a claim: in *world* under *operator* with *seed*."""

    world: str
    operator: str
    seed: int


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What came of a claim: its *words*, the *verdict*, the numbers as *told*, its *worst* year.

    *more* says what would settle it if it is unknown.
    """

    words: str
    verdict: str
    told: str
    worst: Worst | None = None
    more: str = ""


class Claim(Protocol):
    """Something that years bear out or not."""

    def reads(self, worlds: Sequence[str]) -> set[tuple[str, str]]:
        """Return the worlds and operators whose years it reads, of all *worlds* that there are."""

    def judge(self, years: Years, *, alpha: float) -> list[Judged]:
        """Judge it in each world that it is about; it may err with *alpha*."""


@dataclass(frozen=True, kw_only=True)
class OfOne:
    """A claim about the years of one operator (*of*), in one *world* or, if it is '', in each."""

    of: str = MINE
    world: str = ""

    def reads(self, worlds: Sequence[str]) -> set[tuple[str, str]]:
        """Return those of its operator, in its world or all."""
        return {(world, self.of) for world in _in(self.world, worlds)}


@dataclass(frozen=True, kw_only=True)
class Holds(OfOne):
    """What is expected, as `--expect` writes it, is met by *of* in a share *enough* of the years.

    *words* say the same to a learner; *written* is how a value is told, if not as the measure does.
    """

    expect: str
    words: str = ""
    enough: float = ENOUGH
    written: str = ""

    def judge(self, years: Years, *, alpha: float) -> list[Judged]:
        """Count the years in which it holds; the bounds of the share decide."""
        from reports.comparison.expectation import expectation

        everybody = [year for some in years.values() for year in some]
        asked = expectation(self.expect).settled(everybody, [])
        told = self.written.format if self.written else asked.measure.written
        upward = asked.sign.startswith(">")
        judged = []
        for world, some in _of(years, self.world, self.of):
            values = [asked.measure.strict(year) for year in some]
            held = [not year.broken and bool(asked.holds(year)) for year in some]
            known = [i for i, value in enumerate(values) if not isnan(value)]
            worst = (min if upward else max)(known, key=lambda i: values[i], default=None)
            judged.append(
                _share(
                    _placed(self.words or f"{_who(self.of)} {self.expect}", world, years),
                    [held[i] for i in known],
                    enough=self.enough,
                    alpha=alpha,
                    worst=None if worst is None else _worst(world, self.of, some[worst]),
                    value="" if worst is None else told(values[worst]),
                )
            )
        return judged


@dataclass(frozen=True, kw_only=True)
class Shows(OfOne):
    """*holds* is true of *of*'s year in a share *enough* of the years; None leaves a year out.

    For what no measure says; *holds* reads the rows of a `Year`.
    """

    words: str
    holds: Callable[[Year], bool | None]
    enough: float = ENOUGH

    def judge(self, years: Years, *, alpha: float) -> list[Judged]:
        """Count the years in which it holds."""
        judged = []
        for world, some in _of(years, self.world, self.of):
            told = [(year, False if year.broken else self.holds(year)) for year in some]
            known = [(year, held) for year, held in told if held is not None]
            against = next((year for year, held in known if not held), None)
            judged.append(
                _share(
                    _placed(self.words, world, years),
                    [held for _, held in known],
                    enough=self.enough,
                    alpha=alpha,
                    worst=None if against is None else _worst(world, self.of, against),
                )
            )
        return judged


@dataclass(frozen=True, kw_only=True)
class OnAverage(OfOne):
    """The mean of *value* over the years of *of* is at most *most*; None leaves a year out.

    For what is noise in a single year. *written* says how a mean is told.
    """

    words: str
    value: Callable[[Year], float | None]
    most: float
    written: str = "{:.3g}"

    def judge(self, years: Years, *, alpha: float) -> list[Judged]:
        """Pass if the interval of the mean lies below *most*, fail if above it."""
        import numpy as np

        from reports.comparison.contrast import mean_difference

        judged = []
        for world, some in _of(years, self.world, self.of):
            words = _placed(self.words, world, years)
            broken = next((year for year in some if year.broken), None)
            if broken is not None:
                worst = _worst(world, self.of, broken)
                judged.append(Judged(words=words, verdict=FAIL, told="broke down", worst=worst))
                continue
            told = [(year, self.value(year)) for year in some]
            known = [(year, value) for year, value in told if value is not None]
            if len(known) < 2:
                judged.append(_unmeasured(words))
                continue
            found = mean_difference(np.array([value for _, value in known]), alpha)
            verdict = (
                PASS if found.high <= self.most else FAIL if found.low > self.most else UNKNOWN
            )
            mean, low, high = (self.written.format(x) for x in (found.value, found.low, found.high))
            judged.append(
                Judged(
                    words=words,
                    verdict=verdict,
                    told=f"{mean} ({low} to {high}) over {len(known)} years",
                    worst=_worst(world, self.of, max(known, key=lambda pair: pair[1])[0]),
                    more="" if verdict != UNKNOWN else "more seeds narrow the interval",
                )
            )
        return judged


@dataclass(frozen=True, kw_only=True)
class Less:
    """*of* has less of a measure (*by*) than another has, by *least* of what that one has.

    Paired by seed. A negative *least*, as '-5%', says: no more than so much worse. The other is in
    the same world, or in that *beside*.
    """

    than: str
    by: str = "loss"
    least: str = "0%"
    of: str = MINE
    world: str = ""
    beside: str = ""
    words: str = ""

    def reads(self, worlds: Sequence[str]) -> set[tuple[str, str]]:
        """Return those of both."""
        mine = _in(self.world, worlds)
        theirs = [self.beside] if self.beside else mine
        return {(world, self.of) for world in mine} | {(world, self.than) for world in theirs}

    def judge(self, years: Years, *, alpha: float) -> list[Judged]:
        """Pass if the interval of the mean difference lies beyond *least*, fail if short of it."""
        from reports.comparison.measure import measure, settle

        everybody = [year for some in years.values() for year in some]
        asked = settle(measure(self.by), everybody)
        share = float(self.least.removesuffix("%")) / 100
        judged = []
        for world, some in _of(years, self.world, self.of):
            theirs = _years(years, self.beside or world, self.than)
            rivals = {year.seed: asked.of(year) for year in theirs}
            pairs = [(year, asked.of(year), rivals[year.seed]) for year in some]
            told, verdict, more = _apart([(a, b) for _, a, b in pairs], share, alpha)
            worst = max(pairs, key=lambda pair: pair[1] - pair[2])[0]
            judged.append(
                Judged(
                    words=_placed(self.words or self._in_words(asked.words, share), world, years),
                    verdict=verdict,
                    told=f"{told} beside {_plain(self.than)}, paired over {len(pairs)} years",
                    worst=_worst(world, self.of, worst),
                    more=more,
                )
            )
        return judged

    def _in_words(self, measured: str, share: float) -> str:
        if share < 0:
            return f"{_who(self.of)} {measured}: at most {-share:.0%} above {_plain(self.than)}"
        by = f"at least {share:.0%} " if share else ""
        return f"{_who(self.of)} {measured}: {by}less than {_plain(self.than)}"


def _share(
    words: str, held: Sequence[bool], *, enough: float, alpha: float,
    worst: Worst | None, value: str = "",
) -> Judged:  # fmt: skip
    """Judge a share of years by the exact bounds of Clopper and Pearson, each with *alpha*."""
    from reports import intervals

    if not held:
        return _unmeasured(words)
    found = intervals.share(sum(held), len(held), alpha=2 * alpha)
    verdict = PASS if found.low >= enough else FAIL if found.high < enough else UNKNOWN
    told = f"in {sum(held)} of {len(held)} years ({enough:.0%} of all years wanted)"
    if value:
        told += f"; worst {value}"
    more = "" if verdict != UNKNOWN else (
        f"surely between {found.low:.0%} and {found.high:.0%} of all years: more seeds narrow that"
    )  # fmt: skip
    return Judged(words=words, verdict=verdict, told=told, worst=worst, more=more)


def _unmeasured(words: str) -> Judged:
    return Judged(words=words, verdict=UNKNOWN, told="nothing to be measured in these years")


def _apart(
    pairs: Sequence[tuple[float, float]], least: float, alpha: float
) -> tuple[str, str, str]:
    """Return what a paired difference is, in shares of the other's mean, its verdict, and more."""
    import numpy as np

    from reports.comparison.contrast import mean_difference, more_seeds

    mine, theirs = (np.array(values, dtype=np.float64) for values in zip(*pairs, strict=True))
    known = np.isfinite(mine) & np.isfinite(theirs)
    mine, theirs = mine[known], theirs[known]
    if not known.any():
        return "nothing to be measured", UNKNOWN, ""
    if (mine == theirs).all():
        return "no difference in any year", FAIL if least >= 0 else PASS, ""
    level = float(np.abs(theirs).mean()) or 1.0
    # Whether it has less by a share is one paired question: the other's level is uncertain, too.
    found: Figure = mean_difference(mine - (1 - least) * theirs, alpha)
    value, low, high = (end / level - least for end in (found.value, found.low, found.high))
    verdict = PASS if found.high < 0 else FAIL if found.low > 0 else UNKNOWN
    told = f"{value:+.1%} ({low:+.1%} to {high:+.1%})"
    if verdict != UNKNOWN:
        return told, verdict, ""
    needed = more_seeds(mine - theirs, 0.05 * level, alpha)
    if needed:
        return told, verdict, f"{needed} years more would tell differences of 5 %"
    return told, verdict, "it lies too near the line: make the difference clearer"


def _of(years: Years, world: str, operator: str) -> list[tuple[str, Sequence[Year]]]:
    """Return the years of an operator, in one world or in each that there is."""
    worlds = _in(world, list(dict.fromkeys(where for where, _ in years)))
    return [(where, _years(years, where, operator)) for where in worlds]


def _in(world: str, worlds: Sequence[str]) -> Sequence[str]:
    return [world] if world else worlds


def _years(years: Years, world: str, operator: str) -> Sequence[Year]:
    one_of("a claim's world and operator", f"{world} | {operator}", [" | ".join(k) for k in years])
    return years[world, operator]


def _placed(words: str, world: str, years: Years) -> str:
    """Add ' in technical-debt' where there are several worlds and the words don't say 'where'."""
    worlds = {where for where, _ in years}
    if len(worlds) == 1 or words.startswith("where "):
        return words
    place, bracket, given = _place(world), *world.partition("(")[1:]
    alone = [_place(where) for where in worlds].count(place) == 1
    return f"{words} in {place}" if alone else f"{words} in {place}{bracket}{given}"


def _place(world: str) -> str:
    """Return how a world is called: a file's by its name, or by the name in it."""
    if world == MINE:
        return "your year"
    file, _, inside = world.partition("(")[0].rpartition(":")
    return (inside if file else inside.partition(".")[0]).replace("_", " ")


def _worst(world: str, operator: str, year: Year) -> Worst:
    return Worst(world=world, operator=operator, seed=year.seed)


def _who(operator: str) -> str:
    return "your" if operator == MINE else f"{_plain(operator)}'s"


def _plain(operator: str) -> str:
    """Return how a rival is called: a file's by its name alone."""
    stem = re.match(r"([\w-]+)\.(?:py|ya?ml)(?::\w+)?$", operator)
    return stem[1] if stem else operator.replace('"', "'")
