"""Letting judges decide in many worlds: the work of the bench, in pieces that are kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from reports.bench.judges.entrants import Entrant
from reports.bench.judges.shadow import Shadow
from reports.bench.judges.strata import Strata
from reports.bench.judges.worlds import Family, Rollout, World
from sim.digest import digest
from sim.errors import Mistake, one_of
from strategies.judges.verdict import INCONCLUSIVE, PROMOTE, ROLL_BACK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

PROTOCOL = 1
PEEKING, ONCE = "at every look", "once, at the end"
WAYS = (PEEKING, ONCE)
ANSWERS = (PROMOTE, ROLL_BACK, INCONCLUSIVE)


class Shown(Protocol):
    """What is known at each look."""

    def at(self, look: int) -> Any:
        """Return the evidence at one look."""

    def same(self, one: int, other: int) -> bool:
        """Say whether nothing has come between two looks."""


class Decision(NamedTuple):
    """An *answer*, and at which *look* it was given."""

    answer: str
    look: int


@dataclass(frozen=True, kw_only=True)
class Playing:
    """The job to let *entrants* decide in worlds *start* to *stop* of one *family*."""

    family: Family
    entrants: tuple[Entrant, ...]
    effects: tuple[float, ...]
    a_day: float
    start: int
    stop: int

    @property
    def name(self) -> str:
        """What its result is kept under: the same job, the same name."""
        who = [[e.label, repr(e.judge), e.digest] for e in self.entrants]
        what = [PROTOCOL, self.family, list(self.effects), self.a_day, self.start, self.stop]
        return f"judged-{digest([*what, who])}"

    def __call__(self) -> dict[str, Any]:
        """Return how often which answer was given when, and how many people had been exposed.

        *decided* has rows (way, entrant, effect, answer, look, how often), by place; *exposed*
        rows (way, entrant, effect, sum, sum of squares).
        """
        family, rollout = self.family, self.family.rollout
        looks = family.looks(self.a_day)
        judges = [(e.label, e.shared(len(rollout.stages))) for e in self.entrants]
        decided: Counter[tuple[int, int, int, int, int]] = Counter()
        exposed: dict[tuple[int, int, int], list[float]] = {}
        for seed in range(self.start, self.stop):
            world = World(family, seed)
            met = world.met(looks).tolist()
            for place, effect in enumerate(self.effects):
                seen = _shown(world, effect, looks)
                for number, (label, judge) in enumerate(judges):
                    for way, peeking in enumerate((True, False)):
                        found = _guarded(judge, label, seen, rollout, looks, peeking)
                        answer = ANSWERS.index(found.answer)
                        decided[way, number, place, answer, found.look] += 1
                        sums = exposed.setdefault((way, number, place), [0.0, 0.0])
                        sums[0] += met[found.look]
                        sums[1] += met[found.look] ** 2
        return {
            "decided": [[*key, times] for key, times in sorted(decided.items())],
            "exposed": [[*key, *sums] for key, sums in sorted(exposed.items())],
        }


def _shown(world: World, effect: float, looks: Floats) -> Shown:
    """Return what judges are shown of a world."""
    stages = world.family.rollout.stages
    if world.family.rollout.unseen:
        return Shadow(world, effect, looks)
    return Strata(world, effect, looks) if len(stages) > 1 else world.seen(effect, stages[0], looks)


def _guarded(
    judge: Any, label: str, seen: Shown, rollout: Rollout, looks: Floats, peeking: bool
) -> Decision:
    """Decide; what a user's judge raises becomes one line."""
    try:
        return decide(judge, seen, rollout, looks, peeking=peeking)
    except Mistake:
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise Mistake(f"judge {label} raised {said}") from None


def decide(judge: Any, seen: Shown, rollout: Rollout, looks: Floats, *, peeking: bool) -> Decision:
    """Return what *judge* decides on what is *seen* of the stages so far, and when.

    It looks at every look, or once at the end of each stage.
    """
    last, answer = len(looks) - 1, INCONCLUSIVE
    at_end = PROMOTE if rollout.by_calendar else INCONCLUSIVE
    ends = [int((looks <= stage.stop + 1e-9).sum()) - 1 for stage in rollout.stages]
    heard = -1
    for look in range(len(looks)) if peeking else ends:
        if heard < 0 or not seen.same(heard, look):
            heard = look
            answer = one_of("a judge's answer", judge.judge(seen.at(look)).answer, ANSWERS)
        early = peeking and looks[look] < rollout.hold - 1e-9
        if answer == ROLL_BACK:
            return Decision(answer, look)
        if answer == PROMOTE and not rollout.by_calendar and not early:
            return Decision(answer, look)
    return Decision(at_end, last)
