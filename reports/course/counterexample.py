"""The year that speaks most against a file, as a figure in a file."""

from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING

from reports import folder, names

if TYPE_CHECKING:
    from pathlib import Path

    from reports.course.marking import Mark
    from reports.figures.picture import Picture


def worst_year(mark: Mark) -> Picture | None:
    """Play the worst year of *mark* again and draw its timeline; None where there is none."""
    worst = mark.worst
    if worst is None:
        return None
    from reports.commands.run import play

    with redirect_stdout(StringIO()):
        scenario = names.scenario(mark.worlds[worst.world], worst.seed)
        strategy = names.strategy(mark.operators[worst.operator])
        result = play(folder.Recipe(scenario, strategy, worst.seed), quiet=True)
    return result.plot.timeline()


def drawn(mark: Mark, out: Path) -> Path | None:
    """Write the figure of the worst year into *out*."""
    picture = worst_year(mark)
    if picture is None or mark.worst is None:
        return None
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"learn-{mark.chapter}-seed-{mark.worst.seed}.svg"
    path.write_text(picture.svg, encoding="utf-8")
    return path
