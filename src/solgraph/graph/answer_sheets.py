"""The sheets of a workbook with an answer: the answer itself, its evidence, and how it was asked."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from solgraph.formats.rows import Row, Table, without_empty_columns
from solgraph.formats.workbook import Sheet
from solgraph.graph.citation import data_version, listed, query_address
from solgraph.graph.evidence import passages
from solgraph.graph.snapshot import value_of
from solgraph.rdf.namespaces import ID, XSD
from solgraph.rdf.terms import Term

if TYPE_CHECKING:
    from solgraph.graph.answer import Answer

_EVIDENCE = ("row", "source", "section", "page", "address")
_ADDRESS = NamedNode(f"{XSD}anyURI")


def sheets(answer: "Answer") -> list[Sheet]:
    """The answer as it reads, the passages behind each of its rows, and the query with its parameters."""
    table = without_empty_columns(answer.table)
    evidence = list(_evidence(answer, table)) if answer.knowledge else []
    asked = [[Literal(name), value] for name, value in _asked(answer)]
    return [
        Sheet("Answer", table),
        Sheet("Evidence", Table(_EVIDENCE, evidence, {})),
        Sheet("Query", Table(("about", "value"), asked, {})),
    ]


def _evidence(answer: "Answer", table: Table) -> Iterator[Row]:
    """A row for each passage of each row of the sheet, whose first row is its heading."""
    kg = answer.knowledge
    if kg is None:
        return
    places = passages(kg.snapshot, {iri for iri in answer.iris() if iri.startswith(f"{ID}passage/")}, kg.languages)
    for number, row in enumerate(table.gathered(), 2):
        for passage in dict.fromkeys(value_of(term) for cell in row for term in cell):
            if passage in places:
                item, section, page = places[passage]
                address = Literal(item["URL"], datatype=_ADDRESS) if "URL" in item else None
                yield Literal(number), Literal(item["title"]), section, page, address


def _asked(answer: "Answer") -> Iterator[tuple[str, Term]]:
    saved, kg, texts = answer.saved, answer.knowledge, dict[str, str]()
    if saved:
        chain = kg.languages if kg else ("en",)
        texts["title"], texts["description"] = (saved.localised(key, chain) for key in ("summary", "description"))
        texts["saved query"] = saved.name
        texts |= {f"parameter {name}": listed(value) for name, value in answer.values.items() if value}
        texts |= {f"column {name}": meaning for name, meaning in saved.localised_columns(chain).items()}
        texts |= {f"note {number}": note.text for number, note in enumerate(answer.notes, 1)}
    if answer.origin:
        texts |= {"asked": answer.origin.time, "asked of": answer.origin.endpoint}
    if kg:
        texts |= {"version": data_version(kg), "address": query_address(kg, saved.name, answer.values) if saved else ""}
    texts["SPARQL"] = answer.explain()
    return ((name, Literal(text)) for name, text in texts.items() if text)
