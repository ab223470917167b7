"""RDF terms: text ↔ term ↔ plain Python value, and how names are compared."""

import keyword
import re
import unicodedata
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from solgraph.rdf.namespaces import XSD

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple


class IRI(str):
    """An IRI among Python values; ``str`` in every way.

    >>> mayor = kg.query("mayors", city="Palermo")[0].mayor
    >>> isinstance(mayor, solgraph.IRI), mayor
    (True, 'https://w3id.org/solgraph/id/person/leoluca-orlando')
    """

    __slots__ = ()


class Text(str):
    """A text with its language tag; ``str`` in every way.

    >>> name = kg.sparql("SELECT ?name { city:milan skos:prefLabel ?name FILTER(LANG(?name) = 'it') }")[0].name
    >>> name, name.language
    ('Milano', 'it')
    """

    language: str

    def __new__(cls, value: str, language: str) -> "Text":
        text = super().__new__(cls, value)
        text.language = language
        return text

    def __reduce__(self) -> tuple[type["Text"], tuple[str, str]]:
        return Text, (str(self), self.language)


_INTEGER_TYPES = (
    "integer int long short byte nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger "
    "unsignedInt unsignedLong unsignedShort unsignedByte gYear"
)
_INTEGERS = {XSD + name for name in _INTEGER_TYPES.split()}
_LEXICAL = {
    **dict.fromkeys(_INTEGERS, r"[+-]?\d+"),
    XSD + "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    XSD + "double": r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN",
    XSD + "float": r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN",
    XSD + "boolean": r"true|false|0|1",
    XSD + "date": r"\d{4}-\d{2}-\d{2}",
}


def python_value(term: Term | None) -> Any:
    """The plain Python value of a term: IRI, Text, str, int, float, Decimal, bool or date; None stays None.

    ``xsd:gYear`` becomes int, ``xsd:gYearMonth`` stays text; a literal that its type does not allow stays text.
    """
    if not isinstance(term, Literal):
        return None if term is None else IRI(term.value) if isinstance(term, NamedNode) else str(term)
    if term.language:
        return Text(term.value, term.language)
    pattern = _LEXICAL.get(term.datatype.value)
    if pattern is None or not re.fullmatch(pattern, term.value, re.ASCII):
        return term.value
    try:
        return _typed(term.value, term.datatype.value)
    except ValueError:  # the 30th of February
        return term.value


def _typed(value: str, datatype: str) -> Any:
    if datatype in _INTEGERS:
        return int(value)
    if datatype == XSD + "decimal":
        from decimal import Decimal

        return Decimal(value)
    if datatype == XSD + "boolean":
        return value in ("true", "1")
    if datatype == XSD + "date":
        from datetime import date

        return date.fromisoformat(value)
    return float(value)


def python_name(name: str) -> str:
    """A name as Python can write it: hyphens as underscores, and one behind a word of Python, as in ``from_``."""
    plain = name.replace("-", "_")
    return f"{plain}_" if keyword.iskeyword(plain) else plain


def fold(name: str) -> str:
    """A name without case, diacritics and punctuation, as names are compared: ``Cádiz`` and ``cadiz`` are one."""
    if name.isascii() and name.isalnum():
        return name.lower()
    return " ".join(_LETTERS.findall(plain(name)))


def plain(text: str) -> str:
    """A text without case and diacritics."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    if not bare.isascii():
        for char in set(bare):  # there are few, also in a long text
            if char in STROKES or unicodedata.combining(char):
                bare = bare.replace(char, STROKES.get(char, ""))
    return bare


_LETTERS = re.compile(r"[^\W_]+")
STROKES = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i"}
