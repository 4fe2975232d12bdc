"""A pipeline is judged by drawn relevance: each stage against theory, and all four together."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp, sqrt
from typing import Any

import numpy as np
import pytest
from scipy import integrate, stats  # type: ignore[import-untyped]
from sklearn.metrics import ndcg_score

from sim.actions import Action, Promote, Retrain
from sim.artifacts import Assembled, Learned, Pipeline
from sim.artifacts.pipeline import SIGNALS
from sim.artifacts.stages import ndcg, rank, retrieve
from sim.chance import Luck
from sim.clock import DAY_US, HOUR_US, us
from sim.concepts import STAGES, Judgements, Linear, Moment, Questions
from sim.drift import ConceptDrift, StageDrift
from sim.errors import Mistake
from sim.facts import Acted, Built, Lineage, Onset, TrainingBegun
from sim.faults import NullBurst
from sim.labels import Constant, Labels, LogNormal
from sim.ledger import Ledger
from sim.run import run
from sim.scenario import Launch, Scenario, Service, Training
from sim.setting import source_of
from sim.stream import Stream
from sim.traffic import Segments, Traffic
from sim.view import View
from strategies import presets
from tests.sim.laws.worlds import pages_of

HOME = (0.0, 0.0, 0.0, 0.0)
ORDINARY = Questions()
NEVER = presets.never()


def judged(questions: Questions = ORDINARY, *, pages: int = 10, seed: int = 1) -> Judgements:
    parts = []
    for page in range(pages):
        times_us = np.zeros(4_096, dtype=np.int64)
        now = Moment(page, times_us, [(questions, 1.0)], (), (), 0.0, 0.5)
        drawn = questions.draw(Luck(seed), now).judgements
        assert drawn is not None
        parts.append(drawn)
    return Judgements.join(parts)


def signal(pipeline: Pipeline, truth: Judgements, name: str, places: Any = HOME) -> np.ndarray:
    given = Assembled(pipeline, places).of(truth.meant, truth)
    assert given.signals is not None
    values = given.signals[:, SIGNALS.index(name)]
    return np.asarray(values[~np.isnan(values)])


def success(pipeline: Pipeline, truth: Judgements, places: Any = HOME) -> np.ndarray:
    answer = Assembled(pipeline, places).of(truth.meant, truth).answer
    return np.asarray((answer == truth.right).astype(np.float64))


def agrees(values: np.ndarray, expected: float) -> None:
    error = values.std() / sqrt(len(values))
    assert abs(values.mean() - expected) < 4.5 * max(error, 1e-9), (values.mean(), expected)


# -- each stage against theory -------------------------------------------------------------------


def test_the_drawn_judgements_are_as_declared() -> None:
    truth = judged(Questions(answerable=0.9, close=0.1, loose=0.25, fresh=0.5, old=3.0))
    agrees((truth.grade[:, 0] == 3).astype(float), 0.9)
    others = truth.grade[:, 1:]
    assert set(np.unique(others)) == {0, 1, 2}
    agrees((others == 2).ravel().astype(float), 0.1)
    agrees((others == 1).ravel().astype(float), 0.25)
    agrees(truth.age[:, 0].astype(float), 0.5)
    agrees(truth.age[:, 1:].ravel().astype(float), 3.0)
    assert np.array_equal(truth.right == 10, truth.grade[:, 0] == 0)


def test_ndcg_is_that_of_scikit_learn() -> None:
    truth = judged(pages=1)
    found = retrieve(truth, 8, np.full(4_096, 1.0), np.zeros(4_096))
    ranked, _ = rank(truth, found, np.full(4_096, 0.7))
    grades = ranked.grades(truth)
    mine = ndcg(grades)
    places = np.arange(8, 0, -1.0)[None]
    for row in range(400):
        if grades[row].any():
            gains = 2.0 ** grades[row][None] - 1
            assert mine[row] == pytest.approx(ndcg_score(gains, places), abs=1e-12)
        else:
            assert np.isnan(mine[row])


def test_retrieval_and_ranking_are_the_plain_loops() -> None:
    truth, pipeline = judged(pages=1), Pipeline(retrieved=6, handed=2, retrieval=0.8, ranking=0.6)
    skill, behind = np.full(4_096, 0.8), np.full(4_096, 0.7)
    found = retrieve(truth, 6, skill, behind)
    ranked, _ = rank(truth, found, np.full(4_096, 0.6))
    place = (-0.7, 0.0, 0.0, 0.0)
    precision = Assembled(pipeline, place).of(truth.meant, truth).signals
    assert precision is not None
    for row in range(300):
        grade = truth.grade[row].astype(np.float32)
        score = np.float32(0.8) * grade + truth.retrieval[row]
        index = [d for d in range(20) if truth.age[row, d] >= np.float32(0.7)]
        best = sorted(index, key=lambda d: -score[d])[:6]
        again = np.float32(0.6) * grade + truth.ranking[row]
        order = sorted(best, key=lambda d: -again[d])
        mine = [
            d for d, there in zip(ranked.documents[row], ranked.found[row], strict=True) if there
        ]
        assert mine == order
        relevant = [d for d in order if truth.grade[row, d] > 0]
        assert precision[row, 0] == pytest.approx(len(relevant) / 6)
        total = int((truth.grade[row] > 0).sum())
        if total:
            assert precision[row, 1] == pytest.approx(len(relevant) / total)


@pytest.mark.parametrize("skill", [0.2, 0.6, 1.0])
def test_recall_of_one_relevant_document_is_the_integral(skill: float) -> None:
    """It is among the first k if fewer than k of the m - 1 others score above it."""
    truth = judged(Questions(close=0.0, loose=0.0, answerable=1.0))

    def among(z: float) -> float:
        above = stats.norm.sf(z + 3 * skill)
        return float(stats.norm.pdf(z) * stats.binom.cdf(7, 19, above))

    expected = integrate.quad(among, -9, 9)[0]
    agrees(signal(Pipeline(retrieval=skill), truth, "retrieval recall"), expected)


def test_retrieval_without_skill_draws_documents_at_random() -> None:
    truth = judged()
    blind = Pipeline(retrieval=0.0, retrieved=8)
    agrees(signal(blind, truth, "retrieval recall"), 8 / 20)
    agrees(signal(blind, truth, "retrieval precision"), (0.97 + 19 * 0.3) / 20)


def test_documents_that_came_out_since_the_index_was_built_are_not_in_it() -> None:
    truth = judged(Questions(fresh=0.5))
    for behind in (0.0, 0.2, 1.0):
        sharp = Pipeline(retrieval=100.0, perfect=STAGES[1:])
        lived = success(sharp, truth, places=(-behind, 0.0, 0.0, 0.0))
        agrees(lived, 0.97 * exp(-behind / 0.5))


def answered(grounded: float, pipeline: Pipeline) -> float:
    """Return the chance of success with two drafts; a right one needs the answer at hand."""
    f, fp, fn = pipeline.generation, pipeline.stops, 1 - pipeline.catches
    first = f * (1 - fp)
    again = f * fp + (1 - f) * (1 - fn)
    return grounded * first * (1 + again)


def test_end_to_end_success_is_the_product_of_the_stages() -> None:
    truth = judged()
    blind = Pipeline(retrieval=0.0, ranking=0.0, generation=0.8, catches=0.7, stops=0.1)
    agrees(success(blind, truth), answered(0.97 * 3 / 20, blind))
    sure = replace(blind, perfect=("retrieval", "ranking"))
    agrees(success(sure, truth), answered(0.97, sure))
    once = replace(sure, drafts=1)
    agrees(success(once, truth), 0.97 * 0.8 * 0.9)


def test_faithfulness_and_the_validators_mistakes_are_what_was_declared() -> None:
    truth = judged()
    pipeline = Pipeline(
        generation=0.8, ungrounded=0.3, catches=0.7, stops=0.1, perfect=("retrieval", "ranking")
    )
    agrees(signal(pipeline, truth, "generation faithfulness"), 0.97 * 0.8 + 0.03 * 0.3)
    agrees(signal(pipeline, truth, "validation false negatives"), 0.3)
    agrees(signal(pipeline, truth, "validation false positives"), 0.1)


def test_a_stage_wears_with_its_distance_and_the_others_do_not() -> None:
    truth = judged(pages=2)
    fresh = Pipeline()
    worn = {
        "ranking": replace(fresh, ranking=fresh.ranking * exp(-0.5)),
        "generation": replace(
            fresh,
            generation=fresh.generation * exp(-0.5),
            ungrounded=fresh.ungrounded * exp(-0.5),
        ),
        "validation": replace(fresh, catches=fresh.catches * exp(-0.5)),
    }
    for stage, weaker in worn.items():
        places = tuple(0.5 if name == stage else 0.0 for name in STAGES)
        old = Assembled(fresh, places).of(truth.meant, truth)
        new = Assembled(weaker, HOME).of(truth.meant, truth)
        assert np.array_equal(old.answer, new.answer)
        assert old.signals is not None
        assert new.signals is not None
        assert np.array_equal(old.signals, new.signals, equal_nan=True)


# -- attribution ---------------------------------------------------------------------------------


def world(**more: Any) -> Scenario:
    given: dict[str, Any] = {
        "stream": Stream(
            concept=Questions(),
            traffic=Traffic(rate="100/h"),
            drifts=(StageDrift(name="new products", stage="retrieval", by=0.8, at="6d"),),
        ),
        "artifact": Pipeline(),
        "labels": Labels(delay=Constant(delay="6h"), coverage=0.5),
        "training": Training(fixed="4h", cost=40.0),
        "service": Service(deploy="0s", rollback="0s", flag="0s"),
        "launch": Launch(window="3d"),
        "horizon": "12d",
        **more,
    }
    return Scenario(name="questions", **given)


def lived(scenario: Scenario, strategy: Any = NEVER, *, seed: int = 1) -> Ledger:
    ledger = run(scenario, strategy, seed=seed, outcomes=True)
    assert not ledger.stopped, ledger.stopped
    return ledger


def test_four_perfect_stages_are_the_best_possible_record_by_record() -> None:
    ledger = lived(world(artifact=Pipeline(perfect=STAGES)))
    assert np.array_equal(ledger.timeline.loss, ledger.timeline.ideal)
    assert abs(ledger.timeline.ideal.sum() / ledger.requests["total"] - 0.03) < 0.01


def test_stages_made_perfect_one_after_another_explain_the_whole_loss() -> None:
    """In the order of the pipeline the differences add up to all that is above the ideal."""
    losses = [
        lived(world(artifact=Pipeline(perfect=STAGES[:count]))).timeline.loss.sum()
        for count in range(5)
    ]
    timeline = lived(world()).timeline
    parts = [before - after for before, after in pairwise(losses)]
    assert sum(parts) == (timeline.loss - timeline.ideal).sum()
    assert parts[0] > 0.6 * sum(parts), "the index is what is stale"


def test_a_perfect_stage_leaves_what_comes_before_it_as_it_was() -> None:
    truth = judged(pages=1)
    base = Assembled(Pipeline(), HOME).of(truth.meant, truth).signals
    assert base is not None
    first = {"retrieval": 0, "ranking": 2, "generation": 3, "validation": 4}
    for stage, columns in first.items():
        swapped = Assembled(Pipeline(perfect=stage), HOME).of(truth.meant, truth).signals
        assert swapped is not None
        assert np.array_equal(base[:, :columns], swapped[:, :columns], equal_nan=True)
        assert not np.array_equal(base[:, columns:], swapped[:, columns:], equal_nan=True)


def test_a_fault_of_one_stage_shows_downstream_and_only_there() -> None:
    ledger = lived(world())
    count, total = ledger.timeline.signal_count, ledger.timeline.signal_sum
    before, after = slice(0, 6 * 24), slice(6 * 24, None)

    def mean(name: str, part: slice) -> float:
        place = SIGNALS.index(name) * 4
        return float(total[part, place].sum() / count[part, place].sum())

    assert mean("retrieval recall", after) < mean("retrieval recall", before) - 0.05
    fell = mean("generation faithfulness", before) - mean("generation faithfulness", after)
    assert fell > 0.1, "it looks like generation's"
    for name in ("validation false negatives", "validation false positives"):
        assert abs(mean(name, after) - mean(name, before)) < 0.03
    onset = ledger.of(Onset)[0]
    assert (onset.incident, onset.columns, onset.severity) == ("stage", ("retrieval",), 0.8)


def test_a_query_that_does_not_arrive_finds_documents_at_random() -> None:
    fault = NullBurst(at="0s", columns=("query",))
    stream = replace(world().stream, drifts=())
    struck = lived(world(stream=stream, faults=(fault,))).timeline
    count, total = struck.of_signal("retrieval recall")
    n = count.sum()
    assert abs(total.sum() / n - 8 / 20) < 4.5 * 0.25 / sqrt(n)


# -- rebuilding one stage ------------------------------------------------------------------------


@dataclass(frozen=True)
class Rebuild:
    """Rebuilds one *stage* on day 8, or all of them, and serves what comes of it."""

    stage: str = ""
    heartbeat: str = "1d"

    def decide(self, view: View) -> list[Action]:
        if view.candidate and not view.changing:
            return [Promote(view.candidate)]
        if view.reason == "heartbeat" and view.now_us == 8 * DAY_US:
            return [Retrain("1d", stage=self.stage)]
        return []


def late(ledger: Ledger) -> float:
    days = slice(9 * 24, None)
    return float(ledger.timeline.loss[days].sum() / ledger.timeline.count[days].sum())


def test_the_stage_that_is_stale_is_the_one_to_rebuild() -> None:
    left = late(lived(world()))
    mended = {stage: late(lived(world(), Rebuild(stage))) for stage in ("", *STAGES)}
    assert mended["retrieval"] == mended[""], "the others had not aged"
    assert mended["retrieval"] < 0.5 * left
    for stage in STAGES[1:]:
        assert mended[stage] == left


def test_a_rebuilt_stage_knows_which_versions_the_others_came_from() -> None:
    ledger = lived(world(), Rebuild("ranking"))
    runs = [fact for fact in ledger.of(Lineage) if fact.stage == "training run"]
    made = {fact.version: json.loads(fact.content)["stages"] for fact in runs}
    assert made["v0"] == dict.fromkeys(STAGES, "v0")
    assert made["v1"] == dict.fromkeys(STAGES, "v0") | {"ranking": "v1"}
    digests = {stage: lived(world(), Rebuild(stage)).of(Built)[1].digest for stage in ("", *STAGES)}
    assert len(set(digests.values())) == 5
    asked = [fact for fact in ledger.of(Acted) if fact.action == "retrain"]
    assert asked[0].detail == "window=1d, warm=False, stage=ranking"


def test_one_stage_of_four_takes_a_quarter_of_the_time_and_money() -> None:
    whole, part = (lived(world(), Rebuild(stage)) for stage in ("", "ranking"))
    begun = [ledger.of(TrainingBegun)[0] for ledger in (whole, part)]
    assert [fact.ends_us - fact.at_us for fact in begun] == [4 * HOUR_US, HOUR_US]
    assert [ledger.of(Built)[1].cost for ledger in (whole, part)] == [40.0, 10.0]


def test_the_claim_is_measured_on_judged_questions_from_before_the_release() -> None:
    claim = lived(world()).of(Built)[0].claim
    truth = judged(pages=30)
    expected = 1 - success(Pipeline(), truth).mean()
    n = 0.2 * 3 * 24 * 100
    assert abs(claim - expected) < 4.5 * sqrt(expected * (1 - expected) / n)


def test_the_evaluation_report_measures_each_stage_on_questions_from_before_the_release() -> None:
    ledger = lived(world(), Rebuild("retrieval"))
    reports = [fact for fact in ledger.of(Lineage) if fact.stage == "evaluation report"]
    claimed = json.loads(reports[0].content)["signals"]
    assert set(claimed) == set(SIGNALS)
    truth = judged(pages=30)
    n = 0.2 * 3 * 24 * 100
    for name in SIGNALS[:4]:
        values = signal(Pipeline(), truth, name)
        assert abs(claimed[name] - values.mean()) < 4.5 * values.std() / sqrt(n)


def test_a_drift_can_move_the_world_away_from_a_stage_for_some_users_alone() -> None:
    drift = StageDrift(at="0s", stage="ranking", by=2.0, segment="app")
    segments = Segments(names=("web", "app"), shares=(0.7, 0.3))
    stream = replace(world().stream, drifts=(drift,), segments=segments)
    truth = source_of(world(stream=stream), 1).page(2, {}).truth
    assert truth.judgements is not None
    assert truth.segment is not None
    assert np.array_equal(truth.judgements.places[:, 1], np.where(truth.segment == 1, 2.0, 0.0))


def test_what_cannot_be_is_refused_by_name() -> None:
    @dataclass(frozen=True)
    class Odd:
        stage: str
        heartbeat: str = "1d"

        def decide(self, view: View) -> list[Action]:
            return [Retrain("1d", stage=self.stage)]

    stopped = run(world(), Odd("serving"), seed=1).stopped
    assert "retrain.stage is 'serving'" in stopped
    plain = Scenario(name="plain", stream=Stream(concept=Linear()), horizon="2d")
    assert "only a Pipeline has stages" in run(plain, Odd("ranking"), seed=1).stopped
    with pytest.raises(Mistake, match=r"scenario\.artifact"):
        world(artifact=Learned())
    with pytest.raises(Mistake, match="only a world of Questions has stages"):
        Stream(concept=Linear(), drifts=(StageDrift(stage="ranking", at="1d"),))
    with pytest.raises(Mistake, match=r"stage\.stage is 'rank': did you mean 'ranking'"):
        Stream(concept=Questions(), drifts=(StageDrift(stage="rank", at="1d"),))
    with pytest.raises(Mistake, match="moves the world away"):
        Stream(concept=Questions(), drifts=(ConceptDrift(to=Questions(), at="1d"),))
    with pytest.raises(Mistake, match=r"pipeline\.handed"):
        Pipeline(retrieved=2, handed=3)
    with pytest.raises(Mistake, match=r"pipeline\.perfect"):
        Pipeline(perfect="indexing")


# -- the laws ------------------------------------------------------------------------------------


def test_a_page_of_questions_is_the_same_whenever_it_is_drawn() -> None:
    one, two = (source_of(world(), 5) for _ in range(2))
    for number in (3, 0, 7):
        one.page(number, {})
    for number in (0, 7):
        first, again = (source.page(number, {}).truth.judgements for source in (one, two))
        assert first is not None
        assert again is not None
        assert all(np.array_equal(getattr(first, k), getattr(again, k)) for k in vars(first))
    other = source_of(world(), 6).page(0, {}).truth.judgements
    assert other is not None
    assert first is not None
    assert not np.array_equal(other.grade, first.grade)


def test_a_drift_of_one_stage_leaves_all_luck_alone() -> None:
    with_drift = source_of(world(), 5)
    calm = source_of(world().calm(), 5)
    for number in range(calm.grid.page_at(us("12d") - 1) + 1):
        mine, twin = (source.page(number, {}).truth.judgements for source in (with_drift, calm))
        assert mine is not None
        assert twin is not None
        for name in vars(mine):
            same = np.array_equal(getattr(mine, name), getattr(twin, name))
            assert same or name == "places"
        assert np.array_equal(mine.places[:, 1:], twin.places[:, 1:])


@pytest.mark.parametrize("delay", [Constant(delay="0"), LogNormal(median="5h", sigma=1.5)])
def test_a_year_of_questions_is_the_same_for_every_block(delay: Any) -> None:
    with pages_of(500):
        scenario = world(labels=Labels(delay=delay, coverage=0.7, noise=0.1), horizon="10d")
        blocks = (None, 7, 1_000)
        ledgers = [run(scenario, Rebuild("retrieval"), seed=1, block=block) for block in blocks]
    assert len({ledger.digest() for ledger in ledgers}) == 1
    assert len(ledgers[0].of(Built)) == 2
