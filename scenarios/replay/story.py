"""A table as a scenario: when the launch was, what came late, what answers, what is varied."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from scenarios.replay.artifact import Answering, Columns, Estimated, Held, LoggedScores
from scenarios.replay.metric import RARE, Metric, metric
from scenarios.replay.prepared import estimator
from scenarios.replay.warned import missing_by_decision
from sim.chance import Luck
from sim.clock import DAY_US, HOUR_US, WEEK_US, WEEKDAYS, Calendar, positive_us, text, us
from sim.digest import digest
from sim.errors import Mistake, one_of, refuse
from sim.labels import Constant, Labels, LogNormal
from sim.recorded import History, Logged, LoggedLabels, Recorded, pace
from sim.scenario import Launch, Scenario, Service, batch, ticks_in
from sim.schema import Column, Schema
from sim.traffic import Names

if TYPE_CHECKING:
    from sim.faults import Fault
    from sim.table import Table

VARIED = ("bootstrap", "faults", "delays")
HISTORY_SHARE = 0.2
LEAST_HISTORY, MOST_HISTORY = 50, 200_000
"""How many records the launch model is trained on."""
SPREAD = 0.5
"""How far delays vary around the one that is given, on the log scale."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How a table is to be replayed.

    *launch_after* is a date or a duration of history ('' for a fifth of the time), *model* an
    estimator (None: a linear one), *ready* whether it was fitted already, *vary* what differs from
    seed to seed.
    """

    launch_after: str = ""
    label_delay: str = ""
    metric: str = ""
    model: Any = None
    model_digest: str = ""
    ready: bool = False
    faults: tuple[Fault, ...] = ()
    every: str = ""
    tick: str = "1h"
    vary: str = ""
    name: str = "replay"


@dataclass(frozen=True)
class Told:
    """A *scenario* made of a table, the *metric* it is judged by, and *notes* on what to beware.

    *chosen*: the metric was asked for.
    """

    scenario: Scenario
    metric: Metric
    origin_us: int
    history: int
    chosen: bool
    notes: list[str] = field(default_factory=list)


def told(table: Table, terms: Terms, *, seed: int = 0) -> Told:
    """Return the scenario that replays *table*; *seed* chooses where `vary='faults'` puts them."""
    origin_us, end_us = _span(table, terms)
    start = int(table.times_us.searchsorted(origin_us))
    about = table.about
    classes = len(about["classes"])
    shares = _shares(table, classes, start)
    how = metric(terms.metric, classes, min(shares) if classes else 1.0)
    first = max(0, start - MOST_HISTORY)
    window_us = origin_us - int(table.times_us[first])
    concept = History(schema=_schema(table, origin_us), classes=0 if how.chance else classes)
    horizon_us = end_us - origin_us
    ticks_in(horizon_us, terms.tick, "--tick")
    traffic = pace(table.times_us, origin_us, end_us, unit_us=us(terms.tick))
    block_us = 0
    if terms.vary:
        one_of("--vary", terms.vary, VARIED)
    if terms.vary == "bootstrap":
        block_us = WEEK_US if horizon_us >= 4 * WEEK_US else DAY_US
    stream = Recorded(
        table=table,
        concept=concept,
        traffic=traffic,
        origin_us=origin_us,
        horizon=text_exactly(horizon_us),
        tick=terms.tick,
        every=terms.every,
        block=text(block_us) if block_us else "",
        segments=Names(names=tuple(about["segments"])) if about["segments"] else None,
    )
    scenario = Scenario(
        name=terms.name,
        domain="recorded",
        story="A team's own history, replayed: the requests, in their order, as they came.",
        stream=stream,  # type: ignore[arg-type]
        horizon=text_exactly(horizon_us),
        tick=terms.tick,
        faults=_faults(terms, horizon_us, seed),
        labels=_labels(table, stream, terms),
        artifact=_artifact(table, terms, how, classes),
        loss=how.loss,
        service=batch(every=terms.every) if terms.every else Service(),
        launch=Launch(window=text_exactly(max(window_us, HOUR_US))),
        calendar=Calendar(starts_on=WEEKDAYS[_weekday(origin_us)]),
    )
    notes, chosen = _notes(table, terms, how, shares), bool(terms.metric)
    return Told(scenario, how, origin_us, start - first, chosen, notes)


def text_exactly(value_us: int) -> str:
    """Return a duration as text that is read back as it was.

    >>> text_exactly(90_000_000)
    '90s'
    """
    return f"{value_us // 1_000_000}s" if value_us % 1_000_000 == 0 else f"{value_us}us"


def _weekday(time_us: int) -> int:
    return (time_us // DAY_US + 3) % 7  # the epoch was a Thursday


def _span(table: Table, terms: Terms) -> tuple[int, int]:
    """Return midnight of the launch, and the end: whole ticks, the last record within."""
    first_us, last_us = int(table.times_us[0]), int(table.times_us[-1])
    if last_us - first_us < 2 * DAY_US:
        raise Mistake(
            f"the data reach over {text(last_us - first_us)}: a replay needs two days, a history "
            "to learn from and a time to serve"
        )
    if terms.launch_after:
        asked_us = launch_us(terms.launch_after, first_us)
    else:
        asked_us = first_us + int((last_us - first_us) * HISTORY_SHARE)
    origin_us = -(-asked_us // DAY_US) * DAY_US
    tick_us = positive_us(terms.tick, "--tick")
    every_us = max(us(terms.every) if terms.every else tick_us, tick_us)
    end_us = origin_us + (max(0, last_us - origin_us) // every_us + 1) * every_us
    if not first_us < origin_us <= last_us:
        refuse(
            "--launch-after",
            terms.launch_after or "a fifth of the time",
            f"the data reach from {date(first_us)} to {date(last_us)}, and the launch must leave "
            "history before it and records after it",
        )
    before = int(table.times_us.searchsorted(origin_us))
    if before < LEAST_HISTORY:
        refuse(
            "--launch-after",
            terms.launch_after or "a fifth of the time",
            f"only {before} records with an outcome lie before {date(origin_us)}, too few to "
            f"learn from (at least {LEAST_HISTORY})",
        )
    return origin_us, end_us


def origin_us(table: Table, terms: Terms) -> int:
    """Return midnight of the launch, since the epoch."""
    return _span(table, terms)[0]


def launch_us(words: str, first_us: int) -> int:
    """Read a date, or a duration from the first record on."""
    import pandas as pd

    try:
        stamp = pd.Timestamp(words)
    except ValueError:
        return first_us + us(words, "--launch-after")
    stamp = stamp.tz_convert(None) if stamp.tzinfo else stamp
    return int(stamp.timestamp() * 1_000_000)


def date(time_us: int) -> str:
    """Return the day of a time."""
    return str(np.datetime64(time_us, "us").astype("datetime64[D]"))


def _shares(table: Table, classes: int, start: int) -> list[float]:
    """Return the share of each class before the launch."""
    if not classes:
        return []
    counts = np.zeros(classes)
    for at in range(0, start, 1 << 20):
        y = table.read("y", at, min(start, at + (1 << 20)))
        counts += np.bincount(y.astype(np.int64), minlength=classes)
    if (counts > 0).sum() < 2:
        only = table.about["classes"][int(counts.argmax())]
        raise Mistake(
            f"before the launch all {start:,} outcomes are {only!r}: nothing to tell apart; choose "
            "a later --launch-after"
        )
    return list(counts / counts.sum())


def _schema(table: Table, origin_us: int) -> Schema:
    """Return the columns; categories that appear after the launch are not agreed.

    Categories stand there by number: what cells hold is nothing for reports.
    """
    columns = []
    for feature in table.about["features"]:
        agreed = sum(at_us < origin_us for at_us in feature["first_seen_us"])
        optional = feature["missing"] > 0
        if feature["kind"] == "number" or not agreed:
            columns.append(Column(name=feature["name"], optional=optional))
        else:
            codes = tuple(f"#{code}" for code in range(agreed))
            columns.append(
                Column(name=feature["name"], kind="category", categories=codes, optional=optional)
            )
    if table.about["asked"]["prediction"]:
        columns.append(Column(name=table.about["asked"]["prediction"], optional=True))
    return Schema(tuple(columns))


def _labels(table: Table, stream: Recorded, terms: Terms) -> Labels:
    logged = bool(table.about["asked"]["label_time"])
    if logged and terms.label_delay:
        raise Mistake("--label-delay and --label-time both say when labels come: give one of them")
    if logged:
        early, known = table.about["fates"]["early"], len(table)
        if early > known / 2:
            raise Mistake(
                f"--label-time {table.about['asked']['label_time']!r} lies before --time in "
                f"{early:,} of {known:,} records: are the two mixed up?"
            )
        return LoggedLabels(delay=Logged(stream=stream, shuffled=terms.vary == "delays"))
    delay = terms.label_delay or "0s"
    us(delay, "--label-delay")
    if terms.vary == "delays":
        if us(delay) == 0:
            raise Mistake("--vary is 'delays': say how long labels take with --label-delay")
        return Labels(delay=LogNormal(median=delay, sigma=SPREAD))
    return Labels(delay=Constant(delay=delay))


def _artifact(table: Table, terms: Terms, how: Metric, classes: int) -> Any:
    answering = Answering(classes=classes, chance=how.chance, cut=how.loss.cut, signals=how.signals)
    features = table.about["features"]
    if terms.model is None and table.about["asked"]["prediction"]:
        return LoggedScores(place=len(features), how=answering)
    if terms.model is None:
        first_us, _ = _span(table, terms)
        agreed = tuple(
            sum(at_us < first_us for at_us in f["first_seen_us"]) if f["kind"] == "category" else 0
            for f in features
        )
        made = estimator(agreed, classes, balanced=how.name == "f1")
        return Estimated(estimator=made, how=answering, width=len(features))
    words = [
        np.array(f["categories"], dtype=object) if f["kind"] == "category" else None
        for f in features
    ]
    values = Held(words, digest([f["categories"] for f in features]))
    names = tuple(f["name"] for f in features)
    return Estimated(
        estimator=terms.model,
        how=answering,
        width=len(features),
        columns=Columns(names=names, categories=values),
        ready=Held(terms.model, terms.model_digest) if terms.ready else None,
        positive=table.about["classes"][-1] if classes else "",
    )


def _faults(terms: Terms, horizon_us: int, seed: int) -> tuple[Fault, ...]:
    """Return the faults; varied, each begins somewhere between a tenth and eight tenths."""
    if terms.vary != "faults":
        for fault in terms.faults:
            if fault.at_us >= horizon_us:
                refuse(
                    f"{fault.label}.at", fault.at, f"the replay is over after {text(horizon_us)}"
                )
        return terms.faults
    if not terms.faults:
        raise Mistake("--vary is 'faults': inject at least one with --fault")
    moved = []
    for fault in terms.faults:
        share = 0.1 + 0.7 * Luck(seed).uniform("time of fault", fault.label)
        at_us = int(share * horizon_us) // HOUR_US * HOUR_US
        until = ""
        if fault.until_us is not None:
            until = text_exactly(at_us + fault.until_us - fault.at_us)
        moved.append(replace(fault, at=text_exactly(at_us), until=until))
    return tuple(moved)


def _notes(table: Table, terms: Terms, how: Metric, shares: list[float]) -> list[str]:
    """Return what a reader of the results has to know."""
    about, fates, notes = table.about, table.about["fates"], []
    if shares and min(shares) < RARE:
        common = f"answering {about['classes'][int(np.argmax(shares))]!r} to everybody is"
        words = f"the rarer class has {100 * min(shares):.1f} %: {common} {100 * max(shares):.1f} %"
        if how.name == "accuracy":
            notes.append(f"{words} right, so accuracy says little; try --metric pr-auc or cost(…)")
        elif not terms.metric:
            notes.append(f"{words} right, so {how.name} is taken instead of accuracy")
    if how.name in ("pr-auc", "f1"):
        notes.append(
            f"{how.name} is no mean over records: monitors and harm go by {how.loss!r}; it is "
            "counted from the ledger's sums at the end"
        )
    if fates["unlabelled"]:
        share = fates["unlabelled"] / about["file_records"]
        notes.append(
            f"{fates['unlabelled']:,} records ({100 * share:.1f} %) have no outcome and are left "
            "out: no answer to them can be judged"
        )
    notes += missing_by_decision(fates)
    if fates["never"]:
        notes.append(f"{fates['never']:,} outcomes have no label time: the team never hears them")
    if fates["early"]:
        notes.append(f"{fates['early']:,} labels lie before their request: they count from it on")
    if about["backwards"]:
        notes.append(f"times go backwards {about['backwards']:,} times: the records were sorted")
    if about["repeated"] > len(table) / 10:
        notes.append(
            f"{about['repeated']:,} records come at the same instant as the one before: they keep "
            "the file's order"
        )
    for feature in about["features"]:
        if feature["distinct"] <= 1:
            notes.append(f"{feature['name']} has one value: nothing can be learned from it")
    if terms.model is not None and about["asked"]["prediction"]:
        notes.append(
            "the model answers, not the logged scores: they only show whether outcomes are missing "
            "more often after one decision"
        )
    elif about["asked"]["prediction"]:
        notes.append(
            "answers are the logged scores: every training fails, and a fault in a feature does "
            f"not change them (one in {about['asked']['prediction']} does)"
        )
    if not about["asked"]["label_time"] and not terms.label_delay:
        notes.append("labels are taken to arrive at once: give --label-time or --label-delay")
    notes.append(
        "the best possible answer and when the data drifted by nature are unknown: ideal is "
        "unavailable, and alarms outside injected faults cannot be judged"
    )
    return notes
