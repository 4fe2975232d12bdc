"""`driftyard --help` is quick."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HEAVY = ("numpy", "matplotlib", "sklearn", "river", "pandas", "pyarrow", "simpy", "yaml", "sim.run")


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; from reports.cli import main; code = main(['--help']);"
        f"print([name for name in {HEAVY} if name in sys.modules], code)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.splitlines()[-1] == "[] 0"
    assert "driftyard run" in found.stdout
