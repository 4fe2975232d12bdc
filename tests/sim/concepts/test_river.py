"""River's own generators and data sets: unchanged, page by page, in a whole run."""

from __future__ import annotations

import pickle
from itertools import islice
from typing import Any

import numpy as np
import pytest
from river import datasets
from river.datasets import synth
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from sim.artifacts import Learned
from sim.chance import Luck
from sim.clock import DAY_US, HOUR_US, us
from sim.concepts import SEA, Agrawal, Hyperplane, Moment, River, Sine
from sim.digest import digest
from sim.drift import ConceptDrift, CovariateShift, PriorShift
from sim.errors import Mistake
from sim.labels import Constant, Labels
from sim.losses import ZeroOne
from sim.run import run
from sim.scenario import Launch, Scenario
from sim.source import Source
from sim.stream import Season, Stream
from sim.traffic import Traffic
from strategies import presets

COUNT = 3_000
GENERATORS: list[Any] = [
    synth.Agrawal(seed=3, classification_function=2, perturbation=0.1),
    synth.Friedman(seed=3),
    synth.Hyperplane(seed=3),
    synth.Hyperplane(),
    synth.LED(seed=3),
    synth.LEDDrift(seed=3, irrelevant_features=True, n_drift_features=4),
    synth.Mixed(seed=3, balance_classes=True),
    synth.Mv(seed=3),
    synth.Planes2D(seed=3),
    synth.RandomRBF(seed_model=3, seed_sample=4, n_classes=4),
    synth.RandomTree(seed_tree=3),
    synth.SEA(seed=3, variant=2),
    synth.STAGGER(seed=3),
    synth.Sine(seed=3),
    synth.Waveform(seed=3),
]
every_generator = pytest.mark.parametrize("generator", GENERATORS, ids=lambda g: type(g).__name__)


def drawn(concept: Any, page: int = 0, *, start_us: int = 0, step_us: int = 1) -> Any:
    times_us = start_us + np.arange(COUNT, dtype=np.int64) * step_us
    return concept.draw(Luck(1), Moment(page, times_us, [(concept, 1.0)], (), (), 0.0, 0.5))


@every_generator
def test_pages_are_drawn_alone_and_are_no_repeats(generator: Any) -> None:
    before = repr(generator._get_params())
    first, again = drawn(River(generator=generator)), drawn(River(generator=generator))
    other = drawn(River(generator=generator), page=1)
    for one, two in zip(first[:3], again[:3], strict=True):
        assert np.array_equal(one, two)
    assert not np.array_equal(first.x, other.x)
    assert np.array_equal(first.y, first.best)
    assert repr(generator._get_params()) == before


@every_generator
def test_outcomes_are_numbers_or_classes_from_0(generator: Any) -> None:
    concept = River(generator=generator)
    page = drawn(concept)
    assert np.isfinite(page.x).all()
    assert page.x.shape == (COUNT, len(concept.schema.columns))
    if concept.classes:
        assert set(np.unique(page.y)) <= set(range(concept.classes))
    else:
        assert len(np.unique(page.y)) > COUNT / 2


@pytest.mark.parametrize("page", [0, 9])
def test_the_rule_is_that_of_rivers_generator(page: int) -> None:
    """Against rules that we know in closed form, whatever seed the page has."""
    x, y, *_ = drawn(River(generator=synth.SEA(variant=1, seed=5)), page)
    assert np.array_equal(SEA(threshold=9.0).best(x), y)
    x, y, *_ = drawn(River(generator=synth.Sine(classification_function=2, seed=5)), page)
    assert np.array_equal(Sine(function=2).best(x), y)
    x, y, *_ = drawn(River(generator=synth.Agrawal(classification_function=7, seed=5)), page)
    x[:, 4] -= 1
    assert np.array_equal(Agrawal(function=7).best(x), y)


@pytest.mark.parametrize("page", [0, 9])
def test_a_hyperplane_keeps_its_weights_on_every_page(page: int) -> None:
    generator = synth.Hyperplane(seed=5, noise_percentage=0.0)
    next(iter(generator))
    weights = np.array(generator._weights)
    x, y, *_ = drawn(River(generator=synth.Hyperplane(seed=5, noise_percentage=0.0)), page)
    assert np.array_equal(x @ weights >= weights.sum() / 2, y > 0)
    assert not np.array_equal(weights, Hyperplane().weights)


