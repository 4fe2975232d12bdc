"""How a monitor is on duty: from when on, how often it looks, who sees it, what is one alarm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.clock import positive_us, us
from sim.errors import one_of, refuse

if TYPE_CHECKING:
    from sim.clock import Calendar

INVESTIGATE, ROLL_BACK = "investigate", "roll back"
LEVELS = (INVESTIGATE, ROLL_BACK)
"""What an alarm asks for, the graver last."""
FIRST_INCIDENT = "after the first incident"
"""When a monitor is installed that nobody thought of before."""


@dataclass(frozen=True, kw_only=True)
class Human:
    """A person who looks every *every*, with *office* not before the next office hours.

    >>> Human(every="1d").every
    '1d'
    """

    every: str = "7d"
    office: bool = True

    def __post_init__(self) -> None:
        positive_us(self.every, "human.every")

    def looks_us(self, now_us: int, calendar: Calendar) -> int:
        """Return when they look next: now, or later."""
        every_us = positive_us(self.every, "human.every")
        look_us = now_us // every_us * every_us
        while (seen_us := self._comes_us(look_us, calendar)) < now_us:
            look_us += every_us
        return seen_us

    def _comes_us(self, look_us: int, calendar: Calendar) -> int:
        return calendar.next_office_us(look_us) if self.office else look_us


@dataclass(frozen=True)
class Duty:
    """What a monitor says of its duty; whatever it does not say is the simplest.

    It is installed at *installed_us*; None: *later_us* after the first incident that anybody
    noticed. What comes before that and its *warm_up_us* it never looks at. It looks every
    *every_us* (0: at every tick). Alarms of one *group* within *quiet_us* of each other are one,
    unless a later one is graver.
    """

    installed_us: int | None
    later_us: int
    warm_up_us: int
    every_us: int
    quiet_us: int
    group: str
    seen_by: Human | None

    @classmethod
    def of(cls, monitor: Any) -> Duty:
        """Read a monitor's attributes."""
        name = f"monitor {monitor.name}"
        installed = getattr(monitor, "installed_at", "0")
        installed_us, later_us = _installation(installed, f"{name}.installed_at")
        seen_by = getattr(monitor, "seen_by", None)
        if seen_by is not None and not hasattr(seen_by, "looks_us"):
            refuse(f"{name}.seen_by", seen_by, "give Human(every='7d'), or None for at once")
        one_of(f"{name}.level", getattr(monitor, "level", INVESTIGATE), LEVELS)
        return cls(
            installed_us,
            later_us,
            us(getattr(monitor, "warm_up", "0"), f"{name}.warm_up"),
            us(getattr(monitor, "every", "0"), f"{name}.every"),
            us(getattr(monitor, "quiet", "0"), f"{name}.quiet"),
            getattr(monitor, "group", "") or monitor.name,
            seen_by,
        )

    def starts_us(self, first_incident_us: int | None) -> int | None:
        """Return from when on it looks, None if that is not known yet."""
        if self.installed_us is not None:
            return self.installed_us + self.warm_up_us
        if first_incident_us is None:
            return None
        return first_incident_us + self.later_us + self.warm_up_us


def level_of(monitor: Any, value: float) -> str:
    """Return what an alarm of *monitor* at *value* asks for."""
    grave = getattr(monitor, "grave", None)
    if grave is not None and grave(value):
        return ROLL_BACK
    return str(getattr(monitor, "level", INVESTIGATE))


def _installation(text: object, field: str) -> tuple[int | None, int]:
    """Return when a monitor is installed, or how long after the first incident."""
    if isinstance(text, str) and text.strip().endswith(FIRST_INCIDENT):
        later = text.strip().removesuffix(FIRST_INCIDENT).strip()
        return None, us(later, field) if later else 0
    if not isinstance(text, str):
        refuse(field, text, f"write a time such as '0' or '6w', or {FIRST_INCIDENT!r}")
    return us(text, field), 0
