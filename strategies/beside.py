"""What other policies would have done at the same moments, without acting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actions import Action, Note
from strategies.policy import Policy
from strategies.verdict import NO, YES, said_last

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.view import View
    from strategies.policy import Monitor

VERBS = tuple(kind.verb for kind in Action.__subclasses__() if kind is not Note)
"""All that anybody can do."""


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Follows *policy*, and writes down what the *others* would do in its place, given its view.

    They see what *policy* brought about, not what they would have: the log says where opinions
    part, not how another year would have gone.
    """

    policy: Policy
    others: tuple[Policy, ...]

    @property
    def monitors(self) -> tuple[Monitor, ...]:
        """Those of all, each name once."""
        named = {m.name: m for p in (*self.others[::-1], self.policy) for m in p.monitors}
        return tuple(named.values())

    @property
    def heartbeat(self) -> str:
        """That of the policy that acts."""
        return self.policy.heartbeat

    def decide(self, view: View) -> Iterator[Action]:
        """Act as the policy does, and note what the others would."""
        yield from self.policy.decide(view)
        for other in self.others:
            yield from self._noted(view, other)

    def _noted(self, view: View, other: Policy) -> Iterator[Note]:
        would = {a.verb: a for a in other.decide(view) if not isinstance(a, Note)}
        for verb in VERBS:
            part = f"{other.name or repr(other)} would {verb}"
            if verb in would:
                why = f"{would[verb].detail}: {getattr(would[verb], 'why', '')}"
                yield Note(part=part, answer=YES, why=why)
            elif said_last(view, part) == YES:
                yield Note(part=part, answer=NO, why="no longer")
