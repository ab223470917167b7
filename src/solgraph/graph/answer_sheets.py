"""The sheets of a workbook with an answer: the answer itself, its evidence, and how it was asked."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from solgraph.formats.rows import Row, Table, without_empty_columns
from solgraph.formats.workbook import Sheet
from solgraph.graph.citation import data_version, listed, query_address
from solgraph.graph.evidence import passages
from solgraph.graph.snapshot import value_of
from solgraph.rdf.namespaces import XSD
from solgraph.rdf.terms import Term
from solgraph.texts import interface, word

if TYPE_CHECKING:
    from solgraph.graph.answer import Answer

_EVIDENCE = ("row", "source", "section", "page", "address")
_ADDRESS = NamedNode(f"{XSD}anyURI")


def sheets(answer: "Answer", account: Mapping[str, str] | None = None) -> list[Sheet]:
    """The answer as it reads, the passages behind each of its rows, and the query with its parameters.

    ``account`` says how an answer came about that is not that of a saved query. In languages other than English the
    headings are words of the interface.
    """
    language = interface(answer.knowledge.languages) if answer.knowledge else ""
    table = without_empty_columns(answer.read_table)._replace(language=language)
    evidence = list(_evidence(answer, table)) if answer.knowledge else []
    asked = [[Literal(_said(language, name, table)), value] for name, value in _asked(answer, account or {})]
    return [
        Sheet("Answer", table),
        Sheet("Evidence", Table([_said(language, name, table) for name in _EVIDENCE], evidence, {})),
        Sheet("Query", Table([_said(language, name, table) for name in ("about", "value")], asked, {})),
    ]


def _said(language: str, name: str, table: Table) -> str:
    """What a line or column of the other sheets is called: ``column since`` names that of the first."""
    if not language:
        return name
    kind, _, which = name.partition(" ")
    if kind in ("column", "parameter", "note") and which:
        headings = dict(zip(table.columns, table.headings, strict=True))
        return f"{word(language, 'sheet', kind)} {headings.get(which, which) if kind == 'column' else which}"
    return word(language, "sheet", name)


def _evidence(answer: "Answer", table: Table) -> Iterator[Row]:
    """A row for each document and passage of each row of the sheet, whose first row is its heading."""
    kg = answer.knowledge
    if kg is None:
        return
    places = passages(kg.snapshot, answer.iris(), kg.languages)
    for number, row in enumerate(table.gathered(), 2):
        for passage in dict.fromkeys(value_of(term) for cell in row for term in cell):
            if passage in places:
                item, section, page = places[passage]
                address = Literal(item["URL"], datatype=_ADDRESS) if "URL" in item else None
                yield Literal(number), Literal(item["title"]), section, page, address


def _asked(answer: "Answer", account: Mapping[str, str]) -> Iterator[tuple[str, Term]]:
    saved, kg, texts = answer.saved, answer.knowledge, dict(account)
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
        texts["version"] = data_version(kg)
        texts |= {"address": query_address(kg, saved.name, answer.values)} if saved else {}
    texts["SPARQL"] = answer.explain()
    return ((name, Literal(text)) for name, text in texts.items() if text)
