"""Selective labels and feedback loops."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reports.course.chapter import Chapter, Claimed
from reports.course.claims import Less
from reports.course.exam import Played, PolicyTask
from reports.course.live import Drawing, Line, Live, Slider

if TYPE_CHECKING:
    from sim.ledger import Ledger

TURNED, CALM = "loans.py:loans", "loans.py:loans(angle=0.0)"
FROM_ACCEPTED = "scheduled(every='28d', window='35d')"


def draw(angle: float, audit: float) -> Drawing:
    """Turn the times by *angle* degrees, and give an *audit* share of the refused their loan."""
    from reports.course.look import middles, right

    alone = _year(round(angle), 0, "never")
    learned = _year(round(angle), round(audit), FROM_ACCEPTED)
    ends = [line[-8:] for line in (right(alone), right(learned))]
    first, second = (sum(line) / len(line) for line in ends)
    return Drawing(
        x="days since the launch",
        y="right answers, %",
        lines=[
            Line(name="left alone", x=middles(alone), y=[*right(alone)], dashed=True),
            Line(name="trained every 4 weeks", x=middles(learned), y=[*right(learned)]),
        ],
        sentence=f"In the last eight weeks {second:.0f} % are right if it learns from whom it "
        f"accepts and from {audit:.0f} % of the refused, {first:.0f} % if it is left alone.",
        low=40.0,
        high=100.0,
    )


@cache
def _year(angle: int, audit: int, strategy: str) -> Ledger:
    from reports.course.look import play

    place = Path(__file__).with_name("loans.py")
    return play(
        f"{place}:loans(angle={float(angle)}, audit={audit / 100}, rate='4/h')", strategy, 7
    )


CHAPTER = Chapter(
    minutes=20,
    exam=PolicyTask(
        worlds=(TURNED, CALM),
        rivals=("never", FROM_ACCEPTED),
        claims=(
            Less(
                than="never",
                least="37%",
                world=TURNED,
                words="where the times change: you lose at least 37 % less than if nobody acts",
            ),
            Less(
                than=FROM_ACCEPTED,
                least="15%",
                world=CALM,
                words="where nothing changes: you lose at least 15 % less than who learns from "
                "the accepted alone",
            ),
            Less(
                than=FROM_ACCEPTED,
                by="cost",
                least="5%",
                world=CALM,
                words="where nothing changes: you are at least 5 % cheaper, errors and labels "
                "together",
            ),
        ),
    ),
    claimed=Claimed(
        words="where nothing changes, to train again every four weeks makes half as many errors "
        "again, and more",
        shown=Played(
            worlds=(CALM,),
            operators=("never", FROM_ACCEPTED),
            claims=(Less(of="never", than=FROM_ACCEPTED, least="33%"),),
        ),
    ),
    live=Live(
        sliders={
            "angle": Slider(label="the times turn by", low=0, high=90, value=0, step=15, unit="°"),
            "audit": Slider(label="refused who get it", low=0, high=50, value=0, step=2, unit=" %"),
        },
        draw=draw,
    ),
)
