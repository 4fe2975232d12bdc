"""What is expected of a policy: `lag(input) < 6h`, `loss <= 0.16 in gradual-drift`."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass, replace
from math import isnan
from typing import TYPE_CHECKING

from reports import intervals
from reports.comparison.measure import SECONDS, SHARE, Measure, measure, settle
from reports.intervals import ALPHA, Figure
from sim.clock import SECOND_US, us
from sim.errors import one_of, refuse, within

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reports.comparison.year import Year

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
ENOUGH = 0.8
_SIGNS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq,
}  # fmt: skip
_ASKED = re.compile(
    r"(?P<measure>[^<>=()]+(?:\([^()]*\))?)\s*(?P<sign><=|>=|==|<|>)\s*(?P<value>.+?)(?:\s+in\s+(?P<scenario>.+))?"
)


@dataclass(frozen=True)
class Expectation:
    """That a year's *measure* is *sign* *value*, in *scenario* or, if that is '', in each.

    It is met if it holds in a share *enough* of all years.
    """

    text: str
    measure: Measure
    sign: str
    value: float
    scenario: str = ""
    enough: float = ENOUGH

    def holds(self, year: Year) -> bool | None:
        """Say whether it holds in a year; None: there is nothing to be measured in it."""
        value = self.measure.strict(year)
        return None if isnan(value) else _SIGNS[self.sign](value, self.value)

    def settled(self, years: Sequence[Year], scenarios: Sequence[str]) -> Expectation:
        """Return it with its names in their places; a name that nothing has is a mistake."""
        if self.scenario and not any(self.concerns(name) for name in scenarios):
            one_of(f"--expect {self.text!r}: the scenario", self.scenario, scenarios)
        return replace(self, measure=settle(self.measure, years, "--expect"))

    def concerns(self, scenario: str) -> bool:
        """Say whether it is about a scenario, by its name or as it was asked for."""
        return self.scenario in ("", scenario, scenario.partition("(")[0])


@dataclass(frozen=True, kw_only=True)
class Tally:
    """In how many *seeds* what is *expected* of a *strategy* in a *scenario* *held*."""

    expected: Expectation
    scenario: str
    strategy: str
    held: int
    seeds: int
    share: Figure
    worst: str

    @property
    def verdict(self) -> str:
        """Pass or fail if the years say so surely, else unknown."""
        if not self.seeds:
            return UNKNOWN
        if self.share.low >= self.expected.enough:
            return PASS
        return FAIL if self.share.high < self.expected.enough else UNKNOWN

    @property
    def words(self) -> str:
        """What came of it, in a line."""
        if not self.seeds:
            return "nothing to be measured"
        low, high = (f"{100 * value:.0f}" for value in (self.share.low, self.share.high))
        return (
            f"held in {self.held} of {self.seeds} years ({low} to {high} %, "
            f"{100 * self.expected.enough:.0f} % wanted); worst {self.worst}"
        )


def expectation(text: str, *, enough: float = ENOUGH, field: str = "--expect") -> Expectation:
    """Read an expectation.

    >>> expectation("lag(input) < 6h").value
    21600.0
    """
    within("--enough", enough, 0.01, 0.999)
    found = _ASKED.fullmatch(text.strip())
    if found is None:
        refuse(field, text, "write a measure, a sign and a value, as in 'lag(input) < 6h'")
    asked = measure(found["measure"], field)
    value = _value(found["value"], asked, text, field)
    return Expectation(
        text.strip(), asked, found["sign"], value, (found["scenario"] or "").strip(), enough
    )


def _value(text: str, asked: Measure, whole: str, field: str) -> float:
    if asked.kind.unit == SECONDS:
        return us(text, f"{field} {whole!r}: the value") / SECOND_US
    percent = text.endswith("%")
    try:
        value = float(text.removesuffix("%").replace(",", ""))
    except ValueError:
        unit = "a share such as 5%" if asked.kind.unit == SHARE else "a number"
        refuse(field, whole, f"{asked.kind.name} is {unit}, and {text!r} is not")
    return value / 100 if percent else value


def tally(expected: Expectation, years: Sequence[Year]) -> Tally:
    """Count in how many of one strategy's *years* in one scenario an expectation holds.

    A year in which the strategy broke down counts as one in which it does not hold.
    """
    held = [False if year.broken else expected.holds(year) for year in years]
    known = [one for one in held if one is not None]
    values = [value for year in years if not isnan(value := expected.measure.strict(year))]
    worst = min if expected.sign.startswith(">") else max
    return Tally(
        expected=expected,
        scenario=years[0].scenario,
        strategy=years[0].strategy,
        held=sum(known),
        seeds=len(known),
        share=intervals.share(sum(known), len(known), alpha=2 * ALPHA),  # each bound 95 % sure
        worst=expected.measure.written(worst(values)) if values else "none",
    )
