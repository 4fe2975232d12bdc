"""It looks like generation, and it is retrieval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.assistant import assistant
from sim.artifacts import Pipeline
from sim.concepts import Questions
from sim.drift import StageDrift

if TYPE_CHECKING:
    from sim.scenario import Scenario


def pipeline_retrieval(
    *,
    at: str = "8w",
    width: str = "1w",
    by: float = 0.241,
    perfect: str = "",
    coverage: float = 0.2,
    rate: str = "60/h",
    horizon: str = "26w",
) -> Scenario:
    """Right answers fall to 74 %, and retrieval is at 94 % of its good value.

    74 % is end to end: the share of all questions to which a right answer is let through, 94 %
    before. Recall at 8, over all relevant documents, falls from 83.4 % to 78.4 %, which is 94 %
    of what it was. The documents that are missing are new, and new ones hold the answers: they
    are moved away from the index *by* so much in *width*, from *at* on. Faithfulness falls from
    94 % to 84 %. *perfect* names a stage that makes no mistakes: under the same seed, the
    difference is what the stage costs.
    """
    return assistant(
        name="pipeline-retrieval",
        story=(
            "An assistant answers three questions in four, and its answers make things up more.\n"
            "Recall has hardly moved; everybody looks at the model that writes the answers."
        ),
        cause=(
            "New products came out, and their pages are not in the index. Few documents are "
            "missing, but they are the ones that are asked for; a model that is handed the wrong "
            "pages makes up the rest."
        ),
        expect=(
            "Faithfulness falls below its limit, recall stays above its own. Generation built "
            "anew changes nothing, retrieval built anew mends all. A perfect stage swapped in "
            "tells at once: retrieval costs almost all of the loss."
        ),
        lesson="A stage can only be as good as what it is handed: go upstream before you rebuild.",
        seam="data",
        questions=Questions(old=4.36),
        pipeline=Pipeline(retrieval=1.5, ranking=1.5, generation=0.96, perfect=perfect),
        drift=StageDrift(
            name="new products",
            stage="retrieval",
            by=by,
            at=at,
            width=width,
            shape="incremental",
        ),
        coverage=coverage,
        rate=rate,
        horizon=horizon,
    )
