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
    if args.kind == "chapter":
        return _chapter(args.file)
    if len(args.file) > 1:
        refuse("file", " ".join(args.file), "give one name")
    (file,) = args.file
    if Path(file).suffix in SUFFIXES and args.kind == "scenario":
        from scenarios.starter import YAML as text
    elif Path(file).suffix in SUFFIXES and args.kind == "strategy":
        from strategies.starter import YAML as text
    elif Path(file).suffix != ".py":
        refuse("file", file, "give a name that ends in .yaml or .py")
    elif args.kind == "strategy":
        from strategies.starter import TEXT as text
    else:
        from scenarios.starter import TEXT as text
    write_file(Path(file), text)
    print(f"{file} is written; now: driftyard check {file}")
    return 0


def _chapter(given: list[str]) -> int:
    """Write the starter of a chapter's task."""
    from reports.course.chapter import chapter
    from reports.course.telling import starter_name

    asked, *where = given
    one = chapter(asked)
    if len(where) > 1:
        refuse("file", " ".join(where), "give a chapter and at most one name")
    file = where[0] if where else starter_name(one)
    if Path(file).suffix != one.suffix:
        refuse("file", file, f"give a name that ends in {one.suffix}")
    write_file(Path(file), one.file("starter").read_text(encoding="utf-8"))
    print(f"{file} is written; now: driftyard learn {one.number} --solution {file}")
    return 0
