"""Worlds and incidents, one story a file."""
