"""What saved queries answer on two versions of the data, compared."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import BlankNode

from solgraph.authoring.query_tests import examples
from solgraph.errors import DataError, SolgraphError
from solgraph.graph.answer import Answer
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.terms import Term
from solgraph.rdf.turtle import term_text

if TYPE_CHECKING:
    from solgraph.graph.knowledge import Knowledge


class Change(NamedTuple):
    """How the answer to one query changed: the rows removed and added, and why it could not be asked, if so."""

    query: str
    removed: list[str]
    added: list[str]
    errors: list[str]

    def text(self) -> str:
        """The query with its errors (!) and its rows removed (-) and added (+)."""
        lines = (("!", self.errors), ("-", self.removed), ("+", self.added))
        return "".join([f"{self.query}\n", *(f"  {sign} {row}\n" for sign, rows in lines for row in rows), "\n"])


class Differences(list[Change]):
    """The queries whose answers differ or could not be had; ``asked`` counts all that were tried."""

    asked = 0

    @property
    def changed(self) -> list[Change]:
        """The queries whose answers differ."""
        return [change for change in self if change.removed or change.added]

    def text(self) -> str:
        """Each change, and a last line with the counts."""
        removed, added = sum(len(change.removed) for change in self), sum(len(change.added) for change in self)
        failed = sum(bool(change.errors) for change in self)
        counts = f"{len(self.changed)} of {self.asked} answers differ, {removed} rows removed, {added} rows added"
        unasked = f", {failed} could not be asked of both" if failed else ""
        return "".join(change.text() for change in self) + f"{counts}{unasked}\n"


def differences(old: "Knowledge", new: "Knowledge", queries: Iterable[SavedQuery]) -> Differences:
    """Compare what saved queries answer on two versions of the data; required parameters get their examples.

    Rows count as often as they occur; their order does not matter. Blank nodes are all alike, as their names change
    from run to run. Labels are not compared. An example that names nothing in one version is an error of that version,
    whose answer then counts as empty.
    """
    changes = Differences()
    for query in queries:
        change = _change(old, new, query)
        changes.asked += 1
        changes += [change] if any(change[1:]) else []
    return changes


def _change(old: "Knowledge", new: "Knowledge", query: SavedQuery) -> Change:
    errors: list[str] = []
    before, after = (_rows(kg, query, version, errors) for kg, version in ((old, "old"), (new, "new")))
    return Change(query.name, sorted((before - after).elements()), sorted((after - before).elements()), errors)


def _rows(kg: "Knowledge", query: SavedQuery, version: str, errors: list[str]) -> Counter[str]:
    """The rows of an answer as lines; why there is none is added to ``errors``."""
    try:
        return Counter(_lines(Answer.of(kg.endpoint.ask(query.bind(examples(query), kg.snapshot.label_index)))))
    except DataError:  # data that cannot be read
        raise
    except SolgraphError as error:
        errors.append(f"{version} data: {error.what}")
        return Counter()


def _lines(answer: Answer) -> Iterator[str]:
    """Each row of an answer as one line; the yes or no of an ASK is one row."""
    if answer.boolean is not None:
        yield answer.text("table").strip()
        return
    for row in answer.terms:
        yield " | ".join(map(_short, row))


def _short(term: Term | None) -> str:
    """A term in short, so that terms that differ look different."""
    return "" if term is None else "[]" if isinstance(term, BlankNode) else term_text(term)
