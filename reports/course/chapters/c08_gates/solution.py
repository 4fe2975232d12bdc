"""Chapter 8: a claim that is too good is a finding about the data."""

from sim.cards import VersionCard
from sim.view import View
from strategies.gates import Custom
from strategies.policy import Policy
from strategies.triggers import OnSchedule
from strategies.windows import LastSpan


def plausible(view: View, version: VersionCard) -> str:
    """Say why a version is refused, '' if it is not."""
    first = view.card("v0").claim
    if version.claim < 0.85 * first:
        return f"it claims an error of {version.claim:.3f}, the first one {first:.3f}: why?"
    return ""


Mine = Policy(
    trigger=OnSchedule(every="14d"),
    window=LastSpan(span="21d"),
    gates=(Custom(check=plausible),),
    heartbeat="1d",
)
