"""What each source says by itself of the times and stages of things that several sources describe."""

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from solgraph.graph.validation_report import Result
from solgraph.rdf.namespaces import PREFIXES
from solgraph.rdf.store import ONTOLOGY_GRAPH, REGISTER_GRAPH
from solgraph.rdf.terms import Term

_TIMES = f"""SELECT ?graph ?thing ?by ?value {{
    VALUES ?by {{ sg:status sg:startDate sg:endDate sg:ongoingAsOf sg:activeAt }}
    GRAPH ?graph {{ ?thing ?by ?value }}
    FILTER(?graph != <{ONTOLOGY_GRAPH}>) }}"""


class Snapshots:
    """Copies of the things to which several sources give dates or a status: one for each source, in the merge.

    A copy says what its source and the register say of times and stages, and nothing else: who takes part, or what a
    thing is called, is judged of the thing itself.
    """

    def __init__(self, store: Store) -> None:
        """Adds the copies to the store."""
        self._copies: dict[Term, tuple[NamedNode, str]] = {}
        self._copied: set[Term] = set()
        copies: list[Quad] = []
        stated: dict[Term, dict[str, list[tuple[NamedNode, Term]]]] = {}
        solutions = store.query(_TIMES, prefixes=PREFIXES)
        for graph, thing, by, value in solutions if isinstance(solutions, QuerySolutions) else ():
            stated.setdefault(thing, {}).setdefault(graph.value, []).append((by, value))
        for thing, graphs in stated.items():
            sources = sorted(graphs.keys() - {REGISTER_GRAPH})
            if len(sources) > 1 and isinstance(thing, NamedNode):
                self._copied.add(thing)
                for source in sources:
                    copy = NamedNode(f"{thing.value}?in={source}")
                    self._copies[copy] = (thing, source)
                    statements = [*graphs[source], *graphs.get(REGISTER_GRAPH, ())]
                    copies += [Quad(copy, by, value) for by, value in statements]
        store.extend(copies)

    def judged(self, nodes: set[Term], is_per_source: bool) -> set[Term]:
        """The nodes at which a shape is to be judged: copies in place of the things, or things and no copies."""
        return nodes.difference(self._copied if is_per_source else self._copies)

    def original(self, result: Result) -> Result:
        """The result at the thing, with the source that says so, for a result at a copy."""
        thing, source = self._copies.get(result.focus, (result.focus, result.graph))
        value = self._copies.get(result.value, (result.value, ""))[0] if result.value is not None else None
        return result._replace(focus=thing, value=value, graph=source)
