"""Manifests of controllers as policies: what is read, what is named, and what goes back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from sim.clock import us
from sim.errors import Mistake
from strategies.manifests import from_argo, from_flagger, to_argo
from strategies.manifests.conditions import failure, success
from strategies.policy import Policy
from strategies.presets.maturity import level_2
from strategies.rollouts import Beyond, Canary, Gradual, Immediate, Stage, Staged, Worse
from strategies.rollouts.measured import Measured
from strategies.triggers import OnSchedule

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
ARGO = ("argo-steps", "argo-background", "argo-analysis-steps")


def plan(policy: Policy) -> Staged:
    assert isinstance(policy.rollout, Staged)
    return policy.rollout


def rollout(steps: str, *, canary: str = "", more: str = "") -> str:
    head = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: web}\n"
    inside = f"  strategy:\n    canary:\n      steps:{steps}{canary}\n"
    return f"{head}spec:\n{inside}{more}"


def template(metric: str, name: str = "t") -> str:
    head = (
        f"---\napiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {{name: {name}}}"
    )
    return f"{head}\nspec:\n  metrics:\n  - {metric}\n"


STEP = " [{setWeight: 5}, {analysis: {templates: [{templateName: t}]}}]"


def measured(metric: str) -> Measured:
    found = plan(from_argo("r.yaml", source=rollout(STEP, more=template(metric))).policy)
    (only,) = found.stops
    assert isinstance(only, Measured)
    return only


def shares(policy: Policy) -> list[tuple[float, float]]:
    return [(stage.share, us(stage.hold) / us("1h")) for stage in plan(policy).stages]


def test_steps_become_stages_with_their_pauses() -> None:
    found = from_argo(str(EXAMPLES / "argo-steps.yaml"))
    assert found.policy.name == "ranking-service"
    assert shares(found.policy) == [(0.05, 12.0), (0.2, 1.5 + 24), (0.6, 2.0)]
    assert plan(found.policy).stops == ()
    assert found.policy.trigger == OnSchedule(every="7d")
    (person,) = [line for line in found.left if "waits for a person" in line]
    assert "line 36: spec.strategy.canary.steps[4].pause" in person


def test_an_analysis_in_the_background_begins_at_its_step_and_goes_on() -> None:
    found = from_argo(str(EXAMPLES / "argo-background.yaml"))
    assert plan(found.policy).stops == (
        Measured(
            of=(Beyond(metric="errors", most=0.1, minimum=1),),
            every="30m", after="30m", failures=2, lost=8, since=1, name="success-rate",
        ),
    )  # fmt: skip


def test_analysis_steps_keep_their_stage_until_they_are_over() -> None:
    found = from_argo(str(EXAMPLES / "argo-analysis-steps.yaml")).policy
    first, quality, second = plan(found).stops
    assert isinstance(first, Measured)
    assert isinstance(quality, Measured)
    assert isinstance(second, Measured)
    assert (first.since, first.only, first.after, first.count) == (0, True, "2h", 9)
    assert first.of == (Beyond(most=0.02, minimum=1),)
    assert quality.of == (Beyond(metric="quality", most=None, least=0.7, minimum=1),)
    assert quality.doubt == (Beyond(metric="quality", most=None, least=0.75, minimum=1),)
    assert (quality.after, quality.doubts) == ("3h", 2)
    assert (second.since, second.of[0]) == (1, Beyond(most=0.05, minimum=1))  # its own argument
    assert shares(found) == [(0.05, 7.0), (0.25, 3.0), (0.5, 6.0)]


@pytest.mark.parametrize("name", ARGO)
def test_every_field_is_read_or_named_with_its_line(name: str) -> None:
    file = EXAMPLES / f"{name}.yaml"
    left = " ".join(from_argo(str(file)).left)
    for number, line in enumerate(file.read_text().splitlines(), 1):
        for field in ("replicas", "template:", "selector:", "workloadRef", "maxSurge",
                      "trafficRouting", "namespace", "canaryService"):  # fmt: skip
            if line.strip().startswith(field) and len(line) - len(line.lstrip()) <= 6:
                assert f"line {number}: " in left, line


def test_what_nobody_knows_is_named_and_never_dropped() -> None:
    source = rollout(" [{setWeight: 20, sparkle: 1}, {dance: {}}]", canary="\n      glitter: 3")
    left = " ".join(from_argo("r.yaml", source=source + "---\nkind: Service\n").left)
    for said in ("steps[0].sparkle", "steps[1].dance", "canary.glitter", "line 10: a document"):
        assert said in left


@pytest.mark.parametrize(
    ("condition", "least", "most"),
    [
        ("result[0] >= 0.95", 0.95, None),
        ("result < 0.2", None, 0.2),
        ("0.4 <= result[0] && result[0] <= 0.6", 0.4, 0.6),
        ("len(result) > 0 && asFloat(result) > 1e-2", 0.01, None),
        ("(result.rate >= 0.5)", 0.5, None),
    ],
)
def test_conditions_are_read_as_limits(
    condition: str, least: float | None, most: float | None
) -> None:
    assert success(condition) == (least, most)


@pytest.mark.parametrize(
    "condition",
    ["result == 'ok'", "result[0] >= 1 || result[0] < 0", "all(result, # < 2)", "1 < 2"],
)
def test_what_is_no_limit_is_not_guessed(condition: str) -> None:
    assert success(condition) is None
    assert failure(condition.replace("||", "&&")) is None
    metric = f'{{name: errors, count: 1, interval: 5m, successCondition: "{condition}"}}'
    source = rollout(STEP, more=template(metric))
    assert "is not read" in " ".join(from_argo("r.yaml", source=source).left)


def test_limits_of_argo_are_kept_to_the_number() -> None:
    said = "{name: errors, interval: 90s, count: 3, initialDelay: 1m, successCondition: "
    said += '"result <= 0.1", failureLimit: 4, consecutiveErrorLimit: 7, inconclusiveLimit: 2}'
    found = measured(said)
    assert (found.every, found.count, found.after) == ("1m 30s", 3, "1m")
    assert (found.failures, found.lost, found.doubts) == (4, 7, 2)
    plain = measured('{name: errors, interval: 5m, count: 2, successCondition: "result < 1"}')
    assert (plain.failures, plain.lost, plain.doubts) == (0, 4, 0)  # Argo's own defaults


def test_a_metric_is_what_its_name_says_or_what_one_says_it_is() -> None:
    said = '{name: csat, interval: 5m, count: 2, successCondition: "result >= 0.8"}'
    source = rollout(STEP, more=template(said))
    unknown = from_argo("r.yaml", source=source)
    assert plan(unknown.policy).stops == ()
    assert 'metrics={"csat": "quality"}' in " ".join(unknown.left)
    found = from_argo("r.yaml", source=source, metrics={"csat": "quality"}).policy
    assert plan(found).stops[0].words.startswith("quality below 80 %")
    percent = measured(
        '{name: success-rate, interval: 5m, count: 2, successCondition: "result>=97"}'
    )
    assert percent.of == (Beyond(most=0.03, minimum=1),)
    slow = measured('{name: p99-latency, interval: 5m, count: 2, successCondition: "result<=0.5"}')
    assert slow.of == (Beyond(metric="latency", most=5e5, minimum=1),)


@pytest.mark.parametrize("name", ARGO)
def test_what_goes_out_comes_back(name: str) -> None:
    policy = from_argo(str(EXAMPLES / f"{name}.yaml")).policy
    text, _ = to_argo(policy)
    again = from_argo("again.yaml", source=text).policy
    assert shares(again) == shares(policy)
    assert [unnamed(s) for s in plan(again).stops] == [unnamed(s) for s in plan(policy).stops]
    assert to_argo(again).text == text
    assert all(
        document["apiVersion"].startswith("argoproj") for document in yaml.safe_load_all(text)
    )


def unnamed(stop: object) -> object:
    assert isinstance(stop, Measured)
    return replace(stop, name="")


@pytest.mark.parametrize("rollout", [Canary(share=0.05, hold="2d"), Gradual()])
def test_our_own_rollouts_survive_the_way_there_and_back(rollout: Canary | Gradual) -> None:
    text, left = to_argo(Policy(name="Ours", rollout=rollout))
    again = from_argo("ours.yaml", source=text).policy
    assert shares(again) == [(s.share, us(s.hold) / us("1h")) for s in rollout.stages]
    (worse, beyond) = (s.of[0] for s in plan(again).stops if isinstance(s, Measured))
    assert worse == Worse(minimum=1)
    assert beyond == Beyond(minimum=1)
    assert "looked at whatever few outcomes there are" in " ".join(left)


def test_an_export_says_what_it_could_not_express() -> None:
    judged = Staged(
        stages=(Stage(share=0.005, minimum=300), Stage(share=0.5, segments=("new",))), stops=()
    )
    _, left = to_argo(replace(level_2(), rollout=judged))
    told = " ".join(left)
    for said in ("trigger: ", "gates: ", "monitors: ", "0.5 % becomes 1 %", "only for new",
                 "waits for 300 outcomes", "rollout.patience: 30d"):  # fmt: skip
        assert said in told
    assert "without steps" in " ".join(to_argo(Policy()).left)
    also = Policy(rollout=Canary(also=("errors", "completed")))
    assert "rollout.also: errors, completed" in to_argo(also).left
    assert "rollout.also" not in " ".join(to_argo(Policy(rollout=Canary())).left)


def test_flaggers_weights_become_stages_and_its_threshold_counts_rounds() -> None:
    found = from_flagger(str(EXAMPLES / "flagger.yaml"))
    assert shares(found.policy) == [(0.01, 1), (0.05, 1), (0.1, 1), (0.25, 1), (0.5, 1)]
    assert plan(found.policy).stops == (
        Measured(
            of=(
                Beyond(metric="errors", most=0.03, minimum=1),
                Beyond(metric="latency", most=500_000.0, minimum=1),
            ),
            every="1h", failures=4, lost=-1, holds=True, name="analysis",
        ),
    )  # fmt: skip
    told = " ".join(found.left)
    for said in ("webhooks", "targetRef", "service", "progressDeadlineSeconds", "own query"):
        assert said in told


@pytest.mark.parametrize(
    ("analysis", "expected"),
    [
        ("stepWeight: 20, maxWeight: 60", [(0.2, False), (0.4, False), (0.6, False)]),
        ("stepWeight: 50, mirror: true, maxWeight: 50", [(0.0, True), (0.5, False)]),
        ("iterations: 10", [(0.0, True)]),
        ("iterations: 10, match: [{headers: {}}]", [(0.5, False)]),
    ],
)
def test_flaggers_other_ways(analysis: str, expected: list[tuple[float, bool]]) -> None:
    source = "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: {name: a}\nspec:\n"
    source += f"  analysis: {{interval: 5m, threshold: 2, {analysis}}}\n"
    found = plan(from_flagger("f.yaml", source=source).policy)
    assert [(stage.share, stage.unseen) for stage in found.stages] == expected
    skipped = source.replace("spec:\n", "spec:\n  skipAnalysis: true\n")
    assert from_flagger("f.yaml", source=skipped).policy.rollout == Immediate()


def test_a_canary_without_steps_is_at_once() -> None:
    found = from_argo("r.yaml", source=rollout(" []"))
    assert found.policy.rollout == Immediate()
    assert "serves everybody at once" in " ".join(found.left)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdef", "bcdefg", strict=True)
)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (BOMB, "with its aliases written out it has more than 20,000 values"),
        ("a: !!python/object/apply:os.system ['true']", "is not allowed: write plain values"),
        ("a: [" * 100, "nested deeper than 40 levels"),
        (rollout(" [{setWeight: 140}]"), "it is '140': give a number from 0 to 100"),
        (rollout(" [{pause: {duration: soon}}]"), "write a duration such as 30s, 10m or 1h30m"),
        (rollout(" {setWeight: 3}"), "it is a list: begin each item with -"),
        (rollout(STEP), "'t' is not in this file: put the template into it, after ---"),
        (rollout(" []") + "---\n" + rollout(" []"), "must hold one Rollout of argoproj.io"),
        ("apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: {strategy: {blueGreen: {}}}",
         "only canaries are read"),
        (rollout(STEP, more=template("{name: errors, count: 1.5, interval: 5m, successCondition: "
                                     '"result < 1"}')), "give a whole number"),
        (rollout(" [{setWeight: 3}]", canary="\n      analysis: {startingStep: 7, templates: []}"),
         "it is 7, and steps are numbered 0 to 0"),
    ],
)  # fmt: skip
def test_a_broken_or_hostile_manifest_gets_one_clear_line(source: str, said: str) -> None:
    with pytest.raises(Mistake) as caught:
        from_argo("m.yaml", source=source)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    with file.open("wb") as out:
        out.write(b"apiVersion: argoproj.io/v1alpha1\n")
        out.truncate(2**30)
    with pytest.raises(Mistake, match="1,073,741,824 bytes; a manifest is smaller"):
        from_argo(str(file))
