"""What the header of a network view says, which part of the view is selected, and the notes on what was left out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from operator import index
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict

from solgraph.errors import DataError, ParameterError, WrongUse, did_you_mean
from solgraph.networks.model.years import OPEN_ENDS
from solgraph.queries.parameters import Parameter
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import shorten

if TYPE_CHECKING:
    import networkx

    Graph = networkx.Graph[str]

KINDS = ("graph", "digraph", "multigraph", "multidigraph")
MODES = ("one-mode", "two-mode", "multi-mode")
#: How an edge of shared things is weighed → what its weight then means; {things} stands for what is shared.
WEIGHTS = {
    "shared": "the number of {things} that both share",
    "newman": "the sum of 1/(k−1) over the {things} that both share, where k nodes share a thing; 'shared' counts them",
    "jaccard": "the number of {things} that both share, divided by the number that at least one of them has",
}
MAX_EDGES = 5_000_000
#: What leaves out nodes or edges by all edges, so that these must be there.
BY_ALL_EDGES = ("min_degree", "closest", "drop_isolates")

#: What chooses years, which is the same in two networks that are compared.
OF_YEARS = ("year", "from_year", "to_year", "certain", "undated", "open_ends")


class View(NamedTuple):
    """How rows become a network, as the header of a saved query says it.

    Either each row is an edge from the column ``source`` to the column ``target``, or the values of ``nodes`` are
    linked by what they share of ``through`` (a projection), and optionally summed by their value of the column ``sum``;
    ``weight`` is how a projection weighs its edges unless something else is asked for; ``asked`` are the parameters of
    the query and ``data`` the version of the data, for the record.
    """

    name: str
    first: str
    second: str
    projected: bool
    kind: str
    mode: str
    isolates: bool
    sum: str = ""
    reads: str = ""
    summary: str = ""
    weight: str = "shared"
    asked: str = ""
    data: str = ""

    @property
    def parallel(self) -> bool:
        """Whether several edges may join the same two nodes."""
        return self.kind.startswith("multi")

    @property
    def node_columns(self) -> tuple[str, ...]:
        """The columns whose values are nodes."""
        return (self.first,) if self.projected else (self.first, self.second)

    @property
    def shared_column(self) -> str:
        """The attribute of an edge that names what its nodes share: ``networks``, ``cities``."""
        return f"{self.second[:-1]}ies" if self.second.endswith("y") else f"{self.second}s"

    def empty_graph(self) -> "Graph":
        """A networkx graph of this kind with the attributes of the view and no nodes."""
        import networkx

        classes: Any = (networkx.Graph, networkx.DiGraph, networkx.MultiGraph, networkx.MultiDiGraph)
        graph: Graph = classes[KINDS.index(self.kind)](**self.attributes())
        return graph

    def attributes(self) -> dict[str, str]:
        """Name, description, mode, meaning of an edge and version of the data, each only where it is set."""
        texts = {"name": self.name, "description": self.summary, "mode": self.mode, "reads": self.reads}
        texts["data"] = self.data
        return {key: text for key, text in texts.items() if text}


def view(name: str, header: Mapping[str, str], columns: Sequence[str], **texts: str) -> View:
    """The view of a ``network`` header, with the ``summary``, ``asked`` and ``data`` of its answer.

    Raises :class:`DataError` for a column, kind or mode that does not exist.
    """
    projected = "nodes" in header
    first, second = ("nodes", "through") if projected else ("source", "target")
    for key in (first, second, *(["sum"] if "sum" in header else [])):
        if header.get(key) not in columns:
            problem = f"the network view '{name}' names no column as '{key}'."
            raise DataError(problem, hint=f"Its columns: {', '.join(columns)}")
    kind = header.get("kind", "graph" if projected else "multigraph")
    mode = header.get("mode", "one-mode" if projected else "two-mode")
    weight = header.get("weight", "shared")
    for key, value, allowed in (("kind", kind, KINDS), ("mode", mode, MODES), ("weight", weight, tuple(WEIGHTS))):
        if value not in allowed:
            raise DataError(f"the network view '{name}' has the {key} '{value}'.", hint=f"Known: {', '.join(allowed)}")
    isolates = header.get("isolates", "kept") == "kept"
    more: dict[str, str] = {key: header.get(key, "") for key in ("sum", "reads")} | {"weight": weight} | texts
    return View(name, header[first], header[second], projected, kind, mode, isolates, **more)


class Selection(NamedTuple):
    """Which part of a view is selected, and how its edges are weighted.

    ``country``, ``network`` and ``exclude`` are IRIs or labels. Of a period, or of all years, the ties are chosen that
    are certain for it (a stated span covers it, or they were seen in it) and those that no date or bound excludes,
    unless ``certain`` keeps only the first; ``undated`` = ``exclude`` leaves out those that no source dates and that
    were not seen in it. ``open_ends`` is one of :data:`~solgraph.networks.model.years.OPEN_ENDS`. ``weight`` is one of
    :data:`WEIGHTS` (``newman``: Newman 2001), or empty for that of the view; ``least`` leaves out pairs that share
    fewer things, and ``min_degree`` nodes that are then tied to fewer others. ``closest`` keeps of each node the ties
    to only so many others: those with which it shares most, or of greatest weight if a ``weight`` is chosen.
    ``max_edges`` is :data:`MAX_EDGES` unless it is set; weights alone then have no limit.

    >>> from solgraph.networks.model.selection import Selection
    >>> Selection(from_year=2015).period
    (2015, 9999)
    >>> answer = kg.query("alliances", network="Solidarity Cities")
    >>> "city:athens" in answer.to_network(year=2019), "city:athens" in answer.to_network(year=2019, country="Italy")
    (True, False)
    """

    year: int | None = None
    from_year: int | None = None
    to_year: int | None = None
    certain: bool = False
    undated: str = "include"
    open_ends: str = "unknown"
    country: str = ""
    network: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    weight: str = ""
    least: int = 1
    min_weight: float = 0
    min_degree: int = 0
    closest: int = 0
    drop_isolates: bool = False
    simple: bool = False
    keep: tuple[str, ...] = ()
    max_edges: int | None = None

    @property
    def most_edges(self) -> int:
        """How many edges there may be where each has its years and evidence."""
        return MAX_EDGES if self.max_edges is None else self.max_edges

    @property
    def period(self) -> tuple[int, int] | None:
        """First and last year of the selection; None when it is not limited in time."""
        if self.year is not None:
            return self.year, self.year
        if self.from_year is None and self.to_year is None:
            return None
        return self.from_year or -9999, self.to_year or 9999

    @property
    def is_timed(self) -> bool:
        """Whether ties are chosen by their years at all."""
        return self.period is not None or self.certain or self.undated == "exclude"

    @property
    def goes_on(self) -> bool:
        """Whether a tie that no source ends is taken to go on."""
        return self.open_ends == "ongoing"

    def checked(self) -> "Selection":
        """The same selection, if it makes sense; a whole number may be a text. Raises :class:`ParameterError`.

        >>> from solgraph.networks.model.selection import Selection
        >>> Selection(year=2021).checked() == Selection(year=2021)
        True
        >>> Selection(weight="heavy").checked()
        Traceback (most recent call last):
            ...
        solgraph.errors.ParameterError: weight = 'heavy' is not known.
        Allowed: shared, newman, jaccard
        """
        whole: dict[str, Any] = {
            name: _whole(name, getattr(self, name)) for name in _WHOLE if getattr(self, name) is not None
        }
        chosen = self._replace(**whole)
        for name, lowest in _LOWEST.items():
            if (number := getattr(chosen, name)) is not None and not number >= lowest:  # nan is not
                raise chosen._fault(name, f"{name} = {number} is below {lowest}.", f"Give {lowest} or more.")
        for name, allowed in (
            ("weight", ("", *WEIGHTS)),
            ("undated", ("include", "exclude")),
            ("open_ends", tuple(OPEN_ENDS)),
        ):
            if getattr(self, name) not in allowed:
                hint = did_you_mean(str(getattr(self, name)), allowed) or f"Allowed: {', '.join(filter(None, allowed))}"
                raise chosen._fault(name, f"{name} = {getattr(self, name)!r} is not known.", hint, allowed)
        if chosen.year is not None and (chosen.from_year, chosen.to_year) != (None, None):
            hint = "Give year=…, or from_year=… and to_year=…."
            raise chosen._fault("year", "A year and a span of years cannot be combined.", hint)
        if chosen.period and chosen.period[0] > chosen.period[1]:
            what = f"{chosen.period[0]} is after {chosen.period[1]}."
            raise chosen._fault("from_year", what, "Give the earlier year first.")
        return chosen

    def _fault(self, name: str, what: str, hint: str, allowed: Sequence[str] = ()) -> ParameterError:
        candidates = tuple(filter(None, allowed))
        return ParameterError(what, hint=hint, parameter=name, value=getattr(self, name), candidates=candidates)


#: Numbers and the lowest that they can be; of years the first, as of these the sources know none before.
_LOWEST = {
    **dict.fromkeys(("year", "from_year", "to_year", "least"), 1),
    **dict.fromkeys(("min_weight", "min_degree", "closest", "max_edges"), 0),
}
_WHOLE = ("year", "from_year", "to_year", "least", "min_degree", "closest", "max_edges")


def _whole(name: str, value: Any) -> int:
    try:
        return int(value, 10) if isinstance(value, str) else index(value)
    except (TypeError, ValueError) as error:
        what = f"{name} = {value!r} is not a whole number such as 2018."
        raise ParameterError(what, parameter=name, value=value) from error


class Options(TypedDict, total=False):
    """The fields of :class:`Selection` as arguments that type checkers know."""

    year: int | None
    from_year: int | None
    to_year: int | None
    certain: bool
    undated: Literal["include", "exclude"]
    open_ends: Literal["unknown", "ongoing"]
    country: str
    network: str | Sequence[str]
    exclude: str | Sequence[str]
    weight: Literal["", "shared", "newman", "jaccard"]
    least: int
    min_weight: float
    min_degree: int
    closest: int
    drop_isolates: bool
    simple: bool
    keep: str | Sequence[str]
    max_edges: int


def selected(options: Mapping[str, Any]) -> Selection:
    """The selection of these :class:`Options`. Raises :class:`WrongUse` for an option that does not exist."""
    for name in options:
        if name not in Selection._fields:
            hint = did_you_mean(name, Selection._fields) or f"Options: {', '.join(Selection._fields)}"
            raise WrongUse(f"Networks have no option '{name}'.", hint=hint)
    several = {name: options[name] for name in ("network", "exclude", "keep") if name in options}
    names = {name: (value,) if isinstance(value, str) else tuple(value) for name, value in several.items()}
    return Selection(**{**options, **names})


def _option(name: str, kind: str, description: str, **further: str | bool | tuple[str, ...]) -> Parameter:
    return Parameter(name, "", kind, False, description=description, **{"multiple": False, **further})  # type: ignore[arg-type]


#: What every network view takes besides the parameters of its query, named as on the command line and in addresses.
SELECTION = (
    _option("year", "integer", "what is certain for this year, then what is not excluded", example="2018"),
    _option("from", "integer", "only what is not known to end earlier", example="2010"),
    _option("to", "integer", "only what is not known to begin later", example="2020"),
    _option("certain", "xsd:boolean", "only what is certain for these years, or for any year"),
    _option("undated", "string", "ties that no source dates or shows in the years", values=("include", "exclude")),
    _option("open-ends", "string", "whether ties without a stated end are taken to go on", values=tuple(OPEN_ENDS)),
    _option("country", "iri", "only nodes of this country, by name in any language", type="sg:Country"),
    _option("network", "iri", "only ties of this network or other end", type="sg:Actor", multiple=True),
    _option("exclude", "iri", "leave out this network or other end", type="sg:Actor", multiple=True),
    _option("weight", "string", "how edges of shared things are weighed", values=tuple(WEIGHTS)),
    _option("least", "integer", "only pairs that share at least this many things", example="2"),
    _option("min-weight", "number", "leave out lighter edges", example="2"),
    _option("min-degree", "integer", "leave out nodes that are tied to fewer others", example="2"),
    _option("closest", "integer", "of each node only the ties to so many others, the strongest", example="2"),
    _option("drop-isolates", "xsd:boolean", "leave out nodes without an edge"),
    _option("simple", "xsd:boolean", "join parallel edges, without what is not alike in all of them"),
    _option(
        "keep",
        "string",
        "a column that the import kept, or an identifier, for the nodes and edges",
        example="phase",
        multiple=True,
    ),
    _option("max-edges", "integer", "stop before more edges than this", example="10000"),
    _option("compare", "string", "what came, went, grew or shrank between two years", example="2010,2020"),
)


def options_of(saved: SavedQuery) -> list[Parameter]:
    """The options of a view; a parameter of its query with the same name takes the place of an option."""
    return [option for option in SELECTION if option.name not in saved.params]


def argument(option: str) -> str:
    """The argument of :meth:`solgraph.Knowledge.network` for an option: ``from_year`` for ``from``."""
    return {"from": "from_year", "to": "to_year"}.get(option, option.replace("-", "_"))


def provenance(view: View, selection: Selection, counts: Counter[str]) -> dict[str, str]:
    """The graph attributes ``selection`` (what was chosen), ``open_ends`` and ``notes`` (what was left out)."""
    defaults = {**Selection._field_defaults, "max_edges": selection.max_edges}  # a bound selects nothing
    chosen = [
        _written(key.replace("_", " "), value) for key, value in selection._asdict().items() if value != defaults[key]
    ]  # fmt: skip
    chosen = [*filter(None, [view.asked]), *chosen]
    rule = f"{selection.open_ends}: {OPEN_ENDS[selection.open_ends]}" if counts["open"] else ""
    texts = {"selection": "; ".join(chosen), "open_ends": rule, "notes": " ".join(_notes(view, selection, counts))}
    return {key: text for key, text in texts.items() if text}


def _written(option: str, value: Any) -> str:
    values = value if isinstance(value, tuple) else [value]
    return option if value is True else f"{option} {', '.join(shorten(str(item)) for item in values)}"


def _notes(view: View, selection: Selection, counts: Counter[str]) -> list[str]:
    uncertain = "left out" if selection.certain else "counted in"
    undated = "counted in" if selection.undated == "include" and not selection.certain else "left out"
    isolates = "kept" if view.isolates else "left out"
    years = "for the years" if selection.period else "and certain for no year"
    goes_on = "taken to go on" if selection.goes_on else "not taken to go on for certain"
    notes = {
        "no tie": f"No tie is of what was asked ({view.asked}); the description of the view says what counts.",
        "open": f"Ties without a stated or bounded end, {goes_on}: {counts['open']} of {counts['ties']}.",
        "uncertain": f"Ties only not excluded {years}, {uncertain}: {counts['uncertain']} of {counts['ties']}.",
        "undated": f"Ties without a year, {undated}: {counts['undated']} of {counts['ties']}.",
        "outside": f"Ties outside the years, left out: {counts['outside']} of {counts['ties']}.",
        "other country": f"Rows of other countries, left out: {counts['other country']}.",
        "other network": f"Ties of other networks, left out: {counts['other network']}.",
        "excluded": f"Ties to what was excluded, left out: {counts['excluded']}.",
        "alone": f"Values of '{view.second}' with a single {view.first} here, which make no link: {counts['alone']}.",
        "missed": f"Pairs in the same {view.second} only at different times, not linked by it: {counts['missed']}.",
        "few": f"Pairs that share fewer than {selection.least} of '{view.second}', left out: {counts['few']}.",
        "light": f"Edges lighter than {selection.min_weight:g}, left out: {counts['light']}.",
        "same edge": f"Rows that repeat an edge: {counts['same edge']}.",
        "both modes": f"Nodes of both modes, so that the network has no two modes: {counts['both modes']}.",
        "isolates": f"Nodes without an edge, {isolates}: {counts['isolates']}.",
    }
    counts = counts + Counter({"no tie": bool(view.asked and not counts["ties"])})
    decides = selection.period or selection.goes_on
    return [note for key, note in notes.items() if counts[key] and (key != "open" or decides)]
