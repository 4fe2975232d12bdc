"""The chain of artifacts: what was built from what, by whom, and how it is to be let out.

dataset snapshot → training run → evaluation report → registry entry → rollout note →
monitoring signals → retraining trigger → the next snapshot.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sim.digest import digest
from sim.facts import Lineage

OWNER = {
    "dataset snapshot": "data",
    "training run": "model",
    "evaluation report": "model",
    "registry entry": "model",
    "rollout note": "platform",
    "monitoring signals": "platform",
    "retraining trigger": "product",
}
"""The seven stages in order, and who owns each."""


@dataclass
class Chain:
    """The artifacts of one run as they come about; *tip* is the newest that others grow from."""

    tip: tuple[str, ...] = ()

    def link(
        self, stage: str, version: str, at_us: int, content: dict[str, Any], *parents: str
    ) -> Lineage:
        """Return the fact that an artifact came about, from *parents* or else from the tip."""
        above = parents or self.tip
        written = json.dumps(content, sort_keys=True)
        link = Lineage(
            at_us=at_us,
            stage=stage,
            version=version,
            owner=OWNER[stage],
            digest=digest([stage, written, *above]),
            parents=tuple(above),
            content=written,
        )
        self.tip = (link.digest,)
        return link
