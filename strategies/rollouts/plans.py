"""The usual rollouts, each a way to write a `Staged`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.clock import positive_us, text, us
from sim.errors import refuse, whole, within
from strategies.judges import SequentialRatio, Threshold
from strategies.judges.evidence import EFFECT
from strategies.rollouts.judging import GIVE_UP
from strategies.rollouts.review import Review
from strategies.rollouts.stage import Judge, Stage
from strategies.rollouts.staged import QUEUE, Cap, Staged
from strategies.rollouts.stops import Beyond, Stop, Worse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What all plans share; see `Staged`."""

    metric: str = "quality"
    also: tuple[str, ...] = ()
    stops: tuple[Stop, ...] = field(default_factory=lambda: (Worse(), Beyond()))
    cap: Cap = field(default_factory=Cap)
    patience: str = "30d"
    starved: str = GIVE_UP
    second: str = QUEUE
    dry_run: bool = False
    owner: str = "product"
    review: Review | None = None

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Its stages."""
        raise NotImplementedError

    @property
    def staged(self) -> Staged:
        """The same, stage by stage."""
        shared: dict[str, Any] = {name: getattr(self, name) for name in Plan.__dataclass_fields__}
        return Staged(stages=self.stages, **shared)

    def __post_init__(self) -> None:
        self.staged  # noqa: B018 (refuses what does not fit)

    @property
    def words(self) -> str:
        """Its stages in words."""
        return self.staged.words

    def step(self, view: View, version: str) -> Iterator[Action]:
        """Do what is next for *version*."""
        return self.staged.step(view, version)


@dataclass(frozen=True, kw_only=True)
class Canary(Plan):
    """First a small *share* of the users for *hold*, at least *minimum* outcomes, then everybody.

    >>> Canary(share=0.01, hold="2d", stops=()).words
    '1 % for 2d, then everybody'
    """

    share: float = 0.05
    hold: str = "2d"
    minimum: int = 0
    judge: Judge | None = None

    @property
    def stages(self) -> tuple[Stage, ...]:
        """One."""
        within("canary.share", self.share, 0.001, 0.5)
        judge = self.judge
        return (Stage(share=self.share, hold=self.hold, minimum=self.minimum, judge=judge),)


@dataclass(frozen=True, kw_only=True)
class Gradual(Plan):
    """Widens by the calendar: *shares* from *days* on, where day 1 is the day of release.

    The last share is everybody.

    >>> Gradual(stops=()).words
    '1 % for 2d, 5 % for 4d, 25 % for 3d, 50 % for 4d, then everybody'
    """

    shares: tuple[float, ...] = (0.01, 0.05, 0.25, 0.5, 1.0)
    days: tuple[float, ...] = (1, 3, 7, 10, 14)
    minimum: int = 0
    judge: Judge | None = None

    @property
    def stages(self) -> tuple[Stage, ...]:
        """One for each share but the last."""
        shares, days = self.shares, self.days
        if len(shares) != len(days) or len(shares) < 2 or shares[-1] != 1.0:
            refuse("gradual.shares", shares, "give as many as days, from two up, the last 1.0")
        if list(shares) != sorted(set(shares)) or list(days) != sorted(set(days)):
            refuse("gradual.days", days, "shares and days must grow")
        return tuple(
            Stage(
                share=share,
                hold=text(round((until - since) * us("1d"))),
                minimum=self.minimum,
                judge=self.judge,
            )
            for share, since, until in zip(shares[:-1], days, days[1:], strict=False)
        )


@dataclass(frozen=True, kw_only=True)
class Flag(Plan):
    """Ships a version switched off and switches it on for one of the *segments* after another.

    No deployment is needed for that: a flag takes seconds. In each segment a *share* of the users
    meets it, the others are what it is judged against; each is given *hold*.
    """

    segments: tuple[str, ...]
    share: float = 0.5
    hold: str = "2d"
    minimum: int = 0
    judge: Judge | None = None

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Off, then one for each segment."""
        if not isinstance(self.segments, tuple) or not self.segments:
            refuse("flag.segments", self.segments, "give names, as in ('new', 'old')")
        on = (
            Stage(
                share=self.share,
                hold=self.hold,
                minimum=self.minimum,
                judge=self.judge,
                segments=self.segments[: place + 1],
            )
            for place in range(len(self.segments))
        )
        return (Stage(share=0.0, hold="0s"), *on)


@dataclass(frozen=True, kw_only=True)
class Experiment(Plan):
    """An A/B test: *share* of the users meet the version for *hold*, to measure its effect.

    It says how much better it is, not whether it is healthy: that is a canary's matter, and the
    stop rules'. The *judge* is asked once, at the end.
    """

    share: float = 0.5
    hold: str = "14d"
    minimum: int = 1_000
    judge: Judge = field(default_factory=SequentialRatio)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """One."""
        within("experiment.share", self.share, 0.001, 0.999)
        whole("experiment.minimum", self.minimum, 0)
        return (
            Stage(
                share=self.share,
                hold=self.hold,
                minimum=self.minimum,
                judge=self.judge,
                purpose=EFFECT,
            ),
        )


@dataclass(frozen=True, kw_only=True)
class ShadowFirst(Plan):
    """Lets a version answer everything unseen for *hold*, then everybody, unless it is worse.

    At least *minimum* labels of its unseen answers must be there. It costs compute and no user.
    Without a *judge* of another kind it is archived if its loss is more than *worse_by* above the
    champion's on the same requests.

    >>> ShadowFirst(hold="3d").words
    'unseen for 3d, then to everybody unless 500 labels show it more than 0.01 worse'
    """

    hold: str = "7d"
    minimum: int = 500
    worse_by: float = 0.01
    judge: Judge | None = None
    stops: tuple[Stop, ...] = ()

    @property
    def words(self) -> str:
        """How long, and what decides."""
        unless = f"{self.minimum:,} labels show it more than {self.worse_by:g} worse"
        if self.judge is not None:
            unless = f"{self.judge!r} says roll back on {self.minimum:,} labels"
        return f"unseen for {self.hold}, then to everybody unless {unless}"

    @property
    def stages(self) -> tuple[Stage, ...]:
        """One, unseen."""
        positive_us(self.hold, "shadow_first.hold")
        within("shadow_first.worse_by", self.worse_by, 0, 1e15)
        judge = self.judge or Threshold(points=self.worse_by)
        hold, minimum = self.hold, self.minimum
        return (Stage(share=0.0, unseen=True, hold=hold, minimum=minimum, judge=judge),)
