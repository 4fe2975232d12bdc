"""Terminals and pipes that lack some of the signs that our texts are written with."""

from __future__ import annotations

import codecs
import sys
from contextlib import suppress

PLAIN = {
    "★": "*", "✓": "x", "√": "sqrt ", "−": "-", "–": "-", "·": "*", "…": "...", "’": "'",
    "→": "->", "←": "<-", "≤": "<=", "≥": ">=", "≈": "~", "±": "+-", "×": "x", "█": "#", "◂": "<",
    "Σ": "sum ", "σ": "sigma", "α": "alpha", "λ": "lambda", "“": '"', "”": '"', "‘": "'",
}  # fmt: skip
"""What stands for such signs; a question mark for others."""


def plainly() -> None:
    """Show what a terminal can in place of what it lacks: a pipe on Windows knows no star."""
    codecs.register_error("plainly", _replaced)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="plainly")  # type: ignore[union-attr]


def _replaced(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    lacking = error.object[error.start : error.end]
    return "".join(PLAIN.get(sign, "?") for sign in lacking), error.end
