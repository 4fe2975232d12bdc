"""A team's own names for things: its owners, its service, and where its runbooks are."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import Mistake, one_of, refuse
from sim.people import OWNERS

LONGEST = 120


@dataclass(frozen=True, kw_only=True)
class Skin:
    """What a *service* and its *owners* are called, and a *runbook* link for each layer."""

    service: str = ""
    owners: dict[str, str] = field(default_factory=dict)
    runbooks: dict[str, str] = field(default_factory=dict)


def read(path: str) -> Skin:
    """Read a skin.yaml; '' is the plain one."""
    if not path:
        return Skin()
    import yaml

    try:
        raw = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        why = (error.strerror or "it cannot be read").lower()
        raise Mistake(f"--skin is {path!r}: {why}") from None
    if len(raw) > 65_536:
        refuse("--skin", path, "it is larger than 64 KB; a skin holds a few names")
    try:
        found = yaml.safe_load(raw) or {}
    except yaml.YAMLError as error:
        raise Mistake(f"{path} is no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(found, dict):
        raise Mistake(f"{path} holds no names: write service, owners or runbooks, each with values")
    for key in found:
        one_of(f"{path}: key", str(key), ("service", "owners", "runbooks"))
    service = found.get("service", "")
    if not isinstance(service, str) or len(service) > LONGEST:
        refuse(f"{path}: service", service, f"give a name of at most {LONGEST} characters")
    owners = _names(path, "owners", found.get("owners", {}))
    for owner in owners:
        one_of(f"{path}: owners", owner, OWNERS)
    runbooks = _names(path, "runbooks", found.get("runbooks", {}))
    for layer, link in runbooks.items():
        if not link.startswith(("https://", "http://")):
            refuse(f"{path}: runbooks.{layer}", link, "give a link that begins with https://")
    return Skin(service=service, owners=owners, runbooks=runbooks)


def _names(path: str, key: str, given: object) -> dict[str, str]:
    if not isinstance(given, dict) or not all(
        isinstance(k, str) and isinstance(v, str) and len(v) <= 400 for k, v in given.items()
    ):
        refuse(f"{path}: {key}", given, "give a name for each, as data: Ingestion team")
    return dict(given)
