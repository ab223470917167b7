"""Two-mode ties → a one-mode network: nodes linked by what they share, edge by edge, so that millions fit."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from solgraph.errors import WrongUse
from solgraph.networks.model.notes import said
from solgraph.networks.model.rows import Plain, Tie
from solgraph.networks.model.selection import Selection, View

if TYPE_CHECKING:
    import networkx

    Graph = networkx.Graph[str]

#: First and last year; an unknown one is before or after all years, so that spans are compared without questions.
Span = tuple[int, int]
BEFORE, AFTER = -(10**6), 10**6
ALWAYS: Span = (BEFORE, AFTER)


class _Shared:
    """A thing that nodes share: its name, its nodes in order, when each was in, and where that was read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.spans: dict[str, list[Span]] = {}
        self.sources: dict[str, set[str]] = {}

    def add(self, node: str, told: dict[str, Plain]) -> None:
        since, until = told.get("since"), told.get("until")
        span = (since if isinstance(since, int) else BEFORE, until if isinstance(until, int) else AFTER)
        self.spans.setdefault(node, []).append(span)
        if "evidence" in told:
            self.sources.setdefault(node, set()).update(str(told["evidence"]).split("; "))

    @cached_property
    def nodes(self) -> list[str]:
        return sorted(self.spans)

    @cached_property
    def dated(self) -> bool:
        """Whether any tie to it has a year."""
        return any(span != ALWAYS for spans in self.spans.values() for span in spans)

    def after(self, node: str) -> list[str]:
        return self.nodes[bisect_right(self.nodes, node) :]

    def common(self, one: str, other: str) -> Span | None:
        """The span in which both were in it: the later known start, the earlier known end; None if there is none."""
        if not self.dated:
            return ALWAYS
        met = None
        for my_since, my_until in self.spans[one]:
            for its_since, its_until in self.spans[other]:
                since = my_since if my_since > its_since else its_since
                until = my_until if my_until < its_until else its_until
                if since <= until:
                    met = (since, until) if met is None else (min(met[0], since), max(met[1], until))
        return met


Met = list[tuple[_Shared, Span]]


