"""The trigger of those who never rebuild."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strategies.verdict import NO, Verdict

if TYPE_CHECKING:
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """Never fires."""

    @property
    def words(self) -> str:
        """Never."""
        return "never"

    def fires(self, view: View) -> Verdict:
        """No."""
        return Verdict(self.words, NO, "nothing ever asks for it")
