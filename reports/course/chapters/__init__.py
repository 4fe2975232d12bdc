"""The chapters, a folder each."""
