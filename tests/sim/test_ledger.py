"""The ledger keeps everything, comes back from disk as it was, and refuses what it cannot read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.actions import (
    Action,
    AskForLabels,
    Investigate,
    Note,
    PageOwner,
    Promote,
    Rebuild,
    Refresh,
    Retrain,
    Rollback,
)
from sim.clock import us
from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.errors import Mistake
from sim.facts import KINDS, Acted, Alarm, Built, Fact, Onset, Routed, Stopped, from_row
from sim.faults import CodeCrash, Drop, SignOffRule
from sim.labels import Constant, Labels, LogNormal
from sim.ledger import Ledger
from sim.run import run
from sim.scenario import Launch, Scenario, Service, Training
from sim.stream import Stream
from sim.traffic import Traffic
from sim.view import View
from strategies.detectors import ADWIN
from strategies.monitors import OnErrors
from tests.sim.laws.operators import released


@dataclass(frozen=True)
class Busy:
    """Makes every kind of fact; at the end it asks for the impossible."""

    monitors: tuple[Any, ...] = (OnErrors(detector=ADWIN()),)
    heartbeat: str = "1d"

    def decide(self, view: View) -> list[Action]:
        if view.alarms:
            return [Retrain("2d", why="an alarm"), Retrain("1h", why="too little")]
        if view.candidate and not view.changing:
            return [released(view.candidate, 0.4)]
        plan: dict[float, list[Action]] = {
            3.0: [Investigate(), Refresh(), AskForLabels(0.1, "1d")],
            4.0: [PageOwner("data", "it is late"), Note("trigger", "no", "nothing has happened")],
            8.0: [Rebuild("v1")],
            9.0: [Rollback()],
            10.0: [Promote("v1"), Retrain("2d", why="its code will crash")],
            11.0: [Promote("v99")],
        }
        return plan.get(view.now, []) if view.reason == "heartbeat" else []


def world(**more: Any) -> Scenario:
    turn = ConceptDrift(at="5d", to=Linear(columns=3, angle=150.0))
    given: dict[str, Any] = {
        "stream": Stream(concept=Linear(columns=3), traffic=Traffic(rate="40/h"), drifts=(turn,)),
        "faults": (
            Drop(at="2d", until="3d", columns=("x1",), share=0.5),
            SignOffRule(at="10d 12h"),
            CodeCrash(at="9d 12h"),
        ),
        "labels": Labels(delay=Constant(delay="5h"), coverage=0.8, noise=0.05),
        "training": Training(cost=3.5),
        "service": Service(contract="strict"),
        "launch": Launch(window="3d"),
        "horizon": "12d",
        **more,
    }
    return Scenario(name="busy", story="Much happens.", **given)


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return run(world(), Busy(), seed=11, outcomes=True)


def same(a: Ledger, b: Ledger) -> bool:
    arrays = ("count", "loss", "ideal", "labels", "label_loss")
    return (
        a.digest() == b.digest()
        and a.portable_digest() == b.portable_digest()
        and a.facts == b.facts
        and a.header() == b.header()
        and all(
            np.array_equal(getattr(a.timeline, name), getattr(b.timeline, name))
            and getattr(a.timeline, name).dtype == getattr(b.timeline, name).dtype
            for name in arrays
        )
    )


def test_a_busy_year_holds_facts_of_nearly_every_kind(ledger: Ledger) -> None:
    assert {fact.kind for fact in ledger.facts} == set(KINDS)
    assert "v99" in ledger.stopped


def test_facts_are_in_the_order_in_which_they_happened(ledger: Ledger) -> None:
    times = [fact.at_us for fact in ledger.facts]
    assert times == sorted(times)


def test_of_gives_the_facts_of_one_kind_in_order(ledger: Ledger) -> None:
    kinds: list[type[Fact]] = [Alarm, Built, Routed, Acted, Onset, Stopped]
    for kind in kinds:
        found = ledger.of(kind)
        assert found == [fact for fact in ledger.facts if type(fact) is kind]
        assert found
    assert ledger.of(Fact) == list(ledger.facts)


def test_every_fact_survives_a_row_of_plain_data(ledger: Ledger) -> None:
    for fact in ledger.facts:
        assert from_row(json.loads(json.dumps(fact.row()))) == fact


def test_it_comes_back_from_parquet_as_it_was(ledger: Ledger, tmp_path: Path) -> None:
    ledger.write(tmp_path / "run")
    back = Ledger.read(tmp_path / "run")
    assert same(ledger, back)
    assert back.outcomes is not None
    assert ledger.outcomes is not None
    for name in ("served_us", "arm", "loss"):
        ours, theirs = getattr(ledger.outcomes, name), getattr(back.outcomes, name)
        assert np.array_equal(ours, theirs)
        assert ours.dtype == theirs.dtype


def test_it_comes_back_from_json_lines_as_it_was(ledger: Ledger, tmp_path: Path) -> None:
    ledger.write_jsonl(tmp_path / "run.jsonl")
    assert same(ledger, Ledger.read_jsonl(tmp_path / "run.jsonl"))
    lines = (tmp_path / "run.jsonl").read_text().splitlines()
    assert len(lines) == 2 + len(ledger.facts)
    assert all(isinstance(json.loads(line), dict) for line in lines)


def test_what_comes_back_can_be_written_again(ledger: Ledger, tmp_path: Path) -> None:
    ledger.write(tmp_path / "a")
    Ledger.read(tmp_path / "a").write_jsonl(tmp_path / "b.jsonl")
    Ledger.read_jsonl(tmp_path / "b.jsonl").write(tmp_path / "c")
    assert same(ledger, Ledger.read(tmp_path / "c"))


def test_a_run_without_outcomes_leaves_none_in_the_folder(ledger: Ledger, tmp_path: Path) -> None:
    ledger.write(tmp_path)
    replace(ledger, outcomes=None).write(tmp_path)
    assert Ledger.read(tmp_path).outcomes is None


def test_the_accounts_close(ledger: Ledger) -> None:
    assert sum(ledger.labels.values()) == ledger.requests["total"]
    assert ledger.labels["arrived"] == ledger.timeline.labels.sum()
    assert ledger.outcomes is not None
    assert len(ledger.outcomes.loss) == ledger.requests["total"]
    assert ledger.outcomes.loss.sum() == ledger.timeline.loss.sum()
    ticks = ledger.outcomes.served_us // ledger.timeline.tick_us
    for arm in range(4):
        mine = np.bincount(ticks[ledger.outcomes.arm == arm], minlength=len(ledger.timeline))
        assert np.array_equal(mine, ledger.timeline.count[:, arm])
    assert ledger.requests["fallback"] > 0
    assert set(ledger.outcomes.arm.tolist()) == {0, 1, 2, 3}


@pytest.mark.parametrize("delay", [Constant(delay="400d"), LogNormal(median="12d", sigma=1.0)])
def test_a_label_that_comes_after_the_end_is_pending(delay: Any) -> None:
    ledger = run(world(labels=Labels(delay=delay)), Busy(monitors=()), seed=1)
    assert sum(ledger.labels.values()) == ledger.requests["total"]
    assert ledger.labels["pending"] > 0.3 * ledger.requests["total"]
    assert ledger.labels["never"] == 0


# -- digests ---------------------------------------------------------------------------------


def test_equal_runs_have_equal_digests_and_others_others(ledger: Ledger) -> None:
    again = run(world(), Busy(), seed=11)
    assert (again.digest(), again.portable_digest()) == (
        ledger.digest(),
        ledger.portable_digest(),
    )
    others = [
        run(world(), Busy(), seed=12),
        run(world(), Busy(monitors=()), seed=11),
        run(world(labels=Labels(delay=Constant(delay="6h"), coverage=0.8)), Busy(), seed=11),
    ]
    digests = {other.digest() for other in (ledger, *others)}
    assert len(digests) == len({other.portable_digest() for other in (ledger, *others)}) == 4


def change(ledger: Ledger, **changes: Any) -> Ledger:
    return replace(ledger, **changes)


def nudged(ledger: Ledger) -> Any:
    loss = ledger.timeline.loss.copy()
    loss[5, 0] = np.nextafter(loss[5, 0], 1e9)
    return replace(ledger.timeline, loss=loss)


def recounted(ledger: Ledger) -> Any:
    count = ledger.timeline.count.copy()
    count[5, 0] += 1
    return replace(ledger.timeline, count=count)


def test_a_digest_sees_every_part_and_the_portable_one_decisions_and_counts(
    ledger: Ledger,
) -> None:
    later = replace(ledger.of(Built)[1], at_us=ledger.of(Built)[1].at_us + 1)
    facts = tuple(later if fact == ledger.of(Built)[1] else fact for fact in ledger.facts)
    whole: list[dict[str, Any]] = [
        {"facts": facts},
        {"facts": ledger.facts[:-1]},
        {"timeline": recounted(ledger)},
        {"labels": {**ledger.labels, "never": 0}},
        {"seed": 12},
        {"strategy": "another"},
    ]
    for changes in whole:
        assert change(ledger, **changes).digest() != ledger.digest()
        assert change(ledger, **changes).portable_digest() != ledger.portable_digest()
    fine: list[dict[str, Any]] = [{"timeline": nudged(ledger)}, {"checksum": ledger.checksum ^ 1}]
    for changes in fine:
        assert change(ledger, **changes).digest() != ledger.digest()
        assert change(ledger, **changes).portable_digest() == ledger.portable_digest()
    assert change(ledger, fingerprint={}).digest() == ledger.digest()
    assert change(ledger, outcomes=None).digest() == ledger.digest()


# -- what cannot be read ---------------------------------------------------------------------


def other_layout(ledger: Ledger, folder: Path) -> None:
    ledger.write(folder)
    path = folder / "ledger.parquet"
    table = pq.read_table(path)
    header = json.loads(table.schema.metadata[b"driftyard"])
    told = json.dumps({**header, "layout": 99})
    pq.write_table(table.replace_schema_metadata({"driftyard": told}), path)


def not_ours(ledger: Ledger, folder: Path) -> None:
    ledger.write(folder)
    pq.write_table(pa.table({"fact": ["{}"]}), folder / "ledger.parquet")


def garbage(ledger: Ledger, folder: Path) -> None:
    ledger.write(folder)
    (folder / "ledger.parquet").write_bytes(b"no parquet at all")


def half(ledger: Ledger, folder: Path) -> None:
    ledger.write(folder)
    (folder / "timeline.parquet").unlink()


def nothing(ledger: Ledger, folder: Path) -> None:
    del ledger, folder


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (other_layout, "has layout 99: this driftyard reads layout 1"),
        (not_ours, "has layout None"),
        (nothing, "holds no ledger"),
        (garbage, "ledger"),
        (half, "ledger"),
    ],
)
def test_a_folder_that_cannot_be_read_is_refused_in_one_line(
    spoil: Callable[[Ledger, Path], None], words: str, ledger: Ledger, tmp_path: Path
) -> None:
    spoil(ledger, tmp_path)
    with pytest.raises(Mistake, match=words) as refusal:
        Ledger.read(tmp_path)
    assert str(tmp_path) in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        '{"layout": 99}\n{}\n',
        '{"layout": 99}\n[]\n',
        "",
        "no json\n",
    ],
)
def test_lines_that_cannot_be_read_are_refused_in_one_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text(text)
    with pytest.raises(Mistake, match="ledger") as refusal:
        Ledger.read_jsonl(path)
    assert "\n" not in str(refusal.value)


def test_the_timeline_is_as_long_as_the_year(ledger: Ledger) -> None:
    assert len(ledger.timeline) == us("12d") // us("1h")
    assert ledger.timeline.start_us[-1] == us("12d") - us("1h")
    assert ledger.timeline.count[us("11d") // us("1h") :].sum() == 0
