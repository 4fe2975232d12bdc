"""`driftyard ablate`: what each control of a policy is worth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reports import names
from reports.cli import main
from reports.trials.ablating import controls
from sim.facts import Paged
from sim.run import run
from strategies import catalogue
from strategies.monitors import Contract
from strategies.phased import Phased
from strategies.policy import Policy
from strategies.presets.journey import journey
from strategies.presets.maturity import level_2
from strategies.without import Without

WORLD = '''
from sim.concepts import Linear
from sim.faults import Drop
from sim.labels import Constant, Labels
from sim.people import People
from sim.scenario import Launch, Scenario
from sim.stream import Stream
from sim.traffic import Traffic

C = Linear(columns=4, noise=0.02)


def world() -> Scenario:
    """A feed goes missing until the data owner is called."""
    return Scenario(
        name="little", horizon="14d",
        stream=Stream(concept=C, traffic=Traffic(rate="30/h")),
        faults=(Drop(at="4d", columns=C.heaviest(2), name="gone", fixed_by="data"),),
        labels=Labels(delay=Constant(delay="1d")), launch=Launch(window="3d"),
        people=People(data="2h", office=False),
    )
'''
POLICY = """\
name: guarded
monitors: [{kind: Contract}]
trigger: {kind: OnSchedule, every: 60d}
gates: [{kind: BeatsNaive}]
responses: [{kind: PageOwners}]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "my.py").write_text(WORLD)
    (tmp_path / "policy.yaml").write_text(POLICY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ablated(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, dict[str, Any]]:
    asked = ["ablate", "my.py:world", "-s", "policy.yaml", "--workers", "1", "--json"]
    assert main([*asked, "--seeds", "5", *args]) == 0
    found = json.loads(capsys.readouterr().out)["found"]
    return {one["control"]: one for one in found["removals"]}


def test_the_control_that_mends_the_feed_earns_its_keep_and_the_idle_one_does_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = ablated(capsys)
    assert list(found) == ["input layer (contract)", "BeatsNaive", "owner data", "PageOwners"]
    for name in ("input layer (contract)", "owner data", "PageOwners"):
        assert found[name]["verdict"] == "earns its keep"
        assert found[name]["worth"]["low"] > 0
    assert found["BeatsNaive"]["verdict"] == "changes nothing here"


def test_without_the_monitor_the_lag_is_longer_and_without_the_owner_it_is_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = ablated(capsys, "--by", "lag,loss")

    def change(control: str) -> Any:
        changes = {one["measure"]: one for one in found[control]["changes"]}
        return changes["lag"]["difference"]["mean"]

    assert change("input layer (contract)") > 0
    assert change("owner data") == 0


def test_every_policy_among_the_presets_can_be_taken_apart() -> None:
    for make in catalogue().values():
        policy = make()
        if isinstance(policy, Policy | Phased):
            names = [control.name for control in controls(policy)]
            assert len(names) == len(set(names))
            assert all(control.rest != policy for control in controls(policy))


def test_of_a_policy_in_phases_the_phases_can_go_and_what_runs_through_them() -> None:
    found = {control.name: control for control in controls(journey())}
    phases = [name for name, control in found.items() if control.kind == "phase"]
    assert len(phases) == len(journey().phases) - 1
    assert len(found[phases[0]].rest.phases) == len(journey().phases) - 1
    layer = found["input layer (contract)"].rest
    assert len(layer.phases) == len(journey().phases)
    assert "contract" not in {monitor.name for monitor in layer.monitors}
    assert found["owner data"].rest.owner == "data"


def test_a_policy_without_an_owner_calls_them_never() -> None:
    world = names.scenario("my.py:world").value
    policy = Without(policy=level_2(), owner="data")
    assert [m.name for m in policy.monitors] == [m.name for m in level_2().monitors]
    assert policy.heartbeat == level_2().heartbeat
    called = run(world, level_2(), seed=1).of(Paged)
    assert "data" in {page.owner for page in called}
    assert "data" not in {page.owner for page in run(world, policy, seed=1).of(Paged)}


@pytest.mark.parametrize(
    ("strategy", "named"),
    [("plain.py:Plain", "made of parts"), ("bare.yaml", "no control")],
)
def test_what_has_no_parts_cannot_be_taken_apart(
    folder: Path, capsys: pytest.CaptureFixture[str], strategy: str, named: str
) -> None:
    code = "class Plain:\n    def decide(self, view):\n        return ()\n"
    (folder / "plain.py").write_text(code)
    (folder / "bare.yaml").write_text("name: bare\ntrigger: {kind: Quiet}\n")
    assert main(["ablate", "my.py:world", "-s", strategy, "--seeds", "1", "--workers", "1"]) == 2
    said = capsys.readouterr().err.strip()
    assert named in said
    assert "\n" not in said


def test_controls_are_those_of_the_policy() -> None:
    assert controls(Policy(name="bare")) == []
    kinds = [c.kind for c in controls(Policy(name="watching", monitors=(Contract(),)))]
    assert kinds == ["monitor layer"]
