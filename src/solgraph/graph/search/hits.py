"""The hits of a search: grouped by kind, each with a snippet that shows why it is there, and where it was read."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path
from textwrap import wrap
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from solgraph.errors import WrongUse, did_you_mean
from solgraph.formats import media
from solgraph.formats.rows import Table
from solgraph.graph.names import language_rank
from solgraph.graph.search.cards import CONCEPT, KINDS
from solgraph.graph.search.index import Ranked, Ranking, Snippet
from solgraph.graph.search.stored import index_of
from solgraph.graph.snapshot import Snapshot
from solgraph.notebooks import details, framed
from solgraph.notebooks import table as html_table
from solgraph.rdf.atomic_files import write_whole
from solgraph.rdf.namespaces import VOCAB, shorten
from solgraph.texts import sentence, word

#: The heading of each kind of hits.
HEADINGS = dict(
    zip(
        KINDS,
        (
            *("Cities", "Other places", "Networks", "Saved queries", "Concepts", "Programmes", "Collaborations"),
            *("Advocacy", "Organisations", "People", "Laws and funds", "Findings", "Numbers", "Sources", "Passages"),
        ),
        strict=True,
    )
)
#: A text shows so many hits of each kind, unless one kind was asked for; of a long snippet only so many letters.
MOST_EACH, _LONGEST = 5, 150
_COLUMNS = ("kind", "thing", "name", "snippet", "source", "document")


class Hit(NamedTuple):
    """A thing, or a saved query by its name, with its label and the snippet that shows why it was found.

    ``passage`` is where it was read, ``source`` its label and ``document`` the source; they are empty for what comes
    from the register. ``about`` says whose name the snippet is, if it is that of a concept or another thing.

    >>> hit = kg.search("Palermo")[0]
    >>> hit.kind, hit.key
    ('city', 'https://w3id.org/solgraph/id/city/palermo')
    """

    key: str
    kind: str
    label: str
    snippet: Snippet | None
    about: str
    passage: str
    document: str
    source: str

    @property
    def short(self) -> str:
        """What it is called in commands: ``city:palermo``, or the name of a saved query."""
        return shorten(self.key)

    @property
    def text(self) -> str:
        """The snippet in a line, cut to what stands around the words; that of a concept says which."""
        return "".join(part for part, _ in self.parts())

    def parts(self) -> list[tuple[str, bool]]:
        """The snippet in parts, each with whether it is a word that was looked for.

        >>> [part for part, is_word in kg.search("clinic", kind="programme")[0].parts() if is_word]
        ['clinic']
        """
        if self.snippet is None:
            return []
        text, marks = _cut(self.snippet.text, self.snippet.marks)
        ends = [0, *(end for mark in marks for end in mark), len(text)]
        parts = [(text[start:end], number % 2 == 1) for number, (start, end) in enumerate(pairwise(ends))]
        before, after = "", ""
        if self.about.endswith(self.snippet.text):
            before = self.about.removesuffix(self.snippet.text)
        elif self.about:
            before, after = f"{self.about} (", ")"
        return [part for part in ((before, False), *parts, (after, False)) if part[0]]


class Hits(Sequence[Hit]):
    """The hits of a search, the best first, of at most ``limit`` things, and how many there are of each kind.

    ``corrections`` are words with typing errors and for what they were taken. Where nothing holds all words,
    ``is_partial`` is set and those that hold most of them are there.

    >>> hits = kg.search("Palermo")
    >>> hits.total == sum(hits.counts.values()), hits.counts["city"]
    (True, 1)
    """

    def __init__(
        self, snapshot: Snapshot, asked: str, ranking: Ranking, chosen: Sequence[Ranked], chain: Sequence[str]
    ) -> None:
        self.asked, self.is_partial, self.total = asked, ranking.is_partial, len(ranking.cards)
        self.counts = Counter(ranked.kind for ranked in ranking.cards)
        self.corrections = {word.word: list(word.corrected) for word in ranking.words if word.corrected}
        self._hits = _Reader(snapshot, chain, ranking).hits(chosen)

    def __getitem__(self, place: Any) -> Any:
        return self._hits[place]

    def __len__(self) -> int:
        return len(self._hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self._hits)

    @property
    def iris(self) -> list[str]:
        """The IRIs of the things among the hits.

        >>> kg.search("Palermo").iris[0]
        'https://w3id.org/solgraph/id/city/palermo'
        """
        return [hit.key for hit in self if hit.kind != "query"]

    def groups(self) -> dict[str, list[Hit]]:
        """Kind → its hits; the kind of the best hit comes first.

        >>> next(iter(kg.search("Palermo").groups()))
        'city'
        """
        groups: dict[str, list[Hit]] = {}
        for hit in self:
            groups.setdefault(hit.kind, []).append(hit)
        return groups

    # As a text, a table or a file

    def text(
        self, width: int | None = None, format: str | None = None, *, path: Path | None = None, language: str = ""
    ) -> str:
        """For the eye, or in a form of rows (``csv``, ``json`` …), or that of the file's ending.

        For the eye it has headings and notes in the ``language`` of the interface, if one is given.

        >>> print(kg.search("Rostock", kind="city").text())
        Rostock: 1 hit
        <BLANKLINE>
        CITIES
          Rostock · city:rostock
        <BLANKLINE>
        """
        form = media.choose((_TEXT, *media.ROWS), format, path, what="A search")
        if form is _TEXT:
            return "\n".join(self._lines(max(width or 80, 40), language)).rstrip() + "\n"
        text: str = form.write(self.table._replace(width=width, language=language))
        return text

    @property
    def table(self) -> Table:
        """A row for each hit."""
        rows = [
            (
                Literal(hit.kind),
                _term(hit),
                Literal(hit.label),
                Literal(hit.text),
                _node(hit.passage),
                _node(hit.document),
            )
            for hit in self
        ]
        return Table(_COLUMNS, rows, {hit.passage: hit.source for hit in self})

    def write(self, path: str | Path, format: str | None = None) -> None:
        """Write them to a file, whole or not at all; the form follows from the ending unless named.

        >>> kg.search("Palermo").write("hits.csv")
        """
        target = Path(path)
        write_whole(target, media.encoded(self.text(None, format, path=target), target))

    def notes(self, language: str = "en") -> list[str]:
        """Sentences on how the words were taken, in a language of the interface.

        >>> kg.search("Palremo").notes()
        ['“palremo” is taken for palermo.']
        """
        either = f" {sentence(language, 'cli.either')} "
        taken = [
            sentence(language, "search.corrected", word=text, others=either.join(others))
            for text, others in self.corrections.items()
        ]
        return taken + [sentence(language, "search.partial")] * self.is_partial

    def _lines(self, width: int, language: str) -> Iterator[str]:
        found = sentence(language, "search.found", asked=self.asked, number=self.total) if language else ""
        yield found or f"{self.asked}: {self.total} hit{'' if self.total == 1 else 's'}"
        for note in self.notes(language or "en"):
            yield from wrap(note, width)
        for kind, hits in self.groups().items():
            more = self.counts[kind] - len(hits)
            yield ""
            of = sentence(language, "cli.of", number=len(hits), total=self.counts[kind])
            yield _heading(kind, language).upper() + (f" ({of})" if more else "")
            for hit in hits:
                yield from _hit_lines(hit, width)

    def __repr__(self) -> str:
        kinds = ", ".join(f"{HEADINGS[kind].lower()} {number}" for kind, number in self.counts.most_common())
        return f"<Hits for {self.asked[:40]!r}: {kinds or 'none'}>"

    def _repr_html_(self) -> str:
        groups = [
            details(
                f"{HEADINGS[kind]} ({self.counts[kind]})",
                html_table(("", "", ""), ([escape(hit.label), _marked(hit), escape(hit.source)] for hit in hits)),
            )
            for kind, hits in self.groups().items()
        ]
        return framed(*groups)


def _heading(kind: str, language: str) -> str:
    """The heading of a kind of hits: as pages have it, where a language is given."""
    of_class = KINDS[kind].partition(" ")[0]
    said = word(language, "group", of_class) if of_class else word(language, "nav", "queries")
    return said if language else HEADINGS[kind]


_TEXT: media.Form[Any] = media.Form("text", ("txt",), ("text/plain",), str)


class _Reader:
    """What hits show: labels and snippets of cards."""

    def __init__(self, snapshot: Snapshot, chain: Sequence[str], ranking: Ranking) -> None:
        self.index, self.chain, self.ranking = index_of(snapshot), chain, ranking
        self._labels = snapshot.label_index.labels

    def hits(self, chosen: Sequence[Ranked]) -> list[Hit]:
        """The hits of some cards, whose labels are looked up together."""
        places = [self.index.read_at(ranked.card) for ranked in chosen]
        iris = {ranked.key for ranked in chosen if ranked.kind != "query"}
        labels = self._labels(iris.union(*places) - {""}, self.chain)
        labels |= {ranked.key: self._summary(ranked) for ranked in chosen if ranked.kind == "query"}
        titles = [labels.get(ranked.key) or shorten(ranked.key) for ranked in chosen]
        snippets = [
            self.index.snippet(ranked.card, title, self.ranking, self.chain)
            for ranked, title in zip(chosen, titles, strict=True)
        ]
        abouts = {snippet.about for snippet in snippets if snippet} - {""}
        labels |= self._labels(abouts.union(map(_scheme, abouts)) - {""}, self.chain)
        hits = []
        for ranked, title, snippet, (passage, document) in zip(chosen, titles, snippets, places, strict=True):
            read_at = (passage, document, labels.get(passage, ""))
            hits.append(Hit(ranked.key, ranked.kind, title, snippet, _about(snippet, labels), *read_at))
        return hits

    def _summary(self, ranked: Ranked) -> str:
        """The summary of a saved query in the best language."""
        name = ranked.key.replace("-", " ")
        texts = [(language_rank(language, self.chain), text) for text, language in self.index.texts(ranked.card)]
        return min((pair for pair in texts if pair[1] != name), default=(0, name))[1]


def _about(snippet: Snippet | None, labels: Mapping[str, str]) -> str:
    """Whose name a snippet is: a concept after its scheme."""
    about = snippet.about if snippet else ""
    scheme = labels.get(_scheme(about), "") if snippet and snippet.field == CONCEPT else ""
    return ": ".join(filter(None, (scheme, labels.get(about, ""))))


def search(
    snapshot: Snapshot,
    chain: Sequence[str],
    text: str,
    kind: str = "",
    country: str = "",
    *,
    limit: int | None = 50,
    each: int | None = None,
    start: int = 0,
) -> Hits:
    """The hits for some words; ``each`` limits those of a kind, ``start`` leaves out as many of the best."""
    kinds = [kind_of(kind)] if kind else []
    ranking = index_of(snapshot).search(text, kinds, country)
    chosen = ranking.cards
    if each is not None:
        order, kept = Counter[str](), []
        for ranked in chosen:
            order[ranked.kind] += 1
            kept += [ranked] if order[ranked.kind] <= each else []
        chosen = kept
    return Hits(snapshot, text, ranking, chosen[start : None if limit is None else start + limit], chain)


def kind_of(text: str) -> str:
    """The kind of hits that is meant, in the singular or plural. Raises :class:`WrongUse`."""
    headings = {heading.casefold(): kind for kind, heading in HEADINGS.items()}
    wanted = text.strip().casefold()
    for kind in (wanted, headings.get(wanted, ""), wanted.removesuffix("s")):
        if kind in KINDS:
            return kind
    hint = did_you_mean(wanted, KINDS) or f"Kinds: {', '.join(KINDS)}"
    raise WrongUse(f"There is no kind of hits '{text}'.", hint=hint)


def _scheme(iri: str) -> str:
    """The scheme of a concept; nothing for another thing."""
    return iri.rpartition("/")[0] if iri.startswith(VOCAB) else ""


def _term(hit: Hit) -> NamedNode | Literal:
    return Literal(hit.key) if hit.kind == "query" else NamedNode(hit.key)


def _node(iri: str) -> NamedNode | None:
    return NamedNode(iri) if iri else None


def _cut(text: str, marks: Sequence[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """What stands around the first of the marks in a long text, with the marks that are left."""
    if len(text) <= _LONGEST:
        return text, list(marks)
    first = marks[0][0] if marks else 0
    begin = 0 if first < _LONGEST // 2 else text.rfind(" ", 0, first - _LONGEST // 3) + 1
    stop = re.compile(r"\s").search(text, begin + _LONGEST)
    end = stop.start() if stop else len(text)
    before, after = "… " * (begin > 0), " …" * (end < len(text))
    moved = [
        (start - begin + len(before), to - begin + len(before)) for start, to in marks if begin <= start < to <= end
    ]
    return f"{before}{text[begin:end]}{after}", moved


def _marked(hit: Hit) -> str:
    return "".join(f"<b>{escape(part)}</b>" if is_word else escape(part) for part, is_word in hit.parts())


def _hit_lines(hit: Hit, width: int) -> Iterator[str]:
    """The name of a hit and its short form, the snippet below, and the source."""
    source = f"[{hit.source}]" if hit.source and hit.kind != "passage" else ""
    for indent, text in (("  ", f"{hit.label} · {hit.short}"), ("    ", hit.text), ("    ", source)):
        yield from wrap(text, width, initial_indent=indent, subsequent_indent="    ", break_on_hyphens=False)
