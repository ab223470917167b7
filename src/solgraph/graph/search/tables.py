"""The tables of the index in SQLite: how cards fill them, in memory or in a file, and how words are looked up there."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, Self
from weakref import finalize
from zlib import compress, decompress

from solgraph.graph.search.cards import CONCEPT, CONTEXT, FURTHER, NAME, TEXT, Card, Text
from solgraph.graph.search.words import AMBIGUOUS, PREFIX, STOP, near, stem, words
from solgraph.rdf.namespaces import BASE

_TABLES = """
CREATE TABLE card (id INTEGER PRIMARY KEY, key TEXT, kind TEXT, passage TEXT, document INTEGER);
CREATE TABLE place (card INTEGER, country INTEGER, PRIMARY KEY (card, country)) WITHOUT ROWID;
CREATE TABLE text (
  card INTEGER, place INTEGER, field INTEGER, language TEXT, written TEXT, folded TEXT, stems TEXT,
  text TEXT AS (coalesce(written, folded)), PRIMARY KEY (card, place)
) WITHOUT ROWID;
CREATE TABLE kept (name TEXT PRIMARY KEY, content BLOB) WITHOUT ROWID;
CREATE TABLE tie (other INTEGER, field INTEGER, card INTEGER, PRIMARY KEY (other, field, card)) WITHOUT ROWID;
CREATE TABLE word (stem TEXT, word TEXT, PRIMARY KEY (stem, word)) WITHOUT ROWID;
CREATE VIRTUAL TABLE thing USING fts5(name, further, text, content='');
CREATE VIRTUAL TABLE question USING fts5(name, further, tag, text, rest, content='');
"""
_INDEXES = """
CREATE INDEX tie_card ON tie (card);
CREATE INDEX text_folded ON text (folded) WHERE folded IS NOT NULL;
CREATE INDEX text_stems ON text (stems) WHERE stems IS NOT NULL;
INSERT INTO thing (thing) VALUES ('optimize');
INSERT INTO question (question) VALUES ('optimize');
VACUUM;
"""
#: A word of so many letters stands for longer ones that hold it, when it stands nowhere by itself.
_LEAST_HELD = 4
#: Kinds whose names are sentences or headings, by which nothing is called, and those whose names have several forms.
_SENTENCES, _DECLINED = ("query", "finding", "number", "passage"), ("concept", "programme", "network")
#: Nobody types a longer title of a document as a whole; its words are found as those of texts are.
_LONGEST_TITLE = 30
#: The forms of so many words are kept.
_MOST_CACHED = 10_000
#: Behind every word that begins with something.
END = "\U0010ffff"


class Word(NamedTuple):
    """A word that is looked for, and the words of the index for which it stands: other forms, or corrections."""

    word: str
    forms: frozenset[str]
    corrected: tuple[str, ...] = ()

    @property
    def expression(self) -> str:
        """The word for FTS5; the form that was typed counts twice."""
        forms = [self.word] * (self.word in self.forms) + sorted(self.forms)
        return " OR ".join(f'"{form}"' for form in forms)


class Tables:
    """The tables of an index, which several threads may ask."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection, self._lock = connection, Lock()
        finalize(self, connection.close)

    @classmethod
    def of(cls, cards: Iterable[Card]) -> Self:
        """The index of some cards, in memory."""
        connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        connection.executescript(_TABLES)
        connection.execute("BEGIN")
        fill(connection, list(cards))
        connection.execute("COMMIT")
        connection.executescript(_INDEXES)
        return cls(connection)

    @classmethod
    def in_file(cls, path: Path) -> Self:
        """An index that was kept. Raises :class:`sqlite3.Error` when there is none, or it is damaged."""
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        try:
            connection.execute("SELECT 1 FROM thing WHERE thing MATCH 'a'").fetchall()
        except sqlite3.Error:
            connection.close()
            raise
        return cls(connection)

    def rows(self, query: str, *values: Any) -> list[Any]:
        """The rows of a query to SQLite."""
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def keep(self, name: str, content: Any) -> None:
        """Keep what was derived from the tables beside them."""
        with self._lock:
            compressed = compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())
            self._connection.execute("INSERT INTO kept VALUES (?, ?)", (name, compressed))

    def kept(self, name: str) -> Any:
        """What was derived from the tables, as JSON has it."""
        return json.loads(decompress(self.rows("SELECT content FROM kept WHERE name = ?", name)[0][0]))

    def serialized(self) -> bytes:
        """The index as the bytes of a file."""
        with self._lock:
            return self._connection.serialize()

    # Words

    def word(self, word: str) -> Word:
        """The forms of a folded word that the index knows; else words that hold it, or that are spelt nearly so."""
        if forms := self._forms(word):
            return Word(word, forms)
        if len(word) < _LEAST_HELD or not word.isalpha():
            return Word(word, frozenset())
        if holding := self.rows("SELECT word FROM word WHERE instr(word, ?)", word):
            return Word(word, frozenset(form for (form,) in holding))
        close = near(word, self.alike(word, "SELECT word FROM word WHERE substr(word, 1, 1) IN (?, ?)"))[:3]
        return Word(word, frozenset(form for other in close for form in self._forms(other)), tuple(close))

    @cached_property
    def _forms(self) -> Callable[[str], frozenset[str]]:
        """Word → those with the same stem and, if that is long enough, those that begin with it."""
        return lru_cache(maxsize=_MOST_CACHED)(self._looked_up_forms)

    def _looked_up_forms(self, word: str) -> frozenset[str]:
        root = stem(word)
        last = root + END if len(root) >= PREFIX else root
        rows = self.rows("SELECT word, stem FROM word WHERE stem BETWEEN ? AND ?", root, last)
        return frozenset(form for form, other in rows if other == root or other not in AMBIGUOUS)

    def alike(self, word: str, query: str) -> list[str]:
        """The words that a query finds for the letters with which one may begin that is spelt wrong."""
        return [other for (other,) in self.rows(query, word[:1], word[1:2])]

    def words(self, text: str) -> list[Word]:
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
        return [word for word in words if self.rows("SELECT 1 FROM word WHERE stem = ? AND word = ?", stem(word), word)]


