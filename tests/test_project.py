"""The project itself: what a fresh clone needs in order to install, import and check itself."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("sim", "scenarios", "strategies", "reports")
PIN = re.compile(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+( ; .+)?")


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def pins() -> list[str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def plain(requirement: str) -> str:
    """Return the name in a *requirement* as indexes compare it: `types-PyYAML>=6` is types-pyyaml.

    >>> plain("types_PyYAML==6.0")
    'types-pyyaml'
    """
    name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def test_constraints_are_exact_versions_and_no_addresses() -> None:
    assert "://" not in (ROOT / "constraints.txt").read_text()
    assert [line for line in pins() if not PIN.fullmatch(line)] == []


def test_every_requirement_has_its_pin() -> None:
    described = project()
    wanted = [
        *described["build-system"]["requires"],
        *described["project"]["dependencies"],
        *described["project"]["optional-dependencies"]["dev"],
    ]
    assert {plain(line) for line in wanted} <= {plain(line) for line in pins()}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_says_that_it_is_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_imports_from_anywhere(package: str, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    found = subprocess.run(
        [sys.executable, "-c", f"import {package}; print({package}.__file__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stderr == ""
    assert Path(found.stdout.strip()) == ROOT / package / "__init__.py"


def test_the_wheel_and_the_import_contracts_know_the_same_packages() -> None:
    tool = project()["tool"]
    assert tuple(tool["hatch"]["build"]["targets"]["wheel"]["packages"]) == PACKAGES
    assert tuple(tool["importlinter"]["root_packages"]) == PACKAGES


def test_make_knows_its_targets() -> None:
    help_text = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    targets = {line.split()[1] for line in help_text.splitlines()}
    assert {"demo", "test", "deep", "lint", "bench", "clean"} <= targets


def test_ci_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
