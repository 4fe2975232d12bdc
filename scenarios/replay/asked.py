"""What a user says of their data: which file, and what its columns are."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from sim.errors import Mistake, one_of

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A *path* and the columns that matter: *time*, *label*, and all that may be named.

    *features* are the columns to learn from (none named: all that can be used, *ignore* aside),
    *prediction* holds scores that were logged, *positive* the label's value that counts as 1,
    *outcome* is 'class', 'number' or '' (as it looks).
    """

    path: str
    time: str
    label: str
    label_time: str = ""
    features: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    entity: str = ""
    segment: str = ""
    prediction: str = ""
    positive: str = ""
    outcome: str = ""
    time_format: str = ""
    encoding: str = "utf-8"

    @property
    def columns(self) -> dict[str, Any]:
        """All that the conversion depends on besides the file's content."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "path"}

    def check(self, there: Sequence[str]) -> None:
        """Refuse columns that the file doesn't have, and one column in two roles."""
        roles = {
            "--time": self.time,
            "--label": self.label,
            "--label-time": self.label_time,
            "--entity": self.entity,
            "--prediction": self.prediction,
        }
        taken: dict[str, str] = {}
        for option, name in {**roles, "--segment": self.segment}.items():
            if name:
                one_of(option, name, there)
        for option, name in roles.items():
            if name in taken:
                raise Mistake(f"{option} is {name!r}: that is {taken[name]} already")
            if name:
                taken[name] = option
        for option, names in (("--features", self.features), ("--ignore", self.ignore)):
            for name in names:
                one_of(option, name, there)
        for name in self.features:
            if name in taken:
                raise Mistake(f"--features names {name!r}: that is {taken[name]} already")

    def candidates(self, there: Sequence[str]) -> list[str]:
        """Return the columns that may be features, in the file's order."""
        aside = {self.time, self.label, self.label_time, self.entity, self.prediction}
        wanted = self.features or there
        return [n for n in there if n in wanted and n not in aside and n not in self.ignore]
