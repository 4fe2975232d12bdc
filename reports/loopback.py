"""A page that this machine serves to itself: who may ask, and at which address."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import socket
from collections.abc import Awaitable, Callable
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from starlette.responses import JSONResponse, PlainTextResponse

from sim.errors import Mistake, Refused, refuse, whole

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LONGEST_BODY = 16_384
KEY = "driftyard_key"


class Guard:
    """Refuses requests that come from other pages, other hosts, or without the token."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str], token: str = "") -> None:
        self._app, self._hosts, self._token = app, hosts, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through what is ours."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        why = self._refused(scope, headers)
        if why:
            await PlainTextResponse(why, 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _refused(self, scope: Scope, headers: dict[str, str]) -> str:
        if headers.get("host", "") not in self._hosts:
            return "this host is not served here: open the address that the terminal printed"
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc not in self._hosts:
            return "requests from other pages are refused"
        if self._token and not scope["path"].startswith("/static/"):
            query = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("key", [""])[0]
            cookie = SimpleCookie(headers.get("cookie", "")).get(KEY)
            given = (query, "" if cookie is None else cookie.value)
            if not any(secrets.compare_digest(key, self._token) for key in given):
                return "the token is missing: open the address that the terminal printed"
        return ""


def posted(
    do: Callable[[dict[str, Any], Request], Any], *, longest: int = LONGEST_BODY
) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that reads a small JSON object and says in words what is refused."""

    async def endpoint(request: Request) -> Response:
        if int(request.headers.get("content-length", "0") or 0) > longest:
            return JSONResponse({"refused": "that is too long"}, 413)
        raw = b""
        async for chunk in request.stream():
            raw += chunk
            if len(raw) > longest:
                return JSONResponse({"refused": "that is too long"}, 413)
        try:
            body = json.loads(raw or b"{}")
            if not isinstance(body, dict):
                raise ValueError
        except (ValueError, RecursionError):
            return JSONResponse({"refused": "that is no JSON object"}, 400)
        try:
            answer = do(body, request)
            if asyncio.iscoroutine(answer):
                answer = await answer
        except (Mistake, Refused) as refusal:
            return JSONResponse({"refused": str(refusal)}, 409)
        assert isinstance(answer, JSONResponse)
        return answer

    return endpoint


def port(given: object) -> int:
    """Read the number of a port."""
    try:
        number = int(str(given))
    except ValueError:
        refuse("--port", given, "give a whole number")
    return whole("--port", number, 0, 65_535)


def bound(host: str, port: int) -> socket.socket:
    """Return a socket at that address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":  # on Windows it would let two servers have the same port
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        why = (error.strerror or "it cannot be used").lower()
        refuse("--port", f"{host}:{port}", f"{why}; give another, or 0 for any that is free")
    return sock


def hosts(host: str, port: int, base: str = "") -> frozenset[str]:
    """Return the names by which a browser may call a server."""
    names = {f"{shown(name)}:{port}" for name in (host, *LOOPBACK)}
    return frozenset({*names, urlsplit(base).netloc} - {""})


def shown(host: str) -> str:
    """Return a host as an address has it."""
    return f"[{host}]" if ":" in host else host
