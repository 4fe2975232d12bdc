"""The compiled detectors give River's alarms, all of them and no others."""

from __future__ import annotations

import doctest
import importlib
import json
import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from river import drift
from river.drift import binary

from strategies.detectors import ADWIN, DDM, EDDM, HDDMA, HDDMW, PageHinkley

Floats = NDArray[np.float64]
Detector = ADWIN | DDM | EDDM | HDDMA | HDDMW | PageHinkley

KINDS = [ADWIN, DDM, PageHinkley, EDDM, HDDMA, HDDMW]
WITH_WARNINGS: list[type[Detector]] = [DDM, EDDM, HDDMA, HDDMW]
RIVERS: dict[type[Detector], Any] = {
    ADWIN: drift.ADWIN,
    DDM: binary.DDM,
    EDDM: binary.EDDM,
    HDDMA: binary.HDDMA,
    HDDMW: binary.HDDMW,
    PageHinkley: drift.PageHinkley,
}
STREAMS = 300
TRUTH = json.loads((Path(__file__).parents[2] / "data" / "portable_alarms.json").read_text())


def rivers(detector: Detector) -> Any:
    """Return River's detector with the same parameters."""
    return RIVERS[type(detector)](**vars(detector))


def rivers_alarms(detector: Detector, values: Floats) -> list[int]:
    river, alarms = rivers(detector), []
    for i, x in enumerate(values.tolist()):
        river.update(x)
        if river.drift_detected:
            alarms.append(i)
    return alarms


def alarms_by_scan(running: Any, values: Floats, start: int = 0) -> list[int]:
    alarms = []
    while (index := running.scan(values[start:])) >= 0:
        alarms.append(start := start + index)
        start += 1
    return alarms


def some_parameters(kind: type[Detector], chance: np.random.Generator) -> Detector:
    if kind is ADWIN:
        return ADWIN(
            delta=float(chance.choice([1e-6, 0.002, 0.05, 0.3, 1.0])),
            clock=int(chance.choice([1, 2, 7, 32, 100])),
            max_buckets=int(chance.integers(2, 12)),
            min_window_length=int(chance.choice([1, 2, 5, 20])),
            grace_period=int(chance.choice([0, 10, 100])),
        )
    if kind is DDM:
        return DDM(
            warm_start=int(chance.choice([0, 1, 30, 100])),
            warning_threshold=float(chance.choice([0.0, 0.5, 1.0, 2.0])),
            drift_threshold=float(chance.choice([0.5, 1.0, 2.0, 3.0])),
        )
    if kind is EDDM:
        alpha = float(chance.choice([0.5, 0.8, 0.95, 1.0]))
        return EDDM(
            warm_start=int(chance.choice([0, 1, 30, 100])),
            alpha=alpha,
            beta=alpha * float(chance.choice([0.5, 0.9, 0.99, 1.0])),
        )
    if kind is HDDMA or kind is HDDMW:
        detector = kind(
            drift_confidence=float(chance.choice([1e-9, 0.001, 0.05, 0.5, 1.0])),
            warning_confidence=float(chance.choice([1e-9, 0.005, 0.2, 1.0])),
            two_sided_test=bool(chance.random() < 0.5),
        )
        if isinstance(detector, HDDMA):
            return detector
        return replace(detector, lambda_val=float(chance.choice([0.0, 0.01, 0.05, 0.3, 1.0])))
    return PageHinkley(
        min_instances=int(chance.choice([0, 1, 30, 100])),
        delta=float(chance.choice([0.0, 0.005, 0.2])),
        threshold=float(chance.choice([0.0, 0.7, 5.0, 50.0])),
        alpha=float(chance.choice([0.9, 0.9999, 1.0])),
        mode=str(chance.choice(["up", "down", "both"])),
    )


def errors(chance: np.random.Generator) -> Floats:
    """Return 0 and 1 whose rate jumps several times, rates 0 and 1 included."""
    rates = chance.choice([0.0, 0.02, 0.1, 0.2, 0.35, 0.5, 0.9, 1.0], chance.integers(2, 8))
    return np.concatenate([chance.random(chance.integers(1, 800)) < rate for rate in rates]) * 1.0


