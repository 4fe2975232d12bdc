"""Scenario files: they say what Python says, and every mistake is told with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from scenarios import starter
from scenarios.calm_year import calm_year
from scenarios.distribution import read, reads
from scenarios.silent_schema_change import Migration, silent_schema_change
from sim.artifacts import Learned
from sim.concepts import SEA, Linear
from sim.drift import ConceptDrift, PriorShift
from sim.errors import Mistake
from sim.faults import NullBurst, Rename
from sim.labels import Labels, LogNormal
from sim.loops import Feedback
from sim.losses import Costs
from sim.notation.mistakes import Mistakes
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Segments, Traffic
from tests.sim.laws.worlds import quick

WHOLE = """
name: everything
story: |
  It begins.
  It ends.
stream:
  concept: {kind: Linear, columns: 4, noise: 5e-2}
  traffic: {rate: 30/h, daily: 0.5}
  segments: {names: [web, app], shares: [0.25, 0.75]}
  drifts:
    - kind: ConceptDrift
      at: 3w
      to: {kind: Linear, columns: 4, rule: another, noise: 5e-2}
      segment: web
    - {kind: PriorShift, at: 5w, to: 0.3}
faults:
  - kind: NullBurst
    at: 2w
    columns: [x0, x1]
    fixed_by: data
labels:
  delay: {kind: LogNormal, median: 1d}
  coverage: 1
loss: {kind: Costs, false_negative: 10}
artifact:
  kind: Learned
  estimator:
    kind: Pipeline
    steps:
      - [scale, StandardScaler]
      - [fit, {kind: LogisticRegression, C: 0.5, class_weight: balanced}]
