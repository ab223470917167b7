"""The index of all cards in SQLite, and what can be asked of it: ranked cards, saved queries, and names in a text.

It is made whole in memory, in less than a second for the shipped data, and may be kept in a file. To ask it needs
neither the store nor the saved queries.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from solgraph.graph.names import language_rank
from solgraph.graph.search.cards import CONCEPT, CONTEXT, FURTHER, KINDS, NAME, TEXT, Card, Text
from solgraph.graph.search.words import PREFIX, STOP, near, stem, tokens, words
from solgraph.rdf.namespaces import BASE, expand
from solgraph.rdf.terms import fold

_COLUMNS = "name, further, concept, text, context"
_TABLES = f"""
CREATE TABLE card (id INTEGER PRIMARY KEY, key TEXT, kind TEXT, passage TEXT, document TEXT);
CREATE TABLE place (card INTEGER, country INTEGER, PRIMARY KEY (card, country)) WITHOUT ROWID;
CREATE TABLE text (card INTEGER, field INTEGER, language TEXT, text TEXT, folded TEXT, stems TEXT);
CREATE TABLE tie (card INTEGER, field INTEGER, other INTEGER, PRIMARY KEY (card, field, other)) WITHOUT ROWID;
CREATE TABLE word (word TEXT PRIMARY KEY, stem TEXT) WITHOUT ROWID;
CREATE VIRTUAL TABLE thing USING fts5({_COLUMNS}, content='');
CREATE VIRTUAL TABLE question USING fts5({_COLUMNS}, content='');
"""
_INDEXES = """
CREATE UNIQUE INDEX card_key ON card (key);
CREATE INDEX text_card ON text (card);
CREATE INDEX text_folded ON text (folded) WHERE folded IS NOT NULL;
CREATE INDEX text_stems ON text (stems) WHERE stems IS NOT NULL;
CREATE INDEX word_stem ON word (stem);
INSERT INTO thing (thing) VALUES ('optimize');
INSERT INTO question (question) VALUES ('optimize');
"""
#: What a word counts in each column: names, further names, concepts, texts, and the names of what a thing is tied to;
#: of a saved query its summaries, questions, tags, descriptions, and columns and parameters.
_WEIGHTS = {"thing": "10.0, 8.0, 4.0, 3.0, 0.3", "question": "6.0, 5.0, 3.0, 1.5, 1.0"}
#: Hits of these kinds stand behind others that hold the words as well: a document is read for what it says.
_BEHIND = {"source": 0.5, "passage": 0.4, "number": 0.8, "query": 0.7}
#: A name that a text may hold has as many words; one that may be spelt wrong, as many.
_MOST_WORDS, _MOST_WRONG = 8, 3
_ORDER = list(KINDS)
#: A name is found by its beginning when so many letters of it are typed.
_LEAST_TYPED = 3
#: Kinds whose names are sentences or headings, by which nothing is called, and those whose names have several forms.
_SENTENCES, _DECLINED = ("query", "finding", "number", "passage"), ("concept", "programme", "network")


class Word(NamedTuple):
    """A word that is looked for, and the words of the index for which it stands: other forms, or corrections."""

    word: str
    forms: frozenset[str]
    prefix: str = ""
    corrected: tuple[str, ...] = ()

    def matches(self, token: str) -> bool:
        """Whether a folded word of a text is meant."""
        return token in self.forms or bool(self.prefix and token.startswith(self.prefix))

    @property
    def expression(self) -> str:
        """The word for FTS5; the form that was typed counts twice."""
        forms = [self.word] * (self.word in self.forms) + sorted(self.forms)
        return " OR ".join([f'"{form}"' for form in forms] + ([f'"{self.prefix}"*'] if self.prefix else []))


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


class Recognised(NamedTuple):
    """A part of a text that names a thing or concept: from ``start`` to ``end``, spelt with ``distance`` wrong letters.

    One part may name several things: each has an entry. ``name`` is the name that was recognised.
    """

    start: int
    end: int
    key: str
    kind: str
    name: str
    distance: int


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


class Index:
    """An index of cards. Several threads may ask it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection, self._lock = connection, Lock()

    @classmethod
    def of(cls, cards: Iterable[Card]) -> "Index":
        """The index of some cards, in memory."""
        connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        connection.executescript(_TABLES)
        connection.execute("BEGIN")
        _fill(connection, list(cards))
        connection.execute("COMMIT")
        connection.executescript(_INDEXES)
        return cls(connection)

    @classmethod
    def in_file(cls, path: Path) -> "Index":
        """An index that was kept. Raises :class:`sqlite3.Error` when there is none, or it is damaged."""
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        try:
            connection.execute("SELECT 1 FROM thing WHERE thing MATCH 'a'").fetchall()
        except sqlite3.Error:
            connection.close()
            raise
        return cls(connection)

    def _rows(self, query: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def serialized(self) -> bytes:
        """The index as the bytes of a file."""
        with self._lock:
            return self._connection.serialize()

    # Words

    def word(self, word: str) -> Word:
        """The forms of a folded word that the index knows; else words that hold it, or that are spelt nearly so."""
        root = stem(word)
        forms = frozenset(
            form for (form,) in self._rows("SELECT word FROM word WHERE word = ? OR stem = ?", word, root)
        )
        prefix = root if len(root) >= PREFIX else ""
        if forms or (prefix and self._begins(prefix)):
            return Word(word, forms, prefix)
        if len(word) >= 4 and (holding := self._rows("SELECT word FROM word WHERE instr(word, ?)", word)):
            return Word(word, frozenset(form for (form,) in holding))
        if len(word) < 4 or not word.isalpha():
            return Word(word, frozenset())
        close = near(word, self._alike(word, "SELECT word FROM word WHERE substr(word, 1, 1) IN (?, ?)"))[:3]
        stems = frozenset(form for other in close for form in self.word(other).forms)
        return Word(word, stems, corrected=tuple(close))

    def _begins(self, prefix: str) -> bool:
        return bool(
            self._rows("SELECT 1 FROM word WHERE word >= ? AND word < ? LIMIT 1", prefix, prefix + "\U0010ffff")
        )

    def _alike(self, word: str, query: str) -> list[str]:
        return [other for (other,) in self._rows(query, word[:1], word[1:2])]

    def _words(self, text: str) -> list[Word]:
        """The words of a text that say something; two that the data write as one stand for that too."""
        every = words(text)
        joined = self._known(first + second for first, second in pairwise(every))
        chosen = [self.word(word) for word in dict.fromkeys(word for word in every if word not in STOP) or every]
        return [
            word._replace(forms=word.forms.union(form for form in joined if word.word in (form[:n], form[-n:])))
            for word in chosen
            for n in [len(word.word)]
        ]

    def _known(self, words: Iterable[str]) -> list[str]:
        return [word for word in words if self._rows("SELECT 1 FROM word WHERE word = ?", word)]

    # Things and queries

    def search(self, text: str, kinds: Sequence[str] = (), country: str = "") -> Ranking:
        """The cards that hold all words of a text, or else most of them, the best first.

        What the whole text names, by IRI, short form, slug or any name, stands before all others. A word counts also
        in the names of what a thing is tied to, such as its city, but at least one must stand on the card itself.
        """
        wanted = self._words(text)
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
        held = self._held("question", _WEIGHTS["question"], self._words(text))
        best = sorted(held.items(), key=lambda pair: (-pair[1][0], pair[0]))[:limit]
        names = dict(self._rows("SELECT id, key FROM card WHERE kind = 'query'"))
        return [QueryMatch(names[card], score, frozenset(matched)) for card, (score, matched) in best]

    def _held(self, table: str, weights: str, wanted: Iterable[Word]) -> dict[int, tuple[float, set[str]]]:
        """Card → its score, and which of the words it holds."""
        held: dict[int, tuple[float, set[str]]] = {}
        query = f"SELECT rowid, bm25({table}, {weights}) FROM {table} WHERE {table} MATCH ?"
        for word in wanted:
            for card, score in self._rows(query, word.expression) if word.expression else ():
                total, matched = held.get(card, (0.0, set()))
                held[card] = total - score, matched | {word.word}
        return held

    def _own(self, table: str, wanted: Iterable[Word]) -> set[int]:
        """The cards that hold at least one of the words themselves, not only in the names of what they are tied to."""
        expressions = " OR ".join(filter(None, (word.expression for word in wanted)))
        query = f"SELECT rowid FROM {table} WHERE {table} MATCH ?"
        rows = self._rows(query, f"{{name further concept text}} : ({expressions})") if expressions else []
        return {card for (card,) in rows}

    def _named(self, text: str) -> dict[int, tuple[int, ...]]:
        """The cards that the whole text names, and their places: things before documents, names before further ones."""
        iri, folded = expand(text.strip()) or "", fold(text)
        by_key = "SELECT id, kind, 0 FROM card WHERE key = ? OR (kind = 'query' AND key = ?)"
        by_name = "SELECT card, kind, field FROM text JOIN card ON card = card.id WHERE folded = ? ORDER BY field DESC"
        rows = self._rows(by_key, _short(iri) or None, text.strip())
        rows += self._rows(by_name, folded) if folded and not iri else []
        return {card: (kind == "source", field, _ORDER.index(kind)) for card, kind, field in rows}

    def _begun(self, text: str) -> dict[int, tuple[int, ...]]:
        """The places and networks a name of which begins with the text, as somebody types it."""
        folded = fold(text)
        query = (
            "SELECT DISTINCT card, kind FROM text JOIN card ON card = card.id"
            " WHERE folded > ? AND folded < ? AND kind IN ('city', 'place', 'network')"
        )
        rows = self._rows(query, folded, f"{folded}\U0010ffff") if len(folded) >= _LEAST_TYPED else []
        return {card: (2, 0, _ORDER.index(kind)) for card, kind in rows}

    def _details(self, cards: Iterable[int], kinds: Sequence[str], country: str) -> list[tuple[int, str, str]]:
        """Key and kind of some cards, of those that are of these kinds and in this country."""
        rows = self._rows(
            "SELECT id, key, kind FROM card WHERE id IN (SELECT value FROM json_each(?1))"
            " AND (?2 = '' OR id IN (SELECT place.card FROM place JOIN card ON card.id = country WHERE key = ?2))",
            f"[{','.join(map(str, cards))}]",
            _short(country),
        )
        return [(card, _whole(key, kind), kind) for card, key, kind in rows if not kinds or kind in kinds]

    # Names in a text

    def recognise(self, text: str, kinds: Sequence[str] = ()) -> list[Recognised]:
        """The things and concepts that parts of a text name, in the order of the text.

        The longest names win, then those spelt as in the data, then other forms of a word (``refugee``), then, among
        words that stand nowhere in the data, those with typing errors. A text says by itself which of several things
        of one name is meant, or does not: all of them are given.
        """
        found: list[Recognised] = []
        places = list(tokens(text))
        for reader in (self._exactly, self._by_stems, self._nearly):
            for first, last, entries in reader(places, {i for i, place in enumerate(places) if _covered(place, found)}):
                start, end = places[first][0], places[last][1]
                if not any(_covered(place, found) for place in places[first : last + 1]):
                    fitting = [(*entry,) for entry in entries if not kinds or entry[1] in kinds]
                    found += [Recognised(start, end, *entry) for entry in fitting]
        return sorted(found, key=lambda part: (part.start, _ORDER.index(part.kind), part.key))

    def _exactly(self, places: Sequence[tuple[int, int, str]], taken: set[int]) -> Iterator[tuple[int, int, Any]]:
        spans = {
            (first, last): " ".join(word for *_, word in places[first : last + 1]) for first, last in _spans(places)
        }
        yield from self._looked_up(spans, "folded")

    def _by_stems(self, places: Sequence[tuple[int, int, str]], taken: set[int]) -> Iterator[tuple[int, int, Any]]:
        stems = [stem(word) for *_, word in places]
        spans = {(first, last): " ".join(stems[first : last + 1]) for first, last in _spans(places)}
        yield from self._looked_up(spans, "stems")

    def _looked_up(self, spans: Mapping[tuple[int, int], str], column: str) -> Iterator[tuple[int, int, Any]]:
        """The spans of words that are names by a column of the table of texts, the longest first."""
        query = (
            f"SELECT {column}, key, kind, text FROM text JOIN card ON card = card.id"
            f" WHERE kind != 'query' AND {column} IN ({', '.join('?' * len(set(spans.values())))})"
        )
        names: dict[str, dict[str, tuple[str, str, str, int]]] = {}
        for name, key, kind, text in self._rows(query, *set(spans.values())) if spans else ():
            names.setdefault(name, {}).setdefault(key, (_whole(key), kind, text, 0))
        for first, last in sorted(spans, key=lambda span: span[0] - span[1]):
            name = spans[first, last]
            if name in names and (first != last or name not in STOP):
                entries = list(names[name].values())
                yield first, last, [entry for entry in entries if entry[1] != "source"] or entries

    def _nearly(self, places: Sequence[tuple[int, int, str]], taken: set[int]) -> Iterator[tuple[int, int, Any]]:
        unknown = {i for i, (*_, word) in enumerate(places) if word not in STOP and not self.word(word).forms - {""}}
        unknown |= {i for i, (*_, word) in enumerate(places) if self.word(word).corrected}
        for first, last in sorted(_spans(places, _MOST_WRONG), key=lambda span: span[0] - span[1]):
            span = set(range(first, last + 1))
            if span & taken or not span & unknown:
                continue
            name = " ".join(word for *_, word in places[first : last + 1])
            query = "SELECT DISTINCT folded FROM text WHERE substr(folded, 1, 1) IN (?, ?)"
            for close in near(name, self._alike(name, query))[:1]:
                entries = [entry for *_, some in self._looked_up({(0, 1): close}, "folded") for entry in some]
                yield first, last, [(key, kind, text, 1) for key, kind, text, _ in entries]

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
        rows = (*self._rows(own, card), *self._rows(others, card))
        snippets = [_snippet(row, wanted) for row in rows if fold(row[1]) not in fold(label)]
        if _marks(label, wanted)[0] == len(wanted):
            snippets = [snippet for snippet in snippets if snippet.field in (TEXT, CONCEPT)]

        def order(snippet: Snippet) -> tuple[int, int, int, int, str]:
            preferred, language = _PREFERRED.index(snippet.field), language_rank(snippet.language, chain)
            return -snippet.words, preferred, language, -len(snippet.marks), snippet.text

        return min((each for each in snippets if each.words or each.field == TEXT), key=order, default=None)

    def texts(self, card: int, fields: Sequence[int] = (NAME,)) -> list[tuple[str, str]]:
        """Texts of a card, each with its language."""
        rows = self._rows("SELECT field, text, language FROM text WHERE card = ?", card)
        return [(text, language) for field, text, language in rows if field in fields]

    def read_at(self, card: int) -> tuple[str, str]:
        """The passage and the document where it was read, nothing for what comes from the register."""
        passage, document = self._rows("SELECT passage, document FROM card WHERE id = ?", card)[0]
        return _whole(passage), _whole(document)


#: Which texts a reader wants to see first, of those that hold the same words.
_PREFERRED = [TEXT, CONCEPT, FURTHER, NAME, CONTEXT]


def _covered(place: tuple[int, int, str], found: Iterable[Recognised]) -> bool:
    return any(part.start <= place[0] < part.end for part in found)


def _spans(places: Sequence[Any], most: int = _MOST_WORDS) -> Iterator[tuple[int, int]]:
    """First and last of all sequences of words that may be a name."""
    for first in range(len(places)):
        yield from ((first, last) for last in range(first, min(first + most, len(places))))


def _snippet(row: tuple[int, str, str, str], wanted: Sequence[Word]) -> Snippet:
    field, text, language, about = row
    return Snippet(field, text, language, _whole(about), *_marks(text, wanted))


def _marks(text: str, wanted: Sequence[Word]) -> tuple[int, list[tuple[int, int]]]:
    """How many of the words a text holds, and where."""
    places = list(tokens(text))
    marks = dict.fromkeys((start, end) for start, end, token in places if any(word.matches(token) for word in wanted))
    return sum(any(word.matches(token) for *_, token in places) for word in wanted), list(marks)


def _corrected(text: str, wanted: Iterable[Word]) -> str:
    """A text with its typing errors corrected."""
    corrections = {word.word: word.corrected[0] for word in wanted if word.corrected}
    return " ".join(corrections.get(word, word) for word in words(text)) if corrections else text


# Making it


def _fill(connection: sqlite3.Connection, cards: Sequence[Card]) -> None:
    """The rows of all cards; the names of a tie are taken apart once, however many cards hold it."""
    ids = {card.key: number for number, card in enumerate(cards, 1)}
    split = {card.key: [" ".join(words(text.text)) for text in card.texts] for card in cards}
    names = {card.key: " ".join(_names(card, split[card.key])) for card in cards}
    for number, card in enumerate(cards, 1):
        row = (number, _short(card.key), card.kind, _short(card.passage), _short(card.document))
        connection.execute("INSERT INTO card VALUES (?, ?, ?, ?, ?)", row)
        places = ((number, ids[country]) for country in card.countries if country in ids)
        connection.executemany("INSERT INTO place VALUES (?, ?)", places)
        ties = [(number, tie.field, ids[tie.key]) for tie in card.ties if tie.key in ids]
        connection.executemany("INSERT OR IGNORE INTO tie VALUES (?, ?, ?)", ties)
        rows = (_row(number, card.kind, *pair) for pair in zip(card.texts, split[card.key], strict=True))
        connection.executemany("INSERT INTO text VALUES (?, ?, ?, ?, ?, ?)", filter(None, rows))
        columns: list[list[str]] = [[], [], [], [], []]
        for text, joined in zip(card.texts, split[card.key], strict=True):
            columns[text.field].append(joined)
        for tie in card.ties:
            columns[tie.field].append(names.get(tie.key, ""))
        table = "question" if card.kind == "query" else "thing"
        places_ = ", ".join("?" * (1 + len(columns)))
        values = (number, *(" ".join(dict.fromkeys(column)) for column in columns))
        connection.execute(f"INSERT INTO {table} (rowid, {_COLUMNS}) VALUES ({places_})", values)
    every = {word for texts in split.values() for text in texts for word in text.split()}
    connection.executemany("INSERT INTO word VALUES (?, ?)", ((word, stem(word)) for word in sorted(every)))


def _names(card: Card, split: Sequence[str]) -> list[str]:
    """The names of a card, those that differ only in case and diacritics once."""
    pairs = zip(card.texts, split, strict=True)
    return list(dict.fromkeys(joined for text, joined in pairs if text.field in (NAME, FURTHER)))


def _row(number: int, kind: str, text: Text, joined: str) -> tuple[Any, ...] | None:
    """A row of the table of texts, in which names have a form to look them up by; none for what no snippet shows."""
    if text.field == CONTEXT:
        return None
    folded = joined if text.field in (NAME, FURTHER) and kind not in _SENTENCES else None
    stems = " ".join(map(stem, joined.split())) if folded and kind in _DECLINED else None
    return number, text.field, text.language, text.text, folded, stems


def _whole(key: str, kind: str = "") -> str:
    """The IRI of a thing as it stands in the tables, or the name of a saved query."""
    return key if kind == "query" or not key else BASE + key


def _short(key: str) -> str:
    return key.removeprefix(BASE)
