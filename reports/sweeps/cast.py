"""Scenarios and strategies as any worker finds them again: by their text and the files it needs."""

from __future__ import annotations

import atexit
import pickle
import shutil
import tempfile
from dataclasses import dataclass, field, is_dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports import expressions, names
from reports.names import Named
from reports.plugins import said
from reports.sweeps.rows import parameters
from sim.digest import digest
from sim.errors import Mistake
from sim.run import label
from sim.scenario import Scenario

if TYPE_CHECKING:
    from scenarios.distribution import Distribution

_found: dict[str, Found] = {}
_folder: list[Path] = []


@dataclass(frozen=True)
class Part:
    """A scenario or a strategy (its *kind*), as asked for by *text*.

    *again* finds it in a folder that holds *files*; objects of a program's own travel *pickled*.
    """

    kind: str
    text: str
    again: str = ""
    files: tuple[tuple[str, bytes], ...] = ()
    pickled: bytes = b""
    digest: str = field(default="")
    left: tuple[str, ...] = ()
    """what a manifest says that has no counterpart here"""

    @classmethod
    def of(cls, kind: str, asked: Any) -> Part:
        """Take what a text, a path, an object of the user's or a part means, as it is now."""
        if isinstance(asked, Part):
            return asked
        if not isinstance(asked, str):
            return cls._of_object(kind, asked)
        named = names.strategy(asked) if kind == "strategy" else names.scenario(asked)
        text, files = " ".join(asked.split()), tuple(sorted(named.kept.items()))
        known = [kind, named.again, [(place, raw.hex()) for place, raw in files]]
        return cls(kind, text, named.again, files, digest=digest(known), left=named.left)

    @classmethod
    def _of_object(cls, kind: str, asked: Any) -> Part:
        fits = names.is_strategy(asked) if kind == "strategy" else isinstance(asked, Scenario)
        if not fits or isinstance(asked, type):
            raise Mistake(f"{kind} is {asked!r}: give one, or its name")
        try:
            pickled = pickle.dumps(asked)
            pickle.loads(pickled)
        except Exception as error:
            why = f"no worker can be handed it ({said(error)}); put its class into a file"
            raise Mistake(f"{kind} is {asked!r}: {why} and give 'file.py:Name'") from None
        text = asked.name if isinstance(asked, Scenario) else label(asked)
        return cls(kind, text, pickled=pickled, digest=digest([kind, pickled.hex()]))

    def found(self) -> Found:
        """Return what it stands for; in one process it is looked up once."""
        known = _found.get(self.digest)
        if known is None:
            known = _found[self.digest] = self._find()
        return known

    def _find(self) -> Found:
        if self.pickled:
            return Found(self, Named(self.text, pickle.loads(self.pickled)))
        if not self.files:
            return Found(self, self._named(self.text))
        held = [(place, raw.hex()) for place, raw in self.files]
        folder = _temporary() / digest(held)
        for place, raw in self.files:
            path = folder / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)
        try:
            return Found(self, self._named(f"{folder}/{self.again}"))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _named(self, text: str) -> Named:
        if self.kind == "strategy":
            return names.strategy(text)
        asked = expressions.parse(text, "scenario")
        if names.is_yaml(asked.file):
            world = names.distribution(asked)
            return Named(self.text, world, self.text, read=world.files)
        return names.scenario(text)


def _temporary() -> Path:
    """Return a folder of this process, where files lie while they are read."""
    if not _folder:
        _folder.append(Path(tempfile.mkdtemp(prefix="driftyard-")))
        atexit.register(shutil.rmtree, _folder[0], ignore_errors=True)
    return _folder[0]


@dataclass(frozen=True)
class Found:
    """What a part stands for in this process."""

    part: Part
    named: Named

    def of_seed(self, seed: int) -> Named:
        """Return the scenario of a seed: where a file has ranges, seeds differ."""
        if isinstance(self.named.value, Scenario):
            return self.named
        world: Distribution = self.named.value
        reading = world.reading(seed)
        assert isinstance(reading.value, Scenario)
        return Named(
            self.named.text, reading.value, self.named.file, read=self.named.read,
            drawn=dict(reading.drawn),
        )  # fmt: skip

    @cached_property
    def ranges(self) -> bool:
        """Whether seeds draw different scenarios."""
        return not isinstance(self.named.value, Scenario) and bool(self.named.value.ranges)

    @cached_property
    def parameters(self) -> str:
        """The fields of a strategy, as JSON."""
        return parameters(self.named.value)

    @property
    def plugins(self) -> list[str]:
        """The digest of the user's code, if there is any."""
        return [self.named.plugin.digest] if self.named.plugin else []

    @property
    def identity(self) -> str:
        """The digest of a strategy: its class, its parameters and the source of the user's file."""
        value = self.named.value
        kind = f"{type(value).__module__}.{type(value).__qualname__}"
        told = value if is_dataclass(value) else [self.part.again or self.part.text, label(value)]
        return digest([kind.removeprefix("plugin_"), told, self.plugins])


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Everybody who takes part, and how they are to play.

    *ledgers*: hand back the ledgers too; *timeout*: seconds for one run, 0 for any; *shared*:
    strategies share the stream of a seed; *sign*: refuse to play where code differs from this.
    """

    scenarios: tuple[Part, ...]
    strategies: tuple[Part, ...]
    ledgers: bool = False
    timeout: float = 0.0
    shared: bool = True
    sign: str = ""
