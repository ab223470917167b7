"""Two-mode ties → a one-mode network: nodes linked by what they share, edge by edge, so that millions fit."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from solgraph.errors import WrongUse
from solgraph.networks.model.rows import Tie, Value
from solgraph.networks.model.selection import WEIGHTS, Selection, View, provenance
from solgraph.networks.model.spells import Meeting, Meetings, dates
from solgraph.networks.model.years import ALWAYS, Span, Years

if TYPE_CHECKING:
    from solgraph.networks.model.selection import Graph


class SharedThing:
    """A thing that nodes share: its name, its nodes in order, when each belonged to it, and the sources of that."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.years: dict[str, tuple[Years, ...]] = {}
        self.dates: dict[str, int] = {}
        self.stated: set[str] = set()
        self.sources: dict[str, frozenset[str]] = {}

    def add(self, node: str, tie: dict[str, Value], goes_on: bool) -> None:
        self.years[node] = (*self.years.get(node, ()), Years.of(tie, goes_on))
        if not tie.get("inferred"):
            self.stated.add(node)
        if "evidence" in tie:
            self.sources[node] = self.sources.get(node, frozenset()).union(str(tie["evidence"]).split("; "))

    @cached_property
    def nodes(self) -> list[str]:
        return sorted(self.years)

    @cached_property
    def newman(self) -> float:
        """What it adds to the weight of each pair of its nodes (Newman 2001)."""
        return 1 / (len(self.nodes) - 1)

    @cached_property
    def spans(self) -> dict[str, list[Span]]:
        """When each node is not excluded from having belonged to it."""
        return {node: [limits[:2] for one in years for limits in one.left_open] for node, years in self.years.items()}

    @cached_property
    def certain(self) -> dict[str, list[Span]]:
        """When it is certain of each node that it belonged to it."""
        return {node: [span for one in years for span in one.certain] for node, years in self.years.items()}

    @cached_property
    def dated(self) -> bool:
        """Whether any tie to it has a date or bound."""
        return any(span != ALWAYS for spans in self.spans.values() for span in spans)

    def nodes_after(self, node: str) -> list[str]:
        return self.nodes[bisect_right(self.nodes, node) :]


Shared = list[tuple[SharedThing, Meeting]]


