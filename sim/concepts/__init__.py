"""What follows from what: rules that draw features and outcomes, and know the best answer.

Every rule is affine in its parameters, so a world between two rules is a weighted mean of
their scores: with weights 0 and 1 it is a mixture (gradual), between them it moves
(incremental).
"""

from sim.concepts.agrawal import Agrawal
from sim.concepts.concept import Concept, Drawn, Mix, Moment, Progress, Target, direction, tactic
from sim.concepts.friedman import Friedman
from sim.concepts.gaussian import GaussianClasses
from sim.concepts.hyperplane import Hyperplane
from sim.concepts.judgements import STAGES, Judgements
from sim.concepts.linear import Linear
from sim.concepts.lookalike import Feature, Lookalike
from sim.concepts.mixture import GaussianMixture
from sim.concepts.moving import Moving
from sim.concepts.questions import Questions
from sim.concepts.regression import LinearRegression
from sim.concepts.river import River
from sim.concepts.sea import SEA
from sim.concepts.sine import Sine
from sim.concepts.stagger import Stagger

__all__ = [
    "SEA",
    "STAGES",
    "Agrawal",
    "Concept",
    "Drawn",
    "Feature",
    "Friedman",
    "GaussianClasses",
    "GaussianMixture",
    "Hyperplane",
    "Judgements",
    "Linear",
    "LinearRegression",
    "Lookalike",
    "Mix",
    "Moment",
    "Moving",
    "Progress",
    "Questions",
    "River",
    "Sine",
    "Stagger",
    "Target",
    "direction",
    "tactic",
]
