"""Chapter 8: a gate of your own."""

from sim.cards import VersionCard
from sim.view import View
from strategies.gates import Custom
from strategies.policy import Policy
from strategies.triggers import OnSchedule
from strategies.windows import LastSpan


def plausible(view: View, version: VersionCard) -> str:
    """Say why a version is refused, '' if it is not."""
    # TODO: version.claim is the error that the new version claims, view.champion.claim that of
    #       the one that serves, view.card("v0").claim that of the very first
    _ = view, version  # this line can go then
    return ""


Mine = Policy(
    trigger=OnSchedule(every="14d"),
    window=LastSpan(span="21d"),
    gates=(Custom(check=plausible),),
    heartbeat="1d",
)
