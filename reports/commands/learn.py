"""`driftyard learn`: the course that runs."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import Mistake, refuse

if TYPE_CHECKING:
    from argparse import Namespace

    from reports.course.chapter import Chapter
    from reports.course.memory import Memory

EXIT = {"pass": 0, "fail": 1, "broken": 2, "unknown": 3}
LARGEST_SEED = 2**63 - 1


def main(args: Namespace) -> int:
    """Show the course or a chapter, or mark what somebody wrote."""
    from reports.course.chapter import chapter, chapters
    from reports.course.memory import Memory, usual

    memory = Memory(Path(args.progress) if args.progress else usual())
    if args.reset:
        memory.reset()
        print(f"{memory.path}: nothing is done; driftyard learn begins anew")
        return 0
    if args.page:
        return _serve(args, memory)
    if not args.chapter:
        if args.solution or args.grade or args.hint or args.answer:
            raise Mistake("say which chapter, as in driftyard learn 4 --hint")
        return _list(chapters(), memory, as_json=args.json)
    one = chapter(args.chapter)
    if args.csv and not args.grade:
        raise Mistake("--csv tells of a class: say which, as in --grade submissions/ --csv")
    if args.grade:
        return _grade(one, args)
    if args.solution:
        return _mark(one, args, memory)
    return _tell(one, args)


def _list(chapters: tuple[Chapter, ...], memory: Memory, *, as_json: bool) -> int:
    from reports.course.telling import listed

    passed = memory.passed
    if as_json:
        known = [
            {"number": one.number, "name": one.name, "title": one.title, "core": one.core,
             "minutes": one.minutes, "passed": one.name in passed}
            for one in chapters
        ]  # fmt: skip
        print(json.dumps({"chapters": known, "progress": str(memory.path)}, ensure_ascii=False))
    else:
        print(listed(chapters, passed, str(memory.path)))
    return 0


def _tell(one: Chapter, args: Namespace) -> int:
    from reports.course.telling import answered, hinted, told

    if args.json:
        print(json.dumps({"title": one.title, **one.text.sections}, ensure_ascii=False))
    elif args.hint:
        print(hinted(one))
    elif args.answer:
        print(answered(one))
    else:
        print(told(one))
    return 0


def _mark(one: Chapter, args: Namespace, memory: Memory) -> int:
    from reports.course.counterexample import drawn
    from reports.course.marking import mark
    from reports.course.telling import marked
    from reports.progress import Counted
    from reports.words import complain

    with Counted("years played", quiet=args.quiet) as counted:
        found = mark(one, args.solution, seeds=read_seeds(args.seeds), tell=counted)
    figure = drawn(found, Path(args.out)) if found.verdict != "pass" else None
    if args.json:
        document = {**found.document, "figure": str(figure) if figure else None}
        print(json.dumps(document, ensure_ascii=False))
    elif found.verdict == "broken":
        complain(found.sentence)
    elif not args.quiet:
        print(marked(found, figure=str(figure or "")))
    if found.judged:  # last: where it cannot be kept, the verdict is told at least
        memory.keep(one.name, found.verdict)
    return EXIT[found.verdict]


def _serve(args: Namespace, memory: Memory) -> int:
    """Serve the course to a browser on this machine until somebody presses Ctrl-C."""
    try:
        import uvicorn

        from reports import loopback
        from reports.course.server import Desk, application
    except ImportError as error:
        raise Mistake(
            f"learn --page needs {error.name}: pip install 'driftyard[learn]' brings it"
        ) from None
    from reports.course.chapter import chapter, chapters

    where = chapter(args.chapter).name if args.chapter else ""
    sock = loopback.bound("127.0.0.1", loopback.port(args.port))
    port = sock.getsockname()[1]
    read_seeds(args.seeds)
    desk = Desk(Path.cwd(), memory, seeds=args.seeds)
    app = application(desk, hosts=loopback.hosts("127.0.0.1", port), warm=chapters())
    print(f"Open http://127.0.0.1:{port}/{where}  (Ctrl-C ends it)", file=sys.stderr, flush=True)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[sock])
    return 0


def _grade(one: Chapter, args: Namespace) -> int:
    from reports.course.grading import COLUMNS, Alone, as_csv, graded
    from reports.folder import put
    from reports.progress import Counted
    from reports.sweeps.conduct import whole
    from reports.table import table
    from sim.clock import SECOND_US, positive_us

    read_seeds(args.seeds)
    timeout_s = positive_us(args.timeout, "--timeout") / SECOND_US
    workers = whole("--workers", args.workers) if args.workers else os.cpu_count() or 1
    alone = Alone(one.name, seeds=args.seeds, timeout_s=timeout_s)
    with Counted("files marked", quiet=args.quiet) as counted:
        rows = graded(alone, args.grade, workers=workers, tell=counted)
    if args.csv not in ("", "-"):
        text = as_csv(rows)
        put(Path(args.csv), lambda aside: aside.write_text(text, encoding="utf-8"))
    if args.json:
        print(json.dumps({"chapter": one.name, "marks": [row.document for row in rows]}))
    elif args.csv == "-":
        print(as_csv(rows), end="")
    elif not args.quiet:
        print("\n".join(table(COLUMNS, [row.cells for row in rows])))
        if args.csv:
            print(f"{args.csv} holds {len(rows)} rows")
    return 0


def read_seeds(text: str) -> range | tuple[()]:
    """Read seeds: '30' is 0 to 29, '900..929' those; nothing leaves their number to the exam."""
    if not text:
        return ()
    first, dots, last = text.partition("..")
    remedy = "give a number of seeds, or a range as 900..929"
    if not (first.isdigit() and (last.isdigit() or not dots)):
        refuse("--seeds", text, remedy)
    found = range(int(first), int(last) + 1) if dots else range(int(first))
    if not found or found[-1] > LARGEST_SEED or len(found) > 10_000:
        refuse("--seeds", text, remedy)
    return found
