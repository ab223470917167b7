"""What can be asked of the index of cards: ranked cards, names in a text, and snippets.

It is made whole in memory, in less than a second for the shipped data, and may be kept in a file. To ask it needs
neither the store nor the saved queries.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from solgraph.graph.names import language_rank
from solgraph.graph.search.cards import CONCEPT, CONTEXT, FURTHER, KINDS, NAME, TEXT
from solgraph.graph.search.recognition import Recogniser
from solgraph.graph.search.tables import END, Word, short, whole
from solgraph.graph.search.words import PREFIX, STOP, tokens, words
from solgraph.rdf.namespaces import expand
from solgraph.rdf.terms import fold

#: What a word counts in the names, further names and texts of a thing, and in the summaries, questions, tags,
#: descriptions, and columns and parameters of a saved query.
_OF_THINGS, _OF_QUERIES = "10.0, 8.0, 3.0", "6.0, 5.0, 3.0, 1.5, 1.0"
#: What a word counts that stands in a name of a concept of the thing, or of what the thing is tied to.
_BY_TIE = {CONCEPT: 0.4, CONTEXT: 0.03}
#: Another name of a concept is looked for in texts when it is so long: shorter ones, such as "work", mean other things.
_LEAST_SYNONYM = 6
#: Hits of these kinds stand behind others that hold the words as well: a document is read for what it says.
_BEHIND = {"source": 0.5, "passage": 0.4, "number": 0.8, "query": 0.7}
_ORDER = list(KINDS)
#: The names and summaries of saved queries that are about as long as a text; they are not kept without diacritics.
_SUMMARIES = (
    "SELECT card, text FROM text JOIN card ON card = card.id"
    f" WHERE kind = 'query' AND field = {NAME} AND abs(length(text) - ?) < 5"
)
#: A name is found by its beginning when so many letters of it are typed.
_LEAST_TYPED = 3


class Ranked(NamedTuple):
    """A card that a search found, by its number in the index; ``is_named`` when the whole text names it."""

    card: int
    key: str
    kind: str
    is_named: bool
    score: float


class Ranking(NamedTuple):
    """What a search found; ``is_partial`` when nothing holds all of the words.

    ``synonyms`` are the words of other names of the concept that the whole text names, and longer words.
    """

    words: list[Word]
    cards: list[Ranked]
    is_partial: bool = False
    synonyms: Sequence[Word] = ()


class Held(NamedTuple):
    """What a card holds of some words; ``is_own`` if any of them stands on the card or names a concept of it."""

    score: float
    words: frozenset[str]
    is_own: bool


class Snippet(NamedTuple):
    """A text of a card that holds so many ``words`` of the search, at its ``marks``.

    ``about`` is the concept, or what the thing is tied to, whose name the text is; nothing for a text of its own.
    """

    field: int
    text: str
    language: str
    about: str
    words: int
    marks: Sequence[tuple[int, int]]


class Index(Recogniser):
    """An index of cards."""

    def search(self, text: str, kinds: Sequence[str] = (), country: str = "") -> Ranking:
        """The cards that hold all words of a text, or else most of them, the best first.

        What the whole text names, by IRI, short form, slug or any name, stands before all others. A word counts also
        in the names of what a thing is tied to, such as its city, but at least one must stand on the card itself.
        What holds another name of a concept that the text names, or a longer word, comes last.
        """
        wanted = self.words(text)
        held = {card: entry for card, entry in self._held(wanted).items() if entry.is_own}
        first = self._named(_corrected(text, wanted)) | self._named(text) or self._begun(text)
        synonyms, longer = self._synonyms(first, text), self._longer(wanted)
        last = {card: entry.score for card, entry in self._held(longer).items() if entry.is_own}
        last |= self._holding(synonyms)
        details = self._details(held.keys() | first.keys() | last.keys(), kinds, country)
        best = max((len(held[card].words) for card, *_ in details if card in held), default=0)
        least = max(best, (len(wanted) + 1) // 2)
        full = {card: entry for card, entry in held.items() if len(entry.words) >= least}
        places = {**dict.fromkeys(last, (4,)), **dict.fromkeys(full, (3,)), **first}
        scores = last | {card: entry.score for card, entry in full.items()}
        ranked = [
            Ranked(card, key, kind, places[card] < (2,), scores.get(card, 0.0) * _weight(key, kind, wanted))
            for card, key, kind in details
            if card in places
        ]
        order = sorted(ranked, key=lambda hit: (places[hit.card], -hit.score, _ORDER.index(hit.kind), hit.key))
        is_partial = bool(order) and best < len(wanted) and not first
        others = Word(text, frozenset(word for name in synonyms for word in name.split()) - STOP)
        return Ranking(wanted, order, is_partial, [others, *longer])

    def _held(self, wanted: Iterable[Word]) -> dict[int, Held]:
        """Card → what it holds of some words."""
        held: dict[int, Held] = {}
        for word in wanted:
            _add(held, word, (*self._in_things(word), *self._in_queries(word)))
        return held

    def _in_things(self, word: Word) -> Iterator[tuple[int, float, bool]]:
        """The things that hold a word, with a score and whether it is their own or of what they are tied to."""
        if not word.forms:
            return
        query = f"SELECT rowid, -bm25(thing, {_OF_THINGS}) FROM thing WHERE thing MATCH ?"
        for card, score in self.rows(query, word.expression):
            yield card, score, True
        tied = (
            f"WITH named AS MATERIALIZED ({query}) SELECT card, field, max(named.score) FROM tie"
            " JOIN named ON tie.other = named.rowid GROUP BY card, field"
        ).replace(" FROM thing", " AS score FROM thing")
        for card, field, score in self.rows(tied, f"{{name further}} : ({word.expression})"):
            yield card, score * _BY_TIE[field], field == CONCEPT

    def _in_queries(self, word: Word) -> Iterator[tuple[int, float, bool]]:
        """The saved queries that hold a word; in columns and parameters it tells what they answer as much."""
        query = f"SELECT rowid, -bm25(question, {_OF_QUERIES}) FROM question WHERE question MATCH ?"
        for card, score in self.rows(query, word.expression) if word.forms else ():
            yield card, score, True

    def _synonyms(self, first: Mapping[int, Any], text: str) -> list[str]:
        """The other names of a concept that the text names."""
        of_concepts = f"card IN ({','.join(map(str, first))}) AND card IN (SELECT id FROM card WHERE kind = 'concept')"
        names = self.rows(f"SELECT DISTINCT folded FROM text WHERE {of_concepts} AND folded != ?", fold(text))
        return [name for (name,) in names if len(name) >= _LEAST_SYNONYM]

    def _longer(self, wanted: Sequence[Word]) -> list[Word]:
        """The words that begin with a single short one, as ``asylsuchende`` with ``asyl``."""
        if len(wanted) != 1 or not _LEAST_TYPED <= len(word := wanted[0].word) < PREFIX:
            return []
        rows = self.rows("SELECT word FROM word WHERE stem BETWEEN ? AND ?", word, word + END)
        return [Word(word, frozenset(form for (form,) in rows if form.startswith(word)))]

    def _holding(self, names: Iterable[str]) -> dict[int, float]:
        """The things that hold any of some names, word by word, with a score."""
        query = f"SELECT rowid, -bm25(thing, {_OF_THINGS}) FROM thing WHERE thing MATCH ?"
        phrases = " OR ".join(f'"{name}"' for name in names)
        return dict(self.rows(query, phrases)) if phrases else {}

    def _named(self, text: str) -> dict[int, tuple[int, ...]]:
        """The cards that the whole text names, and their places: things before documents, names before further ones.

        Synonyms of a concept are names that others may bear with more right.
        """
        iri, folded = expand(text.strip()) or "", fold(text)
        by_key = "SELECT id, kind, 0 FROM card WHERE key = ? OR (kind = 'query' AND key = ?)"
        by_name = "SELECT card, kind, field FROM text JOIN card ON card = card.id WHERE folded = ? ORDER BY field DESC"
        rows = self.rows(by_key, short(iri) or None, text.strip())
        rows += self.rows(by_name, folded) if folded and not iri else []
        rows += [(card, "query", NAME) for card, name in self.rows(_SUMMARIES, len(text)) if fold(name) == folded]
        return {
            card: (kind == "source", kind == "concept" and field, field, _ORDER.index(kind))
            for card, kind, field in rows
        }

    def _begun(self, text: str) -> dict[int, tuple[int, ...]]:
        """The places and networks a name of which begins with the text, as somebody types it."""
        folded = fold(text)
        query = (
            "SELECT DISTINCT card, kind FROM text JOIN card ON card = card.id"
            " WHERE folded > ? AND folded < ? AND kind IN ('city', 'place', 'network')"
        )
        rows = self.rows(query, folded, folded + END) if len(folded) >= _LEAST_TYPED else []
        return {card: (2, 0, _ORDER.index(kind)) for card, kind in rows}

    def _details(self, cards: Iterable[int], kinds: Sequence[str], country: str) -> list[tuple[int, str, str]]:
        """Key and kind of some cards, of those that are of these kinds and in this country."""
        rows = self.rows(
            "SELECT id, key, kind FROM card WHERE id IN (SELECT value FROM json_each(?))"
            " AND (? = '' OR id IN (SELECT place.card FROM place JOIN card ON card.id = country WHERE key = ?))",
            f"[{','.join(map(str, cards))}]",
            *[short(country)] * 2,
        )
        return [(card, whole(key, kind), kind) for card, key, kind in rows if not kinds or kind in kinds]

    # What a card says

    def snippet(self, card: int, label: str, ranking: Ranking, chain: Sequence[str]) -> Snippet | None:
        """The text of a card, besides its label, that holds most of the words, in the best language.

        Where only the label holds them, it is the text that says what the thing is, if there is any; where no text
        does, one that holds a synonym.
        """
        is_told = _marks(label, ranking.words)[0] == len(ranking.words)
        snippets = self._snippets(card, label, ranking.words)
        if is_told:
            texts = [snippet for snippet in snippets if snippet.field == TEXT]
            snippets = texts or [snippet for snippet in snippets if snippet.field == CONCEPT]
        elif not any(snippet.words for snippet in snippets):
            snippets = self._snippets(card, label, ranking.synonyms)

        def order(snippet: Snippet) -> tuple[int, int, int, int, str]:
            preferred, language = _PREFERRED.index(snippet.field), language_rank(snippet.language, chain)
            return -snippet.words, preferred, language, len(snippet.text), snippet.text

        return min((each for each in snippets if each.words or each.field == TEXT), key=order, default=None)

    def _snippets(self, card: int, label: str, wanted: Sequence[Word]) -> list[Snippet]:
        """The texts of a card, and the names that hold any of the words of what it is tied to."""
        own = "SELECT field, text, language, '' FROM text WHERE card = ?"
        others = (
            "SELECT tie.field, text.text, text.language, card.key FROM tie JOIN card ON card.id = tie.other"
            f" JOIN text ON text.card = card.id AND text.field IN ({NAME}, {FURTHER})"
            " WHERE tie.card = ? AND tie.other IN (SELECT rowid FROM thing WHERE thing MATCH ?)"
        )
        forms = " OR ".join(word.expression for word in wanted if word.forms)
        rows = self.rows(own, card) + (self.rows(others, card, f"{{name further}} : ({forms})") if forms else [])
        called = fold(label)
        return [
            Snippet(field, text, language, whole(about), *_marks(text, wanted))
            for field, text, language, about in rows
            if fold(text) not in called
        ]

    def texts(self, card: int, fields: Sequence[int] = (NAME,)) -> list[tuple[str, str]]:
        """Texts of a card, each with its language."""
        rows = self.rows("SELECT field, text, language FROM text WHERE card = ?", card)
        return [(text, language) for field, text, language in rows if field in fields]

    def read_at(self, card: int) -> tuple[str, str]:
        """The passage and the document where it was read, nothing for what comes from the register."""
        query = (
            "SELECT iif(here.kind = 'passage', here.key, here.passage), coalesce(source.key, '')"
            " FROM card AS here LEFT JOIN card AS source ON source.id = here.document WHERE here.id = ?"
        )
        passage, document = self.rows(query, card)[0]
        return whole(passage), whole(document)


#: Which texts a reader wants to see first, of those that hold the same words.
_PREFERRED = [TEXT, CONCEPT, FURTHER, NAME, CONTEXT]


def _add(held: dict[int, Held], word: Word, rows: Iterable[tuple[int, float, bool]]) -> None:
    for card, score, is_own in rows:
        before = held.get(card, Held(0.0, frozenset(), False))
        held[card] = Held(before.score + score, before.words | {word.word}, before.is_own or is_own)


def _weight(key: str, kind: str, wanted: Sequence[Word]) -> float:
    """What the score of a card counts by its kind; up to twice as much for a saved query whose name holds the words."""
    name = key.split("-") if kind == "query" else ()
    held = sum(not word.forms.isdisjoint(name) for word in wanted)
    return _BEHIND.get(kind, 1.0) * (1 + held / max(1, len(wanted)))


def _marks(text: str, wanted: Sequence[Word]) -> tuple[int, list[tuple[int, int]]]:
    """How many of the words a text holds, and where."""
    forms = frozenset().union(*(word.forms for word in wanted))
    places = [place for place in tokens(text) if place[2] in forms]
    held = {token for *_, token in places}
    return sum(not held.isdisjoint(word.forms) for word in wanted), [(start, end) for start, end, _ in places]


def _corrected(text: str, wanted: Iterable[Word]) -> str:
    """A text with its typing errors corrected."""
    corrections = {word.word: word.corrected[0] for word in wanted if word.corrected}
    return " ".join(corrections.get(word, word) for word in words(text)) if corrections else text
