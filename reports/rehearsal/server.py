"""The server of a game: a page, a stream of what happens, and orders that come back.

Starlette and uvicorn carry it: small, typed, and enough. What happens goes to browsers as
server-sent events, which reconnect by themselves and pass through any tunnel; what people do
comes as small POSTs. Nothing blocks: a tick of the year takes a fraction of a millisecond.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from reports.loopback import KEY, Guard, posted
from reports.rehearsal.session import Player, Session
from sim.errors import Refused
from strategies.play.orders import VERBS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

STATIC = Path(__file__).parent / "static"
FRAME = 1 / 20
"""Seconds between two frames: the browser draws between them."""
KEPT_EVERY = 1.0
SEAT = "driftyard_seat"


class Stage:
    """The session, and the browsers that follow it."""

    def __init__(self, session: Session, debrief: Callable[[], str]) -> None:
        self.session, self._debrief = session, debrief
        self._changed = asyncio.Condition()
        self._frame = 0
        self._page: asyncio.Task[str] | None = None

    async def run(self) -> None:
        """Let the year go by, frame by frame."""
        last = kept = monotonic()
        while True:
            await asyncio.sleep(FRAME)
            now = monotonic()
            clock = self.session.clock
            if not clock.paused:
                self.session.turn(now - last)
                await self.changed()
            last = now
            if now - kept > KEPT_EVERY:
                self.session.keep()
                kept = now

    async def changed(self) -> None:
        """Tell all browsers that there is something new."""
        async with self._changed:
            self._frame += 1
            self._changed.notify_all()

    async def follow(self, player: Player) -> AsyncIterator[str]:
        """Yield what *player* may see: all of it first, then what is new."""
        session = self.session
        point = line = frame = 0
        first = {
            "channels": session.channels(player),
            "you": {"name": player.name, "role": player.role},
        }
        told = ""
        while True:
            new = {**first, **session.shown(player, point=point, line=line)}
            service = json.dumps(new.get("service"))
            if service == told:  # it is large, and seldom new
                new.pop("service", None)
            told = service
            point, line, first, frame = new["point"], new["line"], {}, self._frame
            yield f"data: {json.dumps(new, allow_nan=False)}\n\n"
            async with self._changed:
                try:
                    await asyncio.wait_for(self._changed.wait_for(partial(self._past, frame)), 15)
                except TimeoutError:
                    yield ": still here\n\n"

    def _past(self, frame: int) -> bool:
        return self._frame != frame

    async def debriefed(self) -> str:
        """Return the debrief, worked out once, beside the loop."""
        if self._page is None:
            self._page = asyncio.create_task(asyncio.to_thread(self._debrief))
        return await asyncio.shield(self._page)


def application(
    session: Session, *, hosts: frozenset[str], token: str = "", debrief: Callable[[], str]
) -> Starlette:
    """Return the application that serves *session* to browsers at *hosts*."""
    stage = Stage(session, debrief)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        del app
        playing = asyncio.create_task(stage.run())
        yield
        playing.cancel()
        session.keep()

    routes = [
        Route("/", _page(session, token)),
        Route("/join", posted(partial(_join, session)), methods=["POST"]),
        Route("/seat", _seated_already(session)),
        Route("/events", _events(stage)),
        *(
            Route(f"/{name}", posted(_seated(stage, do)), methods=["POST"])
            for name, do in _ORDERS.items()
        ),
        Route("/debrief", _debriefed(stage)),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    return Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(Guard, hosts=hosts, token=token)],
    )


# -- what is asked for ---------------------------------------------------------------------------

Body = dict[str, Any]


def _act(stage: Stage, player: Player, body: Body) -> Body:
    return {"did": stage.session.act(player, body)}


def _clock(stage: Stage, player: Player, body: Body) -> Body:
    del player
    stage.session.set_clock(body)
    return {}


def _reason(stage: Stage, player: Player, body: Body) -> Body:
    del player
    stage.session.explain(_whole(body, "move"), str(body.get("why", "")))
    return {}


def _look(stage: Stage, player: Player, body: Body) -> Body:
    look = stage.session.look(player, body)
    return {"number": look.number}


def _hint(stage: Stage, player: Player, body: Body) -> Body:
    del player, body
    return {"hint": stage.session.hint()}


def _inject(stage: Stage, player: Player, body: Body) -> Body:
    return {"did": stage.session.inject(player, str(body.get("fault", "")))}


def _finish(stage: Stage, player: Player, body: Body) -> Body:
    del player, body
    stage.session.finish()
    return {}


_ORDERS: dict[str, Callable[[Stage, Player, Body], Body]] = {
    "act": _act,
    "clock": _clock,
    "reason": _reason,
    "look": _look,
    "hint": _hint,
    "inject": _inject,
    "finish": _finish,
}


def _whole(body: Body, field: str) -> int:
    value = body.get(field)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refused(f"{field} is {value!r}: give a whole number")
    return value


def _join(session: Session, body: Body, request: Request) -> Response:
    del request
    role = str(body.get("role", "everybody"))
    player = session.join(str(body.get("name", "")), role, str(body.get("token", "")))
    answer = JSONResponse({"name": player.name, "role": player.role})
    answer.set_cookie(SEAT, player.token, httponly=True, samesite="strict")
    return answer


# -- how it comes and goes -----------------------------------------------------------------------


def _page(session: Session, token: str) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        text = (STATIC / "page.html").read_text(encoding="utf-8")
        facts = {
            "title": session.scene.title,
            "briefing": session.scene.briefing,
            "verbs": VERBS,
            "service": session.skin.service,
            "runbooks": session.skin.runbooks,
        }
        filled = text.replace("/*SCENE*/null", json.dumps(facts).replace("<", "\\u003c"))
        answer = HTMLResponse(filled)
        if token and request.query_params.get("key") == token:
            answer.set_cookie(KEY, token, httponly=True, samesite="strict")
        return answer

    return page


def _seat(session: Session, request: Request) -> Player:
    player = session.players.get(request.cookies.get(SEAT, ""))
    if player is None:
        raise HTTPException(401, "join the game first")
    return player


def _seated_already(session: Session) -> Callable[[Request], Awaitable[Response]]:
    async def seat(request: Request) -> Response:
        return JSONResponse({"seated": request.cookies.get(SEAT, "") in session.players})

    return seat


def _events(stage: Stage) -> Callable[[Request], Awaitable[Response]]:
    async def events(request: Request) -> Response:
        player = _seat(stage.session, request)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(
            stage.follow(player), media_type="text/event-stream", headers=headers
        )

    return events


def _seated(stage: Stage, do: Callable[[Stage, Player, Body], Body]) -> Any:
    async def answer(body: Body, request: Request) -> Response:
        player = _seat(stage.session, request)
        told = do(stage, player, body)
        await stage.changed()
        return JSONResponse(told)

    return answer


def _debriefed(stage: Stage) -> Callable[[Request], Awaitable[Response]]:
    async def debrief(request: Request) -> Response:
        _seat(stage.session, request)
        if not stage.session.game.over:
            return PlainTextResponse("the year goes on: finish it first", 409)
        return HTMLResponse(await stage.debriefed())

    return debrief
