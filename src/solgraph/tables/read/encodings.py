"""The encoding of a text file: by its mark, by the form of UTF-8 and UTF-16, or by what the bytes would say."""

import codecs
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from solgraph.errors import DataError, MissingExtra, WrongUse
from solgraph.rdf.terms import fold
from solgraph.tables.recognise.gazetteer import Gazetteer

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_WESTERN = ("äöüß", "àâçèéêëîïôùûüœæ", "àèéìíòóùú", "áéíñóúü", "áâãàçéêíóôú", "åäæéöø", "áæðéíóöúýþ", "çàèéíïòóúü")
_CENTRAL = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž", "äöüßé")
EIGHT_BIT = {
    "cp1252": _WESTERN,
    "cp1250": _CENTRAL,
    "iso8859-2": _CENTRAL,
    "macintosh": _WESTERN,
    "cp1254": ("çğıöşüâîûi\u0307",),
    "cp1251": ("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўђјљњћџѓќѕ",),
    "cp1253": ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",),
}
"""Encodings, the usual ones first, with the letters beyond ASCII of the languages for which they are used."""
_ICELANDIC, _TURKISH = "cp1252", "cp1254"
_SIGNS = frozenset("’‘“”„–—«»…€°§ªº")
_WORD = re.compile(r"[^\W\d_]+")


def checked_encoding(name: str) -> str:
    """The name of an encoding as Python has it. Raises :class:`WrongUse` when there is none."""
    try:
        b"a".decode(name, "replace")
        return codecs.lookup(name).name
    except (LookupError, UnicodeError, ValueError) as error:
        hint = "Common ones: utf-8, cp1252 (western Windows), cp1250 (Polish Windows), utf-16."
        raise WrongUse(f"There is no encoding {name!r}.", hint=hint) from error


def detected_encoding(content: bytes) -> str:
    """UTF-8 when most of the lines that are not ASCII are; else the likeliest 8-bit encoding.

    Raises :class:`DataError` when two are equally likely and read different letters.
    """
    for mark, name in _BOMS.items():
        if content.startswith(mark):
            return name
    if name := _utf16(content[:4000]):
        return name
    lines = lines_beyond_ascii(content)
    if 2 * sum(map(is_utf8, lines)) >= len(lines):
        return "utf-8"
    return _eight_bit([line for line in lines if not is_utf8(line)][:2000])


def _utf16(sample: bytes) -> str:
    """UTF-16 without a mark: zeros at every other place only."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    few, many = sorted((even, odd))
    if many < max(3, len(sample) // 40) or few > many // 20:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _eight_bit(lines: Sequence[bytes]) -> str:
    """The encoding in which most cells are names of towns, and then the one with the most letters of a language."""
    texts = {name: [line.decode(name, "replace") for line in lines] for name in EIGHT_BIT}
    towns = _towns({name: _cells(decoded) for name, decoded in texts.items()})
    scores = {name: (towns[name], _score(decoded, EIGHT_BIT[name])) for name, decoded in texts.items()}
    best = max(scores, key=scores.__getitem__)
    if best == _ICELANDIC and scores[_TURKISH] == scores[best] and texts[_TURKISH] != texts[best]:
        what = f"may be in the encoding {_ICELANDIC} (Icelandic letters) or {_TURKISH} (Turkish letters)."
        raise DataError(what, hint=f"Say which: encoding={_ICELANDIC!r} or encoding={_TURKISH!r}.")
    return best


def _cells(texts: Iterable[str]) -> set[str]:
    """The cells with letters beyond ASCII, as names are compared."""
    cells = (cell.strip(" \"'\r\n") for text in texts for cell in re.split("[,;|\t]", text))
    return {fold(cell) for cell in cells if not cell.isascii()}


def _towns(cells: Mapping[str, set[str]]) -> dict[str, int]:
    """How many of the cells in each encoding are names of towns; 0 without the gazetteer."""
    towns = _names_of_towns(frozenset().union(*cells.values()))
    return {encoding: len(names & towns) for encoding, names in cells.items()}


@lru_cache(16)
def _names_of_towns(names: frozenset[str]) -> frozenset[str]:
    """Those among some names that are names of towns; none without the gazetteer, which takes a second to read."""
    if not names:
        return names
    try:
        gazetteer = Gazetteer(set(names))
    except MissingExtra:
        return frozenset()
    return frozenset(name for name in names if gazetteer.matches(name, ""))


def _score(texts: Sequence[str], languages: Sequence[str]) -> int:
    """How many letters are those of a language: of the best one for the whole file, and of the best for each line."""
    counts = [[_letters(text, letters) for letters in languages] for text in texts]
    signs = sum(sign in _SIGNS for text in texts for sign in text)
    return max(map(sum, zip(*counts, strict=True))) + sum(map(max, counts)) + 2 * signs


def _letters(text: str, letters: str) -> int:
    """The letters of a language in a text; those of another script count in words without Latin letters only."""
    is_latin = letters[0] < "\u0370"
    words = (word.casefold() for word in _WORD.findall(text) if not word.isascii())
    alphabet = _alphabet(letters)
    return sum(
        sum(sign in alphabet for sign in word if sign > "\x7f")
        for word in words
        if is_latin or not any("a" <= sign <= "z" for sign in word)
    )


@cache
def _alphabet(letters: str) -> frozenset[str]:
    return frozenset(letters)


def lines_beyond_ascii(content: bytes) -> list[bytes]:
    """The lines that hold other bytes than ASCII."""
    return [] if content.isascii() else [line for line in content.splitlines() if not line.isascii()]


def is_utf8(line: bytes) -> bool:
    """Whether bytes can be read as UTF-8."""
    try:
        line.decode()
        return True
    except UnicodeDecodeError:
        return False
