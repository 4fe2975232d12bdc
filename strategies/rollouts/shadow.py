"""First unseen, then everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actions import Promote, Shadow
from sim.clock import positive_us, text, us
from sim.errors import whole, within
from sim.facts import Routed
from strategies.verdict import LABELS, NO, TIME, UNKNOWN, YES, Verdict, noted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class ShadowFirst:
    """Lets a version answer everything unseen for *hold*, then everybody, if it is no worse.

    It is promoted when at least *minimum* labels of its unseen answers show a mean loss at most
    *worse_by* above that of the champion over the same time, and archived when they show more.
    Too few labels after *patience* archive it as well: nobody can tell.

    >>> ShadowFirst(hold="3d").words
    'unseen for 3d, then to everybody unless 500 labels show it more than 0.01 worse'
    """

    hold: str = "7d"
    minimum: int = 500
    worse_by: float = 0.01
    patience: str = "30d"

    def __post_init__(self) -> None:
        positive_us(self.hold, "shadow_first.hold")
        positive_us(self.patience, "shadow_first.patience")
        whole("shadow_first.minimum", self.minimum, 1)
        within("shadow_first.worse_by", self.worse_by, 0, 1e15)

    @property
    def words(self) -> str:
        """How long, and what decides."""
        return (
            f"unseen for {self.hold}, then to everybody unless {self.minimum:,} labels show it "
            f"more than {self.worse_by:g} worse"
        )

    def step(self, view: View, version: str) -> Iterator[Action]:
        """Shadow it, wait, and promote or archive it."""
        if view.route.shadow != version:
            yield Shadow(version, why="all gates are open: first unseen")
            return
        verdict = self._judge(view, _since_us(view, version))
        yield from noted(view, verdict, version)
        if verdict.answer == YES:
            yield Promote(version, why=verdict.why)
        elif not verdict.waits_for:
            yield Shadow("", why=verdict.why)

    def _judge(self, view: View, since_us: int) -> Verdict:
        waited_us = view.now_us - since_us
        if waited_us < us(self.hold):
            why = f"unseen for {text(waited_us)} so far"
            return Verdict(self.words, UNKNOWN, why, waits_for=TIME)
        seen = view.ticks(text(waited_us))
        labels = int(seen.shadow[:, 2].sum())
        if labels < self.minimum:
            late = waited_us >= us(self.patience)
            why = f"{labels:,} labels, {self.minimum:,} are needed"
            limit = self.worse_by
            return Verdict(self.words, UNKNOWN, why, None, limit, labels, "" if late else LABELS)
        worse = seen.shadow_error() - seen.error()
        why = f"on {labels:,} labels its loss is {worse:+.3g} beside the champion's"
        answer = NO if worse > self.worse_by else YES
        return Verdict(self.words, answer, why, worse, self.worse_by, labels)


def _since_us(view: View, version: str) -> int:
    """Return since when *version* answers unseen."""
    since_us = view.now_us
    for fact in reversed(view.history):
        if isinstance(fact, Routed):
            if fact.shadow != version:
                break
            since_us = fact.at_us
    return since_us
