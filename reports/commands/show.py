"""`driftyard show`: a scenario's story, a strategy's rules, in words."""

from __future__ import annotations

import inspect
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports import expressions, names, runbook
from reports.commands import listing
from reports.commands.entries import WIDE, default, elsewhere, prose, view, word
from reports.commands.listing import catalogue
from reports.table import as_told, paragraph, table
from reports.words import duration, one_line
from sim.clock import us
from sim.errors import one_of, refuse, within

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

    from scenarios.distribution import Distribution
    from sim.scenario import Scenario
    from strategies.policy import Policy


STEPS = 400
CLOCKS = {
    "label": "each label as it arrives",
    "request": "each request as it is answered",
    "tick": "what came in over its window",
    "desk": "what was answered over its window, and what was observed of it",
}
SEEDS = 50
"""So many years are drawn to show what a scenario with ranges is like."""


def main(args: Namespace) -> int:
    """Print all that is asked for, or nothing if one of them is unknown."""
    if args.briefing:
        print("\n\n".join("\n".join(_briefing(name)) for name in args.names))
        return 0
    texts = [target for text in args.names for target in _targets(text)]
    if args.figure is not None:
        return _figure(texts, Path(args.figure))
    pair = None if args.scenario is not None else _policies(texts)
    if pair is not None:
        print("\n".join(runbook.beside(*pair)))
        return 0
    sight = [] if args.scenario is None else [_sight(texts, args)]
    told = [shown(text) for text in texts] + sight
    print("\n\n".join("\n".join(lines) for lines in told))
    return 0


def _targets(text: str) -> list[str]:
    """Return what a text names: all that a file holds, or itself."""
    return [text] if _is_path(text) else names.targets(text)


def _is_path(text: str) -> bool:
    """Say whether a text is the whole path of a class of another package, and no file's."""
    return text.startswith("river.")


def _sight(texts: list[str], args: Namespace) -> list[str]:
    """Return what each stage of one policy's rollout can see in the scenario asked for."""
    from reports import sight
    from strategies.policy import Policy

    where, base = args.scenario, args.base
    if len(texts) != 1 or names.means_scenario(expressions.parse(texts[0], "name")):
        refuse("--scenario", where, "it goes with one policy, as in show level-2 --scenario S")
    policy = names.strategy(texts[0]).value
    if not isinstance(policy, Policy):
        refuse("--scenario", where, f"{texts[0]} is no policy, and has no rollout in stages")
    if base is not None:
        within("--base", base, 0.01, 0.99)
    within("--likeness", args.likeness, 0, 1)
    scenario = names.scenario(where).value
    return sight.lines(policy, scenario, base=base, likeness=args.likeness)


def _briefing(name: str) -> list[str]:
    """Return what players of a scene are told beforehand: nothing of what will happen."""
    from reports.rehearsal.scenes import by_name

    scene = by_name()[one_of("scene", name, by_name())]
    facts = f"about {scene.minutes} minutes, {scene.players} players, skill {scene.skill} of 3"
    play = f"driftyard rehearse {scene.name}"
    return [scene.title, "", *paragraph(scene.briefing, wide=WIDE), "", facts, play]


def _policies(texts: list[str]) -> tuple[Policy, Policy] | None:
    """Return two policies that are to stand side by side, None for anything else."""
    from strategies.policy import Policy

    if len(texts) != 2 or any(_is_path(text) for text in texts):
        return None
    asked = [expressions.parse(text, "name") for text in texts]
    if any(names.means_scenario(one) for one in asked):
        return None
    known = catalogue("strategies")
    plain = {name.replace("-", "_") for name in known}
    if any(not one.file and one.name.replace("-", "_") not in plain for one in asked):
        return None
    one, other = (names.strategy(text).value for text in texts)
    if isinstance(one, Policy) and isinstance(other, Policy):
        return one, other
    return None


def _figure(texts: list[str], path: Path) -> int:
    """Write the picture of one scenario."""
    from reports.figures import story
    from reports.folder import put
    from reports.outline import outline

    if path.suffix not in story.SUFFIXES:
        refuse("--figure", str(path), "give a name that ends in .png or .svg")
    if len(texts) != 1:
        refuse("--figure", str(path), f"name one scenario, not {len(texts)}")
    asked = expressions.parse(texts[0], "scenario")
    ranges = names.distribution(asked) if names.is_yaml(asked.file) else None
    drawn = outline(worlds(names.scenario(texts[0]).value, ranges), steps=STEPS)
    put(path, lambda aside: story.save(drawn, aside))
    print(f"{path} is written")
    return 0


