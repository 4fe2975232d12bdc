"""Late labels."""

from __future__ import annotations

from reports.course.chapter import Chapter, Claimed
from reports.course.claims import MINE, Holds, Less
from reports.course.exam import Played, ScenarioTask
from reports.course.live import Band, Drawing, Line, Live, Slider

WORLD = "gradual-drift(width='1h', at='3w', rate='10/h', delay='{}d', horizon='12w')"
SOON, LATE = WORLD.format(1), WORLD.format(21)


def draw(delay: float, every: float) -> Drawing:
    """Play a year whose labels take *delay* days, rebuilt every so many days."""
    from reports.course.look import middles, play, right

    year = play(
        WORLD.format(round(delay)).replace("10/h", "6/h"),
        f"scheduled(every='{every:.0f}d', window='30d')",
        7,
    )
    shares = right(year, every="3d")
    low = min(shares[7:])
    well = next((i for i in range(8, len(shares)) if min(shares[i:]) > 80), None)
    back = "it is not well again by the end" if well is None else \
        f"it is well again after {3 * well - 21} days"  # fmt: skip
    return Drawing(
        x="days since the launch",
        y="right answers, %",
        lines=[Line(name="right answers", x=middles(year, every="3d"), y=[*shares])],
        bands=[Band(low=21, high=min(84.0, 21 + delay), words="no label of the new world")],
        sentence=f"It falls to {low} %, and {back}.",
        low=40.0,
        high=100.0,
    )


CHAPTER = Chapter(
    core=True,
    minutes=12,
    exam=ScenarioTask(
        operators=("drift",),
        claims=(
            Holds(
                of="drift",
                world=MINE,
                expect="lag(performance) >= 3w",
                words="the errors say nothing for three weeks",
            ),
            Holds(
                of="drift",
                world=MINE,
                expect="lag(performance) < 5w",
                words="the errors show it within five weeks",
            ),
            Holds(
                of="drift",
                world=MINE,
                expect="excess > 0.08",
                words="it costs more than 8 right answers in a hundred",
                written="{:.1%}",
            ),
        ),
        wants="a scenario: `extends: gradual-drift` and what differs from it",
    ),
    claimed=Claimed(
        words="labels that come late turn the winner round",
        shown=Played(
            worlds=(SOON, LATE),
            operators=("drift", "weekly"),
            claims=(
                Less(of="drift", than="weekly", least="5%", world=SOON),
                Less(of="weekly", than="drift", least="5%", world=LATE),
                Holds(of="drift", world=LATE, expect="lag(performance) >= 21d"),
                Holds(of="drift", world=LATE, expect="lag(performance) < 23d"),
            ),
        ),
    ),
    live=Live(
        sliders={
            "delay": Slider(label="labels come after", low=0, high=42, value=14, unit=" d"),
            "every": Slider(label="rebuilt every", low=6, high=42, value=7, unit=" d"),
        },
        draw=draw,
    ),
)
