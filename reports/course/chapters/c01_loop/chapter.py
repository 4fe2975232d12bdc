"""The loop and its four questions."""

from __future__ import annotations

from reports.course.chapter import Chapter, Claimed
from reports.course.claims import Less
from reports.course.exam import Played, PolicyTask
from reports.course.live import Band, Drawing, Line, Live, Slider

MODEL = "gradual-drift(width='1h', at='4w', rate='10/h', delay='1d', horizon='12w')"
CODE = "technical-debt(rate='2/h', cost=50.0, horizon='26w')"
CONTENT = "content-fatigue(rate='2/h', cost=50.0, horizon='26w')"
WORLDS = (MODEL, CODE, CONTENT)


def draw(angle: float, every: float) -> Drawing:
    """Play a model's year with a drift of *angle*, rebuilt every so many days."""
    from reports.course.look import middles, play, right

    world = MODEL.replace("width=", f"angle={angle:.0f}, width=").replace("10/h", "6/h")
    year = play(world, f"scheduled(every='{every:.0f}d')", 7)
    return Drawing(
        x="days since the launch",
        y="right answers, %",
        lines=[Line(name="measured", x=middles(year), y=[*right(year)])],
        bands=[Band(low=28, high=84, words="the world has turned")],
        sentence=f"Built {int(84 / every)} times after the launch; {right(year)[-1]} % are right "
        "in the last week.",
        low=40.0,
        high=100.0,
    )


CHAPTER = Chapter(
    core=True,
    minutes=12,
    exam=PolicyTask(
        worlds=WORLDS,
        rivals=("never",),
        claims=(Less(than="never", by="spent", least="10%"),),
        suffixes=(".yaml", ".yml", ".py"),
        wants="a policy: `trigger:`, `window:` and the rest of the starter",
    ),
    claimed=Claimed(
        words="one unmodified policy runs on a model, on code and on content",
        shown=Played(
            worlds=WORLDS,
            operators=("solution.yaml", "never"),
            claims=(Less(of="solution.yaml", than="never", by="spent", least="10%"),),
        ),
    ),
    live=Live(
        sliders={
            "angle": Slider(label="drift", low=0, high=90, value=60, step=5, unit="°"),
            "every": Slider(label="rebuilt every", low=6, high=42, value=7, unit=" d"),
        },
        draw=draw,
    ),
)
