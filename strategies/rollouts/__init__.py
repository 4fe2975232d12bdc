"""How a version that passed its gates is let out."""

from strategies.rollouts.immediate import Immediate
from strategies.rollouts.rollout import Rollout
from strategies.rollouts.shadow import ShadowFirst

__all__ = ["Immediate", "Rollout", "ShadowFirst"]
