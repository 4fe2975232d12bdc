"""Four cadences, and the economics of staleness."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from reports.course.chapter import Chapter, Claimed
from reports.course.claims import Less
from reports.course.exam import AnswerTask, Played, days, near
from reports.course.live import Dot, Drawing, Line, Live, Slider, Spot

if TYPE_CHECKING:
    from reports.course.claims import Judged

PRICE, DECAY = 100.0, 0.096
WORLD = f"technical-debt(regress=0.0, rate='4/h', cost={PRICE}, refactor='1h', horizon='30w')"
BEST = sqrt(2 * PRICE / DECAY)


def theory(answer: float) -> Judged:
    """Hold a period in days against the closed form."""
    return near(answer, BEST, within=0.15, unit=" d", words="the period that theory gives")


def draw(price: float, decay: float, every: float) -> Drawing:
    """Draw what a day costs for every period, and what a year costs that is built as chosen."""
    from reports.course.look import play, spent

    best = sqrt(2 * price / decay)
    periods = [float(p) for p in range(4, 181, 2)]
    build = [price / p for p in periods]
    stale = [decay * p / 2 for p in periods]
    both = [a + b for a, b in zip(build, stale, strict=True)]
    world = (
        f"technical-debt(regress=0.0, base=0.0, rate='4/h', cost={price}, refactor='1h', "
        f"speed={decay / 9.6}, horizon='52w')"
    )
    measured = spent(play(world, f"scheduled(every='{every:.0f}d')", 7)) / 364
    return Drawing(
        x="rebuilt every … days",
        y="cost a day",
        lines=[
            Line(name="together", x=periods, y=[*both]),
            Line(name="building", x=periods, y=[*build], dashed=True),
            Line(name="staleness", x=periods, y=[*stale], dashed=True),
        ],
        spots=[Spot(x=best, words="best in theory")],
        dots=[Dot(x=every, y=measured, words="a simulated year")],
        sentence=f"A year that is rebuilt every {every:.0f} days costs {measured:.1f} a day. The "
        f"best in theory: every {best:.0f} days, for {sqrt(2 * price * decay):.1f}.",
        high=min(max(both), 4 * sqrt(2 * price * decay)),
    )


CHAPTER = Chapter(
    core=True,
    minutes=15,
    exam=AnswerTask(
        reads=days,
        theory=theory,
        plays=lambda answer: f"scheduled(every='{24 * answer:.0f}h')",
        worlds=(WORLD,),
        rivals=("monthly", "scheduled(every='90d')"),
        claims=(
            Less(than="monthly", by="spent", least="2%"),
            Less(than="scheduled(every='90d')", by="spent", least="5%"),
        ),
        wants='a line `answer = "…d"`: how often to rebuild',
    ),
    claimed=Claimed(
        words="ignoring training time turns the winner round",
        shown=Played(
            worlds=("at_once.yaml", "ten_days.yaml"),
            operators=("never", "weekly"),
            claims=(
                Less(of="weekly", than="never", least="10%", world="at_once.yaml"),
                Less(of="never", than="weekly", least="10%", world="ten_days.yaml"),
            ),
        ),
    ),
    live=Live(
        sliders={
            "price": Slider(label="a rebuild costs", low=5, high=400, value=100, step=5),
            "decay": Slider(label="a day of age costs", low=0.01, high=1, value=0.1, step=0.01),
            "every": Slider(label="rebuilt every", low=10, high=180, value=30, unit=" d"),
        },
        draw=draw,
    ),
)
