"""A policy that becomes another one at given moments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.clock import us
from sim.errors import refuse
from strategies.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.view import View
    from strategies.policy import Monitor


@dataclass(frozen=True, kw_only=True)
class Phase:
    """The *policy* that holds from *begins* on."""

    begins: str
    policy: Policy

    def __post_init__(self) -> None:
        us(self.begins, "phase.begins")


@dataclass(frozen=True, kw_only=True)
class Phased:
    """Follows the policy of the last phase that has begun.

    The monitors of all phases watch from the first day, for what was not watched cannot be
    compared later; only the present phase acts on what they say.
    """

    phases: tuple[Phase, ...]

    def __post_init__(self) -> None:
        begins = [us(phase.begins) for phase in self.phases]
        if not begins or begins[0] or begins != sorted(set(begins)):
            refuse("phased.phases", begins, "the first begins at '0', each other later")

    @property
    def monitors(self) -> tuple[Monitor, ...]:
        """Those of all phases, each name once."""
        named = {m.name: m for phase in reversed(self.phases) for m in phase.policy.monitors}
        return tuple(named.values())

    @property
    def heartbeat(self) -> str:
        """The shortest of all phases."""
        beats = [phase.policy.heartbeat for phase in self.phases]
        return min((beat for beat in beats if us(beat)), key=us, default="0")

    def at(self, now_us: int) -> Policy:
        """Return the policy that holds at *now_us*."""
        return [phase.policy for phase in self.phases if us(phase.begins) <= now_us][-1]

    def decide(self, view: View) -> Iterator[Action]:
        """Do what the present phase does."""
        yield from self.at(view.now_us).decide(view)
