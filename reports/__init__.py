"""What people read: measures, comparison, figures, pages and the command line."""

from reports.asserting import assert_policy

__all__ = ["assert_policy"]
