"""Names with parameters as Python would write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports import names
from sim.errors import Mistake
from strategies.detectors import ADWIN
from strategies.monitors import OnErrors
from strategies.windows import Expanding, LastRecords


@pytest.mark.parametrize("text", ["on-alarm(window=500)", "on_alarm( window = 500 )"])
def test_a_name_may_have_hyphens_or_underscores(text: str) -> None:
    assert names.strategy(text).value.window == LastRecords(records=500)


def test_values_are_literals_and_known_classes() -> None:
    found = names.strategy("on-alarm(detector=ADWIN(delta=0.01), window=Expanding())").value
    assert found.monitors == (OnErrors(detector=ADWIN(delta=0.01)),)
    assert found.window == Expanding()


def test_rivers_detectors_go_by_their_full_name() -> None:
    found = names.strategy("on-alarm(detector=river.drift.binary.DDM(warm_start=50))").value
    detector = found.monitors[0].detector
    assert type(detector).__module__.startswith("river.drift")
    assert detector.warm_start == 50


@pytest.mark.parametrize(
    "text",
    [
        "on-alarm(detector=__import__('os').getcwd())",
        "on-alarm(detector=river.drift.binary.os())",
        "on-alarm(window=(lambda: 1)())",
        "on-alarm(window=[x for x in 'ab'])",
        "on-alarm(**{'window': 1})",
        "on-alarm()(window=1)",
        "on-alarm; print(1)",
        "",
    ],
)
def test_nothing_else_is_evaluated(text: str) -> None:
    with pytest.raises(Mistake):
        names.strategy(text)


def test_a_file_gives_what_it_defines_itself(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "from strategies.policy import Policy\n"
        "class Mine:\n    def decide(self, view): return ()\n"
        "ready = Mine()\n_hidden = Mine()\n"
    )
    assert names.targets(str(file)) == [f"{file}:Mine", f"{file}:ready"]
    assert type(names.strategy(f"{file}:Mine").value).__name__ == "Mine"
    assert names.strategy(f"{file}:ready").plugin is not None
    with pytest.raises(Mistake, match="made already"):
        names.strategy(f"{file}:ready()")
    assert list(tmp_path.iterdir()) == [file]  # no bytecode beside it


def test_a_file_may_lie_in_a_folder_with_brackets_and_blanks(tmp_path: Path) -> None:
    file = tmp_path / "Program Files (x86)" / "mine.py"
    file.parent.mkdir()
    file.write_text("class Mine:\n    n = 1\n    def decide(self, view): return ()\n")
    found = names.strategy(f"{file}:Mine")
    assert (found.file, type(found.value).__name__) == (str(file), "Mine")
    year = file.with_name("year.yaml")
    year.write_text("extends: calm-year\nwith: {horizon: 4w}\n")
    assert names.scenario(str(year), 1).value.horizon == "4w"
