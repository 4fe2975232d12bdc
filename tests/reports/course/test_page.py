"""The course as a page: words, sliders that run the simulator, a file and its verdict."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from reports.course.chapter import chapter, chapters
from reports.course.live import Drawing, Live, Slider
from reports.course.memory import Memory
from reports.course.server import Desk, application
from tests.reports.course.conftest import Served

Opened = Callable[..., Any]


def post(where: str, body: object, **headers: str) -> tuple[int, Any]:
    asked = Request(
        where, json.dumps(body).encode(), {"Content-Type": "application/json", **headers}
    )
    try:
        with urlopen(asked) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        text = error.read().decode()
        return error.code, json.loads(text) if text.startswith("{") else text


def get(where: str) -> str:
    with urlopen(where) as answer:
        return str(answer.read().decode())


def test_every_chapter_is_a_page_with_its_words_and_its_starter(served: Served) -> None:
    for one in chapters():
        page = get(f"{served.base}/{one.name}")
        assert f"<h1>{one.title.replace('&', '&amp;')}</h1>" in page
        assert "TODO" in page
        assert page.count("<input") == (len(one.live.sliders) if one.live else 0)
        assert "http://" not in page.replace(served.base, ""), "nothing comes from elsewhere"


def test_a_slider_is_answered_by_the_simulator_within_its_range(served: Served) -> None:
    where = f"{served.base}/live/first-drift"
    code, calm = post(where, {"angle": 0})
    assert code == 200
    _, turned = post(where, {"angle": 90})
    _, beyond = post(where, {"angle": 900})
    assert turned == beyond
    assert turned["lines"][1]["y"][-1] < calm["lines"][1]["y"][-1] - 20, "nobody rebuilt it"
    assert post(where, {"angle": "much"})[0] == 409
    assert post(f"{served.base}/live/nothing", {})[0] == 404


def test_figures_are_drawn_before_anybody_asks_and_garbage_is_then_looked_for_beside_them(
    tmp_path: Path,
) -> None:
    drawn = []

    def draw(size: float) -> Drawing:
        drawn.append(size)
        return Drawing(x="", y="", lines=[], sentence="")

    size = Slider(label="size", low=1, high=3, value=2)
    warm = [replace(one, live=Live(sliders={"size": size}, draw=draw)) for one in chapters()[:2]]
    desk = Desk(tmp_path, Memory(tmp_path / "learn.json"))
    app = application(desk, hosts=frozenset(), warm=warm)

    async def start() -> int:
        async with app.router.lifespan_context(app):
            await app.state.warm
            return gc.get_freeze_count()

    assert asyncio.run(start()) > 1000
    assert gc.get_freeze_count() == 0, "whoever comes after the server is looked at again"
    assert drawn == [2, 1, 3] * 2


def test_other_pages_may_not_ask(served: Served) -> None:
    told = post(f"{served.base}/mark/loop", {"source": ""}, Origin="http://elsewhere.example")
    assert told[0] == 403
    assert not list(served.folder.glob("chapter*"))


def test_a_file_is_saved_marked_and_remembered(served: Served) -> None:
    one = chapter("cadences")
    where = f"{served.base}/mark/cadences"
    naive = one.file("naive").read_text("utf-8")
    code, told = post(where, {"source": naive})
    assert code == 200
    assert told["verdict"] == "fail"
    assert told["figure"].startswith("<svg")
    assert (served.folder / "chapter04.py").read_text("utf-8") == naive
    assert served.memory.passed == set()
    assert post(where, {"source": "answer ="})[1]["verdict"] == "broken"
    assert post(where, {"source": one.file("solution").read_text("utf-8")})[1]["verdict"] == "pass"
    assert served.memory.passed == {"cadences"}


def test_sliders_are_followed_to_the_last_move_and_no_question_waits_in_line(
    browse: Opened, served: Served
) -> None:
    pytest.importorskip("selenium")
    from selenium.webdriver.support.ui import WebDriverWait

    page = browse(375, 800, dark=True)
    page.get(f"{served.base}/first-drift")
    wait = WebDriverWait(page, 60)
    wait.until(lambda p: p.execute_script("return driftyardMoves.length") == 1, "a first figure")
    page.execute_script(
        """const slider = document.querySelector("[name=every]");
        for (let v = 4; v <= 40; v++) {
          slider.value = v;
          slider.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )
    drawn = chapter("first-drift").live
    assert drawn is not None
    last = drawn.at({"every": 40}).sentence
    sentence = "return document.getElementById('sentence').textContent"
    wait.until(lambda p: p.execute_script(sentence) == last, "the last move")
    answers = page.execute_script("return driftyardMoves.length")
    assert answers <= 4, "37 moves at once are at most a few questions"
    assert page.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    assert [e for e in page.get_log("browser") if e["level"] == "SEVERE"] == []


def test_a_file_is_marked_from_the_page(browse: Opened, served: Served) -> None:
    pytest.importorskip("selenium")
    from selenium.webdriver.support.ui import WebDriverWait

    page = browse()
    page.get(f"{served.base}/cadences")
    page.execute_script("document.getElementById('source').value = 'answer = 7'")
    page.execute_script("document.getElementById('mark').click()")
    shown = "return document.getElementById('verdict').textContent"
    WebDriverWait(page, 120).until(lambda p: p.execute_script(shown), "a verdict")
    told = page.execute_script(shown)
    assert told.startswith("fail")
    assert "too small" in told
    assert "driftyard run" in told
