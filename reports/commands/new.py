"""`driftyard new`: a commented file to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reports.folder import write_file
from sim.errors import refuse
from sim.notation.document import SUFFIXES

if TYPE_CHECKING:
    from argparse import Namespace


def main(args: Namespace) -> int:
    """Write the starter of one kind."""
    if Path(args.file).suffix in SUFFIXES and args.kind == "scenario":
        from scenarios.starter import YAML as text
    elif Path(args.file).suffix in SUFFIXES and args.kind == "strategy":
        from strategies.starter import YAML as text
    elif Path(args.file).suffix != ".py":
        refuse("file", args.file, "give a name that ends in .yaml or .py")
    elif args.kind == "strategy":
        from strategies.starter import TEXT as text
    else:
        from scenarios.starter import TEXT as text
    write_file(Path(args.file), text)
    print(f"{args.file} is written; now: driftyard check {args.file}")
    return 0
