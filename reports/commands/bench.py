"""`driftyard bench detectors`: drift detectors on equal terms."""

from __future__ import annotations

import os
import shlex
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports import folder, names
from sim.clock import us
from sim.errors import one_of, refuse, whole, within

if TYPE_CHECKING:
    from argparse import Namespace

    from reports.bench.plan import Plan
    from reports.bench.scores import Scores

INTERRUPTED = 130
KEPT = ".bench"
STREAMS = (
    "stationary", "abrupt", "gradual", "incremental", "recurring",
    "gaussian-stationary", "gaussian", "model",
)  # fmt: skip


def main(args: Namespace) -> int:
    """Let detectors hear streams; write pictures, tables and the page."""
    from reports.bench.conduct import conduct

    with folder.ready(args.out) as out:
        plan, digests = _plan(args)
        show = Shown(quiet=args.quiet or args.json)
        try:
            scores = conduct(
                plan, out / KEPT, workers=workers(args.workers), digests=digests, tell=show
            )
        except KeyboardInterrupt:
            show.clear()
            print(interrupted(out / KEPT), file=sys.stderr)
            return INTERRUPTED
        show.clear()
        from reports.bench.output import as_json, write

        where = write(scores, out, _command(args))
    if args.json:
        print(as_json(scores))
    elif not args.quiet:
        print("\n".join(_told(scores, where)))
    return 0


def interrupted(kept: Path) -> str:
    """Say what an interrupted bench leaves."""
    many = len(list(kept.glob("*.json")))
    return (
        f"driftyard: interrupted; {many} pieces are kept in {kept}: the same command goes on "
        "from there"
    )


def _told(scores: Scores, where: Path) -> list[str]:
    """Say the answer, and where the rest is."""
    from reports.bench.page import answer
    from reports.table import paragraph

    lines = [line for said in answer(scores) for line in paragraph(said)]
    for name, found in scores.refused.items():
        for label, said in sorted(found.items()):
            lines += paragraph(f"{label} is left out of {name}: {said}")
    return [*lines, f"{where / 'page.html'} shows all of it"]


def _plan(args: Namespace) -> tuple[Plan, tuple[str, ...]]:
    from reports.bench import roster
    from reports.bench.plan import Plan

    period = int(us(args.false_alarm, "--false-alarm") * _per_us(args.traffic))
    if period < 1:
        refuse("--false-alarm", args.false_alarm, "longer, so that some values come in it")
    named = [names.detector(text) for text in listed(args.detectors)]
    entries = [roster.entry(_label(n, named), n.value) for n in named] or roster.default()
    if not any(entry.label == roster.ORACLE for entry in entries):
        entries.append(roster.oracle())
    entries += roster.dummies()
    plugged = {n.file: n.plugin for n in named if n.plugin}
    plan = Plan(
        entries=tuple(entries),
        streams=tuple(_streams(args, period)),
        period=period,
        target=within("--target", args.target, 1e-6, 1e6),
        runs=args.runs,
        plugins=tuple(str(Path(file).resolve()) for file in plugged),
        recalibrate=args.recalibrate,
    )
    return plan, tuple(sorted(plugin.digest for plugin in plugged.values()))


def listed(text: str | None) -> list[str]:
    """Split at commas that stand in no bracket.

    >>> listed("adwin,ADWIN(delta=0.1, clock=1),my.py:Mine")
    ['adwin', 'ADWIN(delta=0.1, clock=1)', 'my.py:Mine']
    """
    parts, depth = [""], 0
    for sign in text or "":
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts if part.strip()]


def _label(named: names.Named, among: list[names.Named]) -> str:
    """Return the text that names it, or its plain name; what is there twice is refused."""
    if [n.text for n in among].count(named.text) > 1:
        refuse("--detectors", named.text, "it is there twice; give each once")
    bare = not named.file and "(" not in named.text and "." not in named.text
    return type(named.value).__name__ if bare else named.text


def _command(args: Namespace) -> str:
    """Return the command that makes this bench again."""
    words = ["driftyard bench detectors"]
    for name in ("detectors", "streams", "drifts", "rates", "runs", "false_alarm", "traffic",
                 "target", "labels_late"):  # fmt: skip
        value = getattr(args, name)
        if value is not None:
            words.append(f"--{name.replace('_', '-')} {shlex.quote(str(value))}")
    return " ".join(words + ["--recalibrate"] * args.recalibrate)


def _per_us(text: str) -> Fraction:
    from sim.traffic import Traffic

    return Traffic(rate=text).per_us


def _streams(args: Namespace, period: int) -> list[Any]:
    from dataclasses import replace

    from reports.bench.modelled import Modelled
    from reports.bench.recorded import read
    from reports.bench.streams import Changing

    before, after = _rates(args.rates)
    late = whole("--labels-late", args.labels_late, 0)
    base = Changing(name="abrupt", before=before, after=after, late=late)
    numbers = replace(base, name="gaussian", kind="gaussian", before=0.0, after=0.4)
    ours: dict[str, Any] = {
        "stationary": replace(base, name="stationary", shape="stationary", n=period),
        "abrupt": base,
        "gradual": replace(base, name="gradual", shape="gradual"),
        "incremental": replace(base, name="incremental", shape="incremental"),
        "recurring": replace(base, name="recurring", shape="recurring"),
        "gaussian-stationary": replace(
            numbers, name="gaussian-stationary", shape="stationary", n=period
        ),
        "gaussian": numbers,
        "model": Modelled(late=late, noise=before, after=after, angle=_angle(before, after)),
    }
    found: list[Any] = []
    for text in listed(args.streams) or STREAMS:
        if text.endswith(".csv"):
            found.append(read(text, drifts=_places(args.drifts), late=late))
        else:
            found.append(ours[one_of("--streams", text, STREAMS)])
    if len({stream.name for stream in found}) < len(found):
        refuse("--streams", args.streams, "two have one name; give each once")
    return found


def _angle(before: float, after: float) -> float:
    """Return by how many degrees a rule must turn, where *before* of the outcomes are noise."""
    return min(180.0, max(1.0, 180 * (after - before) / (1 - 2 * before))) if before < 0.5 else 30.0


def _rates(text: str) -> tuple[float, float]:
    try:
        before, after = (float(part.strip().rstrip("%")) for part in text.split(":"))
    except ValueError:
        refuse("--rates", text, "give two error rates, as in 0.2:0.3 or 20%:30%")
    if "%" in text:
        before, after = before / 100, after / 100
    if not (0 < before < 1 and 0 < after < 1) or before == after:
        refuse("--rates", text, "give two different rates between 0 and 1")
    return round(before, 9), round(after, 9)


def _places(text: str | None) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in listed(text))
    except ValueError:
        refuse("--drifts", text, "give places counted from 0, as in 1000,2500")


def workers(asked: int | None) -> int:
    """Return how many processes to use."""
    return whole("--workers", asked, 1) if asked is not None else (os.cpu_count() or 1)


class Shown:
    """How far it is, on one line of a terminal that is wiped away; silent elsewhere."""

    def __init__(self, *, quiet: bool) -> None:
        self._shown = sys.stderr.isatty() and not quiet

    def __call__(self, what: str, done: int, of: int) -> None:
        """Say that *done* pieces *of* all are finished."""
        if self._shown and of:
            sys.stderr.write(f"\r\x1b[K{100 * done // of:3d} %  {what}: {done} of {of} pieces")
            sys.stderr.flush()

    def clear(self) -> None:
        """Wipe the line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
