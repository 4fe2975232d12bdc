"""Organisations: an assembly line, a feedback loop, and one loop inside the other."""

from __future__ import annotations

from strategies.detectors import ADWIN
from strategies.gates import (
    BeatsChampion,
    BeatsNaive,
    KeepsContract,
    LineageComplete,
    ReleaseReady,
    SignOff,
    SkippedFor,
)
from strategies.monitors import Contract, OnErrors
from strategies.policy import Policy
from strategies.presets.cadences import LOSS
from strategies.responses import PageOwners
from strategies.rollouts import Beyond, Canary, ShadowFirst, Worse
from strategies.triggers import AnyOf, Budget, Cooldown, OnDrift, OnSchedule, Performance
from strategies.windows import Expanding, LastSpan


def assembly_line(*, every: str = "26w", takes: str = "30d") -> Policy:
    """Phases with sign-off, a hand-off at launch, and a rebuild every half year.

    Right for stable problems and audited domains: every version is validated late and signed
    once. Nothing is watched between the turns.
    """
    return Policy(
        name="assembly-line",
        story="Build, validate, sign, hand over; come back in half a year.",
        trigger=OnSchedule(every=every),
        window=Expanding(),
        gates=(LineageComplete(), BeatsNaive(), SignOff(owner="product", takes=takes)),
    )


def feedback_loop(*, every: str = "7d", window: str = "14d") -> Policy:
    """One team that builds, measures and learns all the time.

    Weekly, and at once when a detector or the numbers say so; a shadow is the gate that counts.
    Right where tastes change daily.
    """
    return Policy(
        name="feedback-loop",
        story="One team, one loop: build, measure, learn, rebuild.",
        metric=LOSS,
        monitors=(Contract(), OnErrors(detector=ADWIN())),
        trigger=Cooldown(
            of=AnyOf(
                of=(
                    OnSchedule(every=every),
                    OnDrift(monitors=("errors",)),
                    Performance(worse_by=0.03),
                )
            ),
            rest="2d",
        ),
        window=LastSpan(span=window),
        gates=(BeatsNaive(sure=0.5),),
        rollout=ShadowFirst(hold="1d", minimum=200, worse_by=0.01, patience="7d"),
        responses=(PageOwners(),),
    )


def guarded_hybrid(*, budget: int = 13, takes: str = "5d", window: str = "30d") -> Policy:
    """A weekly inner loop inside the guard rails of a quarterly outer loop.

    Each quarter people set thresholds and a *budget* of trainings. Within them a version that
    surely holds its own against the champion is pre-approved and goes out unsigned; any other
    waits for a signature that *takes* its time. All of them go out behind a canary, for a day.
    """
    return Policy(
        name="guarded-hybrid",
        story="People set the rails each quarter; within them the weekly loop runs alone.",
        metric=LOSS,
        monitors=(Contract(), OnErrors(detector=ADWIN())),
        trigger=Budget(
            of=Cooldown(of=AnyOf(of=(OnSchedule(every="7d"), OnDrift(monitors=("errors",))))),
            most=budget,
            per="91d",
        ),
        window=LastSpan(span=window),
        gates=(
            KeepsContract(),
            LineageComplete(),
            ReleaseReady(),
            SkippedFor(
                gate=SignOff(owner="product", takes=takes), when=(BeatsChampion(margin=-0.02),)
            ),
        ),
        rollout=Canary(
            hold="1d",
            stops=(Worse(points=0.03, minimum=200, sure=0.95), Beyond()),
            owner="model",
        ),
        responses=(PageOwners(),),
    )
