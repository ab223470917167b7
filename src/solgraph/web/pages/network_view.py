"""The page of a network: what is drawn of it, which other parts could be, and what the script of the drawing reads."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from threading import Lock
from typing import Any, NamedTuple

from solgraph.graph.knowledge import Knowledge
from solgraph.networks.drawing import page
from solgraph.networks.drawing.geometry import Point, coordinates
from solgraph.networks.drawing.layout import Graph, positions
from solgraph.networks.measures.network_summary import summary
from solgraph.networks.measures.node_measures import measures
from solgraph.networks.measures.sheet import Sheet
from solgraph.networks.model.build import trimmed
from solgraph.networks.model.selection import BY_ALL_EDGES, SELECTION, Selection, View
from solgraph.queries.parameters import Parameter
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import slug
from solgraph.web import parameters
from solgraph.web.pages import forms
from solgraph.web.pages.memberships import LAYERS
from solgraph.web.parameters import Values

FIGURES: dict[str, Callable[[Any], Sheet]] = {"summary": summary, "measures": measures}
#: More links than this are a hairball.
READABLE = 400
#: So many edges are drawn at most, and so many are read to find the part that is drawn.
_EDGES_ON_PAGE, _EDGES_READ = 30_000, 200_000
#: Options that leave out what is tied weakly, and those that choose years.
_STRENGTH = ("closest", "least", "min-weight", "min-degree", "drop-isolates")
_YEARS = ("year", "from", "to", "compare")
#: Options of the form that stand first, after the parameters of the query.
_MAIN = ("country", "network", "certain", "undated", "year", "from", "to")
#: Attributes that are on the pages of links and things.
_ELSEWHERE = ("evidence", "newman", "weight_certain", "spells", "iri")
_MOST_LISTED, _MOST_GROUPS = 100, 40


class Choice(NamedTuple):
    """A part that can be drawn: the option that makes it, ``all`` for none, and what an address says of it."""

    option: str
    number: int
    query: Values


_SHARED = [
    Choice("closest", 2, {"closest": ["2"]}),
    *(Choice("least", number, {"least": [str(number)], "drop-isolates": ["true"]}) for number in (2, 3)),
]
_TIED = [Choice("min-degree", number, {"min-degree": [str(number)]}) for number in (5, 3, 2)]
_ALL = Choice("all", 0, {"show": ["all"]})


class Link(NamedTuple):
    """A link in the list below the drawing."""

    ends: list[str]
    names: list[str]
    shared: str


class Drawn(NamedTuple):
    """What is drawn of a network, of how much; its figures unless it is too large for a page.

    ``content`` is what the script reads, but for the outlines of countries, which are in the script; ``kind`` is the
    class of the nodes, if they are of one; ``unlocated`` of them have no coordinates. ``choices`` are
    there where all of it is too much, and ``choice`` is the one that is drawn, if it is one of them.
    """

    content: dict[str, Any]
    about: Mapping[str, str]
    kind: str
    nodes: int
    links: int
    all_nodes: int
    all_links: int
    unlocated: int
    values: Values
    choices: list[Choice]
    choice: Choice | None
    listed: list[Link]
    figures: dict[str, Sheet]


def chosen(kg: Knowledge, saved: SavedQuery, values: Values, most_edges: int) -> dict[str, Any]:
    """The values as the graph takes them. Raises :class:`Problem` 400 for one that is wrong."""
    params = [param for param in parameters.params_of_view(saved) if param.name in values]
    if problem := forms.problem_of(kg, saved, params, values):
        raise problem
    return parameters.selection(saved, values, most_edges)


def network(kg: Knowledge, saved: SavedQuery, values: Values, most_edges: int) -> Any:
    """The network as a graph, if it has no more edges than that."""
    selection, years = chosen(kg, saved, values, most_edges), parameters.years_compared(values)
    return kg.compare(saved.name, *years, **selection) if years else kg.network(saved.name, **selection)


def drawn(kg: Knowledge, saved: SavedQuery, values: Values, *, alone: bool) -> Drawn:
    """What the page shows; ``alone`` is a page of a site of files, with the evidence in it.

    Cached as long as the data where readers have chosen nothing but how much is drawn: layouts and measures take long.
    """
    key = ("drawing", saved.name, saved.text, kg.languages, alone, str(sorted(values.items())))
    if values in ({}, *(choice.query for choice in (*_choices(saved), _ALL))):
        return kg.snapshot.recent(key, _Once).value(lambda: _draw(kg, saved, values, alone))
    return _draw(kg, saved, values, alone)


class _Once:
    """A value that is made once, under a lock of its own: while a drawing is made, other pages need not wait."""

    def __init__(self) -> None:
        self._lock, self._made = Lock(), list[Drawn]()

    def value(self, make: Callable[[], Drawn]) -> Drawn:
        with self._lock:
            if not self._made:
                self._made.append(make())
            return self._made[0]


def _choices(saved: SavedQuery) -> list[Choice]:
    return _SHARED if "nodes" in (saved.network or {}) else _TIED


def _draw(kg: Knowledge, saved: SavedQuery, values: Values, alone: bool) -> Drawn:
    rest = {name: texts for name, texts in values.items() if name not in (*_STRENGTH, "show")}
    strength = {name: texts for name, texts in values.items() if name in _STRENGTH}
    whole = network(kg, saved, rest, _EDGES_READ)
    all_nodes, all_links = len(whole), whole.number_of_edges()
    choices = [*_choices(saved), _ALL] if all_links > READABLE else []
    if choices and not strength and "show" not in values:
        strength = choices[0].query
    measured = _degrees(whole) if choices else None
    members, span = _members(saved, whole), _span(kg, saved, whole, values)
    part = _narrowed(kg, saved, whole, rest, strength)
    return Drawn(
        content=_content(part, members, measured, alone) | {"layers": _layers(kg), "span": span},
        about={name: str(text) for name, text in part.graph.items()},
        kind=_kind(part),
        nodes=len(part),
        links=part.number_of_edges(),
        all_nodes=all_nodes,
        all_links=all_links,
        unlocated=sum(coordinates(node) is None for _, node in part.nodes(data=True)),
        values=rest | strength,
        choices=choices,
        choice=next((choice for choice in choices if choice.query == (strength or _ALL.query)), None),
        listed=[*_listed(saved, part)],
        figures={} if choices else {name: measure(part) for name, measure in FIGURES.items()},
    )


def _narrowed(kg: Knowledge, saved: SavedQuery, whole: Any, rest: Values, strength: Values) -> Any:
    """The part to be drawn, which is what a file of it holds; the whole becomes the part if it is enough to trim it."""
    by_all_edges = {"closest"} if "compare" in rest else {"closest", "min-degree", "drop-isolates"}
    is_too_large = not strength and whole.number_of_edges() > _EDGES_ON_PAGE
    if is_too_large or strength.keys() - by_all_edges:
        return network(kg, saved, rest | strength, _EDGES_ON_PAGE)
    selection = chosen(kg, saved, rest | strength, _EDGES_ON_PAGE)
    fields = {name: selection[name] for name in (*BY_ALL_EDGES, "weight") if name in selection}
    return trimmed(whole, Selection(**{"weight": "shared" if "compare" in rest else "", **fields}).checked())


def _content(part: Any, members: Mapping[str, set[str]], measured: Any, alone: bool) -> dict[str, Any]:
    """What the script reads, with what nodes share, each with its own place among those that it draws together."""
    places = {node: place for place, node in enumerate(part)}
    shared = {name: sorted(places[node] for node in nodes if node in places) for name, nodes in members.items()}
    groups = sorted(((name, nodes) for name, nodes in shared.items() if len(nodes) > 1), key=_largest_first)
    without = () if alone else _ELSEWHERE
    if not groups or len(groups) > _MOST_GROUPS:
        content = page.content(part, measured, without)
        return content | {"land": None if content["land"] else [], "groups": groups[:_MOST_GROUPS]}
    together = _drawn_together([*part], [nodes for _, nodes in groups])
    content = page.content(part, measured, without, {"force": together})
    named = [(name, nodes, together[f" {number}"]) for number, (name, nodes) in enumerate(groups)]
    return content | {"land": None if content["land"] else [], "groups": named}


def _drawn_together(nodes: Sequence[str], groups: Iterable[list[int]]) -> Mapping[str, Point]:
    """A layout by links in which nodes are linked to what they share, by number: it is the same in every language."""
    graph: Graph[str] = Graph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from((nodes[place], f" {number}") for number, places in enumerate(groups) for place in places)
    return positions(graph, "force")


def _largest_first(group: tuple[str, list[int]]) -> tuple[int, list[int]]:
    return -len(group[1]), group[1]


def _kind(graph: Any) -> str:
    """The class of all nodes as its name ends: ``City``; empty if they are of several."""
    kinds = {str(kind) for _, kind in graph.nodes(data="kind")}
    return kinds.pop().capitalize() if len(kinds) == 1 else ""


def _degrees(graph: Any) -> dict[str, dict[str, int | float]]:
    """The degrees of the nodes in all of a network, of which a part is drawn; loops are no ties."""
    others: dict[str, set[str]] = {node: set() for node in graph}
    weights = dict.fromkeys(graph, 0.0)
    for first, second, weight in graph.edges(data="weight", default=1):
        for node, other in ((first, second), (second, first)) if first != second else ():
            others[node].add(other)
            weights[node] += weight if isinstance(weight, int | float) else 1
    return {node: {"degree": len(others[node]), "weighted_degree": round(weights[node], 6)} for node in graph}


def _layers(kg: Knowledge) -> dict[str, str]:
    """The label of each layer of networks → its name in the style sheet."""
    return {kg.label(layer): slug(layer) for layer in LAYERS}


def _shared_column(saved: SavedQuery) -> str:
    """The attribute of edges that names what their ends share, empty where these are linked directly."""
    header = saved.network or {}
    if "nodes" not in header:
        return ""
    return View(saved.name, header["nodes"], header["through"], True, "", "", True).shared_column


def _members(saved: SavedQuery, whole: Any) -> dict[str, set[str]]:
    """What nodes share by name → those nodes; none where nodes are linked directly."""
    members: dict[str, set[str]] = {}
    for *ends, names in whole.edges(data=_shared_column(saved), default=""):
        for name in names.split("; ") if names else ():
            members.setdefault(name, set()).update(ends)
    return members


def _span(kg: Knowledge, saved: SavedQuery, whole: Any, values: Values) -> list[int]:
    """The first and the last year in which a link begins or ends, for all years also where some are chosen."""
    if any(name in values for name in _YEARS):
        return kg.snapshot.recent(("span", saved.text), lambda: _span(kg, saved, kg.network(saved.name), {}))
    years = [year for *_, edge in whole.edges(data=True) for name in ("since", "until") if (year := edge.get(name))]
    known = [year for year in years if isinstance(year, int)]
    return [min(known), max(known)] if known and min(known) < max(known) else []


def _listed(saved: SavedQuery, part: Any) -> Iterator[Link]:
    """The strongest of the drawn links."""
    names = _shared_column(saved) or "role"
    edges = sorted(part.edges(data=True), key=lambda edge: (-edge[2].get("shared", 1), -edge[2].get("weight", 1)))
    for *ends, edge in edges[:_MOST_LISTED]:
        yield Link(ends, [str(part.nodes[end].get("label", end)) for end in ends], str(edge.get(names, "")))


# Addresses, and the form


class Form(NamedTuple):
    """The parameters in the order of the form: ``main`` of them first, the others below."""

    params: list[Parameter]
    main: int

    def chosen(self, values: Values) -> list[str]:
        """The names of those for which something else than the usual value is chosen."""
        chosen = (param for param in self.params if param.name in values)
        return [param.name for param in chosen if values[param.name] != [slug(param.default or "")]]


def form(params: Sequence[Parameter]) -> Form:
    """What readers choose by first: the parameters of the query, countries, certainty and years."""
    first = [param for param in params if param not in SELECTION or param.name in _MAIN]
    return Form([*first, *(param for param in params if param not in first)], len(first))


def suggested(fields: Iterable[forms.Field], drawn: Drawn) -> list[forms.Field]:
    """The fields; what can be left out is only suggested where it is in the network, as a node or shared by nodes."""
    nodes, groups = drawn.content["nodes"], drawn.content["groups"]
    names = {*(node["label"] for node in nodes), *(name for name, *_ in groups)}
    return [
        field._replace(choices=[choice for choice in field.choices if choice.label in names])
        if field.param.name == "exclude"
        else field
        for field in fields
    ]


def without_strength(values: Values) -> Values:
    """The values without those that leave out what is tied weakly."""
    return {name: texts for name, texts in values.items() if name not in _STRENGTH}


def addresses(values: Values, look: Values, *, show_all: bool) -> dict[str, Any]:
    """What links to other selections keep: of all values, of all but the strength of ties, of all but a value."""
    shown: Values = {"show": ["all"]} if show_all else {}

    def without(name: str) -> Values:
        return {key: texts for key, texts in (values | shown | look).items() if key != name}

    return {"base": without_strength(values) | look, "selected": without_strength(values), "without": without}
