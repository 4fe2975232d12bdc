"""The papers of versions and incidents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reports.papers.incident import report
from reports.papers.pedigree import pedigree
from reports.papers.version import papers
from reports.result import Result
from sim.clock import us
from sim.facts import Answered, Paged

Book = Any


def year(book: Callable[..., Book], name: str = "schema change") -> Result:
    """Return a year with an incident that the data owner mends, and a release."""
    run = book().hurt("10d", "12d").onset(name, "10d").ended(name, "12d")
    run.signals(("contract", "input", "data")).alarm("contract", "10d 1h")
    run.built("v0", "0s", 0.05).routed("0s", "v0").built("v1", "11d", 0.04)
    run.facts += [
        Paged(at_us=us("10d 2h"), owner="data", by="platform", cost=5.0),
        Answered(at_us=us("12d"), owner="data", text="repaired"),
    ]
    return Result(run.ledger(), book().ledger())


def test_the_pedigree_is_one_line(book: Callable[..., Book]) -> None:
    run = year(book).run
    assert pedigree(run, "v0") == ("run 001, accuracy 0.95, promoted to production as by hand v0")
    assert pedigree(run, "v1").endswith("accuracy 0.96, registered as v1, never released")


def test_a_version_has_all_its_papers(book: Callable[..., Book]) -> None:
    result = year(book)
    text = papers(result, result.lived[0])
    titles = ("Evaluation report", "Registry entry", "Rollout note", "Model card", "Audit trail")
    for title in titles:
        assert f"## {title}\n" in text
    assert "**claimed offline**: 95.0 % right" in text


def test_an_incident_says_whose_it_was_and_what_was_handed_over(book: Callable[..., Book]) -> None:
    text = report(year(book))
    assert "**Whose it was**: data, who owns contract; platform took the call" in text
    assert "**Handed over**: to platform, for data at 1w 3d; back by data at 1w 5d" in text
    assert "repaired by data" in text


def test_hostile_names_stay_words(book: Callable[..., Book]) -> None:
    text = report(year(book, name="a|b <script> [x](y)"))
    assert "<script>" not in text
    assert "a\\|b &lt;script&gt; \\[x\\](y)" in text
