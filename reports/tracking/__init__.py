"""MLflow as a second place for what runs came to, and as a source of a team's own times."""

from reports.tracking.tracker import Tracker

__all__ = ["Tracker"]
