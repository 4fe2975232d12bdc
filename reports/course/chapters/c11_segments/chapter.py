"""Segments and fairness: what the average hides."""

from __future__ import annotations

from pathlib import Path

from reports.course.chapter import Chapter, Claimed
from reports.course.claims import Holds, Less
from reports.course.exam import Played, PolicyTask
from reports.course.live import Band, Drawing, Line, Live, Slider

APP, ALL = "library.py:library", "library.py:library(change='all')"
PLAIN = "scheduled(every='14d', window='14d')"


def draw(angle: float, few: float) -> Drawing:
    """Let the app's readers turn by *angle* degrees, and *few* percent sit at the terminals."""
    from reports.course.look import middles, play, right

    place = Path(__file__).with_name("library.py")
    year = play(f"{place}:library(angle={angle:.0f}, few={few / 100:g}, rate='6/h')", PLAIN, 7)
    whole, terminals = right(year), right(year, segment="terminal")
    return Drawing(
        x="days since the launch",
        y="right answers, %",
        lines=[
            Line(name="everybody", x=middles(year), y=[*whole]),
            Line(name="at the terminals", x=middles(year), y=[*terminals], dashed=True),
        ],
        bands=[Band(low=35, high=98, words="the app is another one")],
        sentence=f"In the last month {sum(whole[-4:]) / 4:.0f} % are right for everybody, and "
        f"{sum(terminals[-4:]) / 4:.0f} % at the terminals.",
        low=40.0,
        high=100.0,
    )


CHAPTER = Chapter(
    minutes=20,
    exam=PolicyTask(
        worlds=(APP, ALL),
        rivals=(PLAIN,),
        claims=(
            Less(
                than=PLAIN,
                least="7%",
                world=APP,
                words="where only the app changes: you lose at least 7 % less than who looks at "
                "the average",
            ),
            Less(
                than=PLAIN,
                least="-8%",
                world=ALL,
                words="where everybody changes: you lose at most 8 % more than who looks at the "
                "average",
            ),
            Holds(expect="trainings <= 8", words="at most 8 trainings", world=APP),
        ),
    ),
    claimed=Claimed(
        words="a gate that only says no costs the many more than it saves the few",
        shown=Played(
            worlds=(APP,),
            operators=("naive.yaml", "gate.yaml"),
            claims=(Less(of="naive.yaml", than="gate.yaml", least="10%"),),
        ),
    ),
    live=Live(
        sliders={
            "angle": Slider(label="the app's readers turn by", low=0, high=90, value=75, step=5,
                            unit="°"),
            "few": Slider(label="at the terminals", low=2, high=50, value=20, unit=" %"),
        },
        draw=draw,
    ),
)  # fmt: skip
