"""Gates that people open, and gates made of gates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.clock import DAY_US, text, us
from sim.errors import one_of, refuse, whole
from sim.facts import Decided
from sim.people import OWNERS
from strategies.gates.gate import asked_by
from strategies.verdict import NO, PEOPLE, UNKNOWN, YES, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.cards import VersionCard
    from sim.view import View
    from strategies.gates.gate import Gate


@dataclass(frozen=True, kw_only=True)
class SignOff:
    """Admits a version once *owner* has signed, which *takes* a while from office hours on.

    >>> SignOff(owner="product", takes="3d").words
    'product signs, which takes 3d'
    """

    owner: str = "product"
    takes: str = "2d"
    office: bool = True

    def __post_init__(self) -> None:
        one_of("sign_off.owner", self.owner, OWNERS)
        us(self.takes, "sign_off.takes")

    @property
    def words(self) -> str:
        """Who, and how long it takes."""
        return f"{self.owner} signs, which takes {self.takes}"

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Wait for it."""
        from_us = version.ready_us
        if self.office:
            from_us = view.next_office_us(from_us)
        due_us = from_us + us(self.takes)
        waited, whole_wait = (view.now_us - version.ready_us) / DAY_US, us(self.takes) / DAY_US
        if view.now_us < due_us:
            why = f"on the desk until {text(due_us)}"
            return Verdict(self.words, UNKNOWN, why, waited, whole_wait, waits_for=PEOPLE)
        return Verdict(self.words, YES, f"signed by {self.owner}", waited, whole_wait)


@dataclass(frozen=True, kw_only=True)
class SkippedFor:
    """Asks *gate* only of versions that are not of a pre-approved class: all *when* admit those.

    >>> SkippedFor(gate=SignOff(), when=(SignOff(owner="model", takes="0s"),)).words
    'product signs, which takes 2d (not needed if model signs, which takes 0s)'
    """

    gate: Gate
    when: tuple[Gate, ...]

    def __post_init__(self) -> None:
        if not self.when:
            refuse("skipped_for.when", self.when, "say which class needs no such gate")

    @property
    def words(self) -> str:
        """Which gate, and when it is skipped."""
        class_of = " and ".join(gate.words for gate in self.when)
        return f"{self.gate.words} (not needed if {class_of})"

    def asks(self, view: View, version: VersionCard) -> Iterator[Action]:
        """Ask for what its gates want to have done."""
        yield from asked_by((*self.when, self.gate), view, version)

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Ask the class first."""
        parts = tuple(gate.admits(view, version) for gate in self.when)
        if all(part.yes for part in parts):
            return Verdict(self.words, YES, "of a pre-approved class", parts=parts)
        verdict = self.gate.admits(view, version)
        return verdict._replace(part=self.words, parts=(*parts, verdict))


@dataclass(frozen=True, kw_only=True)
class InARow:
    """Admits a version if *gate* admits it and the *times* − 1 before it as well."""

    gate: Gate
    times: int = 2

    def __post_init__(self) -> None:
        whole("in_a_row.times", self.times, 2)

    @property
    def words(self) -> str:
        """Which gate, how often."""
        return f"{self.gate.words} ({self.times} versions in a row)"

    def asks(self, view: View, version: VersionCard) -> Iterator[Action]:
        """Ask for what its gate wants to have done."""
        yield from asked_by((self.gate,), view, version)

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Count back through the decision log."""
        verdict = self.gate.admits(view, version)
        if not verdict.yes:
            return verdict._replace(part=self.words, parts=(verdict,))
        last: dict[str, str] = {}
        for fact in view.history:
            if isinstance(fact, Decided) and fact.part == verdict.part:
                last[fact.about] = fact.answer
        last.pop(version.name, None)
        row = 1
        for answer in reversed(last.values()):
            if answer != YES:
                break
            row += 1
        why = f"{verdict.why}; {min(row, self.times)} in a row, {self.times} are needed"
        answer = YES if row >= self.times else NO
        return Verdict(self.words, answer, why, row, self.times, verdict.records, parts=(verdict,))
