"""What commands share that have many years played: the folder, Ctrl-C, and how they answer."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, TypeVar

from reports import folder
from reports.sweeps.conduct import GOES_ON, INTERRUPTED, Interrupted

if TYPE_CHECKING:
    from argparse import Namespace

F = TypeVar("F")


def answered(
    args: Namespace,
    find: Callable[[], F],
    *,
    tell: Callable[[F], str],
    code: Callable[[F], int],
    also: Callable[[F], None] | None = None,
) -> int:
    """Let *find* play and judge, write the folder, tell it and return the exit code.

    *also* is what else is written.
    """
    from reports.trials.output import dumped, put

    with redirect_stdout(sys.stderr):  # what a plug-in prints is not the answer
        try:
            with folder.ready(args.out) as out:
                found = find()
                where = put(found, args.command, out, shlex.join(["driftyard", *sys.argv[1:]]))
        except Interrupted:
            print(f"driftyard: {GOES_ON}", file=sys.stderr)
            return INTERRUPTED
        if also is not None:
            also(found)
    if args.json:
        print(dumped(found, args.command))
    elif not args.quiet:
        print(tell(found))
        print(f"{where} holds report.html, all numbers and the pictures")
    return code(found)
