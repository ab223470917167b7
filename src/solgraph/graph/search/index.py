"""What can be asked of the index of cards: ranked cards, saved queries, names in a text, and snippets.

It is made whole in memory, in less than a second for the shipped data, and may be kept in a file. To ask it needs
neither the store nor the saved queries.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from solgraph.graph.names import language_rank
from solgraph.graph.search.cards import CONCEPT, CONTEXT, FURTHER, KINDS, NAME, TEXT
from solgraph.graph.search.recognition import Recogniser
from solgraph.graph.search.tables import END, Word, short, whole
from solgraph.graph.search.words import tokens, words
from solgraph.rdf.namespaces import expand
from solgraph.rdf.terms import fold

#: What a word counts in each column: names, further names, concepts, texts, and the names of what a thing is tied to;
#: of a saved query its summaries, questions, tags, descriptions, and columns and parameters.
_WEIGHTS = {"thing": "10.0, 8.0, 4.0, 3.0, 0.3", "question": "6.0, 5.0, 3.0, 1.5, 1.0"}
#: Hits of these kinds stand behind others that hold the words as well: a document is read for what it says.
_BEHIND = {"source": 0.5, "passage": 0.4, "number": 0.8, "query": 0.7}
_ORDER = list(KINDS)
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
    """What a search found; ``is_partial`` when nothing holds all of the words."""

    words: list[Word]
    cards: list[Ranked]
    is_partial: bool = False


class QueryMatch(NamedTuple):
    """A saved query by name, how well it fits a text, and the words of the text that it holds."""

    name: str
    score: float
    words: frozenset[str]


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
        """
        wanted = self.words(text)
        scores: dict[int, tuple[float, set[str]]] = {}
        for table, weights in _WEIGHTS.items():
            held = self._held(table, weights, wanted)
            scores |= {card: held[card] for card in self._own(table, wanted) & held.keys()}
        named = self._named(_corrected(text, wanted)) | self._named(text)
        first = named or self._begun(text)
        details = self._details(scores.keys() | first.keys(), kinds, country)
        words_held = {card: len(scores[card][1]) for card, *_ in details if card in scores}
        best = max(words_held.values(), default=0)
        least = max(best, (len(wanted) + 1) // 2)
        ranked = [
            Ranked(card, key, kind, card in named, scores.get(card, (0.0, ()))[0] * _BEHIND.get(kind, 1.0))
            for card, key, kind in details
            if card in first or words_held[card] >= least
        ]
        order = sorted(ranked, key=lambda hit: (first.get(hit.card, (3,)), -hit.score, _ORDER.index(hit.kind), hit.key))
        return Ranking(wanted, order, bool(order) and best < len(wanted) and not first)

    def queries(self, text: str, limit: int = 20) -> list[QueryMatch]:
        """The saved queries that hold any words of a text, the best first.

        They are compared with each other only: a word that stands in all queries counts nothing, however rare it is
        among things.
        """
        held = self._held("question", _WEIGHTS["question"], self.words(text))
        best = sorted(held.items(), key=lambda pair: (-pair[1][0], pair[0]))[:limit]
        names = dict(self.rows("SELECT id, key FROM card WHERE kind = 'query'"))
        return [QueryMatch(names[card], score, frozenset(matched)) for card, (score, matched) in best]

    def _held(self, table: str, weights: str, wanted: Iterable[Word]) -> dict[int, tuple[float, set[str]]]:
        """Card → its score, and which of the words it holds."""
        held: dict[int, tuple[float, set[str]]] = {}
        query = f"SELECT rowid, bm25({table}, {weights}) FROM {table} WHERE {table} MATCH ?"
        for word in wanted:
            for card, score in self.rows(query, word.expression) if word.expression else ():
                total, matched = held.get(card, (0.0, set()))
                held[card] = total - score, matched | {word.word}
        return held

    def _own(self, table: str, wanted: Iterable[Word]) -> set[int]:
        """The cards that hold at least one of the words themselves, not only in the names of what they are tied to."""
        expressions = " OR ".join(filter(None, (word.expression for word in wanted)))
        query = f"SELECT rowid FROM {table} WHERE {table} MATCH ?"
        rows = self.rows(query, f"{{name further concept text}} : ({expressions})") if expressions else []
        return {card for (card,) in rows}

    def _named(self, text: str) -> dict[int, tuple[int, ...]]:
        """The cards that the whole text names, and their places: things before documents, names before further ones."""
        iri, folded = expand(text.strip()) or "", fold(text)
        by_key = "SELECT id, kind, 0 FROM card WHERE key = ? OR (kind = 'query' AND key = ?)"
        by_name = "SELECT card, kind, field FROM text JOIN card ON card = card.id WHERE folded = ? ORDER BY field DESC"
        rows = self.rows(by_key, short(iri) or None, text.strip())
        rows += self.rows(by_name, folded) if folded and not iri else []
        return {card: (kind == "source", field, _ORDER.index(kind)) for card, kind, field in rows}

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
            "SELECT id, key, kind FROM card WHERE id IN (SELECT value FROM json_each(?1))"
            " AND (?2 = '' OR id IN (SELECT place.card FROM place JOIN card ON card.id = country WHERE key = ?2))",
            f"[{','.join(map(str, cards))}]",
            short(country),
        )
        return [(card, whole(key, kind), kind) for card, key, kind in rows if not kinds or kind in kinds]

    # What a card says

    def snippet(self, card: int, label: str, wanted: Sequence[Word], chain: Sequence[str]) -> Snippet | None:
        """The text of a card, besides its label, that holds most of the words, in the best language.

        Where only the label holds them, it is the text that says what the thing is, if there is any.
        """
        own = "SELECT field, text, language, '' FROM text WHERE card = ?"
        others = (
            "SELECT tie.field, text.text, text.language, card.key FROM tie JOIN card ON card.id = tie.other"
            f" JOIN text ON text.card = card.id AND text.field IN ({NAME}, {FURTHER}) WHERE tie.card = ?"
        )
        rows = (*self.rows(own, card), *self.rows(others, card))
        snippets = [_snippet(row, wanted) for row in rows if fold(row[1]) not in fold(label)]
        if _marks(label, wanted)[0] == len(wanted):
            snippets = [snippet for snippet in snippets if snippet.field in (TEXT, CONCEPT)]

        def order(snippet: Snippet) -> tuple[int, int, int, int, str]:
            preferred, language = _PREFERRED.index(snippet.field), language_rank(snippet.language, chain)
            return -snippet.words, preferred, language, -len(snippet.marks), snippet.text

        return min((each for each in snippets if each.words or each.field == TEXT), key=order, default=None)

    def texts(self, card: int, fields: Sequence[int] = (NAME,)) -> list[tuple[str, str]]:
        """Texts of a card, each with its language."""
        rows = self.rows("SELECT field, text, language FROM text WHERE card = ?", card)
        return [(text, language) for field, text, language in rows if field in fields]

    def read_at(self, card: int) -> tuple[str, str]:
        """The passage and the document where it was read, nothing for what comes from the register."""
        passage, document = self.rows("SELECT passage, document FROM card WHERE id = ?", card)[0]
        return whole(passage), whole(document)


#: Which texts a reader wants to see first, of those that hold the same words.
_PREFERRED = [TEXT, CONCEPT, FURTHER, NAME, CONTEXT]


def _snippet(row: tuple[int, str, str, str], wanted: Sequence[Word]) -> Snippet:
    field, text, language, about = row
    return Snippet(field, text, language, whole(about), *_marks(text, wanted))


def _marks(text: str, wanted: Sequence[Word]) -> tuple[int, list[tuple[int, int]]]:
    """How many of the words a text holds, and where."""
    places = list(tokens(text))
    marks = dict.fromkeys((start, end) for start, end, token in places if any(word.matches(token) for word in wanted))
    return sum(any(word.matches(token) for *_, token in places) for word in wanted), list(marks)


def _corrected(text: str, wanted: Iterable[Word]) -> str:
    """A text with its typing errors corrected."""
    corrections = {word.word: word.corrected[0] for word in wanted if word.corrected}
    return " ".join(corrections.get(word, word) for word in words(text)) if corrections else text
