"""A description in a terminal: names, summary, facts, and in groups what points to the thing."""

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from solgraph.rdf.namespaces import ID

if TYPE_CHECKING:
    from solgraph.graph.description import Description
    from solgraph.graph.facts import Mention

_LEAST_WIDTH, _MOST_INDENT = 40, 28


def text(about: "Description", width: int) -> str:
    """The lines, none longer than ``width`` if that is at least 40."""
    return "\n".join(_lines(about, max(width, _LEAST_WIDTH))).rstrip() + "\n"


def _lines(about: "Description", width: int) -> Iterator[str]:
    yield f"{about.label} · {', '.join(map(about.word, about.classes)) or 'thing'}"
    yield about.iri
    if about.names:
        names = (f"{name} ({', '.join(languages)})" if languages else name for name, languages in about.names)
        yield from wrap(f"also called: {', '.join(names)}", width, subsequent_indent="  ")
    for summary, *_ in about.summary:
        yield ""
        yield from wrap(summary, width)
    yield from _fact_lines(about, width)
    for group, mentions in about.mentions.items():
        yield ""
        yield f"{about.word(group) if group else 'Term'} ({len(mentions)})"
        for mention in mentions:
            yield from _mention_lines(about, mention, width)


def _fact_lines(about: "Description", width: int) -> Iterator[str]:
    facts = sorted((about.word(fact.property), fact) for fact in about.facts)
    indent = min(max((len(word) for word, _ in facts), default=0), _MOST_INDENT)
    yield from [""] if facts else []
    for word, fact in facts:
        sources = ", ".join(iri.removeprefix(f"{ID}source/") for iri in fact.sources)
        values = ", ".join(map(about.shown, fact.values))
        line = f"{word:<{indent}}  {values}{f'  [{sources}]' if sources else ''}"
        yield from wrap(line, width, subsequent_indent=" " * (indent + 2))
    if about.evidence:
        yield ""
        yield from wrap(_cited(about, about.evidence), width, subsequent_indent=" ")


def _mention_lines(about: "Description", mention: "Mention", width: int) -> Iterator[str]:
    details = [*map(about.word, mention.relations), *map(about.shown, mention.details), str(mention.span)]
    shown = ", ".join(filter(None, details))
    head = about.title(mention) + (f" — {shown}" if shown else "")
    yield from wrap(head, width, initial_indent="  • ", subsequent_indent="    ")
    evidence = _cited(about, mention.evidence) if mention.evidence else ""
    for line in filter(None, (mention.text, evidence)):
        yield from wrap(line, width, initial_indent="    ", subsequent_indent="    ")


def _cited(about: "Description", passages: Iterable[str]) -> str:
    return f"[{'; '.join(about.shown(NamedNode(iri)) for iri in passages)}]"
