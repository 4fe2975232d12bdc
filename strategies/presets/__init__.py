"""Whole strategies by name: what a team does when nobody composes anything."""
