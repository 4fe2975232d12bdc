"""A scenario to begin with, as `driftyard new scenario FILE` writes it."""

TEXT = '''\
"""A scenario of my own: a feed goes empty. Check it with `driftyard check THIS_FILE`."""

from sim.concepts import Linear
from sim.faults import NullBurst
from sim.labels import Labels, LogNormal
from sim.scenario import Scenario, Training
from sim.stream import Season, Stream
from sim.traffic import Traffic


def empty_feed(*, at: str = "4w", share: float = 0.5, horizon: str = "12w") -> Scenario:
    """Two columns arrive empty from a *share* of the sources, from *at* on."""
    return Scenario(
        name="empty-feed",
        story="A supplier has an outage and tells nobody.\\nHalf of the records lack two columns.",
        cause="The supplier's own monitoring counts rows, not values.",
        expect="A contract sees it within the hour; errors see it days later, with the labels.",
        lesson="Count values, not rows.",
        seam="data",  # where it breaks: data, training, release or feedback
        domain="any",
        stream=Stream(
            concept=Linear(columns=8, rule="mine", noise=0.1),  # what follows from what
            traffic=Traffic(rate="60/h", daily=0.5, weekend=0.7, sources=20),
            season=Season(amplitude=0.01),  # a rhythm is no incident
            # drifts=(ConceptDrift(at="6w", to=Linear(columns=8, rule="another")),),
        ),
        faults=(NullBurst(at=at, columns=("x0", "x1"), share=share, fixed_by="data"),),
        labels=Labels(delay=LogNormal(median="1d"), coverage=0.9),  # when the truth is known
        training=Training(fixed="2h", cost=10.0),
        horizon=horizon,
    )
'''
"""It gives a sound scenario as it stands."""


YAML = """\
# A scenario of my own: a feed goes empty. Check it with `driftyard check THIS_FILE`.
extends: calm-year        # a built-in, or another file; all that is not said here stays as it is
story: |
  A supplier has an outage in the spring and tells nobody.
  Half of the records lack two columns.
faults:
  - kind: NullBurst       # every kind: driftyard list words
    at: uniform(4w, 8w)   # each seed draws its own; or one value: 6w
    columns: [x0, x1]
    share: 0.5            # of the sources
    fixed_by: data        # the owner who mends it once paged
"""
"""The same as data: ten lines that give a sound scenario as they stand."""
