"""Rollback: a way out, and a way back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from reports.course.chapter import Chapter, Claimed
from reports.course.claims import Holds, Less
from reports.course.exam import Played, PolicyTask
from reports.course.live import Drawing, Line, Live, Slider

HERE = Path(__file__).parent
WORLD = "released-on-a-friday(rate='15/h', horizon='6w', day='{}')"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
FROM, UNTIL = 28, 42
SATURDAY = "saturday.yaml"
POISONED = "poisoned-snapshot(rate='20/h', at='2w', horizon='7w')"
BACK, ANEW = "undo.py:Undo(back=True)", "undo.py:Undo(back=False)"


def draw(day: float, acts: float) -> Drawing:
    """Release on a *day* of week 5; the switch takes so many hours until it *acts*."""
    from reports import names
    from reports.course.look import Luck, right
    from sim.scenario import Service

    weekday = DAYS[int(day) - 1]
    world = names.scenario(WORLD.format(weekday), 7).value
    world = replace(world, service=Service(flag=f"{round(3600 * acts) or 5}s"))
    luck = Luck.of(world, 7)
    shown = {
        name: right(luck.play(text), every="1d")[FROM:UNTIL]
        for name, text in (
            ("call only", "contract"),
            ("call and switch", f"{HERE / 'solution.py'}:Mine"),
        )
    }
    x = [place + 0.5 for place in range(UNTIL - FROM)]
    lost = {name: sum(88 - min(share, 88) for share in days) for name, days in shown.items()}
    return Drawing(
        x="days since Monday of week 5",
        y="right answers, %",
        lines=[
            Line(name=name, x=x, y=[*days], dashed=name == "call only")
            for name, days in shown.items()
        ],
        sentence=f"Released on a {weekday}; below 88 %, {lost['call only']} points and days are "
        f"lost by who only calls, {lost['call and switch']} by who switches as well.",
        low=40.0,
        high=100.0,
    )


CHAPTER = Chapter(
    minutes=15,
    exam=PolicyTask(
        worlds=(SATURDAY,),
        rivals=("contract",),
        claims=(
            Less(
                than="contract",
                by="excess",
                least="40%",
                words="the incident costs at least 40 % less than if the owner is only called",
            ),
            Holds(
                expect="fallbacks < 0.1",
                words="the model is back: it answers nine requests of ten over the seven weeks",
            ),
        ),
    ),
    claimed=Claimed(
        words="to switch and never switch back costs more than to wait for Monday",
        shown=Played(
            worlds=(SATURDAY, POISONED),
            operators=("contract", "naive.py:Mine", "rebuild.yaml", BACK, ANEW),
            claims=(
                Less(of="contract", than="naive.py:Mine", by="excess", least="40%", world=SATURDAY),
                Less(of="contract", than="rebuild.yaml", by="excess", least="10%", world=SATURDAY),
                Less(of=BACK, than=ANEW, by="excess", least="50%", world=POISONED),
            ),
        ),
    ),
    live=Live(
        sliders={
            "day": Slider(label="released on day", low=1, high=5, value=5, step=1),
            "acts": Slider(label="the switch acts after", low=0, high=72, value=0, unit=" h"),
        },
        draw=draw,
    ),
)
