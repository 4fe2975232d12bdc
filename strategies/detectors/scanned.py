"""A started detector without a kernel: all that follows from its `scan`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


class Scanned:
    """A detector at work that scans blocks; whether its last value alarmed is in `_alarmed`."""

    __slots__ = ("_alarmed",)

    _alarmed: bool

    def scan(self, values: ArrayLike) -> int:
        """Consume *values* (shape n) up to and with the first alarm; its index, or -1 for none."""
        raise NotImplementedError

    def update(self, x: float) -> None:
        """Consume one value."""
        self.scan([x])

    @property
    def drift_detected(self) -> bool:
        """Whether the last value raised an alarm."""
        return self._alarmed
