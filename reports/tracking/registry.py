"""Where each version of a run stood in the end, as a model registry says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.facts import Acted, Built, Lineage, Routed

if TYPE_CHECKING:
    from sim.ledger import Ledger

CANDIDATE, STAGING, PRODUCTION, ARCHIVED = "candidate", "staging", "production", "archived"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A version at the end of its run: its *stage*, its *alias* if it has one, where it is from."""

    built: Built
    stage: str
    alias: str
    chain: tuple[Lineage, ...]

    @property
    def tags(self) -> dict[str, str]:
        """Return what is known of it, as texts."""
        return {
            "driftyard.version": self.built.version,
            "driftyard.stage": self.stage,
            "driftyard.digest": self.built.digest,
            "driftyard.claim": repr(self.built.claim),
            "driftyard.begun_s": repr(self.built.begun_us / 1e6),
            "driftyard.built_s": repr(self.built.at_us / 1e6),
            **{f"driftyard.{_plain(link.stage)}": link.digest for link in self.chain},
        }

    @property
    def lineage(self) -> list[dict[str, Any]]:
        """Return its chain of artifacts as plain data."""
        return [link.row() for link in self.chain]


def standings(run: Ledger) -> list[Standing]:
    """Return every version, oldest first, as the last routing left it."""
    routes = run.of(Routed)
    champion = routes[-1].champion if routes else ""
    beside = {routes[-1].challenger, routes[-1].shadow} - {""} if routes else set()
    gone = {name for r in routes for name in (r.champion, r.challenger, r.shadow)}
    gone |= {act.detail.partition("=")[2] for act in run.of(Acted) if act.action == "archive"}
    found = []
    for built in run.of(Built):
        name, alias = built.version, ""
        if name == champion:
            stage, alias = PRODUCTION, "champion"
        elif name in beside:
            stage, alias = STAGING, "challenger"
        else:
            stage = ARCHIVED if name in gone else CANDIDATE
        chain = tuple(link for link in run.of(Lineage) if link.version == name)
        found.append(Standing(built=built, stage=stage, alias=alias, chain=chain))
    return found


def _plain(stage: str) -> str:
    return stage.replace(" ", "_")