class Projection:
    """Nodes linked by what they share; it reads like a networkx graph, but makes its edges only on request.

    An edge carries ``weight``, ``shared`` and ``newman`` (see :data:`WEIGHTS`), the names of what is shared, its
    ``spells``, ``since`` and ``until`` where the first start and the last end are stated of both, otherwise
    ``not_before`` and ``not_after`` where they are bounded, ``active`` for years in which both were seen, ``inferred``
    if nothing that they share is stated of both, and ``evidence``. If a period was selected, ``certainty`` says whether
    anything is shared in it for certain, ``shared_certain`` how many things, and ``weight_certain`` what they weigh.
    Two nodes that belonged to the same thing only at different times are not linked by it.

    >>> network = kg.projection("alliances", network="Solidarity Cities")
    >>> first, second, edge = next(iter(network.edges(data=True)))
    >>> edge["networks"]
    'Solidarity Cities'
    """

    def __init__(self, view: View, ties: Iterable[Tie], selection: Selection, counts: Counter[str]) -> None:
        """``counts`` says what was left out of the ties; reading the edges adds what is left out of the edges."""
        self.view, self.selection, self.counts = view, selection, counts
        self._weight, self._names = selection.weight or view.weight, view.shared_column
        meaning = WEIGHTS[self._weight].format(things=view.shared_column)
        self.graph = view.attributes() | {"weighting": f"{self._weight}: {meaning}"}
        self._edge_count: int | None = None
        self._nodes: dict[str, dict[str, Value]] = {}
        self._things: dict[str, SharedThing] = {}
        self._things_of: dict[str, list[SharedThing]] = {}
        for tie in ties:
            self._add(tie)
        self._is_limited = selection.period is not None
        self._meetings = Meetings(selection.period, selection.certain)
        for thing in self._things.values():
            thing.dates = {node: self._meetings.number(years) for node, years in thing.years.items()}
        self._evidence = lru_cache(maxsize=10_000)(_evidence)  # texts of millions of pairs would fill the memory
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
            if node not in thing.years:
                self._things_of.setdefault(node, []).append(thing)
            thing.add(node, tie.attributes, self.selection.goes_on)

    #: Sharing has no direction, and everything that two nodes share makes a single edge.
    is_directed = is_multigraph = staticmethod(lambda: False)

    def nodes(self, data: bool = False) -> Iterator[Any]:
        """Keys of the nodes in order, with their attributes if asked for.

        >>> "city:athens" in kg.projection("alliances", network="Solidarity Cities").nodes()
        True
        """
        return (((key, self._nodes[key]) if data else key) for key in sorted(self._nodes))

    def leave_out_untied(self) -> None:
        """Leave out the nodes that belong to nothing in the selection, with which nothing can be shared.

        >>> network = kg.projection("alliances", network="Solidarity Cities")
        >>> network.leave_out_untied()
        >>> network.number_of_nodes() == len(network.things["network:solidarity-cities"].nodes)
        True
        """
        self._nodes = {key: attributes for key, attributes in self._nodes.items() if key in self._things_of}

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
            years, own = thing.dates, thing.dates[first]
            for second in thing.nodes_after(first):
                meeting = self._meetings[own, years[second]]
                if meeting is None:
                    counts["missed"] += 1
                elif second in shared:
                    shared[second].append((thing, meeting))
                else:
                    shared[second] = [(thing, meeting)]
        return shared

    def _attributes(self, first: str, second: str, shared: Shared) -> dict[str, Any]:
        attributes = self._weights(first, second, shared)
        if len(shared) == 1:  # the usual case, without a loop
            thing, meeting = shared[0]
            attributes[self._names] = thing.name
            attributes |= meeting.dates
            is_stated = first in thing.stated and second in thing.stated
            sources = frozenset((thing.sources.get(first), thing.sources.get(second)))
        else:
            attributes[self._names] = "; ".join([thing.name for thing, _ in shared])
            attributes |= self._together(shared, attributes["weight"])
            is_stated = any(first in thing.stated and second in thing.stated for thing, _ in shared)
            sources = frozenset([thing.sources.get(key) for thing, _ in shared for key in (first, second)])
        if self._is_limited:
            attributes |= self._certain(shared, attributes["weight"])
        if not is_stated:
            attributes["inferred"] = True
        if evidence := self._evidence(sources):
            attributes["evidence"] = evidence
        return attributes

    def _certain(self, shared: Shared, weight: float) -> dict[str, Any]:
        """How many of the things both share for certain in the period, and how much of the weight that is."""
        things = [thing for thing, meeting in shared if meeting.is_certain]
        count: float = sum([thing.newman for thing in things], 0.0) if self._weight == "newman" else len(things)
        certain = weight * count / len(shared) if self._weight == "jaccard" else count
        certainty = "certain" if things else "not excluded"
        return {"shared_certain": len(things), "weight_certain": certain, "certainty": certainty}

    def _together(self, shared: Shared, weight: float) -> dict[str, Any]:
        """When they share something, and how much of the weight then."""
        if self._weight == "newman":
            return dates(tuple([(meeting, thing.newman) for thing, meeting in shared]))
        return dates(tuple([(meeting, weight / len(shared)) for _, meeting in shared]))

    def _weights(self, first: str, second: str, shared: Shared) -> dict[str, Any]:
        """The weight that was chosen, then those of which others may think better."""
        count = len(shared)
        newman = shared[0][0].newman if count == 1 else sum([thing.newman for thing, _ in shared])
        weight: float = newman if self._weight == "newman" else count
        if self._weight == "jaccard":
            weight = count / (len(self._things_of[first]) + len(self._things_of[second]) - count)
        return {"weight": weight, "shared": count, "newman": newman}

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
                f"least=2; or take their weights alone, which have no limit: kg.weights({self.view.name!r}); "
                f"or allow it: max_edges={edges}, best as CSV, which is written edge by edge."
            )
            raise WrongUse(problem, hint=hint)


def _evidence(sources: frozenset[frozenset[str] | None]) -> str:
    return "; ".join(sorted(frozenset[str]().union(*filter(None, sources))))
