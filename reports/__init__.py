"""What people read: measures, comparison, figures, pages and the command line."""
