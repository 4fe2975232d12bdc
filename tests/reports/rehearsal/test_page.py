"""The page of a game in a real browser: played, shared, reloaded, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("selenium")

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

Opened = Callable[..., Any]


def text(page: Any, name: str) -> str:
    return str(page.find_element(By.ID, name).text)


def wait(page: Any, until: Callable[[Any], bool], why: str) -> None:
    WebDriverWait(page, 20).until(until, why)


def click(page: Any, name: str) -> None:
    button = page.find_element(By.ID, name)
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()


def sit(page: Any, base: str, name: str = "Anna", role: str = "everybody") -> None:
    page.get(base)
    wait(page, lambda p: p.find_element(By.ID, "door").get_attribute("open"), "the door")
    page.find_element(By.NAME, "name").send_keys(name)
    page.execute_script("document.querySelector('[name=role]').value = arguments[0]", role)
    page.find_element(By.CSS_SELECTOR, "#join button").click()
    wait(page, lambda p: "week 1" in text(p, "date"), "the first frame")


def quiet(page: Any) -> bool:
    """Whether no script complained."""
    return [entry for entry in page.get_log("browser") if entry["level"] == "SEVERE"] == []


def day(page: Any) -> int:
    words = text(page, "date").replace(",", "").split()
    return 7 * (int(words[1]) - 1) + int(words[3])


def test_a_game_is_played_to_its_debrief(browse: Opened, serve: Opened) -> None:
    page = browse()
    sit(page, serve().base)
    for _ in range(3):
        click(page, "faster")
    click(page, "pause")
    wait(page, lambda p: day(p) > 7, "a week to go by")
    click(page, "pause")
    wait(page, lambda p: text(p, "pause") == "Go on", "the pause")
    stood = text(page, "date")
    page.execute_script("document.getElementById('verb').value = 'retrain'")
    page.find_element(By.NAME, "why").send_keys("to see <b>how</b>")
    click(page, "do")
    wait(page, lambda p: "Done: retrain" in text(p, "said"), "the order")
    assert text(page, "date") == stood
    assert "to see <b>how</b>" in text(page, "log")
    page.execute_script("document.getElementById('verb').value = 'page'")
    page.execute_script("document.getElementById('verb').dispatchEvent(new Event('change'))")
    click(page, "do")
    wait(page, lambda p: "page owner=data" in text(p, "moves"), "the move")
    page.find_element(By.CSS_SELECTOR, "#moves input").send_keys("it is theirs")
    page.find_element(By.CSS_SELECTOR, "#moves button").click()
    wait(page, lambda p: "page owner=data because it is theirs" in text(p, "moves"), "the reason")
    for _ in range(2):
        click(page, "step")
    wait(page, lambda p: "v1 · candidate" in text(p, "versions"), "the version")
    click(page, "finish")
    wait(page, lambda p: p.find_element(By.ID, "to-debrief").is_displayed(), "the end")
    assert quiet(page)
    click(page, "to-debrief")
    wait(page, lambda p: "of 100 points" in p.page_source, "the debrief")
    assert "to see &lt;b&gt;how" in page.page_source
    assert quiet(page)


def test_two_people_with_two_roles_share_a_game(browse: Opened, serve: Opened) -> None:
    base = serve().base
    anna, ben = browse(), browse()
    sit(anna, base, "Anna", "data")
    sit(ben, base, "Ben", "product")
    assert "Input" in text(anna, "screens")
    assert "Business" not in text(anna, "screens")
    assert "Business" in text(ben, "screens")
    click(anna, "step")
    wait(ben, lambda p: day(p) >= 2, "the same clock")
    ben.execute_script("document.getElementById('verb').value = 'retrain'")
    click(ben, "do")
    wait(anna, lambda p: "training 1" in text(p, "log"), "what Ben did")
    assert "Ben (product)" in text(anna, "who")
    assert quiet(anna)
    assert quiet(ben)


def test_a_reload_loses_nothing(browse: Opened, serve: Opened) -> None:
    page = browse()
    sit(page, serve().base)
    for _ in range(4):
        click(page, "step")
    wait(page, lambda p: day(p) >= 4, "some days")
    before = text(page, "date"), text(page, "log")
    points = page.execute_script("return driftyard.charts.lines[0].points.length")
    page.refresh()
    wait(page, lambda p: text(p, "date") == before[0], "the same moment")
    assert text(page, "log") == before[1]
    assert page.execute_script("return driftyard.charts.lines[0].points.length") == points


def test_the_keyboard_alone_is_enough(browse: Opened, serve: Opened) -> None:
    page = browse()
    page.get(serve().base)
    wait(page, lambda p: p.find_element(By.ID, "door").get_attribute("open"), "the door")
    page.switch_to.active_element.send_keys("Anna", Keys.ENTER)
    wait(page, lambda p: "week 1" in text(p, "date"), "the first frame")
    body = page.find_element(By.TAG_NAME, "body")
    body.send_keys(Keys.ARROW_RIGHT)
    wait(page, lambda p: day(p) >= 2, "a day")
    body.send_keys(" ")
    wait(page, lambda p: text(p, "pause") == "Pause", "time to go on")
    body.send_keys("+")
    body.send_keys(" ")
    wait(page, lambda p: text(p, "pause") == "Go on", "the pause")
    body.send_keys("a")
    assert page.switch_to.active_element.get_attribute("id") == "verb"
    page.switch_to.active_element.send_keys("Train")
    while page.switch_to.active_element.get_attribute("id") != "do":
        page.switch_to.active_element.send_keys(Keys.TAB)
    page.switch_to.active_element.send_keys(Keys.ENTER)
    wait(page, lambda p: "Done: retrain" in text(p, "said"), "the order")


@pytest.mark.parametrize(("width", "dark"), [(375, True), (375, False), (1440, True)])
def test_nothing_overflows(browse: Opened, serve: Opened, width: int, dark: bool) -> None:
    page = browse(width, 900, dark=dark)
    sit(page, serve().base)
    click(page, "faster")
    page.execute_script("document.getElementById('step').click()")
    wait(page, lambda p: day(p) >= 2, "a day")
    assert page.execute_script("return document.documentElement.scrollWidth") <= width
    assert quiet(page)


def test_the_debrief_fits_a_telephone(browse: Opened, serve: Opened) -> None:
    page = browse(375, 900, dark=True)
    sit(page, serve().base)
    page.execute_script("document.getElementById('finish').click()")
    wait(page, lambda p: p.find_element(By.ID, "to-debrief").is_displayed(), "the end")
    page.get(page.find_element(By.ID, "to-debrief").get_attribute("href"))
    wait(page, lambda p: "of 100 points" in p.page_source, "the debrief")
    assert page.execute_script("return document.documentElement.scrollWidth") <= 375
    assert quiet(page)


def test_a_lost_connection_is_said(browse: Opened, serve: Opened) -> None:
    served = serve()
    page = browse()
    sit(page, served.base)
    served.stop()
    wait(page, lambda p: p.find_element(By.ID, "lost").is_displayed(), "the warning")
