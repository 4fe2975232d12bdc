"""`driftyard gate`: a release check for policies."""

from __future__ import annotations

import time
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports import folder
from reports.commands.answering import answered
from reports.comparison.expectation import FAIL, PASS, UNKNOWN
from reports.sweeps.conduct import UNKNOWN_EXIT, conducted, whole
from sim.clock import SECOND_US, positive_us
from sim.errors import within

if TYPE_CHECKING:
    from argparse import Namespace

    from reports.trials.gating import Gated, Terms

EXIT = {PASS: 0, FAIL: 1, UNKNOWN: UNKNOWN_EXIT}


def main(args: Namespace) -> int:
    """Hold a policy against another and against what is expected; the exit code is the verdict."""
    from reports.trials.gating import gated
    from reports.trials.papers import told

    def find() -> Gated:
        terms = _terms(args)
        until = inf
        if args.budget:
            until = time.monotonic() + positive_us(args.budget, "--budget") / SECOND_US
        with conducted(args) as conductor:
            return gated(conductor, args.policy, args.against, terms, until=until)

    def code(found: Gated) -> int:
        verdict = found.verdict
        return EXIT[args.unknown if verdict == UNKNOWN and args.unknown else verdict]

    return answered(args, find, tell=told, code=code, also=lambda found: _papers(args, found))


def _papers(args: Namespace, found: Gated) -> None:
    """Write what a pipeline reads."""
    from reports.trials.papers import junit, markdown

    written = {
        args.junit: junit(found, unknown=args.unknown or FAIL),
        args.markdown: markdown(found),
    }
    for place, text in written.items():
        if place:
            _put(place, text)


def _put(place: str, text: str) -> None:
    def write(aside: Path) -> Any:
        return aside.write_text(text, encoding="utf-8")

    folder.put(Path(place), write)


def _terms(args: Namespace) -> Terms:
    """Read what is expected; what the command line says counts more than the file."""
    from reports.sweeps.grid import listed
    from reports.trials.gating import Terms, read_terms

    files = [text for text in args.expect if text.endswith((".yaml", ".yml"))]
    terms = Terms()
    expected: list[str] = []
    for file in files:
        read = read_terms(file)
        expected += read.expect
        terms = read
    expected += [text for text in args.expect if text not in files]
    given: dict[str, Any] = {"expect": tuple(expected)}
    if args.scenario:
        given["scenarios"] = tuple(name for text in args.scenario for name in listed(text))
    if args.seeds:
        given["seeds"] = whole("--seeds", args.seeds)
    if args.margin:
        given["margin"] = args.margin
    if args.by:
        given["by"] = tuple(name for text in args.by for name in listed(text))
    if args.enough is not None:
        given["enough"] = within("--enough", args.enough, 0.01, 0.999)
    terms = replace(terms, **given)
    _ = terms.wanted
    return terms
