"""A description in a notebook: facts, and what points to the thing in groups that open with a click."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from solgraph.graph.evidence import opened
from solgraph.notebooks import bullets, details, framed, heading, link, table
from solgraph.rdf.terms import Term

if TYPE_CHECKING:
    from solgraph.graph.description import Description
    from solgraph.graph.facts import Mention

#: A group shows so many, since a notebook keeps what it shows.
_MOST_SHOWN = 50
Cell = Callable[[Sequence[Term]], str | None]


def html(about: "Description") -> str:
    """The thing with its names and summary, facts about it, and what points to it; sources open with a click."""
    names = ", ".join(f"{name} ({', '.join(languages)})" if languages else name for name, languages in about.names)
    head = heading(
        f"{about.label} · {', '.join(map(about.word, about.classes)) or 'thing'}",
        link(about.iri, about.iri),
        escape(f"also called: {names}") if names else "",
        *(escape(text) for text, *_ in about.summary),
    )
    cell = opened(about.passages, about.shown)
    facts = [
        (escape(about.word(fact.property)), _values(about, fact.values), _evidence(cell, fact.sources))
        for fact in about.facts
    ]
    return framed(head, table(("fact", "value", "source"), facts) if facts else "", *_groups(about, cell))


def _evidence(cell: Cell, iris: Iterable[str]) -> str:
    return cell([NamedNode(iri) for iri in iris]) or ""


def _values(about: "Description", terms: Iterable[Term]) -> str:
    return ", ".join(link(about.shown(term), term.value if isinstance(term, NamedNode) else "") for term in terms)


def _groups(about: "Description", cell: Cell) -> Iterator[str]:
    for group, mentions in about.mentions.items():
        title = f"{about.word(group) if group else 'Term'} ({len(mentions)})"
        items = [_mention(about, mention, cell) for mention in mentions[:_MOST_SHOWN]]
        more = len(mentions) - _MOST_SHOWN
        yield details(escape(title), bullets([*items, *([f"and {more} more"] if more > 0 else [])]))


def _mention(about: "Description", mention: "Mention", cell: Cell) -> str:
    facts = ", ".join(filter(None, [*map(about.word, mention.relations), *map(about.shown, mention.details)]))
    head = " — ".join([link(about.title(mention), mention.iri), *filter(None, [escape(facts)])])
    span = f" · {escape(str(mention.span))}" if str(mention.span) else ""
    return f"{head}{span}<br>{escape(mention.text)}{_evidence(cell, mention.evidence)}"
