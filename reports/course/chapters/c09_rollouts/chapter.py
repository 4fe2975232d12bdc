"""Shadow, canary, gradual, and why peeking lies."""

from __future__ import annotations

from dataclasses import dataclass

from reports.course.chapter import Chapter, Claimed
from reports.course.claims import Holds, Shows
from reports.course.exam import Played, PolicyTask
from reports.course.live import Drawing, Line, Live, Slider
from strategies.judges.evidence import HEALTH, LABELS

ROLLOUTS, BASE, DAYS = 400, 0.89, 14


@dataclass(frozen=True)
class Seen:
    """What a judge is shown of one rollout: *difference*, its standard *error*, *fewest*."""

    difference: float
    error: float
    fewest: int
    entities: int
    source: str = LABELS
    purpose: str = HEALTH


def withdrawn(
    *, requests: float, share: float, drop: float, looks: int, judge: str, days: int = DAYS
) -> list[float]:
    """Return, look by look, what percent of 400 rollouts a judge has withdrawn by then.

    There are so many *requests* a day, a *share* of them meets a version that is worse by *drop*,
    and the judge looks so many times a day, or once, at the end, if *looks* is 0.

    >>> once = withdrawn(requests=1000, share=0.5, drop=0.0, looks=0, judge="plain")
    >>> often = withdrawn(requests=1000, share=0.5, drop=0.0, looks=4, judge="plain")
    >>> once[-1] < 8 < often[-1]
    True
    """
    import numpy as np

    from strategies.judges import SequentialRatio

    luck = np.random.default_rng(7)
    times = days * max(1, looks)
    few = max(1, round(requests * share * days / times))
    many = max(1, round(requests * (1 - share) * days / times))
    new = luck.binomial(few, BASE - drop, (ROLLOUTS, times)).cumsum(axis=1)
    old = luck.binomial(many, BASE, (ROLLOUTS, times)).cumsum(axis=1)
    sequential, out = SequentialRatio(), np.zeros(ROLLOUTS, dtype=bool)
    gone = []
    for look in range(times):
        mine, theirs = few * (look + 1), many * (look + 1)
        if looks or look == times - 1:
            a, b = new[:, look] / mine, old[:, look] / theirs
            error = np.sqrt(a * (1 - a) / mine + b * (1 - b) / theirs)
            worse = a - b < -1.645 * error
            if judge == "plain":
                out |= worse
            else:  # whoever may look all the time asks for more than who looks once
                for one in np.flatnonzero(worse & ~out):
                    seen = Seen(
                        float(a[one] - b[one]), float(error[one]), min(mine, theirs), mine + theirs
                    )
                    out[one] = sequential.judge(seen).answer == "roll back"
        gone.append(100 * float(out.mean()))
    return gone


def draw(drop: float, share: float, looks: float) -> Drawing:
    """Let two judges look at the same rollouts, some times a day for two weeks."""
    given = {"requests": 480.0, "share": share / 100, "drop": drop / 100, "looks": int(looks)}
    plain, ratio = (withdrawn(judge=judge, **given) for judge in ("plain", "ratio"))  # type: ignore[arg-type]
    x = [(look + 1) * DAYS / len(plain) for look in range(len(plain))]
    what = f"{drop:g} points worse" if drop else "as good as the old one"
    return Drawing(
        x="days since the release",
        y="rollouts withdrawn, %",
        lines=[
            Line(name="a test for one look, asked each time", x=x, y=[*plain]),
            Line(name="a sequential test", x=x, y=[*ratio], dashed=True),
        ],
        sentence=f"The new version is {what}. After two weeks the plain test has withdrawn "
        f"{plain[-1]:.0f} % of such versions, the sequential test {ratio[-1]:.0f} %.",
        high=100.0,
    )


CHAPTER = Chapter(
    core=True,
    minutes=15,
    exam=PolicyTask(
        worlds=("same.yaml", "worse.yaml"),
        claims=(
            Holds(expect="releases >= 2", world="same.yaml", words="two versions or more get out"),
            Holds(expect="rollbacks <= 1", world="same.yaml", words="at most one is withdrawn"),
            Shows(
                holds=lambda year: not year.run["bad_releases"],
                world="worse.yaml",
                words="no bad version answers everybody",
            ),
        ),
        suffixes=(".yaml", ".yml", ".py"),
        wants="a policy with a `rollout:`",
    ),
    claimed=Claimed(
        words="the usual canary lets every bad version pass; one that looks all day withdraws good "
        "ones",
        shown=Played(
            worlds=("same.yaml", "worse.yaml"),
            operators=("naive.yaml", "peeking.yaml"),
            claims=(
                Shows(
                    holds=lambda year: bool(year.run["bad_releases"]),
                    of="naive.yaml",
                    world="worse.yaml",
                    words="5 % for two days let the bad version pass",
                ),
                Holds(
                    expect="rollbacks >= 1",
                    of="peeking.yaml",
                    world="same.yaml",
                    enough=0.6,
                    words="whoever looks six times a day withdraws a good version",
                ),
            ),
        ),
    ),
    live=Live(
        sliders={
            "drop": Slider(label="worse by", low=0, high=10, value=0, step=0.5, unit=" pt"),
            "share": Slider(label="of the users", low=1, high=50, value=25, step=1, unit=" %"),
            "looks": Slider(label="looks a day", low=0, high=6, value=2, step=1),
        },
        draw=draw,
    ),
)
