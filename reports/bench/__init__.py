"""The detector bench: streams with known changes, alarms, and what they are worth."""
