"""The answer to a saved query for an assistant: rows with their sources and addresses, and the notes."""

from collections.abc import Sequence
from typing import Any

from solgraph.assistant.pages import Page, Reply, fitting, lines
from solgraph.assistant.sources import Json, Sources, iris_in
from solgraph.assistant.wording import call
from solgraph.formats.rows import Note, Table, markdown, without_empty_columns
from solgraph.graph.answer import Answer
from solgraph.graph.citation import data_version, query_address
from solgraph.graph.knowledge import Knowledge
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import shorten

#: So many notes where nothing else is asked for.
USUAL_NOTES = 8


def queried(kg: Knowledge, page: Page, *, name: str, parameters: Json | None = None, notes: int = USUAL_NOTES) -> Reply:
    """A part of the answer to a saved query with these values for its parameters."""
    return answered(kg, kg.query(name, **(parameters or {})), page, notes)


def answered(kg: Knowledge, answer: Answer[Any], page: Page, most_notes: int = USUAL_NOTES) -> Reply:
    """A part of the answer to a saved query; yes or no, or triples as Turtle, where the query gives these."""
    saved = answer.saved
    assert saved
    asked = _asked(kg, saved, answer.values)
    text, head = _question(asked), asked | {"data": f"solgraph {data_version(kg)}"}
    if address := query_address(kg, saved.name, {name: _short(value) for name, value in answer.values.items()}):
        head["address"] = address
    if answer.holds_triples:
        return _turtle(answer, page, text, head)
    notes, note_lines = _notes(kg, answer.notes, most_notes)
    if answer.boolean is not None:
        word = "yes" if answer.boolean else "no"
        return Reply(head | {"answer": answer.boolean} | notes, lines(text, f"The answer is {word}.", note_lines))
    return _rows(kg, answer, page, Reply(head, text), Reply(notes, note_lines))


def _asked(kg: Knowledge, saved: SavedQuery, values: Any) -> Json:
    """The query, what it answers, and its parameters as they were understood."""
    parameters = {}
    for name, param in saved.params.items():
        value = values.get(name)
        texts = value if isinstance(value, list | tuple) else [] if value is None else [value]
        if param.kind == "iri":
            texts = [kg.label(kg.find(str(text), param.type, param.scheme)) for text in texts]
        if texts:
            parameters[name] = texts if param.multiple else texts[0]
    return {"query": saved.name, "question": saved.localised("summary", kg.languages), "parameters": parameters}


def _short(value: Any) -> Any:
    """A value as it is typed: true or false in small letters, a thing that was named by its IRI in short."""
    if isinstance(value, list | tuple):
        return [_short(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else shorten(str(value))


def _question(asked: Json) -> str:
    """What was asked, in a line."""
    named = ", ".join(
        f"{name} {', '.join(map(_short, value)) if isinstance(value, list) else _short(value)}"
        for name, value in asked["parameters"].items()
    )
    return f"{asked['question']}: {named}" if named else str(asked["question"])


def _rows(kg: Knowledge, answer: Answer[Any], page: Page, head: Reply, notes: Reply) -> Reply:
    part = answer[page.slice]
    table = without_empty_columns(part.table)
    sources = Sources(kg, iris_in(part.terms), answer.labels)
    rows = fitting([_row(table, row, sources) for row in table.gathered()])
    part = answer[page.offset : page.offset + len(rows)]
    table = without_empty_columns(part.table)
    described = page.described(len(rows), len(answer))
    meanings = answer.saved.localised_columns(kg.languages) if answer.saved else {}
    columns = {name: meanings[name] for name in table.columns if name in meanings}
    values = head.values | {"columns": columns, "rows": rows} | described | notes.values
    if rows and not sources.passages and (iris := iris_in(part.terms)):
        values["sources"] = (
            f"These rows count or combine statements. Where those about one thing were read: {_about(iris)}"
        )
    shown = markdown(table) if rows else "No rows." if not len(answer) else ""
    documents = sources.documents(iris_in(part.terms))
    closing = [values[key] for key in ("rest", "sources") if key in values]
    return Reply(values, lines(head.text, shown, closing, notes.text, documents))


def _about(iris: Sequence[str]) -> str:
    return call("describe", [shorten(iris[0])])


def _row(table: Table, row: Sequence[Any], sources: Sources) -> Json:
    """A row by column: a list in one that gathers several values; empty cells are left out."""
    cells = zip(table.columns, row, strict=True)
    return {
        name: [sources.value(term) for term in cell] if name in table.several else sources.value(cell[0])
        for name, cell in cells
        if cell
    }


def _notes(kg: Knowledge, notes: Sequence[Note], most: int) -> tuple[Json, str]:
    """The first notes, each with its passages, and a sentence on how to get the others."""
    shown = notes[:most]
    sources = Sources(kg, {iri for note in shown for iri in (note.about, *note.sources)})
    listed = [
        {"kind": note.kind, "text": note.text}
        | ({"about": sources.thing(note.about)} if note.about else {})
        | ({"sources": sources.things(note.sources)} if note.sources else {})
        for note in shown
    ]
    more = f'{len(notes) - len(shown)} more notes: "notes": {len(notes)}.' if len(notes) > len(shown) else ""
    texts = [f"- {text}" for text in (*(note.text for note in shown), more) if text]
    return {"notes": listed} | ({"more_notes": more} if more else {}), "\n".join(["Notes:", *texts] if texts else [])


def _turtle(answer: Answer[Any], page: Page, text: str, head: Json) -> Reply:
    answer.terms.sort(key=str)
    part = answer[page.slice]
    described, turtle = page.described(len(part), len(answer), "triples"), part.text("turtle")
    return Reply(head | {"turtle": turtle} | described, lines(text, turtle, described.get("rest", "")))
