"""A release check inside a test: `from reports import assert_policy`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.trials.gating import Gated


def assert_policy(
    policy: Any,
    *,
    against: Any = None,
    expect: Sequence[str] = (),
    scenarios: Sequence[Any] = (),
    seeds: int = 30,
    margin: str = "5%",
    by: Sequence[str] = ("loss",),
    enough: float = 0.8,
    unknown: str = "fail",
    workers: int = 1,
    store: str = ":memory:",
) -> Gated:
    """Assert that *policy* is no worse than *against*, and that what one *expects* of it holds.

    Policies and *scenarios* are names, files or objects. It fails if *policy* is worse by more than
    *margin*, surely, by any measure of *by*; what is *unknown* fails as well, or is let pass. With
    a *store* runs are played once and remembered.
    """
    from dataclasses import replace

    from reports.store import Store
    from reports.sweeps.conduct import Conductor
    from reports.sweeps.sweep import WARM
    from reports.trials.gating import Terms, gated
    from reports.trials.papers import told
    from sim.errors import one_of
    from sim.sweeps import Kept, Processes, Serial

    one_of("unknown", unknown, ("pass", "fail"))
    terms = Terms(seeds=seeds, margin=margin, by=tuple(by), enough=enough, expect=tuple(expect))
    if scenarios:
        terms = replace(terms, scenarios=tuple(scenarios))
    engine = Kept(Serial() if workers == 1 else Processes(workers=workers, warm=WARM))
    try:
        with Store(store) as kept:
            found = gated(Conductor(engine, kept, quiet=True), policy, against, terms)
    finally:
        engine.close()
    if found.verdict == "fail" or (found.verdict == "unknown" and unknown == "fail"):
        raise AssertionError("\n" + told(found))
    return found
