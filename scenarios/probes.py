"""Quality falls 10 % tomorrow: one world for each cause, all else being equal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sklearn.tree import DecisionTreeClassifier

from sim.artifacts import Learned, Pipeline
from sim.concepts import Linear, Questions
from sim.drift import ConceptDrift, CovariateShift, StageDrift
from sim.faults import AnnotatorNoise, Rename, Surge, UnitChange
from sim.labels import Constant, Labels, LogNormal
from sim.queueing import Queue
from sim.scenario import Launch, Scenario, Service, Training
from sim.stream import Stream
from sim.traffic import Traffic
from sim.users import Users

FALL = 0.1
"""By so much of itself the share of right answers falls, the same day, if nobody does anything."""


def probes(
    *, at: str = "12w 1d 10h", horizon: str = "30w", rate: str = "60/h"
) -> dict[str, Scenario]:
    """Return a world for each cause: schema, covariate, concept, labels, latency, stage, release.

    What is amiss begins *at* some time and stays until it is mended. Of the labels it is what
    people are told that falls, not what they get. Latency wants *rate* to be 60/h.
    """
    concept, few = (Linear(columns=n, rule="answers", noise=0.08) for n in (8, 4))
    traffic = Traffic(rate=rate, daily=0.5, weekend=0.7, entities=20_000, sources=20)

    def world(name: str, story: str, **parts: Any) -> Scenario:
        drifts = parts.pop("drifts", ())
        given: dict[str, Any] = {
            "stream": Stream(
                concept=concept,
                traffic=traffic,
                drifts=drifts,
            ),
            "labels": Labels(delay=LogNormal(median="3d", sigma=0.5), coverage=0.9),
            "training": Training(fixed="3h", cost=50.0),
            "users": Users(),
        }
        return Scenario(
            name=name, story=story, seam="feedback", horizon=horizon, **{**given, **parts}
        )

    heaviest = concept.heaviest(3)
    return {
        "schema": world(
            "schema",
            "An upstream feed renames columns for some of its sources.",
            faults=(
                Rename(name="schema change", at=at, columns=heaviest, share=0.35, fixed_by="data"),
            ),
        ),
        "covariate": world(
            "covariate",
            "Other people come than those whom the model was trained on.",
            stream=Stream(
                concept=few,
                traffic=traffic,
                drifts=(
                    CovariateShift(name="other people", at=at, columns=few.heaviest(2), shift=2.1),
                ),
            ),
            artifact=Learned(
                estimator=DecisionTreeClassifier(max_depth=8, min_samples_leaf=50, random_state=0)
            ),
        ),
        "concept": world(
            "concept",
            "What was a good answer is one no more.",
            drifts=(
                ConceptDrift(name="tastes turn", at=at, to=replace(concept, angle=20.0)),
            ),
        ),
        "labels": world(
            "labels",
            "A new agency labels: answers are as good as ever, and look worse.",
            faults=(AnnotatorNoise(name="careless labels", at=at, noise=0.1),),
            # Labels that were asked for before, and come later, are wrong as well; an alarm on them
            # counts as false, for what it saw was served before. So here they come soon.
            labels=Labels(delay=LogNormal(median="1h", sigma=0.5), coverage=0.9),
        ),
        "latency": world(
            "latency",
            "Answers take longer; who waits too long gets the rule of old.",
            faults=(Surge(name="noisy neighbour", at=at, times=2.6, fixed_by="platform"),),
            service=Service(queue=Queue(mean="20s", patience="90s")),
        ),
        "stage": world(
            "stage",
            "Ranking no longer fits what people click on.",
            stream=Stream(
                concept=Questions(),
                traffic=Traffic(rate=rate, entities=5_000),
                drifts=(StageDrift(name="clicks change", at=at, stage="ranking", by=0.9),),
            ),
            artifact=Pipeline(retrieval=1.341, ranking=1.2, generation=0.96, handed=5),
            labels=Labels(delay=Constant(delay="1d"), coverage=0.2),
            training=Training(fixed="2d", cost=800.0),
            launch=Launch(window="7d"),
        ),
        "bad release": world(
            "bad release",
            "A release of the service computes a feature otherwise than training does.",
            faults=(
                UnitChange(
                    name="bad release", at=at, columns=concept.heaviest(1), factor=60.0, share=0.35,
                    reach="service", fixed_by="platform",
                ),
            ),
        ),
    }  # fmt: skip
