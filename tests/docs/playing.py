"""A page, carried out from top to bottom as a reader would."""

from __future__ import annotations

import doctest
import io
import runpy
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import yaml

from reports import names
from reports.cli import main, parser
from strategies.reading import holds_policies
from tests.docs.block import ROOT, Block, Command, agrees, commands

MANY = ("sweep", "compare", "tune", "ablate", "probe", "gate", "bench")
"""Commands that would take all cores."""
KNOWN = ("pip", "python", "python3", "py", "git", "cd", "make", "ssh", "source", "export")
"""Programs that an installation needs; what stands in a block of *sh* is not carried out."""


class Reader:
    """Carries out the blocks of one page in the present folder, one after the other."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.code = 0

    def play(self, block: Block) -> None:
        """Carry out one block, and hold what it prints against what the page shows."""
        at = f"{self.where}, line {block.line}"
        if block.file:
            path = Path(block.file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.body, encoding="utf-8")
        elif block.kind == "python" and ">>>" in block.body:
            examples = doctest.DocTestParser().get_doctest(block.body, self.names, at, at, 0)
            flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
            found = doctest.DocTestRunner(verbose=False, optionflags=flags).run(
                examples, clear_globs=False
            )
            self.names.update(examples.globs)
            assert found.failed == 0, at
        elif block.kind == "python":
            exec(compile(block.body, at, "exec"), self.names)
        elif block.kind == "console":
            for command in commands(block.body):
                self.type(command, at)
        elif block.kind == "sh":
            for line in block.body.replace("\\\n", "").splitlines():
                is_one_that_could_be_typed(line, at)
        elif block.kind == "yaml":
            means_something(block.body, at)
        else:
            assert block.kind == "text", f"{at}: nobody knows how to try a block of {block.kind!r}"
            assert "$ driftyard" not in block.body, at

    def type(self, command: Command, at: str) -> None:
        """Type one command; it must print what the page says, if that says anything."""
        said = self._typed(command.line, at)
        while command.told and not command.told[-1]:
            command.told.pop()
        if command.told:
            given = said.rstrip("\n").split("\n")
            assert agrees(command.told, given), f"{at}: {command.line}\n{said}"
            return
        assert self.code == 0, f"{at}: {command.line}\n{said}"

    def _typed(self, line: str, at: str) -> str:
        program, *arguments = shlex.split(line, comments=True)
        out, err = io.StringIO(), io.StringIO()
        if line == "echo $?":
            return f"{self.code}\n"
        if program == "cat":
            return "".join(Path(name).read_text(encoding="utf-8") for name in arguments)
        with redirect_stdout(out), redirect_stderr(err):
            if program == "driftyard":
                more = ["--workers", "1"] if arguments[0] in MANY else []
                self.code = main([*arguments, *more])
            else:
                assert program == "python", f"{at}: {line}"
                self.code = program_of(arguments)
        return out.getvalue() or (err.getvalue() if self.code else "")


def program_of(arguments: list[str]) -> int:
    """Carry out a Python program in this process, and return its exit code."""
    with spoken(arguments):
        try:
            if arguments[0] == "-m":
                sys.modules.pop(arguments[1], None)  # it runs anew, as it would for a reader
                runpy.run_module(arguments[1], run_name="__main__")
            else:
                here = Path(arguments[0])  # written by the page, or in the project
                runpy.run_path(str(here if here.exists() else ROOT / here), run_name="__main__")
        except SystemExit as leaving:
            return int(leaving.code or 0)
    return 0


@contextmanager
def spoken(arguments: list[str]) -> Iterator[None]:
    """Let a program find its arguments where it looks for them."""
    before = sys.argv
    sys.argv = ["", *arguments[2:]] if arguments[0] == "-m" else arguments
    try:
        yield
    finally:
        sys.argv = before


def means_something(body: str, at: str) -> None:
    """What extends one of ours must be read as that; commands in it must be ones."""
    (told,) = yaml.safe_load_all(body)
    if "extends" in told:
        file = Path("a block.yaml")
        file.write_text(body, encoding="utf-8")
        if holds_policies(str(file)):
            names.strategy(str(file))
        else:
            names.scenario(str(file), 1)
        return
    typed = [line for line in words_in(told) if line.startswith("driftyard ")]
    assert typed, f"{at}: nobody knows how to try this"
    for line in typed:
        is_one_that_could_be_typed(line, at)


def words_in(told: object) -> Iterator[str]:
    """Go through all texts in what YAML says."""
    if isinstance(told, dict):
        told = list(told.values())
    if isinstance(told, list):
        for one in told:
            yield from words_in(one)
    elif isinstance(told, str):
        yield told


def is_one_that_could_be_typed(line: str, at: str) -> None:
    """A line that is shown and not carried out must at least be one that its program takes."""
    words = shlex.split(line.replace("\\", "/"), comments=True)  # a path on Windows as well
    if not words or words[0] == "echo":
        return
    if words[0] == "driftyard":
        parser().parse_args(words[1:])
    else:
        assert Path(words[0]).name in KNOWN, f"{at}: {line}"
