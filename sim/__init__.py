"""The engine: it plays a scenario under one luck and writes down all that happens."""
