"""Retrieval is the weakest in sight, and ranking is the one below its limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.assistant import assistant
from sim.artifacts import Pipeline
from sim.concepts import Questions
from sim.drift import StageDrift

if TYPE_CHECKING:
    from sim.scenario import Scenario


def pipeline_ranking(
    *,
    at: str = "8w",
    width: str = "2w",
    by: float = 3.0424,
    perfect: str = "",
    coverage: float = 0.2,
    rate: str = "60/h",
    horizon: str = "26w",
) -> Scenario:
    """Retrieval is at 81 % and tolerated; ranking falls to 68 %, below its limit.

    81 % is recall at 8: the mean share of a question's relevant documents that are retrieved,
    before and after. 68 % is the mean NDCG of the eight in the order that ranking gives them,
    against the best order of the same eight; it is 93 % before it is moved away from *by* so
    much in *width*, from *at* on. End to end 95 % of questions get a right answer before, and
    64 % after. *perfect* names a stage that makes no mistakes.
    """
    return assistant(
        name="pipeline-ranking",
        story=(
            "Retrieval misses one relevant page in five. It always has, and everybody knows.\n"
            "When answers get worse, the team sets out to mend retrieval at last."
        ),
        cause=(
            "A redesign changed what a click means, and ranking learned from clicks. Retrieval "
            "hands over the right pages; they are no longer among the first."
        ),
        expect=(
            "Recall stays where it was, within its tolerance; NDCG falls below its limit within "
            "days. Retrieval made perfect changes nothing, ranking rebuilt mends all."
        ),
        lesson="One number is useless: each stage needs a limit of its own, and an owner.",
        seam="feedback",
        questions=Questions(),
        pipeline=Pipeline(retrieval=1.341, ranking=1.2, generation=0.96, handed=5, perfect=perfect),
        drift=StageDrift(
            name="clicks mean something else",
            stage="ranking",
            by=by,
            at=at,
            width=width,
            shape="incremental",
        ),
        coverage=coverage,
        rate=rate,
        horizon=horizon,
    )
