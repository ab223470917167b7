"""Network views of a graph: as networkx and igraph graphs, as matrices, compared and over the years."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solgraph.errors import WrongUse, did_you_mean
from solgraph.graph.answer import Answer
from solgraph.queries.catalogue import find as find_query
from solgraph.queries.catalogue import views

if TYPE_CHECKING:
    import networkx

    from solgraph.networks.measures.series import Series
    from solgraph.networks.model.incidence import Incidence
    from solgraph.networks.model.projection import Projection
    from solgraph.networks.model.weights import Weights


class NetworkViews(ABC):
    """What :class:`~solgraph.graph.knowledge.Knowledge` does with the saved queries that are network views."""

    @property
    @abstractmethod
    def folders(self) -> list[Path]:
        """The folders of saved queries."""

    @abstractmethod
    def query(self, name: str, /, **values: Any) -> Answer:
        """Answer a saved query."""

    @abstractmethod
    def find(self, name: str, of_class: str = "", scheme: str = "") -> str:
        """The IRI of the one thing that is called so."""

    def network(self, name: str, /, **values: Any) -> "networkx.Graph[str]":
        """The network of a view, as a networkx graph whose attributes are plain values.

        Takes the parameters of the query, and what :class:`~solgraph.networks.model.selection.Selection` chooses:
        ``year``, ``from_year`` and ``to_year``, ``certain``, ``undated``, ``open_ends``, ``country``, ``network``,
        ``exclude``, ``weight``, ``least``, ``min_weight``, ``min_degree``, ``closest``, ``drop_isolates``, ``simple``,
        ``keep`` and ``max_edges``. Type checkers know both apart:
        ``kg.q.alliances(layer="project").to_network(min_weight=2)``.

        >>> print(kg.network("transfer"))
        MultiDiGraph named 'transfer' with 5 nodes and 3 edges
        >>> italian = kg.network("alliances", network="Solidarity Cities", country="Italy")
        >>> "city:milan" in italian, "city:athens" in italian
        (True, False)
        """
        answer, selection = self._view(name, values)
        return answer.to_network(**selection)

    def igraph(self, name: str, /, **values: Any) -> Any:
        """The same network as an ``igraph.Graph``, whose nodes are named by their keys. Needs the extra ``fast``.

        >>> graph = kg.igraph("memberships", network="Solidarity Cities", simple=True)
        >>> cities, networks = graph.bipartite_projection()
        >>> networks.vs["name"], cities.vcount() == graph.degree("network:solidarity-cities")
        (['network:solidarity-cities'], True)
        """
        from solgraph.networks.model.igraph_graph import to_igraph

        return to_igraph(self.network(name, **values))

    def projection(self, name: str, /, **values: Any) -> "Projection | networkx.Graph[str]":
        """The same network, its edges made only when they are read: for networks larger than memory.

        >>> "city:athens" in kg.projection("alliances", network="Solidarity Cities").nodes()
        True
        """
        answer, selection = self._view(name, values)
        return answer.projection(**selection)

    def weights(self, name: str, /, **values: Any) -> "Weights":
        """The weights alone of a view that links things by what they share, as blocks of numbers.

        For tens of millions of edges. Needs the extra ``statistics``.

        >>> neighbours, strength = kg.weights("alliances", weight="shared").degrees()["city:athens"]
        >>> neighbours > 100, strength > neighbours
        (True, True)
        """
        from solgraph.networks.model.weights import Weights

        return Weights(self.projection(name, **values))

    def evidence(self, name: str, first: str, second: str, /, **values: Any) -> Answer[Any]:
        """What links two nodes: the rows of both of what they share, or those that are their edges, with their sources.

        >>> rows = kg.evidence("alliances", "Athens", "Berlin", network="Solidarity Cities")
        >>> len(rows), rows.label(rows[0].network)
        (2, 'Solidarity Cities')
        """
        from solgraph.networks.model.evidence import rows_of_link
        from solgraph.networks.model.selection import Selection

        answer, selection = self._view(name, values)
        saved = find_query(name, self.folders)
        header = saved.network or {}
        node = header.get("sum") or header.get("nodes", "")
        columns = (node, node) if node else (header["source"], header["target"])
        types = [saved.column_types.get(column, "") for column in columns]
        classes = [kind if ":" in kind else "" for kind in types]
        ends = self.find(first, classes[0]), self.find(second, classes[1])
        answer.terms = [*map(tuple, rows_of_link(name, header, answer.table, Selection(**selection), ends))]
        return answer

    def incidence(self, name: str, /, **values: Any) -> "Incidence":
        """Who belongs to what, as a sparse matrix with labels: of a two-mode view, or of what a view links by.

        Takes the parameters of the query and what chooses ties. Needs the extra ``statistics``.

        >>> incidence = kg.incidence("alliances", network="Solidarity Cities")
        >>> "city:athens" in incidence.rows, list(incidence.columns.values())
        (True, ['Solidarity Cities'])
        """
        from solgraph.networks.model.incidence import incidence

        answer, selection = self._view(name, values)
        if of_pairs := selection.keys() & {"weight", "least", "min_weight"}:
            raise WrongUse(f"An incidence matrix has no pairs: {', '.join(sorted(of_pairs))}.", hint="Leave it out.")
        return incidence(answer.projection(**selection))

    def compare(self, name: str, before: int, after: int, /, **values: Any) -> "networkx.Graph[str]":
        """The network of a view in two years as one, whose nodes and edges say what came, went, grew or shrank.

        >>> graph = kg.compare("alliances", 2016, 2019, network="Solidarity Cities")
        >>> graph.edges["city:athens", "city:berlin"]["change"]
        'came'
        """
        from solgraph.networks.model.build import trimmed
        from solgraph.networks.model.comparison import compare
        from solgraph.networks.model.selection import Selection

        # shared things are counted, since a weight that depends on how many members there are changes with every member
        answer, selection = self._view(name, {"weight": "shared", **values})
        closest = Selection(weight=selection["weight"], closest=selection.pop("closest", 0)).checked()
        old, new = (answer.to_network(**selection | {"year": year}) for year in (before, after))
        return trimmed(compare(old, new, answer.to_network(**selection)), closest)

    def series(self, name: str, years: Iterable[int], /, **values: Any) -> "Series":
        """Figures of a view in each of some years: of what is certain, and of all that is not excluded.

        The nodes of a year are those with a tie in it: to another node or, in a projection, to a thing that may be
        shared. ``isolates`` are those of them that are linked to no other.

        >>> series = kg.series("alliances", range(2015, 2020), network="Solidarity Cities")
        >>> [row["edges_certain"] <= row["edges_not_excluded"] for row in series]
        [True, True, True, True, True]
        """
        from solgraph.networks.measures.series import series
        from solgraph.networks.model.build import trimmed
        from solgraph.networks.model.projection import Projection
        from solgraph.networks.model.selection import BY_ALL_EDGES, Selection

        if clash := [key for key in ("year", "from_year", "to_year", "certain") if values.get(key)]:
            raise WrongUse(f"A series has no {', '.join(clash)}.", hint="Give its years: range(2005, 2021)")
        answer, selection = self._view(name, values)
        trim = {name: selection.pop(name) for name in BY_ALL_EDGES if name in selection}
        chosen = Selection(**trim, weight=selection.get("weight", "")).checked()

        def make(year: int, certain: bool) -> Any:
            return answer.projection(**selection | {"year": year, "certain": certain})

        def trimming(network: Any) -> Any:
            return trimmed(network.to_graph() if isinstance(network, Projection) else network, chosen)

        return series(make, years, *([trimming] if any(trim.values()) else []))

    def _view(self, name: str, values: Mapping[str, Any]) -> tuple[Answer, dict[str, Any]]:
        """The answer of a network view, and which part of it is wanted."""
        from solgraph.networks.model.selection import Selection

        named = {view.name: view for view in views(self.folders)}
        if name not in named:
            hint = did_you_mean(name, named) or f"Views: {', '.join(named)}"
            raise WrongUse(f"There is no network view '{name}'.", hint=hint)
        params = named[name].params
        for key in values:
            if key not in Selection._fields and key not in params and key.removesuffix("_") not in params:
                raise named[name].unknown_parameter(key, Selection._fields, values[key])
        chosen = {key: value for key, value in values.items() if key in Selection._fields}
        selection = {key: value for key, value in chosen.items() if key not in params and value is not None}
        return self.query(name, **{key: value for key, value in values.items() if key not in selection}), selection
