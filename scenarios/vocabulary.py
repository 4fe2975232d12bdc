"""What may stand in a scenario: every class of the engine and of the stories that fits a field."""

from __future__ import annotations

from functools import cache

from sim.notation.vocabulary import Foreign, Vocabulary

_SKLEARN = {
    "calibration": "CalibratedClassifierCV",
    "discriminant_analysis": "LinearDiscriminantAnalysis QuadraticDiscriminantAnalysis",
    "dummy": "DummyClassifier DummyRegressor",
    "ensemble": "AdaBoostClassifier BaggingClassifier BaggingRegressor ExtraTreesClassifier "
    "ExtraTreesRegressor GradientBoostingClassifier GradientBoostingRegressor "
    "HistGradientBoostingClassifier HistGradientBoostingRegressor RandomForestClassifier "
    "RandomForestRegressor",
    "feature_selection": "VarianceThreshold",
    "impute": "SimpleImputer",
    "linear_model": "ElasticNet HuberRegressor Lasso LinearRegression LogisticRegression "
    "PassiveAggressiveClassifier Perceptron PoissonRegressor Ridge RidgeClassifier SGDClassifier "
    "SGDRegressor",
    "model_selection": "FixedThresholdClassifier",
    "naive_bayes": "BernoulliNB GaussianNB",
    "neighbors": "KNeighborsClassifier KNeighborsRegressor",
    "neural_network": "MLPClassifier MLPRegressor",
    "pipeline": "Pipeline",
    "preprocessing": "KBinsDiscretizer MinMaxScaler OneHotEncoder PolynomialFeatures "
    "QuantileTransformer RobustScaler StandardScaler",
    "svm": "LinearSVC LinearSVR SVC SVR",
    "tree": "DecisionTreeClassifier DecisionTreeRegressor",
}
_RIVER = (
    "river.datasets.Bananas",
    "river.datasets.ImageSegments",
    "river.datasets.Phishing",
    "river.datasets.synth.Agrawal",
    "river.datasets.synth.Friedman",
    "river.datasets.synth.Hyperplane",
    "river.datasets.synth.LED",
    "river.datasets.synth.Mixed",
    "river.datasets.synth.Mv",
    "river.datasets.synth.Planes2D",
    "river.datasets.synth.RandomRBF",
    "river.datasets.synth.RandomTree",
    "river.datasets.synth.SEA",
    "river.datasets.synth.STAGGER",
    "river.datasets.synth.Sine",
    "river.datasets.synth.Waveform",
    "river.dummy.NoChangeClassifier",
    "river.dummy.PriorClassifier",
    "river.forest.ARFClassifier",
    "river.forest.ARFRegressor",
    "river.linear_model.LinearRegression",
    "river.linear_model.LogisticRegression",
    "river.linear_model.PAClassifier",
    "river.linear_model.Perceptron",
    "river.naive_bayes.GaussianNB",
    "river.optim.Adam",
    "river.optim.SGD",
    "river.optim.initializers.Normal",
    "river.optim.initializers.Zeros",
    "river.optim.losses.Absolute",
    "river.optim.losses.Hinge",
    "river.optim.losses.Log",
    "river.optim.losses.Squared",
    "river.optim.schedulers.Constant",
    "river.optim.schedulers.InverseScaling",
    "river.optim.schedulers.Optimal",
    "river.preprocessing.MinMaxScaler",
    "river.preprocessing.StandardScaler",
    "river.tree.HoeffdingAdaptiveTreeClassifier",
    "river.tree.HoeffdingTreeClassifier",
    "river.tree.HoeffdingTreeRegressor",
)
"""Nothing here runs code that a file brings along: no functions, no loading, no paths."""


def foreign() -> dict[str, Foreign]:
    """Return the harmless classes: scikit-learn's by their name, River's by their whole path."""
    found = {
        name: Foreign(f"sklearn.{module}.{name}")
        for module, names in _SKLEARN.items()
        for name in names.split()
    }
    found |= {path: Foreign(path) for path in _RIVER}
    found["river.compose.Pipeline"] = Foreign("river.compose.Pipeline", positional="steps")
    return found


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary of scenarios."""
    import scenarios
    import sim
    from sim.scenario import Scenario

    return Vocabulary(Scenario, (sim, scenarios), foreign())
