"""Trials: what `compare`, `gate`, `tune`, `probe` and `ablate` have played, and how often."""
