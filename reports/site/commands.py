"""The command line as reference, from the parser that reads it."""

from __future__ import annotations

import re
from argparse import SUPPRESS, Action, ArgumentParser, _SubParsersAction
from collections.abc import Iterator

from reports.cli import parser
from reports.site.markdown import code, plain, section, table

_TYPED = re.compile(r"(`[^`]+`|(?<![\w-])--[a-z][\w-]*)")
"""A name in backticks, or an option."""


def commands() -> str:
    """Write every command with what it takes."""
    return "\n\n".join(
        section(
            f"`{command.prog}`",
            _sentence(words),
            _usage(command),
            _table("", [a for a in command._actions if not a.option_strings]),
            _table("option", [a for a in command._actions if a.option_strings]),
        )
        for command, words in _all(parser())
    )


def summary() -> str:
    """Write every command in a line."""
    rows = [
        [f"[{code(command.prog)}](#{command.prog.replace(' ', '-')})", _sentence(words)]
        for command, words in _all(parser())
    ]
    return table(["command", "what it does"], rows)


def _all(top: ArgumentParser) -> Iterator[tuple[ArgumentParser, str]]:
    """Go through the commands that can be typed, with the line that each says of itself."""
    for action in top._actions:
        if not isinstance(action, _SubParsersAction):
            continue
        told = {choice.dest: choice.help or "" for choice in action._choices_actions}
        for name, command in action.choices.items():
            inside = list(_all(command))
            if inside:
                yield from inside
            else:
                yield command, told.get(name, "")


def _usage(command: ArgumentParser) -> str:
    usage = " ".join(command.format_usage().removeprefix("usage: ").split())
    return f"```text\n{usage}\n```"


def _table(title: str, actions: list[Action]) -> str:
    rows = []
    for action in actions:
        if isinstance(action, _SubParsersAction) or action.help == SUPPRESS:
            continue
        if "--help" in action.option_strings:
            continue
        value = action.metavar or ("" if action.nargs == 0 else action.dest)
        value = " ".join(value) if isinstance(value, tuple) else value
        if action.choices and not action.metavar:
            value = " | ".join(str(choice) for choice in action.choices)
        names = ", ".join(action.option_strings)
        rows.append([code(f"{names} {value}".strip()), _sentence(action.help or "")])
    return table([title or "what", "what it is"], rows) if rows else ""


def _sentence(words: str) -> str:
    """Return what argparse is told as a reader gets it, what can be typed in it as code."""
    parts = _TYPED.split(words.replace("%%", "%"))
    return "".join(
        code(part.strip("`")) if place % 2 else plain(part) for place, part in enumerate(parts)
    )
