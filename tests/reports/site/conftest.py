"""What tests of the site share: one build of it, whoever of the workers asks first."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Where the site lies, built once in a session without a single warning."""
    base = tmp_path_factory.getbasetemp()
    base = base if worker_id == "master" else base.parent
    folder, log = base / "site", base / "site.log"
    try:
        (base / "site.begun").touch(exist_ok=False)
    except FileExistsError:
        while not log.exists():  # another worker is at it
            time.sleep(0.2)
    else:
        command = ["sphinx", "-W", "--keep-going", "-n", "-q", "docs", str(folder)]
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
        )
        aside = base / "site.log.new"
        aside.write_text(f"{done.returncode}\n{done.stderr}", encoding="utf-8")
        aside.replace(log)
    code, _, told = log.read_text(encoding="utf-8").partition("\n")
    assert code == "0", told
    return folder


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[str, str]:
    """Every page of the site, by its path in it."""
    found = sorted(site.rglob("*.html"))
    return {
        str(path.relative_to(site).as_posix()): path.read_text(encoding="utf-8") for path in found
    }
