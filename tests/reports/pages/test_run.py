"""The page of a run, opened in a browser and read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from selenium.webdriver.support.ui import Select

from reports.pages.run import pictures, render
from reports.result import Result
from sim.clock import us
from sim.facts import Acted, Decided
from sim.ledger import Ledger

if TYPE_CHECKING:
    Book = Any
    Browser = Any

HOSTILE = (
    "</script><script>document.title='taken'</script><img src=x onerror=alert(1)>\"'&|`*_$x^2$"
)


def written(result: Result, **more: Any) -> str:
    """Return the page of a result."""
    return render(result, pictures(result), **more)


def year(book: Callable[..., Book], *, name: str = "schema change") -> Result:
    """Return a year with an incident, an alarm, a release and 300 decisions, by hand."""
    run = book().hurt("10d", "12d").onset(name, "10d").ended(name, "12d")
    run.signals(("contract", "input", "data"), (name, "performance", "model"))
    run.alarm("contract", "10d 1h").alarm(name, "11d")
    run.built("v0", "0s", 0.05).routed("0s", "v0").built("v1", "11d", 0.04).routed("12d", "v1")
    for hour in range(300):
        run.facts.append(
            Decided(
                at_us=us(f"{hour}h"), part=f"part {hour} of {name}", answer="no", about="v1",
                why=f"reason {hour}: {name}", value=0.25, threshold=0.5, records=hour,
                waits_for="",
            )
        )  # fmt: skip
    run.facts.append(Acted(at_us=us("12d"), action="promote", detail="version=v1", why=name))
    run.scenario |= {"name": name, "story": f"A story.\n{name}"}
    calm = book()
    calm.scenario |= {"name": name}
    return Result(run.ledger(), calm.ledger())


@pytest.mark.parametrize("width", [375, 1440])
def test_nothing_overflows_and_no_script_errs(
    book: Callable[..., Book], browser: Browser, tmp_path: Path, width: int
) -> None:
    long = "a-name-without-any-space-that-is-much-too-long-for-a-telephone-" * 3
    for theme in ("light", "dark"):
        browser.open(written(year(book, name=long)), tmp_path, width=width, theme=theme)
        assert browser.overflowing() == []
        assert browser.complaints() == []


def sure(ledger: Ledger) -> Ledger:
    """Return the ledger of versions that say 30 % of what comes true in one of five."""
    kept = ledger.outcomes
    assert kept is not None
    chance = np.full(len(kept.loss), 0.3, dtype=np.float32)
    return replace(
        ledger, outcomes=replace(kept, chance=chance, happened=np.arange(len(chance)) % 5 == 0)
    )


@pytest.mark.parametrize("width", [375, 1440])
def test_chances_that_do_not_hold_are_shown(
    book: Callable[..., Book], browser: Browser, tmp_path: Path, width: int
) -> None:
    told = year(book)
    assert "Whether chances held" not in written(told)
    page = written(Result(sure(told.run), sure(told.calm)))
    assert "a chance of outcome 1 was 10 points off" in page
    browser.open(page, tmp_path, width=width)
    assert browser.overflowing() == []
    assert browser.complaints() == []


@pytest.mark.parametrize("width", [375, 1440])
def test_the_chain_of_a_version_unfolds_row_by_row(
    book: Callable[..., Book], browser: Browser, tmp_path: Path, width: int
) -> None:
    browser.open(written(year(book, name="long" * 60)), tmp_path, width=width)
    browser.driver.execute_script(
        "for (const fold of document.querySelectorAll('details')) fold.open = true;"
    )
    assert browser.overflowing() == []
    loose = "[...document.querySelectorAll('.chain')].flatMap(c => [...c.childNodes])"
    assert browser.ask(f"{loose}.length") > 0
    assert browser.ask(f"{loose}.filter(n => n.nodeType !== 1).length") == 0
    heads = "[...document.querySelectorAll('.chain b')].map(b => b.getBoundingClientRect().left)"
    assert len(set(browser.ask(heads))) == 1


def test_hostile_names_are_words_and_nothing_else(
    book: Callable[..., Book], browser: Browser, tmp_path: Path
) -> None:
    result = year(book, name=HOSTILE)
    again = {"scenario": HOSTILE, "strategy": HOSTILE, "plugins": {HOSTILE: HOSTILE}}
    browser.open(written(result, again=again), tmp_path, width=1440)
    assert browser.complaints() == []
    assert browser.ask("document.title").startswith(HOSTILE[:20])
    assert browser.ask("document.querySelectorAll('script').length") == 1
    assert browser.ask("document.querySelectorAll('img').length") == 0
    assert HOSTILE in browser.ask("document.querySelector('#log').textContent")


def test_the_decisions_can_be_searched(
    book: Callable[..., Book], browser: Browser, tmp_path: Path
) -> None:
    browser.open(written(year(book)), tmp_path, width=375)
    shown = "[...document.querySelectorAll('#log tbody tr')].filter(r => r.offsetParent).length"
    every = browser.ask(shown)
    assert every >= 300
    words = browser.driver.find_element("css selector", ".find input")
    words.send_keys("reason 123")
    assert browser.ask(shown) == 1
    assert browser.ask("document.querySelector('.find output').textContent") == f"1 of {every}"
    words.clear()
    words.send_keys("no such word anywhere")
    assert browser.ask(shown) == 0
    words.clear()
    words.send_keys(" ")
    kinds = Select(browser.driver.find_element("css selector", ".find select"))
    kinds.select_by_value("alarm")
    assert browser.ask(shown) == 2


def test_dark_pages_are_dark_and_pictures_follow(
    book: Callable[..., Book], browser: Browser, tmp_path: Path
) -> None:
    page = written(year(book))
    grey = {}
    for theme in ("light", "dark"):
        browser.open(page, tmp_path, width=1440, theme=theme)
        for what, style in (("body", "backgroundColor"), ("figure svg path", "fill")):
            colour = browser.ask(f"getComputedStyle(document.querySelector('{what}')).{style}")
            grey[theme, what] = sum(map(int, colour.strip("rgb()").split(",")))
    assert grey["dark", "body"] < 150 < 600 < grey["light", "body"]
    assert grey["dark", "figure svg path"] == grey["dark", "body"]
    assert grey["light", "figure svg path"] == grey["light", "body"]


def test_the_page_needs_nothing_else(book: Callable[..., Book]) -> None:
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.extend(
                value or ""
                for key, value in attrs
                if key in ("src", "href", "xlink:href") and not (value or "").startswith("#")
            )

    Reader().feed(written(year(book)))
    assert found == []


def test_the_answer_stands_before_everything_and_the_claim_before_the_table(
    book: Callable[..., Book],
) -> None:
    page = written(year(book))
    places = [
        page.index(words)
        for words in ("<h1>Found after 1h by contract", "95.0 %", "claimed at the launch",
                      "lived to over the year", "What went wrong", "The year", "The story",
                      "Every decision", "The versions", "The artifacts", "Run it again")
    ]  # fmt: skip
    assert places == sorted(places)


def test_a_run_that_was_stopped_says_so(book: Callable[..., Book]) -> None:
    run = book()
    run.stopped("3d", "My.decide raised ValueError: <oops>")
    page = written(Result(run.ledger(), book().ledger()))
    assert "My.decide raised ValueError: &lt;oops&gt;" in page
    assert "verdict fail" in page
    assert "The run was stopped" in page


def test_a_run_that_nobody_asked_anything_says_so(book: Callable[..., Book]) -> None:
    nobody = book()
    for name in ("served_us", "loss", "arm"):
        setattr(nobody, name, getattr(nobody, name)[:0])
    page = written(Result(nobody.ledger(), nobody.ledger()))
    assert "this run is empty" in page
    assert ">nan" not in page


def test_a_year_without_incidents_or_alarms_says_so(book: Callable[..., Book]) -> None:
    page = written(Result(book().ledger(), book().ledger()))
    assert "Nothing went wrong in this year. There was no alarm." in page
    assert "<h1>No incident.</h1>" in page


def test_equal_ledgers_make_equal_pages_and_pictures(book: Callable[..., Book]) -> None:
    one, other = year(book), year(book)
    assert written(one) == written(other)
    for name, picture in pictures(one).items():
        twin = pictures(other)[name]
        assert picture.svg == twin.svg
        assert picture._repr_png_() == twin._repr_png_()
    changed = Result(replace(one.run, seed=one.run.seed + 1), one.calm)
    assert written(changed) != written(one)


def test_a_notebook_shows_the_finding_and_escapes_it(book: Callable[..., Book]) -> None:
    shown = year(book, name=HOSTILE)._repr_html_()
    assert "Found after" not in shown
    assert "found after 1h by contract" in shown
    assert "<script" not in shown
    assert "<img" not in shown
