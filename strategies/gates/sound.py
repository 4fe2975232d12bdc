"""Gates that ask whether a version is what it should be, apart from how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.errors import refuse, whole, within
from sim.facts import Lineage
from strategies.verdict import NO, UNKNOWN, YES, Verdict

if TYPE_CHECKING:
    from sim.cards import VersionCard
    from sim.view import View

CHAIN = ("dataset snapshot", "training run", "evaluation report", "registry entry")


@dataclass(frozen=True, kw_only=True)
class Calibrated:
    """Admits a version whose chances are off by at most *most* on average, by bins of chance."""

    most: float = 0.05
    minimum: int = 200

    def __post_init__(self) -> None:
        within("calibrated.most", self.most, 0, 1)
        whole("calibrated.minimum", self.minimum, 2)

    @property
    def words(self) -> str:
        """By how much."""
        return f"its chances are off by at most {self.most:g} on average"

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Hold the calibration error against the limit."""
        report = version.evaluation
        if report is None or not report.groups or report.calibration_error is None:
            return Verdict(self.words, UNKNOWN, "it gives no chances", None, self.most)
        off, records = report.calibration_error, report.groups[0].records
        if records < self.minimum:
            why = f"{records:,} records were held out, {self.minimum:,} are needed"
            return Verdict(self.words, UNKNOWN, why, None, self.most, records)
        why = f"off by {off:.3g} on {records:,} records"
        return Verdict(self.words, YES if off <= self.most else NO, why, off, self.most, records)


@dataclass(frozen=True, kw_only=True)
class PassesSuite:
    """Admits a version whose own tests found nothing; tests miss some of what is wrong."""

    @property
    def words(self) -> str:
        """The suite."""
        return "its behavioural cases pass"

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Read the report."""
        failed = version.evaluation.suite_failed if version.evaluation else None
        if failed is None:
            return Verdict(self.words, UNKNOWN, "this artifact has no tests of its own")
        why = "a regression was found" if failed else "all passed"
        return Verdict(self.words, NO if failed else YES, why)


@dataclass(frozen=True, kw_only=True)
class KeepsContract:
    """Admits a version that was built with every agreed column, but those in quarantine.

    A column that never arrived in the window is missing from the version for good.
    """

    @property
    def words(self) -> str:
        """The contract."""
        return "it was built with every column of the contract"

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Name what is missing, or what it should not hold."""
        if version.evaluation is None:
            return Verdict(self.words, UNKNOWN, "there is no evaluation report")
        held, apart = set(version.evaluation.columns), set(view.route.quarantined)
        missing = [name for name in view.schema.names if name not in held | apart]
        needless = [name for name in view.schema.names if name in held & apart]
        if missing or needless:
            parts = [f"without {', '.join(missing)}"] * bool(missing)
            parts += [f"with {', '.join(needless)}, which is in quarantine"] * bool(needless)
            odd = len(missing) + len(needless)
            return Verdict(self.words, NO, f"it was built {' and '.join(parts)}", odd, 0)
        return Verdict(self.words, YES, f"all {len(held)} are there", 0, 0)


@dataclass(frozen=True, kw_only=True)
class LineageComplete:
    """Admits a version whose chain is whole: snapshot, run, report and entry, each from the last.

    The snapshot has to name the retraining trigger that it was taken for.
    """

    @property
    def words(self) -> str:
        """The chain."""
        return "its lineage is complete, from the trigger to the registry"

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Follow the chain."""
        links = {
            fact.stage: fact
            for fact in view.history
            if isinstance(fact, Lineage) and fact.version == version.name
        }
        gaps = [stage for stage in CHAIN if stage not in links or not links[stage].parents]
        for before, after in pairwise(CHAIN):
            if not gaps and links[before].digest not in links[after].parents:
                gaps.append(after)
        why = f"{gaps[0]} has no origin" if gaps else f"{len(CHAIN)} links"
        return Verdict(self.words, NO if gaps else YES, why, len(gaps), 0)


@dataclass(frozen=True, kw_only=True)
class ReleaseReady:
    """Admits a version that has an owner while a champion is kept to go back to."""

    @property
    def words(self) -> str:
        """Who and what."""
        return "it has an owner, and the champion is kept and can be loaded"

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Look for both."""
        owned = any(
            isinstance(fact, Lineage)
            and (fact.version, fact.stage) == (version.name, "registry entry")
            and fact.owner
            for fact in view.history
        )
        kept = view.champion.stage == "production"
        lacks = [w for w, there in (("no owner", owned), ("no champion kept", kept)) if not there]
        return Verdict(self.words, NO if lacks else YES, " and ".join(lacks) or "both are there")


@dataclass(frozen=True, kw_only=True)
class WithinBudget:
    """Admits a version while the service is fast enough and trainings have not cost too much.

    *p99_ms* is for the latency that the service has had over the last day, *spent* for the cost of
    all trainings and pages so far.
    """

    p99_ms: float | None = None
    spent: float | None = None

    def __post_init__(self) -> None:
        if self.p99_ms is None and self.spent is None:
            refuse("within_budget", self, "give p99_ms or spent")

    @property
    def words(self) -> str:
        """Which budgets."""
        said = []
        if self.p99_ms is not None:
            said.append(f"99 % of requests take at most {self.p99_ms:g} ms")
        if self.spent is not None:
            said.append(f"at most {self.spent:g} is spent")
        return " and ".join(said)

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Hold both against their budgets."""
        if self.p99_ms is not None:
            took = view.ticks("1d").latency_ms(0.99)
            if took != took:
                return Verdict(self.words, UNKNOWN, "latency is not measured", None, self.p99_ms)
            if took > self.p99_ms:
                return Verdict(self.words, NO, f"p99 is {took:.3g} ms", took, self.p99_ms)
        if self.spent is not None and view.spent > self.spent:
            return Verdict(self.words, NO, f"{view.spent:g} is spent", view.spent, self.spent)
        return Verdict(self.words, YES, "within the budget", view.spent, self.spent)
