"""Gates, and the leak that passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.course.chapter import Chapter, Claimed
from reports.course.claims import Holds, Shows
from reports.course.exam import Played, PolicyTask
from reports.course.live import Drawing, Line, Live, Slider

if TYPE_CHECKING:
    from reports.measures.lived import Lived

WORLD = "leak-that-passes(rate='12/h', at='6w', delay='{:.0f}d', horizon='14w', strength={})"


LOST = "forgotten-seed(horizon='10w')"
FORTNIGHTLY = """
trigger: {{kind: OnSchedule, every: 14d}}
window: {{kind: LastSpan, span: 21d}}
gates: [{}]
heartbeat: 1d
"""


def claimed_and_lived(world: str, seed: int, gate: str = "") -> list[Lived]:
    """Return what each version that answered somebody claimed, and what it lived to.

    One is ready every fortnight, and is let out if a *gate* has nothing against it: a line as in a
    policy file, '' for none.
    """
    from reports.course.look import play
    from reports.measures import lived
    from strategies.reading import reads

    policy = reads(FORTNIGHTLY.format(gate))
    return [one for one in lived(play(world, policy, seed)) if one.loss is not None]


def draw(strength: float, delay: float) -> Drawing:
    """Play a year in which a leak of some *strength* begins in week 6, labels *delay* days late."""
    found = claimed_and_lived(WORLD.format(delay, strength), 7)
    x = [float(place) for place in range(len(found))]
    claims = [100 * one.claim for one in found]
    losses = [100 * (one.loss or 0.0) for one in found]
    return Drawing(
        x="version",
        y="wrong answers, %",
        lines=[
            Line(name="claimed", x=x, y=[*claims], dashed=True),
            Line(name="lived", x=x, y=[*losses]),
        ],
        sentence=f"The last version claims {claims[-1]:.0f} % of wrong answers and lives to "
        f"{losses[-1]:.0f} %.",
        high=60.0,
    )


CHAPTER = Chapter(
    minutes=15,
    exam=PolicyTask(
        worlds=("leak.yaml", "drift.yaml"),
        claims=(
            Shows(
                holds=lambda year: not year.run["bad_releases"],
                world="leak.yaml",
                words="no version goes out that is worse than the one before",
            ),
            Holds(
                expect="loss < 0.17",
                world="drift.yaml",
                words="good versions do go out: 17 % of the answers are wrong at most",
            ),
        ),
        wants="a policy `Mine = Policy(…)` with a gate",
    ),
    claimed=Claimed(
        words="a gate that wants to see the champion beaten lets every leak pass",
        shown=Played(
            worlds=("leak.yaml", LOST),
            operators=("beats.yaml", "twice.yaml"),
            claims=(
                Shows(
                    holds=lambda year: bool(year.run["bad_releases"]),
                    of="beats.yaml",
                    world="leak.yaml",
                    words="a version that learned the leak goes out, 95 % sure to be better",
                ),
                Holds(
                    expect="excess > 0.08",
                    of="beats.yaml",
                    world="leak.yaml",
                    words="it costs 8 points and more",
                ),
                Shows(
                    holds=lambda year: bool(year.run["bad_releases"]),
                    of="twice.yaml",
                    world="leak.yaml",
                    words="what is built twice has the leak twice, and goes out",
                ),
                Shows(
                    holds=lambda year: not year.run["releases"],
                    of="twice.yaml",
                    world=LOST,
                    words="what no seed fixes comes out differently, and is held back",
                ),
            ),
        ),
    ),
    live=Live(
        sliders={
            "strength": Slider(label="strength of the leak", low=0, high=4, value=2, step=0.25),
            "delay": Slider(label="labels come after", low=1, high=21, value=7, unit=" d"),
        },
        draw=draw,
    ),
)
