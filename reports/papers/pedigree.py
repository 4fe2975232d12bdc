"""A version's pedigree in one line: run, score, data, code, and what it was promoted as."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.papers.chain import content, newest
from reports.words import WRONG_IS_ONE
from sim.facts import Built, Routed

if TYPE_CHECKING:
    from sim.ledger import Ledger


def pedigree(run: Ledger, version: str) -> str:
    """Return e.g. 'run 043, accuracy 0.95, data 1f0b2c, code a1b9c2, promoted to production as
    fraud-classifier v3'.
    """
    built = next((fact for fact in run.of(Built) if fact.version == version), None)
    if built is None:
        return "never built"
    loss = str(run.scenario["loss"])
    if loss.startswith(WRONG_IS_ONE):
        score = f"accuracy {1 - built.claim:.3g}"
    else:
        score = f"loss {built.claim:.4g}"
    parts = [f"run {built.job:03}", score]
    snapshot = newest(run, version, "dataset snapshot")
    training = content(newest(run, version, "training run"))
    if snapshot is not None:
        parts.append(f"data {snapshot.digest[:6]}")
    if "recipe digest" in training:
        parts.append(f"code {str(training['recipe digest'])[:6]}")
    return ", ".join([*parts, fate(run, version)])


def fate(run: Ledger, version: str) -> str:
    """Say how far a version came."""
    routes = run.of(Routed)
    if any(route.champion == version for route in routes):
        return f"promoted to production as {run.scenario['name']} {version}"
    shares = [route.share for route in routes if route.challenger == version]
    if shares:
        return f"released to {100 * max(shares):.3g} % as {version}, then taken back"
    if any(route.shadow == version for route in routes):
        return f"tried in the shadow as {version}, never shown"
    return f"registered as {version}, never released"
