"""The page of a comparison: which policy to take, why, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from reports.comparison.telling import board, notes, regrets, sentences, short
from reports.pages.html import Html, joined, plain, table, tag
from reports.pages.page import drawing, page, section, verdict
from reports.words import WRONG_IS_ONE, count, gap, quality

if TYPE_CHECKING:
    from reports.comparison import Comparison
    from reports.comparison.claim import Claim
    from reports.figures.picture import Picture

Pictures = Mapping[str, Mapping[str, "Picture"]]
PASS = "pass"


def pictures(found: Comparison) -> dict[str, dict[str, Picture]]:
    """Return the pictures of each scenario, by name."""
    return {scenario: found.plot.of(scenario) for scenario in found.scenarios}


def render(found: Comparison, drawn: Pictures, *, command: str = "") -> str:
    """Return report.html; *command* is how it was asked for."""
    one = found.scenarios[0] if len(found.scenarios) == 1 else ""
    title = f"{count(len(found.strategies), 'strategy').replace('strategys', 'strategies')} in " + (
        one or count(len(found.scenarios), "scenario")
    )
    return page(
        title,
        tag("p", f"{plain(title)}, {count(found.seeds, 'seed')} each", class_="eyebrow"),
        tag("h1", _sentence(found)),
        _state(found),
        *body(found, drawn),
        _again(found, command),
    )


def body(found: Comparison, drawn: Pictures) -> list[Html | None]:
    """Return all that the answer rests on."""
    alone = len(found.scenarios) == 1
    return [
        *(_scenario(found, name, drawn[name], alone=alone) for name in found.scenarios),
        _together(found),
        _expected(found),
        _years(found),
    ]


def _sentence(found: Comparison) -> str:
    """Return the answer, for all scenarios where there are several."""
    said = [plain(short(found, scenario)) for scenario in found.scenarios]
    if not any(said):
        return "One strategy alone: nothing was held against it."
    if len(said) == 1:
        return said[0]
    leaders = {
        leader.strategy for scenario in found.scenarios if (leader := found.leader(scenario))
    }
    by = found.measures[0].words
    if len(leaders) == 1:
        return f"{leaders.pop()} has the least {by} in each of {len(said)} scenarios."
    return f"It depends: {len(leaders)} strategies lead in one or another of {len(said)} scenarios."


def _state(found: Comparison) -> Html | None:
    """Give the verdict where something was expected or went wrong."""
    told = []
    if found.tallies:
        held = sum(one.verdict == PASS for one in found.tallies)
        told.append(f"{held} of {count(len(found.tallies), 'expectation')} surely met.")
    if found.failures:
        told.append(f"{count(len(found.failures), 'run')} failed: {plain(found.failures[0])}.")
    if found.stopped:
        told.append(f"Stopped early: {plain(found.stopped)}.")
    if not told:
        return None
    return tag("p", verdict(found.verdict), " ".join(told))


def _scenario(
    found: Comparison, scenario: str, drawn: Mapping[str, Picture], *, alone: bool
) -> Html:
    head, rows = board(found, scenario)
    leader = found.leader(scenario)
    kinds = ["marked" if leader and row[0] == leader.strategy else "" for row in rows]
    grid = table(head, [[plain(cell) for cell in row] for row in rows], numbers=head[1:],
                 kinds=kinds)  # fmt: skip
    halves = [
        drawing(drawn[name], shape="half") for name in ("pareto", "ecdf", "lags") if name in drawn
    ]
    long = drawing(drawn["stacked"]) if "stacked" in drawn else None
    told = [tag("li", plain(line)) for line in sentences(found, scenario)]
    far = [tag("li", plain(line)) for line in regrets(found, scenario)]
    shown = joined(
        _claims(found, scenario),
        grid,
        long,
        tag("div", halves, class_="pair") if halves else None,
        tag("h3", "One beside another, year by year") if told else None,
        tag("ul", told) if told else None,
        tag("h3", "Beside the best that hindsight could do") if far else None,
        tag("ul", far) if far else None,
    )
    if alone:
        note = "Means over all seeds; every strategy lived through the same years."
        return section("The strategies", shown, note=note)
    return section(scenario, shown, note=plain(short(found, scenario)))


def _claims(found: Comparison, scenario: str) -> Html | None:
    """Put what versions claimed offline beside what was lived to."""
    known = [one for one in found.claims if one.scenario == scenario]
    if not known:
        return None
    head = ["strategy", "claimed offline", "lived to", "short by", "versions a year",
            "furthest from its own claim"]  # fmt: skip
    rows = [
        [plain(one.strategy), quality(one.loss, one.claimed.value),
         quality(one.loss, one.lived.value), _short(one), f"{one.versions:.3g}", _furthest(one)]
        for one in known
    ]  # fmt: skip
    note = (
        "A number from a notebook is a claim, a service a promise: what each version's evaluation "
        "report said, and what its answers came to, each version as often as it answered."
    )
    return joined(
        tag("h3", "Claimed offline, and lived to"),
        tag("p", note, class_="note"),
        table(head, rows, numbers=head[1:5]),
        tag("h3", "What it took, and what was lost"),
    )


def _short(one: Claim) -> str:
    """Return by how much a claim was missed, with its interval; nothing where it was kept."""
    value, low, high = one.short.value, one.short.low, one.short.high
    shares = one.loss.startswith(WRONG_IS_ONE)
    if not one.short.known:
        return gap(one.loss, value)
    if shares:
        return f"{gap(one.loss, value)} ({100 * low:.1f} to {100 * high:.1f})"
    return f"{value:.3g} ({low:.3g} to {high:.3g})"


def _furthest(one: Claim) -> str:
    far = one.furthest
    if far is None:
        return "none fell short"
    return (
        f"{far.version} of seed {far.seed}: {quality(one.loss, far.claimed)}, lived to "
        f"{quality(one.loss, far.lived)}"
    )


def _together(found: Comparison) -> Html | None:
    if len(found.scenarios) < 2:
        return None
    told = [tag("li", plain(line)) for line in sentences(found, "")]
    return section("All scenarios together", tag("ul", told)) if told else None


def _expected(found: Comparison) -> Html | None:
    if not found.tallies:
        return None
    rows = [
        [verdict(one.verdict), plain(one.expected.text), plain(one.scenario), plain(one.strategy),
         plain(one.words)]
        for one in found.tallies
    ]  # fmt: skip
    head = ["verdict", "expected", "scenario", "strategy", "what came of it"]
    return section("What was expected", table(head, rows))


def _years(found: Comparison) -> Html | None:
    """Return every year that was played, to be searched."""
    if not found.years:
        return None
    head = ["scenario", "strategy", "seed", "finding", "excess", "trainings"]
    rows = [
        [plain(year.scenario), plain(year.strategy), f"{year.seed:,}",
         plain(year.broken or str(year.run["finding"])), f"{year.run['excess'] or 0:,.0f}",
         f"{year.run['trainings']:,}"]
        for year in found.years
    ]  # fmt: skip
    find = tag(
        "div",
        tag("input", type="search", placeholder="Search: a strategy, a seed, a word",
            aria_label="Search the years"),
        tag("output", f"{len(rows):,} in all"),
        class_="find", data_of="log",
    )  # fmt: skip
    grid = tag("div", table(head, rows, numbers=["seed", *head[4:]], class_="log"), id="log")
    return section("Every year that was played", find, grid)


def _again(found: Comparison, command: str) -> Html:
    return section(
        "Run it again",
        tag("pre", plain(command)) if command else None,
        tag("ul", [tag("li", plain(line.strip())) for line in notes(found)]),
        tag("p", "Files: summary.json, rows.csv, contrasts.csv, years.csv, figures/."),
    )
