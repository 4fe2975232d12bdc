"""Who sees what, and when, in words that fit a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.table import paragraph, table
from reports.words import count, duration
from sim.clock import SECOND_US

if TYPE_CHECKING:
    from reports.comparison.probing import Cause, Probe, Sighting
    from reports.intervals import Figure


LAGS = (
    "lags from the first moment on, of the years in which that layer alarmed: (n) in so many; "
    "*: first; –: nobody watches there; never: somebody does, in vain; business alone: when "
    "the figures of the week tell if nobody else watches and nobody acts"
)


def tell(found: Probe) -> str:
    """Return the table cause × layer, and the answer to the question."""
    title = (
        f"{found.policy}: quality falls 10 % tomorrow, {count(found.seeds, 'seed')} for each cause"
    )
    lines = [title, "", *table(heads(found), [row(cause) for cause in found.causes]), ""]
    lines += paragraph(LAGS)
    lines += paragraph(finding(found))
    for line in chances(found):
        lines += paragraph(f"by chance: {line}")
    lines += [f"failed    {line}" for line in found.failures[:5]]
    return "\n".join(lines)


def finding(found: Probe) -> str:
    """Return the answer in a sentence or two."""
    layers: dict[str, list[str]] = {}
    for cause in found.causes:
        if cause.first is not None:
            layers.setdefault(cause.first.layer, []).append(cause.name)
    said = [f"{', '.join(names)} by the {layer} layer" for layer, names in layers.items()]
    text = f"Seen first: {'; '.join(said)}." if said else "Nobody sees anything."
    if found.blind:
        text += f" Seen by nobody in most years: {', '.join(found.blind)}."
    return text


def heads(found: Probe) -> list[str]:
    """Return the head of the table cause × layer."""
    return ["cause", "fall", *found.layers, "well again", "business alone"]


def chances(found: Probe) -> list[str]:
    """Return which alarms would have come anyway, in the calm year, and how often."""
    told = [
        f"{cause.name}, {one.layer} layer: {one.by_chance.value:.0%} of years".replace("%", " %")
        for cause in found.causes
        for one in cause.sightings
        if one.by_chance.value > 0
    ]
    return told or ["no alarm would have come within the same time in the calm year"]


def row(cause: Cause) -> list[str]:
    """Return a cause as a row of the table."""
    first = cause.first
    told = [_seen(one, first=one is first) for one in cause.sightings]
    fall = f"{100 * cause.fall.value:.0f} %" if cause.fall.value == cause.fall.value else "–"
    if not cause.harmed:
        well = "no harm"
    elif cause.recovery_s is None:
        well = "never"
    else:
        well = _lag(cause.recovery_s, cause.recovered, cause.harmed)
    business = "never"
    if cause.business_s is not None:
        business = _lag(cause.business_s, cause.business_seen, cause.seeds)
    return [cause.name, fall, *told, well, business]


def _seen(one: Sighting, *, first: bool) -> str:
    if not one.monitors:
        return "–"
    if one.lag_s is None:
        return "never"
    return _lag(one.lag_s, one.seen, one.seeds) + (" *" if first else "")


def _lag(lag: Figure, seen: int, of: int) -> str:
    text = duration(round(lag.value * SECOND_US))
    return text if seen == of else f"{text} ({seen})"
