"""The site builds without a warning, its links lead somewhere, and it needs no network."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.conftest import Opened

ELSEWHERE = re.compile(r"^(https?:)?//")
FETCHED = {
    "img": "src", "script": "src", "source": "src", "iframe": "src", "embed": "src",
    "object": "data", "video": "src", "audio": "src", "use": "href",
}  # fmt: skip
"""What a page loads by itself when it is shown."""


class Page(HTMLParser):
    """What a page links to and loads, and the places in it that can be linked to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.places.add(given["id"])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag in FETCHED and given.get(FETCHED[tag]):
            self.loads.append(given[FETCHED[tag]])
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload", "preconnect"):
            self.loads.append(given["href"])


def test_no_link_inside_the_site_is_broken(site: Path, pages: dict[str, str]) -> None:
    read = {name: Page(text) for name, text in pages.items()}
    assert len(read) > 15
    broken = []
    for name, page in read.items():
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme in ("http", "https", "mailto", "data"):
                continue
            target = name
            if parts.path:
                joined = (site / PurePosixPath(name).parent / unquote(parts.path)).resolve()
                if not joined.is_file():
                    broken.append(f"{name}: {link}")
                    continue
                target = joined.relative_to(site.resolve()).as_posix()
            known = read.get(target)
            if parts.fragment and known and unquote(parts.fragment) not in known.places:
                broken.append(f"{name}: {link}")
    assert broken == []


def test_the_papers_beside_the_site_link_to_what_is_there() -> None:
    root = Path(__file__).parents[3]
    broken = [
        f"{name}: {link}"
        for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md")
        for link in re.findall(r"\]\(([^)#:\s]+)", (root / name).read_text(encoding="utf-8"))
        if not (root / link).exists()
    ]
    assert broken == []


def test_nothing_is_loaded_from_elsewhere(site: Path, pages: dict[str, str]) -> None:
    loaded = [(name, url) for name, text in pages.items() for url in Page(text).loads]
    assert loaded
    assert [found for found in loaded if ELSEWHERE.match(found[1])] == []
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    styles += "".join(re.findall(r"<style.*?</style>", "".join(pages.values()), flags=re.DOTALL))
    assert re.findall(r"(?:@import\s*|url\(\s*)[\"']?(?:https?:)?//[^)]*", styles) == []


WIDER = """
const allowed = node => node.closest('.table-wrapper, .highlight, pre, div.formula, .sidebar-drawer, .toc-drawer, p:has(> img)');
const wide = document.documentElement.clientWidth;
const found = [];
if (document.documentElement.scrollWidth > wide + 1) found.push('the page: ' + document.documentElement.scrollWidth);
for (const node of document.querySelectorAll('article *')) {
  const box = node.getBoundingClientRect();
  if (box.width && box.right > wide + 1 && !allowed(node)) found.push(node.tagName + ': ' + node.textContent.slice(0, 40));
}
return found;
"""  # noqa: E501


def resized(browser: Any, width: int) -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def test_no_page_is_wider_than_its_screen_and_none_complains(
    site: Path, pages: dict[str, str], browse: Opened
) -> None:
    browser = browse()
    wider = []
    for name in pages:
        browser.get((site / name).as_uri())
        for width in (1440, 375):
            resized(browser, width)
            wider += [(name, width, what) for what in browser.execute_script(WIDER)]
    assert wider == []
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_a_search_answers_without_a_server(site: Path, browse: Opened) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    browser = browse()
    browser.get((site / "search.html").as_uri() + "?q=clopper")
    found = WebDriverWait(browser, 10).until(
        lambda b: b.find_elements("css selector", "#search-results li a")
    )
    assert any("compare.html" in link.get_attribute("href") for link in found)
