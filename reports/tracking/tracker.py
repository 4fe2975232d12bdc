"""Runs and their versions in MLflow: written once, however often the same run is played."""

from __future__ import annotations

import json
import logging
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

from reports.tracking.registry import Standing, standings
from sim.errors import Mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from reports.result import Result

RUN = "driftyard.run"
"""The tag that tells which run it is: the ledger's digest, or the key in a sweep's store."""
_SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",  # it would tell its makers of every call
    "MLFLOW_ALLOW_FILE_STORE": "true",  # who gives a folder means it
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",  # seven, twice as long each, is minutes of silence
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}
PAGE, MOST_PARAMETERS, MOST_SIGNS = 1_000, 100, 6_000


class Tracker:
    """A tracking server or store at *uri*, and its registry; the one of this process."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        for name, value in _SETTINGS.items():
            os.environ.setdefault(name, value)
        try:
            import mlflow
        except ImportError:
            remedy = "MLflow is not installed; pip install 'driftyard[mlflow]'"
            raise Mistake(f"--mlflow is {uri!r}: {remedy}") from None
        for noisy in ("mlflow", "alembic", "urllib3"):
            logging.getLogger(noisy).setLevel(logging.ERROR)
        scheme = urlparse(uri).scheme
        self._files_go = None  # where the server, or the folder, says
        if scheme == "sqlite":  # else it would be wherever somebody stood who called it first
            database = Path(uri.removeprefix("sqlite:///")).resolve()
            self._files_go = database.with_name(f"{database.name}.artifacts").as_uri()
        where = uri if scheme else Path(uri).resolve().as_uri()  # a bare path is a folder
        with self.told():
            mlflow.set_tracking_uri(where)  # parts of a client ask for it, whatever it was given
            mlflow.set_registry_uri(where)
            self.client: Any = mlflow.MlflowClient(tracking_uri=where, registry_uri=where)
            self.client.search_experiments(max_results=1)

    def put(self, result: Result, folder: Path, asked: str) -> str:
        """Log a run with the files of its *folder* and its versions; return what to tell.

        *asked* is how its strategy was asked for.
        """
        run = result.run
        experiment = f"driftyard/{run.scenario['name']}"
        document = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        digest = run.digest()
        with self.told():
            number = self._experiment(experiment)
            known = self._known(number, f"tags.`{RUN}` = '{digest}'")
            if known:
                return f"MLflow has this run already: {known[digest]} in {experiment}"
            name = f"{asked} seed {run.seed}"
            parameters = {
                "scenario": run.scenario["name"],
                "strategy": run.strategy,
                "seed": run.seed,
                **{f"drawn.{key}": value for key, value in document["drawn"].items()},
            }
            tags = {
                "driftyard.verdict": document["verdict"],
                "driftyard.finding": document["finding"],
                "driftyard.scenario_digest": document["scenario_digest"],
                "driftyard.portable_digest": document["portable_digest"],
            }
            logged = self._begin(number, name, digest, parameters, _numbers(document), tags)
            try:
                self._files(logged, folder)
                model = folder.name.rpartition("-")[0]
                count = self._versions(logged, model, standings(run))
            except BaseException:
                self.client.delete_run(logged)  # half a run would pass for a whole one
                raise
            self.client.set_terminated(logged)
        return f"MLflow run {logged} in {experiment}; model {model} has {count} more versions"

    def put_rows(
        self, rows: Sequence[Mapping[str, Any]], tell: Callable[[int, int], None] | None = None
    ) -> int:
        """Log rows of the store's table of runs that are not there yet; return how many."""
        numbers: dict[str, int | str] = {}
        known: dict[str, dict[str, str]] = {}
        added = 0
        for done, row in enumerate(rows):
            with self.told():
                experiment = f"driftyard/{row['scenario']}"
                if experiment not in numbers:
                    numbers[experiment] = self._experiment(experiment)
                    known[experiment] = self._known(numbers[experiment], "")
                if row["run"] not in known[experiment]:
                    self._put_row(numbers[experiment], row)
                    known[experiment][row["run"]] = ""
                    added += 1
            if tell is not None:
                tell(done + 1, len(rows))
        return added

    def _put_row(self, experiment: Any, row: Mapping[str, Any]) -> None:
        parameters = {
            "scenario": row["asked_scenario"],
            "strategy": row["asked_strategy"],
            "seed": row["seed"],
            **{f"drawn.{key}": value for key, value in json.loads(row["drawn"]).items()},
            **{f"strategy.{key}": v for key, v in json.loads(row["parameters"]).items()},
        }
        measured = {
            name: value
            for name, value in row.items()
            if isinstance(value, int | float) and name != "seed"
        }
        tags = {f"driftyard.{name}": row[name] for name in ("verdict", "finding", "digest")}
        name = f"{row['asked_strategy']} seed {row['seed']}"
        logged = self._begin(experiment, name, row["run"], parameters, _numbers(measured), tags)
        self.client.set_terminated(logged)

    def _experiment(self, name: str) -> Any:
        found = self.client.get_experiment_by_name(name)
        if found is not None and found.lifecycle_stage == "deleted":
            raise Mistake(f"--mlflow: experiment {name!r} was deleted there; restore it first")
        if found is not None:
            return found.experiment_id
        place = self._files_go and f"{self._files_go}/{name.replace('/', '-')}"
        return self.client.create_experiment(name, artifact_location=place)

    def _known(self, experiment: Any, condition: str) -> dict[str, str]:
        """Return the runs of an experiment by what we call them; those that were finished."""
        found: dict[str, str] = {}
        token = None
        while True:
            page = self.client.search_runs(
                [experiment], condition, max_results=PAGE, page_token=token
            )
            for run in page:
                if RUN in run.data.tags and run.info.status == "FINISHED":
                    found[run.data.tags[RUN]] = run.info.run_id
            token = page.token
            if not token:
                return found

    def _begin(
        self,
        experiment: Any,
        name: str,
        key: str,
        parameters: Mapping[str, Any],
        numbers: Mapping[str, float],
        tags: Mapping[str, str],
    ) -> str:
        from mlflow.entities import Metric, Param, RunTag

        run: str = self.client.create_run(experiment, tags={RUN: key}, run_name=name).info.run_id
        params = [Param(k, str(v)[:MOST_SIGNS]) for k, v in parameters.items()]
        told = [RunTag(k, str(v)[:MOST_SIGNS]) for k, v in tags.items()]
        metrics = [Metric(k, v, 0, 0) for k, v in numbers.items()]
        self.client.log_batch(run, metrics=metrics, params=params[:MOST_PARAMETERS], tags=told)
        for first in range(MOST_PARAMETERS, len(params), MOST_PARAMETERS):
            self.client.log_batch(run, params=params[first : first + MOST_PARAMETERS])
        return run

    def _files(self, run: str, folder: Path) -> None:
        """Log what people look at; ledgers stay in the folder, which config.yaml makes again."""
        for name in ("summary.json", "config.yaml"):
            self.client.log_artifact(run, str(folder / name))
        self.client.log_artifacts(run, str(folder / "figures"), "figures")

    def _versions(self, run: str, model: str, found: Sequence[Standing]) -> int:
        """Register what was built; who serves in the end bears the alias."""
        from mlflow.exceptions import MlflowException

        try:
            self.client.get_registered_model(model)
        except MlflowException:
            self.client.create_registered_model(
                model, tags={"driftyard": "versions built in a simulated year"}
            )
        for one in found:
            place = f"versions/{one.built.version}"
            self.client.log_dict(run, {"lineage": one.lineage}, f"{place}/lineage.json")
            made = self.client.create_model_version(
                model, f"runs:/{run}/{place}", run_id=run, tags=one.tags, await_creation_for=0
            )
            if one.alias:
                self.client.set_registered_model_alias(model, one.alias, made.version)
        if not any(one.alias == "challenger" for one in found):
            self.client.delete_registered_model_alias(model, "challenger")
        return len(found)

    @contextmanager
    def told(self) -> Iterator[None]:
        """Turn whatever MLflow or the network raises into one line."""
        try:
            yield
        except (Mistake, KeyboardInterrupt):
            raise
        except Exception as error:
            why = " ".join(str(error).split("\n")[0].split())[:300] or type(error).__name__
            if "Max retries exceeded" in why or "Connection" in why:
                why = "nobody answers there"
            remedy = "give a tracking server (http://host:5000), sqlite:///file.db or a folder"
            raise Mistake(f"--mlflow is {self.uri!r}: {why}; {remedy}") from None


def _numbers(document: Mapping[str, Any], above: str = "") -> dict[str, float]:
    """Return every number in a document by its path, but those in lists.

    >>> _numbers({"loss": {"total": 2.5}, "trainings": 3, "seed": 1, "verdict": "pass"})
    {'loss.total': 2.5, 'trainings': 3.0}
    """
    found: dict[str, float] = {}
    for key, value in document.items():
        name = f"{above}{key}"
        if isinstance(value, dict):
            found |= _numbers(value, f"{name}.")
        elif isinstance(value, int | float) and name not in ("seed", "schema"):
            found[name] = float(value)
    return found
