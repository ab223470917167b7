"""The answer to a query as a network."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Unpack

from solgraph.engines.endpoint import Result
from solgraph.errors import ParameterError, WrongUse
from solgraph.formats.rows import Table
from solgraph.queries.saved_query import SavedQuery

if TYPE_CHECKING:
    import networkx

    from solgraph.graph.knowledge import Knowledge
    from solgraph.networks.model.projection import Projection
    from solgraph.networks.model.selection import Options, Selection


class AnswerNetworks(Result):
    """What :class:`~solgraph.graph.answer.Answer` makes of its rows as edges."""

    saved: SavedQuery | None
    knowledge: "Knowledge | None"
    values: Mapping[str, Any]

    @property
    def table(self) -> Table:
        """The rows with the labels of their IRIs."""
        raise NotImplementedError

    def to_network(self, *, source: str = "", target: str = "", **options: "Unpack[Options]") -> "networkx.Graph[str]":
        """The answer as a networkx graph: of a network view as its header says, of triples, or between two columns.

        ``options`` are the fields of :class:`~solgraph.networks.model.selection.Selection`. Raises
        :class:`WrongUse` for others, and when nothing says what the ends of an edge are.

        >>> graph = kg.query("handovers").to_network(source="by", target="to")
        >>> "city:zaragoza" in graph
        True
        """
        from solgraph.networks.model.build import build

        selection = self._selected(options)
        graph = build(*self._as_network(source, target), selection=selection, texts=self._texts)
        self._keep_columns(graph, selection)
        return graph

    def projection(self, **options: "Unpack[Options]") -> "Projection | networkx.Graph[str]":
        """The network of a view, its edges made only when they are read: for networks larger than memory.

        >>> "city:athens" in kg.query("alliances", network="Solidarity Cities").projection(year=2019).nodes()
        True
        """
        from solgraph.networks.model.build import project

        selection = self._selected(options)
        network = project(*self._as_network("", ""), selection=selection, texts=self._texts)
        self._keep_columns(network, selection)
        return network

    def _keep_columns(self, network: "Projection | networkx.Graph[str]", selection: "Selection") -> None:
        """Put the columns of one's own on the network that are to be kept."""
        if selection.keep and self.knowledge:
            from solgraph.graph.own_columns import keep_columns

            keep_columns(self.knowledge, network, selection.keep)

    def _selected(self, options: "Options") -> "Selection":
        """What is selected; of a view the country and the networks may be named in any language."""
        from solgraph.networks.model.selection import selected

        selection, kg = selected(options), self.knowledge
        if not kg or not self.saved:
            return selection
        country = _named(kg, "country", selection.country, "sg:Country") if selection.country else ""
        networks = tuple(_named(kg, "network", text) for text in selection.network)
        excluded = tuple(_named(kg, "exclude", text) for text in selection.exclude)
        return selection._replace(country=country, network=networks, exclude=excluded)

    @property
    def _texts(self) -> dict[str, str]:
        """What a network says of its query: its summary, and the parameters that were asked."""
        from solgraph.graph.citation import data_version, listed

        values = {name: listed(value) for name, value in self.values.items() if value}
        asked = "; ".join(f"{name} {value}" for name, value in values.items())
        data = f"solgraph {data_version(self.knowledge)}" if self.knowledge else ""
        return {"summary": self.saved.summary, "asked": asked, "data": data} if self.saved else {}

    def _as_network(self, source: str, target: str) -> tuple[str, dict[str, str], Table]:
        """Name, header and rows of the network."""
        name, header = (self.saved.name, self.saved.network) if self.saved else ("answer", None)
        if source or target:
            header = {"source": source, "target": target, "mode": "multi-mode"}
        elif self.holds_triples:
            header = {"source": "subject", "target": "object", "kind": "multidigraph", "mode": "multi-mode"}
        if not header:
            hint = f"Name the columns of its ends as source=… and target=…: {', '.join(self.columns)}"
            raise WrongUse("This answer is not from a network view.", hint=hint)
        return name, header, self.table


def _named(kg: "Knowledge", parameter: str, text: str, of_class: str = "") -> str:
    """The IRI of what the value of a parameter names."""
    try:
        return kg.find(text, of_class)
    except ParameterError as error:
        error.parameter = parameter
        raise
