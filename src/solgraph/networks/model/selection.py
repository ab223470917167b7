"""What a network view says of itself, and which part of it somebody wants."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from solgraph.errors import DataError, WrongUse, did_you_mean

if TYPE_CHECKING:
    import networkx

    Graph = networkx.Graph[str]

KINDS = ("graph", "digraph", "multigraph", "multidigraph")
MODES = ("one-mode", "two-mode", "multi-mode")
WEIGHTS = ("shared", "newman", "jaccard")
MAX_EDGES = 5_000_000


class View(NamedTuple):
    """How rows become a network, as the header of a saved query says it.

    Either each row is an edge from the column ``source`` to the column ``target``, or the values of ``nodes`` are
    linked by what they share of ``through`` (a projection), and perhaps summed by their value of the column ``sum``.
    """

    name: str
    one: str
    other: str
    projected: bool
    kind: str
    mode: str
    isolates: bool
    sum: str = ""
    reads: str = ""
    summary: str = ""

    @property
    def directed(self) -> bool:
        """Whether an edge has a direction."""
        return self.kind.endswith("digraph")

    @property
    def parallel(self) -> bool:
        """Whether several edges may join the same two nodes."""
        return self.kind.startswith("multi")

    @property
    def node_ends(self) -> tuple[str, ...]:
        """The columns whose values are nodes."""
        return (self.one,) if self.projected else (self.one, self.other)

    def empty(self) -> "Graph":
        """A networkx graph of this kind without nodes, that carries what is told of the view."""
        import networkx

        makers: tuple[Callable[..., Any], ...] = (
            networkx.Graph,
            networkx.DiGraph,
            networkx.MultiGraph,
            networkx.MultiDiGraph,
        )
        graph: Graph = makers[KINDS.index(self.kind)](**self.told())
        return graph

    def told(self) -> dict[str, str]:
        """What the view says of itself, as plain text."""
        said = {"name": self.name, "description": self.summary, "mode": self.mode, "reads": self.reads}
        return {key: text for key, text in said.items() if text}


def view(name: str, header: Mapping[str, str], columns: Sequence[str], summary: str = "") -> View:
    """The view of a ``network`` header. Raises :class:`DataError` for what it cannot mean."""
    projected = "nodes" in header
    keys = ("nodes", "through") if projected else ("source", "target")
    for key in (*keys, *(["sum"] if "sum" in header else [])):
        if header.get(key) not in columns:
            what = f"the network view '{name}' names no column as '{key}'."
            raise DataError(what, hint=f"Its columns: {', '.join(columns)}")
    kind = header.get("kind", "graph" if projected else "multigraph")
    mode = header.get("mode", "one-mode" if projected else "two-mode")
    for what, said, known in (("kind", kind, KINDS), ("mode", mode, MODES)):
        if said not in known:
            raise DataError(f"the network view '{name}' has the {what} '{said}'.", hint=f"Known: {', '.join(known)}")
    isolates = header.get("isolates", "kept") == "kept"
    ends = (header[keys[0]], header[keys[1]])
    return View(name, *ends, projected, kind, mode, isolates, header.get("sum", ""), header.get("reads", ""), summary)


class Selection(NamedTuple):
    """Which part of a view is wanted, and how its edges are weighed.

    ``country`` and ``exclude`` are IRIs or labels. A tie without any year is in every period unless ``undated`` is
    ``exclude``. Weights of projections: ``shared`` counts the shared things, ``newman`` adds 1/(k−1) for a thing that
    k nodes share (Newman 2001), ``jaccard`` divides the shared things by all that either has.
    """

    year: int | None = None
    from_year: int | None = None
    to_year: int | None = None
    undated: str = "include"
    country: str = ""
    exclude: tuple[str, ...] = ()
    weight: str = "shared"
    min_weight: float = 0
    max_edges: int = MAX_EDGES

    @property
    def period(self) -> tuple[int, int] | None:
        """First and last year of what is wanted; None when time does not matter."""
        if self.year is not None:
            return self.year, self.year
        if self.from_year is None and self.to_year is None:
            return None
        return self.from_year or -9999, self.to_year or 9999

    def checked(self) -> "Selection":
        """The same selection, if it makes sense. Raises :class:`WrongUse`."""
        for option, said, known in (
            ("weight", self.weight, WEIGHTS),
            ("undated", self.undated, ("include", "exclude")),
        ):
            if said not in known:
                hint = did_you_mean(said, known) or f"Allowed: {', '.join(known)}"
                raise WrongUse(f"{option} = '{said}' is not known.", hint=hint)
        if self.year is not None and (self.from_year, self.to_year) != (None, None):
            raise WrongUse("A year and a span of years cannot be combined.", hint="Give --year, or --from and --to.")
        if self.period and self.period[0] > self.period[1]:
            raise WrongUse(f"{self.period[0]} is after {self.period[1]}.", hint="Give the earlier year first.")
        return self
