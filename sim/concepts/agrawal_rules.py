"""Agrawal's ten functions, and how its records are made, as compiled loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@njit(cache=True)
def people(x: Floats) -> None:
    """Turn uniforms (n, 9) into records, in place."""
    for i in range(len(x)):
        salary = 20_000.0 + 130_000.0 * x[i, 0]
        x[i, 0] = salary
        commission = 10_000.0 + 75_000.0 * x[i, 1]
        x[i, 1] = 0.0 if salary >= 75_000.0 else commission
        x[i, 2] = 20.0 + np.floor(61.0 * x[i, 2])
        x[i, 3] = np.floor(5.0 * x[i, 3])
        x[i, 4] = np.floor(20.0 * x[i, 4])
        x[i, 5] = np.floor(9.0 * x[i, 5])
        x[i, 6] = (8.0 - x[i, 5]) * 100_000.0 * (0.5 + x[i, 6])
        x[i, 7] = 1.0 + np.floor(30.0 * x[i, 7])
        x[i, 8] = 500_000.0 * x[i, 8]


@njit(cache=True, inline="always")
def _within(value: float, low: float, width: float) -> bool:
    return (low <= value) & (value <= low + width)


@njit(cache=True, inline="always")
def _by_age(age: float, young: float, middle: float, old: float) -> float:
    """Return the number that belongs to the age, without a branch that nobody can foresee."""
    below_60 = middle if age < 60.0 else old
    return young if age < 40.0 else below_60


@njit(cache=True, inline="always")
def _schooled(age: float, level: float) -> bool:
    """Say whether the education is one of those of the age."""
    least = _by_age(age, 0.0, 1.0, 2.0)
    return _within(level, least, _by_age(age, 1.0, 2.0, 2.0))


@njit(cache=True, inline="always")
def _pay_by_school(salary: float, age: float, level: float) -> bool:
    """Function 3."""
    fits = _by_age(age, 25_000.0, 50_000.0, 50_000.0)
    fits_not = _by_age(age, 50_000.0, 75_000.0, 25_000.0)
    return _within(salary, fits if _schooled(age, level) else fits_not, 50_000.0)


@njit(cache=True, inline="always")
def _pay_and_loan(salary: float, age: float, loan: float) -> Any:
    """Function 4, with the salaries that nobody earns and the slip in its middle."""
    paid = _within(salary, _by_age(age, 50_000.0, 75_000.0, 25_000.0), 50_000.0)
    young = (paid & _within(loan, 1e5, 2e5)) | (~paid & _within(salary, 2e5, 2e5))
    middle = (paid & (salary >= 2e5) & (loan <= 4e5)) | (~paid & _within(salary, 3e5, 2e5))
    old = (paid & _within(loan, 3e5, 2e5)) | (~paid & _within(loan, 75_000.0, 225_000.0))
    is_young, is_old = age < 40.0, age >= 60.0
    return (is_young & young) | (is_old & old) | (~is_young & ~is_old & middle)


@njit(cache=True)
def judge(x: Floats, function: int) -> Floats:
    """Return 1 for class 1 of *function*, else -1 (shape n)."""
    one = np.empty(len(x), dtype=np.bool_)
    if function == 0:
        for i in range(len(x)):
            one[i] = not ((x[i, 2] >= 40.0) & (x[i, 2] < 60.0))
    elif function == 1:
        for i in range(len(x)):
            one[i] = _within(x[i, 0], _by_age(x[i, 2], 50_000.0, 75_000.0, 25_000.0), 50_000.0)
    elif function == 2:
        for i in range(len(x)):
            one[i] = _schooled(x[i, 2], x[i, 3])
    elif function == 3:
        for i in range(len(x)):
            one[i] = _pay_by_school(x[i, 0], x[i, 2], x[i, 3])
    elif function == 4:
        for i in range(len(x)):
            one[i] = _pay_and_loan(x[i, 0], x[i, 2], x[i, 8])
    elif function == 5:
        for i in range(len(x)):
            low = _by_age(x[i, 2], 50_000.0, 75_000.0, 25_000.0)
            one[i] = _within(x[i, 0] + x[i, 1], low, 50_000.0)
    else:
        _poor(x, function, one)
    score = np.empty(len(x))
    for i in range(len(x)):
        score[i] = 1.0 if one[i] else -1.0
    return score


@njit(cache=True)
def _poor(x: Floats, function: int, one: NDArray[np.bool_]) -> None:
    """Functions 6 to 9: say whether what is left of the income is at most 1."""
    for i in range(len(x)):
        left = 2.0 * (x[i, 0] + x[i, 1]) / 3.0
        if function == 6:
            left = left - x[i, 8] / 5.0 - 20_000.0
        elif function == 7:
            left = left - 5_000.0 * x[i, 3] - 20_000.0
        elif function == 8:
            left = left - 5_000.0 * x[i, 3] - x[i, 8] / 5.0 - 10_000.0
        else:
            equity = x[i, 6] * (x[i, 7] - 20.0) / 10.0
            equity = equity if x[i, 7] >= 20.0 else 0.0
            left = left - 5_000.0 * x[i, 3] + equity / 5.0 - 10_000.0
        one[i] = not left > 1.0


@njit(cache=True, inline="always")
def _blurred(value: float, low: float, high: float, by: float) -> float:
    """Add *by*, and stay between *low* and *high*; a value from beyond may stay there."""
    moved = value + by
    return max(min(low, value), min(moved, max(high, value)))


@njit(cache=True)
def perturb(x: Floats, luck: Floats, share: float) -> None:
    """Move numbers by up to *share* of their range, in place; *luck* (n, 6) is uniform."""
    for i in range(len(x)):
        row = x[i]
        row[0] = _blurred(
            row[0], 20_000.0, 150_000.0, 130_000.0 * (2.0 * (luck[i, 0] - 0.5) * share)
        )
        most = row[1] if row[1] > 85_000.0 else 75_000.0
        paid = row[1] + 65_000.0 * (2.0 * (luck[i, 1] - 0.5) * share)
        paid = max(min(10_000.0, row[1]), min(paid, most))
        row[1] = paid if row[1] > 0.0 else row[1]
        row[2] = np.rint(_blurred(row[2], 20.0, 80.0, 60.0 * (2.0 * (luck[i, 2] - 0.5) * share)))
        least = (9.0 - row[5]) * 100_000.0
        value = row[6] + 135_000.0 * (2.0 * (luck[i, 3] - 0.5) * share)
        row[6] = least if value < least else 0.0
        row[7] = np.rint(_blurred(row[7], 1.0, 30.0, 29.0 * (2.0 * (luck[i, 4] - 0.5) * share)))
        row[8] = _blurred(row[8], 0.0, 500_000.0, 500_000.0 * (2.0 * (luck[i, 5] - 0.5) * share))
