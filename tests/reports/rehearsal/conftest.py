"""A game that a real server serves on loopback."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reports.rehearsal.debrief import debrief
from reports.rehearsal.opening import opened
from reports.rehearsal.record import Opening, Record
from reports.rehearsal.session import Session
from reports.rehearsal.skin import Skin


@dataclass
class Served:
    """A game at an address."""

    base: str
    session: Session
    folder: Path
    stop: Callable[[], None]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Serve a scene, or go on with the game in a folder; all servers end with the test."""
    import uvicorn

    from reports.rehearsal.server import application

    running: list[Callable[[], None]] = []

    def serve(
        scene: str = "first-week-on-call",
        *,
        mystery: bool = False,
        again: Path | None = None,
        replay: bool = False,
    ) -> Served:
        opening = Opening(scene=scene, seed=4, mystery=mystery)
        record = Record.begin(tmp_path / "game", opening) if again is None else Record.read(again)
        session = opened(record, Skin(), replay=replay)
        sock = socket.socket()
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
        app = application(
            session,
            hosts=frozenset({f"127.0.0.1:{port}"}),
            debrief=lambda: debrief(session, Skin(), store=str(tmp_path / "games.duckdb")),
        )
        config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)
        server: Any = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)

        def stop() -> None:
            server.should_exit = True
            thread.join(10)
            sock.close()

        running.append(stop)
        return Served(f"http://127.0.0.1:{port}", session, record.folder, stop)

    yield serve
    for stop in running:
        stop()