def fill(connection: sqlite3.Connection, cards: Sequence[Card]) -> None:
    """The rows of all cards."""
    ids = {card.key: number for number, card in enumerate(cards, 1)}
    known: set[str] = set()
    for number, card in enumerate(cards, 1):
        passage = "" if card.passage == card.key else short(card.passage)
        row = (number, short(card.key), card.kind, passage, ids.get(card.document))
        connection.execute("INSERT INTO card VALUES (?, ?, ?, ?, ?)", row)
        places = ((number, ids[country]) for country in card.countries if country in ids)
        connection.executemany("INSERT INTO place VALUES (?, ?)", places)
        ties = [(ids[tie.key], tie.field, number) for tie in card.ties if tie.key in ids]
        connection.executemany("INSERT OR IGNORE INTO tie VALUES (?, ?, ?)", ties)
        known.update(_fill_texts(connection, number, card))
    connection.executemany("INSERT INTO word VALUES (?, ?)", sorted((stem(word), word) for word in known))


def _fill_texts(connection: sqlite3.Connection, number: int, card: Card) -> set[str]:
    """The rows of the texts of a card; gives their words."""
    split = [" ".join(words(text.text)) for text in card.texts]
    rows = filter(None, (_row(card.kind, *pair) for pair in zip(card.texts, split, strict=True)))
    numbered = ((number, place, *row) for place, row in enumerate(rows))
    connection.executemany("INSERT INTO text VALUES (?, ?, ?, ?, ?, ?, ?)", numbered)
    columns: dict[int, dict[str, None]] = {field: {} for field in _FIELDS_OF[card.kind == "query"]}
    for text, joined in zip(card.texts, split, strict=True):
        columns[text.field][joined] = None
    table = (
        "question (rowid, name, further, tag, text, rest)" if len(columns) > 3 else "thing (rowid, name, further, text)"
    )
    marks = ", ".join("?" * (1 + len(columns)))
    connection.execute(f"INSERT INTO {table} VALUES ({marks})", (number, *map(" ".join, columns.values())))
    return set(" ".join(split).split())


#: The columns of a thing, and those of a saved query.
_FIELDS_OF = ((NAME, FURTHER, TEXT), (NAME, FURTHER, CONCEPT, TEXT, CONTEXT))


def _row(kind: str, text: Text, joined: str) -> tuple[Any, ...] | None:
    """A row of the table of texts, in which names have a form to look them up by; none for what no snippet shows."""
    if text.field == CONTEXT:
        return None
    is_typed = kind != "source" or len(joined) <= _LONGEST_TITLE
    folded = joined if text.field in (NAME, FURTHER) and kind not in _SENTENCES and is_typed else None
    stems = " ".join(map(stem, joined.split())) if folded and kind in _DECLINED else None
    return text.field, text.language, None if text.text == folded else text.text, folded, stems


def whole(key: str, kind: str = "") -> str:
    """The IRI of a thing as it stands in the tables, or the name of a saved query."""
    return key if kind == "query" or not key else BASE + key


def short(key: str) -> str:
    """An IRI as it stands in the tables."""
    return key.removeprefix(BASE)
