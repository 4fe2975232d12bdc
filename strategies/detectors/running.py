"""A started detector: a compiled kernel and the array in which it remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


_array, _FLOAT = np.ascontiguousarray, np.dtype(np.float64)  # looked up once: it is called often


class Running:
    """A detector at work, as its parameters' `start()` returns it; it also fits where River's do.

    *kernel* is as strategies.detectors.kernels says, *slots* is how many floats it remembers,
    and *domain* says which values it takes, if not all.
    """

    __slots__ = ("_call", "_domain", "_kernel", "_name", "_one", "_parameters", "_state")

    def __init__(
        self,
        name: str,
        kernel: Callable[..., int],
        slots: int,
        *parameters: float,
        domain: str = "any number",
    ) -> None:
        self._name = name
        self._kernel = kernel
        self._state: Floats = np.zeros(slots)
        self._parameters: Floats = np.array(parameters, dtype=np.float64)
        self._domain = domain
        self._one: Floats = np.empty(1)
        self._call = _compiled(kernel)

    def scan(self, values: ArrayLike) -> int:
        """Consume *values* (shape n) up to and with the first alarm; its index, or -1 for none.

        A value outside the domain raises; those before it are consumed.
        """
        block = _array(values, _FLOAT)
        index: int = self._call(block, self._state, self._parameters)
        if index < -1:
            raise ValueError(f"{self._name} takes {self._domain}, got {block[-2 - index]}")
        return index

    def update(self, x: float) -> None:
        """Consume one value."""
        self._one[0] = x
        self.scan(self._one)

    @property
    def drift_detected(self) -> bool:
        """Whether the last value raised an alarm."""
        return bool(self._state[0])

    @property
    def warning_detected(self) -> bool:
        """Whether the last value left it in its warning zone; never, if it has none."""
        return bool(self._state[1])

    def __getstate__(self) -> tuple[Any, ...]:
        return self._name, self._kernel, self._state, self._parameters, self._domain

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._name, self._kernel, self._state, self._parameters, self._domain = state
        self._one = np.empty(1)
        self._call = _compiled(self._kernel)

    def snapshot(self) -> Any:
        """Return all that is needed to come back to this state, however often."""
        return self._state.copy()

    def restore(self, snapshot: Any) -> None:
        """Come back to the state of *snapshot*."""
        self._state[:] = snapshot


def _compiled(kernel: Callable[..., int]) -> Callable[..., int]:
    """Return the compiled function itself: a kernel has one signature, which `scan` sees to.

    Numba's dispatcher looks at every argument's type anew, which costs as much as scanning a
    hundred values.
    """
    overloads = getattr(kernel, "overloads", None)  # none where compiling is switched off
    if not overloads:
        return kernel
    (only,) = overloads.values()
    found: Callable[..., int] = only.entry_point
    return found


class RunningWindow(Running):
    """A detector at work that keeps a window of the newest values."""

    __slots__ = ()

    @property
    def width(self) -> int:
        """How many values are in the window."""
        return int(self._state[2])

    @property
    def total(self) -> float:
        """Their sum."""
        return float(self._state[3])

    @property
    def variance(self) -> float:
        """The sum of their squared deviations from their mean, as River's `variance` is."""
        return float(self._state[4])

    @property
    def estimation(self) -> float:
        """Their mean, 0 if there is none."""
        return self.total / self.width if self.width else 0.0
