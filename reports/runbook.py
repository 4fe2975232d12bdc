"""A policy as one would hang it in the team's room: what happens when, and what is missing."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from reports.table import paragraph
from reports.words import duration
from sim.clock import us
from strategies.diagnosis import found, level, look_first, way_back
from strategies.responses import RebuildStage
from strategies.triggers import Performance, Quiet

if TYPE_CHECKING:
    from strategies.policy import Policy

WIDE = 80
HALF = 48
Section = tuple[str, list[str]]


def runbook(policy: Policy) -> list[str]:
    """Return the lines of one policy."""
    lines = paragraph(policy.story, wide=WIDE) if policy.story else []
    for title, items in sections(policy):
        lines += ["", title]
        for item in items:
            first, *rest = paragraph(item, indent="    ", wide=WIDE)
            lines += [f"  - {first.strip()}", *rest]
    return lines


def beside(one: Policy, other: Policy) -> list[str]:
    """Return two policies side by side, section by section."""
    lines = [f"{one.name or 'the one':<{HALF}}  {other.name or 'the other'}"]
    for (title, mine), (_, theirs) in zip(sections(one), sections(other), strict=True):
        lines += ["", title]
        columns = [
            [line for item in items for line in paragraph(f"- {item}", wide=HALF - 2)]
            for items in (mine, theirs)
        ]
        for left, right in zip_longest(*columns, fillvalue=""):
            lines.append(f"  {left:<{HALF - 2}}  {right}".rstrip())
    return lines


def sections(policy: Policy) -> list[Section]:
    """Return the four questions with their answers, then what is done, step by step."""
    steps = way_back(policy)
    total = duration(sum(step.takes_us for step in steps))
    back = [f"{step.what}: up to {duration(step.takes_us)}" for step in steps]
    number, why = level(policy)
    return [
        ("The four questions", questions(policy)),
        ("Who watches", [_watch(m) for m in policy.monitors] or ["nobody"]),
        ("When we rebuild", [f"{policy.trigger.words}; {_asked(policy)}"]),
        ("On which data", [policy.window.words + _how(policy)]),
        ("What a version must show", [gate.words for gate in policy.gates] or ["nothing"]),
        ("How it is let out", [policy.rollout.words]),
        ("What else we do", [response.words for response in policy.responses] or ["nothing"]),
        (
            "From a drop to a new version",
            [*back, f"together up to {total}, and what labels take"] if back else ["never"],
        ),
        ("Maturity", [f"level {number}: {why}", f"we look first at {look_first(policy)}"]),
    ]


def _asked(policy: Policy) -> str:
    """Say how often the policy is asked besides at events."""
    return f"asked every {policy.heartbeat}" if us(policy.heartbeat) else "asked at events only"


def _how(policy: Policy) -> str:
    """Say how a training goes about it, where that is not as usual."""
    best = f"; the best of {policy.candidates} candidates on the held-out records is kept"
    return ", from the champion on" * policy.warm + best * (policy.candidates > 1)


def questions(policy: Policy) -> list[str]:
    """Answer what a policy has to answer; a gap is said to be one.

    >>> from strategies.policy import Policy
    >>> questions(Policy())[2]
    'what triggers a rebuild? GAP: nothing does'
    """
    watched = [f"{m.name} ({m.layer})" for m in policy.monitors]
    if not watched and any(True for _ in found((policy.trigger, policy.responses), Performance)):
        watched = ["by nobody who watches, but labels are asked at every heartbeat"]
    asks = "; ".join(gate.words for gate in policy.gates)
    triggers = policy.trigger.words
    if isinstance(policy.trigger, Quiet):
        words = [part.words for part in policy.responses if isinstance(part, RebuildStage)]
        triggers = "; ".join(words) or "GAP: nothing does"
    return [
        f"which metric is success? {policy.metric or 'GAP: nobody has said'}",
        f"how is drift detected? {', '.join(watched) or 'GAP: nothing watches'}",
        f"what triggers a rebuild? {triggers}",
        f"how is it validated? {asks or 'GAP: whatever is built is released'}",
    ]


def _watch(monitor: object) -> str:
    name, layer = getattr(monitor, "name", ""), getattr(monitor, "layer", "")
    owner, clock = getattr(monitor, "owner", ""), getattr(monitor, "clock", "")
    detector = getattr(monitor, "detector", None)
    return f"{name}: the {layer} layer, at every {clock}, {detector!r}; {owner} owns it"
