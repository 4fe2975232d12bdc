"""What people type and pages send means an action, and an action can be written down again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.actions import (
    AskForLabels,
    Everything,
    Fallback,
    Last,
    PageOwner,
    Promote,
    Quarantine,
    Release,
    Retrain,
    Rollback,
    RolloutNote,
    SetThreshold,
    SinceAlarm,
)
from sim.errors import Mistake
from strategies.play.orders import VERBS, help_lines, made, order, spoken

NAMES = st.from_regex(r"v[0-9]{1,3}", fullmatch=True)
WHYS = st.one_of(
    st.just(""), st.from_regex(r"[a-zäß'\"]{1,12}( [a-z%=,]{1,8}){0,4}", fullmatch=True)
)
WINDOWS = st.one_of(
    st.integers(1, 10**6),
    st.sampled_from(["7d", "12h", "6w"]),
    st.builds(SinceAlarm, at_us=st.integers(0, 10**13)),
    st.just(Everything()),
    st.builds(Last, span=st.just("30d")),
)
ACTIONS = st.one_of(
    st.builds(Retrain, window=WINDOWS, why=WHYS, warm=st.booleans()),
    st.builds(Promote, version=NAMES, why=WHYS),
    st.builds(Release, version=NAMES, share=st.floats(0.001, 1.0), why=WHYS),
    st.builds(Rollback, why=WHYS),
    st.builds(Fallback, on=st.booleans(), why=WHYS),
    st.builds(Quarantine, columns=st.lists(NAMES, max_size=3).map(tuple), why=WHYS),
    st.builds(PageOwner, owner=st.sampled_from(["data", "model"]), why=WHYS),
)


@given(ACTIONS)
def test_what_is_spoken_is_understood(action: object) -> None:
    assert order(spoken(action)) == action  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("retrain", Retrain()),
        ("retrain 10_000 warm=yes", Retrain(window=10_000, warm=True)),
        ("release v2 5% because so", Release("v2", 0.05, why="so")),
        ("fallback off", Fallback(False)),
        ("ask for labels 20% 14d because none came", AskForLabels(0.2, "14d", why="none came")),
        ("set threshold 0.4", SetThreshold(value=0.4)),
        ("set-threshold value=0.4", SetThreshold(value=0.4)),
        ("quarantine x0,x1 because 'spoilt'", Quarantine(("x0", "x1"), why="'spoilt'")),
    ],
)
def test_people_may_leave_out_the_names_of_fields(said: str, meant: object) -> None:
    assert order(said) == meant


def test_a_page_sends_plain_data() -> None:
    sent = {"verb": "release", "version": "v2", "share": 0.25, "why": "so"}
    assert made(sent) == Release("v2", 0.25, why="so")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("", "begin with a verb"),
        ("promot v1", "did you mean 'promote'"),
        ("promote", "promote.version is missing"),
        ("release v1 share=much", "release.share is 'much'"),
        ("retrain window=soon", "retrain.window is 'soon'"),
        ("retrain window=__import__('os')", "retrain.window"),
        ("retrain window=Retrain()", "does not go here"),
        ("archive v1 v2", "it takes version"),
        ("archive v1 version=v2", "given twice"),
        ("page 'data", "close the quotes"),
        ("note x", "verb is 'note'"),
        ("promote " + "v" * 3_000, "at most 2,000"),
    ],
)
def test_what_means_nothing_is_one_clear_line(said: str, words: str) -> None:
    with pytest.raises(Mistake, match=None) as caught:
        order(said)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("sent", [{}, {"verb": 3}, {"verb": "promote", "version": ["v1"]}])
def test_data_of_another_shape_are_refused(sent: dict[str, object]) -> None:
    with pytest.raises(Mistake):
        made(sent)


def test_there_is_a_line_of_help_for_every_verb() -> None:
    told = help_lines()
    assert len(told) == len(VERBS)
    assert all(line.startswith(verb) for line, verb in zip(told, VERBS, strict=True))


def test_a_rollout_note_is_sent_field_by_field() -> None:
    note = dict.fromkeys(RolloutNote.__annotations__, "said")
    sent = {"verb": "release", "version": "v2", "share": "5%", "note": note}
    assert made(sent) == Release("v2", 0.05, note=RolloutNote(**note))
    with pytest.raises(Mistake, match=r"release\.note"):
        made({**sent, "note": {"success": "said"}})
