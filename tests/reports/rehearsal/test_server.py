"""Nothing that a browser sends can crash, stall or unveil the game."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from reports.store import Store
from sim.clock import DAY_US
from sim.ledger import Ledger

Serve = Callable[..., Any]

NONSENSE = [
    b"",
    b"[1]",
    b"{" * 9_000,
    b'{"verb": "retrain", "window": ["7d"]}',
    b'{"verb": {"a": 1}}',
    b'{"verb": "release", "version": "v0", "share": 1e999}',
    b'{"verb": "retrain", "seen": "no number"}',
    b'{"verb": "retrain", "window": -5}',
    b'{"verb": "quarantine", "columns": 7}',
    b'{"verb": "page", "owner": "<script>", "why": "' + b"x" * 500 + b'"}',
    b"x" * 100_000,
    b"\xff\xfe",
]


class Seat:
    """Somebody at the game, as plain HTTP."""

    def __init__(self, base: str, name: str = "anna", role: str = "everybody", token: str = ""):
        self.base, self.cookie = base, ""
        self.heard: list[bytes] = []
        answer = self.post("/join", {"name": name, "role": role, "token": token})
        self.joined = answer

    def post(self, path: str, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._send(Request(self.base + path, raw, self._headers(headers), method="POST"))

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        try:
            with urlopen(Request(self.base + path, headers=self._headers(headers))) as answer:
                raw = answer.read()
                self.heard.append(raw)
                return answer.status, raw
        except HTTPError as error:
            return error.code, error.read()

    def seen(self) -> dict[str, Any]:
        """The first frame of the stream: all that there is to see."""
        request = Request(self.base + "/events", headers=self._headers({}))
        with urlopen(request) as stream:
            line = stream.readline()
        self.heard.append(line)
        return dict(json.loads(line.removeprefix(b"data: ")))

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {"Content-Type": "application/json", "Cookie": self.cookie, **more}

    def _send(self, request: Request) -> tuple[int, dict[str, Any]]:
        try:
            with urlopen(request) as answer:
                self.cookie = answer.headers.get("Set-Cookie", self.cookie).split(";")[0]
                raw = answer.read()
                self.heard.append(raw)
                return answer.status, json.loads(raw)
        except HTTPError as error:
            raw = error.read()
            self.heard.append(raw)
            try:
                return error.code, json.loads(raw)
            except ValueError:
                return error.code, {"text": raw.decode()}


def test_a_year_is_played_and_debriefed(serve: Serve) -> None:
    served = serve()
    anna = Seat(served.base)
    assert anna.post("/clock", {"step": True})[0] == 200
    assert anna.seen()["now_us"] >= DAY_US
    status, told = anna.post("/act", {"verb": "retrain", "window": "14d", "why": "to see"})
    assert (status, told) == (200, {"did": "retrain window=14d because to see"})
    assert anna.get("/debrief")[0] == 409
    assert anna.post("/finish", {})[0] == 200
    status, page = anna.get("/debrief")
    assert status == 200
    assert b"of 100 points" in page
    with Store(served.folder.parent / "games.duckdb", read_only=True) as store:
        row = store.query("SELECT asked_scenario, asked_strategy, digest FROM runs").fetchone()
    ledger = Ledger.read(served.folder / "run")
    assert row == ("rehearse first-week-on-call", "played by anna", ledger.digest())
    assert (served.folder / "postmortem.md").read_text(encoding="utf-8").startswith("# Post-mortem")


def test_the_truth_never_leaves_before_the_debrief(serve: Serve) -> None:
    """All traffic of a whole year, read for what only the world knows."""
    served = serve()
    scenario = served.session.game.scenario
    anna = Seat(served.base)
    for path in ("/", "/static/page.js", "/seat"):
        anna.get(path)
    for _ in range(60):
        anna.post("/clock", {"step": True})
        anna.post("/look", {"what": "columns"})
        anna.seen()
    anna.post("/act", {"verb": "promote", "version": "v9"})
    heard = b"".join(anna.heard).decode().lower()
    secrets = [scenario.name, scenario.cause, scenario.story.split("\n")[0]]
    secrets += [fault.label for fault in scenario.faults]
    for secret in secrets:
        assert secret.lower() not in heard, secret


def test_a_mystery_gives_not_even_its_scene_away(serve: Serve) -> None:
    served = serve("the-rush", mystery=True)
    anna = Seat(served.base)
    page = anna.get("/")[1].decode()
    told = json.dumps(anna.seen())
    for secret in ("the-rush", "The rush", "Marketing", "noisy neighbour"):
        assert secret not in page
        assert secret not in told
    assert "A mystery" in page


def test_only_the_facilitator_sees_the_truth_and_brings_something_in(serve: Serve) -> None:
    served = serve()
    token = served.session.facilitator
    assert Seat(served.base, "eve", "facilitator", "guess").joined[0] == 409
    leader, anna = Seat(served.base, "lea", "facilitator", token), Seat(served.base)
    assert leader.seen()["truth"]
    assert "truth" not in anna.seen()
    fault = {"fault": "Drop(at='1d', columns=('x1',))"}
    assert anna.post("/inject", fault)[0] == 409
    status, told = leader.post("/inject", fault)
    assert (status, told["did"]) == (200, "drop of day 1 begins at 1d 1h")
    assert len(leader.seen()["truth"]) == 2
    assert leader.post("/inject", {"fault": "Drop(at='1d', columns=('nope',))"})[0] == 409
    assert leader.post("/inject", {"fault": "__import__('os').system('true')"})[0] == 409


def test_each_role_sees_its_own_layers(serve: Serve) -> None:
    served = serve()
    layers = {
        role: {c["layer"] for c in Seat(served.base, role, role).seen()["channels"]}
        for role in ("data", "model", "platform", "product", "everybody")
    }
    assert layers["data"] == {"input"}
    assert layers["model"] == {"output", "performance"}
    assert layers["product"] == {"business"}
    assert layers["everybody"] == {"input", "output", "performance", "business"}


def test_of_two_who_act_at_once_the_first_wins_and_the_second_is_told(serve: Serve) -> None:
    served = serve()
    anna, ben = Seat(served.base, "anna"), Seat(served.base, "ben")
    order = {"verb": "page", "owner": "data", "seen": 0}
    assert anna.post("/act", order)[0] == 200
    status, told = ben.post("/act", {"verb": "retrain", "window": "7d", "seen": 0})
    assert status == 409
    assert "anna was first: page owner=data" in told["refused"]
    assert ben.post("/act", {"verb": "retrain", "window": "7d", "seen": 1})[0] == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "elsewhere.example"}, 403),
        ({}, 200),
    ],
)
def test_requests_from_elsewhere_are_refused(
    serve: Serve, headers: dict[str, str], status: int
) -> None:
    served = serve()
    anna = Seat(served.base)
    assert anna.post("/clock", {"paused": True}, **headers)[0] == status


def test_nonsense_is_refused_in_words_and_the_game_goes_on(serve: Serve) -> None:
    served = serve()
    anna = Seat(served.base)
    began = anna.seen()["now_us"]
    for body in NONSENSE:
        status, told = anna.post("/act", body)
        assert status in (400, 409, 413), body
        assert told["refused"]
        assert "\n" not in told["refused"]
    assert anna.seen()["now_us"] == began


VALUES: list[Any] = [None, [], {}, -1, 1e308, "x", True]


def test_no_value_stalls_the_server(serve: Serve) -> None:
    served = serve()
    anna = Seat(served.base)
    fields = ("speed", "paused", "step", "move", "why", "what", "fault", "verb", "window")
    for path in ("/clock", "/reason", "/look", "/hint", "/inject", "/act"):
        for value in VALUES:
            status, told = anna.post(path, dict.fromkeys(fields, value))
            assert status in (200, 409), (path, value, told)
    anna.post("/clock", {"paused": True})
    assert anna.seen()["paused"]


def test_without_a_seat_nothing_is_shown(serve: Serve) -> None:
    served = serve()
    anna = Seat(served.base)
    anna.cookie = ""
    for path in ("/events", "/debrief"):
        assert anna.get(path)[0] == 401
    assert anna.post("/act", {"verb": "rollback"})[0] == 401


def test_a_killed_server_resumes_the_game(serve: Serve) -> None:
    served = serve()
    anna = Seat(served.base)
    for _ in range(20):
        anna.post("/clock", {"step": True})
    anna.post("/act", {"verb": "retrain", "window": "14d"})
    anna.post("/look", {"what": "columns"})
    anna.post("/clock", {"step": True})
    anna.post("/reason", {"move": 0, "why": "to see how it is done"})
    before = anna.seen()
    served.session.keep()
    served.stop()
    again = serve(again=served.folder)
    after = Seat(again.base).seen()
    for what in ("now_us", "points", "looks"):
        assert after[what] == before[what], what
    happened = [[(e["at_us"], e["kind"]) for e in seen["log"]] for seen in (after, before)]
    assert happened[0] == happened[1]
    assert after["moves"][0]["words"] == "retrain window=14d because to see how it is done"


def test_a_game_is_played_again_as_it_was(serve: Serve) -> None:
    served = serve()
    anna = Seat(served.base)
    for _ in range(3):
        anna.post("/clock", {"step": True})
    anna.post("/act", {"verb": "retrain", "window": "14d", "why": "to see"})
    for _ in range(3):
        anna.post("/clock", {"step": True})
    before = anna.seen()
    served.session.keep()
    served.stop()
    again = serve(again=served.folder, replay=True)
    ben = Seat(again.base, "ben")
    assert ben.seen()["moves"] == []
    assert ben.post("/act", {"verb": "retrain"})[0] == 409
    while again.session.game.now_us < before["now_us"]:
        ben.post("/clock", {"step": True})
    after = ben.seen()
    assert [m["words"] for m in after["moves"]] == ["retrain window=14d because to see"]
    assert [e["words"] for e in after["log"]] == [e["words"] for e in before["log"]]
    assert after["points"] == before["points"]
