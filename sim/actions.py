"""What an operator can do. Each action says why; the world says whether it is possible."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

from sim.clock import positive_us, us
from sim.errors import one_of, refuse
from sim.people import OWNERS


@dataclass(frozen=True, kw_only=True)
class Last:
    """Which labelled records to train on: the last *records*, or those of the last *span*."""

    records: int = 0
    span: str = ""

    def __post_init__(self) -> None:
        if bool(self.records) == bool(self.span):
            refuse("window", self, "give either records or span")
        if self.records < 0:
            refuse("window.records", self.records, "give a whole number from 1 up")
        if self.span and us(self.span, "window.span") <= 0:
            refuse("window.span", self.span, "it must be longer than nothing")

    def __str__(self) -> str:
        return f"the last {self.records:,} labels" if self.records else f"the last {self.span}"


@dataclass(frozen=True, kw_only=True)
class SinceAlarm:
    """Train on the labelled records served since *at_us*, the time of an alarm."""

    at_us: int

    def __str__(self) -> str:
        return "since the alarm"


@dataclass(frozen=True, kw_only=True)
class Everything:
    """Train on all labelled records there are, those from before the launch included."""

    def __str__(self) -> str:
        return "everything"


@dataclass(frozen=True, kw_only=True)
class Weighted:
    """Train on *of*; a record that is *half_life* older than the newest counts half as much."""

    of: Window | str | int = "90d"
    half_life: str = "14d"

    def __post_init__(self) -> None:
        window(self.of)
        positive_us(self.half_life, "window.half_life")

    def __str__(self) -> str:
        return f"{window(self.of)}, half the weight every {self.half_life}"


@dataclass(frozen=True, kw_only=True)
class Balanced:
    """Train on *of*; each class or segment (*by*) counts as much as every other, in sum."""

    of: Window | str | int = "90d"
    by: str = "class"

    def __post_init__(self) -> None:
        window(self.of)
        one_of("window.by", self.by, ("class", "segment"))

    def __str__(self) -> str:
        return f"{window(self.of)}, each {self.by} counting alike"


Window = Last | SinceAlarm | Everything | Weighted | Balanced


def window(given: Window | str | int) -> Window:
    """Read a window: '30d' is the last thirty days, 10_000 the last ten thousand labels.

    >>> window("30d")
    Last(records=0, span='30d')
    """
    if isinstance(given, str):
        return Last(span=given)
    if isinstance(given, int):
        return Last(records=given)
    if not isinstance(given, Last | SinceAlarm | Everything | Weighted | Balanced):
        refuse("window", given, "give a span such as '30d', a number of labels or a Window")
    return given


@dataclass(frozen=True, kw_only=True)
class RolloutNote:
    """What is agreed on before anything is let out, and never changed afterwards.

    *release* is the object and whom it is meant for, *success* what it is judged by, *blast
    radius* who may meet it before it is judged, *stop rules* what withdraws it, *fallback* what
    answers instead, *conditions to widen* what lets it meet more, *owner* who answers for it.
    """

    release: str
    success: str
    blast_radius: str
    stop_rules: str
    fallback: str
    conditions_to_widen: str
    owner: str

    @property
    def gaps(self) -> list[str]:
        """The fields that say nothing, and an owner whom nobody knows."""
        gaps = [name for name, value in vars(self).items() if not str(value).strip()]
        return gaps if self.owner in OWNERS or "owner" in gaps else [*gaps, "owner"]

    def row(self) -> dict[str, Any]:
        """Return the note as plain data, with the names that people read."""
        return {name.replace("_", " "): value for name, value in vars(self).items()}


@dataclass(frozen=True)
class Action:
    """Something that an operator does, and *why*."""

    verb: ClassVar[str]
    unsaid: ClassVar[dict[str, object]] = {}
    """values that go without saying"""

    @property
    def detail(self) -> str:
        """What is done, in words."""
        shown = [
            f for f in fields(self) if f.name not in ("why", "note") and not self._usual(f.name)
        ]
        return ", ".join(f"{f.name}={_word(getattr(self, f.name))}" for f in shown)

    def _usual(self, field: str) -> bool:
        """Say whether a field that most leave alone is as it is with most."""
        return bool(getattr(self, field) == self.unsaid.get(field, ...))


def _word(value: object) -> str:
    return value if isinstance(value, str) else str(value)


@dataclass(frozen=True)
class Retrain(Action):
    """Take a snapshot of *window* and build a version from it; *warm* goes on from the champion.

    With *stage*, that stage of a pipeline alone is built anew; the others are the champion's. Of
    several *candidates*, one after the other, the best on the held-out records is kept.
    """

    window: Window | str | int = "30d"
    why: str = ""
    warm: bool = False
    stage: str = ""
    candidates: int = 1
    verb: ClassVar[str] = "retrain"
    unsaid: ClassVar[dict[str, object]] = {"stage": "", "candidates": 1}


@dataclass(frozen=True)
class SetThreshold(Action):
    """Let the champion answer 1 from another chance on: *value*, or what *window* shows is best.

    That is a version of its own, made in minutes from the champion; it goes out like any other.
    """

    value: float | None = None
    window: Window | str | int = "7d"
    why: str = ""
    verb: ClassVar[str] = "set threshold"
    unsaid: ClassVar[dict[str, object]] = {"value": None}


@dataclass(frozen=True)
class Recalibrate(Action):
    """Bring the champion's scores back in line with the outcomes of *window*: two numbers.

    Like a threshold it makes a version of its own from the champion, in minutes.
    """

    window: Window | str | int = "7d"
    why: str = ""
    verb: ClassVar[str] = "recalibrate"


@dataclass(frozen=True)
class Refresh(Action):
    """Collect the stored data again: what has been mended since then comes in as it really was.

    Trainings that begin afterwards learn from it. What is still broken comes in broken again.
    """

    why: str = ""
    verb: ClassVar[str] = "refresh"


@dataclass(frozen=True)
class Rebuild(Action):
    """Build *version* again as its lineage says, in a clean place, and compare the two."""

    version: str
    why: str = ""
    verb: ClassVar[str] = "rebuild"


@dataclass(frozen=True)
class Investigate(Action):
    """Let *owner* look into one *layer*, *column*, *segment* or *stage*; into everything if none.

    It takes working time, and what they find can be wrong.
    """

    owner: str = "model"
    why: str = ""
    layer: str = ""
    column: str = ""
    segment: str = ""
    stage: str = ""
    verb: ClassVar[str] = "investigate"
    unsaid: ClassVar[dict[str, object]] = dict.fromkeys(("layer", "column", "segment", "stage"), "")

    @property
    def what(self) -> str:
        """What is looked into, in words."""
        kinds = ("layer", "column", "segment", "stage")
        named = [f"{kind} {getattr(self, kind)}" for kind in kinds if getattr(self, kind)]
        return named[0] if named else "everything"


@dataclass(frozen=True)
class AskForLabels(Action):
    """Have people label a *share* of what is answered in the next *last*, each at a price.

    Such labels come after what people need for one, or sooner if they would have come anyway.
    """

    share: float = 0.1
    last: str = "7d"
    why: str = ""
    verb: ClassVar[str] = "ask for labels"


@dataclass(frozen=True)
class Acknowledge(Action):
    """Close the open alarms of *monitor*: somebody knows, and nothing follows from them."""

    monitor: str
    why: str = ""
    verb: ClassVar[str] = "acknowledge"


@dataclass(frozen=True)
class Promote(Action):
    """Let *version* answer everybody.

    What was not released before gets the *note*, or one that says that nothing was agreed on.
    """

    version: str
    why: str = ""
    note: RolloutNote | None = None
    verb: ClassVar[str] = "promote"


@dataclass(frozen=True)
class Release(Action):
    """Let *version* answer a *share* of the users, of some *segments* only if these are named.

    The rest keep the champion. With share 0 it is put out, switched off: a flag opens it later.
    The first release of a version needs a complete *note*. *stage* is its number in a plan.
    You are asked at the very request with which *most_users* or *most_requests* have met it.
    """

    version: str
    share: float
    why: str = ""
    note: RolloutNote | None = None
    segments: tuple[str, ...] = ()
    stage: int = 0
    most_users: int = 0
    most_requests: int = 0
    verb: ClassVar[str] = "release"
    unsaid: ClassVar[dict[str, object]] = {
        "segments": (),
        "stage": 0,
        "most_users": 0,
        "most_requests": 0,
    }


@dataclass(frozen=True)
class Shadow(Action):
    """Let *version* answer everything, unseen; '' ends it."""

    version: str
    why: str = ""
    note: RolloutNote | None = None
    stage: int = 0
    verb: ClassVar[str] = "shadow"
    unsaid: ClassVar[dict[str, object]] = {"stage": 0}


@dataclass(frozen=True)
class Rollback(Action):
    """Withdraw the challenger, or else go back to the previous champion."""

    why: str = ""
    verb: ClassVar[str] = "rollback"


@dataclass(frozen=True)
class Fallback(Action):
    """Switch everybody to the fallback, or back."""

    on: bool
    why: str = ""
    verb: ClassVar[str] = "fallback"


@dataclass(frozen=True)
class Quarantine(Action):
    """Use these *columns* no more, neither in answers nor in trainings; () ends it for all."""

    columns: tuple[str, ...]
    why: str = ""
    verb: ClassVar[str] = "quarantine"


@dataclass(frozen=True)
class PageOwner(Action):
    """Call the *owner* (data, model, platform or product) to look into it."""

    owner: str
    why: str = ""
    verb: ClassVar[str] = "page"


@dataclass(frozen=True)
class Archive(Action):
    """Put a *version* away: it is no candidate any more."""

    version: str
    why: str = ""
    verb: ClassVar[str] = "archive"


@dataclass(frozen=True)
class Note(Action):
    """Write down what a *part* of a policy says, and why; the world keeps it if it is new."""

    part: str
    answer: str
    why: str = ""
    value: float | None = None
    threshold: float | None = None
    records: int = 0
    waits_for: str = ""
    about: str = ""
    verb: ClassVar[str] = "note"
