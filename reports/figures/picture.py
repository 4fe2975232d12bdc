"""A figure to look at: in a notebook, on a page, or as a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from reports.figures import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Picture:
    """A drawn *figure*, its *name* as a file, and what it *says* to those who cannot see it."""

    figure: Figure
    name: str
    says: str

    def save(self, folder: Path) -> None:
        """Write it as PNG and as SVG; the same ledger gives the same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.name}.png").write_bytes(self._repr_png_())
        (folder / f"{self.name}.svg").write_text(self.svg, encoding="utf-8")

    @cached_property
    def svg(self) -> str:
        """The picture as SVG."""
        with style.styled():
            return style.svg(self.figure)

    def inline(self) -> str:
        """Return SVG that follows a page's colours."""
        return style.inline(self.svg, self.name)

    def _repr_png_(self) -> bytes:
        with style.styled():
            return style.png(self.figure)
