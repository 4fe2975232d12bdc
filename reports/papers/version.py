"""The papers of a version: evaluation report, registry entry, rollout note, card, audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.papers.chain import content, links, newest
from reports.papers.markdown import listing, table, text
from reports.papers.pedigree import pedigree
from reports.words import duration, quality
from sim.facts import Acted, Alarm, Built, Decided, Lineage, Routed
from sim.lineage import OWNER

if TYPE_CHECKING:
    from reports.measures import Lived
    from reports.result import Result
    from sim.facts import Fact
    from sim.ledger import Ledger

NONE = ["There is none: this version never came so far."]


def papers(result: Result, lived: Lived) -> str:
    """Return the papers of one version as Markdown."""
    run, version = result.run, lived.version
    lines = [
        f"# {text(run.scenario['name'])} {version}",
        "",
        text(pedigree(run, version)) + ".",
        "",
    ]
    for title, stage in (
        ("Evaluation report", "evaluation report"),
        ("Registry entry", "registry entry"),
        ("Rollout note", "rollout note"),
    ):
        lines += [f"## {title}", "", *_artifact(run, version, stage), ""]
    lines += ["## Model card", "", *_card(result, lived), ""]
    lines += ["## Audit trail", "", *_trail(run, version), ""]
    return "\n".join(lines)


def _artifact(run: Ledger, version: str, stage: str) -> list[str]:
    """Return the artifacts of one stage, each with its owner, its moment and its digest."""
    mine = [link for link in links(run, version) if link.stage == stage]
    if not mine:
        return NONE
    lines = []
    for link in mine:
        parents = ", ".join(f"`{parent[:12]}`" for parent in link.parents) or "nothing"
        lines += [f"Owner: {link.owner}. Written at {_when(link.at_us)}; `{link.digest[:12]}`, "
                  f"from {parents}.", "", *listing(content(link)), ""]  # fmt: skip
    return lines[:-1]


def _card(result: Result, lived: Lived) -> list[str]:
    """Say what it is, what it was made of, what it claimed and what it lived to."""
    run, version = result.run, lived.version
    loss = str(run.scenario["loss"])
    snapshot = content(newest(run, version, "dataset snapshot"))
    training = content(newest(run, version, "training run"))
    entry = content(newest(run, version, "registry entry"))
    report = content(newest(run, version, "evaluation report"))
    lived_to = "nobody was answered by it" if lived.loss is None else quality(loss, lived.loss)
    told = {
        "intended for": " ".join(str(run.scenario["story"]).split("\n")[:1]),
        "what it is": training.get("recipe"),
        "reads": entry.get("input"),
        "answers with": entry.get("output"),
        "learned from": f"{snapshot.get('records', 'unknown')} records, "
        f"{snapshot.get('from', '?')} to {snapshot.get('to', '?')}",
        "labels": snapshot.get("point in time"),
        "claimed offline": quality(loss, lived.claim),
        "lived to": f"{lived_to}, over {lived.requests:,} requests",
        "calibration error": report.get("calibration error"),
        "fit": report.get("fit"),
        "limits": report.get("limits"),
        "owner": entry.get("owner"),
    }
    lines = listing({key: value for key, value in told.items() if value is not None})
    groups = report.get("segments")
    if isinstance(groups, dict) and len(groups) > 1:
        rows = [[text(name), f"{group['records']:,}", f"{group['loss']:.4g}"]
                for name, group in groups.items() if group.get("records")]  # fmt: skip
        lines += ["", *table(["segment", "records held out", "loss"], rows)]
    return lines


def _trail(run: Ledger, version: str) -> list[str]:
    """Return every fact that names this version or led to it, in order."""
    built = next((fact for fact in run.of(Built) if fact.version == version), None)
    rows = [
        [_when(fact.at_us), who, text(what), text(why)]
        for fact in run.facts
        if (told := _told(fact, version, built)) is not None
        for who, what, why in [told]
    ]
    return table(["when", "who", "what", "why"], rows)


def _told(fact: Fact, version: str, built: Built | None) -> tuple[str, str, str] | None:
    """Return who did what and why, None where it is not about this version."""
    match fact:
        case Lineage() if fact.version == version:
            return OWNER[fact.stage], fact.stage, f"{fact.digest[:12]}"
        case Built() if fact.version == version:
            return "model", "built", f"claims a loss of {fact.claim:.4g}, cost {fact.cost:g}"
        case Acted() if (
            fact.action == "retrain" and built is not None and (fact.at_us == built.begun_us)
        ):
            return "policy", f"retrain {fact.detail}", fact.why
        case Acted() if f"version={version}" in fact.detail.replace(",", " ").split():
            return "policy", f"{fact.action} {fact.detail}", fact.why
        case Decided() if fact.about == version:
            return "policy", f"{fact.part}: {fact.answer}", fact.why
        case Routed() if version in (fact.champion, fact.challenger, fact.shadow):
            return "platform", fact.cause, f"release {fact.release}"
        case Alarm() if built is not None and fact.at_us == built.begun_us:
            return fact.owner, f"alarm of {fact.monitor}", fact.text
        case _:
            return None


def _when(at_us: int) -> str:
    return duration(at_us) if at_us > 0 else "launch"
