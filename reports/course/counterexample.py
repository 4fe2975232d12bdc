"""The year that speaks most against a file, as a figure in a file."""

from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING

from reports import folder, names

if TYPE_CHECKING:
    from pathlib import Path

    from reports.course.marking import Mark


def drawn(mark: Mark, out: Path) -> Path | None:
    """Play the worst year of *mark* again and write its timeline into *out*."""
    worst = mark.worst
    if worst is None:
        return None
    from reports.commands.run import play

    with redirect_stdout(StringIO()):
        scenario = names.scenario(mark.worlds[worst.world], worst.seed)
        strategy = names.strategy(mark.operators[worst.operator])
        result = play(folder.Recipe(scenario, strategy, worst.seed), quiet=True)
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"learn-{mark.chapter}-seed-{worst.seed}.svg"
    path.write_text(result.plot.timeline().svg, encoding="utf-8")
    return path
