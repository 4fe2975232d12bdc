"""The page of a run: the answer first, then all that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from reports.measures.life import tolerance
from reports.pages.html import Html, plain, table, tag
from reports.pages.log import lines, searchable, when
from reports.pages.page import drawing, page, section, verdict
from reports.pages.versions import UNKNOWN, artifacts, versions, written
from reports.papers.chain import links
from reports.words import amount, called, count, duration, gap, quality
from sim.clock import DAY_US

if TYPE_CHECKING:
    from reports.figures.picture import Picture
    from reports.measures import Incident
    from reports.result import Result


def pictures(result: Result) -> dict[str, Picture]:
    """Return the pictures that this result has something to show in, by name."""
    plot = result.plot
    found = [plot.timeline()]
    if result.incidents and result.run.requests["total"]:
        found.append(plot.causes())
    if any(one.detections for one in result.incidents):
        found.append(plot.lags())
    if result.signals:
        found.append(plot.stages())
    if result.calibration is not None and result.calibration.stretches:
        found += [plot.calibration(), plot.reliability()]
    last = next((one for one in reversed(result.lived) if one.requests), None)
    if last is not None and links(result.run, last.version):
        found.append(plot.lineage(last.version))
    return {picture.name: picture for picture in found}


def render(
    result: Result,
    drawn: Mapping[str, Picture],
    *,
    again: Mapping[str, Any] | None = None,
    papers: bool = False,
) -> str:
    """Return report.html; *again* is the run's config.yaml, *papers* says that they lie beside."""
    run = result.run
    name = plain(called(run.strategy))
    title = f"{run.scenario['name']} under {_called(again, name)}, seed {run.seed}"
    return page(
        title,
        tag("p", plain(title), class_="eyebrow"),
        tag("h1", _sentence(result)),
        _state(result),
        _claim(result),
        _tiles(result),
        _incidents(result),
        _year(drawn),
        _where(result, drawn),
        _chances(result, drawn),
        _story(result),
        section(
            "Every decision, with its numbers",
            searchable(lines(run)),
            note="All that the ledger holds, in order. The lines of kind truth were known to "
            "nobody at the time.",
        ),
        versions(result, drawn),
        artifacts(result, papers=papers),
        _again(result, again or {}),
    )


def _called(again: Mapping[str, Any] | None, name: str) -> str:
    return plain(str(again["strategy"])) if again and "strategy" in again else name


def _sentence(result: Result) -> str:
    said = plain(result.finding)
    return f"{said[:1].upper()}{said[1:]}."


def _state(result: Result) -> Html | None:
    """Say what a run that is not a whole year is."""
    requests = result.run.requests["total"]
    if result.stopped:
        left = "" if requests else " Nobody had asked anything by then."
        return tag(
            "p", verdict(result.verdict),
            f"The run was stopped; all below is about the time before.{left}", class_="stopped",
        )  # fmt: skip
    if not requests:
        return tag("p", "Nobody asked anything: this run is empty.", class_="stopped")
    return None


# -- the offline claim and what was lived to -------------------------------------------------


def _claim(result: Result) -> Html | None:
    """Put what was claimed at the launch beside what users lived to over the year."""
    loss = str(result.run.scenario["loss"])
    known = [one for one in result.lived if one.loss is not None and one.requests]
    total = sum(one.requests for one in known)
    if not total:
        return None
    claimed = known[0].claim
    lived = sum((one.loss or 0.0) * one.requests for one in known) / total
    worst = max(known, key=lambda one: (one.loss or 0.0) - one.claim)
    short = (worst.loss or 0.0) - worst.claim
    note = f"Over {total:,} answers of {count(len(known), 'version')}."
    if short > 0 and len(known) > 1:
        note += f" Furthest from its own claim: {worst.version}, by {gap(loss, short)}."
    harm = lived - claimed > tolerance(result.run, result.calm)
    return tag(
        "div",
        _big(quality(loss, claimed), "claimed at the launch"),
        _big(quality(loss, lived), "lived to over the year", worse=harm),
        tag("p", note, class_="note"),
        class_="claim",
    )  # fmt: skip


