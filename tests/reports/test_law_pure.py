"""Law 8: reports read ledgers, never the world."""

from __future__ import annotations

import json
from pathlib import Path

from reports.figures import timeline
from reports.result import Result
from reports.summary import summary
from scenarios.silent_schema_change import silent_schema_change
from sim.ledger import Ledger
from sim.run import run
from strategies import presets


def test_ledgers_that_were_written_and_read_again_tell_the_same(tmp_path: Path) -> None:
    scenario = silent_schema_change(horizon="16w")
    worlds = {"run": scenario, "calm": scenario.calm()}
    live, read = {}, {}
    for name, world in worlds.items():
        live[name] = run(world, presets.nobody_watching(), seed=5, outcomes=True)
        live[name].write(tmp_path / name)
        read[name] = Ledger.read(tmp_path / name)
    told = [Result(ledgers["run"], ledgers["calm"]) for ledgers in (live, read)]
    first, second = (json.dumps(summary(result, []), sort_keys=True) for result in told)
    assert first == second
    drawn = []
    for place, result in enumerate(told):
        folder = tmp_path / f"figure {place}"
        folder.mkdir()
        timeline.save(result, folder)
        drawn.append([path.read_bytes() for path in sorted(folder.iterdir())])
    assert drawn[0] == drawn[1]
