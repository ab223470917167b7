"""How fast solgraph is beside rdflib: one table of ratios, each measured in this run, side by side and in turn.

python benchmarks/run.py [--quick]
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from workers import LIMIT, Failed, Timed, TooSlow, Worker, rdflib_side, solgraph_side

HERE = Path(__file__).parent
MILAN = "https://w3id.org/solgraph/id/city/milan"
QUERIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("networks-of-city", {"city": "{city}"}),
    ("members-of-network", {"network": "{network}", "year": 2018}),
    ("leaders-of-networks", {}),
    ("city-pairs", {"city": "{city}"}),
    ("alliances", {"year": 2018}),
    ("programmes-of-city", {"city": "{city}", "status": "running"}),
    ("mayors-in-year", {"year": 2016}),
    ("example-cities", {"theme": "1.1"}),
    ("findings-about", {"thing": "{city}"}),
    ("funding", {"city": "{city}"}),
)


class Row(NamedTuple):
    """One line of the table."""

    what: str
    cities: str
    against: str
    ratio: str
    aim: str = ""
    rows: str = ""


class Options(NamedTuple):
    """How much is measured."""

    sizes: tuple[int, ...] = (28, 781)
    cold_runs: int = 15
    load_runs: int = 3
    warm_runs: int = 5


QUICK = Options(sizes=(28,), cold_runs=5, load_runs=1, warm_runs=2)


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
    question = [sys.executable, "-m", "solgraph.cli", "query", "networks-of-city", "--city", "Milano"]
    script = [sys.executable, str(HERE / "plain_rdflib.py"), str(ROOT), MILAN]
    rows = _rows_of([*question, "--format", "tsv"]) - 1, _rows_of(script)
    empty, ours, theirs = _in_turn([[sys.executable, "-c", "pass"], question, script], options.cold_runs)
    what = "`solgraph query networks-of-city --city Milano`, whole process"
    yield Row(what, "shipped", "`python -c pass`", f"{shown(ours / empty)} × as long", "≤ 8 ×")
    yield Row(what, "shipped", "plain rdflib script", f"{shown(theirs / ours)} × faster", "≥ 5 ×", _compared(*rows))


def _rows_of(command: Sequence[str]) -> int:
    return len(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines())


def _in_turn(commands: Sequence[Sequence[str]], runs: int) -> list[float]:
    """The median seconds of each command, all run in turn as often."""
    times = [[_seconds(command) for command in commands] for _ in range(runs)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def _seconds(command: Sequence[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _compared(ours: int, theirs: int) -> str:
    return f"{ours}" if ours == theirs else f"{ours}, rdflib {theirs}"


# Loading, memory and queries


def warm(count: int, options: Options) -> Iterator[Row]:
    """The graph of that many cities, loaded and asked by both."""
    from cities import city_name
    from generate import generate, networks
    from solgraph.store import data_files, ontology_files

    with tempfile.TemporaryDirectory() as folder:
        generate(count, Path(folder))
        paths = [file.path for file in (*ontology_files(), *data_files(Path(folder)))]
        names = {"{city}": city_name(0), "{network}": networks(count)[0].name}
        loading, pair = _loaded(Path(folder), paths, options.load_runs)
        yield Row("loading the files", str(count), "rdflib.Graph", f"{shown(loading)} × faster")
        yield Row("peak memory after loading", str(count), "rdflib.Graph", f"{shown(_memory(*pair))} × less")
        yield from _queries(count, pair, names, options.warm_runs)
        for worker in pair:
            worker.stop()


def _loaded(folder: Path, paths: list[Path], runs: int) -> tuple[float, tuple[Worker, Worker]]:
    """How much faster solgraph loads, and the last two workers, which hold the graph."""
    ratios: list[float] = []
    for run in range(runs):
        say(f"Loading {len(paths)} files, {run + 1} of {runs}")
        pair = Worker(solgraph_side, folder), Worker(rdflib_side, paths)
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
    """What one query gave: our seconds, those of rdflib (at least, when ``missed`` tells why), and the rows of both."""

    ours: Timed
    theirs: Timed
    missed: str = ""

    @property
    def ratio(self) -> float:
        """How much faster solgraph is, at least."""
        return self.theirs.seconds / self.ours.seconds


def _measured(pair: tuple[Worker, Worker], name: str, values: dict[str, Any], runs: int) -> Measured:
    """Ask both in turn; a query on which rdflib takes long is asked once."""
    ours, theirs = pair
    text = ours.ask("bind", name, values)
    ours.ask("ask", text)
    told: list[tuple[Timed, Timed]] = []
    while len(told) < runs and sum(one.seconds for _, one in told) < LIMIT / 6:
        mine = ours.ask("ask", text)
        try:
            told.append((mine, theirs.ask("ask", text)))
        except (TooSlow, Failed) as error:
            return Measured(mine, Timed(LIMIT, 0), "failed" if isinstance(error, Failed) else f"over {LIMIT:.0f} s")
    return Measured(*(_median(side) for side in zip(*told, strict=True)))


def _median(side: Sequence[Timed]) -> Timed:
    return Timed(statistics.median(one.seconds for one in side), side[0].rows)


def _row_of_query(count: int, name: str, values: dict[str, Any], one: Measured) -> Row:
    told = " ".join(f'--{key} "{value}"' for key, value in values.items())
    faster = "—" if one.missed == "failed" else f"{'> ' * bool(one.missed)}{shown(one.ratio)} × faster"
    rows = f"{one.ours.rows}, rdflib {one.missed}" if one.missed else _compared(one.ours.rows, one.theirs.rows)
    return Row(f"`{name} {told}`".replace(" `", "`"), str(count), "rdflib.Graph", faster, "", rows)


def _means(count: int, measured: Sequence[Measured]) -> Row:
    counted = [one.ratio for one in measured if one.missed != "failed"]
    least = "> " * any(one.missed for one in measured)
    ratio = f"{least}{shown(statistics.geometric_mean(counted))} × faster"
    same = sum(not one.missed and one.ours.rows == one.theirs.rows for one in measured)
    rows = f"the same in {same} of {len(measured)}"
    return Row(f"geometric mean of the {len(counted)} queries", str(count), "rdflib.Graph", ratio, "≥ 30 ×", rows)


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table that is also fit for the eye."""
    lines = [Row("measured", "cities", "against", "solgraph is", "aim", "rows"), *rows]
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
