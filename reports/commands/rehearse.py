"""`driftyard rehearse`: a game day on a page of this machine."""

from __future__ import annotations

import secrets
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import Mistake, refuse, whole

if TYPE_CHECKING:
    from argparse import Namespace

    from reports.rehearsal.record import Record
    from reports.rehearsal.scene import Scene

GAMES = "games"


def main(args: Namespace) -> int:
    """Seat people at a game until they have had enough."""
    try:
        import uvicorn

        from reports import loopback
        from reports.rehearsal.server import application
    except ImportError as error:
        raise Mistake(
            f"rehearse needs {error.name}: pip install 'driftyard[rehearse]' brings it"
        ) from None
    from reports.rehearsal.debrief import debrief
    from reports.rehearsal.opening import opened
    from reports.rehearsal.skin import read

    port = loopback.port(args.port)
    skin = read(args.skin)
    record = _record(args)
    session = opened(record, skin, replay=bool(args.replay))
    token = "" if args.host in loopback.LOOPBACK else secrets.token_urlsafe(16)
    sock = loopback.bound(args.host, port)
    port = sock.getsockname()[1]
    base = args.base_url.rstrip("/") or f"http://{loopback.shown(args.host)}:{port}"
    app = application(
        session,
        hosts=loopback.hosts(args.host, port, base),
        token=token,
        debrief=lambda: debrief(session, skin, store=args.store),
    )
    for line in _told(session.facilitator, base, token, record.folder, port):
        print(line, file=sys.stderr, flush=True)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, lifespan="on")
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[sock])
    print(f"Go on with: driftyard rehearse --resume {record.folder}", file=sys.stderr)
    return 0


def scene(args: Namespace) -> Scene:
    """Return the scene that is asked for, or one that is drawn."""
    from reports.rehearsal.scenes import SCENES, by_name

    level = whole("--difficulty", _number("--difficulty", args.difficulty), 1, 3)
    if args.mystery:
        if args.scene:
            refuse("SCENE", args.scene, "with --mystery nobody knows: leave it away")
        return secrets.choice([known for known in SCENES if known.skill <= level])
    if not args.scene:
        known = ", ".join(by_name())
        raise Mistake(f"rehearse what? give --mystery, or a scene: {known}")
    from sim.errors import one_of

    return by_name()[one_of("SCENE", args.scene, by_name())]


def _record(args: Namespace) -> Record:
    from reports.rehearsal.record import Opening, Record

    if args.resume or args.replay:
        option, folder = ("--resume", args.resume) if args.resume else ("--replay", args.replay)
        if args.scene or args.mystery or (args.resume and args.replay):
            refuse(option, folder, "the game knows its scene: leave the rest away")
        return Record.read(Path(folder))
    from reports.names import strategy

    chosen = scene(args)
    if args.autopilot:
        strategy(args.autopilot)  # a mistake is told now
    seed = secrets.randbelow(2**31) if args.seed is None else _number("--seed", args.seed)
    name = "mystery" if args.mystery else chosen.name
    folder = Path(args.out) / GAMES / f"{datetime.now():%Y-%m-%d-%H%M%S}-{name}"
    opening = Opening(
        scene=chosen.name, seed=seed, mystery=bool(args.mystery), policy=args.autopilot or ""
    )
    return Record.begin(folder, opening)


def _number(field: str, given: object) -> int:
    try:
        return int(str(given))
    except ValueError:
        refuse(field, given, "give a whole number")


def _told(facilitator: str, base: str, token: str, folder: Path, port: int) -> list[str]:
    key = f"?key={token}" if token else ""
    return [
        f"Open {base}/{key}  (everybody who plays)",
        f"Open {base}/{key}#facilitator={facilitator}  (who leads the game, and sees the truth)",
        f"From another machine: ssh -L {port}:localhost:{port} this-machine, then open the same.",
        f"The game is kept in {folder}. Ctrl-C ends the server; --resume goes on.",
    ]
