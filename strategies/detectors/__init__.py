"""Change detectors: anything that takes values one by one and says when they changed."""
