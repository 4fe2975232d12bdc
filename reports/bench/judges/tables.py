"""The tables of the bench of judges."""

from __future__ import annotations

from math import isinf, sqrt
from typing import TYPE_CHECKING

from reports.bench.judges.playing import ANSWERS, PEEKING, WAYS
from reports.bench.judges.safe import REWORK, UNSEEN, Way
from reports.bench.judges.scores import EQUAL, WORSE, Scores
from reports.bench.judges.worlds import FULL, GRADUAL
from reports.bench.tables import Table, percent
from strategies.judges.verdict import INCONCLUSIVE, PROMOTE, ROLL_BACK

if TYPE_CHECKING:
    from reports.bench.judges.worlds import Family
    from reports.bench.tables import Cell
    from reports.intervals import Figure

PROMISE = 0.05
SHARES = (0.1, 0.3, 0.5)
"""How many versions are worse: for the days to a safe 100 %."""


def bound(worlds: int) -> float:
    """Return what a kept promise may come to in so many worlds: alpha and 3 standard errors."""
    return PROMISE + 3 * sqrt(PROMISE * (1 - PROMISE) / worlds)


def tables(scores: Scores) -> list[Table]:
    """Return all tables that the bench has something for."""
    found = [_judges(scores), _promises(scores)]
    if any(family.visits > 1 for family in scores.families):
        found.append(_people(scores))
    if any(family.late for family in scores.families):
        found.append(_late(scores))
    if scores.family(FULL.name) and scores.family(GRADUAL.name):
        found.append(_safe(scores))
    return [*found, _all(scores)]


def _plain(scores: Scores) -> list[Family]:
    """Return the worlds with early labels in which everybody comes once, but for full release."""
    return [f for f in scores.families if not f.late and f.visits == 1 and f.rollout != FULL]


def _judges(scores: Scores) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for family in _plain(scores):
        for label in scores.labels:
            for way in WAYS:
                rows.append(
                    (
                        label,
                        family.rollout.name,
                        way,
                        percent(scores.rate(family, way, label, EQUAL, ROLL_BACK)),
                        percent(scores.rate(family, way, label, WORSE, PROMOTE)),
                        percent(scores.rate(family, way, label, WORSE, ROLL_BACK)),
                        percent(scores.rate(family, way, label, EQUAL, INCONCLUSIVE)),
                        scores.days(family, way, label, EQUAL),
                        scores.days(family, way, label, WORSE),
                        scores.exposed_people(family, way, label, WORSE),
                    )
                )
    return Table(
        name="judges",
        title="Judges: labels at once, everybody comes once",
        note=f"{scores.worlds:,} worlds each, {scores.families[0].requests:,} requests in two "
        "weeks, the champion serves 80 % well; 'worse' is 3 points, the margin that the judges "
        f"are set for. A promise of 5 % may come to {100 * bound(scores.worlds):.1f} % here. Days "
        "count to the end of the rollout where nothing was decided.",
        head=("judge", "rollout", "looks", "equal rolled back", "worse promoted",
              "worse rolled back", "equal undecided", "days (equal)", "days (worse)",
              "people exposed (worse)"),
        rows=tuple(rows),
    )  # fmt: skip


def _promises(scores: Scores) -> Table:
    """For each judge the worst that happens in any world."""
    rows = []
    for label in scores.labels:
        for way in WAYS:
            cells: list[Cell] = [label, way]
            kept = True
            for effect, answer in ((EQUAL, ROLL_BACK), (WORSE, PROMOTE)):
                worst, where = worst_of(scores, way, label, effect, answer)
                kept &= worst.value <= bound(scores.worlds)
                cells += [percent(worst), where.name if worst.value else ""]
            rows.append((*cells, "kept" if kept else "broken"))
    return Table(
        name="promises",
        title="The worst over all worlds in which the judge decides alone",
        note="Rollouts by calendar are left out: they promote what nobody could tell. A promise "
        f"is kept if it comes to at most {100 * bound(scores.worlds):.1f} %, that is 5 % and three "
        "standard errors.",
        head=("judge", "looks", "equal rolled back", "where", "worse promoted", "where ", "5 %"),
        rows=tuple(rows),
    )