def numbers(chance: np.random.Generator) -> Floats:
    """Return real numbers whose distribution jumps several times, some beyond exact sums."""
    offset = chance.choice([0.0, -3.0, 1e3, 1e9, 3e14, 1e17])
    spread = chance.choice([1.0, 8.0])
    parts = []
    for _ in range(chance.integers(2, 8)):
        size = chance.integers(1, 800)
        part = chance.normal(2 * chance.normal(), chance.exponential(), size)
        parts.append(np.sinh(part / spread) * spread if chance.random() < 0.3 else part)
    return np.asarray(np.concatenate(parts) + offset)


def shares(chance: np.random.Generator) -> Floats:
    """Return numbers from 0 to 1 whose distribution jumps several times, the ends included."""
    sizes = chance.integers(1, 800, chance.integers(2, 8))
    shapes = chance.choice([0.1, 1.0, 5.0], (len(sizes), 2)).tolist()
    parts = [chance.beta(a, b, size) for (a, b), size in zip(shapes, sizes.tolist(), strict=True)]
    return np.asarray(np.concatenate(parts).round(int(chance.choice([1, 3, 17]))))


def a_case(kind: type[Detector], seed: int) -> tuple[Detector, Floats]:
    chance = np.random.default_rng([KINDS.index(kind), seed])
    detector = kind() if seed % 4 == 0 else some_parameters(kind, chance)
    if kind in (DDM, EDDM) or chance.random() < 0.4:
        return detector, errors(chance)
    if kind in (HDDMA, HDDMW):
        return detector, shares(chance)
    return detector, numbers(chance)


@pytest.mark.parametrize("kind", KINDS)
def test_every_alarm_is_rivers(kind: type[Detector]) -> None:
    total = 0
    for seed in range(STREAMS):
        detector, values = a_case(kind, seed)
        expected = rivers_alarms(detector, values)
        assert alarms_by_scan(detector.start(), values) == expected, (seed, detector)
        total += len(expected)
    assert total > STREAMS  # or the streams would show little


@pytest.mark.parametrize("kind", KINDS)
def test_blocks_of_any_size_give_the_same_alarms_and_the_same_state(kind: type[Detector]) -> None:
    for seed in range(STREAMS):
        detector, values = a_case(kind, seed)
        chance = np.random.default_rng(seed)
        whole, parts = detector.start(), detector.start()
        expected = alarms_by_scan(whole, values)
        cuts = np.sort(chance.integers(0, len(values) + 1, chance.integers(1, 200)))
        alarms = []
        for start, stop in pairwise([0, *cuts.tolist(), len(values)]):
            alarms += alarms_by_scan(parts, values[:stop], start)
        assert alarms == expected, (seed, detector)
        assert parts.drift_detected == whole.drift_detected
        if not whole.drift_detected:  # what is left over in the state is then forgotten
            np.testing.assert_array_equal(parts.snapshot(), whole.snapshot())


@pytest.mark.parametrize("kind", KINDS)
def test_a_restored_detector_has_the_very_same_future(kind: type[Detector]) -> None:
    for seed in range(STREAMS):
        detector, values = a_case(kind, seed)
        chance = np.random.default_rng(seed)
        running = detector.start()
        now = int(chance.integers(0, len(values)))
        alarms_by_scan(running, values[:now])
        before = running.drift_detected, running.warning_detected
        snapshot = running.snapshot()
        future = alarms_by_scan(running, values, now)
        end = running.snapshot()
        alarms_by_scan(running, values[::-1].copy())
        for again in (running, running, detector.start()):
            again.restore(snapshot)
            assert (again.drift_detected, again.warning_detected) == before
            assert alarms_by_scan(again, values, now) == future
            np.testing.assert_array_equal(again.snapshot(), end)


