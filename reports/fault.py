"""A fault of ours: kept with all that is needed to look into it."""

from __future__ import annotations

import shlex
import sys
import tempfile
import traceback
from argparse import Namespace
from pathlib import Path

_NOT_SAID = ("module", "command", "debug")


def report(error: Exception, args: Namespace) -> str:
    """Save the traceback with the command and the fingerprint; say so in one line."""
    trace = "".join(traceback.format_exception(error))
    if args.debug:
        sys.stderr.write(trace)
    lines = [f"command: {command(args)}", *_fingerprint(), "", trace]
    where = ""
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="driftyard-fault-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            file.write("\n".join(lines))
        where = (
            f"please report it with {Path(file.name)}, which holds the command and the traceback"
        )
    except OSError:
        where = "please report it with what the same command prints under --debug"
    first = str(error).strip().split("\n")[0]
    return f"a fault of driftyard, not yours: {type(error).__name__}: {first}; {where}"


def command(args: Namespace) -> str:
    """Return the command that was given, with the seed that was drawn."""
    words = ["driftyard", args.command]
    for name, value in vars(args).items():
        if name in _NOT_SAID or value in (None, False):
            continue
        option = (
            f"--{name}" if name in ("strategy", "seed", "out", "outcomes", "json", "quiet") else ""
        )
        words += [option] if option else []
        if value is not True:
            words += map(str, value) if isinstance(value, list) else [str(value)]
    return shlex.join(words)


def _fingerprint() -> list[str]:
    try:
        from sim.run import fingerprint

        return [f"{name}: {value}" for name, value in fingerprint().items()]
    except Exception as error:  # it may be the very thing that is broken
        return [f"no fingerprint: {error}"]
