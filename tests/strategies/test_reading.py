"""Policies in YAML are those of Python, to the digest."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import Mistake
from strategies import catalogue
from strategies.detectors import ADWIN
from strategies.monitors import OnErrors
from strategies.phased import Phased
from strategies.policy import Policy
from strategies.presets.cadences import weekly
from strategies.reading import holds_policies, read, reads, write
from strategies.triggers import Cooldown, OnDrift
from strategies.windows import SinceTheAlarm

MINE = """
name: mine
metric: the loss that labels show
monitors:
  - kind: OnErrors
    detector: {kind: ADWIN, delta: 0.01}
trigger:
  kind: Cooldown
  rest: 3d
  of: {kind: OnDrift, monitors: [errors]}
window: {kind: SinceTheAlarm, wait_for: 300}
"""
SEVERAL = """
policies:
  fast:
    trigger: {kind: OnSchedule, every: 3d}
  weekly-but-longer:
    extends: weekly
    with: {window: 60d}
    gates:
      - BeatsChampion
"""
POLICIES = [
    name
    for name, make in catalogue().items()
    if not isinstance(make, type) and not isinstance(make(), Phased)
]


def test_a_policy_in_python_and_the_same_in_yaml_have_equal_digests() -> None:
    mine = Policy(
        name="mine",
        metric="the loss that labels show",
        monitors=(OnErrors(detector=ADWIN(delta=0.01)),),
        trigger=Cooldown(of=OnDrift(monitors=("errors",)), rest="3d"),
        window=SinceTheAlarm(wait_for=300),
    )
    assert reads(MINE).digest == mine.digest
    assert reads(MINE.replace("300", "301")).digest != mine.digest


@pytest.mark.parametrize("name", POLICIES)
def test_every_preset_can_be_written_and_read_back(name: str) -> None:
    policy = catalogue()[name]()
    assert reads(write(policy)).digest == policy.digest


@pytest.mark.parametrize("name", POLICIES)
def test_a_file_that_only_extends_a_preset_is_that_preset(name: str) -> None:
    policy = reads(f"extends: {name}", file=f"{name}.yaml")
    assert policy.digest == catalogue()[name]().digest


def test_a_file_may_hold_several_policies(tmp_path: Path) -> None:
    file = tmp_path / "policies.yaml"
    file.write_text(SEVERAL)
    shelf = read(str(file))
    assert list(shelf.policies) == ["fast", "weekly-but-longer"]
    longer = shelf.policies["weekly-but-longer"]
    assert longer.window == weekly(window="60d").window
    assert [gate.words for gate in longer.gates] == ["its loss is below the champion’s, 95 % sure"]
    assert list(shelf.files) == [file]


@pytest.mark.parametrize(
    ("text", "about"),
    [
        (MINE, True),
        (SEVERAL, True),
        ("extends: weekly", True),
        ("extends: calm-year", False),
        ("stream: {}", False),
        ("- a list", False),
        ("a: [", False),
        ("extends: some.yaml", False),
    ],
)
def test_a_file_is_about_policies_if_it_says_so(tmp_path: Path, text: str, about: bool) -> None:
    file = tmp_path / "some.yaml"
    file.write_text(text)
    assert holds_policies(str(file)) is about


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("trigger: {kind: OnShedule}", r"line 1: trigger is 'OnShedule': did you mean"),
        ("trigger: {kind: OnSchedule, evry: 3d}", r"trigger\.evry: OnSchedule has no field"),
        ("trigger: {kind: OnSchedule, every: 0s}", r"line 1: .*every.* is '0s'"),
        ("trigger: {kind: BeatsNaive}", r"trigger is 'BeatsNaive'"),
        ("heartbeat: uniform(1d, 2d)", r"heartbeat is a range: a policy is one policy"),
        ("extends: calm-year", r"extends is 'calm-year'"),
        ("gates: [{kind: Custom}]", r"gates.* is 'Custom'"),
    ],
)
def test_a_mistake_is_said_in_one_line_with_its_place(text: str, said: str) -> None:
    with pytest.raises(Mistake, match=said):
        reads(text)


def test_what_no_file_can_say_is_not_written() -> None:
    from river.drift import DummyDriftDetector

    odd = Policy(name="odd", monitors=(OnErrors(detector=DummyDriftDetector()),))
    with pytest.raises(Mistake, match="cannot be written"):
        write(odd)


def test_beside_policies_a_file_holds_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "odd.yaml"
    file.write_text(SEVERAL + "name: x\n")
    with pytest.raises(Mistake, match="beside policies: there is nothing else"):
        read(str(file))


def test_a_monitor_is_no_judge_though_both_judge() -> None:
    with pytest.raises(Mistake, match=r"line 2: rollout.judge is 'Volume': known are"):
        reads("extends: level-2\nrollout: {kind: Canary, judge: {kind: Volume}}\n")


def test_a_schedule_that_nobody_looks_at_is_refused() -> None:
    text = (
        "extends: contract\ntrigger: {kind: Cooldown, rest: 2d, of: {kind: OnSchedule, every: 7d}}"
    )
    with pytest.raises(Mistake, match=r"heartbeat is '0': .* give how often it is asked"):
        reads(text)
    assert reads(f"{text}\nheartbeat: 1d").heartbeat == "1d"


def test_a_rollout_is_no_judge_though_it_has_one() -> None:
    with pytest.raises(Mistake, match=r"line 2: rollout.judge is 'Gradual': known are"):
        reads("extends: level-2\nrollout: {kind: Canary, judge: {kind: Gradual}}\n")
