"""What of a page is made when the site is built: `<!-- made: commands -->` becomes the commands."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

MADE = re.compile(r"^<!-- made: ([\w-]+) -->$", flags=re.MULTILINE)
NAMED = re.compile(r"^```(\w+) (\S+)$", flags=re.MULTILINE)
"""A fenced block that names a file."""


def fill(app: Sphinx, page: str, source: list[str]) -> None:
    """Put what is made into a page that asks for it, and show the names of files."""
    del app, page
    source[0] = filled(source[0])


def outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return the pages with something made in them: the code may say something else by now."""
    del app, added, changed, removed
    return [
        page
        for page in env.found_docs
        if MADE.search(Path(env.doc2path(page)).read_text(encoding="utf-8"))
    ]


def filled(text: str) -> str:
    """Return a page with what is made in it, and the name of each file above its block.

    >>> print(filled("```yaml year.yaml\\n```"))
    ```{code-block} yaml
    :caption: year.yaml
    <BLANKLINE>
    ```
    """
    text = MADE.sub(lambda found: makers()[found[1]](), text)
    return NAMED.sub(r"```{code-block} \1\n:caption: \2\n", text)


def makers() -> dict[str, Callable[[], str]]:
    """Return what makes each part that a page can ask for, by its name."""
    from reports.site import catalogues, chapters, commands, engine

    return {
        "chapters": chapters.listed,
        "commands": commands.commands,
        "commands-in-a-line": commands.summary,
        "scenario-words": catalogues.scenario_words,
        "policy-parts": catalogues.policy_parts,
        "presets": catalogues.presets,
        "stories": catalogues.stories,
        "detectors": catalogues.detectors,
        "monitors": catalogues.monitors,
        "actions": engine.actions,
        "facts": engine.facts,
        "view": engine.view,
        "measures": engine.measures,
        "store": engine.store,
        "run-schema": engine.run_schema,
        "compare-schema": engine.compare_schema,
    }
