"""Claims over seeds are judged as DEFINITIONS says: 28 of 30 pass."""

import pytest

from tests.scenarios.stories.claims import passes


@pytest.mark.parametrize(("good", "verdict"), [(30, True), (28, True), (27, False), (0, False)])
def test_twenty_eight_of_thirty_pass(good: int, verdict: bool) -> None:
    judged = passes(lambda seed: seed < good)
    assert bool(judged) is verdict
    assert judged.failed == tuple(range(good, 30))


def test_ten_of_ten_are_too_few_to_pass() -> None:
    assert not passes(lambda seed: seed >= 0, range(10))
