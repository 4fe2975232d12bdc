"""A comparison in words that fit a terminal."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from reports import intervals
from reports.comparison.contrast import BETTER, EQUAL, IDENTICAL, WORSE, Contrast
from reports.comparison.measure import MONEY, SECONDS, Measure, measure
from reports.comparison.stopping import Decided, Fixed
from reports.table import paragraph, table
from reports.words import amount, count

if TYPE_CHECKING:
    from reports.comparison.comparison import Cell, Comparison
    from reports.intervals import Figure

COLUMNS = ("loss", "lag", "missed", "false_alarms", "trainings", "pages", "cost")
HEADS = {"loss": "loss a request", "false_alarms": "false alarms", "lag": "lag", "pages": "calls"}
MOST_PAIRS = 6
"""If there are more, those with the leader are told."""
MOST_TOLD = 5
Board = tuple[list[str], list[list[str]]]


def tell(found: Comparison, *, store: str = "") -> str:
    """Return what a person reads."""
    lines: list[str] = []
    for scenario in found.scenarios:
        lines += _scenario(found, scenario)
    if len(found.scenarios) > 1:
        lines += ["all scenarios together, whole seeds resampled", "", *_contrasts(found, ""), ""]
    if found.tallies:
        lines += ["expected", *_expected(found), ""]
    lines += notes(found)
    if store:
        lines.append(f"the runs lie in {store}: the same command is quick now")
    return "\n".join(lines)


def board(found: Comparison, scenario: str) -> Board:
    """Return the table of one scenario: its head, and a row a strategy."""
    cells = [found.cell(scenario, name) for name in found.strategies]
    shown = [
        one for one in _shown(found)
        if any(isfinite(cell.figures[one.text].value) for cell in cells)
    ]  # fmt: skip
    head = ["strategy", *(HEADS.get(one.text, one.text.replace("_", " ")) for one in shown)]
    return head, [_row(cell, shown, found.currency) for cell in cells]


def sentences(found: Comparison, scenario: str) -> list[str]:
    """Return the contrasts of one scenario that are told, then what a training may cost."""
    pairs = _told_pairs(found, scenario)
    told = [
        sentence(one, by)
        for by in found.measures
        for one in found.about(scenario, by.text)
        if {one.one, one.other} in pairs
    ]
    priced = [
        one
        for one in found.break_evens
        if one.scenario == scenario and {one.busy, one.idle} in pairs
    ]
    never = [one for one in priced if one.price.high <= 0]  # they would all say the same
    for idle in dict.fromkeys(one.idle for one in never):
        busy = ", ".join(one.busy for one in never if one.idle == idle)
        told.append(f"{idle} wins over {busy}, whatever a training costs")
    return told + [one.words for one in priced if one not in never]


def _scenario(found: Comparison, scenario: str) -> list[str]:
    head, rows = board(found, scenario)
    lines = [f"{scenario}, {count(found.seeds, 'seed')}", "", *table(head, rows), ""]
    if said := short(found, scenario):
        lines += paragraph(f"In short: {said}")
    lines += _contrasts(found, scenario)
    told = [one for one in found.break_evens if one.scenario == scenario]
    names = _told_pairs(found, scenario)
    told = [one for one in told if {one.busy, one.idle} in names]
    lines += [line for one in told for line in _item(one.words)]
    lines += [line for told_one in regrets(found, scenario) for line in _item(told_one)]
    return [*lines, ""]


def regrets(found: Comparison, scenario: str) -> list[str]:
    """Say of each strategy how far it is from the best schedule of builds, if that was asked."""
    return [_regret(one) for one in found.regrets if one.scenario == scenario]


def _regret(one: Contrast) -> str:
    """Say what a strategy spends beyond the best schedule of builds."""
    value, low, high = (
        amount(round(v, 1)) for v in (one.difference.value, one.difference.low, one.difference.high)
    )
    text = f"regret of {one.one}: {value} ({low} to {high}) beside the best schedule of builds"
    return text + ("; it used means outside the schedule" if one.difference.high < 0 else "")


def _item(text: str) -> list[str]:
    first, *rest = paragraph(text, indent="  ")
    return [f"- {first.lstrip()}", *rest]


def short(found: Comparison, scenario: str) -> str:
    """Return the answer in one sentence: who is best, and how sure that is."""
    leader = found.leader(scenario)
    if leader is None or len(found.strategies) < 2:
        return ""
    name, by = leader.strategy, found.measures[0]
    beaten: list[str] = []
    unsettled: list[str] = []
    same: list[str] = []
    for one in found.about(scenario):
        if name in (one.one, one.other):
            rival = one.other if one.one == name else one.one
            surely = one.verdict == (BETTER if one.one == name else WORSE)
            alike = one.verdict in (IDENTICAL, EQUAL)
            (beaten if surely else same if alike else unsettled).append(rival)
    said = f"{name} has the least {by.words}"
    if beaten:
        rest = ", ".join(beaten) if len(beaten) < 3 else f"{len(beaten)} of the others"
        said += f", surely less than {rest}"
    if same:
        verb = "is" if len(same) == 1 else "are"
        said += f"; {', '.join(same)} {verb} as good as equal"
    if unsettled:
        said += f"; against {', '.join(unsettled)} that is not settled"
    if not beaten and not same and not unsettled:
        said += "; nothing was held against it"
    return f"{said}."


def _told_pairs(found: Comparison, scenario: str) -> list[set[str]]:
    all_of = found.about(scenario)
    leader = found.leader(scenario)
    if len(all_of) > MOST_PAIRS and leader is not None:
        all_of = [one for one in all_of if leader.strategy in (one.one, one.other)]
    return [{one.one, one.other} for one in all_of]


def _contrasts(found: Comparison, scenario: str) -> list[str]:
    pairs = _told_pairs(found, scenario)
    lines = []
    for by in found.measures:
        every = found.about(scenario, by.text)
        told = [one for one in every if not scenario or {one.one, one.other} in pairs]
        lines += [line for one in told for line in _item(sentence(one, by))]
        if len(told) < len(every):
            rest = len(every) - len(told)
            lines.append(f"  ({count(rest, 'other pair')} in --json; all count as tests)")
    return lines


def sentence(one: Contrast, by: Measure) -> str:
    """Return a contrast in words."""
    if one.seeds < 2:
        return f"{one.one} and {one.other}: unknown, from {count(one.seeds, 'seed')}"
    if one.verdict == IDENTICAL:
        return f"{one.one} and {one.other}: identical in all {one.seeds} years, by {by.words}"
    if one.verdict in (BETTER, WORSE):
        better, worse = (one.one, one.other) if one.verdict == BETTER else (one.other, one.one)
        wins = one.wins if one.verdict == BETTER else one.losses
        beats = intervals.share(wins, one.seeds, alpha=one.alpha)
        share = f"{100 * beats.low:.0f} to {100 * beats.high:.0f} %"
        least, most = sorted((abs(one.difference.low), abs(one.difference.high)))
        size = by.written(abs(one.difference.value))
        return (
            f"{better} beats {worse} in {wins} of {one.seeds} years ({share}): {by.words} "
            f"{size} less ({by.written(least)} to {by.written(most)})"
        )
    low, high = by.written(one.difference.low), by.written(one.difference.high)
    span = f"{by.written(one.difference.value)} ({low} to {high})"
    if one.verdict == EQUAL:
        return (
            f"{one.one} and {one.other}: as good as equal; they differ by {span}, and "
            f"{by.written(one.margin)} would matter"
        )
    more = (
        f"; {count(one.more, 'more seed')} would find a difference of {by.written(one.margin)}"
        if one.more
        else f"; a difference of {by.written(one.margin)} would most likely have been found"
        if one.more == 0
        else ""
    )
    return (
        f"{one.one} and {one.other}: not settled; {by.words} differs by {span}, less in "
        f"{one.wins} of {one.seeds} years{more}"
    )


def _shown(found: Comparison) -> list[Measure]:
    """Return the columns of the table: what contrasts are told for, and the usual ones."""
    usual = [measure(name) for name in COLUMNS if name in found.cells[0].figures]
    return list({one.text: one for one in [*found.measures, *usual]}.values())


def _row(cell: Cell, shown: list[Measure], currency: str) -> list[str]:
    told = [_figure(cell.figures[one.text], one, currency) for one in shown]
    name = cell.strategy + (f" (broke down in {cell.broken})" if cell.broken else "")
    return [name, *told]


def _figure(figure: Figure, by: Measure, currency: str) -> str:
    if not isfinite(figure.value):
        return "–"
    text = by.written(figure.value)
    if by.kind.unit == MONEY:
        return f"{text} {currency}".strip()
    if by.kind.name == "loss" and figure.known:
        return f"{text} ± {(figure.high - figure.low) / 2:.2g}"
    if by.kind.unit == SECONDS or by.kind.name == "loss":
        return text
    return amount(float(f"{figure.value:.3g}"))


def _expected(found: Comparison) -> list[str]:
    lines: list[str] = []
    for one in found.tallies:
        where = f" in {one.scenario}" if len(found.scenarios) > 1 else ""
        who = f"{one.strategy}{where}"
        lines += _item(f"{one.verdict}: {one.expected.text}, {who}: {one.words}")
    return lines


def notes(found: Comparison) -> list[str]:
    lines = []
    if isinstance(found.rule, Fixed):
        how = "t intervals"
    else:
        how = f"by {found.rule.words}"
    pairs = len(found.contrasts) // max(1, len(found.measures))
    if pairs:
        share = "5 %" if pairs == 1 else f"5 % of a chance to be wrong, shared by {pairs} contrasts"
        lines.append(f"paired by seed, {how}, {share}")
    if isinstance(found.rule, Decided) and not found.rule.settled(found.contrasts):
        lines.append(f"after {count(found.seeds, 'seed')} not all is settled: unknown")
    lines += [f"hindsight is unknown in {one}" for one in found.unknown]
    if found.stopped:
        lines.append(f"stopped: {found.stopped}")
    lines += [f"failed    {line}" for line in found.failures[:MOST_TOLD]]
    if len(found.failures) > MOST_TOLD:
        lines.append("          all of them: driftyard results 'FROM failures'")
    return lines
