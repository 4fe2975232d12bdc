"""A recorded stream: the same pages however they are read, and the same laws as elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scenarios.replay import Terms
from sim.clock import DAY_US, us
from sim.errors import Mistake
from sim.faults import Drop, NullBurst, UnitChange
from sim.recorded import NEIGHBOURS, Recorded, pace
from sim.run import run
from sim.setting import source_of
from strategies import presets
from tests.scenarios.replay.data import history, replayed


def pages(recorded: Recorded) -> range:
    return range(us(recorded.horizon) // recorded.grid.span_us + 1)


def test_the_pages_are_the_file_record_for_record(tmp_path: Path) -> None:
    frame = history()
    told = replayed(tmp_path, frame)
    source = source_of(told.scenario, 0)
    stream = told.scenario.stream
    assert isinstance(stream, Recorded)
    first = -(-us(told.scenario.launch.window) // stream.grid.span_us)
    read = [source.page(n, {}) for n in range(-first, pages(stream).stop)]
    times = np.concatenate([p.truth.times_us for p in read]) + told.origin_us
    expected = frame["ts"].to_numpy().astype("datetime64[us]").astype(np.int64)
    np.testing.assert_array_equal(times, expected)
    x = np.concatenate([p.truth.x for p in read])
    names = stream.concept.schema.names
    np.testing.assert_array_equal(x[:, names.index("amount")], frame["amount"])
    np.testing.assert_array_equal(x[:, names.index("age")], frame["age"])
    np.testing.assert_array_equal(np.concatenate([p.truth.y for p in read]), frame["fraud"])
    assert all(p.ideal.sum() == 0.0 for p in read)


def test_any_page_can_be_read_alone(tmp_path: Path) -> None:
    told = replayed(tmp_path, entity="customer", label_time="known")
    forwards, backwards = source_of(told.scenario, 1), source_of(told.scenario, 1)
    stream = told.scenario.stream
    assert isinstance(stream, Recorded)
    numbers = list(pages(stream))
    one = {n: forwards.page(n, {}) for n in numbers}
    other = {n: backwards.page(n, {}) for n in reversed(numbers)}
    for n in numbers:
        np.testing.assert_array_equal(one[n].truth.x, other[n].truth.x)
        np.testing.assert_array_equal(one[n].due, other[n].due)
        chosen = forwards.assigned(one[n], 1, 0.3)
        np.testing.assert_array_equal(chosen, backwards.assigned(other[n], 1, 0.3))


def test_a_customer_is_chosen_for_good(tmp_path: Path) -> None:
    frame = history()
    told = replayed(tmp_path, frame, entity="customer")
    source = source_of(told.scenario, 1)
    fates: dict[str, set[bool]] = {}
    start = int((frame["ts"] < np.datetime64(told.origin_us, "us")).sum())
    at = start
    stream = told.scenario.stream
    assert isinstance(stream, Recorded)
    for n in pages(stream):
        page = source.page(n, {})
        for met in source.assigned(page, 1, 0.3):
            fates.setdefault(frame["customer"][at], set()).add(bool(met))
            at += 1
    assert at == len(frame)
    assert all(len(seen) == 1 for seen in fates.values())
    share = np.mean([next(iter(seen)) for seen in fates.values()])
    assert abs(share - 0.3) < 4.5 * np.sqrt(0.21 / len(fates))


@pytest.mark.parametrize("every", ["", "1d"])
def test_blocks_are_invisible_in_a_replay(tmp_path: Path, every: str) -> None:
    faults = (
        UnitChange(at="10d", columns=("amount",), factor=100.0, share=0.5),
        NullBurst(name="gap", at="20d", until="25d", columns=("age",)),
        Drop(name="gone", at="30d", columns=("country",), fixed_by="data"),
    )
    told = replayed(tmp_path, label_time="known", terms=Terms(faults=faults, every=every))
    strategy = presets.scheduled(every="7d")
    digests = {run(told.scenario, strategy, seed=0, block=b).digest() for b in (None, 1, 7)}
    assert len(digests) == 1


def test_faults_strike_the_wire_and_leave_the_history_alone(tmp_path: Path) -> None:
    fault = UnitChange(at="10d", columns=("amount",), factor=100.0)
    told = replayed(tmp_path, terms=Terms(faults=(fault,)))
    source = source_of(told.scenario, 0)
    place = told.scenario.stream.concept.schema.names.index("amount")
    page = source.page(source.grid.page_at(10 * DAY_US), {})
    factor = np.where(page.truth.times_us >= 10 * DAY_US, 100.0, 1.0)
    assert len(set(factor)) == 2
    np.testing.assert_allclose(page.wire.x[:, place], factor * page.truth.x[:, place])
    assert told.scenario.calm().faults == ()


def test_labels_arrive_when_the_data_say_so(tmp_path: Path) -> None:
    frame = history()
    frame.loc[frame.index % 7 == 0, "known"] = None
    told = replayed(tmp_path, frame, label_time="known")
    ledger = run(told.scenario, presets.scheduled(every="30d"), seed=0)
    live = frame[frame["ts"] >= np.datetime64(told.origin_us, "us")]
    end = np.datetime64(told.origin_us + us(told.scenario.horizon), "us")
    assert ledger.labels == {
        "arrived": int((live["known"] < end).sum()),
        "pending": int((live["known"] >= end).sum()),
        "never": int(live["known"].isna().sum()),
    }


def test_the_digest_knows_the_content_and_not_the_place(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("here", "there", "changed")]
    for folder in folders:
        folder.mkdir()
    frame = history(1_000)
    other = frame.copy()
    other["amount"] += 0.01 * (other.index == 500)
    here, there, changed = (
        replayed(folder, data).scenario
        for folder, data in zip(folders, (frame, frame, other), strict=True)
    )
    assert here.digest == there.digest
    assert here.digest != changed.digest
    assert here.world_digest != changed.world_digest
    again = [run(s, presets.scheduled(every="7d"), seed=0).digest() for s in (here, there)]
    assert again[0] == again[1]


def test_a_bootstrap_plays_blocks_from_near_by(tmp_path: Path) -> None:
    told = replayed(tmp_path, terms=Terms(vary="bootstrap"))
    plain = replayed(tmp_path)
    stream = told.scenario.stream
    assert isinstance(stream, Recorded)
    size_us = us(stream.block)
    seen = set()
    for seed in range(5):
        source, original = source_of(told.scenario, seed), source_of(plain.scenario, seed)
        recorded = original.stream.table.times_us - told.origin_us
        for n in pages(stream):
            start_us, end_us = source.grid.bounds_us(n)
            assert start_us // size_us == (end_us - 1) // size_us
            _, _, moved_us = stream.rows(source.luck, n)
            assert moved_us % size_us == 0
            assert abs(moved_us) <= NEIGHBOURS * size_us
            seen.add(moved_us // size_us)
            times_us = source.page(n, {}).truth.times_us
            assert np.all((times_us >= start_us) & (times_us < end_us))
            inside = (recorded >= start_us - moved_us) & (recorded < end_us - moved_us)
            assert len(times_us) == inside.sum()
    assert seen == set(range(-NEIGHBOURS, NEIGHBOURS + 1))
    runs = [
        run(told.scenario, presets.scheduled(every="7d"), seed=s).requests["total"]
        for s in range(3)
    ]
    assert len(set(runs)) > 1


def test_rush_hours_do_not_make_pages_huge() -> None:
    day = np.sort(np.random.default_rng(1).random(100_000))
    rush = 40 * DAY_US + (day * DAY_US).astype(np.int64)
    rest = np.arange(0, 80 * DAY_US, DAY_US // 100)
    times_us = np.sort(np.concatenate([rush, rest]))
    traffic = pace(times_us, 0, 80 * DAY_US, unit_us=us("1h"))
    from sim.traffic import Grid

    grid = Grid.of(traffic, tick_us=us("1h"))
    edges = np.arange(0, 80 * DAY_US + grid.span_us, grid.span_us)
    assert np.diff(times_us.searchsorted(edges)).max() <= 4 * 4096 * 1.25
    even = len(times_us) / 4096
    assert len(edges) <= 40 * even


def test_a_history_cannot_be_drawn_and_knows_no_best_answer(tmp_path: Path) -> None:
    concept = replayed(tmp_path).scenario.stream.concept
    with pytest.raises(Mistake, match="unknown"):
        concept.best(np.zeros((1, 3)))


def test_another_tick_is_refused(tmp_path: Path) -> None:
    scenario = replace(replayed(tmp_path).scenario, tick="30m", horizon="40d")
    with pytest.raises(Mistake, match="another tick"):
        source_of(replace(scenario, tick="8h"), 0).page(0, {})
