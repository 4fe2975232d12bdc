"""A release check as JUnit XML, as Markdown and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from reports.comparison.expectation import FAIL, PASS, UNKNOWN
from reports.table import paragraph

if TYPE_CHECKING:
    from reports.trials.gating import Check, Gated

SIGNS = {PASS: "✅ pass", FAIL: "❌ fail", UNKNOWN: "❔ unknown"}


def junit(found: Gated, *, unknown: str = FAIL) -> str:
    """Return the check as JUnit reads it; what is *unknown* fails, or else is skipped."""
    fails = [_fails(check, unknown) for check in found.checks]
    skipped = [c.verdict == UNKNOWN and not bad for c, bad in zip(found.checks, fails, strict=True)]
    head = f'tests="{len(fails)}" failures="{sum(fails)}" skipped="{sum(skipped)}" errors="0"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites {head}>",
        f"  <testsuite name={quoteattr(found.policy)} {head}>",
    ]
    for check, bad in zip(found.checks, fails, strict=True):
        where = f"classname={quoteattr(check.group)} name={quoteattr(check.name)}"
        lines.append(f"    <testcase {where}>")
        if bad:
            lines.append(
                f"      <failure message={quoteattr(check.verdict)}>{escape(check.words)}</failure>"
            )
        elif check.verdict == UNKNOWN:
            lines.append(f"      <skipped message={quoteattr(check.words)}/>")
        else:
            lines.append(f"      <system-out>{escape(check.words)}</system-out>")
        lines.append("    </testcase>")
    return "\n".join([*lines, "  </testsuite>", "</testsuites>", ""])


def _fails(check: Check, unknown: str) -> bool:
    return check.verdict == FAIL or (check.verdict == UNKNOWN and unknown == FAIL)


def markdown(found: Gated) -> str:
    """Return the check as a summary for people who read pull requests."""
    lines = [f"## {SIGNS[found.verdict]}: {_cell(found.finding)}", ""]
    lines += ["| verdict | scenario | check | what came of it |", "|---|---|---|---|"]
    for check in ranked(found):
        parts = (SIGNS[check.verdict], *map(_cell, (check.group, check.name, check.words)))
        lines.append(f"| {' | '.join(parts)} |")
    seeds = found.comparison.seeds
    lines += ["", f"Paired by seed, seeds 0 to {seeds - 1}; run by driftyard.", ""]
    return "\n".join(lines)


def told(found: Gated) -> str:
    """Return the check in words for a terminal."""
    lines = [found.finding, ""]
    for check in ranked(found):
        said = f"{check.verdict:8}{check.group}: {check.name}: {check.words}"
        first, *rest = paragraph(said, indent="        ")
        lines += [first.lstrip(), *rest]
    return "\n".join(lines)


def ranked(found: Gated) -> list[Check]:
    """Return the checks, those that failed first."""
    order = (FAIL, UNKNOWN, PASS)
    return sorted(found.checks, key=lambda check: order.index(check.verdict))


def _cell(text: str) -> str:
    """Return text that a table of Markdown cannot mistake for its own signs."""
    for sign in "\\|`*_<>[]":
        text = text.replace(sign, "\\" + sign)
    return text