def _big(said: str, under: str, *, worse: bool = False) -> Html:
    """Return a number that is seen first, and what it is below it."""
    if said.endswith(" right"):
        said, under = said.removesuffix(" right"), f"right, {under}"
    big = tag("b", said, class_="worse" if worse else False)
    return tag("p", big, tag("span", under))


def _tiles(result: Result) -> Html:
    loss = result.loss
    tiles = [
        (_lag(result), "until the first alarm"),
        (_harmed(result), "answers harmed"),
        (amount(_rounded(loss.excess)), f"lost to incidents ({_measure(result)})"),
        (f"{result.of_verdict('false'):,}", _plural(result.of_verdict("false"), "false alarm")),
        (f"{result.trainings:,}", _plural(result.trainings, "training")),
    ]
    if result.regret is not None:
        value = result.regret.value
        words = "regret: above the best schedule of builds"
        if value < 0:
            words = "below the best schedule of builds: it did more than build"
        tiles.insert(3, (amount(_rounded(abs(value))), words))
    if result.money.total:
        tiles.insert(3, (f"{amount(result.money.total)} {result.money.currency}".strip(), "cost"))
    return tag("ul", [tag("li", tag("b", big), tag("span", small)) for big, small in tiles],
               class_="tiles")  # fmt: skip


def _plural(number: int, noun: str) -> str:
    return count(number, noun).partition(" ")[2]


def _rounded(value: float) -> float:
    return round(value) if abs(value) >= 10 else float(f"{value:.3g}")


def _measure(result: Result) -> str:
    said = str(result.run.scenario["loss"])
    return "errors" if said.startswith("ZeroOne") else said.removesuffix("()")


def _lag(result: Result) -> str:
    if not result.incidents:
        return UNKNOWN
    lags = [one.first.lag_us for one in result.incidents if one.first is not None]
    known = [lag for lag in lags if lag is not None]
    return duration(max(known)) if len(known) == len(result.incidents) else "never"


def _harmed(result: Result) -> str:
    known = [one.harmed for one in result.incidents if one.harmed is not None]
    if not result.incidents:
        return "0"
    if all(one.harmless for one in result.incidents):
        return "none"
    return f"{sum(known):,}" if known else UNKNOWN


# -- incidents --------------------------------------------------------------------------------


def _incidents(result: Result) -> Html:
    if not result.incidents:
        said = "Nothing went wrong in this year"
        if result.run.scenario.get("unavailable"):
            said = "No fault was injected; whether the data drifted by itself is unknown"
        return section("What went wrong", tag("p", f"{said}. {_alarms(result)}"))
    note = (
        "Lag and records run from the onset to the first alarm; harmed counts until it was over. "
        "A missed incident has no lag. "
    )
    title = "What went wrong, and who saw it"
    return section(title, incident_table(result), note=note + _alarms(result))


def incident_table(result: Result) -> Html | None:
    """Return a row an incident; None without any."""
    if not result.incidents:
        return None
    head = ["incident", "kind", "onset", "seen first by", "lag", "records", "harmed", "over after"]
    rows = [_incident(one) for one in result.incidents]
    return table(head, rows, numbers=["lag", "records", "harmed"])


def _incident(one: Incident) -> list[str]:
    first = one.first
    seen = [UNKNOWN, UNKNOWN]
    if first is not None and first.lag_us is not None:
        records = UNKNOWN if first.records is None else f"{first.records:,}"
        seen = [duration(first.lag_us), records]
    over = "no harm" if one.harmless else "not over by the end"
    if one.harmless and one.censored:
        over = "too late to tell"
    elif one.recovered_us is not None:
        over = duration(one.recovered_us - one.onset_us)
    who = f"{first.monitor} ({first.layer})" if first else "nobody: missed"
    harmed = UNKNOWN if one.harmed is None else f"{one.harmed:,}"
    return [plain(one.name), one.kind, when(one.onset_us), plain(who), *seen, harmed, over]


