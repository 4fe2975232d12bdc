"""Who takes part: the shipped judges, one that forgets whose requests they are, and yours."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from reports import expressions
from reports.bench.judges.shadow import Shadowed
from reports.plugins import Plugin, load, public
from sim.errors import Mistake, refuse
from strategies import judges
from strategies.judges import (
    Combined,
    ConfidenceSequence,
    Evidence,
    FixedSample,
    MannWhitney,
    SequentialRatio,
    Tally,
    Threshold,
)
from strategies.judges.evidence import stratified

if TYPE_CHECKING:
    from strategies.judges import Comparison, Side, Verdict

KINDS = ("Threshold", "FixedSample", "MannWhitney", "SequentialRatio", "ConfidenceSequence")


@dataclass(frozen=True, kw_only=True)
class ByRequest:
    """Lets a judge *of* entities believe that each request comes from somebody else."""

    of: FixedSample

    @property
    def alpha(self) -> float:
        """What it promises, wrongly."""
        return self.of.alpha

    def judge(self, evidence: Comparison) -> Verdict:
        """Judge requests as if they were people."""
        if isinstance(evidence, Shadowed):
            return self.of.judge(evidence.strangers)
        if isinstance(evidence, Combined):
            parts = [_strangers(part) for part in evidence.parts]
            fewest = sum(part.fewest for part in parts)
            return self.of.judge(stratified(parts, lambda *_: 0.0, fewest) if parts else evidence)
        assert isinstance(evidence, Evidence)
        return self.of.judge(_strangers(evidence))


def _strangers(evidence: Evidence) -> Evidence:
    """Return both arms as if everybody had come once."""
    return Evidence(_apart(evidence.champion), _apart(evidence.challenger))


def _apart(side: Side) -> Tally:
    """Return an arm of ones and zeros as if everybody had come once."""
    assert isinstance(side, Tally)
    n, ones = side.requests, side.total
    return Tally(n, n, ones, (n, ones, ones), side.means)


@dataclass(frozen=True, kw_only=True)
class Entrant:
    """A judge and what it is called; *file* and *digest* of it, if it is yours."""

    label: str
    judge: Any
    file: str = ""
    digest: str = ""

    def shared(self, stages: int) -> Any:
        """Return the judge with its promise split over *stages*."""
        if isinstance(self.judge, ByRequest):
            return replace(self.judge, of=judges.split(self.judge.of, stages=stages))
        return judges.split(self.judge, stages=stages)


def default() -> list[Entrant]:
    """Return all shipped judges, set for three points, and the one that errs.

    >>> [entrant.label for entrant in default()][:2]
    ['bare threshold', 'fixed sample']
    """
    return [
        Entrant(label="bare threshold", judge=Threshold(entities=100)),
        Entrant(label="fixed sample", judge=FixedSample(entities=100)),
        Entrant(label="by request", judge=ByRequest(of=FixedSample(entities=100))),
        Entrant(label="Mann-Whitney", judge=MannWhitney(entities=100, margin=0.015)),
        Entrant(label="sequential ratio", judge=SequentialRatio()),
        Entrant(label="confidence sequence", judge=ConfidenceSequence()),
    ]


def entrant(text: str) -> Entrant:
    """Return the judge that *text* names: `threshold`, `SequentialRatio(effect=0.02)`, a file's."""
    found = expressions.parse(text, "judge")
    if found.file:
        return _of_file(text, found)
    plain = {name.lower(): name for name in KINDS}
    asked = re.sub("[-_]", "", found.name).lower()
    if asked not in plain:
        near = get_close_matches(asked, plain, n=1)
        hint = f"did you mean {plain[near[0]]!r}? " if near else ""
        refuse("judge", found.name, f"{hint}known are {', '.join(KINDS)}")
    name = plain[asked]
    made = expressions.call(getattr(judges, name), found.arguments or {}, name)
    return Entrant(label=text.strip(), judge=made)


def _of_file(text: str, asked: expressions.Expression) -> Entrant:
    """Return a user's own judge."""
    module, plugin = load(asked.file)
    assert isinstance(plugin, Plugin)
    offered = {
        name: thing
        for name, thing in public(module, plugin.source).items()
        if callable(getattr(thing, "judge", None))
    }
    if not offered:
        raise Mistake(f"{asked.file} defines no judge: write a class with judge(evidence)")
    if not asked.name and len(offered) > 1:
        raise Mistake(f"{asked.file} defines {', '.join(offered)}: say which, as file.py:Name")
    name = asked.name or next(iter(offered))
    if name not in offered:
        refuse(f"judge in {asked.file}", name, f"known are {', '.join(offered)}")
    made = offered[name]
    if isinstance(made, type):
        made = expressions.call(made, asked.arguments or {}, name)
    return Entrant(label=text.strip(), judge=made, file=asked.file, digest=plugin.digest)
