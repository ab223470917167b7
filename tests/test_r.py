"""R reads our files: the script of the documentation runs, and igraph finds the same network in every format."""

import csv
import re
import subprocess
from pathlib import Path
from typing import Any

import networkx
import pytest
from networkx.algorithms import bipartite

import solgraph
from programs import missing, needs
from solgraph.networks.files import formats as files

SCRIPT = Path(__file__).parents[1] / "docs" / "networks.R"
#: Of each file: how many nodes and edges, whether directed, the kind of the mode, and all labels.
READ = """
suppressPackageStartupMessages(library(igraph))
for (file in commandArgs(TRUE)) {
  format <- sub(".*[.]", "", file)
  if (format == "csv") {
    edges <- read.csv(sub("nodes", "edges", file), encoding = "UTF-8")
    graph <- graph_from_data_frame(edges, edges$Type[1] == "Directed", read.csv(file, encoding = "UTF-8"))
    labels <- V(graph)$Label
  } else {
    graph <- read_graph(file, format = if (format == "net") "pajek" else format)
    labels <- if (is.null(V(graph)$label)) V(graph)$name else V(graph)$label
  }
  cells <- c(file, vcount(graph), ecount(graph), is_directed(graph), class(V(graph)$type), sort(labels))
  writeLines(paste(cells, collapse = "\\t"))
}
"""


def r(*arguments: str, folder: Path) -> str:
    """What a script of R prints; skips the test without R or its packages."""
    command = [needs("Rscript"), "--vanilla", *arguments]
    asked = [command[0], "-e", "library(igraph); library(tidygraph)"]
    if subprocess.run(asked, capture_output=True, check=False, timeout=60).returncode:
        missing("R has no igraph or tidygraph; on Debian: apt-get install r-cran-igraph r-cran-tidygraph")
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_script_of_the_documentation_runs(shipped: solgraph.Knowledge, tmp_path: Path) -> None:
    graph = shipped.network("memberships")
    for ending in ("graphml", "csv"):
        files.save(graph, tmp_path / f"memberships.{ending}")
    printed = r(str(SCRIPT), folder=tmp_path)
    once = networkx.Graph(graph)
    best = max((key for key, mode in once.nodes(data="bipartite") if mode == 0), key=once.degree)
    assert re.search(rf"1 {graph.nodes[best]['label']} .* {once.degree(best)}\n", printed)
    networks = [key for key, mode in once.nodes(data="bipartite") if mode == 1]
    between = networkx.betweenness_centrality(bipartite.projected_graph(once, networks), normalized=False)
    broker = max(between, key=between.__getitem__)
    assert broker in printed and str(round(between[broker])) in printed.split(), "paths count steps, not weights"
    assert (tmp_path / "networks.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("view", ["memberships", "alliances", "collaborations"])
def test_igraph_in_r_reads_what_we_write(view: str, shipped: solgraph.Knowledge, tmp_path: Path) -> None:
    graph: Any = shipped.network(view)
    endings = ["graphml", "net", "gml", *([] if graph.is_multigraph() else ["dl"])]
    for ending in [*endings, "csv"]:
        files.save(graph, tmp_path / f"x.{ending}")
    (tmp_path / "read.R").write_text(READ)
    names = [*(f"x.{ending}" for ending in endings), "x-nodes.csv"]
    lines = list(csv.reader(r("read.R", *names, folder=tmp_path).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert [line[0] for line in lines] == names
    for file, nodes, edges, directed, mode, *labels in lines:
        both_cells = 2 if file == "x.dl" else 1
        assert (int(nodes), int(edges)) == (graph.number_of_nodes(), graph.number_of_edges() * both_cells), file
        assert (directed == "TRUE") is (graph.is_directed() or file == "x.dl"), file
        assert mode == ("NULL" if view != "memberships" else "numeric" if file == "x.gml" else "logical"), file
        if file != "x.gml":  # whose letters beyond ASCII are entities
            assert any(re.search("[^ -~]", label) for label in labels), file
        if file in ("x.graphml", "x-nodes.csv"):
            assert sorted(labels) == sorted(label for _, label in graph.nodes(data="label"))
