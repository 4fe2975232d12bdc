"""Who owns what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from reports.course.chapter import Chapter, Claimed
from reports.course.claims import MINE, Holds, Less
from reports.course.exam import Played, ScenarioTask
from reports.course.live import Band, Drawing, Line, Live, Slider

WORLD = "hand-off-to-nobody(handoff='3w', at='5w 1d 10h', horizon='9w')"
OWNED = WORLD.replace("3w", "9w", 1)
TECHNIQUE = str(Path(__file__).parent / "technique.yaml")
EMPTY = 36.4
"""The day on which the feed goes empty."""


def draw(passed_on: float) -> Drawing:
    """Play the year if a page is passed on after so many hours, with and without technique."""
    from reports import names
    from reports.course.look import Luck, middles, right
    from reports.words import count

    text = WORLD.replace("handoff=", f"passed_on='{passed_on:.0f}h', rate='10/h', handoff=", 1)
    luck = Luck.of(replace(names.scenario(text, 7).value, tick="3h"), 7)
    plain, clever = luck.play("contract"), luck.play(TECHNIQUE)
    days = middles(plain, every="1d")
    shares = right(plain, every="1d")
    bad = sum(share < 80 for share in shares[36:])
    return Drawing(
        x="days since the launch",
        y="right answers, %",
        lines=[
            Line(name="page and wait", x=days, y=[*shares]),
            Line(
                name="quarantine, two trainings",
                x=days,
                y=[*right(clever, every="1d")],
                dashed=True,
            ),
        ],
        bands=[Band(low=EMPTY, high=EMPTY + passed_on / 24, words="the page lies there")],
        sentence=f"{count(bad, 'bad day')}; whatever technique does, it ends when somebody "
        "takes the page.",
        low=40.0,
        high=100.0,
    )


CHAPTER = Chapter(
    minutes=12,
    exam=ScenarioTask(
        operators=("contract",),
        claims=(
            Holds(
                of="contract",
                world=MINE,
                expect="lag(input) < 6h",
                words="the feed goes empty as before, and the contract sees it within six hours",
            ),
            Holds(
                of="contract",
                world=MINE,
                expect="excess < 0.012",
                words="it costs at most 12 wrong answers in a thousand",
                written="{:.2%}",
            ),
        ),
        wants="a scenario: `extends: hand-off-to-nobody` and what `people` do otherwise",
    ),
    claimed=Claimed(
        words="without an owner no technique helps; with one none is needed",
        shown=Played(
            worlds=(WORLD, OWNED),
            operators=("contract", "technique.yaml"),
            claims=(
                Less(of="contract", than="technique.yaml", by="excess", least="-5%"),
                Holds(of="contract", world=WORLD, expect="excess > 0.02"),
                Holds(of="technique.yaml", world=WORLD, expect="excess > 0.02"),
                Holds(of="contract", world=OWNED, expect="excess < 0.007"),
            ),
        ),
    ),
    live=Live(
        sliders={
            "passed_on": Slider(
                label="a page is passed on after", low=2, high=240, value=144, step=2, unit=" h"
            ),
        },
        draw=draw,
    ),
)
