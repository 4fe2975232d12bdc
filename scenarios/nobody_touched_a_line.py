"""94 % at launch, 80 % a year later, and nobody touched a line."""

from __future__ import annotations

from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.labels import Labels, LogNormal
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def nobody_touched_a_line(
    *,
    angle: float = 30.0,
    noise: float = 0.055,
    rate: str = "16/h",
    labels: str = "3d",
    coverage: float = 0.5,
    horizon: str = "52w",
) -> Scenario:
    """The words change a little every day; the code does not.

    Over the *horizon* the rule turns by *angle* degrees. Moderators judge *coverage* of the posts
    about *labels* later and disagree with the rule on *noise* of them.
    """
    concept = Linear(columns=8, rule="slang", noise=noise)
    later = Linear(columns=8, rule="slang", angle=angle, noise=noise)
    return Scenario(
        name="nobody-touched-a-line",
        domain="content moderation",
        story=(
            "A filter for insults was launched at 94 %. Nobody has touched a line of it since.\n"
            "A year later somebody measures again and finds 80 %."
        ),
        cause="People find new words for old insults, a few every week.",
        expect=(
            "No week is worse than the one before by more than the noise of a week, so nobody "
            "is ever startled. A weekly training on the last month keeps above 92 % all year; "
            "none at all ends at 80 %."
        ),
        lesson="What nobody touches still changes: compare with the launch, not with last week.",
        seam="feedback",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.6, weekend=1.2, entities=20_000),
            drifts=(
                ConceptDrift(
                    name="new words", at="0d", width=horizon, shape="incremental", to=later
                ),
            ),
        ),
        labels=Labels(delay=LogNormal(median=labels, sigma=0.8), coverage=coverage),
        training=Training(fixed="2h", cost=100.0),
        horizon=horizon,
    )