def test_texts_and_booleans_become_categories() -> None:
    concept = River(generator=synth.Mv(seed=1))
    kinds: dict[str, Any] = {
        column.name: (column.kind, column.categories) for column in concept.schema.columns
    }
    assert (
        kinds["x3"] == ("category", ("brown", "green", "red"))[:0] or kinds["x3"][0] == "category"
    )
    assert kinds["x7"] == ("category", ("no", "yes"))
    assert kinds["x1"] == ("number", ())
    page, names = drawn(concept), list(concept.schema.names)
    assert set(np.unique(page.x[:, names.index("x7")])) == {0.0, 1.0}
    mixed = River(generator=synth.Mixed(seed=1))
    assert mixed.schema.columns[0].categories == ("False", "True")


# -- drift ---------------------------------------------------------------------------------------


def test_a_gradual_drift_mixes_two_generators() -> None:
    old = River(generator=synth.SEA(variant=0, seed=1))
    new = River(generator=synth.SEA(variant=3, seed=1))
    drift = ConceptDrift(at="5d", width="10d", shape="gradual", to=new)
    stream = Stream(concept=old, traffic=Traffic(rate="100/h", arrivals="even"), drifts=(drift,))
    source = Source(
        stream=stream, faults=(), labels=Labels(), loss=ZeroOne(), seed=3, tick_us=HOUR_US
    )
    truths = [source.page(n, {}).truth for n in range(source.grid.page_at(20 * DAY_US))]
    times_us = np.concatenate([truth.times_us for truth in truths])
    x, y = (np.concatenate([getattr(truth, name) for truth in truths]) for name in ("x", "y"))
    by_old, by_new = SEA(threshold=8.0).best(x), SEA(threshold=9.5).best(x)
    differ = by_old != by_new
    assert ((y == by_old) | (y == by_new)).all()
    assert (y == by_old)[times_us < us("5d")].all()
    assert (y == by_new)[times_us >= us("15d")].all()
    middle = differ & (times_us >= us("9d")) & (times_us < us("11d"))
    share = (y == by_new)[middle].mean()
    assert abs(share - 0.5) < 4.5 * 0.5 / np.sqrt(middle.sum())
    severity = stream.severity(drift)
    exact = differ.mean()  # the same features, so the share of other outcomes
    assert abs(severity - exact) < 4.5 * np.sqrt(exact * (1 - exact) / 2_000)


@pytest.mark.parametrize(
    ("drift", "line"),
    [
        (CovariateShift(at="1d"), "covariate.kind is 'covariate'"),
        (PriorShift(at="1d", to=0.3), "prior.kind is 'prior'"),
        (
            ConceptDrift(
                at="1d",
                width="1d",
                shape="incremental",
                to=River(generator=synth.SEA(seed=2, variant=1)),
            ),
            "concept.shape is 'incremental'",
        ),
        (
            ConceptDrift(at="1d", to=River(generator=synth.Sine(seed=2))),
            "concept.to is River",
        ),
    ],
)
def test_what_rivers_records_cannot_do_is_refused(drift: Any, line: str) -> None:
    with pytest.raises(Mistake) as refusal:
        Stream(concept=River(generator=synth.SEA(seed=1)), drifts=(drift,))
    assert str(refusal.value).startswith(line)


# -- data sets -----------------------------------------------------------------------------------


def phishing() -> tuple[Any, Any]:
    rows = list(datasets.Phishing())
    return np.array([list(x.values()) for x, _ in rows], dtype=float), np.array(
        [y for _, y in rows]
    )


