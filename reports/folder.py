"""The folder of a run: written aside, then put in its place whole."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.summary import as_json, summary
from reports.words import called
from sim.errors import Mistake

if TYPE_CHECKING:
    from reports.names import Named
    from reports.result import Result
    from sim.ledger import Ledger

LATEST = "latest"


@dataclass(frozen=True)
class Recipe:
    """All that is needed to run it again."""

    scenario: Named
    strategy: Named
    seed: int
    command: str = "run"

    @property
    def plugged(self) -> list[Named]:
        """The names whose files took part, each file once."""
        return list({n.plugin.name: n for n in (self.scenario, self.strategy) if n.plugin}.values())

    def check(self) -> None:
        """Refuse two files that could not lie in one folder."""
        mine, other = self.strategy.plugin, self.scenario.plugin
        if mine and other and mine.name == other.name and mine.digest != other.digest:
            raise Mistake(f"two different files are called {mine.name}: rename one of them")

    def sign(self, ledger: Ledger) -> Ledger:
        """Write into a ledger what ranges gave, and make the users' files part of its identity."""
        more: dict[str, Any] = {}
        if self.scenario.drawn:
            more["drawn"] = self.scenario.drawn
        digests = sorted({n.plugin.digest for n in self.plugged if n.plugin})
        if digests:
            more["plugins"] = digests
        return replace(ledger, scenario={**ledger.scenario, **more}) if more else ledger

    def config(self, result: Result) -> dict[str, Any]:
        """Return the content of config.yaml."""
        return {
            "driftyard": version(),
            "command": self.command,
            "scenario": self.scenario.again,
            "strategy": self.strategy.again,
            "seed": self.seed,
            **({"drawn": self.scenario.drawn} if self.scenario.drawn else {}),
            "plugins": {n.plugin.name: n.plugin.digest for n in self.plugged if n.plugin},
            "digest": result.run.digest(),
            "fingerprint": result.run.fingerprint,
        }


def version() -> str:
    """Return the version of driftyard that is installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("driftyard")
    except PackageNotFoundError:
        return "not installed"


@contextmanager
def ready(out: str) -> Iterator[Path]:
    """Give the folder *out*, made if need be; refuse it now rather than after a long run."""
    path = Path(out)
    made = not path.exists()
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        why = (error.strerror or "it cannot be written").lower()
        raise Mistake(f"--out is {out!r}: {why}; give a folder that can be written") from None
    try:
        yield path
    finally:
        if made:
            with suppress(OSError):  # it is kept if anything was written into it
                path.rmdir()


def write(result: Result, recipe: Recipe, out: Path, *, outcomes: bool) -> Path:
    """Write the run's folder into *out* and return it; equal runs have equal folders."""
    run = result.run
    name = f"{_plain(run.scenario['name'])}-{_plain(called(run.strategy))}-{run.seed}"
    with whole(out, f"{name}-{run.digest()[:8]}") as folder:
        import yaml

        config = yaml.safe_dump(recipe.config(result), sort_keys=False, allow_unicode=True)
        (folder / "config.yaml").write_text(config, encoding="utf-8")
        (run if outcomes else replace(run, outcomes=None)).write(folder)
        calm = result.calm
        (calm if outcomes else replace(calm, outcomes=None)).write(folder / "calm")
        if result.hindsight is not None:
            result.hindsight.write(folder / "hindsight")
        document = as_json(summary(result, recipe.plugged))
        (folder / "summary.json").write_text(document + "\n", encoding="utf-8")
        for place, source in {**recipe.scenario.kept, **recipe.strategy.kept}.items():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            (folder / place).write_bytes(source)
        from reports.pages.leaves import leave

        leave(result, folder, recipe.config(result))
    target = out / f"{name}-{run.digest()[:8]}"
    _link(out / LATEST, target.name)
    return target


@contextmanager
def whole(out: Path, name: str) -> Iterator[Path]:
    """Give a folder to write into; it gets its *name* when all is written, or else is removed."""
    aside = Path(tempfile.mkdtemp(prefix=".writing-", dir=out))
    try:
        aside.chmod(0o755)  # as mkdir would make it; mkdtemp makes it private
        yield aside
        target = out / name
        if target.exists():
            old = Path(tempfile.mkdtemp(prefix=".old-", dir=out))
            os.replace(target, old / name)
            os.replace(aside, target)
            shutil.rmtree(old)
        else:
            os.replace(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def write_file(path: Path, text: str) -> None:
    """Write a file that is not there yet, whole or not at all."""
    if path.exists():
        raise Mistake(f"file is {str(path)!r}: it is there already; give another name")
    put(path, lambda aside: aside.write_text(text, encoding="utf-8"))


def put(path: Path, write: Callable[[Path], object]) -> None:
    """Let *write* make a file, whole or not at all; what is there already is replaced."""
    try:
        with _replacing(path) as aside:
            write(aside)
    except OSError as error:
        why = (error.strerror or "it cannot be written").lower()
        raise Mistake(f"file is {str(path)!r}: {why}; give a path that can be written") from None


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    aside = path.with_name(f".writing-{path.name}")
    try:
        yield aside
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def _link(link: Path, target: str) -> None:
    """Point *link* at *target*, where the file system has links."""
    if link.exists() and not link.is_symlink():
        return
    with suppress(OSError, NotImplementedError), _replacing(link) as aside:
        aside.symlink_to(target, target_is_directory=True)


def _plain(name: str) -> str:
    """Return *name* as part of a folder's name."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name)
    return re.sub(r"[^a-z0-9]+", "-", spaced.lower()).strip("-")[:40] or "run"
