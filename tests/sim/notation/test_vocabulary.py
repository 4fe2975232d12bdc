"""The vocabulary finds every class by itself."""

from __future__ import annotations

from inspect import isclass
from typing import Any, get_args

from scenarios.vocabulary import vocabulary
from sim.drift import Drift
from sim.faults import Fault
from sim.loops import Loop


def below(made: Any) -> set[Any]:
    """Return all subclasses of a class that are part of driftyard."""
    found = {c for sub in made.__subclasses__() for c in (sub, *below(sub))}
    return {c for c in found if c.__module__.partition(".")[0] in ("sim", "scenarios")}


def leaves(annotation: Any) -> set[Any]:
    """Return the types that an annotation is made of."""
    parts = get_args(annotation)
    return {leaf for part in parts for leaf in leaves(part)} if parts else {annotation}


def test_all_that_can_go_wrong_can_be_written() -> None:
    words = vocabulary().words
    for made in below(Drift) | below(Fault) | below(Loop):
        if hasattr(made, "kind"):  # what has none is only the beginning of others
            assert words[made.__name__] is made


def test_every_field_that_must_be_filled_can_be_filled() -> None:
    known = vocabulary()
    for made in known.words.values():
        for slot in known.slots(made).values():
            if slot.needs:
                classes = [leaf for leaf in leaves(slot.type) if isclass(leaf)]
                plain = (str, int, float, bool, type(None), Any)
                assert all(leaf in plain or known.classes(leaf) for leaf in classes), slot


def test_a_name_that_is_nearly_right_is_known() -> None:
    known = vocabulary()
    for wrong in ("null burst", "null-burst", "NullBrust", "nullburst"):
        assert known.nearest(wrong, known.words) == "NullBurst"
    assert known.nearest("covariate", known.words) == "CovariateShift"
    assert known.nearest("xyzzy", known.words) == ""