def test_each_row_of_a_data_set_comes_once_and_in_order() -> None:
    concept = River(generator=datasets.Phishing(), rate="50/h", first=250, wraps=False)
    x, y = phishing()
    times_us = np.arange(-250, 1_000) * (HOUR_US // 50)
    truth = concept.draw(
        Luck(1), Moment(0, times_us.astype(np.int64), [(concept, 1.0)], (), (), 0.0, 0.5)
    )
    assert np.array_equal(truth.x, x)
    assert np.array_equal(truth.y, y)
    assert concept.classes == 2


def test_a_data_set_wraps_round_or_ends() -> None:
    x, _ = phishing()
    rows = {"start_us": 0, "step_us": HOUR_US // 50}
    round_again = drawn(River(generator=datasets.Phishing(), rate="50/h"), **rows)
    assert np.array_equal(round_again.x, x[np.arange(COUNT) % len(x)])
    ends = River(generator=datasets.Phishing(), rate="50/h", wraps=False)
    with pytest.raises(Mistake, match=r"Phishing has 1,250 rows, the run after its last row"):
        drawn(ends, **rows)
    with pytest.raises(Mistake, match=r"the run before its first row"):
        drawn(ends, start_us=-DAY_US, step_us=1)


def test_a_data_set_of_seven_classes_is_learned_in_a_whole_run() -> None:
    concept = River(generator=datasets.ImageSegments(), rate="10/h", first=1_000)
    assert concept.classes == 7
    scenario = Scenario(
        name="segments",
        stream=Stream(concept=concept, traffic=Traffic(rate="10/h")),
        labels=Labels(delay=Constant(delay="12h")),
        artifact=Learned(estimator=DecisionTreeClassifier(max_depth=8)),
        launch=Launch(window="4d"),
        horizon="5d",
    )
    ledger = run(scenario, presets.scheduled(every="2d", window="4d"), seed=2)
    assert ledger.stopped == ""
    assert ledger.timeline.ideal.sum() == 0
    assert ledger.timeline.loss.sum() / ledger.timeline.count.sum() < 0.5


def test_a_generator_is_learned_in_a_whole_run_that_replays() -> None:
    def scenario() -> Scenario:
        return Scenario(
            name="river",
            stream=Stream(
                concept=River(generator=synth.SEA(seed=1, noise=0.1)),
                traffic=Traffic(rate="50/h"),
                drifts=(ConceptDrift(at="5d", to=River(generator=synth.SEA(seed=1, variant=3))),),
            ),
            artifact=Learned(estimator=LogisticRegression()),
            launch=Launch(window="4d"),
            horizon="1w",
        )

    one, two = scenario(), scenario()
    assert one.digest == two.digest
    ledgers = [run(s, presets.scheduled(every="2d"), seed=2) for s in (one, two)]
    assert ledgers[0].digest() == ledgers[1].digest()
    again = run(one, presets.scheduled(every="2d"), seed=2, block=1)
    assert again.digest() == ledgers[0].digest()


def test_a_concept_travels_to_other_processes_and_has_a_digest_of_what_it_is() -> None:
    concept = River(generator=synth.Agrawal(seed=3))
    copy = pickle.loads(pickle.dumps(concept))
    assert np.array_equal(drawn(copy).x, drawn(concept).x)
    assert digest(copy) == digest(concept)
    assert digest(River(generator=synth.Agrawal(seed=4))) != digest(concept)
    data = River(generator=datasets.Phishing(), rate="50/h")
    assert digest(data) == digest(River(generator=datasets.Phishing(), rate="50/h"))
    assert digest(data) != digest(River(generator=datasets.Bananas(), rate="50/h"))


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (lambda: River(generator=7), "river.generator is 7"),
        (
            lambda: River(generator=synth.ConceptDriftStream(seed=1)),
            "river.generator is ConceptDriftStream: it counts its records; give two generators",
        ),
        (
            lambda: River(generator=synth.Hyperplane(seed=1, mag_change=0.1)),
            "river.generator is Hyperplane: it counts its records; give mag_change=0",
        ),
        (lambda: River(generator=datasets.Phishing()), "river.rate is ''"),
        (lambda: River(generator=synth.SEA(seed=1), rate="5/h"), "river.rate is '5/h'"),
        (lambda: River(generator=datasets.Phishing(), rate="often"), "river.rate is 'often'"),
        (lambda: River(generator=synth.SEA(seed=1), first=-1), "river.first is -1"),
        (
            lambda: River(generator=synth.Logical(seed=1), rate="5/h").schema,
            "river.generator has several outcomes at once",
        ),
        (
            lambda: drawn_in_season(),
            "stream.season is 'a season'",
        ),
    ],
)
def test_an_impossible_adapter_is_refused(make: Any, line: str) -> None:
    with pytest.raises(Mistake) as refusal:
        make()
    assert str(refusal.value).startswith(line)


def drawn_in_season() -> None:
    stream = Stream(concept=River(generator=synth.SEA(seed=1)), season=Season())
    source = Source(
        stream=stream, faults=(), labels=Labels(), loss=ZeroOne(), seed=3, tick_us=HOUR_US
    )
    source.page(0, {})


class Absent(datasets.base.RemoteDataset):
    """A data set that has not been downloaded."""

    def __init__(self) -> None:
        self.n_samples = 5

    @property
    def is_downloaded(self) -> bool:
        return False

    def _iter(self) -> Any:
        return islice([], 0)


def test_nothing_is_downloaded_in_a_run() -> None:
    with pytest.raises(Mistake, match=r"it is not here yet; call its download\(\)"):
        River(generator=Absent(), rate="5/h")
