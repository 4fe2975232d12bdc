"""MLflow as a second place for what runs came to, and as a source of a team's own times."""

from reports.tracking.tracker import Tracker


def tracked(uri: str) -> Tracker | None:
    """Return the MLflow server or store at *uri*, reached now rather than after a long run.

    None if none was asked for.
    """
    return Tracker(uri) if uri else None


__all__ = ["Tracker", "tracked"]
