"""The chain of artifacts: what was built from what, by whom, and how it is to be let out.

dataset snapshot → training run → evaluation report → registry entry → rollout note →
monitoring signals → retraining trigger → the next snapshot.
"""

from __future__ import annotations

import json
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


GROWS_FROM = dict(zip([*OWNER][1:], OWNER, strict=False))
"""Each stage but the first grows from the one before it, of the same version."""


_written = json.JSONEncoder(sort_keys=True, check_circular=False).encode


class Chain:
    """The artifacts of one run as they come about."""

    def __init__(self) -> None:
        self._newest: dict[tuple[str, str], str] = {}

    def newest(self, stage: str, version: str) -> str:
        """Return the digest of the newest artifact of this *stage* and *version*."""
        return self._newest[stage, version]

    def link(
        self, stage: str, version: str, at_us: int, content: dict[str, Any], parent: str = ""
    ) -> Lineage:
        """Return the fact that an artifact came about, from *parent* or from the stage before."""
        above = parent or self._newest.get((GROWS_FROM.get(stage, ""), version), "")
        written = _written(content)
        link = Lineage(
            at_us=at_us,
            stage=stage,
            version=version,
            owner=OWNER[stage],
            digest=digest([stage, version, at_us, written, above]),
            parents=(above,) if above else (),
            content=written,
        )
        self._newest[stage, version] = link.digest
        return link