def shown(text: str) -> list[str]:
    """Return what there is to say of one name, as lines."""
    from scenarios.vocabulary import foreign

    if _is_path(text) and text in foreign():
        return elsewhere(text)
    found = expressions.parse(text, "name")
    if found.file:
        return _of_file(text, found)
    for kind in ("scenarios", "strategies"):
        known = catalogue(kind)
        plain = {name.replace("-", "_") for name in known}
        if found.name.replace("-", "_") in plain:
            name = expressions.known(found.name, known, "name")
            value = expressions.call(known[name], found.arguments or {}, name)
            if kind == "scenarios":
                return _scenario(text, value, known[name], None)
            return _strategy(text, value, known[name])
    detectors = catalogue("detectors")
    if found.name in detectors:
        return _detector(found.name, detectors[found.name])
    monitors = catalogue("monitors")
    if found.name in monitors:
        return _monitor(found.name, monitors[found.name])
    if found.name == "view":
        return view()
    known = dict[str, type]()
    for kind, groups in listing.GROUPED.items():
        for name, made in (pair for group in groups().values() for pair in group.items()):
            if name == found.name:
                return word(name, made, kind)
            known[name] = made
    if found.name in foreign():
        return elsewhere(found.name)
    from reports.rehearsal.scenes import by_name

    if found.name in by_name():
        return _briefing(found.name)
    every = [
        *known,
        *by_name(),
        *catalogue("scenarios"),
        *catalogue("strategies"),
        *monitors,
        *detectors,
    ]
    one_of("name", found.name, every)
    raise AssertionError("a known name was not shown")


def _of_file(text: str, asked: expressions.Expression) -> list[str]:
    if names.means_scenario(asked):
        ranges = names.distribution(asked) if names.is_yaml(asked.file) else None
        return _scenario(text, names.scenario(text).value, None, ranges)
    if names.means_detector(asked):
        return _detector(text, type(names.detector(text).value))
    named = names.strategy(text)
    lines = _strategy(text, named.value, type(named.value))
    if named.left:
        lines += ["", "What the manifest says besides"]
        lines += [line for left in named.left for line in paragraph(left, indent="  ", wide=WIDE)]
    return lines


def _scenario(text: str, scenario: Scenario, make: Any, asked: Distribution | None) -> list[str]:
    """Tell the story, draw what will happen, and say what a good team achieves."""
    from reports import outline

    stream = scenario.stream
    loop = "closed: what the operator does changes the data"
    if not scenario.closed_loop:
        loop = "open: every strategy meets the same records, faults and labels"
    lines = [f"{text}: a scenario", ""]
    lines += as_told(scenario.story, wide=WIDE)
    drawn = outline.outline(worlds(scenario, asked), steps=outline.LANE)
    lines += ["", "What will happen", *outline.text(drawn)]
    if drawn.worlds > 1:
        lines.append(f"{'':20}(means over the years of {drawn.worlds} seeds)")
    lines += ["", "What goes wrong", *_incidents(scenario)]
    if asked is not None and asked.ranges:
        lines += ["", "What each seed draws"]
        rows = [[path, str(found)] for path, found in asked.ranges.items()]
        lines += ["  " + line for line in table(["value", "range"], rows, wide=WIDE - 2)]
    facts = [
        ("expected", scenario.expect),
        ("cause", scenario.cause),
        ("lesson", scenario.lesson),
        ("breaks at", scenario.seam),
        ("domain", scenario.domain),
        ("loop", loop),
        ("lasts", f"{scenario.horizon}, in ticks of {scenario.tick}"),
        ("requests", f"{stream.traffic.rate}, {stream.traffic.arrivals} arrivals"),
        ("outcome", repr(stream.concept)),
        ("labels", outline.labels_in_words(scenario.labels)),
        ("artifact", repr(scenario.artifact)),
        ("loss", repr(scenario.judged_by)),
        ("service", f"{scenario.service.mode}, {scenario.service.contract} contract"),
        ("queue", _unusual(scenario.service.queue, "Queue()")),
        ("training", _unusual(scenario.training)),
        ("people", _unusual(scenario.people)),
        ("users", _unusual(scenario.users, "Users()")),
        ("prices", _unusual(scenario.prices)),
        ("parameters", _parameters(make) if make is not None else ""),
    ]
    return [*lines, "", *_facts(facts)]


def _unusual(thing: Any, usual: str = "") -> str:
    """Return a part of a year with what is otherwise than usual of it; *usual* if nothing is."""
    if thing is None:
        return ""
    given = [(f.name, getattr(thing, f.name), f.default) for f in fields(thing)]
    told = [f"{name}={value!r}" for name, value, default in given if value != default]
    return f"{type(thing).__name__}({', '.join(told)})" if told else usual


