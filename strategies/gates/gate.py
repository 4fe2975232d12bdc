"""What every gate has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.cards import VersionCard
    from sim.view import View
    from strategies.verdict import Verdict


class Gate(Protocol):
    """Says whether a version that is ready may be let out."""

    @property
    def words(self) -> str:
        """What it asks for: 'no worse than the naive answer'."""

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Say yes, no by how much, or unknown and what it waits for."""


@runtime_checkable
class Asking(Protocol):
    """A gate that has something done before it can say yes or no."""

    def asks(self, view: View, version: VersionCard) -> Iterator[Action]:
        """Ask for it, unless it is under way."""


def asked_by(gates: tuple[Gate, ...], view: View, version: VersionCard) -> Iterator[Action]:
    """Return what those of *gates* that ask for something want to have done."""
    for gate in gates:
        if isinstance(gate, Asking):
            yield from gate.asks(view, version)
