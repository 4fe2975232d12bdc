"""Policies in YAML, with the names that they have in Python; a file may hold several."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import Mistake
from sim.notation.document import EXTENDS, LONGEST_CHAIN, Document, Language
from sim.notation.nodes import MOST_CHARACTERS, Mapping, Scalar, compose
from sim.notation.vocabulary import Foreign, Vocabulary
from sim.notation.writing import Writer
from strategies.manifests import from_argo, from_flagger
from strategies.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.notation.nodes import Node
    from strategies.manifests import Imported

SEVERAL = "policies"
_KIND = re.compile(r"^(?:-\s+)?[\"']?apiVersion[\"']?:\s*[\"']?([\w.]+)/", re.MULTILINE)
_RIVER = ("ADWIN", "KSWIN", "PageHinkley", "binary.DDM", "binary.EDDM", "binary.HDDMA")


@cache
def vocabulary() -> Vocabulary:
    """Return what may stand in a policy; detectors may stand wherever any value may."""
    import sim
    import strategies
    from strategies import detectors

    foreign = {name: Foreign(f"strategies.detectors.{name}") for name in detectors.__all__}
    foreign |= {f"river.drift.{name}": Foreign(f"river.drift.{name}") for name in _RIVER}
    return Vocabulary(Policy, (sim, strategies), foreign)


def _presets() -> dict[str, Callable[..., Any]]:
    """Return the presets that are policies: a file can extend them."""
    from strategies import catalogue

    return {name: make for name, make in catalogue().items() if _is_policy(make)}


def _is_policy(make: Any) -> bool:
    return not isinstance(make, type) and str(make.__annotations__.get("return")) == "Policy"


POLICIES = Language("policy", vocabulary, _presets, tells=("story",))


@dataclass(frozen=True)
class Shelf:
    """The policies of one file by name, and the files that say them."""

    policies: dict[str, Policy]
    files: dict[Path, bytes]
    left: tuple[str, ...] = ()
    """what a manifest says that has no counterpart, a line each"""


def read(path: str, **how: Any) -> Shelf:
    """Return the policies of a file: the one that it holds, or those below `policies:`.

    Of a manifest of Argo Rollouts or Flagger *how* says what it does not: see `from_argo`.
    """
    manifest = manifest_of(path)
    if manifest is not None:
        policy, left = manifest(path, **how)
        return Shelf({policy.name: policy}, {Path(path).resolve(): Path(path).read_bytes()}, left)
    tree = _tree(path)
    if tree is None or SEVERAL not in tree.items:
        document = Document.of_file(path, POLICIES)
        policy = _made(document)
        return Shelf({policy.name or document.name: policy}, document.files)
    others = [name for name in tree.items if name != SEVERAL]
    several = tree.items[SEVERAL]
    if others:
        raise tree.where(others[0]).wrong(f"{others[0]}: beside policies: there is nothing else")
    if not isinstance(several, Mapping) or not several.items:
        raise tree.where(SEVERAL).wrong("policies holds names: write one below, and its fields")
    file = Path(path)
    found, files = {}, {file.resolve(): file.read_bytes()}
    for name, node in several.items.items():
        document = Document.of_node(node, POLICIES, name, file)
        found[name] = _made(document)
        files |= document.files
    return Shelf(found, files)


def reads(text: str, *, file: str = "text.yaml") -> Policy:
    """Return the policy of a text.

    >>> reads("trigger: {kind: OnSchedule, every: 3d}").trigger
    OnSchedule(every='3d')
    """
    return _made(Document.of_text(text, POLICIES, file=file))


def write(policy: Policy) -> str:
    """Return the text of a file that gives *policy* again.

    >>> print(write(reads("trigger: {kind: OnSchedule, every: 3d}")), end="")
    name: text
    trigger: {kind: OnSchedule, every: 3d}
    """
    text = Writer(vocabulary()).write(policy)
    if reads(text, file=f"{policy.name}.yaml").digest != policy.digest:
        raise Mistake(f"{policy.name} cannot be written: a file holds less than its objects do")
    return text


def holds_policies(path: str, *, chain: int = LONGEST_CHAIN) -> bool:
    """Say whether a file of data is about policies and not about a scenario.

    It follows at most *chain* files that extend each other: whoever reads them says what is wrong.
    """
    if manifest_of(path) is not None:
        return True
    try:
        tree = _tree(path)
    except Mistake:
        return False
    if tree is None:
        return False
    base = tree.items.get(EXTENDS)
    if isinstance(base, Scalar):
        if Path(base.text).suffix:
            above = str(Path(path).parent / base.text)
            return chain > 0 and holds_policies(above, chain=chain - 1)
        return base.text.strip().replace("_", "-") in _presets()
    own = {SEVERAL, *vocabulary().slots(Policy)} - {"name", "story"}
    return any(name in own for name in tree.items)


def well_formed(path: str) -> None:
    """Refuse a file that is no YAML, and say on which line."""
    _tree(path)


def manifest_of(path: str) -> Callable[..., Imported] | None:
    """Return what reads a manifest of a controller; None if the file is none."""
    file = Path(path)
    try:
        with file.open(encoding="utf-8-sig") as lines:
            head = lines.read(MOST_CHARACTERS)
    except (OSError, UnicodeDecodeError):
        return None
    kinds = _KIND.findall(head)
    for group, read_manifest in (("argoproj.io", from_argo), ("flagger.app", from_flagger)):
        if any(said.startswith(group) for said in kinds):
            return read_manifest
    return None


def _made(document: Document) -> Policy:
    reading = document.read(lambda _: 0.5)
    if reading.ranges:
        where = next(iter(reading.ranges))
        raise Mistake(f"{document.name}: {where} is a range: a policy is one policy; give a value")
    assert isinstance(reading.value, Policy)
    return reading.value


def _tree(path: str) -> Mapping | None:
    """Return the fields of a file, or None if it has none or cannot be read as a text."""
    file = Path(path)
    try:
        if file.stat().st_size > 4 * MOST_CHARACTERS:
            return None
        node: Node = compose(file.read_text(encoding="utf-8-sig"), path)
    except (OSError, UnicodeDecodeError):
        return None
    return node if isinstance(node, Mapping) else None
