"""Rows of runs that nobody played, to fill a store."""

from __future__ import annotations

from hashlib import blake2b

from reports.store import Entry
from reports.store.tables import RUNS
from sim.chance import Luck

_BLANK = {"VARCHAR": "", "BIGINT": 3, "UBIGINT": 0, "DOUBLE": 0.25, "BOOLEAN": False}
STRATEGIES = 20


def entries(first: int, count: int) -> list[Entry]:
    """Return *count* runs from number *first* on, of as many strategies as a tuning tries."""
    luck = Luck(1)
    names = list(RUNS.columns)
    blank = [_BLANK[kind.partition(" ")[0]] for kind in RUNS.columns.values()]
    places = {name: names.index(name) for name in names}
    excess = luck.page("a made-up excess", first).random(count)
    made = []
    for number in range(first, first + count):
        row = list(blank)
        key = blake2b(str(number).encode(), digest_size=16).hexdigest()
        row[places["run"]] = key
        row[places["seed"]] = number // STRATEGIES
        row[places["asked_strategy"]] = f"scheduled(every='{number % STRATEGIES + 1}d')"
        row[places["excess_mean"]] = row[places["cost"]] = float(excess[number - first])
        row[places["digest"]] = row[places["portable_digest"]] = key[::-1]
        made.append(Entry(key, {"runs": [tuple(row)]}, ("a", "b", number), seconds=0.05))
    return made
