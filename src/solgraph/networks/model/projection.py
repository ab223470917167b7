"""Two-mode ties → a one-mode network: nodes linked by what they share, edge by edge, so that millions fit."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from solgraph.errors import WrongUse
from solgraph.networks.model.rows import Tie, Value
from solgraph.networks.model.selection import WEIGHTS, Selection, View, provenance
from solgraph.networks.model.years import AFTER, BEFORE, Span, Years, meet

if TYPE_CHECKING:
    from solgraph.networks.model.selection import Graph

ALWAYS: Span = (BEFORE, AFTER)


class SharedThing:
    """A thing that nodes share: its name, its nodes in order, when each belonged to it, and the sources of that."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.spans: dict[str, list[Span]] = {}
        self.certain: dict[str, list[Span]] = {}
        self.without: dict[str, set[str]] = {"since": set(), "until": set()}
        self.stated: set[str] = set()
        self.sources: dict[str, set[str]] = {}

    def add(self, node: str, tie: dict[str, Value]) -> None:
        years = Years.of(tie)
        self.spans.setdefault(node, []).append(years.span)
        self.certain.setdefault(node, []).extend(years.certain)
        for name, nodes in self.without.items():
            if name not in tie:
                nodes.add(node)
        if not tie.get("inferred"):
            self.stated.add(node)
        if "evidence" in tie:
            self.sources.setdefault(node, set()).update(str(tie["evidence"]).split("; "))

    @cached_property
    def nodes(self) -> list[str]:
        return sorted(self.spans)

    @cached_property
    def newman(self) -> float:
        """What it adds to the weight of each pair of its nodes (Newman 2001)."""
        return 1 / (len(self.nodes) - 1)

    @cached_property
    def dated(self) -> bool:
        """Whether any tie to it has a date or bound."""
        return any(span != ALWAYS for spans in self.spans.values() for span in spans)

    def nodes_after(self, node: str) -> list[str]:
        return self.nodes[bisect_right(self.nodes, node) :]

    def common_span(self, first: str, second: str) -> Span | None:
        """When both belonged to it: the later of the starts, the earlier of the ends; None if never together."""
        if not self.dated:
            return ALWAYS
        common = None
        for first_since, first_until in self.spans[first]:
            for second_since, second_until in self.spans[second]:
                since = first_since if first_since > second_since else second_since
                until = first_until if first_until < second_until else second_until
                if since <= until:
                    common = (since, until) if common is None else (min(common[0], since), max(common[1], until))
        return common

    def states(self, name: str, first: str, second: str) -> bool:
        """Whether all ties of both state when they began (``since``) or ended (``until``)."""
        return self.without[name].isdisjoint((first, second))


Shared = list[tuple[SharedThing, Span]]


