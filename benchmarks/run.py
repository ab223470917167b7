"""How fast solgraph is beside rdflib: one table of ratios, all measured in this run, in turn, as medians.

Whole processes are compared with their bytecode compiled, as pip leaves it. In the warm part both sides hold the same
triples in a process each. "solgraph is" compares the same bound SPARQL text, asked of ``solgraph.open(folder)`` and of
``rdflib.Graph`` (``rdflib.Dataset`` where the query asks named graphs). "by name, with labels" is ``Knowledge.query``,
which also finds the values by name, binds them and looks up labels, against the same bare rdflib query. A query that
takes over 60 s is given up and counts as 60 s.

python benchmarks/run.py [--quick]
"""

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from workers import LIMIT, LOADING_LIMIT, Timed, Worker, names_graphs, rdflib_side, solgraph_side

HERE = Path(__file__).parent
MILAN = "https://w3id.org/solgraph/id/city/milan"
ASKED = "Who was mayor of Milan in 2014?"
QUERIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("networks-of-city", {"city": "{city}"}),
    ("members-of-network", {"network": "{network}", "year": 2018}),
    ("leaders-of-networks", {}),
    ("city-pairs", {"city": "{city}"}),
    ("alliances", {}),
    ("programmes-of-city", {"city": "{city}", "status": "running"}),
    ("mayors-in-year", {"year": 2016}),
    ("example-cities", {"theme": "1.1"}),
    ("findings-about", {"thing": "{city}"}),
    ("funding", {"city": "{city}"}),
)


class Row(NamedTuple):
    """One line of the table; ``by_name`` is for a saved query asked by name, whose answer has labels."""

    what: str
    cities: str
    against: str
    ratio: str
    by_name: str = ""
    aim: str = ""
    rows: str = ""


HEAD = Row("measured", "cities", "against", "solgraph is", "by name, with labels", "aim", "rows")


class Options(NamedTuple):
    """How much is measured."""

    sizes: tuple[int, ...] = (28, 781)
    cold_runs: int = 25
    load_runs: int = 3
    warm_runs: int = 15


QUICK = Options(sizes=(28,), cold_runs=9, load_runs=2, warm_runs=7)


def shown(ratio: float) -> str:
    """A ratio with two digits that mean something."""
    return f"{ratio:.1f}" if ratio < 10 else f"{ratio:,.0f}"


def say(doing: str) -> None:
    """Tell on the terminal what is being measured."""
    print(f"{doing} …", file=sys.stderr, flush=True)


# Whole processes


def cold(options: Options) -> Iterator[Row]:
    """The command line against an empty Python and against a plain rdflib script, on the shipped data."""
    from solgraph.resources import ROOT

    say("Whole processes")
    question = [sys.executable, "-m", "solgraph", "query", "networks-of-city", "--city", "Milano"]
    script = [sys.executable, str(HERE / "plain_rdflib.py"), str(ROOT), MILAN]
    with tempfile.TemporaryDirectory() as bytecode:
        environment = _compiling_to(bytecode)
        rows = _rows([*question, "--format", "tsv"], environment) - 1, _rows(script, environment)
        commands = [[sys.executable, "-c", "pass"], question, script, [*question[:3], "ask", ASKED]]
        empty, ours, theirs, asked = _in_turn(commands, environment, options)
    what = "`solgraph query networks-of-city --city Milano`, whole process"
    yield Row(what, "shipped", "`python -c pass`", f"{shown(ours / empty)} × as long", "", "≤ 8 ×")
    what_asked = f'`solgraph ask "{ASKED}"`, whole process'
    yield Row(what_asked, "shipped", "`python -c pass`", f"{shown(asked / empty)} × as long", "", "≤ 15 ×")
    yield Row(what, "shipped", "plain rdflib script", f"{shown(theirs / ours)} × faster", "", "≥ 5 ×", _compared(*rows))


