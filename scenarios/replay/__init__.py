"""A team's own data as a scenario: read once, converted, replayed from disk."""

from scenarios.replay.asked import Asked
from scenarios.replay.intake import table
from scenarios.replay.story import Terms, Told, told

__all__ = ["Asked", "Terms", "Told", "table", "told"]
