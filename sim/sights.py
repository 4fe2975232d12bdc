"""What monitors are shown of a page: its labels, its requests, its ticks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.arrivals import sealed
from sim.monitoring import DeskSeen, LabelsSeen, RequestsSeen, TicksSeen

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.accounts import Accounts
    from sim.arrivals import Arrivals
    from sim.monitoring import Baseline
    from sim.sheet import Sheet

LABEL_FIELDS = ("label", "answer", "score", "loss", "arm")
"""What monitors see of a label, in the order of `LabelsSeen`; users of segments see theirs."""


def labels_seen(labels: Arrivals, fields: tuple[str, ...], signals: tuple[str, ...]) -> LabelsSeen:
    """Return the *fields* of all labels that arrive during a page, and their *signals*."""
    seen = LabelsSeen(*(labels.get(name) for name in fields))
    if signals:
        seen = replace(seen, names=signals, signals=labels.get("signals"))
    return seen


def requests_seen(sheet: Sheet, rows: slice) -> RequestsSeen:
    """Return what is seen at once of the *rows* of a page."""
    wire = sheet.page.wire
    seen = RequestsSeen(
        wire.schema.names,
        wire.x[rows],
        sealed(sheet.score[rows]),
        sealed(sheet.answer[rows]),
        sealed(sheet.arm[rows]),
        None if sheet.page.truth.segment is None else sealed(sheet.page.truth.segment[rows]),
    )
    names = sheet.rules.vitals
    if names:
        seen = replace(seen, vital_names=names, vitals=sealed(sheet.vitals[rows]))
    return seen


def ticks_seen(sheet: Sheet, baseline: Baseline, skip: int) -> TicksSeen:
    """Return what came in, tick by tick, but for the first *skip* ticks."""
    wire, bounds = sheet.page.wire.lined_up(sheet.received_bounds[skip:])
    return TicksSeen(wire, bounds, baseline, sheet.first_tick + skip, sheet.rules.tick_us)


def desk_seen(
    sheet: Sheet,
    labels: LabelsSeen,
    label_bounds: NDArray[np.int64],
    foreseen: dict[str, NDArray[Any]],
    accounts: Accounts,
    baseline: Baseline,
    skip: int,
) -> DeskSeen:
    """Return what was answered and judged, tick by tick, but for the first *skip* ticks."""
    bounds, label_bounds = sheet.request_bounds[skip:], label_bounds[skip:]
    gained = accounts.gained(sheet, foreseen)
    return DeskSeen(
        requests_seen(sheet, slice(int(bounds[0]), int(bounds[-1]))),
        sealed(bounds - bounds[0]),
        labels.between(int(label_bounds[0]), int(label_bounds[-1])),
        sealed(label_bounds - label_bounds[0]),
        {name: array[skip:] for name, array in gained.items()},
        accounts.timeline.told,
        baseline,
        sheet.first_tick + skip,
        sheet.rules.tick_us,
        sealed(sheet.passed_us[skip:]),
    )
