"""Maturity: what each step buys."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reports.course.chapter import Chapter, Claimed
from reports.course.claims import Holds, Less
from reports.course.exam import Played, PolicyTask
from reports.course.live import Drawing, Line, Live, Slider

WEAKER, STRONGER = "teams.py:weaker", "teams.py:stronger"


def draw(better: float, takes: float, angle: float) -> Drawing:
    """Play the better model with a sign-off that *takes* days, beside the other with none."""
    theirs = _weeks("stronger", f"angle={angle:.0f}, better={better / 100:g}", round(takes))
    ours = _weeks("weaker", f"angle={angle:.0f}", -1)
    middle = [float(3.5 + 7 * week) for week in range(len(ours))]
    mean, mine = (sum(line) / len(line) for line in (theirs, ours))
    more = "less" if mean < mine else "more"
    return Drawing(
        x="days since the launch",
        y="right answers, %",
        lines=[
            Line(name=f"{better:g} points better, signed in {takes:.0f} d", x=middle, y=[*theirs]),
            Line(name="every fortnight, signed by nobody", x=middle, y=[*ours], dashed=True),
        ],
        sentence=f"Over the 20 weeks the better model is right in {mean:.0f} %, "
        f"{abs(mean - mine):.0f} points {more} than the weaker one, rebuilt every fortnight.",
        low=40.0,
        high=100.0,
    )


@cache
def _weeks(team: str, given: str, takes: int) -> list[int]:
    from reports.course.look import play, right

    world = f"{Path(__file__).with_name('teams.py')}:{team}({given}, broken=False)"
    signed = f"level-0(takes='{takes}d', window='14d')"
    strategy = signed if takes >= 0 else "scheduled(every='14d', window='14d')"
    return right(play(world, strategy, 7))


CHAPTER = Chapter(
    minutes=20,
    exam=PolicyTask(
        worlds=(WEAKER, STRONGER),
        rivals=("level-0",),
        claims=(
            Less(
                than="level-0",
                least="36%",
                world=WEAKER,
                beside=STRONGER,
                words="you lose at least 36 % less than the better model under level 0",
            ),
            Holds(
                expect="errors <= 0.25%",
                world=WEAKER,
                words="at most 0.25 % of your requests meet a version that fails",
            ),
            Holds(expect="trainings <= 25", world=WEAKER, words="at most 25 trainings"),
        ),
        suffixes=(".yaml", ".yml", ".py"),
        wants="a policy of parts: trigger, window, gates, rollout",
    ),
    claimed=Claimed(
        words="a model three points better under level 0 loses to the weaker one under level 2",
        shown=Played(
            worlds=(WEAKER, STRONGER),
            operators=("level-0", "level-2"),
            claims=(
                Less(of="level-2", than="level-0", least="25%", world=WEAKER, beside=STRONGER),
            ),
        ),
    ),
    live=Live(
        sliders={
            "better": Slider(label="their model is better by", low=0, high=10, value=3, unit=" pt"),
            "takes": Slider(label="a signature takes", low=0, high=42, value=21, unit=" d"),
            "angle": Slider(
                label="the market turns by", low=0, high=90, value=90, step=15, unit="°"
            ),
        },
        draw=draw,
    ),
)