def _alarms(result: Result) -> str:
    if not result.alarms:
        return "There was no alarm."
    false, unjudged = result.of_verdict("false"), result.of_verdict("unjudged")
    judged = f"{unjudged:,} of them outside injected faults" if unjudged else f"{false:,} false"
    return f"There were {count(len(result.alarms), 'alarm')}, {judged}."


# -- pictures ---------------------------------------------------------------------------------


def _year(drawn: Mapping[str, Picture]) -> Html:
    note = (
        "The live service beside the calm world: the same year, seed and strategy without the "
        "incidents. The red area is what they cost."
    )
    return section("The year", drawing(drawn["timeline"]), note=note)


def _where(result: Result, drawn: Mapping[str, Picture]) -> Html | None:
    """Show the loss by cause and the lags by layer, where there is something to show."""
    names = [name for name in ("causes", "lags", "stages") if name in drawn]
    if not names:
        return None
    shown = [drawing(drawn[name], shape="half") for name in names]
    title = "Where the loss went, and when it was seen"
    return section(title, tag("div", shown, class_="pair"), _segments(result))


def _segments(result: Result) -> Html | None:
    """Say what each group of users lost."""
    if not result.segments:
        return None
    head = ["segment", "irreducible", "standing", "to incidents"]
    rows = [
        [plain(name), *(amount(_rounded(value)) for value in
         (split.irreducible, split.standing, split.excess))]
        for name, split in result.segments.items()
    ]  # fmt: skip
    return table(head, rows, numbers=head[1:])


def _chances(result: Result, drawn: Mapping[str, Picture]) -> Html | None:
    """Show whether chances held what they said, where versions gave any."""
    found = result.calibration
    if found is None or "calibration" not in drawn:
        return None
    whole = found.whole
    worst = max(found.stretches, key=lambda one: one.error - one.by_chance)
    span = "week" if worst.stop_us - worst.start_us > DAY_US else "day"
    said = (
        f"Over {whole.answers:,} answers a chance of outcome 1 was {_points(whole.error)} off, bin "
        f"by bin; chances that are exactly right would be {_points(whole.by_chance)} off in so "
        f"many. The worst {span} began at {when(worst.start_us)}: {_points(worst.error)}. The "
        f"squared error (Brier) was {whole.brier:.3f}."
    )
    shown = [drawing(drawn[name], shape="half") for name in ("calibration", "reliability")]
    return section("Whether chances held", tag("div", shown, class_="pair"), note=said)


def _points(share: float) -> str:
    return f"{100 * share:.2g} points"


# -- story, versions, papers -------------------------------------------------------------------


def _story(result: Result) -> Html:
    told = str(result.run.scenario["story"]).split("\n")
    return section("The story", [tag("p", plain(line), class_="lead") for line in told if line])


def _pairs(held: Mapping[str, object]) -> str:
    return plain(", ".join(f"{key} {written(value)}" for key, value in held.items()))


def _again(result: Result, again: Mapping[str, Any]) -> Html:
    from shlex import join

    run = result.run
    told: list[object] = []
    if "scenario" in again:
        command = join(
            ["driftyard", "run", str(again["scenario"]), "--strategy", str(again["strategy"]),
             "--seed", str(run.seed)]
        )  # fmt: skip
        told.append(tag("pre", plain(command)))
    labels = run.labels
    rows: list[list[object]] = [
        ["digest", tag("code", run.digest())],
        ["strategy", tag("code", plain(run.strategy))],
        ["drawn", _pairs(again.get("drawn", {}))],
        ["plug-ins", _pairs({k: v[:12] for k, v in again.get("plugins", {}).items()})],
        ["made with", _pairs(dict(sorted(run.fingerprint.items())))],
        ["labels", f"{labels['arrived']:,} arrived, {labels['pending']:,} on their way, "
                   f"{labels['never']:,} never come"],
        ["files", "config.yaml, ledger.parquet, timeline.parquet, summary.json, tables/, figures/, "
                  "papers/; calm/ holds the year without its incidents"],
    ]  # fmt: skip
    told.append(table(["", ""], [row for row in rows if row[1]]))
    note = "The same scenario, strategy and seed give this digest again, to the last bit."
    return section("Run it again", *told, note=note)
