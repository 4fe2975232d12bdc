"""The operator in person: a view as words or data, and actions written as words or data."""

from strategies.play.orders import VERBS, order, spoken
from strategies.play.sight import sight

__all__ = ["VERBS", "order", "sight", "spoken"]
