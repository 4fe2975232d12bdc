"""What many write first: whatever claims less error than the champion may go out."""

from sim.cards import VersionCard
from sim.view import View
from strategies.gates import Custom
from strategies.policy import Policy
from strategies.triggers import OnSchedule
from strategies.windows import LastSpan


def better(view: View, version: VersionCard) -> str:
    """Say why a version is refused, '' if it is not."""
    if version.claim < view.champion.claim:
        return ""
    return f"it claims {version.claim:.3f}, the champion {view.champion.claim:.3f}"


Mine = Policy(
    trigger=OnSchedule(every="14d"),
    window=LastSpan(span="21d"),
    gates=(Custom(check=better),),
    heartbeat="1d",
)