def _compiling_to(folder: str) -> dict[str, str]:
    """The environment, but with bytecode kept in a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": folder}


def _rows(command: Sequence[str], environment: dict[str, str]) -> int:
    answer = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    if not answer:
        raise SystemExit(f"No answer: {' '.join(command)}")
    return len(answer.splitlines())


def _in_turn(commands: Sequence[Sequence[str]], environment: dict[str, str], options: Options) -> list[float]:
    """The median seconds of each command; all are run in turn, the first round is not counted."""
    rounds = [[_seconds(command, environment) for command in commands] for _ in range(options.cold_runs + 1)]
    return [statistics.median(column) for column in zip(*rounds[1:], strict=True)]


def _seconds(command: Sequence[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


def _compared(ours: int, theirs: int) -> str:
    return f"{ours}" if ours == theirs else f"{ours}, rdflib {theirs}"


# Loading, memory and queries


def warm(count: int, options: Options) -> Iterator[Row]:
    """The graph of that many cities, loaded and asked by both."""
    from cities import city_name
    from generate import generate, networks
    from solgraph.rdf.store import data_files, ontology_files

    with tempfile.TemporaryDirectory() as folder:
        generate(count, Path(folder))
        files = [(file.path, file.graph) for file in (*ontology_files(), *data_files(Path(folder)))]
        names = {"{city}": city_name(0), "{network}": networks(count)[0].name}
        loading, pair = _loaded(files, Path(folder), options.load_runs)
        yield Row("loading the files", str(count), "rdflib.Graph", f"{shown(loading)} × faster")
        yield Row("peak memory after loading", str(count), "rdflib.Graph", f"{shown(_memory(*pair))} × less")
        yield from _queries(count, pair, names, options.warm_runs)
        for worker in pair:
            worker.stop()


def _loaded(files: list[tuple[Path, str]], folder: Path, runs: int) -> tuple[float, tuple[Worker, Worker]]:
    """How much faster solgraph loads, and the last two workers, which hold the graph."""
    ratios: list[float] = []
    for run in range(runs):
        say(f"Loading {len(files)} files, {run + 1} of {runs}")
        pair = Worker(solgraph_side, files, folder), Worker(rdflib_side, files, folder)
        ratios.append(pair[1].loading / pair[0].loading)
        if run + 1 < runs:
            for worker in pair:
                worker.stop()
    return statistics.median(ratios), pair


def _memory(ours: Worker, theirs: Worker) -> float:
    return float(theirs.ask("peak")) / float(ours.ask("peak"))


def _queries(count: int, pair: tuple[Worker, Worker], names: dict[str, str], runs: int) -> Iterator[Row]:
    measured = []
    for name, template in QUERIES:
        say(f"{name}, {count} cities")
        values = {key: names.get(value, value) for key, value in template.items()}
        measured.append(_measured(pair, name, values, runs))
        yield _row_of_query(count, name, values, measured[-1])
    yield _means(count, measured)


class Measured(NamedTuple):
    """What one query gave: of solgraph for the SPARQL text and by name, and of rdflib."""

    text: Timed
    by_name: Timed
    rdflib: Timed
    against: str

    @property
    def same(self) -> bool:
        """Whether both gave the same number of rows."""
        return self.rows.isdigit()

    @property
    def rows(self) -> str:
        """The number of rows, and that of rdflib where it differs."""
        ours, theirs = (one.missed or str(one.rows) for one in (self.text, self.rdflib))
        return ours if ours == theirs and not self.text.missed else f"{ours}, rdflib {theirs}"


def _measured(pair: tuple[Worker, Worker], name: str, values: dict[str, Any], runs: int) -> Measured:
    """Ask both in turn, the first time uncounted; when one takes long, once is enough."""
    ours, theirs = pair
    text = ours.ask("bind", name, values)
    if named := names_graphs(text):
        for worker in pair:
            worker.ask("name graphs", limit=LOADING_LIMIT)
    told: list[tuple[Timed, ...]] = []
    while len(told) <= runs and sum(one.seconds for row in told for one in row) < LIMIT / 6:
        told.append((ours.timed("ask", text), ours.timed("query", name, values), theirs.timed("ask", text)))
    counted = told[1:] or told
    text_, by_name, rdflib = (_median(side) for side in zip(*counted, strict=True))
    return Measured(text_, by_name, rdflib, "rdflib.Dataset" if named else "rdflib.Graph")


def _median(side: Sequence[Timed]) -> Timed:
    missed = next((one for one in side if one.missed), None)
    return missed or Timed(statistics.median(one.seconds for one in side), side[0].rows)


def _faster(pairs: Sequence[tuple[Timed, Timed]]) -> str:
    """How much faster ours are than theirs, as a geometric mean; what was given up counts as the limit."""
    counted = [pair for pair in pairs if _comparable(*pair)]
    if not counted:
        return "—"
    less, more = any(ours.missed for ours, _ in counted), any(theirs.missed for _, theirs in counted)
    ratio = statistics.geometric_mean([theirs.seconds / ours.seconds for ours, theirs in counted])
    return f"{'about ' if less and more else '< ' * less + '> ' * more}{shown(ratio)} × faster"


def _comparable(ours: Timed, theirs: Timed) -> bool:
    """Whether a ratio means something: at most one was given up, and none failed."""
    return not (ours.missed and theirs.missed) and "failed" not in (ours.missed, theirs.missed)


def _row_of_query(count: int, name: str, values: dict[str, Any], one: Measured) -> Row:
    told = shlex.join([name, *(word for key, value in values.items() for word in (f"--{key}", str(value)))])
    ratios = _faster([(one.text, one.rdflib)]), _faster([(one.by_name, one.rdflib)])
    return Row(f"`{told}`", str(count), one.against, *ratios, "", one.rows)


def _means(count: int, measured: Sequence[Measured]) -> Row:
    text = _faster([(one.text, one.rdflib) for one in measured])
    by_name = _faster([(one.by_name, one.rdflib) for one in measured])
    rows = f"same in {sum(one.same for one in measured)} of {len(measured)}"
    counted = sum(_comparable(one.text, one.rdflib) for one in measured)
    what = f"geometric mean of {counted} of {len(measured)} queries"
    return Row(what, str(count), "rdflib", text, by_name, "≥ 30 ×", rows)


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table that is also fit for the eye."""
    lines = [HEAD, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    texts = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines]
    texts.insert(1, ["-" * width for width in widths])
    return "\n".join(f"| {' | '.join(line)} |" for line in texts)


def main() -> None:
    """Measure all and print the table."""
    parser = argparse.ArgumentParser(description="Print one table of ratios of solgraph and rdflib.")
    parser.add_argument("--quick", action="store_true", help="fewer runs, and only 28 cities")
    options = QUICK if parser.parse_args().quick else Options()
    rows = list(cold(options))
    for count in options.sizes:
        rows += warm(count, options)
    print(table(rows))


if __name__ == "__main__":
    main()