@pytest.mark.parametrize("kind", KINDS)
def test_value_by_value_it_says_what_river_says(kind: type[Detector]) -> None:
    for seed in range(40):
        detector, values = a_case(kind, seed)
        running, river = detector.start(), rivers(detector)
        for i, x in enumerate(values.tolist()):
            running.update(x)
            river.update(x)
            assert running.drift_detected == river.drift_detected, (seed, i)
            if kind in WITH_WARNINGS:
                assert running.warning_detected == river.warning_detected, (seed, i)


def test_adwins_window_is_rivers_to_the_last_bit_at_alarms_too() -> None:
    alarms = 0
    for seed in range(60):
        detector, values = a_case(ADWIN, seed)
        running, river = ADWIN(**vars(detector)).start(), rivers(detector)
        assert (running.width, running.estimation) == (river.width, river.estimation) == (0, 0)
        for i, x in enumerate(values.tolist()):
            running.update(x)
            river.update(x)
            alarms += river.drift_detected
            assert (running.width, running.total, running.variance, running.estimation) == (
                river.width,
                river.total,
                river.variance,
                river.estimation,
            ), (seed, i)
    assert alarms > 60


@pytest.mark.parametrize("kind", [DDM, PageHinkley])
def test_the_sums_it_keeps_are_rivers_to_the_last_bit(kind: type[Detector]) -> None:
    for seed in range(60):
        detector, values = a_case(kind, seed)
        running, river = detector.start(), rivers(detector)
        for i, x in enumerate(values.tolist()):
            running.update(x)
            river.update(x)
            if kind is DDM:
                expected = [river._p.n, river._p.get(), river._ps_min]
            else:
                expected = [river._x_mean.n, river._x_mean.get()]
                expected += [river._sum_increase, river._sum_decrease]
                expected += [river._min_increase, river._max_decrease]
            assert running.snapshot()[2 : 2 + len(expected)].tolist() == expected, (seed, i)


def test_adwins_window_stays_rivers_when_it_grows_long() -> None:
    values = np.random.default_rng(5).normal(0.2, 1.0, 300_000)
    river, running = drift.ADWIN(), ADWIN().start()
    alarms = [i for i, x in enumerate(values.tolist()) if river.update(x) or river.drift_detected]
    assert alarms_by_scan(running, values) == alarms
    assert running.width > 100_000
    assert (running.width, running.total, running.variance) == (
        river.width,
        river.total,
        river.variance,
    )


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(st.floats() | st.sampled_from([0.0, 1.0, 1e9, 1e9 + 1]), max_size=200),
    st.integers(2, 4),
    st.sampled_from([0.002, 0.9]),
)
def test_adwin_follows_river_through_any_numbers_nan_and_infinity_too(
    values: list[float], max_buckets: int, delta: float
) -> None:
    detector = ADWIN(
        delta=delta, clock=1, max_buckets=max_buckets, min_window_length=1, grace_period=0
    )
    array = np.array(values, dtype=np.float64)
    assert alarms_by_scan(detector.start(), array) == rivers_alarms(detector, array)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(st.floats() | st.sampled_from([0.0, 1.0, 1e9, 1e9 + 1]), max_size=200),
    st.sampled_from(["up", "down", "both"]),
)
def test_page_hinkley_follows_river_through_any_numbers_nan_and_infinity_too(
    values: list[float], mode: str
) -> None:
    detector = PageHinkley(min_instances=2, threshold=1.0, mode=mode)
    array = np.array(values, dtype=np.float64)
    assert alarms_by_scan(detector.start(), array) == rivers_alarms(detector, array)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(1, 60)), max_size=20),
    st.integers(0, 40),
    st.sampled_from([0.0, 0.5, 1.0, 3.0, 1e9, float("inf")]),
)
def test_ddm_follows_river_through_any_runs_of_zeros_and_ones(
    runs: list[tuple[int, int]], warm_start: int, threshold: float
) -> None:
    detector = DDM(warm_start=warm_start, drift_threshold=threshold)
    array = np.array([value for value, size in runs for _ in range(size)], dtype=np.float64)
    assert alarms_by_scan(detector.start(), array) == rivers_alarms(detector, array)


