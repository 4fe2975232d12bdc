"""What is built, served and goes stale: learned models, online models, parametric things."""

from sim.artifacts.artifact import Answers, Artifact, CannotBuild, Examples, Model
from sim.artifacts.fitted import Fitted
from sim.artifacts.learned import Learned
from sim.artifacts.online import Learner, Online
from sim.artifacts.parametric import Parametric, Placed

__all__ = [
    "Answers",
    "Artifact",
    "CannotBuild",
    "Examples",
    "Fitted",
    "Learned",
    "Learner",
    "Model",
    "Online",
    "Parametric",
    "Placed",
]
