"""Projections of tens of millions of pairs: what they take, as a ratio to igraph, each in a process of its own.

A network is made up: 20,000 cities in 60 networks of which one has 10,000 members (fifty million pairs), or 60 networks
that shrink (1.6 million pairs). CPU seconds and peak memory are those of whole processes, the least of some runs; what
it takes to import Python's libraries and to make the network up is in all of them.

python benchmarks/large_networks.py [--runs N]
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

SIZES = {
    "50 million": (20_000, [10_000] + [131] * 59),
    "1.6 million": (13_000, [int(1_130 / n**0.75) + 20 for n in range(1, 61)]),
}


class Cost(NamedTuple):
    """What a process took."""

    seconds: float
    megabytes: float


def memberships(size: str) -> Iterator[tuple[int, int]]:
    """Who belongs to what, by numbers."""
    cities, members = SIZES[size]
    chance = Random(1)
    for network, count in enumerate(members):
        yield from ((city, network) for city in chance.sample(range(cities), count))


def projection(size: str) -> Any:
    """The same as a projection of this library, with years and sources."""
    from pyoxigraph import Literal, NamedNode

    from solgraph.formats.rows import Table
    from solgraph.networks.model.build import project
    from solgraph.rdf.namespaces import ID, XSD

    year = NamedNode(f"{XSD}integer")
    rows = [
        [NamedNode(f"{ID}city/c{city:05}"), NamedNode(f"{ID}network/n{network:02}"), since, Literal(f"p. {city}")]
        for city, network in memberships(size)
        for since in [Literal(str(1990 + city % 30), datatype=year) if size == "1.6 million" and city % 2 else None]
    ]
    header = {"nodes": "city", "through": "network", "weight": "newman"}
    return project("v", header, Table(("city", "network", "since", "source"), rows, {}))


def weights(size: str) -> Any:
    """Its weights alone."""
    from solgraph.networks.model.weights import Weights

    return Weights(projection(size))


def by_igraph(size: str) -> Any:
    """The projection of igraph, which counts what is shared."""
    import igraph

    ties = list(memberships(size))
    cities = SIZES[size][0]
    is_network = [False] * cities + [True] * len(SIZES[size][1])
    graph = igraph.Graph(len(is_network), [(city, cities + network) for city, network in ties])
    return graph.bipartite_projection(types=is_network, which=0)


def save(network: Any, name: str) -> None:
    """Write a network to a file that is then removed."""
    from solgraph.networks.files.formats import save as write

    with tempfile.TemporaryDirectory() as folder:
        write(network, Path(folder) / name)


def igraph_csv(size: str) -> None:
    """Ends and weight of each edge."""
    graph = by_igraph(size)
    with tempfile.TemporaryFile("w", newline="") as file:
        writer = csv.writer(file)
        for (first, second), weight in zip(graph.get_edgelist(), graph.es["weight"], strict=True):
            writer.writerow((f"city:c{first:05}", f"city:c{second:05}", weight))


def igraph_summary(size: str) -> None:
    """The figures of ``summary`` that igraph has."""
    graph = by_igraph(size)
    parts = graph.connected_components().giant()
    print(graph.density(), parts.diameter(), parts.average_path_length(), graph.transitivity_undirected())
    communities = graph.community_multilevel(weights="weight")
    print(graph.assortativity_degree(), graph.modularity(communities.membership, weights="weight"))


def summary(size: str) -> None:
    """The figures of the library."""
    import solgraph

    print(solgraph.summary(projection(size)))


#: Size → what igraph does first, against which the others are measured.
TASKS: dict[str, dict[str, dict[str, Callable[[str], Any]]]] = {
    "50 million": {
        "igraph: projection in memory": {
            "degree and strength": lambda size: weights(size).degrees(),
            "weights as Parquet": lambda size: save(weights(size), "x.parquet"),
            "weights as Matrix Market": lambda size: save(weights(size), "x.mtx"),
        },
    },
    "1.6 million": {
        "igraph: CSV of ends and weights": {
            "weights as CSV": lambda size: save(weights(size), "x.csv"),
            "CSV with years and evidence": lambda size: save(projection(size), "x.csv"),
        },
        "igraph: figures": {"summary": summary},
    },
}
BASES = {
    "igraph: projection in memory": by_igraph,
    "igraph: CSV of ends and weights": igraph_csv,
    "igraph: figures": igraph_summary,
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=3, help="the least of so many runs counts")
    parser.add_argument("--task", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.task:
        size, name = options.task
        {**BASES, **{key: call for tasks in TASKS[size].values() for key, call in tasks.items()}}[name](size)
        return
    print("| pairs | task | CPU s | MB | time | memory |\n|---|---|---|---|---|---|")
    for size, bases in TASKS.items():
        for base, tasks in bases.items():
            against = cost(size, base, options.runs)
            for name in (base, *tasks):
                taken = against if name == base else cost(size, name, options.runs)
                ratios = f"{taken.seconds / against.seconds:.2f} × | {taken.megabytes / against.megabytes:.2f} ×"
                print(f"| {size} | {name} | {taken.seconds:.1f} | {taken.megabytes:.0f} | {ratios} |", flush=True)


def cost(size: str, name: str, runs: int) -> Cost:
    """The least of some runs of a task in a process of its own, CPU time and peak memory as the kernel counted them."""
    costs = []
    for _ in range(runs):
        process = subprocess.Popen([sys.executable, __file__, "--task", size, name], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"{name} failed")
        costs.append(Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))
    return Cost(min(taken.seconds for taken in costs), min(taken.megabytes for taken in costs))


if __name__ == "__main__":
    main()
