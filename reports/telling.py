"""What `driftyard run` prints: the year as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.measures.life import tolerance
from reports.measures.split import WORDS
from reports.own_goals import own_goals
from reports.papers.chain import content, newest
from reports.result import PASS
from reports.table import as_told, paragraph, table
from reports.words import amount, count, duration, quality
from strategies.monitors.wording import listed

if TYPE_CHECKING:
    from reports.measures import Incident
    from reports.result import Result

UNKNOWN = "–"


def tell(result: Result, *, title: str, drawn: bool, folder: str) -> str:
    """Return the year as text: story, incidents, accounts, versions and how to find it again."""
    run = result.run
    parts = [
        [title],
        as_told(run.scenario["story"]),
        paragraph(f"{_lead(result)}: {result.finding}."),
        _incidents(result),
        _accounts(result),
        _versions(result),
        _signals(result),
        [
            f"seed      {run.seed}{' (drawn: give --seed to play it again)' if drawn else ''}",
            f"digest    {run.digest()}",
            f"folder    {folder}",
        ],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _lead(result: Result) -> str:
    return "In short" if result.verdict == PASS else f"Verdict {result.verdict}"


def _incidents(result: Result) -> list[str]:
    if not result.incidents:
        return ["no incident", *_alarms(result)]
    head = ["incident", "kind", "onset", "first alarm", "lag", "records", "harmed", "over after"]
    rows = [_row(incident) for incident in result.incidents]
    lines = table(head, rows, right="lag records harmed")
    lines += [line for incident in result.incidents for line in _others(incident)]
    lines.append("(lag, records and harmed: from the onset to the first alarm)")
    if any(incident.shared_with for incident in result.incidents):
        lines.append("(*: other incidents were open as well; whoever harmed them, records count)")
    lines.append("")
    return lines + _alarms(result)


def _row(incident: Incident) -> list[str]:
    first = incident.first
    known = [f"{first.monitor} ({first.layer})"] if first else ["missed"]
    if first is None or first.lag_us is None:
        known += [UNKNOWN, UNKNOWN, _harmed(incident.harmed, incident)]
    else:
        known += [duration(first.lag_us), _number(first.records), _harmed(first.harmed, incident)]
    if incident.harmless:
        known.append("too late" if incident.censored else "no harm")
    elif incident.recovered_us is None:
        known.append("not over")
    else:
        known.append(duration(incident.recovered_us - incident.onset_us))
    return [incident.name, incident.kind, duration(incident.onset_us), *known]


def _others(incident: Incident) -> list[str]:
    """Say how the monitors fared that were not the first, and what the whole incident harmed."""
    said = []
    first = incident.first
    if first is not None and incident.harmed is not None and not incident.harmless:
        shared = f", shared with {listed(incident.shared_with)}" if incident.shared_with else ""
        said.append(f"{incident.harmed:,} harmed until it was over{shared}")
    for other in incident.detections:
        if other.lag_us is not None and other is not first:
            said.append(f"{other.monitor} ({other.layer}) after {duration(other.lag_us)}")
        elif other.missed and first is not None:
            said.append(f"missed by {other.monitor} ({other.layer})")
    return paragraph(f"{incident.name}: {'; '.join(said)}", indent="  ") if said else []


def _alarms(result: Result) -> list[str]:
    kinds = [("detection", "detection"), ("repeat", "repeat"), ("needless", "true without harm")]
    parts = [
        count(result.of_verdict(kind), noun) if kind != "needless"
        else f"{result.of_verdict(kind):,} {noun}"
        for kind, noun in kinds
        if result.of_verdict(kind)
    ]  # fmt: skip
    unjudged = result.of_verdict("unjudged")
    if unjudged:
        parts.append(f"{unjudged:,} outside injected faults: whether the data drifted is unknown")
    else:
        parts.append(count(result.of_verdict("false"), "false alarm"))
    return [f"alarms    {count(len(result.alarms), 'alarm')}: {', '.join(parts)}"]


def _accounts(result: Result) -> list[str]:
    requests, labels = result.run.requests, result.run.labels
    loss, scenario = result.loss, result.run.scenario
    each = f"{loss.excess_mean:.3g} a request, {tolerance(result.run, result.calm):.3g} is harm"
    return [
        f"requests  {requests['total']:,} = {requests['answered']:,} answered + "
        f"{requests['fallback']:,} fallback + {requests['error']:,} error",
        f"labels    {sum(labels.values()):,} = {labels['arrived']:,} arrived + "
        f"{labels['pending']:,} on their way + {labels['never']:,} never come",
        *_reviews(result),
        f"excess    {amount(loss.excess)} lost against the calm world, by {scenario['loss']} "
        f"({each})",
        *_causes(result),
        f"done      {count(result.trainings, 'training')}, {count(result.releases, 'release')}, "
        f"{count(result.rollbacks, 'rollback')}, {count(result.pages, 'page')}",
        *(_hanging(f"own goals {goals}") if (goals := own_goals(result)) else []),
        *_costs(result),
        *_regret(result),
        *_apart(result),
    ]


def _causes(result: Result) -> list[str]:
    """Say where the loss went."""
    split = result.split
    parts = [
        f"{amount(value)} {WORDS[name]}"
        for name, value in split.parts.items()
        if abs(value) > 1e-9 * abs(split.total) and (value or name in ("irreducible", "standing"))
    ]
    if not parts:
        return []
    unknown = "ideal" in result.run.scenario.get("unavailable", ())
    rider = " (the ideal is unknown: all that the calm twin lost is standing)" if unknown else ""
    return _hanging(f"loss      {amount(split.total)} = {_sum(parts)}{rider}")


def _sum(parts: list[str]) -> str:
    """Write a sum whose terms have signs."""
    return " + ".join(parts).replace("+ -", "− ")


def _hanging(line: str) -> list[str]:
    """Break a line of the accounts; what follows stands under its first word."""
    head, rest = line[:10], line[10:]
    first, *more = paragraph(rest, indent=" " * 10)
    return [head + first.lstrip(), *more]


def _apart(result: Result) -> list[str]:
    """Say what each incident and each stage costs by itself, if that was asked for."""
    apart = result.apart
    if apart is None:
        return []
    lines = []
    if apart.harm:
        harm = ", ".join(f"{name} {amount(value)}" for name, value in apart.harm.items())
        lines += _hanging(f"harm      {harm} (each on top of those before)")
    if apart.stages:
        costs = ", ".join(f"{name} {amount(value)}" for name, value in apart.stages.items())
        lines += _hanging(f"stages    {costs} (beside a perfect one, one at a time)")
    if apart.business:
        lags = ", ".join(
            f"{name} {'never' if lag is None else 'after ' + duration(lag)}"
            for name, lag in apart.business.items()
        )
        lines += _hanging(f"business  would have noticed, were nothing done: {lags}")
    return lines


def _regret(result: Result) -> list[str]:
    """Say how far it was from the best schedule of builds, if that was asked for."""
    regret = result.regret
    if regret is None:
        return []
    unit = result.money.currency if result.run.scenario["prices"]["loss"] else "in units of loss"
    builds = count(regret.builds, "build")
    said = (
        f"{amount(regret.value)} ({unit}): losses and trainings cost {amount(regret.cost)}, with "
        f"the best schedule of {builds} {amount(regret.least)}"
    )
    if regret.outside:
        said += "; means outside the schedule were used"
    return _hanging(f"regret    {said}")


def _reviews(result: Result) -> list[str]:
    """Say what people did who looked at answers, if anybody did."""
    timeline = result.run.timeline
    sums = [
        f"{int(timeline.of_review(name).sum()):,} {'looked at' if name == 'looked' else name}"
        for name in timeline.told.reviews
    ]
    return [f"reviews   {', '.join(sums)}"] if sums else []


def _costs(result: Result) -> list[str]:
    """Say what the year cost, if anything has a price."""
    money = result.money
    if not money.total:
        return []
    paid = [f"{amount(value)} {name}" for name, value in money.parts.items() if value]
    return [
        f"cost      {amount(money.total)} {money.currency or '(no currency)'} = {' + '.join(paid)}"
    ]


def _versions(result: Result) -> list[str]:
    measure = str(result.run.scenario["loss"])
    rows = [
        [
            lived.version,
            quality(measure, lived.claim),
            UNKNOWN if lived.loss is None else quality(measure, lived.loss),
            f"{lived.requests:,}",
            _from(lived.first_us),
        ]
        for lived in result.lived
    ]
    head = ["version", "claimed offline", "lived to", "requests", "in service from"]
    lines = table(head, rows, right="requests")
    if len(lines) > 9:
        hidden = f"… and {len(rows) - 7} more, in summary.json"
        lines = [*lines[:5], hidden, *lines[-3:]]
    fits = [content(newest(result.run, one.version, "evaluation report")) for one in result.lived]
    told: dict[str, int] = {}
    for said in (str(report["fit"]) for report in fits if "fit" in report):
        told[said] = told.get(said, 0) + 1
    return lines + [f"({many} of {len(fits)} fits {said})" for said, many in told.items()]


def _signals(result: Result) -> list[str]:
    """Show what was measured of each stage, beside the calm world."""
    rows = [
        [signal.name, *map(_share, (signal.calm, signal.lived, signal.lowest, signal.highest))]
        for signal in result.signals
    ]
    head = ["measured", "calm", "lived", "lowest", "highest"]
    lines = table(head, rows, right=" ".join(head[1:]))
    return [*lines, "(means over all answers, and of the lowest and the highest week)"] * bool(rows)


def _share(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.3f}"


def _from(first_us: int | None) -> str:
    if first_us is None:
        return UNKNOWN
    return duration(first_us) if first_us else "the launch"


def _harmed(value: int | None, incident: Incident) -> str:
    """Return how many were harmed; a star says that others may have harmed them."""
    return _number(value) + ("*" if incident.shared_with and value is not None else "")


def _number(value: int | None) -> str:
    return UNKNOWN if value is None else f"{value:,}"
