"""What a year is measured by, as people write it: `loss`, `lag(input)`, `lag(contract)`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf, nan
from statistics import mean
from typing import Any

from reports.comparison.year import LAYERS, Year, names
from reports.words import amount, duration
from sim.clock import SECOND_US
from sim.errors import one_of, refuse

SECONDS, NUMBER, SHARE, MONEY = "s", "", "share", "money"
_ASKED = re.compile(r"\s*(?P<name>[A-Za-z_-]+)\s*(?:\((?P<inside>[^()]*)\))?\s*")


Lags = list[tuple[float | None, float]]
"""For each incident the lag, None if it was missed, and the most that it could have been."""


@dataclass(frozen=True)
class Kind:
    """A thing that can be measured: *words* say what it is, *of* takes it from a year.

    *strict* is how an expectation reads it: a lag that was missed is infinite there. Both get the
    year or, if it *takes* a layer, a monitor or an incident, the lags of these.
    """

    name: str
    words: str
    unit: str
    of: Callable[[Any], float]
    strict: Callable[[Any], float]
    takes: bool = False


def _column(name: str, words: str, column: str, unit: str = NUMBER) -> Kind:
    def of(year: Year) -> float:
        return _number(year.run[column])

    return Kind(name, words, unit, of, of)


def _ratio(name: str, words: str, top: str, bottom: str, unit: str = NUMBER) -> Kind:
    def of(year: Year) -> float:
        whole = _number(year.run[bottom])
        return _number(year.run[top]) / whole if whole else nan

    return Kind(name, words, unit, of, of)


def _number(value: Any) -> float:
    return nan if value is None else float(value)


def _lag(lags: Lags) -> float:
    """Return the mean lag, one that was missed taken as long as it could have been."""
    return mean([most if lag is None else min(lag, most) for lag, most in lags]) if lags else nan


def _longest_lag(lags: Lags) -> float:
    return max((inf if lag is None else lag for lag, _ in lags), default=nan)


def _missed(lags: Lags) -> float:
    return mean([lag is None for lag, _ in lags]) if lags else nan


def _recovery(year: Year) -> float:
    """Return the mean time to recover, one that did not taken as long as the year."""
    horizon = year.run["horizon_s"]
    spans = [min(end, horizon) - onset for onset, end in _harmful(year)]
    return mean(spans) if spans else 0.0


def _longest_recovery(year: Year) -> float:
    return max((end - onset for onset, end in _harmful(year)), default=0.0)


def _harmful(year: Year) -> list[tuple[float, float]]:
    """Return onset and recovery of each incident that did harm."""
    return [
        (row["onset_s"], inf if row["recovered_s"] is None else row["recovered_s"])
        for row in year.incidents
        if not row["harmless"]
    ]


def _spent(year: Year) -> float:
    """Return loss, priced where it has a price, and what trainings cost."""
    run = year.run
    return float(run["cost_of_loss"] or run["loss"]) + float(run["cost_of_trainings"] or 0.0)


KINDS = {
    kind.name: kind
    for kind in (
        _ratio("loss", "loss a request", "loss", "requests"),
        _column("excess", "excess over the calm world, a request", "excess_mean"),
        _column("cost", "cost", "cost", MONEY),
        Kind("spent", "loss and trainings", NUMBER, _spent, _spent),
        Kind("lag", "detection lag", SECONDS, _lag, _longest_lag, takes=True),
        Kind("missed", "share of incidents missed", SHARE, _missed, _missed, takes=True),
        Kind("recovery", "time to recover", SECONDS, _recovery, _longest_recovery),
        _column("false_alarms", "false alarms", "false_alarms"),
        _column("needless", "alarms about what did no harm", "needless"),
        _column("trainings", "trainings", "trainings"),
        _column("releases", "releases", "releases"),
        _column("rollbacks", "rollbacks", "rollbacks"),
        _column("pages", "calls to owners", "pages"),
        _ratio("fallbacks", "share answered by the fallback", "fallbacks", "requests", SHARE),
        _ratio("errors", "share not answered", "errors", "requests", SHARE),
    )
}
"""Less of each is better."""


@dataclass(frozen=True)
class Measure:
    """A *kind* of measure, of a layer or monitor (*who*) and an incident (*what*) if it says so."""

    kind: Kind
    who: str = ""
    what: str = ""

    @property
    def text(self) -> str:
        """As people write it."""
        given = ", ".join(part for part in (self.who, self.what) if part)
        return f"{self.kind.name}({given})" if given else self.kind.name

    @property
    def words(self) -> str:
        """What it is."""
        by = f" by {self.who}" if self.who else ""
        return f"{self.kind.words}{by}" + (f" of {self.what}" if self.what else "")

    def of(self, year: Year) -> float:
        """Return its value in a year, NaN where there is none."""
        return self.kind.of(self._read(year))

    def strict(self, year: Year) -> float:
        """Return its value as an expectation reads it: the worst, infinite where missed."""
        return self.kind.strict(self._read(year))

    def _read(self, year: Year) -> Year | Lags:
        return year.lags(self.who, self.what) if self.kind.takes else year

    def written(self, value: float) -> str:
        """Write a value of it."""
        if value != value:
            return "none"
        sign, value = ("-", -value) if value < 0 else ("", value)
        if value == inf:
            return f"{sign}∞"
        if self.kind.unit == SECONDS:
            return sign + duration(round(value * SECOND_US))
        if self.kind.unit == SHARE:
            return f"{sign}{100 * value:.3g} %"
        if self.kind.unit == MONEY or self.kind.name not in ("loss", "excess"):
            return sign + amount(value)
        return f"{sign}{value:.4g}"


def measure(text: str, field: str = "measure") -> Measure:
    """Read a measure.

    Within the brackets stand a layer or a monitor, and an incident, in any order.

    >>> measure("lag(input)").words
    'detection lag by input'
    """
    found = _ASKED.fullmatch(text)
    if found is None:
        refuse(field, text, f"write one of {', '.join(KINDS)}, or lag(input)")
    kind = KINDS[one_of(field, found["name"].lower().replace("-", "_"), KINDS)]
    given = [part.strip().strip("'\"") for part in (found["inside"] or "").split(",")]
    given = [part for part in given if part]
    if given and not kind.takes:
        refuse(field, text, f"{kind.name} takes nothing in brackets; lag and missed do")
    if len(given) > 2:
        refuse(field, text, "give a layer or a monitor, and an incident, as in lag(input)")
    told = dict(part.split("=", 1) for part in given if "=" in part)
    told = {key.strip(): value.strip().strip("'\"") for key, value in told.items()}
    for key in told:
        one_of(f"{field}, in brackets,", key, ("layer", "monitor", "incident"))
    who = told.get("layer") or told.get("monitor") or ""
    what = told.get("incident", "")
    for part in given:
        if "=" in part:
            continue
        if who:
            what = part
        else:
            who = part
    return Measure(kind, who, what)


def settle(asked: Measure, years: Iterable[Year], field: str = "measure") -> Measure:
    """Return *asked* with its names in their places; a name that no year knows is a mistake."""
    monitors, incidents = names(years)
    who, what = asked.who, asked.what
    if who and who not in LAYERS and who not in monitors:
        if not what and who in incidents:
            return Measure(asked.kind, "", who)
        one_of(f"{field} {asked.text}", who, [*LAYERS, *sorted(monitors | incidents)])
    if what and what not in incidents:
        if what in LAYERS or what in monitors:
            who, what = what, who
        else:
            one_of(f"{field} {asked.text}", what, sorted(incidents))
    return Measure(asked.kind, who, what)
