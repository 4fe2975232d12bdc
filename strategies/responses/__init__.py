"""What is done besides rebuilding when something is amiss."""

from strategies.responses.adjust import AdjustWhen
from strategies.responses.ask_labels import AskLabelsWhen
from strategies.responses.fall_back import FallBackWhile
from strategies.responses.impact import MeasureImpact
from strategies.responses.investigate import InvestigateFirst
from strategies.responses.page_owners import PageOwners
from strategies.responses.quarantine import QuarantineBroken
from strategies.responses.rebuild_stage import RebuildStage
from strategies.responses.refresh import RefreshAfterRepair
from strategies.responses.response import Response

__all__ = [
    "AdjustWhen",
    "AskLabelsWhen",
    "FallBackWhile",
    "InvestigateFirst",
    "MeasureImpact",
    "PageOwners",
    "QuarantineBroken",
    "RebuildStage",
    "RefreshAfterRepair",
    "Response",
]
