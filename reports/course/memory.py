"""What a learner has done so far, kept in one small file that can be read, moved and reset."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from sim.errors import Mistake

VARIABLE = "DRIFTYARD_LEARN"


def usual(platform: str = sys.platform) -> Path:
    """Return where the file lies: where the variable says, or where the system keeps such files."""
    told = os.environ.get(VARIABLE)
    if told:
        return Path(told)
    home = Path.home()
    if platform == "win32":
        base = Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming")
    elif platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_STATE_HOME") or home / ".local" / "state")
    return base / "driftyard" / "learn.json"


@dataclass(frozen=True)
class Memory:
    """The file at *path*: by chapter the last verdict, and whether it was ever passed."""

    path: Path

    def read(self) -> dict[str, dict[str, object]]:
        """Return what is kept, nothing if there is no file."""
        try:
            told = json.loads(self.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except (OSError, ValueError):
            raise Mistake(
                f"{self.path} cannot be read as what the course keeps: driftyard learn --reset"
            ) from None
        chapters = told.get("chapters") if isinstance(told, dict) else None
        held = chapters if isinstance(chapters, dict) else {}
        return {str(name): one for name, one in held.items() if isinstance(one, dict)}

    @property
    def passed(self) -> set[str]:
        """The chapters that were passed."""
        return {name for name, one in self.read().items() if one.get("passed")}

    def keep(self, chapter: str, verdict: str) -> None:
        """Remember what came of a chapter; what was passed stays passed."""
        from reports.folder import put

        held = self.read()
        before = held.get(chapter, {})
        passed = verdict == "pass" or bool(before.get("passed"))
        held[chapter] = {"verdict": verdict, "passed": passed}
        text = json.dumps({"chapters": held}, indent=1, ensure_ascii=False) + "\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            why = (error.strerror or "it cannot be made").lower()
            remedy = f"set {VARIABLE} to a file that can be written"
            raise Mistake(f"{self.path.parent}: {why}; {remedy}") from None
        put(self.path, lambda aside: aside.write_text(text, encoding="utf-8"))

    def reset(self) -> None:
        """Forget everything."""
        self.path.unlink(missing_ok=True)
