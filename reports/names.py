"""Scenarios and strategies by name, with parameters as Python would write them, or by file.

`scheduled(every="7d")`, `on-alarm(detector=ADWIN(delta=0.01))`, `my.py:Weekly(every="3d")`,
`story.yaml`, `policies.yaml:Name`.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from os.path import commonpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.expressions import Expression, call, evaluated, known, parse
from reports.plugins import Plugin, load, public
from sim.errors import Mistake, one_of, refuse

if TYPE_CHECKING:
    from scenarios.distribution import Distribution


@dataclass(frozen=True)
class Named:
    """What a *text* of the user's stands for, and the *file* that it came from, if any.

    *read* are the YAML files that say it, *drawn* the values that a seed drew of their ranges.
    """

    text: str
    value: Any
    file: str = ""
    plugin: Plugin | None = None
    read: tuple[tuple[Path, bytes], ...] = ()
    drawn: dict[str, Any] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    """what a manifest says that has no counterpart here, a line each"""

    @property
    def kept(self) -> dict[str, bytes]:
        """The files that a run's folder keeps, by their place in it."""
        if self.plugin is not None:
            return {f"plugins/{self.plugin.name}": self.plugin.source}
        if not self.read:
            return {}
        root = Path(commonpath([path.parent for path, _ in self.read]))
        return {f"plugins/{path.relative_to(root).as_posix()}": raw for path, raw in self.read}

    @property
    def again(self) -> str:
        """The text that finds it again from inside the run's folder."""
        if self.read:
            return f"{next(iter(self.kept))}{self.text.strip().removeprefix(self.file)}"
        if self.plugin is None:
            return self.text
        return f"plugins/{self.plugin.name}{self.text.strip().removeprefix(self.file)}"


def strategy(text: str) -> Named:
    """Return the strategy that *text* names."""
    found = parse(text, "strategy")
    if is_yaml(found.file):
        return _of_shelf(text, found)
    if found.file:
        module, plugin = load(found.file)
        value = _pick(found, public(module, plugin.source), "strategy", is_strategy)
        if isinstance(value, type):
            value = call(value, found.arguments or {}, found.name or value.__name__)
        elif found.arguments is not None:
            raise Mistake(f"strategy is {text!r}: {found.name} is made already; leave the () away")
        return Named(found.text, value, found.file, plugin)
    from strategies import catalogue

    return Named(text, _made(found, catalogue(), "strategy"))


def _of_shelf(text: str, asked: Expression) -> Named:
    """Return a policy of a file of data."""
    from strategies.reading import holds_policies, manifest_of, read, well_formed

    manifest = manifest_of(asked.file)
    if manifest is not None:
        call(manifest, {"file": asked.file, **(asked.arguments or {})}, Path(asked.file).name)
    elif asked.arguments is not None:
        remedy = f"write a file that says `extends: {Path(asked.file).name}`, and what differs"
        refuse("strategy", text, f"a .yaml file takes no parameters: {remedy}")
    if Path(asked.file).is_file() and not holds_policies(asked.file):
        well_formed(asked.file)
        refuse("strategy", text, "this file holds a scenario; give one with a trigger")
    shelf = read(asked.file, **(asked.arguments or {}))
    if asked.name:
        name = one_of(f"policy in {asked.file}", asked.name, shelf.policies)
    elif len(shelf.policies) == 1:
        name = next(iter(shelf.policies))
    else:
        held = ", ".join(shelf.policies)
        raise Mistake(f"{asked.file} holds {held}: say which, as {Path(asked.file).name}:Name")
    return Named(
        asked.text,
        shelf.policies[name],
        asked.file,
        read=tuple(shelf.files.items()),
        left=shelf.left,
    )


def is_policies(asked: Expression) -> bool:
    """Say whether an expression is about a file of policies."""
    if not is_yaml(asked.file):
        return False
    from strategies.reading import holds_policies

    return holds_policies(asked.file)


def scenario(text: str, seed: int | None = None) -> Named:
    """Return the scenario that *text* names.

    Where a file has ranges it is the one of *seed*, or without a seed the middle of each range.
    """
    from sim.scenario import Scenario

    found = parse(text, "scenario")
    if is_yaml(found.file):
        world = distribution(found)
        if seed is None:
            return Named(found.text, world.middle(), found.file, read=world.files)
        reading = world.reading(seed)
        return Named(found.text, reading.value, found.file, read=world.files, drawn=reading.drawn)
    if not found.file:
        from scenarios import catalogue

        return Named(text, _made(found, catalogue(), "scenario"))
    module, plugin = load(found.file)
    value = _pick(found, public(module, plugin.source), "scenario", is_scenario)
    if not isinstance(value, Scenario):
        value = call(value, found.arguments or {}, found.name or value.__name__)
    elif found.arguments is not None:
        raise Mistake(f"scenario is {text!r}: {found.name} is made already; leave the () away")
    if not isinstance(value, Scenario):
        raise Mistake(f"scenario is {text!r}: it gives {value!r}, and must give a Scenario")
    return Named(found.text, value, found.file, plugin)


def is_yaml(file: str) -> bool:
    """Say whether *file* holds data, not code."""
    return file.endswith((".yaml", ".yml"))


def distribution(asked: Expression) -> Distribution:
    """Return what a YAML file says; it has one scenario and takes no parameters."""
    from scenarios.distribution import read

    if asked.name or asked.arguments is not None:
        remedy = f"write a file that says `extends: {Path(asked.file).name}`, and what differs"
        refuse("scenario", asked.text, f"a .yaml file takes no parameters: {remedy}")
    return read(asked.file)


