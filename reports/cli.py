"""The command line. `driftyard --help` imports nothing heavy: each command comes when called."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from reports import options
from reports.terminal import plainly

MISTAKE, FAULT, INTERRUPTED = 2, 70, 130

_EPILOG = """\
Names take parameters as Python would write them, with hyphens or underscores:
  driftyard run silent-schema-change --strategy 'scheduled(every="7d")' --seed 7
  driftyard run silent-schema-change --strategy 'my.py:Weekly(every="3d")'
  driftyard run story.yaml --strategy contract

Exit codes: 0 done or pass, 1 verdict fail, 2 your mistake, 3 verdict unknown,
70 a fault of driftyard, 130 interrupted.
"""


class _Parser(ArgumentParser):
    """A parser whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and leave."""
        self.exit(MISTAKE, f"driftyard: {message}; see {self.prog} --help\n")


def parser() -> ArgumentParser:
    """Return what reads the command line."""
    top = _Parser(
        prog="driftyard",
        description="A proving ground for ML lifecycle policies: retraining and rollout, "
        "through a thousand bad years.",
        epilog=_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="store_true", help="print the version and leave")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    _add_list(commands.add_parser("list", help="what there is, a line each"))
    _add_show(commands.add_parser("show", help="a scenario's story, a strategy's rules, in words"))
    _add_run(commands.add_parser("run", help="one year: figure, incidents, accounts"))
    _add_check(
        commands.add_parser("check", help="is this strategy, scenario or detector file sound?")
    )
    _add_export(commands.add_parser("export", help="a policy for Argo Rollouts, or as a runbook"))
    _add_bench(commands.add_parser("bench", help="detectors or judges on equal terms"))
    _add_new(commands.add_parser("new", help="write a commented file to begin with"))
    _add_replay(commands.add_parser("replay", help="your own data, with any fault on top"))
    _add_scenario(commands.add_parser("scenario", help="a scenario file made of your own data"))
    options.sweep(commands.add_parser("sweep", help="many years: scenarios × strategies × seeds"))
    options.compare(
        commands.add_parser("compare", help="which strategy is better, and how sure that is")
    )
    options.tune(commands.add_parser("tune", help="a parameter or two: which value is best"))
    options.probe(
        commands.add_parser("probe", help="quality falls 10 %% tomorrow: who sees it first?")
    )
    options.gate(commands.add_parser("gate", help="a release check for policies, in CI"))
    options.ablate(
        commands.add_parser("ablate", help="what breaks without each control of a policy")
    )
    _add_results(commands.add_parser("results", help="what sweeps found, asked in SQL"))
    _add_rehearse(commands.add_parser("rehearse", help="a game day, on a page of this machine"))
    _add_learn(commands.add_parser("learn", help="the course: chapters, tasks, and their marks"))
    for command in commands.choices.values():
        command.add_argument("--debug", action="store_true", help="show tracebacks")
    return top


def _add_list(command: ArgumentParser) -> None:
    kinds = ["scenarios", "strategies", "monitors", "detectors", "scenes"]
    kinds += ["words", "parts", "actions"]
    only = "only these; words are those of scenario files, parts those of policies"
    command.add_argument("kind", nargs="?", choices=kinds, help=only)
    seams = "scenarios that break at data, training, release or feedback"
    command.add_argument("--seam", metavar="S", help=seams)
    command.add_argument("--domain", metavar="D", help="scenarios from that domain")
    schema = "print the JSON Schema of scenario files, for editors and for other tools"
    command.add_argument("--schema", action="store_true", help=schema)
    command.set_defaults(module="listing")


def _add_show(command: ArgumentParser) -> None:
    command.add_argument(
        "names", nargs="+", metavar="NAME", help="a name that `list` tells, or view"
    )
    briefing = "what players of a scene are told beforehand"
    command.add_argument("--briefing", action="store_true", help=briefing)
    command.add_argument("--figure", metavar="FILE", help="write a scenario's picture: .png, .svg")
    sees = "what each stage of a policy's rollout can see in this scenario"
    command.add_argument("--scenario", metavar="S", help=sees)
    start = "with --scenario: drops are from this share of right answers (what v0 claims)"
    command.add_argument("--base", type=float, metavar="P", help=start)
    alike = "with --scenario: intra-class correlation of one user's requests (0)"
    command.add_argument("--likeness", type=float, default=0.0, metavar="R", help=alike)
    command.set_defaults(module="show")


def _add_run(command: ArgumentParser) -> None:
    add = command.add_argument
    add("scenario", metavar="SCENARIO", help="a name, name(field=value), file.yaml or file.py:Name")
    add("-s", "--strategy", required=True, metavar="S", help="likewise: who operates the service")
    add("--seed", metavar="N", help="the luck of the year; drawn and printed if not given")
    add("--out", default="out", metavar="DIR", help="where the run's folder goes (./out)")
    add("--outcomes", action="store_true", help="keep a row per request in outcomes.parquet")
    add("--hindsight", action="store_true", help="how far from the best schedule of builds")
    add("--apart", action="store_true", help="what each incident and each stage costs by itself")
    add("--mlflow", default="", metavar="URI", help=options.MLFLOW)
    add("--json", action="store_true", help="print one JSON document and nothing else")
    add("--quiet", action="store_true", help="print nothing; the exit code and folder remain")
    command.set_defaults(module="run")


def _add_replay(command: ArgumentParser) -> None:
    _add_data(command)
    add = command.add_argument
    add("-s", "--strategy", action="append", default=[], metavar="S", help="may be repeated")
    add("--fault", action="append", default=[], metavar="F", help="as 'Drop(at=\"4w\", …)'")
    add("--model", default="", metavar="M", help="my.py:make_pipeline, a .joblib, models:/…")
    add("--batch", default="", metavar="T", help="answer in batches: nightly, or every T")
    add("--tick", default="1h", metavar="T", help="how often strategies may look (1h)")
    add("--seeds", default="1", metavar="N", help="replay N times, see --vary")
    add("--vary", default="", metavar="W", help="what differs: bootstrap, faults or delays")
    add("--out", default="out", metavar="DIR", help="where the folders go (./out)")
    add("--outcomes", action="store_true", help="keep a row per request in outcomes.parquet")
    add("--json", action="store_true", help="print one JSON document and nothing else")
    add("--quiet", action="store_true", help="print nothing; the exit code and folders remain")
    command.set_defaults(module="replay")


def _add_scenario(command: ArgumentParser) -> None:
    kinds = command.add_subparsers(dest="kind", metavar="KIND", required=True, parser_class=_Parser)
    of_data = kinds.add_parser("from-data", help="write a twin of recorded data, and check it")
    _add_data(of_data)
    of_data.add_argument("-o", "--output", required=True, metavar="FILE", help="as twin.yaml")
    of_data.set_defaults(module="scenario")
    of_mlflow = kinds.add_parser("from-mlflow", help="trainings as long as MLflow recorded them")
    add = of_mlflow.add_argument
    add("mlflow", metavar="URI", help="a tracking server, sqlite:///file.db or a folder")
    add("--experiment", required=True, metavar="E", help="whose runs are the trainings")
    add("--model", action="append", default=[], metavar="M", help="whose versions are the loop")
    add("--extends", default="calm-year", metavar="S", help="the scenario that takes them on")
    add("-o", "--output", default="", metavar="FILE", help="as mine.yaml; printed if left out")
    of_mlflow.set_defaults(module="loop_times")


def _add_results(command: ArgumentParser) -> None:
    add = command.add_argument
    add("sql", nargs="?", default="", metavar="SQL", help="as 'FROM runs'; tables if left out")
    add("--store", default="driftyard.duckdb", metavar="FILE", help="where results lie")
    add("--wait", default="0s", metavar="T", help="how long to wait for a sweep's end")
    add("--export", default="", choices=["csv", "parquet"], help="write all rows into a file")
    add("-o", "--output", default="", metavar="FILE", help="which (results.csv, .parquet)")
    command.set_defaults(module="results")


def _add_rehearse(command: ArgumentParser) -> None:
    add = command.add_argument
    add("scene", nargs="?", default="", metavar="SCENE", help="which; list scenes names them")
    add("--mystery", action="store_true", help="one that nobody knows beforehand")
    add("--difficulty", default="2", metavar="N", help="how hard a mystery may be, 1 to 3 (2)")
    add("--autopilot", default="", metavar="S", help="a policy that acts while people play")
    add("--skin", default="", metavar="FILE", help="a skin.yaml with your names and runbooks")
    add("--seed", metavar="N", help="the luck of the year; drawn if not given")
    add("--resume", default="", metavar="DIR", help="go on with a game that was interrupted")
    add("--replay", default="", metavar="DIR", help="look at a game again as it was played")
    add("--port", default="8766", metavar="N", help="which port (8766); 0: any that is free")
    add("--host", default="127.0.0.1", metavar="H", help="which address; beyond loopback: a token")
    add("--base-url", default="", metavar="URL", help="how people reach it, if through a tunnel")
    add("--out", default="out", metavar="DIR", help="where the game is kept (./out/games)")
    add("--store", default="driftyard.duckdb", metavar="FILE", help="where results go, and lie")
    command.set_defaults(module="rehearse")


def _add_learn(command: ArgumentParser) -> None:
    add = command.add_argument
    add("chapter", nargs="?", default="", metavar="CHAPTER", help="its number or name; all if none")
    add("--hint", action="store_true", help="what helps, if you are stuck")
    add("--answer", action="store_true", help="a model solution and its discussion")
    add("--solution", default="", metavar="FILE", help="mark your file: pass, fail or unknown")
    add("--seeds", default="", metavar="N", help="over N years, or those of seeds A..B")
    add("--grade", default="", metavar="DIR", help="mark every file in a folder, each alone")
    add("--csv", nargs="?", const="-", default="", metavar="FILE", help="as CSV, printed if none")
    add("--timeout", default="2m", metavar="T", help="how long one file may take (2m)")
    add("--workers", default="", metavar="N", help="files marked at once (one a core)")
    add("--page", action="store_true", help="the course as a page, with sliders")
    add("--port", default="8767", metavar="N", help="on which port (8767); 0: any that is free")
    add("--reset", action="store_true", help="forget what was done")
    add("--progress", default="", metavar="FILE", help="where progress is kept")
    add("--out", default="out", metavar="DIR", help="where the figure of a year goes (./out)")
    add("--json", action="store_true", help="print one JSON document and nothing else")
    add("--quiet", action="store_true", help="print nothing; the exit code remains")
    command.set_defaults(module="learn")


def _add_data(command: ArgumentParser) -> None:
    add = command.add_argument
    add("data", metavar="DATA", help="a CSV or Parquet file with a record a row")
    add("--time", required=True, metavar="C", help="the column of when it was asked")
    add("--label", required=True, metavar="C", help="the column of the outcome")
    add("--label-time", default="", metavar="C", help="the column of when the outcome was known")
    add("--label-delay", default="", metavar="T", help="or how long that takes, as 3d")
    add("--positive", default="", metavar="V", help="the label's value that counts as 1")
    add("--features", default="", metavar="C,C", help="learn from these columns only")
    add("--ignore", default="", metavar="C,C", help="leave these columns out")
    add("--entity", default="", metavar="C", help="the column of who asked")
    add("--segment", default="", metavar="C", help="the column of the group they belong to")
    add("--prediction", default="", metavar="C", help="the column of logged scores or decisions")
    metrics = "accuracy, log-loss, pr-auc, f1, cost(1,20), mae or mse"
    add("--metric", default="", metavar="M", help=metrics)
    add("--launch-after", default="", metavar="T", help="a date, or how much history: 30d")
    add("--time-format", default="", metavar="F", help="how times are written: '%%d.%%m.%%Y'")
    add("--encoding", default="utf-8", metavar="E", help="how a CSV is written (utf-8)")
    add("--cache", default="", metavar="DIR", help="where the converted data lie")


def _add_check(command: ArgumentParser) -> None:
    command.add_argument(
        "target", metavar="FILE", help="a Python file, one name in it, or a YAML file"
    )
    command.set_defaults(module="check")


def _add_export(command: ArgumentParser) -> None:
    add = command.add_argument
    add("policy", metavar="POLICY", help="a name, name(field=value), policies.yaml:Name")
    add("--to", required=True, choices=["argo", "runbook"], help="a manifest, or a Markdown page")
    add("-o", "--output", default="", metavar="FILE", help="where; standard output if left out")
    add("--quiet", action="store_true", help="do not say what could not be expressed")
    command.set_defaults(module="export")


def _add_bench(command: ArgumentParser) -> None:
    kinds = command.add_subparsers(dest="kind", metavar="KIND", required=True)
    detectors = kinds.add_parser("detectors", help="of drift: delay at equal false alarms")
    judges = kinds.add_parser("judges", help="of rollouts: who errs, how long it takes")
    _add_bench_judges(judges)
    for kind in (detectors, judges):
        kind.add_argument("--workers", type=int, metavar="N", help="processes; results are equal")
        kind.add_argument(
            "--out", default="out", metavar="DIR", help="where the folder goes (./out)"
        )
        kind.add_argument("--json", action="store_true", help="print one JSON document only")
        kind.add_argument("--quiet", action="store_true", help="print nothing; the folder remains")
        kind.add_argument("--debug", action="store_true", help="show tracebacks")
    detectors.set_defaults(module="bench")
    add = detectors.add_argument
    add("--detectors", metavar="D,…", help="names, name(field=value), file.py:Name; River's too")
    add("--streams", metavar="S,…", help="some of the eight, or errors.csv of your own")
    add("--drifts", metavar="I,…", help="where errors.csv drifts, counted from 0")
    add("--rates", default="0.2:0.3", metavar="P:Q", help="error rates before and after (0.2:0.3)")
    add("--runs", type=int, default=1000, metavar="N", help="runs of each stream (1000)")
    add("--false-alarm", default="30d", metavar="T", help="a false alarm in so long a time (30d)")
    add("--traffic", default="1000/d", metavar="R", help="labels in that time (1000/d)")
    add("--target", type=float, default=1.0, metavar="K", help="so many false alarms (1)")
    add("--labels-late", type=int, default=1000, metavar="N", help="by so many records (1000)")
    add("--recalibrate", action="store_true", help="set them anew, without the shipped settings")


def _add_bench_judges(command: ArgumentParser) -> None:
    add = command.add_argument
    add("--judges", metavar="J,…", help="names, name(field=value), file.py:Name")
    add("--rollouts", metavar="R,…", help="half, canary 5 %%, canary 1 %%, gradual, full release")
    add("--worlds", type=int, default=2000, metavar="N", help="worlds of each kind (2000)")
    add("--requests", type=int, default=20_000, metavar="N", help="in each of them (20000)")
    add("--looks", type=float, default=2.0, metavar="N", help="a day (2)")
    command.set_defaults(module="judges")


def _add_new(command: ArgumentParser) -> None:
    kinds = ["strategy", "scenario", "chapter"]
    command.add_argument("kind", choices=kinds, help="what to write")
    where = "where; a file that is there is left alone; for a chapter its number, then where"
    command.add_argument("file", nargs="+", metavar="FILE", help=where)
    command.set_defaults(module="new")


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command and return its exit code."""
    plainly()
    top = parser()
    try:
        args = top.parse_args(argv)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    if args.version:
        from reports.folder import version

        print(f"driftyard {version()}")
        return 0
    if args.command is None:
        top.print_help()
        return 0
    return _carry_out(args)


def _carry_out(args: Namespace) -> int:
    try:
        code = int(import_module(f"reports.commands.{args.module}").main(args))
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("driftyard: interrupted; nothing was written", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our output has seen enough
        sys.stdout = None
        return 0
    except Exception as error:
        from sim.errors import Mistake

        if isinstance(error, Mistake):
            from reports.words import complain

            complain(" ".join(str(error).split()))
            return MISTAKE
        from reports.fault import report

        print(f"driftyard: {report(error, args)}", file=sys.stderr)
        return FAULT
    return code


if __name__ == "__main__":
    sys.exit(main())
