"""What is done besides rebuilding when something is amiss."""

from strategies.responses.fall_back import FallBackWhile
from strategies.responses.page_owners import PageOwners
from strategies.responses.quarantine import QuarantineBroken
from strategies.responses.response import Response

__all__ = ["FallBackWhile", "PageOwners", "QuarantineBroken", "Response"]
