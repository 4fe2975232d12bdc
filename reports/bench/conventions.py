"""The three published ways to score alarms against true drifts, by name.

They disagree, so every figure says which one it uses; what each hides is told in
docs/detectors.md. Places are those of values; a drift is a place or a pair (start, end), both
inclusive; alarms are in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sim.errors import Mistake

Drifts = Sequence[int | Sequence[int]]


@dataclass(frozen=True, kw_only=True)
class Windowed:
    """Scores by `windowed`; None where there is nothing to divide by."""

    precision: float
    recall: float
    f1: float
    mdt: float | None
    false_alarms_per_1000: float | None


@dataclass(frozen=True, kw_only=True)
class WindowedComplete:
    """Scores by `windowed_complete`."""

    precision: float
    episode_recall: float
    f1: float
    delay: float | None
    mdr: float | None
    false_alarms_per_1000: float | None
    mtfa: float | None
    mtr: float | None


@dataclass(frozen=True, kw_only=True)
class Sequential:
    """Scores by `sequential`."""

    mtd: float | None
    mdr: float | None
    mtfa: float | None
    mtr: float | None


def windowed(
    drifts: Drifts, alarms: Sequence[int], *, max_delay: int, early: int = 0, n: int | None = None
) -> Windowed:
    """Score as CapyMOA 0.14 does (Cerqueira and others 2026).

    Each drift owns the alarms from *early* before its start to *max_delay* after its end, and
    each of these is a hit. Alarms after the last window are dropped, which hides them; *n* is the
    number of values.

    >>> windowed([1000], [1010, 1020, 1500, 1900], max_delay=100, n=2000).f1
    1.0
    """
    spans = _spans(drifts)
    hits, firsts = _hits(spans, alarms, max_delay, early)
    last = spans[-1][1] + max_delay if spans else -1
    false = sum(alarm <= last for alarm in alarms) - hits
    precision = _share(hits, hits + false)
    recall = _share(hits, hits + len(spans) - len(firsts))
    return Windowed(
        precision=precision,
        recall=recall,
        f1=_f1(precision, recall),
        mdt=_mean(firsts),
        false_alarms_per_1000=_per_1000(false, n),
    )


def windowed_complete(
    drifts: Drifts, alarms: Sequence[int], *, max_delay: int, early: int = 0, n: int | None = None
) -> WindowedComplete:
    """Score as River's proposed drift.evaluate does: every alarm outside a window is false.

    >>> windowed_complete([1000], [1010, 1020, 1500, 1900], max_delay=100, n=2000).precision
    0.5
    """
    spans = _spans(drifts)
    hits, firsts = _hits(spans, alarms, max_delay, early)
    false = [a for a in alarms if not any(s - early <= a <= e + max_delay for s, e in spans)]
    precision, recall = _share(hits, len(alarms)), _share(len(firsts), len(spans))
    mtfa, delay = _gap(false), _mean(firsts)
    mdr = 1 - recall if spans else None
    return WindowedComplete(
        precision=precision,
        episode_recall=recall,
        f1=_f1(precision, recall),
        delay=delay,
        mdr=mdr,
        false_alarms_per_1000=_per_1000(len(false), n),
        mtfa=mtfa,
        mtr=_mtr(mtfa, delay, mdr),
    )


def sequential(drifts: Drifts, alarms: Sequence[int]) -> Sequential:
    """Score as CD-MOA does (Lukats and others 2024): no window.

    The first alarm from a drift on, before the next, is its detection; all others are false.

    >>> sequential([0], [1, 2, 4, 7]).mtfa
    2.5
    """
    spans = _spans(drifts)
    ends = [start for start, _ in spans[1:]] + [float("inf")]
    delays, detections = [], set()
    for (start, _), end in zip(spans, ends, strict=True):
        place = next((i for i, a in enumerate(alarms) if start <= a < end), None)
        if place is not None:
            delays.append(alarms[place] - start)
            detections.add(place)
    mtfa = _gap([a for i, a in enumerate(alarms) if i not in detections])
    mdr = 1 - len(delays) / len(spans) if spans else None
    mtd = _mean(delays)
    return Sequential(mtd=mtd, mdr=mdr, mtfa=mtfa, mtr=_mtr(mtfa, mtd, mdr))


def _spans(drifts: Drifts) -> list[tuple[int, int]]:
    spans = [(d, d) if isinstance(d, int) else (int(d[0]), int(d[1])) for d in drifts]
    for one, two in pairwise(spans):
        if two[0] < one[0]:
            raise Mistake(f"drifts is {list(drifts)!r}: give them in order")
    return spans


def _hits(
    spans: list[tuple[int, int]], alarms: Sequence[int], max_delay: int, early: int
) -> tuple[int, list[int]]:
    """Return how many alarms hit, and the delay of the first in each window that has one.

    Where windows overlap an alarm belongs to the earlier drift.
    """
    hits, firsts, taken = 0, [], 0
    for start, end in spans:
        mine = [a for a in alarms[taken:] if start - early <= a <= end + max_delay]
        hits += len(mine)
        firsts += [mine[0] - start] if mine else []
        taken = sum(a <= end + max_delay for a in alarms)
    return hits, firsts


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _f1(precision: float, recall: float) -> float:
    both = precision + recall
    return 2 * precision * recall / both if both else 0.0


def _mean(numbers: Sequence[int]) -> float | None:
    return sum(numbers) / len(numbers) if numbers else None


def _gap(alarms: Sequence[int]) -> float | None:
    """Return the mean gap between consecutive alarms."""
    return (alarms[-1] - alarms[0]) / (len(alarms) - 1) if len(alarms) > 1 else None


def _per_1000(count: int, n: int | None) -> float | None:
    return None if not n else 1000 * count / n


def _mtr(mtfa: float | None, delay: float | None, mdr: float | None) -> float | None:
    if mtfa is None or not delay or mdr is None:
        return None
    return mtfa / delay * (1 - mdr)