def worst_of(
    scores: Scores, way: str, label: str, effect: float, answer: str
) -> tuple[Figure, Family]:
    """Return the highest rate of an answer over the rollouts that a judge decides, and where."""
    rates = [
        (scores.rate(family, way, label, effect, answer), family)
        for family in scores.families
        if not family.rollout.by_calendar
    ]
    return max(rates, key=lambda pair: pair[0].value)


def _people(scores: Scores) -> Table:
    rows = []
    for family in scores.families:
        if family.late or family.rollout.by_calendar:
            continue
        for way in WAYS:
            rates = (percent(scores.rate(family, way, label, EQUAL, ROLL_BACK))
                     for label in scores.labels)  # fmt: skip
            rows.append((family.rollout.name, family.people, way, *rates))
    return Table(
        name="people",
        title="Equal versions rolled back, by how often people come and how alike their visits are",
        note="Likeness is the intra-class correlation of one person's requests. Where fewer than "
        "a hundred people come to the challenger nobody decides.",
        head=("rollout", "who comes", "looks", *scores.labels),
        rows=tuple(rows),
    )


def _late(scores: Scores) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for family in scores.families:
        if family.visits > 1 or family.rollout == FULL:
            continue
        for label in scores.labels:
            rows.append(
                (
                    label,
                    family.rollout.name,
                    family.labels,
                    percent(scores.rate(family, PEEKING, label, EQUAL, ROLL_BACK)),
                    percent(scores.rate(family, PEEKING, label, WORSE, PROMOTE)),
                    percent(scores.rate(family, PEEKING, label, WORSE, ROLL_BACK)),
                    scores.days(family, PEEKING, label, WORSE),
                    scores.exposed_people(family, PEEKING, label, WORSE),
                )
            )
    return Table(
        name="late",
        title="What late labels cost, judged at every look",
        note="Late labels come after a day on average, 95 % within three; requests count once "
        "they are so old. 'Worse' is 3 points.",
        head=("judge", "rollout", "labels", "equal rolled back", "worse promoted",
              "worse rolled back", "days (worse)", "people exposed (worse)"),
        rows=tuple(rows),
    )  # fmt: skip


def _safe(scores: Scores) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name in (GRADUAL.name, FULL.name):
        for late in (0.0, 1.0):
            family = scores.family(name, late=late)
            if family is None:
                continue
            for label in scores.labels:
                way = Way(scores=scores, family=family, way=PEEKING, label=label)
                expected = [way.days(share) for share in SHARES]
                rows.append(
                    (
                        label,
                        name,
                        family.labels,
                        *("never" if isinf(days.value) else days for days in expected),
                        way.found(),
                        way.people(),
                        percent(scores.rate(family, PEEKING, label, EQUAL, ROLL_BACK)),
                        percent(scores.rate(family, PEEKING, label, WORSE, PROMOTE)),
                    )
                )
    return Table(
        name="safe",
        title="Expected days to a safe 100 %",
        note="Until everybody is served by a version that is not worse and stays, if so many "
        "versions are 3 points worse and the others equal. Whatever is rolled back, rightly or "
        f"not, comes again after {REWORK:g} days; a worse one that is kept is found after "
        f"{UNSEEN:g}. A full release has no champion beside it and is compared with the two weeks "
        "before: here nothing else changes in them, elsewhere drift would be taken for the "
        "release.",
        head=("judge", "release", "labels", *(f"days if {s:.0%} are worse" for s in SHARES),
              "days until a worse one is rolled back", "people it reaches", "equal rolled back",
              "worse kept"),
        rows=tuple(rows),
    )  # fmt: skip


def _all(scores: Scores) -> Table:
    """Everything, for other tools: a row for each world, judge, way and effect."""
    rows: list[tuple[Cell, ...]] = []
    for family in scores.families:
        for label in scores.labels:
            for way in WAYS:
                for effect in scores.effects:
                    rates = (scores.rate(family, way, label, effect, said) for said in ANSWERS)
                    rows.append(
                        (
                            family.rollout.name, family.labels, family.people, label, way,
                            f"{100 * effect:g}", *rates,
                            scores.days(family, way, label, effect),
                            scores.exposed_people(family, way, label, effect),
                        )
                    )  # fmt: skip
    head = ("rollout", "labels", "who comes", "judge", "looks", "points better", *ANSWERS)
    return Table(
        name="all",
        title="Everything",
        note="All effects in all worlds.",
        head=(*head, "days", "people exposed"),
        rows=tuple(rows),
    )
