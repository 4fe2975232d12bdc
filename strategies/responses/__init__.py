"""What is done besides rebuilding when something is amiss."""

from strategies.responses.page_owners import PageOwners
from strategies.responses.response import Response

__all__ = ["PageOwners", "Response"]
