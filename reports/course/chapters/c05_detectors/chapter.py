"""Detectors and false alarms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from reports.course.chapter import Chapter, Claimed
from reports.course.claims import Holds, Less
from reports.course.exam import Played, PolicyTask
from reports.course.live import Drawing, Line, Live, Slider, Spot

WORLD = "gradual-drift(angle={}, at='{}w', width='1h', rate='10/h', delay='{}h', horizon='{}w')"
YEAR = WORLD.format(20, 16, 2, 19)
SHORT = 10
"""So many weeks are calm in the years of the figure."""
LIMITS = (12, 15, 20, 30, 40)
SEEDS = (1, 2)


def heard(
    limits: Sequence[float],
    seeds: Sequence[int],
    *,
    weeks: int = 16,
    angle: float = 20,
    delay: float = 2,
) -> dict[float, tuple[float, float]]:
    """Return false alarms in calm *weeks*, and hours until a drift is heard, by the chart's limit.

    All charts listen to the same years; whoever hears nothing counts as three weeks.
    """
    from reports.course.look import play
    from sim.clock import DAY_US
    from sim.facts import Alarm
    from strategies.detectors import CUSUM
    from strategies.monitors import OnErrors
    from strategies.policy import Policy

    charts = {
        f"{limit:g}": CUSUM(mean=0.11, sd=0.31, allowance=0.15, limit=limit, mode="up")
        for limit in limits
    }
    watch = Policy(monitors=tuple(OnErrors(name=n, detector=chart) for n, chart in charts.items()))
    false, hours = dict.fromkeys(charts, 0.0), dict.fromkeys(charts, 0.0)
    for seed in seeds:
        first = dict.fromkeys(charts, 21.0)
        world = WORLD.format(f"{angle:.0f}", weeks, f"{delay:.0f}", weeks + 3)
        for alarm in play(world, watch, seed).of(Alarm):
            late = alarm.at_us / DAY_US - 7 * weeks
            false[alarm.monitor] += late < 0
            if late >= 0:
                first[alarm.monitor] = min(first[alarm.monitor], late)
        for name in charts:
            hours[name] += 24 * first[name]
    of = len(seeds)
    return {chart.limit: (false[name] / of, hours[name] / of) for name, chart in charts.items()}


@lru_cache(32)
def _known(angle: float, delay: float) -> dict[float, tuple[float, float]]:
    """Return what was heard of these years so far, by limit; it fills as limits are asked for."""
    del angle, delay
    return {}


def draw(limit: float, angle: float, delay: float) -> Drawing:
    """Let charts with some limits listen to the same two years."""
    known = _known(angle, delay)
    missing = {*LIMITS, limit} - known.keys()
    if missing:
        known.update(heard(sorted(missing), SEEDS, weeks=SHORT, angle=angle, delay=delay))
    found = {one: known[one] for one in sorted({*LIMITS, limit})}
    false, hours = ([one[place] for one in found.values()] for place in (0, 1))
    limits = [*found]
    return Drawing(
        x="limit of the chart",
        y="false alarms, hours",
        lines=[
            Line(name=f"false alarms in {SHORT} weeks", x=limits, y=[*false]),
            Line(name="hours until the drift is heard", x=limits, y=[*hours], dashed=True),
        ],
        spots=[Spot(x=limit, words="yours")],
        sentence=f"With limit {limit:g} there are {found[limit][0]:.0f} false alarms in {SHORT} "
        f"weeks, and the drift is heard after {found[limit][1]:.0f} hours (mean of two years).",
        high=100.0,
    )


CHAPTER = Chapter(
    core=True,
    minutes=15,
    exam=PolicyTask(
        worlds=(YEAR,),
        rivals=("oracle.py:Oracle",),
        claims=(
            Holds(expect="false_alarms <= 2", words="at most two false alarms in nineteen weeks"),
            Less(
                than="oracle.py:Oracle",
                by="lag",
                least="-60%",
                words="the drift is heard at most 60 % later than by the oracle",
            ),
        ),
        suffixes=(".yaml", ".yml", ".py"),
        wants="a policy: `extends: never`, and a monitor `OnErrors` with a detector",
    ),
    claimed=Claimed(
        words="nine of ten false alarms go, and the drift is still heard within three days",
        shown=Played(
            worlds=(YEAR,),
            operators=("touchy.yaml", "calmer.yaml"),
            claims=(
                Less(of="calmer.yaml", than="touchy.yaml", by="false_alarms", least="70%"),
                Holds(expect="false_alarms >= 10", of="touchy.yaml"),
                Holds(expect="false_alarms <= 6", of="calmer.yaml"),
                Holds(expect="lag < 3d", of="calmer.yaml"),
            ),
        ),
    ),
    live=Live(
        sliders={
            "limit": Slider(label="limit", low=8, high=40, value=15, step=1),
            "angle": Slider(label="size of the drift", low=5, high=60, value=20, step=5, unit="°"),
            "delay": Slider(label="labels come after", low=0, high=96, value=2, step=2, unit=" h"),
        },
        draw=draw,
    ),
)
