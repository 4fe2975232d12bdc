"""Models that a user brings: a function in a file, a joblib file, an MLflow address."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from reports.expressions import call
from reports.plugins import Plugin, load, public, said
from sim.errors import Mistake, one_of, refuse

_ADDRESSES = ("models:/", "runs:/", "mlflow-artifacts:/")


@dataclass(frozen=True)
class Model:
    """An estimator: *ready* if it was fitted already; *digest* is that of where it comes from."""

    value: Any
    digest: str
    ready: bool
    plugin: Plugin | None = None


def model(text: str) -> Model:
    """Return the model that *text* means."""
    if text.startswith(_ADDRESSES):
        return _of_mlflow(text)
    if ".py" in text:
        return _of_file(text)
    if text.endswith((".joblib", ".pkl", ".pickle")):
        return _of_joblib(text)
    remedy = "give my.py:make_pipeline, a .joblib file or an MLflow address such as models:/name/3"
    raise Mistake(f"--model is {text!r}: {remedy}")


def _of_file(text: str) -> Model:
    path, _, name = text.partition(".py")
    module, plugin = load(f"{path}.py")
    defined = {k: v for k, v in public(module, plugin.source).items() if callable(v)}
    name = name.lstrip(":")
    if not name and len(defined) != 1:
        offers = ", ".join(defined) or "no function"
        refuse("--model", text, f"it defines {offers}: say which, as {path}.py:make_pipeline")
    name = one_of(f"--model in {path}.py", name, defined) if name else next(iter(defined))
    made = call(defined[name], {}, name)
    for method in ("fit", "predict"):
        if not hasattr(made, method):
            refuse("--model", text, f"{name}() gives no estimator: it has no {method}")
    return Model(made, plugin.digest, False, plugin)


def _of_joblib(text: str) -> Model:
    try:
        content = Path(text).read_bytes()
    except OSError as error:
        refuse("--model", text, (error.strerror or "it cannot be read").lower())
    import joblib

    try:
        value = joblib.load(text)
    except Exception as error:
        raise Mistake(f"--model is {text!r}: it cannot be loaded: {said(error)}") from None
    if not hasattr(value, "predict"):
        refuse("--model", text, f"it holds {type(value).__name__}, which cannot predict")
    return Model(value, blake2b(content, digest_size=16).hexdigest(), True)


def _of_mlflow(text: str) -> Model:
    try:
        import mlflow
    except ImportError:
        raise Mistake(
            f"--model is {text!r}: MLflow is not installed; pip install 'driftyard[mlflow]'"
        ) from None
    try:
        try:
            value = mlflow.sklearn.load_model(text)
        except Exception:  # another flavour: at least it predicts
            value = mlflow.pyfunc.load_model(text)
    except Exception as error:
        raise Mistake(f"--model is {text!r}: MLflow cannot load it: {said(error)}") from None
    return Model(value, blake2b(text.encode(), digest_size=16).hexdigest(), True)
