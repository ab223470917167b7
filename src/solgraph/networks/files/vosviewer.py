"""VOSviewer's two files: the map, which lists the items, and the network of their links."""

from collections.abc import Iterator
from html import escape

from solgraph.networks.files.plain_network import Attributes, PlainNetwork, clean, finite, text

_NO_FIGURES = ("lat", "long", "bipartite", "community")
_NOT_DESCRIBED = {"label", "iri", *_NO_FIGURES}
_MOST_CLUSTERS = 1000


def vosviewer_map(network: PlainNetwork) -> Iterator[str]:
    """A line for each node, with its number, label and address.

    Numbers that every node has are weights, or scores if one is below zero, and ``community`` is the cluster; all else
    is the description.
    """
    nodes = [(key, finite(node)) for key, node in network.nodes()]
    names = [name for name, kind in network.node_kinds.items() if kind in (int, float) and name not in _NO_FIGURES]
    figures = [name for name in names if all(name in node for _, node in nodes)]
    clusters = [node.get("community") for _, node in nodes]
    has_clusters = all(type(cluster) is int and 0 < cluster <= _MOST_CLUSTERS for cluster in clusters)
    titles = [
        f"{'score' if any(float(node[name]) < 0 for _, node in nodes) else 'weight'}<{_cell(name)}>" for name in figures
    ]
    yield _line(["id", "label", "description", "url", *(["cluster"] if has_clusters else []), *titles])
    for number, (key, node) in enumerate(nodes, 1):
        url = text(node.get("iri", ""))
        cells = [
            str(number),
            text(node.get("label", key)),
            _description(node, figures),
            url if url.startswith("http") else "",
        ]
        yield _line([*cells, *(text(node[name]) for name in ["community"] * has_clusters + figures)])


def vosviewer_network(network: PlainNetwork) -> Iterator[str]:
    """A line for each pair of linked nodes, without direction; a link of a node with itself is none."""
    numbers = {key: number for number, (key, _) in enumerate(network.nodes(), 1)}
    for start, end, weight in network.weights(directed=False):
        if start != end:
            yield f"{numbers[start]}\t{numbers[end]}\t{text(weight)}\n"


def _description(node: Attributes, figures: list[str]) -> str:
    """What else is known of a node, without its mode; VOSviewer shows it as HTML."""
    left_out = _NOT_DESCRIBED | {*figures} | ({"type"} if isinstance(node.get("type"), bool) else set())
    texts = {name: text(value) for name, value in node.items() if name not in left_out}
    return "<br>".join(
        f"{escape(name.replace('_', ' '))}: {escape(value, quote=False)}" for name, value in texts.items()
    )


def _line(cells: list[str]) -> str:
    return "\t".join(map(_cell, cells)) + "\n"


def _cell(string: str) -> str:
    """A cell on one line; one with a comma or semicolon stands between quotation marks."""
    string = " ".join(clean(string).replace('"', "'").split())
    return f'"{string}"' if "," in string or ";" in string else string