class Projection:
    """Nodes linked by what they share; it reads like a networkx graph, but makes its edges only on request.

    An edge carries ``weight``, ``shared`` and ``newman`` (see :data:`WEIGHTS`), the names of what is shared, ``since``
    and ``until`` where the years of both are stated, otherwise ``not_before`` and ``not_after`` where they are bounded,
    ``certainty`` if a period was selected, ``inferred`` if nothing that they share is stated of both, and ``evidence``.
    Two nodes that belonged to the same thing only at different times are not linked by it.

    >>> network = kg.projection("alliances", network="Solidarity Cities")
    >>> first, second, edge = next(iter(network.edges(data=True)))
    >>> edge["networks"]
    'Solidarity Cities'
    """

    def __init__(self, view: View, ties: Iterable[Tie], selection: Selection, counts: Counter[str]) -> None:
        """``counts`` says what was left out of the ties; reading the edges adds what is left out of the edges."""
        self.view, self.selection, self.counts = view, selection, counts
        self._weight = selection.weight or view.weight
        meaning = WEIGHTS[self._weight].format(things=view.shared_column)
        self.graph = view.attributes() | {"weighting": f"{self._weight}: {meaning}"}
        self._edge_count: int | None = None
        self._nodes: dict[str, dict[str, Value]] = {}
        self._things: dict[str, SharedThing] = {}
        self._things_of: dict[str, list[SharedThing]] = {}
        for tie in ties:
            self._add(tie)
        for things in self._things_of.values():
            things.sort(key=lambda thing: thing.name)
        if not view.isolates:
            linked = {node for thing in self._things.values() if len(thing.nodes) > 1 for node in thing.nodes}
            self._nodes = {key: attributes for key, attributes in self._nodes.items() if key in linked}

    def _add(self, tie: Tie) -> None:
        node = tie.first.key
        self._nodes.setdefault(node, tie.first.attributes)
        if tie.second:
            thing = self._things.setdefault(tie.second.key, SharedThing(str(tie.second.attributes["label"])))
            if node not in thing.spans:
                self._things_of.setdefault(node, []).append(thing)
            thing.add(node, tie.attributes)

    #: Sharing has no direction, and everything that two nodes share makes a single edge.
    is_directed = is_multigraph = staticmethod(lambda: False)

    def nodes(self, data: bool = False) -> Iterator[Any]:
        """Keys of the nodes in order, with their attributes if asked for.

        >>> "city:athens" in kg.projection("alliances", network="Solidarity Cities").nodes()
        True
        """
        return (((key, self._nodes[key]) if data else key) for key in sorted(self._nodes))

    @property
    def things(self) -> Mapping[str, SharedThing]:
        """What nodes share, by key; a thing of a single node and nodes that are left out are among it."""
        return self._things

    def number_of_nodes(self) -> int:
        """How many nodes.

        >>> network = kg.projection("alliances", network="Solidarity Cities")
        >>> network.number_of_nodes() == len(list(network.nodes()))
        True
        """
        return len(self._nodes)

    def edges(self, data: bool = False) -> Iterator[tuple[Any, ...]]:
        """The edges in order, made one at a time. Raises :class:`WrongUse` if there are more than ``max_edges``.

        >>> network = kg.projection("alliances", network="Solidarity Cities")
        >>> ("city:athens", "city:berlin") in network.edges()
        True
        """
        counts = Counter({"alone": sum(len(thing.nodes) == 1 for thing in self._things.values())})
        if not self.selection.min_weight and self.selection.least < 2:
            self._check_size()
        linked: set[str] = set()
        for first in sorted(self._things_of):
            shared = self._shared_with(first, counts)
            for second in sorted(shared):
                if len(shared[second]) < self.selection.least:
                    counts["few"] += 1
                    continue
                attributes = self._attributes(first, second, shared[second])
                if attributes["weight"] < self.selection.min_weight:
                    counts["light"] += 1
                    continue
                counts["edges"] += 1
                if counts["edges"] > self.selection.most_edges:
                    self._check_size()
                linked.add(second)
                linked.add(first)
                yield (first, second, attributes) if data else (first, second)
        self._edge_count, counts["isolates"] = counts["edges"], len(self._nodes.keys() - linked)
        self.graph |= provenance(self.view, self.selection, self.counts + counts)

    def number_of_edges(self) -> int:
        """How many edges; makes them all, unless they have been read.

        >>> network = kg.projection("alliances", network="Solidarity Cities")
        >>> network.number_of_edges() <= network.number_of_nodes() * (network.number_of_nodes() - 1) / 2
        True
        """
        return sum(1 for _ in self.edges()) if self._edge_count is None else self._edge_count

    def to_graph(self) -> "Graph":
        """The same as a networkx graph.

        >>> kg.projection("alliances", network="Solidarity Cities").to_graph().has_edge("city:athens", "city:berlin")
        True
        """
        graph = self.view.empty_graph()
        graph.add_nodes_from(self.nodes(data=True))
        graph.add_edges_from(self.edges(data=True))
        graph.graph.update(self.graph)
        if not self.view.isolates:
            graph.remove_nodes_from([node for node, degree in graph.degree() if not degree])
        return graph

    def _shared_with(self, first: str, counts: Counter[str]) -> dict[str, Shared]:
        """The nodes after this one → what they share with it, and when."""
        shared: dict[str, Shared] = {}
        for thing in self._things_of[first]:
            for second in thing.nodes_after(first):
                span = thing.common_span(first, second)
                if span is None or (self.selection.certain and not self._is_certain(thing, first, second)):
                    counts["missed"] += 1
                elif second in shared:
                    shared[second].append((thing, span))
                else:
                    shared[second] = [(thing, span)]
        return shared

    def _attributes(self, first: str, second: str, shared: Shared) -> dict[str, Any]:
        attributes = self._weights(first, second, shared)
        if len(shared) == 1:  # the usual case, without a loop
            (thing, (since, until)) = shared[0]
            attributes[self.view.shared_column] = thing.name
            sources = thing.sources.get(first, set()) | thing.sources.get(second, set())
        else:
            since, until = min(span[0] for _, span in shared), max(span[1] for _, span in shared)
            attributes[self.view.shared_column] = "; ".join(thing.name for thing, _ in shared)
            sources = set().union(*(thing.sources.get(node, ()) for thing, _ in shared for node in (first, second)))
        if since != BEFORE:
            stated = any(span[0] == since and thing.states("since", first, second) for thing, span in shared)
            attributes["since" if stated else "not_before"] = since
        if until != AFTER:
            stated = any(span[1] == until and thing.states("until", first, second) for thing, span in shared)
            attributes["until" if stated else "not_after"] = until
        if self.selection.period:
            is_certain = any(self._is_certain(thing, first, second) for thing, _ in shared)
            attributes["certainty"] = "certain" if is_certain else "not excluded"
        if not any(first in thing.stated and second in thing.stated for thing, _ in shared):
            attributes["inferred"] = True
        if sources:
            attributes["evidence"] = "; ".join(sorted(sources))
        return attributes

    def _is_certain(self, thing: SharedThing, first: str, second: str) -> bool:
        """Whether both are certain to have belonged to it in some year of the selected period."""
        return meet(thing.certain[first], thing.certain[second], self.selection.period or (BEFORE, AFTER))

    def _weights(self, first: str, second: str, shared: Shared) -> dict[str, Any]:
        """The weight that was chosen, then those of which others may think better."""
        weights: dict[str, float] = {"shared": len(shared), "newman": sum(thing.newman for thing, _ in shared)}
        if self._weight == "jaccard":
            either = len(self._things_of[first]) + len(self._things_of[second]) - len(shared)
            return {"weight": len(shared) / either, **weights}
        return {"weight": weights[self._weight], **weights}

    def _check_size(self) -> None:
        """Refuse too many edges: first by a bound that costs nothing, then by counting without making them."""
        bound = self.selection.most_edges
        sizes = sorted(((len(thing.nodes), thing.name) for thing in self._things.values()), reverse=True)
        if sum(size * (size - 1) // 2 for size, _ in sizes) <= bound:
            return
        edges = sum(
            len(set().union(*(thing.nodes_after(node) for thing in things)))
            for node, things in self._things_of.items()
        )  # fmt: skip
        if edges > bound:
            size, largest = sizes[0]
            problem = f"The view '{self.view.name}' would have {edges:,} edges, more than {bound:,}."
            hint = (
                f"Leave out what links most: exclude={largest!r} ({size:,} nodes); or pairs that share little: "
                f"least=2; or allow it: max_edges={edges}, best as CSV, which is written edge by edge."
            )
            raise WrongUse(problem, hint=hint)
