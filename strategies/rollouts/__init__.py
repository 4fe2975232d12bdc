"""How a version that passed its gates is let out."""

from strategies.rollouts.immediate import Immediate
from strategies.rollouts.measured import Measured
from strategies.rollouts.plans import Canary, Experiment, Flag, Gradual, ShadowFirst
from strategies.rollouts.review import Review
from strategies.rollouts.rollout import Rollout
from strategies.rollouts.stage import Stage
from strategies.rollouts.staged import Cap, Staged
from strategies.rollouts.stops import AfterMeeting, Beyond, Repeated, Worse

__all__ = [
    "AfterMeeting",
    "Beyond",
    "Canary",
    "Cap",
    "Experiment",
    "Flag",
    "Gradual",
    "Immediate",
    "Measured",
    "Repeated",
    "Review",
    "Rollout",
    "ShadowFirst",
    "Stage",
    "Staged",
    "Worse",
]
