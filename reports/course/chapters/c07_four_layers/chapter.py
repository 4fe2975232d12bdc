"""Four layers, and who sees it first."""

from __future__ import annotations

from dataclasses import replace

from reports.course.chapter import Chapter, Claimed
from reports.course.claims import Holds
from reports.course.exam import Played, PolicyTask
from reports.course.live import Drawing, Line, Live, Slider, Spot

WORLD = "gradual-drift(at='9w', width='1h', rate='15/h', horizon='14w', angle={}, delay='{}h')"
ONSET = 63


def draw(angle: float, feet: float, delay: float) -> Drawing:
    """Play a year in which taste turns by *angle* and *feet* percent of the sources change unit."""
    from reports import names
    from reports.course.look import alarms, middles, right
    from sim.faults import UnitChange
    from sim.run import run
    from sim.users import Users
    from strategies.detectors import ADWIN
    from strategies.monitors import Business, OnErrors, Shift
    from strategies.policy import Policy

    unit = UnitChange(at="9w", columns=("x0", "x1"), factor=3.28, share=feet / 100)
    world = replace(
        names.scenario(WORLD.format(angle, round(24 * delay)), 7).value,
        users=Users(),
        tick="4h",
        faults=(unit,) if feet else (),
    )
    watch = Policy(
        monitors=(
            Shift(window="1d", name="input"),
            OnErrors(detector=ADWIN(), name="performance"),
            Business(of="survey", drop=0.02, name="business"),
        )
    )
    year = run(world, watch, seed=7)
    first = alarms(year)
    told = [f"{name} {_days(first.get(name))}" for name in ("input", "performance", "business")]
    return Drawing(
        x="days since the launch",
        y="right answers, %",
        lines=[Line(name="the service", x=middles(year), y=[*right(year)])],
        spots=[Spot(x=day, words=name) for name, day in first.items()],
        sentence=f"Something happens on day {ONSET}. Who says so first: {', '.join(told)}.",
        low=40.0,
        high=100.0,
    )


def _days(day: float | None) -> str:
    return "never" if day is None else f"on day {day:.1f}"


CHAPTER = Chapter(
    core=True,
    minutes=15,
    exam=PolicyTask(
        worlds=("unit.yaml", "taste.yaml", "surge.yaml"),
        claims=(
            Holds(expect="lag < 2d", world="unit.yaml", words="it is seen within 2 days"),
            Holds(expect="lag < 6d", world="taste.yaml", words="it is seen within 6 days"),
            Holds(expect="lag < 1d", world="surge.yaml", words="it is seen within a day"),
            Holds(expect="false_alarms <= 0", words="no false alarm"),
        ),
        suffixes=(".yaml", ".yml", ".py"),
        wants="a policy: `extends: never`, and a list `monitors:`",
    ),
    claimed=Claimed(
        words="who watches the model's errors never sees that nobody waits for its answers",
        shown=Played(
            worlds=("surge.yaml",),
            operators=("naive.yaml", "solution.yaml"),
            claims=(
                Holds(
                    expect="missed(performance) >= 1",
                    of="naive.yaml",
                    words="the errors do not show it",
                ),
                Holds(expect="lag(output) < 1d", of="solution.yaml", words="the output does"),
            ),
        ),
    ),
    live=Live(
        sliders={
            "angle": Slider(label="taste turns by", low=0, high=60, value=25, step=5, unit="°"),
            "feet": Slider(label="sources in feet", low=0, high=100, value=0, step=10, unit=" %"),
            "delay": Slider(
                label="labels come after", low=0, high=21, value=3, step=0.5, unit=" d"
            ),
        },
        draw=draw,
    ),
)