class Projection:
    """Nodes linked by what they share; read as a networkx graph is, but its edges are made only when asked for.

    An edge carries ``weight``, the names of what is shared, ``since`` and ``until`` where years are known, and
    ``evidence``. Two nodes that were in the same thing only at different times are not linked by it.
    """

    def __init__(self, view: View, ties: Iterable[Tie], wanted: Selection, counts: Counter[str]) -> None:
        """``counts`` holds what was left out of the ties; what is left out of the edges is added when they are read."""
        self.view, self.wanted, self.counts = view, wanted, counts
        self.graph = view.told()
        self._edges: int | None = None
        self._names = f"{view.other}s"
        self._nodes: dict[str, dict[str, Plain]] = {}
        self._shared: dict[str, _Shared] = {}
        self._of: dict[str, list[_Shared]] = {}
        for tie in ties:
            self._nodes.setdefault(tie.one.key, tie.one.told)
            if tie.other:
                shared = self._shared.setdefault(tie.other.key, _Shared(str(tie.other.told["label"])))
                if tie.one.key not in shared.spans:
                    self._of.setdefault(tie.one.key, []).append(shared)
                shared.add(tie.one.key, tie.told)
        for things in self._of.values():
            things.sort(key=lambda thing: thing.name)
        if not view.isolates:
            self._nodes = {key: told for key, told in self._nodes.items() if key in self._linked}

    @cached_property
    def _linked(self) -> set[str]:
        return {node for one in self._shared.values() if len(one.nodes) > 1 for node in one.nodes}

    def is_directed(self) -> bool:
        """False: sharing has no direction."""
        return False

    def is_multigraph(self) -> bool:
        """False: all that two nodes share is one edge."""
        return False

    def nodes(self, data: bool = False) -> Iterator[Any]:
        """Keys of the nodes in order, with their attributes when asked for."""
        return (((key, self._nodes[key]) if data else key) for key in sorted(self._nodes))

    def number_of_nodes(self) -> int:
        """How many nodes."""
        return len(self._nodes)

    def edges(self, data: bool = False) -> Iterator[tuple[Any, ...]]:
        """The edges in order, made one after the other. Raises :class:`WrongUse` if they are too many."""
        counts = Counter({"alone": sum(len(one.nodes) == 1 for one in self._shared.values())})
        if not self.wanted.min_weight:
            self._refuse_too_many()
        linked: set[str] = set()
        for one in sorted(self._of):
            met = self._met(one, counts)
            for other in sorted(met):
                told = self._told(one, other, met[other])
                if told["weight"] < self.wanted.min_weight:
                    counts["light"] += 1
                    continue
                counts["edges"] += 1
                if counts["edges"] > self.wanted.max_edges:
                    self._refuse_too_many()
                linked.add(other)
                linked.add(one)
                yield (one, other, told) if data else (one, other)
        self._edges, counts["isolates"] = counts["edges"], len(self._nodes.keys() - linked)
        self.graph |= said(self.view, self.wanted, self.counts + counts)

    def number_of_edges(self) -> int:
        """How many edges; makes them all, unless they have been read."""
        return sum(1 for _ in self.edges()) if self._edges is None else self._edges

    def pairs(self) -> Iterator[int]:
        """How many nodes after it each node is linked with: counts the edges without making them."""
        for one in self._of:
            others: set[str] = set()
            for shared in self._of[one]:
                others.update(shared.after(one))
            yield len(others)

    def to_graph(self) -> "Graph":
        """The same as a networkx graph."""
        graph = self.view.empty()
        graph.add_nodes_from(self.nodes(data=True))
        graph.add_edges_from(self.edges(data=True))
        graph.graph.update(self.graph)
        if not self.view.isolates:
            graph.remove_nodes_from([node for node, degree in graph.degree() if not degree])
        return graph

    def _met(self, one: str, counts: Counter[str]) -> dict[str, Met]:
        """The nodes after this one → what they share with it, and when they did so together."""
        met: dict[str, Met] = {}
        for shared in self._of[one]:
            for other in shared.after(one):
                span = shared.common(one, other)
                if span is None:
                    counts["missed"] += 1
                elif other in met:
                    met[other].append((shared, span))
                else:
                    met[other] = [(shared, span)]
        return met

    def _told(self, one: str, other: str, met: Met) -> dict[str, Any]:
        told: dict[str, Any] = {"weight": len(met)}
        if self.wanted.weight != "shared":
            told = {"weight": self._weight(one, other, met), "shared": len(met)}
        if len(met) == 1:  # as most are: without a loop
            (thing, (since, until)) = met[0]
            told[self._names] = thing.name
            sources = thing.sources.get(one, set()) | thing.sources.get(other, set())
        else:
            since, until = min(span[0] for _, span in met), max(span[1] for _, span in met)
            told[self._names] = "; ".join(thing.name for thing, _ in met)
            sources = set().union(*(thing.sources.get(node, ()) for thing, _ in met for node in (one, other)))
        if since != BEFORE:
            told["since"] = since
        if until != AFTER:
            told["until"] = until
        if sources:
            told["evidence"] = "; ".join(sorted(sources))
        return told

    def _weight(self, one: str, other: str, met: Met) -> int | float:
        if self.wanted.weight == "newman":
            return sum(1 / (len(thing.nodes) - 1) for thing, _ in met)
        if self.wanted.weight == "jaccard":
            return len(met) / (len(self._of[one]) + len(self._of[other]) - len(met))
        return len(met)

    def _refuse_too_many(self) -> None:
        sizes = sorted(((len(one.nodes), one.name) for one in self._shared.values()), reverse=True)
        if sum(size * (size - 1) // 2 for size, _ in sizes) <= self.wanted.max_edges:
            return
        edges = sum(self.pairs())
        if edges > self.wanted.max_edges:
            size, largest = sizes[0]
            what = f"The view '{self.view.name}' would have {edges:,} edges, more than {self.wanted.max_edges:,}."
            hint = (
                f"Leave out what links most: --exclude {largest!r} ({size:,} nodes); or weak edges: --min-weight 2; "
                f"or allow it: --max-edges {edges}, best as CSV, which is written edge by edge."
            )
            raise WrongUse(what, hint=hint)
