"""What commands that play many years are asked: light, for `--help` reads it too."""

from __future__ import annotations

from argparse import ArgumentParser

MLFLOW = "log it there too: a tracking server, sqlite:///file.db or a folder"


def playing(command: ArgumentParser, *, seeds: str = "30") -> None:
    """Ask how many seeds there are, who plays them, and where results lie."""
    add = command.add_argument
    add("--seeds", default=seeds, metavar="N", help=f"seeds 0 to N-1 ({seeds or 30})")
    add("--workers", default="", metavar="N", help="how many processes (one a core)")
    add("--cluster", default="", metavar="URL", help="a Dask scheduler instead, as tcp://host:8786")
    add("--mixed", action="store_true", help="let workers differ in packages and CPU")
    add("--store", default="driftyard.duckdb", metavar="FILE", help="where results go, and lie")
    add("--wait", default="0s", metavar="T", help="how long to wait for another sweep's end")
    add("--timeout", default="1h", metavar="T", help="how long one run may take (1h)")
    add("--mlflow", default="", metavar="URI", help=MLFLOW)
    add("--quiet", action="store_true", help="print nothing; exit code and files remain")


def cast(command: ArgumentParser, *, strategies: str = "--strategies") -> None:
    """Ask for scenarios, strategies, and values of their parameters."""
    add = command.add_argument
    add("scenarios", nargs="+", metavar="SCENARIO", help="names or files, as for run")
    add(
        "-s", strategies, dest="strategies", action="append", required=True, metavar="S,S",
        help="likewise",
    )  # fmt: skip
    grid = "values of a parameter, a list or a range: every=1d,7d, every=1d..60d"
    add("--over", action="append", default=[], metavar="name=V,V", help=grid)


def output(command: ArgumentParser) -> None:
    """Ask where the report goes and whether a program reads it."""
    add = command.add_argument
    add("--out", default="out", metavar="DIR", help="where the folder goes (./out)")
    add("--json", action="store_true", help="print one JSON document and nothing else")


def expecting(command: ArgumentParser) -> None:
    """Ask what is expected, and what counts as a difference."""
    add = command.add_argument
    add("--margin", default="5%", metavar="M", help="what matters: a share or a size (5%%)")
    add("--enough", type=float, default=0.8, metavar="P", help="how often it must hold (0.8)")


def compare(command: ArgumentParser) -> None:
    """Ask what `compare` needs to know."""
    cast(command)
    add = command.add_argument
    add("--against", default="", metavar="S", help="compare with this one only, not each with each")
    by = "what contrasts are told for: loss, cost, lag(input), … (cost if priced, else loss)"
    add("--by", action="append", default=[], metavar="M", help=by)
    add("--expect", action="append", default=[], metavar="E", help="as 'lag(input) < 6h'")
    add("--until", default="", metavar="U", help="'decided', 'ci < 5%%' or 'ci < 0.002'")
    add("--max-seeds", default="1000", metavar="N", help="give up deciding after so many (1000)")
    best = "put the best of all schedules of builds beside it, of N moments (40)"
    add("--hindsight", nargs="?", const="40", default="", metavar="N", help=best)
    expecting(command)
    output(command)
    playing(command)
    command.set_defaults(module="compare")


def sweep(command: ArgumentParser) -> None:
    """Ask what `sweep` needs to know."""
    cast(command)
    playing(command)
    keep = "keep ledgers and timelines beside the store"
    command.add_argument("--ledgers", action="store_true", help=keep)
    command.set_defaults(module="sweep")


def tune(command: ArgumentParser) -> None:
    """Ask what `tune` needs to know."""
    cast(command, strategies="--strategy")
    price = "what a training costs, in errors, where errors have no price"
    command.add_argument("--training-costs", type=float, default=0.0, metavar="N", help=price)
    output(command)
    playing(command)
    command.set_defaults(module="tune")


def ablate(command: ArgumentParser) -> None:
    """Ask what `ablate` needs to know."""
    add = command.add_argument
    add("scenario", metavar="SCENARIO", help="a name or a file, as for run")
    policy = "a policy made of parts: a preset, policies.yaml, file.py:Name"
    add("-s", "--strategy", required=True, metavar="S", help=policy)
    by = "which changes are told: loss, lag(input), cost, … (the usual ones)"
    add("--by", action="append", default=[], metavar="M", help=by)
    add("--margin", default="5%", metavar="M", help="what matters: a share or a size (5%%)")
    output(command)
    playing(command)
    command.set_defaults(module="ablate")


def gate(command: ArgumentParser) -> None:
    """Ask what `gate` needs to know."""
    add = command.add_argument
    add("policy", metavar="POLICY", help="the policy to be released: a file or a name")
    add("--against", default="", metavar="S", help="the policy in use: it must be no worse")
    terms = "a file of expectations (see docs/ci.md), or one, as 'lag(input) < 6h'"
    add("--expect", action="append", default=[], metavar="E", help=terms)
    years = "scenarios, if the file of expectations names none"
    add("--scenario", action="append", default=[], metavar="S,S", help=years)
    add("--by", action="append", default=[], metavar="M", help="no worse by what (loss)")
    add("--margin", default="", metavar="M", help="how much worse is allowed (5%%)")
    add("--enough", type=float, metavar="P", help="how often what is expected must hold (0.8)")
    unknown = "what to say where evidence is too thin (exit code 3 if not given)"
    add("--unknown", default="", choices=["pass", "fail"], help=unknown)
    add("--budget", default="", metavar="T", help="begin no run after so long, as 10m")
    add("--junit", default="", metavar="FILE", help="write the checks as JUnit XML")
    add("--markdown", default="", metavar="FILE", help="write a summary as Markdown")
    output(command)
    playing(command, seeds="")
    command.set_defaults(module="gate")


def probe(command: ArgumentParser) -> None:
    """Ask what `probe` needs to know."""
    command.add_argument("policy", metavar="POLICY", help="a policy: a file or a name")
    output(command)
    playing(command, seeds="10")
    command.set_defaults(module="probe")
