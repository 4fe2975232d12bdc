"""docs/ as a static site: what Sphinx is told beyond its own, and the pages made from the code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Fit formulas, named files and generated pages into a build."""
    from reports.site import chapters, filling, formula

    app.add_html_math_renderer("formula", (formula.inline, None), (formula.block, None))
    app.connect("config-inited", chapters.write)
    app.connect("env-get-outdated", filling.outdated)
    app.connect("source-read", filling.fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
