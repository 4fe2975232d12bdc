"""A scenario that looks like recorded data: its traffic, labels, columns, rule, and their drift."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from scenarios.replay.metric import RARE
from scenarios.replay.story import text_exactly
from sim.artifacts import Learned
from sim.clock import DAY_US, HOUR_US, us
from sim.concepts.lookalike import Feature, Lookalike
from sim.drift import CategoryShift, ConceptDrift, CovariateShift
from sim.errors import Mistake, refuse
from sim.labels import Constant, Labels, LogNormal
from sim.losses import Absolute, Costs, ZeroOne
from sim.scenario import Scenario
from sim.stream import Stream
from sim.table import UNKNOWN_TIME
from sim.traffic import Segments, Traffic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenarios.replay.story import Told
    from sim.drift import Drift
    from sim.table import Table

    Floats = NDArray[np.float64]

MOST = 50_000
"""Records, evenly picked, from which each stretch of time is estimated."""
QUANTILES = 21
_MOVED, _MIXED, _CERTAIN = 0.1, 0.05, 4.0
"""From which size on a drift is written down: deviations, share of records, standard errors."""


@dataclass(frozen=True)
class Stretch:
    """Records of some time: features with their gaps filled (n, d), outcomes (n)."""

    x: Floats
    y: Floats
    times_us: NDArray[np.int64]


def twin(table: Table, told: Told) -> Scenario:
    """Return a drawn scenario with what was estimated from *table*."""
    if len(table.about["classes"]) > 2:
        raise Mistake("a twin can have two classes or a number as its outcome, not more classes")
    long_us = us(told.scenario.horizon)
    first, last = stretches(table, told.origin_us, long_us)
    sizes = _sizes(table, first)
    before, errors = _rule(first, sizes, table)
    after, later_errors = _rule(last, sizes, table)
    off = _off(before, float(first.y.mean()))
    before = replace(before, base=round(before.base + off, 6))
    late = replace(
        before,
        base=round(after.base + off, 6),
        features=tuple(
            replace(old, effects=new.effects)
            for old, new in zip(before.features, after.features, strict=True)
        ),
    )
    drifts = _columns_drift(before, first, last, sizes, long_us)
    if _certain(before, late, errors, later_errors):
        drifts = (*drifts, ConceptDrift(name="rule", to=late, **_all_along(long_us)))
    share = float(first.y.mean()) if not before.spread else 0.5
    loss, weight = _asked(told) if told.chosen else _loss(before, share)
    return Scenario(
        name=told.scenario.name.replace("replay of", "twin of"),
        domain="recorded",
        story="A drawn world with the traffic, labels, columns and drift of recorded data.",
        stream=Stream(
            concept=before,
            traffic=_traffic(table, told),
            drifts=drifts,
            segments=_segments(table, told),
        ),
        horizon=told.scenario.horizon,
        labels=_labels(table, told),
        artifact=Learned(estimator=_estimator(before, weight)),
        loss=loss,
        launch=told.scenario.launch,
        calendar=told.scenario.calendar,
    )


def stretches(table: Table, origin_us: int, long_us: int) -> tuple[Stretch, Stretch]:
    """Return the history and the last third of the time after the launch."""
    start = int(table.times_us.searchsorted(origin_us))
    late = int(table.times_us.searchsorted(origin_us + long_us * 2 // 3))
    return _stretch(table, 0, start), _stretch(table, late, len(table))


def _stretch(table: Table, start: int, stop: int) -> Stretch:
    step, size = max(1, -(-(stop - start) // MOST)), 65_536
    parts = []
    for at in range(start, stop, size):
        end = min(stop, at + size)
        rows = slice((-(at - start)) % step, None, step)
        parts.append(
            (table.read("x", at, end)[rows], table.read("y", at, end)[rows],
             np.asarray(table.times_us[at:end])[rows])
        )  # fmt: skip
    x, y, times = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return Stretch(x[:, : len(table.about["features"])], y, times)


def _off(rule: Lookalike, wanted: float) -> float:
    """Return what the base lacks: columns drawn independently have another mean outcome."""
    coins = np.random.Generator(np.random.SFC64(0)).random((20_000, len(rule.features)))
    score = rule.score(np.column_stack([f.drawn(coins[:, k]) for k, f in enumerate(rule.features)]))
    if rule.spread:
        return wanted - float(score.mean())
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        mean = float((1 / (1 + np.exp(-np.clip(score + middle, -700, 700)))).mean())
        low, high = (middle, high) if mean < wanted else (low, middle)
    return low


def _sizes(table: Table, first: Stretch) -> list[int]:
    """Return how many categories each column has from the start, 0 for a number."""
    sizes = []
    for place, feature in enumerate(table.about["features"]):
        known = first.x[:, place][np.isfinite(first.x[:, place])]
        size = int(known.max()) + 1 if len(known) and feature["kind"] == "category" else 0
        sizes.append(size)
    return sizes


def _rule(part: Stretch, sizes: list[int], table: Table) -> tuple[Lookalike, Floats]:
    """Fit a linear rule; return it with the standard errors of its effects."""
    columns, centres, scales = [], [], []
    for place, size in enumerate(sizes):
        values = part.x[:, place]
        if size:
            columns += [(values == code).astype(np.float64) for code in range(size)]
            centres += [0.0] * size
            scales += [1.0] * size
        else:
            known = values[np.isfinite(values)]
            centre = float(known.mean()) if len(known) else 0.0
            scale = float(known.std()) or 1.0 if len(known) else 1.0
            columns.append(np.where(np.isfinite(values), (values - centre) / scale, 0.0))
            centres.append(centre)
            scales.append(scale)
    design = np.column_stack(columns)
    classes = len(table.about["classes"])
    model = LogisticRegression(max_iter=500) if classes else Ridge()
    if classes and len(np.unique(part.y)) < 2:
        raise Mistake("a stretch of the data has one class only: no twin can be fitted to it")
    model.fit(design, part.y)
    coefficients = np.asarray(model.coef_, dtype=np.float64).reshape(-1)
    base = float(np.asarray(model.intercept_).reshape(-1)[0])
    spread, weights = 0.0, np.ones(len(design))
    if classes:
        chance = model.predict_proba(design)[:, 1]
        weights = chance * (1 - chance)
    else:
        spread = float((part.y - model.predict(design)).std()) or 1e-9
        weights /= spread * spread
    information = (design * weights[:, None]).T @ design + np.eye(design.shape[1])
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    effects = coefficients / np.array(scales)
    base -= float((effects * np.array(centres)).sum())
    return Lookalike(features=_features(part, sizes, table, effects), base=base, spread=spread), (
        errors / np.array(scales)
    )


def _features(
    part: Stretch, sizes: list[int], table: Table, effects: Floats
) -> tuple[Feature, ...]:
    found, at = [], 0
    for place, (size, feature) in enumerate(zip(sizes, table.about["features"], strict=True)):
        mine = tuple(round(float(e), 6) for e in effects[at : at + max(size, 1)])
        at += max(size, 1)
        known = part.x[:, place][np.isfinite(part.x[:, place])]
        if size:
            found.append(
                Feature(name=feature["name"], effects=mine, shares=_mix(known[known < size], size))
            )
            continue
        grid = np.quantile(known, np.linspace(0, 1, QUANTILES)) if len(known) else np.zeros(2)
        quantiles = tuple(float(f"{q:.6g}") for q in grid)
        found.append(Feature(name=feature["name"], effects=mine, quantiles=quantiles))
    return tuple(found)


def _mix(codes: NDArray[Any], size: int) -> tuple[float, ...]:
    """Return the shares of codes, rounded so that they add up to 1."""
    counts = np.bincount(codes.astype(np.int64), minlength=size)
    shares = np.round(counts / max(counts.sum(), 1), 6)
    shares[int(shares.argmax())] += 1.0 - shares.sum()
    return tuple(round(float(share), 6) for share in shares)


def _all_along(long_us: int) -> dict[str, Any]:
    """Return the shape of a drift that goes on from the launch to the end."""
    return {"at": "0s", "shape": "incremental", "width": text_exactly(long_us)}


def _columns_drift(
    rule: Lookalike, first: Stretch, last: Stretch, sizes: list[int], long_us: int
) -> tuple[Drift, ...]:
    """Return the columns that move: by five sixths of the time as far as was measured."""
    drifts: list[Drift] = []
    for place, (size, feature) in enumerate(zip(sizes, rule.features, strict=True)):
        old, new = (part.x[:, place][np.isfinite(part.x[:, place])] for part in (first, last))
        if not len(old) or not len(new):
            continue
        if size:
            wider = max(size, int(new.max()) + 1)
            mixes = np.array(_mix(old, wider)), np.array(_mix(new, wider))
            if np.abs(mixes[1] - mixes[0]).sum() / 2 > _MIXED:
                drifts.append(
                    CategoryShift(
                        name=f"mix of {feature.name}",
                        columns=(feature.name,),
                        mix=_mix(new, wider),
                        at="0s",
                        shape="gradual",
                        width=text_exactly(long_us),
                    )
                )
        elif abs(new.mean() - old.mean()) > _MOVED * (old.std() or 1.0):
            shift = float(f"{(new.mean() - old.mean()) * 6 / 5:.6g}")
            drifts.append(
                CovariateShift(
                    name=f"{feature.name} moves",
                    columns=(feature.name,),
                    shift=shift,
                    **_all_along(long_us),
                )
            )
    return tuple(drifts)


def _certain(old: Lookalike, new: Lookalike, errors: Floats, later: Floats) -> bool:
    """Say whether an effect has changed beyond doubt."""
    pairs = zip(old.features, new.features, strict=True)
    gaps = np.array([b - a for f, g in pairs for a, b in zip(f.effects, g.effects, strict=True)])
    return bool((np.abs(gaps) > _CERTAIN * np.sqrt(errors**2 + later**2)).any())


def _asked(told: Told) -> tuple[Any, str | None]:
    """Return the loss that was asked for, and how the classifier weighs its classes."""
    how = told.metric
    if how.chance or how.signals:
        refuse("--metric", how.name, "a twin answers classes: accuracy or cost(…)")
    return how.loss, "balanced" if isinstance(how.loss, Costs) else None


def _segments(table: Table, told: Told) -> Segments | None:
    """Return the groups of users, by their shares of the records after the launch."""
    names = tuple(table.about["segments"])
    if not names:
        return None
    start = int(table.times_us.searchsorted(told.origin_us))
    codes = table.read("segment", start, min(len(table), start + 1_000_000))
    return Segments(names=names, shares=_mix(codes, len(names)))


def _loss(rule: Lookalike, share: float) -> tuple[Any, str | None]:
    """Return a loss that says something, and how the classifier weighs its classes."""
    if rule.spread:
        return Absolute(), None
    if min(share, 1 - share) >= RARE:
        return ZeroOne(), None
    return Costs(false_positive=1.0, false_negative=round((1 - share) / share, 3)), "balanced"


def _estimator(rule: Lookalike, weight: str | None) -> Pipeline:
    last = Ridge() if rule.spread else LogisticRegression(class_weight=weight, max_iter=500)
    return Pipeline([("gaps", SimpleImputer()), ("scale", StandardScaler()), ("model", last)])


def _traffic(table: Table, told: Told) -> Traffic:
    """Return rate, daily swing and weekends, estimated from all records after the launch."""
    start = int(table.times_us.searchsorted(told.origin_us))
    step = max(1, (len(table) - start) // 1_000_000)
    since_us = np.asarray(table.times_us[start::step]) - told.origin_us
    first = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday").index(
        told.scenario.calendar.starts_on
    )
    long_us = us(told.scenario.horizon)
    days = (np.arange(max(1, long_us // DAY_US)) + first) % 7
    rest = np.isin((since_us // DAY_US + first) % 7, (5, 6))
    weekdays, weekends = int((days < 5).sum()), int((days >= 5).sum())
    on_weekday = float((~rest).sum()) * step / max(weekdays, 1)
    weekend = float(rest.sum()) * step / weekends / on_weekday if weekends and on_weekday else 1.0
    turn = 2 * np.pi * ((since_us % DAY_US) / DAY_US - 4 / 24)
    swing = float(np.clip(-2.0 * np.cos(turn).mean(), 0.0, 1.0))
    entities = 10_000
    if table.has("entity"):
        entities = len(np.unique(table.read("entity", start, min(len(table), start + 1_000_000))))
    return Traffic(
        rate=f"{on_weekday * HOUR_US / DAY_US:.4f}/h",
        daily=round(swing, 3),
        weekend=round(weekend, 3),
        entities=max(entities, 1),
    )


def _labels(table: Table, told: Told) -> Labels:
    """Return the label process: a lognormal delay and how many labels ever come."""
    if not table.has("label_delay"):
        return Labels(delay=Constant(delay=text_exactly(told.scenario.labels.delay.quantile_us(1))))
    delays = table.delays_us
    known = delays[delays != UNKNOWN_TIME]
    coverage = round(len(known) / max(len(delays), 1), 4)
    positive = known[known > 0]
    if not len(positive):
        return Labels(delay=Constant(delay="0s"), coverage=coverage)
    logs = np.log(positive.astype(np.float64))
    median = text_exactly(round(float(np.exp(logs.mean())) / 1e6) * 1_000_000)
    return Labels(
        delay=LogNormal(median=median, sigma=round(float(logs.std()), 3)), coverage=coverage
    )
