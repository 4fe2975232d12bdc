"""A release check for policies: no worse than the one in use, and as good as is expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

from reports.comparison import Comparison, Contrast, Measure, expectation, margin, measure
from reports.comparison.contrast import IDENTICAL
from reports.comparison.expectation import FAIL, PASS, UNKNOWN
from reports.comparison.stopping import Fixed
from reports.trials.comparing import Wanted, compared
from reports.words import count
from sim.errors import Mistake, one_of, refuse, whole

if TYPE_CHECKING:
    from reports.sweeps.conduct import Conductor

USUAL = ("silent-schema-change", "gradual-drift", "calm-year")
"""The years of a gate that names none: a broken feed, a turning world, and nothing at all."""
_FIELDS = ("scenarios", "seeds", "margin", "enough", "by", "expect")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a release is held to.

    No worse than the other policy by more than *margin*, by each measure of *by* in each of the
    *scenarios*; and what is *expected* holds in a share *enough* of *seeds*.
    """

    scenarios: tuple[Any, ...] = USUAL
    seeds: int = 30
    margin: str = "5%"
    enough: float = 0.8
    by: tuple[str, ...] = ("loss",)
    expect: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        whole("seeds", self.seeds, 1)
        for name in ("scenarios", "by"):
            if not getattr(self, name):
                refuse(name, [], "give at least one")

    @property
    def wanted(self) -> Wanted:
        """The same as a comparison reads it."""
        return Wanted(
            by=tuple(measure(text, "by") for text in self.by),
            expected=tuple(
                expectation(text, enough=self.enough, field="expect") for text in self.expect
            ),
            margin=margin(self.margin, "margin"),
            rule=Fixed(seeds=self.seeds),
        )


@dataclass(frozen=True)
class Check:
    """One thing that a release was held to, and what came of it."""

    name: str
    group: str
    verdict: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Gated:
    """What a release check came to; *late*: the time was up before all was played."""

    policy: str
    against: str
    checks: tuple[Check, ...]
    comparison: Comparison
    late: bool = False

    @property
    def verdict(self) -> str:
        """Fail if any check does, unknown if any is, else pass."""
        verdicts = {check.verdict for check in self.checks}
        return next((one for one in (FAIL, UNKNOWN) if one in verdicts), PASS)

    @property
    def finding(self) -> str:
        """The answer in a sentence."""
        told = [
            f"{sum(c.verdict == verdict for c in self.checks)} {word}"
            for verdict, word in ((FAIL, "failed"), (UNKNOWN, "unknown"), (PASS, "passed"))
            if any(c.verdict == verdict for c in self.checks)
        ]
        beside = f" against {self.against}" if self.against else ""
        late = "; the time was up before all was played" if self.late else ""
        return f"{self.policy}{beside}: {self.verdict} ({', '.join(told)}){late}"


def read_terms(path: str) -> Terms:
    """Read a file of expectations: a list of them, or a mapping with the fields of `Terms`."""
    import yaml

    try:
        with open(path, encoding="utf-8") as file:
            told = yaml.safe_load(file)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        refuse("--expect", path, f"{why.lower()}; give a file of expectations")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        raise Mistake(f"{path}: {line}this is no YAML") from None
    if isinstance(told, list):
        told = {"expect": told}
    if not isinstance(told, dict):
        refuse("--expect", path, "write a list such as `- lag(input) < 6h`, or a mapping")
    for name in told:
        one_of(f"a field in {path}", str(name), _FIELDS)
    for name in ("scenarios", "by", "expect"):
        if name in told:
            listed = [told[name]] if isinstance(told[name], str) else told[name]
            if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
                refuse(
                    f"{name} in {path}", told[name], "give a list of texts, in quotes if need be"
                )
            told[name] = tuple(listed)
    if "margin" in told:
        told["margin"] = str(told["margin"])
    try:
        terms = Terms(**told)
        _ = terms.wanted
    except Mistake as mistake:
        raise Mistake(f"{path}: {mistake}") from None
    return terms


def gated(
    conductor: Conductor, policy: Any, against: Any, terms: Terms, *, until: float = inf
) -> Gated:
    """Play both policies, and hold one against the other and against what is expected."""
    operators = [policy, against] if against else [policy]
    found = compared(conductor, terms.scenarios, operators, terms.wanted, until=until)
    mine, theirs = found.strategies[0], found.strategies[-1]
    checks = [*_whole_years(found, mine)]
    if against and mine != theirs:
        checks += [_no_worse(one, found) for one in found.contrasts if one.scenario]
    elif against:
        checks.append(Check("no worse", "all", PASS, "it is the same policy"))
    checks += [
        Check(one.expected.text, one.scenario, one.verdict, one.words)
        for one in found.tallies
        if one.strategy == mine
    ]
    return Gated(
        policy=mine,
        against=theirs if against else "",
        checks=tuple(checks),
        comparison=found,
        late=bool(found.stopped),
    )


def _whole_years(found: Comparison, mine: str) -> Sequence[Check]:
    """Check that the policy lives through its years."""
    checks = []
    for scenario in found.scenarios:
        cell = found.cell(scenario, mine)
        lost = sum(line.startswith(f"{scenario} under {mine},") for line in found.failures)
        verdict = FAIL if cell.broken else UNKNOWN if lost or not cell.seeds else PASS
        words = f"{count(cell.seeds - cell.broken, 'year')} to the end"
        if cell.broken:
            words = f"it broke down in {cell.broken} of {count(cell.seeds, 'year')}"
        elif lost:
            words += f", {lost} without a result"
        checks.append(Check("lives through its years", scenario, verdict, words))
    return checks


def _no_worse(one: Contrast, found: Comparison) -> Check:
    """Fail if it is surely worse by more than the margin; pass if it surely is not."""
    by = next(m for m in found.measures if m.text == one.measure)
    if one.verdict == IDENTICAL or one.difference.high <= one.margin:
        verdict = PASS
    elif one.difference.low > one.margin:
        verdict = FAIL
    else:
        verdict = UNKNOWN
    low, high = (_signed(by, value) for value in (one.difference.low, one.difference.high))
    words = f"{by.words} {_signed(by, one.difference.value)} ({low} to {high}) in "
    words += f"{count(one.seeds, 'year')}; {_signed(by, one.margin)} is allowed"
    more = f"; {count(one.more, 'more seed')} might settle it" if one.more else ""
    return Check(
        f"no worse by {one.measure}", one.scenario, verdict, words + more * (verdict == UNKNOWN)
    )


def _signed(by: Measure, value: float) -> str:
    return by.written(value) if value <= 0 else f"+{by.written(value)}"
