"""The engine: facts, ledger, clock, chance, streams, faults, labels, artifacts, view, world, run."""
