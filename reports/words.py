"""Numbers and durations as people read them."""

from __future__ import annotations

import re
import sys

from sim.clock import DAY_US, HOUR_US, MINUTE_US, WEEK_US, text

WRONG_IS_ONE = ("ZeroOne", "Chance")
"""Losses that are 1 or 0: their mean is the share of wrong answers."""


def complain(line: str) -> None:
    """Write what is wrong to standard error: one line, broken between words on a terminal."""
    said = f"driftyard: {line}"
    if sys.stderr.isatty():
        from shutil import get_terminal_size
        from textwrap import fill

        wide = max(40, get_terminal_size().columns)
        said = fill(said, wide, break_long_words=False, break_on_hyphens=False)
    print(said, file=sys.stderr)


def duration(value_us: int) -> str:
    """Write a duration to about two digits: nobody needs the hours of a month.

    >>> duration(2 * WEEK_US + 5 * HOUR_US), duration(29 * HOUR_US), duration(90 * MINUTE_US)
    ('2w', '1d 5h', '1h 30m')
    """
    if value_us >= 2 * WEEK_US:
        return text(round(value_us / DAY_US) * DAY_US)
    if value_us >= DAY_US:
        return text(round(value_us / HOUR_US) * HOUR_US)
    if value_us >= MINUTE_US:
        return text(round(value_us / MINUTE_US) * MINUTE_US)
    return text(value_us)


def quality(loss: str, mean: float) -> str:
    """Write a mean loss: as a share of right answers where a loss is right or wrong.

    >>> quality("ZeroOne()", 0.125), quality("Squared()", 0.125)
    ('87.5 % right', 'loss 0.125')
    """
    if loss.startswith(WRONG_IS_ONE):
        return f"{100 * (1 - mean):.1f} % right"
    return f"loss {mean:.4g}"


def gap(loss: str, value: float) -> str:
    """Write by how much two mean losses differ.

    >>> gap("ZeroOne()", 0.125), gap("Squared()", 0.125)
    ('12.5 points', 'a loss of 0.125')
    """
    if loss.startswith(WRONG_IS_ONE):
        return f"{100 * value:.1f} points"
    return f"a loss of {value:.3g}"


def amount(value: float) -> str:
    """Write a sum: whole where it is large.

    >>> amount(31208.4), amount(12.0), amount(0.25)
    ('31,208', '12', '0.25')
    """
    if value == round(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def called(strategy: str) -> str:
    """Return the short name of a strategy's text: that of its class, or the one a policy has.

    >>> called("Scheduled(every='7d')"), called("Policy(name='level-2', metric='')")
    ('Scheduled', 'level-2')
    """
    head, _, inside = strategy.partition("(")
    found = re.match(r"name='([^']+)'", inside)
    return found[1] if head == "Policy" and found else head


def one_line(words: str) -> str:
    """Write what may have line breaks (River's detectors do) in one line.

    >>> one_line("ADWIN (\\n  delta=0.002\\n)")
    'ADWIN ( delta=0.002 )'
    """
    return " ".join(words.split())


def count(number: int, noun: str) -> str:
    """Write a number of things.

    >>> count(1, "alarm"), count(0, "alarm")
    ('1 alarm', '0 alarms')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
