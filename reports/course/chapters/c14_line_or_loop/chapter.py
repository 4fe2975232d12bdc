"""Assembly line or feedback loop: drift rate times sign-off time decides."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reports.course.chapter import Chapter, Claimed
from reports.course.claims import Less
from reports.course.exam import Played, PolicyTask
from reports.course.live import Drawing, Line, Live, Slider

FAST, SLOW = "market.py:market(turn=1.5)", "market.py:market(turn=0.05)"
SLOWLY_SIGNED = "level-1(every='7d', takes='30d', window='14d')"
SOON_SIGNED = "level-1(every='30d', takes='3d', window='14d')"


def draw(turn: float, takes: float, every: float) -> Drawing:
    """Let the world *turn* so many degrees a day, and a signature take so many days."""
    signed = _weeks(turn, round(takes), round(every))
    free = _weeks(turn, -1, 7)
    middles = [7.0 * week + 3.5 for week in range(len(signed))]
    late = [sum(line[6:]) / len(line[6:]) for line in (signed, free)]
    return Drawing(
        x="days since the launch",
        y="right answers, %",
        lines=[
            Line(name=f"signed in {takes:.0f} days", x=middles, y=[*signed]),
            Line(name="weekly, unsigned", x=middles, y=[*free], dashed=True),
        ],
        sentence=f"While it waits to be signed, the world turns by {turn * takes:.0f} degrees. "
        f"From week 7 on {late[0]:.0f} % are right, unsigned {late[1]:.0f} %.",
        high=100.0,
    )


@cache
def _weeks(turn: float, takes: int, every: int) -> list[int]:
    from reports.course.look import play, right

    place = Path(__file__).with_name("market.py")
    signed = f"level-1(every='{every}d', takes='{takes}d', window='14d')"
    strategy = signed if takes >= 0 else "weekly(window='7d')"
    return right(play(f"{place}:market(turn={turn}, rate='3/h', horizon='14w')", strategy, 7))


CHAPTER = Chapter(
    minutes=15,
    exam=PolicyTask(
        worlds=(FAST, SLOW),
        rivals=(SLOWLY_SIGNED, SOON_SIGNED),
        claims=(
            Less(
                than=SLOWLY_SIGNED,
                least="40%",
                world=FAST,
                words="where the world turns fast: at least 40 % fewer errors than "
                "weekly with a signature of 30 days",
            ),
            Less(
                than=SOON_SIGNED,
                by="spent",
                least="20%",
                world=SLOW,
                words="where the world hardly turns: you spend at least 20 % less, "
                "errors and versions, than monthly with a signature of 3 days",
            ),
        ),
        suffixes=(".yaml", ".yml", ".py"),
        wants="a policy of parts: trigger, window, gates, rollout",
    ),
    claimed=Claimed(
        words="monthly and signed in three days beats weekly and signed in thirty",
        shown=Played(
            worlds=(FAST,),
            operators=(SOON_SIGNED, SLOWLY_SIGNED),
            claims=(Less(of=SOON_SIGNED, than=SLOWLY_SIGNED, least="20%"),),
        ),
    ),
    live=Live(
        sliders={
            "turn": Slider(
                label="the world turns by", low=0, high=3, value=1.5, step=0.25, unit="° a day"
            ),
            "takes": Slider(label="a signature takes", low=0, high=60, value=30, unit=" d"),
            "every": Slider(label="trained every", low=7, high=91, value=7, step=7, unit=" d"),
        },
        draw=draw,
    ),
)
