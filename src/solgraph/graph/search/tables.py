"""The tables of the index in SQLite: how cards fill them, in memory or in a file, and how words are looked up there."""

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, Self

from solgraph.graph.search.cards import CONTEXT, FURTHER, NAME, Card, Text
from solgraph.graph.search.words import AMBIGUOUS, PREFIX, STOP, near, stem, words
from solgraph.rdf.namespaces import BASE

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
#: A word of so many letters stands for longer ones that hold it, when it stands nowhere by itself.
_LEAST_HELD = 4
#: Kinds whose names are sentences or headings, by which nothing is called, and those whose names have several forms.
_SENTENCES, _DECLINED = ("query", "finding", "number", "passage"), ("concept", "programme", "network")
#: Behind every word that begins with something.
END = "\U0010ffff"


class Word(NamedTuple):
    """A word that is looked for, and the words of the index for which it stands: other forms, or corrections."""

    word: str
    forms: frozenset[str]
    corrected: tuple[str, ...] = ()

    def matches(self, token: str) -> bool:
        """Whether a folded word of a text is meant."""
        return token in self.forms

    @property
    def expression(self) -> str:
        """The word for FTS5; the form that was typed counts twice."""
        forms = [self.word] * (self.word in self.forms) + sorted(self.forms)
        return " OR ".join(f'"{form}"' for form in forms)


class Tables:
    """The tables of an index, which several threads may ask."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection, self._lock = connection, Lock()

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

    def _forms(self, word: str) -> frozenset[str]:
        """The words with the same stem and, if that is long enough, those that begin with it."""
        root = stem(word)
        first, last = (root, root + END) if len(root) >= PREFIX else ("", "")
        query = "SELECT word, stem FROM word WHERE word = ?1 OR stem = ?2 OR (word >= ?3 AND word < ?4)"
        return frozenset(
            form for form, other in self.rows(query, word, root, first, last) if other == root or other not in AMBIGUOUS
        )

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
        return [word for word in words if self.rows("SELECT 1 FROM word WHERE word = ?", word)]


def fill(connection: sqlite3.Connection, cards: Sequence[Card]) -> None:
    """The rows of all cards; the names of a tie are taken apart once, however many cards hold it."""
    ids = {card.key: number for number, card in enumerate(cards, 1)}
    split = {card.key: [" ".join(words(text.text)) for text in card.texts] for card in cards}
    names = {card.key: " ".join(_names(card, split[card.key])) for card in cards}
    for number, card in enumerate(cards, 1):
        row = (number, short(card.key), card.kind, short(card.passage), short(card.document))
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


def whole(key: str, kind: str = "") -> str:
    """The IRI of a thing as it stands in the tables, or the name of a saved query."""
    return key if kind == "query" or not key else BASE + key


def short(key: str) -> str:
    """An IRI as it stands in the tables."""
    return key.removeprefix(BASE)
