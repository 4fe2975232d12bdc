"""The schema break that looks like a season."""

from __future__ import annotations

from pathlib import Path

from reports.course.chapter import Chapter, Claimed
from reports.course.claims import Holds, Less
from reports.course.exam import Played, PolicyTask
from reports.course.live import Drawing, Line, Live, Slider, Spot

WATCH = str(Path(__file__).with_name("watch.yaml"))
WORLD = "silent-schema-change(rate='10/h', horizon='16w', season={}, width='{:.0f}w', share={})"


def draw(share: float, season: float, width: float) -> Drawing:
    """Play a year in which so many percent of the sources break, over so many weeks."""
    from reports.course.look import alarms, middles, play, right

    broken = play(WORLD.format(season / 100, width, share / 100), WATCH, 7)
    calm = play(WORLD.format(season / 100, width, 0.0), "never", 7)
    wrong, usual = ([100 - week for week in right(year)] for year in (broken, calm))
    first = alarms(broken)
    by_contract, by_errors = (_said(first.get(name)) for name in ("contract", "errors"))
    return Drawing(
        x="days since the launch",
        y="wrong answers, %",
        lines=[
            Line(name="this year", x=middles(broken), y=[*wrong]),
            Line(name="the season alone", x=middles(calm), y=[*usual], dashed=True),
        ],
        spots=[Spot(x=day, words=name) for name, day in first.items()],
        sentence=("The feed begins to break on day 42. " if share else "Nothing is broken. ")
        + f"The contract alarms {by_contract}, a detector on the errors {by_errors}.",
        high=40.0,
    )


def _said(day: float | None) -> str:
    return "never" if day is None else f"on day {day:.0f}"


CHAPTER = Chapter(
    core=True,
    minutes=15,
    exam=PolicyTask(
        worlds=("feed.yaml", "summer.yaml", "taste.yaml"),
        claims=(
            Holds(
                expect="recovery < 1w",
                world="feed.yaml",
                words="the broken feed is well again within a week",
            ),
            Holds(
                expect="trainings <= 1",
                world="summer.yaml",
                words="at most one training",
            ),
            Holds(
                expect="loss < 0.2",
                world="taste.yaml",
                words="over the year, fewer than one answer in five is wrong",
                written="{:.1%}",
            ),
        ),
        suffixes=(".yaml", ".yml", ".py"),
        wants="a policy: a few lines such as `extends: never` and `monitors:`",
    ),
    claimed=Claimed(
        words="sixteen trainings on a broken feed repair nothing, a call does",
        shown=Played(
            worlds=("feed.yaml",),
            operators=("never", "weekly", "solution.yaml"),
            claims=(
                Less(of="never", than="weekly", least="-3%"),
                Less(of="solution.yaml", than="weekly", least="10%"),
            ),
        ),
    ),
    live=Live(
        sliders={
            "share": Slider(
                label="sources that break", low=0, high=100, value=60, step=5, unit=" %"
            ),
            "season": Slider(label="season", low=0, high=8, value=3, step=1, unit=" points"),
            "width": Slider(label="one after another, over", low=1, high=10, value=4, unit=" w"),
        },
        draw=draw,
    ),
)
