"""Names for blank nodes that follow from what is said of them, so that equal graphs are written alike."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from pyoxigraph import BlankNode, Triple

from solgraph.rdf.terms import Term

#: For each blank node the triples that hold it, as text, each with the other blank nodes in it.
Links: TypeAlias = dict[BlankNode, list[tuple[str, list[BlankNode]]]]
#: Rounds of telling nodes apart by their neighbours; what is still alike then is numbered along its links.
_ROUNDS = 30


def relabelled(graphs: Iterable[tuple[str, Iterable[Triple]]]) -> list[tuple[str, set[Triple]]]:
    """The graphs with blank nodes named ``b0``, ``b1`` …, the same names for equal graphs.

    pyoxigraph's own canonicalisation needs the cube of the time for a chain: 16 seconds for 400 blank nodes.
    The names follow from colour refinement and, among nodes that it leaves alike, from their links. Only graphs whose
    blank nodes are alike and yet not interchangeable (regular graphs, which data do not hold) may differ.
    """
    sets = [(name, set(triples)) for name, triples in graphs]
    links: Links = defaultdict(list)
    for name, triples in sets:
        for triple in triples:
            nodes = list(_blank_nodes(triple))
            for node in nodes:
                others = [other for other in nodes if other != node]
                links[node].append((f"{name} {_written(triple, node)}", others))
    if not links:
        return sets
    names = {node: BlankNode(f"b{number}") for number, node in enumerate(_in_order(links))}
    return [(name, {_renamed(triple, names) for triple in triples}) for name, triples in sets]


def _in_order(links: Links) -> list[BlankNode]:
    colours = _colours(links)
    numbered: dict[BlankNode, None] = {}
    for start in sorted(links, key=lambda node: colours[node]):
        waiting = [start]
        while waiting:
            node = waiting.pop()
            if node not in numbered:
                numbered[node] = None
                linked = [(text, colours[other], other) for text, others in links[node] for other in others]
                waiting += [other for *_, other in sorted(linked, key=lambda link: link[:2], reverse=True)]
    return list(numbered)


def _colours(links: Links) -> dict[BlankNode, str]:
    """A digest of what is said of each node and of its neighbours, theirs, and so on."""
    colours = dict.fromkeys(links, "")
    distinct = 0
    for _ in range(_ROUNDS):
        colours = {
            node: _digest(
                colours[node], *sorted(text + " ".join(colours[other] for other in others) for text, others in about)
            )
            for node, about in links.items()
        }
        if len(set(colours.values())) == distinct:
            break
        distinct = len(set(colours.values()))
    return colours


def _digest(*texts: str) -> str:
    from hashlib import md5

    return md5("\n".join(texts).encode(), usedforsecurity=False).hexdigest()


def _blank_nodes(term: Term) -> Iterator[BlankNode]:
    if isinstance(term, BlankNode):
        yield term
    elif isinstance(term, Triple):
        yield from _blank_nodes(term.subject)
        yield from _blank_nodes(term.object)


def _written(term: Term, node: BlankNode) -> str:
    """A term as text in which a node stands for itself and all other blank nodes alike."""
    if isinstance(term, Triple):
        return f"({_written(term.subject, node)} {term.predicate} {_written(term.object, node)})"
    return ("_:this" if term == node else "_:other") if isinstance(term, BlankNode) else str(term)


def _renamed(triple: Triple, names: dict[BlankNode, BlankNode]) -> Triple:
    subject, value = triple.subject, triple.object
    return Triple(
        names[subject] if isinstance(subject, BlankNode) else subject,
        triple.predicate,
        names[value]
        if isinstance(value, BlankNode)
        else _renamed(value, names)
        if isinstance(value, Triple)
        else value,
    )
