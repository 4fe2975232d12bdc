"""When estimated performance lies."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from reports.course.chapter import Chapter, Claimed
from reports.course.claims import Holds, Shows
from reports.course.exam import Played, ScenarioTask
from reports.course.live import Band, Drawing, Line, Live, Slider

if TYPE_CHECKING:
    from reports.comparison.year import Year
    from reports.course.chapters.c16_estimated_performance.watched import Watched

WATCH = "watch.yaml"
BLIND = "missed(estimated error) >= 100%"


def earlier(year: Year) -> bool:
    """Say whether the estimate alarmed before the errors did."""
    (estimate, _), (errors, most) = year.lags("estimated error")[0], year.lags("errors")[0]
    return estimate is not None and estimate < (most if errors is None else errors)


def draw(harder: float, otherwise: float) -> Drawing:
    """From week 5 on people are *harder* to tell apart, or do *otherwise* than they used to."""
    found = _year(round(harder), round(otherwise))
    middles = [7.0 * week + 3.5 for week in range(len(found.right))]
    ends = [7.0 * (week + 1) for week in range(len(found.estimated))]
    true, said = found.right[-1], found.estimated[-1]
    return Drawing(
        x="days since the launch",
        y="right answers, %",
        lines=[
            Line(name="true", x=middles, y=[*found.right]),
            Line(name="estimated from the scores", x=ends, y=[*found.estimated], dashed=True),
        ],
        bands=[Band(low=28, high=70, words="something has changed")],
        sentence=f"In the end {true} % are right, and the estimate says {said} %.",
        low=40.0,
        high=100.0,
    )


@cache
def _year(harder: int, otherwise: int) -> Watched:
    from dataclasses import replace

    from reports.course.chapters.c16_estimated_performance.watched import watched
    from scenarios.calm_year import calm_year
    from sim.concepts import GaussianClasses
    from sim.drift import ConceptDrift, CovariateShift
    from sim.stream import Stream

    calm = calm_year(rate="8/h", horizon="10w")
    usual = GaussianClasses(columns=6, distance=3.0)
    to = replace(usual, noise=otherwise / 100)
    rule = ConceptDrift(name="they do otherwise", at="4w", to=to)
    columns = tuple(f"x{place}" for place in range(usual.columns))
    people = CovariateShift(name="others come", at="4w", columns=columns, scale=1.0 - harder / 100)
    drifts = (*(rule,) * bool(otherwise), *(people,) * bool(harder))
    stream = Stream(concept=usual, traffic=calm.stream.traffic, drifts=drifts)
    return watched(replace(calm, stream=stream), 7)


CHAPTER = Chapter(
    minutes=15,
    exam=ScenarioTask(
        operators=(WATCH,),
        claims=(
            Holds(
                of=WATCH,
                expect="loss >= 0.12",
                words="12 answers in a hundred or more are wrong, where 7 are usual",
                written="{:.1%}",
            ),
            Holds(
                of=WATCH,
                expect="lag(errors) < 4w",
                words="the real errors, once labels are there, show it within four weeks",
            ),
            Holds(
                of=WATCH,
                expect=BLIND,
                words="the estimate says nothing all year",
                written="{:.0%} of it missed",
            ),
        ),
    ),
    claimed=Claimed(
        words="the estimate sees harder questions before any error does, and never other answers",
        shown=Played(
            worlds=("naive.yaml", "solution.yaml"),
            operators=(WATCH,),
            claims=(
                Shows(
                    words="the estimate alarms before the errors",
                    holds=earlier,
                    of=WATCH,
                    world="naive.yaml",
                ),
                Holds(of=WATCH, expect=BLIND, world="solution.yaml"),
            ),
        ),
    ),
    live=Live(
        sliders={
            "harder": Slider(label="harder to tell apart", low=0, high=80, value=50, step=10,
                             unit=" %"),
            "otherwise": Slider(label="do otherwise", low=0, high=40, value=0, step=5, unit=" %"),
        },
        draw=draw,
    ),
)  # fmt: skip
