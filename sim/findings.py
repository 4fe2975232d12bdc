"""What is seen of a rollout: who met which version, and how each user fared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.errors import one_of
from sim.timeline import ERROR, FALLBACK, NOTHING, Told

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

QUALITY, ERRORS, FALLBACKS = "quality", "errors", "fallbacks"
LABELS, PROXY = "labels", "proxy"
DENSE = 1_000_000
"""Up to so many users are counted in one array, a place for each."""


class Served(NamedTuple):
    """Requests as they were answered (shape n): when, whose, given to which arm, by which.

    *given* is 0 for the champion and 1 for the challenger, whatever became of it: an error of the
    challenger's counts against the challenger. *vitals* is what was seen at once (n × vitals).
    """

    served_us: Ints
    who: Ints
    given: NDArray[np.int8]
    arm: NDArray[np.int8]
    vitals: Floats


class Judged(NamedTuple):
    """Labels as they arrived (shape n), about requests as in `Served`.

    *better* is by how much a shadow's answer would have been better than what was shown, NaN
    without a shadow; *signals* what else was measured (n × signals).
    """

    served_us: Ints
    who: Ints
    given: NDArray[np.int8]
    loss: Floats
    better: Floats
    signals: Floats


class Exposure(NamedTuple):
    """How many requests a challenger was given, and of how many users."""

    requests: int
    users: int


class Sums(NamedTuple):
    """*who* came, how often (*times*), and the sum of a metric over their requests (shape n)."""

    who: Ints
    times: Ints
    total: Floats

    @property
    def requests(self) -> int:
        """How often they came, all together."""
        return int(self.times.sum())

    @property
    def mean(self) -> float:
        """The mean over all requests; NaN if there were none."""
        return float(self.total.sum()) / self.requests if self.requests else float("nan")


@dataclass(frozen=True, kw_only=True, eq=False)
class Findings:
    """What a stage of a rollout has shown by now of one *metric*, from *since_us* to *until_us*.

    *source* says whether it is known by 'labels' that have arrived or by a 'proxy' that is seen
    at once. Both arms were served in the same window, to the same groups of users. A shadow is
    *paired*: for each user the sum of differences, its answers less those that were shown.
    *answered* requests were served in the window, *known* of them are in the sums.
    """

    metric: str
    source: str
    since_us: int
    until_us: int
    champion: Sums
    challenger: Sums
    paired: Sums | None
    answered: int
    known: int

    @property
    def share(self) -> float:
        """How much of what was answered is known by now; NaN if nothing was answered."""
        return self.known / self.answered if self.answered else float("nan")


@dataclass
class Log:
    """The requests of the present rollout and the labels of them that have arrived."""

    told: Told = NOTHING
    served: list[Served] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    known: dict[tuple[str, int, int], Findings] = field(default_factory=dict)
    """what was asked since something new came"""
    settled: dict[tuple[str, int, int], Findings] = field(default_factory=dict)
    """what cannot change any more: it was seen at once, and its window is over"""

    def clear(self) -> None:
        """Another rollout begins, or none."""
        self.served, self.judged, self.known, self.settled = [], [], {}, {}

    def add(self, served: list[Served], judged: list[Judged]) -> None:
        """Put down what is new."""
        if served or judged:
            self.served += served
            self.judged += judged
            self.known = {}

    def metrics(self) -> dict[str, str]:
        """Return what can be asked for, and whether labels or a proxy tell it."""
        at_once = (ERRORS, FALLBACKS, *self.told.vitals)
        late = (QUALITY, *self.told.signals)
        return {**dict.fromkeys(late, LABELS), **dict.fromkeys(at_once, PROXY)}

    def findings(self, metric: str, since_us: int, until_us: int, now_us: int) -> Findings:
        """Return what is known now of the requests served from *since_us* up to *until_us*."""
        key = (metric, since_us, until_us)
        found = self.settled.get(key) or self.known.get(key)
        if found is None:
            found = self._findings(*key)
            at_once = found.source == PROXY and until_us <= now_us
            (self.settled if at_once else self.known)[key] = found
        return found

    def _findings(self, metric: str, since_us: int, until_us: int) -> Findings:
        source = self.metrics()[one_of("evidence.metric", metric, self.metrics())]
        served = _within(self._all_served(), since_us, until_us)
        answered = len(served.served_us)
        paired: Sums | None = None
        if source == LABELS:
            judged = self._all_judged()
            inside = (judged.served_us >= since_us) & (judged.served_us < until_us)
            who, given = judged.who[inside], judged.given[inside]
            value = 1.0 - judged.loss[inside]
            if metric == QUALITY:
                better = judged.better[inside]
                shadowed = ~np.isnan(better)
                if shadowed.any():
                    paired = _sums(who[shadowed], better[shadowed])
            else:
                value = judged.signals[inside, self.told.signals.index(metric)]
        else:
            who, given, value = served.who, served.given, self._seen(metric, served)
        there = ~np.isnan(value)
        champion, challenger = (
            _sums(who[there & (given == arm)], value[there & (given == arm)]) for arm in (0, 1)
        )
        return Findings(
            metric=metric,
            source=source,
            since_us=since_us,
            until_us=until_us,
            champion=champion,
            challenger=challenger,
            paired=paired,
            answered=answered,
            known=int(there.sum()),
        )

    def exposure(self) -> Exposure:
        """Return how many requests the challenger was given so far, and of how many users."""
        served = self._all_served()
        met = served.who[served.given == 1]
        return Exposure(len(met), len(np.unique(met)))

    def _seen(self, metric: str, served: Served) -> Floats:
        if metric in (ERRORS, FALLBACKS):
            lost: Floats = (served.arm == (ERROR if metric == ERRORS else FALLBACK)) * 1.0
            return lost
        seen: Floats = served.vitals[:, self.told.vitals.index(metric)]
        return seen

    def _all_served(self) -> Served:
        """Return all requests in one piece, and keep them so."""
        if len(self.served) > 1:
            self.served = [Served(*map(np.concatenate, zip(*self.served, strict=True)))]
        return self.served[0] if self.served else _NO_REQUESTS

    def _all_judged(self) -> Judged:
        if len(self.judged) > 1:
            self.judged = [Judged(*map(np.concatenate, zip(*self.judged, strict=True)))]
        return self.judged[0] if self.judged else _NO_LABELS


def _within(served: Served, since_us: int, until_us: int) -> Served:
    """Return those served in the window; requests are in order."""
    first, stop = served.served_us.searchsorted([since_us, max(since_us, until_us)])
    columns: Any = (column[first:stop] for column in served)
    return Served(*columns)


def _sums(who: Ints, value: Floats) -> Sums:
    """Add *value* up for each user."""
    if not len(who) or int(who.max()) <= DENSE:  # counting is ten times as fast as sorting
        times = np.bincount(who)
        users = np.flatnonzero(times)
        total = np.bincount(who, weights=value).astype(np.float64)
        return _sealed(Sums(users, times[users], total[users]))
    users, place = np.unique(who, return_inverse=True)
    total = np.bincount(place, weights=value, minlength=len(users)).astype(np.float64)
    return _sealed(Sums(users, np.bincount(place, minlength=len(users)), total))


def _sealed(sums: Sums) -> Sums:
    """Let nobody write what others will be shown as well."""
    for column in sums:
        column.flags.writeable = False
    return sums


_WHOLE, _SMALL = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int8)
_NO_REQUESTS = Served(_WHOLE, _WHOLE, _SMALL, _SMALL, np.zeros((0, 64)))
_NO_LABELS = Judged(_WHOLE, _WHOLE, _SMALL, np.zeros(0), np.zeros(0), np.zeros((0, 64)))
