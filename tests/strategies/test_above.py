"""The limit that is crossed from below."""

import math

import numpy as np

from strategies.detectors.above import Above


def test_a_value_that_stays_above_alarms_once_and_again_after_it_was_below() -> None:
    values = [0.0, 0.6, 0.7, 0.5, 0.9, 0.2]
    detector, alarms, at = Above(limit=0.5).start(), [], 0
    while at < len(values) and (found := detector.scan(values[at:])) >= 0:
        alarms.append(at + found)
        at += found + 1
    assert alarms == [1, 4]


def test_the_first_value_alarms_if_it_is_above() -> None:
    assert Above(limit=0.5).start().scan([0.6]) == 0


def test_blocks_of_any_size_give_the_alarms_of_single_updates() -> None:
    values = np.random.Generator(np.random.PCG64(3)).random(500)
    single = Above(limit=0.8).start()
    expected = []
    for i, value in enumerate(values):
        single.update(float(value))
        if single.drift_detected:
            expected.append(i)
    for block in (1, 3, 64, 500):
        detector, alarms = Above(limit=0.8).start(), []
        for start in range(0, len(values), block):
            at, stop = start, min(start + block, len(values))
            while at < stop and (found := detector.scan(values[at:stop])) >= 0:
                alarms.append(at + found)
                at += found + 1
        assert alarms == expected


def test_a_restored_detector_goes_on_from_its_snapshot() -> None:
    detector = Above(limit=0.5).start()
    detector.scan([0.9])
    kept = detector.snapshot()
    assert detector.scan([0.1, 0.9]) == 1
    detector.restore(kept)
    assert detector.drift_detected
    assert detector.scan([0.9, 0.9]) == -1


def test_an_empty_block_changes_nothing() -> None:
    detector = Above(limit=math.inf).start()
    assert detector.scan([]) == -1
    assert not detector.drift_detected
