"""What happened, as frozen records. A new kind of event is a new class here.

A fact's *role* says whose it is: truth (only the world knows it), observation (the operator
was told) or action (the operator did it).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Protocol

from sim.clock import DAY_US

TRUTH, OBSERVATION, ACTION = "truth", "observation", "action"
WINDOW_US, WINDOW_REQUESTS = DAY_US, 5_000
"""Over so long mean losses are compared, whichever is longer: a day, or so many requests."""
ROLL_BACK = "roll back"
"""How the cause of a change of routing begins that goes back."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that happened at *at_us*."""

    at_us: int
    role: ClassVar[str] = OBSERVATION

    @property
    def kind(self) -> str:
        """The name of the class."""
        return type(self).__name__

    def row(self) -> dict[str, Any]:
        """Return the fact as plain data."""
        return {"kind": self.kind, **vars(self)}


@dataclass(frozen=True, kw_only=True)
class Onset(Fact):
    """A drift or a fault begins to act; *full_us* is when it acts in full, *ends_us* its end."""

    name: str
    incident: str
    columns: tuple[str, ...]
    severity: float
    full_us: int
    ends_us: int | None
    role: ClassVar[str] = TRUTH


@dataclass(frozen=True, kw_only=True)
class Ended(Fact):
    """A drift or a fault stops acting: *why* is 'by itself' or who repaired it."""

    name: str
    why: str
    role: ClassVar[str] = TRUTH


@dataclass(frozen=True, kw_only=True)
class Alarm(Fact):
    """A monitor raises its hand.

    *evidence_us* is the latest time at which any value that it had read was served, *records* how
    many requests had been answered by then. *level* is what it asks for: to investigate, or to roll
    back.
    """

    monitor: str
    layer: str
    owner: str
    evidence_us: int
    records: int
    value: float
    columns: tuple[str, ...]
    text: str
    level: str = "investigate"


@dataclass(frozen=True, kw_only=True)
class TrainingBegun(Fact):
    """A job takes its snapshot and starts."""

    job: int
    snapshot: str
    rows: int
    ends_us: int


@dataclass(frozen=True, kw_only=True)
class TrainingFailed(Fact):
    """A job ends without a version."""

    job: int
    why: str
    cost: float


@dataclass(frozen=True, kw_only=True)
class Built(Fact):
    """A job ends with *version*; *claim* is its loss in the evaluation report.

    It was *made* by a training, or by turning a threshold or calibration of its *parent*.
    """

    job: int
    version: str
    begun_us: int
    claim: float
    cost: float
    digest: str
    made: str = "training"
    parent: str = ""


@dataclass(frozen=True, kw_only=True)
class Rebuilt(Fact):
    """A version was built again as its lineage says: is it the *same*?

    *differs* is the share of held-out *records* that the two answer differently.
    """

    version: str
    same: bool
    differs: float
    records: int
    why: str
    cost: float


@dataclass(frozen=True, kw_only=True)
class Refreshed(Fact):
    """The stored data was collected again by *owner*: *text* says what came in otherwise."""

    owner: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Found(Fact):
    """*by* has looked into *what* and names a *cause*, rightly or wrongly."""

    what: str
    owner: str
    by: str
    cause: str
    columns: tuple[str, ...]
    text: str
    cost: float


@dataclass(frozen=True, kw_only=True)
class Lineage(Fact):
    """One link in the chain of artifacts: its *stage*, its own digest and its parents'."""

    stage: str
    version: str
    owner: str
    digest: str
    parents: tuple[str, ...]
    content: str
    """the artifact's fields as JSON"""


@dataclass(frozen=True, kw_only=True)
class Routed(Fact):
    """From now on requests are answered like this.

    Only users of *segments* can meet the challenger, if some are named; *stage* is the number of
    the stage in the plan of whoever lets it out.
    """

    champion: str
    challenger: str
    share: float
    shadow: str
    fallback: bool
    release: int
    cause: str
    quarantined: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    stage: int = 0


@dataclass(frozen=True, kw_only=True)
class Tried(Fact):
    """What *version*, which led from *from_us* on or was *withdrawn* then, did beside its *rival*.

    Both by the truth, over the same *requests*: those that got an answer in the next day or 5,000
    requests, whichever is longer; not *whole* if the run ended before. *answered* of them and of
    what followed the version answered itself, at *answered_loss*, where its rival would have
    lost *rival_answered_loss*; one that did no worse is not followed beyond.
    """

    version: str
    rival: str
    from_us: int
    withdrawn: bool
    whole: bool
    requests: int
    loss: float
    rival_loss: float
    answered: int
    answered_loss: float
    rival_answered_loss: float
    role: ClassVar[str] = TRUTH


@dataclass(frozen=True, kw_only=True)
class Crashed(Fact):
    """The code of a version has failed three times in a row; it is withdrawn by itself."""

    version: str


@dataclass(frozen=True, kw_only=True)
class Labelled(Fact):
    """People were asked to label *records*, the last of which has been served by now."""

    records: int
    cost: float


@dataclass(frozen=True, kw_only=True)
class Paged(Fact):
    """An owner was called; *by* takes it up, who may be another where the role has nobody."""

    owner: str
    by: str
    cost: float


@dataclass(frozen=True, kw_only=True)
class Announced(Fact):
    """A new rule, about *columns* if it is about some."""

    text: str
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Answered(Fact):
    """An owner who was paged has dealt with it."""

    owner: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Acted(Fact):
    """The operator did something."""

    action: str
    detail: str
    why: str
    role: ClassVar[str] = ACTION


@dataclass(frozen=True, kw_only=True)
class Decided(Fact):
    """A *part* of the operator's policy has come to another *answer* than before.

    The answer is yes, no or unknown; *about* is the version that it concerns, if it concerns one.
    *value* was held against *threshold*, on so many *records*; *waits_for* says what is missing
    (labels, people or time) where the answer has to wait.
    """

    part: str
    answer: str
    about: str
    why: str
    value: float | None
    threshold: float | None
    records: int
    waits_for: str
    role: ClassVar[str] = ACTION


@dataclass(frozen=True, kw_only=True)
class Stopped(Fact):
    """The run ended before its time: whose fault, what was wrong, and the *verdict*.

    The verdict is fail, or unknown where only the wall clock says so.
    """

    why: str
    verdict: str = "fail"
    role: ClassVar[str] = OBSERVATION


class Led(Protocol):
    """A route, as far as it says who leads."""

    @property
    def champion(self) -> str:
        """Who answers."""

    @property
    def challenger(self) -> str:
        """Who answers a share."""

    @property
    def share(self) -> float:
        """How large a share."""

    @property
    def segments(self) -> tuple[str, ...]:
        """Of whom, if not of everybody."""


def leader(route: Led) -> str:
    """Return the version that answers everybody, or most: a challenger only at 100 %."""
    everybody = route.challenger and route.share >= 1.0 and not route.segments
    return route.challenger if everybody else route.champion


KINDS: dict[str, type[Fact]] = {
    cls.__name__: cls
    for cls in (
        Onset,
        Ended,
        Alarm,
        TrainingBegun,
        TrainingFailed,
        Built,
        Rebuilt,
        Refreshed,
        Found,
        Lineage,
        Routed,
        Crashed,
        Tried,
        Labelled,
        Paged,
        Announced,
        Answered,
        Acted,
        Decided,
        Stopped,
    )
}


def from_row(row: dict[str, Any]) -> Fact:
    """Return the fact that `Fact.row` wrote."""
    cls = KINDS[row["kind"]]
    values = {f.name: row[f.name] for f in fields(cls) if f.name in row}
    frozen: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    return cls(**frozen)
