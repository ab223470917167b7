"""Figures of networks, and citations, for an assistant."""

from typing import Any

from solgraph.assistant.arguments import check
from solgraph.assistant.finding import network_options, parameters_schema
from solgraph.assistant.pages import Page, Reply, fitting, lines
from solgraph.assistant.sources import Json
from solgraph.assistant.wording import call
from solgraph.errors import WrongUse, did_you_mean
from solgraph.formats.media import CITATIONS
from solgraph.graph.citation import data_version, query_address
from solgraph.graph.knowledge import Knowledge
from solgraph.networks.measures import measures, summary
from solgraph.networks.measures.sheet import Sheet
from solgraph.networks.model.selection import argument
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import expand

#: Networks of more edges take longer than an assistant waits.
MOST_EDGES = 100_000
#: The styles of citations.
STYLES = [form.name for form in CITATIONS]


def measured(kg: Knowledge, page: Page, *, view: str, parameters: Json | None = None, by: str = "") -> Reply:
    """The figures of a network, or of its nodes, those first that have most of the measure ``by``."""
    saved, parameters = _view(kg, view), parameters or {}
    graph = kg.network(view, **_selection(kg, saved, parameters), max_edges=MOST_EDGES)
    sheet = _of_nodes(measures(graph), by) if by else summary(graph)
    rows = fitting([_row(row) for row in sheet.rows[page.slice]])
    about = graph.graph
    notes = [note for note in (*map(about.get, ("notes", "open_ends")), *sheet.notes) if note]
    question = saved.localised("summary", kg.languages)
    head = {"view": view, "question": question, "parameters": parameters, "selection": about.get("selection", "")}
    head |= {"reads": about.get("reads", ""), "data": f"solgraph {data_version(kg)}"}
    if address := query_address(kg, view, {name: parameters[name] for name in saved.params if name in parameters}):
        head["address"] = address
    described = page.described(len(rows), len(sheet), "nodes" if by else "figures")
    shown = Sheet(sheet.columns, sheet.rows[page.offset : page.offset + len(rows)]).text("md")
    asked = f"{question}{f': {selected}' if (selected := head['selection']) else ''}"
    text = lines(asked, shown, described.get("rest", ""), [f"- {note}" for note in notes], _rows_of(saved))
    return Reply(head | {"rows": rows} | described | {"notes": notes}, text)


def _view(kg: Knowledge, name: str) -> SavedQuery:
    views = {view.name: view for view in kg.views()}
    if name not in views:
        raise WrongUse(
            f"There is no network view '{name}'.", hint=did_you_mean(name, views) or f"Views: {', '.join(views)}"
        )
    return views[name]


def _selection(kg: Knowledge, saved: SavedQuery, parameters: Json) -> dict[str, Any]:
    """Parameters and options as :meth:`Knowledge.network` takes them."""
    options = network_options(saved)
    params = [*saved.params.values(), *options]
    several = {param.name for param in params if param.multiple}
    values = {
        name: [value] if name in several and isinstance(value, str) else value for name, value in parameters.items()
    }
    check(saved.name, parameters_schema(kg, params), values)
    renamed = {option.name: argument(option.name) for option in options}
    return {renamed.get(name, name): value for name, value in values.items()}


def _of_nodes(sheet: Sheet, by: str) -> Sheet:
    names = [name for name in sheet.columns if name not in ("node", "label", "kind")]
    if by not in names:
        raise WrongUse(
            f"Nodes have no measure '{by}'.", hint=did_you_mean(by, names) or f"They have {', '.join(names)}."
        )
    rows = sorted(sheet.rows, key=lambda row: (-(row[by] or 0), row["label"]))
    return Sheet(sheet.columns, rows, sheet.notes)


def _row(row: dict[str, Any]) -> Json:
    """A row without what is not defined; a node with its address."""
    values = {name: value for name, value in row.items() if value is not None}
    return values | ({"iri": expand(row["node"]) or row["node"]} if "node" in row else {})


def _rows_of(saved: SavedQuery) -> str:
    return f"The ties, each with its sources: {call('query', [saved.name])}"


def cited(kg: Knowledge, _: Page, *, name: str, parameters: Json | None = None, style: str = "text") -> Reply:
    """How to cite a document, a passage, what rests on them, or the answer to a saved query."""
    citation = kg.cite(name, **(parameters or {}))
    text = citation.text(style)
    return Reply({"name": name, "style": style, "citation": text.strip(), "items": citation.items}, text)
