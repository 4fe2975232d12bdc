"""The debrief: what really happened against what was seen and done, and what would have helped."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.rehearsal.lessons import Lesson, lessons
from reports.rehearsal.others import NOBODY, Other, others, played
from reports.rehearsal.score import Score
from reports.rehearsal.turns import Turn, wrong_turns
from sim.errors import Mistake

if TYPE_CHECKING:
    from reports.rehearsal.record import Record
    from reports.rehearsal.session import Session
    from reports.rehearsal.skin import Skin
    from reports.result import Result

KEPT = "debrief.json"


@dataclass(frozen=True)
class Debrief:
    """All that a game came to: its *result*, how *others* fared, the score and what to learn."""

    title: str
    story: str
    cause: str
    expect: str
    lesson: str
    result: Result
    others: list[Other]
    score: Score
    turns: list[Turn]
    lessons: list[Lesson]
    moves: list[tuple[int, str, str]]
    earlier: list[dict[str, Any]] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """The game in a sentence."""
        points, score = self.score.points, self.score
        return (
            f"{points} of 100 points: your year cost {score.yours:,.0f}, that of nobody "
            f"{score.nobody:,.0f}, the best of all ({score.best_name}) {score.best:,.0f}."
        )


def worked_out(session: Session) -> Debrief:
    """Play the year again with all that measures need, and as others would have."""
    game, scene = session.game, session.scene
    if not game.over:
        raise Mistake("the year goes on: finish it first")
    scenario = game.scenario
    result = played(scenario, game.played, game.seed)
    known = list(others(scenario, game.seed))
    nobody = next(other for other in known if other.name == NOBODY)
    best = min(known, key=lambda other: other.cost)
    yours = result.money.total
    score = Score(
        yours=yours,
        nobody=nobody.cost,
        best=min(best.cost, yours),
        best_name=best.name if best.cost < yours else "yours",
        hints=session.record.hints,
    )
    return Debrief(
        title=scene.title,
        story=scenario.story,
        cause=scenario.cause,
        expect=scenario.expect,
        lesson=scenario.lesson,
        result=result,
        others=known,
        score=score,
        turns=wrong_turns(result, scenario),
        lessons=lessons(result, known),
        moves=[
            (m.place.now_us, m.by, _said(m.action))
            for m in (session.record.moves if session.replay else game.moves)
        ],
        earlier=earlier(session.record),
    )


def debrief(session: Session, skin: Skin, *, store: str = "") -> str:
    """Return the page of the debrief; it and the post-mortem are kept beside the record.

    The game's ledger lies in the folder `run`, and what it came to in the *store* if one is given.
    """
    from reports.rehearsal.debriefing import page
    from reports.rehearsal.postmortem import postmortem

    told = worked_out(session)
    told.result.run.write(session.record.folder / "run")
    told.result.calm.write(session.record.folder / "run" / "calm")
    if store:
        _keep(session, told.result, store)
    folder = session.record.folder
    written = page(told, skin)
    (folder / "debrief.html").write_text(written, encoding="utf-8")
    (folder / "postmortem.md").write_text(postmortem(told, skin), encoding="utf-8")
    kept = {"scene": session.scene.name, "points": told.score.points, **asdict(told.score)}
    (folder / KEPT).write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    return written


def _keep(session: Session, result: Result, store: str) -> None:
    """Put the game into the store; one that is busy or unfit is no reason to lose the debrief."""
    from reports.rehearsal.keeping import keep

    try:
        keep(session, result, store)
    except Mistake as mistake:
        print(f"driftyard: the game is not in the store: {mistake}", file=sys.stderr)


def earlier(record: Record) -> list[dict[str, Any]]:
    """Return what games of the same scene came to that were kept beside this one, oldest first."""
    found = []
    for path in sorted(record.folder.parent.glob(f"*/{KEPT}")):
        if path.parent != record.folder:
            kept = _read(path)
            if kept.get("scene") == record.opening.scene:
                found.append({"when": path.parent.name[:17], **kept})
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _said(action: Any) -> str:
    from strategies.play.orders import spoken

    return spoken(action)