@pytest.fixture
def portable() -> dict[str, Floats]:
    """The streams of portable_alarms.json, made without touching the global generator."""
    luck = np.random.RandomState(12345)
    rates = [0.2] * 1000 + [0.8] * 1000
    first = np.array([luck.binomial(1, rate) for rate in rates], dtype=np.float64)
    luck = np.random.RandomState(12345)
    parts = [luck.normal(mean, 0.1, 500) > 0 for mean in (0, 0.25, 0, 0.25)]
    second = np.concatenate(parts).astype(np.float64)
    return {"bernoulli_20_80": first, "four_by_500": second}


@pytest.mark.parametrize("stream", ["bernoulli_20_80", "four_by_500"])
@pytest.mark.parametrize(("name", "kind"), [("DDM", DDM), ("HDDM_W", HDDMW)])
def test_it_alarms_where_two_libraries_agree(
    name: str, kind: type[Detector], stream: str, portable: dict[str, Floats]
) -> None:
    alarms = alarms_by_scan(kind().start(), portable[stream])
    assert alarms == TRUTH["streams"][stream][name]


@pytest.mark.parametrize("kind", [HDDMA, HDDMW])
def test_the_means_it_keeps_are_rivers_to_the_last_bit(kind: type[Detector]) -> None:
    for seed in range(20):
        detector, values = a_case(kind, seed)
        running, river = detector.start(), rivers(detector)
        for i, x in enumerate(values.tolist()):
            running.update(x)
            river.update(x)
            if kind is HDDMA:
                kept = running.snapshot()[2:6].tolist()
                expected = [river._z.n, river._z.get(), river._x_min.n, river._x_min.get()]
            else:
                kept = running.snapshot()[3:8].tolist()
                expected = [river._total.ewma, river._total.ibc, river._incr_cutpoint]
                expected += [river._s1_incr.ewma, river._s1_incr.ibc]
            assert kept == expected, (seed, i)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(1, 60)), max_size=20),
    st.integers(0, 40),
    st.sampled_from([(0.95, 0.9), (1.0, 1.0), (0.5, 0.0)]),
)
def test_eddm_follows_river_through_any_runs_of_zeros_and_ones(
    runs: list[tuple[int, int]], warm_start: int, limits: tuple[float, float]
) -> None:
    detector = EDDM(warm_start=warm_start, alpha=limits[0], beta=limits[1])
    array = np.array([value for value, size in runs for _ in range(size)], dtype=np.float64)
    assert alarms_by_scan(detector.start(), array) == rivers_alarms(detector, array)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(st.floats(0, 1) | st.sampled_from([0.0, 1.0]), max_size=200),
    st.sampled_from([HDDMA, HDDMW]),
    st.sampled_from([0.001, 0.5, 1.0]),
    st.booleans(),
)
def test_hddm_follows_river_through_any_numbers_from_0_to_1(
    values: list[float], kind: type[HDDMA | HDDMW], confidence: float, two_sided: bool
) -> None:
    detector = kind(drift_confidence=confidence, two_sided_test=two_sided)
    array = np.array(values, dtype=np.float64)
    assert alarms_by_scan(detector.start(), array) == rivers_alarms(detector, array)


@pytest.mark.parametrize("kind", [EDDM, HDDMA, HDDMW])
def test_it_names_a_value_outside_its_domain_and_has_consumed_those_before(
    kind: type[Detector],
) -> None:
    values = np.array([0.0, 1.0, 0.0, 1.5, 1.0])
    running, other = kind().start(), kind().start()
    with pytest.raises(ValueError, match=rf"^{kind.__name__} takes only .*, got 1\.5$"):
        running.scan(values)
    other.scan(values[:3])
    np.testing.assert_array_equal(running.snapshot(), other.snapshot())
    with pytest.raises(ValueError, match=r"got nan$"):
        running.update(float("nan"))


