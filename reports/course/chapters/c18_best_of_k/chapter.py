"""Reproducibility, and the best of k."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.course.chapter import Chapter, Claimed
from reports.course.claims import Holds, OnAverage, Shows
from reports.course.exam import Played, PolicyTask
from reports.course.live import Drawing, Line, Live, Slider

if TYPE_CHECKING:
    from reports.comparison.year import Year

KEPT = "forgotten-seed(horizon='6w', at='7w')"
SHORT = KEPT.replace("6w", "5w")
"""What the figure plays: four weeks of ten trainings are enough to see it."""
LOST = "forgotten-seed(horizon='6w', at='1h')"


def optimism(year: Year) -> float | None:
    """Return by how much served versions lived to more errors than they claimed, in points."""
    served = [row for row in year.versions if row["version"] != "v0" and row["requests"]]
    asked = sum(row["requests"] for row in served)
    if not asked:
        return None
    apart = sum((row["lived"] - row["claim"]) * row["requests"] for row in served)
    return 100 * float(apart) / float(asked)


def only_the_launch(year: Year) -> bool:
    """Say whether nobody but the version of the launch answered anything."""
    return all(row["version"] == "v0" or not row["requests"] for row in year.versions)


def draw(candidates: float, records: float) -> Drawing:
    """Play a year in which the best of some candidates is kept, each week."""
    from dataclasses import replace

    from reports.course.look import play
    from reports.measures import lived
    from strategies.presets import weekly
    from strategies.windows import LastRecords

    most = round(candidates)
    window = LastRecords(records=round(records))
    year = play(SHORT, replace(weekly(), candidates=most, window=window), 7)
    served = [one for one in lived(year)[1:] if one.loss is not None]
    at = [float(place + 1) for place in range(len(served))]
    claims = [round(100 * (1 - one.claim), 1) for one in served]
    lives = [round(100 * (1 - one.loss), 1) for one in served if one.loss is not None]
    apart = sum(claims) / len(claims) - sum(lives) / len(lives)
    more = "less" if apart < 0 else "more"
    return Drawing(
        x="version",
        y="right answers, %",
        lines=[
            Line(name="claimed", x=at, y=[*claims], dashed=True),
            Line(name="lived to", x=at, y=[*lives]),
        ],
        sentence=f"The best of {most} claims {abs(apart):.1f} points {more} than it lives to.",
        low=60.0,
        high=90.0,
    )


CHAPTER = Chapter(
    minutes=15,
    exam=PolicyTask(
        worlds=(KEPT, LOST),
        claims=(
            OnAverage(
                world=KEPT,
                value=optimism,
                most=2.0,
                written="{:.1f} points",
                words="where the seed is set: versions live to within 2 points of what they claim, "
                "on average",
            ),
            Holds(
                world=KEPT,
                expect="releases >= 4",
                words="where the seed is set: at least four versions go out",
            ),
            Shows(
                world=LOST,
                holds=only_the_launch,
                words="where the seed is lost, nothing goes out that cannot be built again",
            ),
        ),
        suffixes=(".yaml", ".yml", ".py"),
        wants="a policy: `extends: weekly` and what differs from it",
    ),
    claimed=Claimed(
        words="the best of ten promises points that nobody ever sees",
        shown=Played(
            worlds=(KEPT,),
            operators=("naive.yaml", "solution.yaml"),
            claims=(
                OnAverage(
                    of="solution.yaml", value=optimism, most=2.0, words="one run keeps its word"
                ),
                OnAverage(
                    of="naive.yaml",
                    value=lambda year: -(optimism(year) or 0.0),
                    most=-1.5,
                    words="the best of ten promises at least 1.5 points too much",
                ),
            ),
        ),
    ),
    live=Live(
        sliders={
            "candidates": Slider(label="the best of", low=1, high=10, value=10),
            "records": Slider(label="from the last", low=300, high=1_500, value=1_000, step=50),
        },
        draw=draw,
    ),
)