def worlds(scenario: Scenario, asked: Distribution | None) -> list[Scenario]:
    """Return the scenario, or the years of several seeds where it has ranges."""
    if asked is None or not asked.ranges:
        return [scenario]
    return [scenario, *(asked.draw(seed) for seed in range(SEEDS - 1))]


def _incidents(scenario: Scenario) -> list[str]:
    if not scenario.incidents:
        rhythms = ", ".join(rhythm.label for rhythm in scenario.stream.rhythms)
        comes = f"; what comes round in it: {rhythms}" * bool(rhythms)
        return [f"  nothing: a calm world{comes}"]
    rows = []
    for incident in scenario.incidents:
        columns = ", ".join(getattr(incident, "columns", ())) or getattr(incident, "about", "all")
        share = getattr(incident, "share", None)
        until = "the end" if incident.until_us is None else duration(incident.until_us)
        if getattr(incident, "fixed_by", ""):
            repair = f"repair by {incident.fixed_by}"
            until = repair if incident.until_us is None else f"{until} or {repair}"
        over = f", over {duration(incident.width_us)}" if incident.width_us else ""
        reach = f"{share:.0%}" if share is not None else "all"
        if incident.segment:
            reach += f" of {incident.segment}"
        where = getattr(incident, "reach", "both")
        reach += f", {where} only" if where != "both" else ""
        rows.append(
            [incident.label, incident.kind, duration(incident.at_us) + over, columns, reach, until]
        )
    head = ["name", "kind", "from", "columns", "share", "until"]
    return ["  " + line for line in table(head, rows, wide=WIDE - 2)]


def _strategy(text: str, strategy: Any, make: Any) -> list[str]:
    from strategies.phased import Phased
    from strategies.policy import Policy

    if isinstance(strategy, Policy):
        told = [] if make is Policy else ["", *prose(make)]
        return [f"{text}: a policy", *told, "", *runbook.runbook(strategy)]
    if isinstance(strategy, Phased):
        lines = [f"{text}: a policy in phases", "", *prose(make)]
        for phase in strategy.phases:
            begins = "From the launch on" if not us(phase.begins) else f"From {phase.begins} on"
            lines += ["", f"{begins}: {phase.policy.name}", *runbook.runbook(phase.policy)]
        return lines
    lines = [f"{text}: a strategy", "", *prose(make)]
    monitors = tuple(getattr(strategy, "monitors", ()))
    lines += ["", "Watches"]
    if monitors:
        rows = [[m.name, m.layer, m.owner, m.clock, one_line(repr(m.detector))] for m in monitors]
        head = ["monitor", "layer", "owner", "at every", "alarm"]
        lines += ["  " + line for line in table(head, rows, wide=WIDE - 2)]
    else:
        lines.append("  nothing")
    beat = getattr(strategy, "heartbeat", None)
    asked = {"0": "only when something happens", None: "at every tick"}.get(beat, f"every {beat}")
    return [*lines, "", *_facts([("asked", asked), ("parameters", _values(strategy))])]


def _detector(name: str, make: Any) -> list[str]:
    return [
        f"{name}: a detector",
        "",
        *prose(make),
        "",
        *_facts([("parameters", _parameters(make))]),
    ]


def _monitor(name: str, make: Any) -> list[str]:
    """Say what a monitor watches, by its words, and what can be set of its duty."""
    from strategies.monitors.monitor import Monitor

    shared = set(inspect.signature(Monitor).parameters)
    own = _parameters(make, but=shared)
    duty = _parameters(make, but=set(inspect.signature(make).parameters) - shared)
    layer = str(getattr(make, "layer", "")) or "it follows from its parameters"
    facts = [
        ("sees", CLOCKS[make.clock]),
        ("layer", layer),
        ("parameters", own),
        ("duty", duty),
    ]
    return [f"{name}: a monitor", "", *prose(make), "", *_facts(facts)]


def _parameters(make: Any, but: Iterable[str] = ()) -> str:
    takes = [p for p in inspect.signature(make).parameters.values() if p.name not in but]
    return ", ".join(
        p.name if p.default is p.empty else f"{p.name}={default(p.default)}" for p in takes
    )


def _values(thing: Any) -> str:
    if not is_dataclass(thing):
        return ""
    shown = (f"{f.name}={getattr(thing, f.name)!r}" for f in fields(thing) if f.init)
    return one_line(", ".join(shown))


def _facts(facts: list[tuple[str, str]]) -> list[str]:
    lines = []
    for name, words in facts:
        if words:
            first, *rest = paragraph(words, indent=" " * 12, wide=WIDE)
            lines += [f"{name:<12}{first.strip()}", *rest]
    return lines
