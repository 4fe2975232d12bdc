"""Your first drift."""

from __future__ import annotations

from functools import lru_cache

from reports.course.chapter import Chapter, Claimed
from reports.course.claims import Holds, Less
from reports.course.exam import Played, PolicyTask
from reports.course.live import Band, Drawing, Line, Live, Slider

WORLD = "gradual-drift(width='1h', at='4w', rate='10/h', delay='1d', horizon='12w')"


@lru_cache(64)
def untouched(world: str) -> list[int]:
    """Return the shares of right answers, week by week, if nobody does anything."""
    from reports.course.look import play, right

    return right(play(world, "never", 7))


def draw(angle: float, every: float, window: float) -> Drawing:
    """Play one year for a drift of *angle*, rebuilt every so many days on a *window* of days."""
    from reports.course.look import middles, play, right

    world = WORLD.replace("width=", f"angle={angle:.0f}, width=").replace("10/h", "6/h")
    never = untouched(world)
    mine = play(world, f"scheduled(every='{every:.0f}d', window='{window:.0f}d')", 7)
    lines = [
        Line(name="your calendar", x=middles(mine), y=[*right(mine)]),
        Line(name="never rebuilt", x=middles(mine), y=[*never], dashed=True),
    ]
    return Drawing(
        x="days since the launch",
        y="right answers, %",
        lines=lines,
        bands=[Band(low=28, high=84, words="the world is another one")],
        sentence=f"In the last week {right(mine)[-1]} % are right, and {never[-1]} % if "
        "nobody does anything.",
        low=40.0,
        high=100.0,
    )


CHAPTER = Chapter(
    core=True,
    minutes=15,
    exam=PolicyTask(
        worlds=(WORLD,),
        rivals=("never",),
        claims=(
            Less(than="never", least="25%"),
            Holds(expect="recovery < 4w", words="your service is well again within four weeks"),
            Holds(expect="trainings <= 20", words="at most 20 trainings in twelve weeks"),
        ),
    ),
    claimed=Claimed(
        words="a window longer than what lies behind you learns the old world",
        shown=Played(
            worlds=(WORLD,),
            operators=(
                "scheduled(every='7d', window='14d')",
                "scheduled(every='7d', window='90d')",
            ),
            claims=(
                Less(
                    of="scheduled(every='7d', window='14d')",
                    than="scheduled(every='7d', window='90d')",
                    least="25%",
                ),
            ),
        ),
    ),
    live=Live(
        sliders={
            "angle": Slider(label="drift", low=0, high=90, value=60, step=5, unit="°"),
            "every": Slider(label="rebuilt every", low=6, high=42, value=7, unit=" d"),
            "window": Slider(label="on the last", low=3, high=90, value=14, unit=" d"),
        },
        draw=draw,
    ),
)