def detector(text: str) -> Named:
    """Return the detector that *text* names: `adwin`, `DDM(warm_start=50)`, River's, a file's."""
    import strategies.detectors as ours

    if text.strip().startswith("river."):
        try:
            tree = ast.parse(text.strip(), mode="eval").body
        except SyntaxError:
            refuse("detector", text, "write river.drift.ADWIN or river.drift.ADWIN(delta=0.01)")
        call_of = tree if isinstance(tree, ast.Call) else ast.Call(tree, [], [])
        return Named(text, evaluated(call_of, "detector"))
    found = parse(text, "detector")
    if found.file:
        module, plugin = load(found.file)
        value = _pick(found, public(module, plugin.source), "detector", is_detector)
        if isinstance(value, type):
            value = call(value, found.arguments or {}, found.name or value.__name__)
        elif found.arguments is not None:
            raise Mistake(f"detector is {text!r}: {found.name} is made already; leave the () away")
        return Named(found.text, value, found.file, plugin)
    plain = {re.sub("[-_]", "", name).lower(): name for name in ours.__all__}
    asked = re.sub("[-_]", "", found.name).lower()
    if asked not in plain:
        near = get_close_matches(asked, plain, n=1)
        hint = f"did you mean {plain[near[0]]!r}? " if near else ""
        refuse("detector", found.name, f"{hint}known are {', '.join(ours.__all__)}")
    name = plain[asked]
    return Named(text, call(getattr(ours, name), found.arguments or {}, name))


def targets(text: str) -> list[str]:
    """Return *text*, or each name that a file offers if no name in it was given."""
    asked = parse(text, "file")
    if asked.name or not asked.file:
        return [text]
    if is_policies(asked):
        from strategies.reading import read

        return [f"{asked.file}:{name}" for name in read(asked.file).policies]
    if is_yaml(asked.file):
        return [text]
    module, plugin = load(asked.file)
    offered = public(module, plugin.source).items()
    known_kinds = (is_strategy, is_scenario, is_detector)
    fits = [name for name, thing in offered if any(fits(thing) for fits in known_kinds)]
    if not fits:
        raise Mistake(
            f"{asked.file} defines neither a strategy nor a scenario: write a class with "
            "decide(view), or a function that is annotated to return a Scenario; nor a detector: "
            "that is a class with update(x) and drift_detected"
        )
    return [f"{asked.file}:{name}" for name in fits]


def means_scenario(asked: Expression) -> bool:
    """Say whether an expression with a name in it, or a .yaml file, is about a scenario."""
    if is_yaml(asked.file):
        return not is_policies(asked)
    if asked.file:
        module, plugin = load(asked.file)
        return is_scenario(public(module, plugin.source).get(asked.name))
    from scenarios import catalogue

    return asked.name.replace("_", "-") in catalogue()


def is_strategy(thing: object) -> bool:
    """Say whether *thing* is an operator, or a class of them."""
    return callable(getattr(thing, "decide", None))


def is_detector(thing: object) -> bool:
    """Say whether *thing* is a detector, or a class of them: of streams or of windows."""
    if callable(getattr(thing, "update", None)):
        # an object's fields are seen on it, not on its class
        return isinstance(thing, type) or hasattr(thing, "drift_detected")
    if callable(getattr(thing, "start", None)) or callable(getattr(thing, "fit", None)):
        return not is_strategy(thing)
    return False


def means_detector(asked: Expression) -> bool:
    """Say whether an expression with a name in it is about a detector."""
    if asked.file and not is_yaml(asked.file):
        module, plugin = load(asked.file)
        thing = public(module, plugin.source).get(asked.name)
        return is_detector(thing) and not is_strategy(thing)
    return False


def is_scenario(thing: object) -> bool:
    """Say whether *thing* is a scenario, or a function that says it returns one."""
    from sim.scenario import Scenario

    if isinstance(thing, Scenario):
        return True
    if not inspect.isfunction(thing):
        return False
    returns = thing.__annotations__.get("return")
    return returns is Scenario or str(returns).rpartition(".")[2] == "Scenario"


def _made(found: Expression, catalogue: Mapping[str, Any], field: str) -> Any:
    name = known(found.name, catalogue, field)
    return call(catalogue[name], found.arguments or {}, name)


def _pick(
    found: Expression, defined: dict[str, object], kind: str, fits: Callable[[object], bool]
) -> Any:
    """Return what a file offers under a name; without a name, the only thing that fits."""
    fitting = {name: thing for name, thing in defined.items() if fits(thing)}
    remedy = {
        "strategy": "a class with decide(view)",
        "scenario": "a Scenario, or a function that is annotated to return one",
        "detector": "a class with update(x) and drift_detected",
    }[kind]
    if not fitting:
        raise Mistake(f"{found.file} defines no {kind}: write {remedy}")
    if found.name:
        if found.name in defined and found.name not in fitting:
            refuse(f"{kind} in {found.file}", found.name, f"that is no {kind}; write {remedy}")
        return fitting[one_of(f"{kind} in {found.file}", found.name, fitting)]
    if len(fitting) > 1:
        raise Mistake(f"{found.file} defines {', '.join(fitting)}: say which, as file.py:Name")
    return next(iter(fitting.values()))
