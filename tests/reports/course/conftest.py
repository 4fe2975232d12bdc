"""The course as a real server serves it on loopback."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reports.course.memory import Memory


@dataclass
class Served:
    """The course at an address; files and progress lie in *folder*."""

    base: str
    folder: Path
    memory: Memory


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Serve the course, two seeds an exam."""
    import uvicorn

    from reports.course.server import Desk, application

    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    port = sock.getsockname()[1]
    memory = Memory(tmp_path / "learn.json")
    desk = Desk(tmp_path, memory, seeds="4")
    app = application(desk, hosts=frozenset({f"127.0.0.1:{port}"}))
    config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)
    server: Any = uvicorn.Server(config)
    run: Callable[..., None] = server.run
    thread = threading.Thread(target=run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield Served(f"http://127.0.0.1:{port}", tmp_path, memory)
    server.should_exit = True
    thread.join(20)
    sock.close()