training: {fixed: 0, cost: 5.0}
horizon: 8w
tolerance: null
"""


def lines(text: str) -> tuple[str, ...]:
    """Return what is wrong with a text."""
    with pytest.raises(Mistake) as caught:
        reads(text, file="a.yaml").draw(0)
    mistake = caught.value
    return mistake.lines if isinstance(mistake, Mistakes) else (str(mistake),)


def test_a_file_gives_what_python_gives() -> None:
    fit = LogisticRegression(C=0.5, class_weight="balanced")
    pipeline = Pipeline([("scale", StandardScaler()), ("fit", fit)])
    python = Scenario(
        name="everything",
        story="It begins.\nIt ends.",
        stream=Stream(
            concept=Linear(columns=4, noise=0.05),
            traffic=Traffic(rate="30/h", daily=0.5),
            segments=Segments(names=("web", "app"), shares=(0.25, 0.75)),
            drifts=(
                ConceptDrift(
                    at="3w", to=Linear(columns=4, rule="another", noise=0.05), segment="web"
                ),
                PriorShift(at="5w", to=0.3),
            ),
        ),
        faults=(NullBurst(at="2w", columns=("x0", "x1"), fixed_by="data"),),
        labels=Labels(delay=LogNormal(median="1d"), coverage=1),
        loss=Costs(false_negative=10),
        artifact=Learned(estimator=pipeline),
        training=Training(fixed="0", cost=5.0),
        horizon="8w",
    )
    assert reads(WHOLE).draw(0).digest == python.digest


def test_what_is_extended_stays_but_for_what_is_said() -> None:
    text = "extends: calm-year\nhorizon: 9w\nstream: {traffic: {rate: 5/h}, season: null}"
    found, base = reads(text, file="mine.yaml").draw(0), calm_year()
    assert (found.horizon, found.stream.traffic.rate, found.stream.season) == ("9w", "5/h", None)
    assert found.stream.traffic.weekend == base.stream.traffic.weekend
    assert found.labels == base.labels
    assert found.name == "mine"


def test_a_story_of_its_own_does_not_keep_the_morals_of_another() -> None:
    found = reads("extends: calm-year\nstory: It breaks.\ncause: Me.").draw(0)
    assert (found.story, found.cause, found.expect, found.seam) == ("It breaks.", "Me.", "", "")
    assert found.domain == calm_year().domain
    assert reads("extends: calm-year\nhorizon: 9w").draw(0).expect == calm_year().expect


@pytest.mark.parametrize(
    ("said", "first", "kept"),
    [
        ("faults: []", "As silent-schema-change, but for its faults. There it says:", ""),
        (
            "stream: {drifts: [{kind: CovariateShift, at: 3w}]}\nlabels: {coverage: 0.5}",
            "As silent-schema-change, but for its drifts and labels. There it says:",
            "",
        ),
        (
            "labels: {coverage: 0.5}\nhorizon: 8w",
            "As silent-schema-change, but for its labels. There it says:",
            "cause lesson seam",
        ),
        ("horizon: 8w", silent_schema_change().story.split("\n")[0], "cause expect lesson seam"),
        ("with: {at: 9w}", silent_schema_change().story.split("\n")[0], "cause expect lesson seam"),
    ],
)
def test_a_variation_that_tells_nothing_shows_what_is_still_true(
    said: str, first: str, kept: str
) -> None:
    world, base = reads(f"extends: silent-schema-change\n{said}").draw(0), silent_schema_change()
    assert world.story.split("\n")[0] == first
    if kept != "cause expect lesson seam":
        assert world.story == f"{first}\n{base.story}"
    for name in ("cause", "expect", "lesson", "seam"):
        asked = silent_schema_change(at="9w") if said.startswith("with") else base
        assert getattr(world, name) == (getattr(asked, name) if name in kept else "")


def test_parameters_of_what_is_extended_stand_under_with() -> None:
    text = "extends: silent_schema_change\nwith: {share: 0.3, columns: 2}"
    found = reads(text, file="silent-schema-change.yaml").draw(0)
    assert found.digest == silent_schema_change(share=0.3, columns=2).digest


def test_another_kind_replaces_the_whole_and_the_same_kind_is_changed() -> None:
    same = reads("extends: calm-year\nstream: {concept: {columns: 3}}").draw(0).stream.concept
    assert same == Linear(columns=3, rule="calm", noise=0.1)
    assert reads("extends: calm-year\nstream: {concept: SEA}").draw(0).stream.concept == SEA()


@pytest.mark.parametrize(
    ("faults", "kinds"),
    [
        ("[{kind: Drop, at: 3w, columns: [x1]}]", ["Drop"]),
        ("{add: [{kind: Drop, at: 3w, columns: [x1]}]}", ["Migration", "Drop"]),
        ("{remove: [schema change]}", []),
        ("{remove: [Migration], add: [{kind: Drop, at: 3w, columns: [x1]}]}", ["Drop"]),
        ("{change: {schema change: {at: 9w}}}", ["Migration"]),
        ("[]", []),
    ],
)
def test_a_list_replaces_and_verbs_change_by_name(faults: str, kinds: list[str]) -> None:
    found = reads(f"extends: silent-schema-change\nfaults: {faults}").draw(0)
    assert [type(fault).__name__ for fault in found.faults] == kinds
    if "9w" in faults:
        (changed,), (base,) = found.faults, silent_schema_change().faults
        assert isinstance(changed, Migration)
        assert changed.at == "9w"
        assert changed.columns == base.columns


def test_a_loop_may_stand_among_the_drifts() -> None:
    text = SEA_WORLD.replace("SEA}", "{kind: Linear}, drifts: [{kind: Feedback, at: 2w}]}")
    (loop,) = reads(text).draw(0).stream.drifts
    assert loop == Feedback(at="2w")


def test_files_extend_files_beside_them(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "base.yaml").write_text(WHOLE)
    (tmp_path / "sub" / "mid.yaml").write_text(
        "extends: ../base.yaml\nfaults: {change: {NullBurst: {at: 4w}}}"
    )
    (tmp_path / "top.yaml").write_text(
        "extends: sub/mid.yaml\nfaults: {add: [{kind: Rename, at: 5w, columns: [x2]}]}"
    )
    world = read(str(tmp_path / "top.yaml"))
    found = world.draw(0)
    assert found.name == "top"
    assert found.faults == (
        NullBurst(at="4w", columns=("x0", "x1"), fixed_by="data"),
        Rename(at="5w", columns=("x2",)),
    )
    assert [path.name for path, _ in world.files] == ["top.yaml", "mid.yaml", "base.yaml"]


def test_a_mistake_is_told_where_it_stands_also_in_another_file(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("name: b\nstream: {concept: SEA}\nlabels:\n  noise: 7\n")
    top = tmp_path / "top.yaml"
    top.write_text("extends: base.yaml\nhorizon: 4w")
    with pytest.raises(Mistake, match=r"base\.yaml, line 4: labels\.noise is 7: give a number"):
        read(str(top)).draw(0)


def test_files_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("name: a\nextends: b.yaml")
    (tmp_path / "b.yaml").write_text("extends: a.yaml")
    with pytest.raises(Mistake, match=r"b\.yaml, line 1: extends is 'a\.yaml': it extends this"):
        read(str(tmp_path / "a.yaml"))


def test_a_file_too_large_to_be_one_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("name: a\nstory: " + "x" * 5_000_000)
    with pytest.raises(Mistake, match=r"a\.yaml is too large"):
        read(str(tmp_path / "a.yaml"))


SEA_WORLD = "name: s\nstream: {concept: SEA}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("extends: calm-yaer", ["line 1", "'calm-yaer'", "did you mean 'calm-year'?"]),
        ("extends: calm-year(rate='1/h')", ["line 1", "with: {at: 9w}"]),
        ("extends: [a]", ["line 1", "extends takes one name"]),
        ("extends: my.py", ["line 1", "runs code"]),
        ("extends: none.yaml", ["line 1", "no such file"]),
        ("extends: calm-year\nwith: {ratte: 1/h}", ["line 2", "with.ratte", "'rate'"]),
        ("extends: calm-year\nwith: {season: high}", ["line 2", "with.season is 'high'", "number"]),
        ("extends: silent-schema-change\nwith:\n  columns: 9", ["line 3", "with.columns", "to 8"]),
        ("extends: silent-schema-change\nfaults: {remove: [x]}", ["'x'", "schema change"]),
        ("extends: silent-schema-change\nfaults: {drop: [x]}", ["line 2", "add:"]),
        ("with: {a: 1}\n" + SEA_WORLD, ["line 1", "extends"]),
        ("name: s", ["line 1", "needs stream"]),
        (SEA_WORLD + "horizn: 3w", ["line 3", "'horizn'", "did you mean 'horizon'?"]),
        (SEA_WORLD + "horizon: soon", ["line 3", "horizon is 'soon'", "'36h'"]),
        (SEA_WORLD + "horizon: 12:30", ["line 3", "horizon is '12:30'"]),
        (SEA_WORLD + "horizon:", ["line 3", "horizon is empty"]),
        (SEA_WORLD + "people: {office: no}", ["line 3", "'no'", "true or false"]),
        (SEA_WORLD + "training:\n  cost: '5'", ["line 4", "leave the quotes away"]),
        (SEA_WORLD + "training: {failure: 7}", ["line 3", "training.failure is 7", "0 and 1"]),
        (SEA_WORLD + "training: soon", ["line 3", "training is 'soon'"]),
        (SEA_WORLD + "loss: Squred", ["line 3", "did you mean 'Squared'?"]),
        (SEA_WORLD + "faults: {add: []}", ["line 3", "something to extend"]),
        (SEA_WORLD + "faults: NullBurst", ["line 3", "a list"]),
        (SEA_WORLD + "faults: [{at: 3w}]", ["line 3", "needs a kind", "NullBurst"]),
        (SEA_WORLD + "faults: [{kind: null burst, at: 3w}]", ["did you mean 'NullBurst'?"]),
        (SEA_WORLD + "faults: [{NullBurst: {at: 3w}}]", ["write kind: NullBurst"]),
        (SEA_WORLD + "faults: [{kind: Drop, columns: [x0]}]", ["faults[Drop] needs at"]),
        (SEA_WORLD + "faults: [{kind: Drop, at: 1d, columns: x0}]", ["'x0'", "[x0, x1]"]),
        (SEA_WORLD + "faults:\n- kind: Drop\n  at: 1d\n  columns: [x7]", ["line 6", "'x7'"]),
        (SEA_WORLD + "service: {mode: batch, every: 90m}", ["line 3", "service.every is '90m'"]),
        (SEA_WORLD + "seam: sales", ["line 3", "seam is 'sales'", "release"]),
        (SEA_WORLD + "labels: {noise: uniform(1, 0)}", ["half a range", "quotes"]),
        (SEA_WORLD + "labels: {noise: 'uniform(1, 0)'}", ["labels.noise", "smaller"]),
        (SEA_WORLD + "labels:\n  noise: unifrom(0, 1)", ["line 4", "did you mean uniform"]),
        (SEA_WORLD + "artifact: {kind: Learned, estimator: {kind: os.system}}", ["'os.system'"]),
        (
            SEA_WORLD + "artifact: {kind: Learned, estimator: {kind: LogisticRegression, c: 1}}",
            ["LogisticRegression has no field 'c'", "did you mean 'C'?"],
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_that_says_what_would_be_right(text: str, said: list[str]) -> None:
    first = lines(text)[0]
    assert first.startswith("a.yaml, line ")
    assert "\n" not in first
    for words in said:
        assert words in first


def test_a_world_too_large_for_any_machine_is_refused_at_once() -> None:
    said = r"line 2.*columns is 1000000000: give a whole number from 1 to 10,000"
    with pytest.raises(Mistake, match=said):
        reads("extends: calm-year\nstream: {concept: {kind: Linear, columns: 1000000000}}").draw(0)


def test_a_class_of_another_package_is_found_by_the_end_of_its_name() -> None:
    text = "extends: calm-year\nstream: {concept: {kind: River, generator: {kind: LED}}}"
    with pytest.raises(Mistake, match=r"did you mean 'river\.datasets\.synth\.LED'\? there are"):
        reads(text).draw(0)


def test_two_incidents_of_one_name_are_named() -> None:
    text = "extends: calm-year\nfaults:\n"
    text += "".join(f"  - {{kind: Drop, at: {n}w, columns: [x{n}]}}\n" for n in (2, 3))
    with pytest.raises(Mistake, match=r"line 4.*name is 'drop': 2 drifts or faults are called so"):
        reads(text).draw(0)


def test_all_mistakes_are_told_at_once() -> None:
    text = (
        "name: x\nstream: {concept: {kind: SAE}}\nfaults:\n- {kind: Drop, colums: [x0]}\n"
        "people: {office: on}\nhorizn: 3w\n"
    )
    found = lines(text)
    assert [line.split(":")[0] for line in found] == [
        "a.yaml, line 2", "a.yaml, line 4", "a.yaml, line 4", "a.yaml, line 5", "a.yaml, line 6",
    ]  # fmt: skip


def test_the_starter_is_ten_lines_that_draw_a_sound_world() -> None:
    told = [line for line in starter.YAML.splitlines() if not line.startswith("#")]
    assert len(told) <= 10
    world = reads(starter.YAML)
    world.check()
    (fault,) = world.draw(0).faults
    assert isinstance(fault, NullBurst)
    assert {world.draw(seed).faults[0].at for seed in range(5)} != {fault.at}


CHARACTERS = " \n:-[]{}'\"|>&*!#,%@\t?0123456789.abcdefxw_()"


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """Draw a file that was right before somebody fell onto the keyboard."""
    text = draw(st.sampled_from((WHOLE, starter.YAML)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        more = draw(st.text(CHARACTERS, max_size=3) | st.text(max_size=2))
        text = text[:at] + more + text[at + draw(st.integers(0, 12)) :]
        if draw(st.integers(0, 3)) == 0:
            rows = text.split("\n")
            rows.insert(draw(st.integers(0, len(rows))), rows[draw(st.integers(0, len(rows) - 1))])
            text = "\n".join(rows)
    return text


@quick(400)
@given(mutations(), st.integers(0, 100))
def test_a_spoilt_file_gives_a_scenario_or_a_mistake(text: str, seed: int) -> None:
    found: Any = None
    try:
        found = reads(text)
        found.check()
        found = found.draw(seed)
    except Mistake as mistake:
        told = str(mistake)
    else:
        told = "" if isinstance(found, Scenario) else "this is no scenario\n"
    assert "\n" not in told
