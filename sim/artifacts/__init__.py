"""What is built, served and goes stale: learned and online models, parametric things, pipelines."""

from sim.artifacts.adjusted import Adjusted
from sim.artifacts.artifact import (
    Answers,
    Artifact,
    CannotBuild,
    Examples,
    Model,
    Sure,
    drawn,
)
from sim.artifacts.fitted import Fitted
from sim.artifacts.learned import Learned
from sim.artifacts.online import Learner, Online
from sim.artifacts.parametric import Parametric, Placed
from sim.artifacts.pipeline import Assembled, Pipeline

__all__ = [
    "Adjusted",
    "Answers",
    "Artifact",
    "Assembled",
    "CannotBuild",
    "Examples",
    "Fitted",
    "Learned",
    "Learner",
    "Model",
    "Online",
    "Parametric",
    "Pipeline",
    "Placed",
    "Sure",
    "drawn",
]
