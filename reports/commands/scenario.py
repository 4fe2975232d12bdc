"""`driftyard scenario from-data`: a drawn world that looks like recorded data, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reports import folder
from reports.commands.replay import asked, replay_terms
from reports.table import paragraph, table
from sim.errors import refuse
from sim.notation.document import SUFFIXES

if TYPE_CHECKING:
    from argparse import Namespace

    from scenarios.replay.likeness import Likeness


def main(args: Namespace) -> int:
    """Estimate, write the file, play both and say where the twin misses."""
    from scenarios import distribution
    from scenarios.replay import table as taken
    from scenarios.replay import told
    from scenarios.replay.likeness import likenesses
    from scenarios.replay.twin import twin

    if Path(args.output).suffix not in SUFFIXES:
        refuse("--output", args.output, "give a name that ends in .yaml")
    made = taken(asked(args), Path(args.cache) if args.cache else None)
    history = told(made, replay_terms(args))
    drawn = twin(made, history)
    head = (
        f"# Estimated by driftyard scenario from-data from {len(made):,} records.\n"
        "# Columns are drawn independently of each other, the rule is linear, gaps are not drawn.\n"
    )
    folder.write_file(Path(args.output), head + distribution.write(drawn))
    found = likenesses(made, history, drawn)
    print("\n".join(_said(found, args.output, [d.label for d in drawn.stream.drifts])))
    return 0


def _said(found: list[Likeness], path: str, drifts: list[str]) -> list[str]:
    rows = [
        [one.what, f"{one.data:.4g}", f"{one.twin:.4g}", "misses" if one.misses else "alike"]
        for one in found
    ]
    missed = [one.what for one in found if one.misses]
    verdict = "the twin is like the data in all of these"
    if missed:
        verdict = f"the twin misses {len(missed)} of {len(found)}: {'; '.join(missed)}"
    return [
        f"{path}: drift found: {', '.join(drifts) or 'none'}",
        "",
        *table(["measured", "data", "twin", ""], rows),
        "",
        *paragraph(verdict + "."),
    ]