def test_ddm_refuses_a_value_that_is_no_error_and_has_consumed_those_before() -> None:
    values = np.array([0.0, 1.0, 0.0, 0.25, 1.0])
    running, other = DDM().start(), DDM().start()
    with pytest.raises(ValueError, match=r"^DDM takes only 0 and 1, got 0\.25$"):
        running.scan(values)
    other.scan(values[:3])
    np.testing.assert_array_equal(running.snapshot(), other.snapshot())
    with pytest.raises(ValueError, match=r"^DDM takes only 0 and 1, got nan$"):
        running.update(float("nan"))


def test_ddm_still_shows_its_alarm_after_refusing_the_next_value() -> None:
    running = DDM().start()
    assert running.scan([0.0] * 50 + [1.0]) == 50
    with pytest.raises(ValueError, match="got 2"):
        running.update(2.0)
    assert running.drift_detected


@pytest.mark.parametrize("kind", KINDS)
def test_it_takes_read_only_strided_integer_and_empty_arrays(kind: type[Detector]) -> None:
    values = np.concatenate([np.resize(np.repeat([0.0, 1.0], [8, 2]), 1000), np.ones(500)])
    expected = kind().start().scan(values)
    assert expected >= 1000
    values.flags.writeable = False
    assert kind().start().scan(values) == expected
    assert kind().start().scan(np.repeat(values, 2)[::2]) == expected
    running = kind().start()
    assert running.scan(values.astype(np.int64)) == expected
    assert running.scan(np.empty(0)) == -1
    assert running.drift_detected  # the last value consumed is still the one that alarmed


@pytest.mark.parametrize(
    ("kind", "parameters", "message"),
    [
        (ADWIN, {"delta": -0.1}, "ADWIN.delta is -0.1: give a number between 0 and 1"),
        (ADWIN, {"clock": 0}, "ADWIN.clock is 0: give a whole number, 1 or more"),
        (ADWIN, {"clock": 1.5}, "ADWIN.clock is 1.5: give a whole number, 1 or more"),
        (ADWIN, {"max_buckets": 1}, "ADWIN.max_buckets is 1: give a whole number, 2 or more"),
        (DDM, {"warm_start": -1}, "DDM.warm_start is -1: give a whole number, 0 or more"),
        (EDDM, {"alpha": 0.8}, "EDDM.alpha is 0.8: it is below beta, 0.9: give beta or more"),
        (EDDM, {"beta": 1.1}, "EDDM.beta is 1.1: give a number between 0 and 1"),
        (HDDMA, {"drift_confidence": 0}, "HDDMA.drift_confidence is 0: give a number above 0"),
        (HDDMW, {"lambda_val": 2}, "HDDMW.lambda_val is 2: give a number between 0 and 1"),
        (PageHinkley, {"mode": "upp"}, "PageHinkley.mode is 'upp': did you mean 'up'?"),
    ],
)
def test_a_wrong_parameter_is_named(
    kind: type[Detector], parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        kind(**parameters)


@pytest.mark.parametrize("kind", KINDS)
def test_names_and_defaults_are_rivers(kind: type[Detector]) -> None:
    river = RIVERS[kind]()
    assert vars(kind()) == {name: getattr(river, name) for name in vars(kind())}


def test_the_label_is_the_constructor_call() -> None:
    assert repr(DDM()) == "DDM(warm_start=30, warning_threshold=2.0, drift_threshold=3.0)"


def test_naming_detectors_imports_neither_numba_nor_numpy_nor_river() -> None:
    code = (
        "import sys; from strategies.detectors import *; "
        "[kind() for kind in (ADWIN, DDM, EDDM, HDDMA, HDDMW, PageHinkley)];"
        "print({'numba', 'numpy', 'river'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize("name", ["adwin", "ddm", "eddm", "hddm_a", "hddm_w", "page_hinkley"])
def test_the_examples_in_the_docstrings_hold(name: str) -> None:
    module = importlib.import_module(f"strategies.detectors.{name}")
    results = doctest.testmod(module)
    assert results.attempted > 0
    assert results.failed == 0
