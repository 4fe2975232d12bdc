"""Stages of a pipeline: which one is it?"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.course.chapter import Chapter, Claimed
from reports.course.claims import Less
from reports.course.exam import AnswerTask, Played, near, number
from reports.course.live import Drawing, Line, Live, Slider
from sim.errors import one_of, refuse

if TYPE_CHECKING:
    from reports.course.claims import Judged

YEAR = "rate='6/h', horizon='16w', coverage=0.5"
WORLD = f"pipeline-retrieval({YEAR})"
WORTH = {"retrieval": 9.06, "ranking": 1.78, "generation": 0.90, "validation": 0.81}
"""What a perfect stage brings there, in points: the mean of 16 years, ± 0.06 at most."""


def reads(answer: Any) -> tuple[str, float]:
    """Read an answer such as ("ranking", 4)."""
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        refuse("answer", answer, 'give a stage and a number of points, as ("ranking", 4)')
    return one_of("answer", str(answer[0]).strip().lower(), WORTH), number(answer[1])


def theory(answer: tuple[str, float]) -> Judged:
    """Hold the points against those that a perfect stage brings."""
    stage, points = answer
    words = f"what a perfect {stage} would bring"
    return near(points, WORTH[stage], within=0.25, words=words, unit=" points")


def plays(answer: tuple[str, float]) -> str:
    """Return the team that believes the answer."""
    return f"{Path(__file__).with_name('rebuild.py')}:Rebuild(stage='{answer[0]}')"


def draw(retrieval: float, ranking: float, generation: float) -> Drawing:
    """Let each stage lose so much skill, and swap in a perfect one after the other."""
    skills = tuple(round(value) for value in (retrieval, ranking, generation))
    names = ("nothing", *WORTH)
    found = [_right(*skills, "" if name == "nothing" else name) for name in names]
    gains = [value - found[0] for value in found]
    best = max(range(1, len(names)), key=lambda place: gains[place])
    return Drawing(
        x="which stage is perfect",
        names=[*names],
        y="right answers, %",
        lines=[
            Line(name="with it", x=[0.0, 1.0, 2.0, 3.0, 4.0], y=[*found]),
            Line(name="as it is", x=[0.0, 4.0], y=[found[0], found[0]], dashed=True),
        ],
        sentence=f"{found[0]:.0f} % are right. A perfect {names[best]} would bring "
        f"{gains[best]:.0f} points, more than any other stage.",
        low=20.0,
        high=100.0,
    )


@cache
def _right(retrieval: int, ranking: int, generation: int, perfect: str) -> float:
    from sim.artifacts import Pipeline
    from sim.concepts import Questions
    from sim.run import run
    from sim.scenario import Launch, Scenario
    from sim.stream import Stream
    from sim.traffic import Traffic
    from strategies.presets import never

    pipeline = Pipeline(
        retrieval=1.5 * retrieval / 100,
        ranking=1.5 * ranking / 100,
        generation=0.96 * generation / 100,
        perfect=perfect,
    )
    stream = Stream(concept=Questions(old=4.36), traffic=Traffic(rate="20/h", entities=500))
    world = Scenario(
        name="swapped", stream=stream, artifact=pipeline, launch=Launch(window="1d"),
        horizon="3d", tick="1d",
    )  # fmt: skip
    year = run(world, never(), seed=7)
    return 100 * (1 - float(year.timeline.loss.sum()) / year.requests["total"])


CHAPTER = Chapter(
    minutes=15,
    exam=AnswerTask(
        reads=reads,
        theory=theory,
        plays=plays,
        worlds=(WORLD,),
        rivals=("never",),
        claims=(
            Less(
                than="never",
                least="20%",
                words="that stage rebuilt: the assistant loses at least 20 % less than if nothing "
                "is rebuilt",
            ),
        ),
        wants='a line `answer = ("stage", points)`',
    ),
    claimed=Claimed(
        words="rebuilding the stage whose number is red mends nothing",
        shown=Played(
            worlds=(WORLD,),
            operators=("never", "rebuild.py:Rebuild(stage='generation')",
                       "rebuild.py:Rebuild(stage='retrieval')"),
            claims=(
                Less(of="never", than="rebuild.py:Rebuild(stage='generation')", least="-2%"),
                Less(of="rebuild.py:Rebuild(stage='retrieval')", than="never", least="20%"),
            ),
        ),
    ),
    live=Live(
        sliders={
            "retrieval": Slider(label="skill of retrieval", low=20, high=100, value=30, step=10,
                                unit=" %"),
            "ranking": Slider(label="skill of ranking", low=20, high=100, value=100, step=10,
                              unit=" %"),
            "generation": Slider(label="skill of generation", low=20, high=100, value=100, step=10,
                                 unit=" %"),
        },
        draw=draw,
    ),
)  # fmt: skip
