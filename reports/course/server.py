"""The course as a page of this machine: words, sliders, the learner's file and its marks.

A figure is drawn by the simulator for every move of a slider, one at a time; the browser asks for
the newest values only. A file is marked in a process of its own, as a class is.
"""

from __future__ import annotations

import asyncio
import gc
import threading
from contextlib import asynccontextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from reports.course import html
from reports.course.chapter import Chapter, chapters
from reports.course.grading import Alone
from reports.course.telling import next_one, starter_name
from reports.loopback import Guard, posted
from sim.errors import Mistake, Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from reports.course.memory import Memory

STATIC = Path(__file__).parent / "static"
STYLE = Path(__file__).parents[1] / "pages" / "page.css"
MARKED_WITHIN_S = 300.0
LONGEST_FILE = 65_536
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:; "
    "connect-src 'self'"
)


class Desk:
    """Marks the files in *folder*, one at a time, and remembers what came of them."""

    def __init__(self, folder: Path, memory: Memory, *, seeds: str = "") -> None:
        self.folder, self.memory, self._seeds = folder, memory, seeds
        self._busy = threading.Lock()
        self._alone: Alone | None = None

    def source(self, one: Chapter) -> str:
        """Return the learner's file, or the starter if there is none yet."""
        path = self.folder / starter_name(one)
        if not path.is_file():
            path = one.file("starter")
        return path.read_text(encoding="utf-8", errors="replace")

    def save(self, one: Chapter, source: str) -> Path:
        """Write the learner's file."""
        from reports.folder import put

        path = self.folder / starter_name(one)
        put(path, lambda aside: aside.write_text(source, encoding="utf-8"))
        return path

    def mark(self, one: Chapter, path: Path) -> dict[str, Any]:
        """Mark it and return what is told of it."""
        if not self._busy.acquire(blocking=False):
            raise Refused("a file is being marked already: wait for it")
        try:
            self._alone = Alone(one.name, seeds=self._seeds, timeout_s=MARKED_WITHIN_S, draws=True)
            row = self._alone.mark(path, path.name)
        finally:
            self._alone = None
            self._busy.release()
        if row.claims:
            self.memory.keep(one.name, row.verdict)
        return {**row.document, "figure": row.figure}

    @property
    def progress(self) -> str:
        """How far it is."""
        return self._alone.progress if self._alone is not None else ""


def application(desk: Desk, *, hosts: frozenset[str], warm: Sequence[Chapter] = ()) -> Starlette:
    """Return what serves the course to browsers at *hosts*.

    The figures of *warm* chapters are drawn at the start, so that nobody waits for what is loaded
    and compiled once.
    """
    drawing = asyncio.Lock()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.warm = asyncio.create_task(_warm_up(warm, drawing))
        yield
        app.state.warm.cancel()
        gc.unfreeze()

    async def draw(body: dict[str, Any], request: Request) -> Response:
        live = _chapter(request).live
        if live is None:
            raise Refused("this chapter has no sliders")
        async with drawing:
            drawn = await asyncio.to_thread(live.at, _numbers(body))
        return JSONResponse(asdict(drawn))

    async def mark(body: dict[str, Any], request: Request) -> Response:
        one = _chapter(request)
        path = desk.save(one, str(body.get("source", "")))
        return JSONResponse(await asyncio.to_thread(desk.mark, one, path))

    routes = [
        Route("/", partial(_first, desk)),
        Route("/progress", partial(_progress, desk)),
        Route("/style/page.css", _style),
        Mount("/static", StaticFiles(directory=STATIC)),
        Route("/live/{chapter}", posted(draw), methods=["POST"]),
        Route("/mark/{chapter}", posted(mark, longest=LONGEST_FILE), methods=["POST"]),
        Route("/{chapter}", partial(_page, desk)),
    ]
    return Starlette(routes=routes, lifespan=lifespan, middleware=[Middleware(Guard, hosts=hosts)])


async def _warm_up(warm: Sequence[Chapter], drawing: asyncio.Lock) -> None:
    """Draw each figure a few times, between those that somebody asks for."""
    for live in [one.live for one in warm if one.live is not None]:
        for values in live.corners:
            async with drawing:
                await asyncio.to_thread(live.at, values)
    if warm:
        async with drawing:
            await asyncio.to_thread(_settle)


def _settle() -> None:
    """Leave what is loaded out of every further look for garbage, which takes 100 ms with it."""
    gc.collect()
    gc.freeze()


def _chapter(request: Request) -> Chapter:
    asked = request.path_params["chapter"]
    for one in chapters():
        if asked in (one.name, str(one.number)):
            return one
    raise HTTPException(404, "there is no such chapter")


def _numbers(body: dict[str, Any]) -> dict[str, float]:
    for name, value in body.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Mistake(f"{name} is {value!r}: give a number")
    return body


async def _first(desk: Desk, request: Request) -> Response:
    del request
    one = next_one(chapters(), desk.memory.passed) or chapters()[0]
    return RedirectResponse(f"/{one.name}")


async def _progress(desk: Desk, request: Request) -> Response:
    del request
    return JSONResponse({"progress": desk.progress})


async def _style(request: Request) -> Response:
    del request
    return FileResponse(STYLE, media_type="text/css")


async def _page(desk: Desk, request: Request) -> Response:
    one = _chapter(request)
    text = html.page(one, chapters(), desk.memory.passed, desk.source(one), str(desk.memory.path))
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(text, headers=headers)
