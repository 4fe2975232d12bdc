"""Settings raise as many false alarms as they should, on seeds that they were not made with."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from typing import Any

import numpy as np
import pytest

from reports.bench import calibration
from reports.bench.calibration import Setting, calibrate, shipped, written
from reports.bench.hearing import alarms, seeded
from reports.bench.roster import Entry, default, entry, oracle
from reports.bench.streams import Changing
from strategies.detectors import (
    CUSUM,
    DDM,
    AtRandom,
    ChiSquare,
    OnWindows,
    Periodic,
    Shewhart,
    Silent,
)

STREAM = Changing(name="stationary", shape="stationary")
N = 3_000


def counts(setting: Setting, who: Entry, runs: int, n: int) -> list[int]:
    """Return the false alarms of fresh runs."""
    stream = replace(STREAM, n=n)
    detector = setting.applied(who.on(stream.normal), who.knob)
    return [len(alarms(seeded(detector, run), stream.draw(run)[0])) for run in range(runs)]


@pytest.mark.parametrize("detector", [CUSUM(mode="up"), DDM(), Shewhart(mode="up")])
@pytest.mark.parametrize("target", [0.5, 3.0])
def test_the_target_is_met_on_fresh_seeds(detector: Any, target: float) -> None:
    who = entry("it", detector)
    (setting,) = calibrate(who, STREAM, N, (target,))
    assert setting.reachable
    found = counts(setting, who, 400, N)
    error = np.hypot(np.std(found) / np.sqrt(400), setting.error)
    assert abs(np.mean(found) - target) < 4.5 * error + calibration.CLOSE * np.sqrt(target / 400)


def test_where_neighbours_jump_over_the_target_they_are_mixed() -> None:
    (setting,) = calibrate(entry("it", Shewhart(mode="up")), STREAM, N, (1.0,))
    assert 0 < setting.share < 1  # one limit alarms at every error, the next at none


def test_what_cannot_be_reached_is_not_reachable() -> None:
    short = entry("it", DDM(warm_start=2_000))
    (setting,) = calibrate(short, STREAM, N, (100.0,))
    assert not setting.reachable
    assert "at most" in setting.why
    (silent,) = calibrate(entry("it", Silent()), STREAM, N, (1.0,))
    assert not silent.reachable


def test_dummies_are_set_exactly() -> None:
    (periodic,) = calibrate(entry("it", Periodic()), STREAM, N, (3.0,))
    assert periodic.applied(Periodic(), None) == Periodic(every=1_000)
    (random,) = calibrate(entry("it", AtRandom(seed=0)), STREAM, N, (3.0,))
    assert random.first == pytest.approx(0.001)


def test_a_detector_of_windows_is_set_like_the_others() -> None:
    who = entry("windows", OnWindows(detector=ChiSquare(), reference=300, window=100))
    (setting,) = calibrate(who, STREAM, N, (1.0,))
    assert setting.reachable
    found = counts(setting, who, 100, N)
    error = np.hypot(np.std(found) / np.sqrt(100), setting.error)
    assert abs(np.mean(found) - 1.0) < 4.5 * error


def test_a_user_names_the_knob_of_their_own() -> None:
    class Mine(CUSUM):
        knob = ("limit", 50.0, 0.1)

    assert Entry(label="mine", detector=Mine()).knob is not None
    setting = calibrate(entry("mine", Mine(mode="up")), STREAM, N, (1.0,))[0]
    assert setting.reachable
    Mine.knob = ("limit",)  # type: ignore[assignment]
    with pytest.raises(ValueError, match=r"mine\.knob is \('limit',\): give"):
        _ = Entry(label="mine", detector=Mine()).knob


def test_the_shipped_settings_are_whole_and_of_this_recipe() -> None:
    found = shipped()
    assert len(found) > 100
    table = json.loads((resources.files("reports.bench") / calibration.SHIPPED).read_text("utf-8"))
    assert (
        written(list(found.values()), calibration.shipped_optima())
        == json.dumps(table, indent=1) + "\n"
    )


def test_every_default_detector_has_a_shipped_setting_for_errors() -> None:
    for who in [*default(), oracle()]:
        key = calibration.key_of(calibration.name_of(who, STREAM), STREAM.family, 30_000, 1.0)
        assert key in shipped(), who.label


def test_a_shipped_setting_can_be_made_again() -> None:
    who = next(e for e in default() if e.label == "CUSUM")
    (again,) = calibrate(who, STREAM, 30_000, (1.0,))
    before = shipped()[again.key]
    assert (again.found, again.share, again.runs) == (before.found, before.share, before.runs)
    for field in ("first", "second", "error"):  # logarithms and roots differ between machines
        assert getattr(again, field) == pytest.approx(getattr(before, field), rel=1e-12)


def test_shipped_settings_hold_on_fresh_seeds() -> None:
    for who in [*default(), oracle()]:
        if who.label == "KSWIN":  # a hundred times as dear
            continue
        setting = shipped()[
            calibration.key_of(calibration.name_of(who, STREAM), STREAM.family, 30_000, 1.0)
        ]
        found = counts(setting, who, 150, 30_000)
        error = np.hypot(np.std(found) / np.sqrt(150), setting.error)
        assert abs(np.mean(found) - 1.0) < 4.5 * error, who.label
