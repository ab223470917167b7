"""Whether a SELECT has rows, asked without what cannot change that.

What is optional, or bound, and used nowhere else, gives no row and takes none; but it multiplies the rows of which
others are told apart: without it an engine answers up to twenty times sooner.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from solgraph.rdf.sparql_tokens import Token, enclosed, form, tokens


def as_ask(query: str) -> str:
    """The ASK that is true when a SELECT has rows, which an engine answers at the first of them.

    A query with HAVING, or in another form, is left as it is.
    """
    every = tokens(query)
    begin = next((place for place, token in enumerate(every) if token.text.upper() == "SELECT"), None)
    if begin is None or form(query) != "SELECT":
        return query
    opening = next(place for place, token in enumerate(every) if token.text == "{" and place > begin)
    group = enclosed(every[opening:])
    if any(token.text.upper() == "HAVING" for token in every[opening + len(group) :]):
        return query
    return "".join([*(token.text for token in every[:begin]), "ASK ", *_needed(group)])


class _Part(NamedTuple):
    """Tokens that may go when of their variables none is used elsewhere, but those that have a value without them."""

    start: int
    end: int
    others: frozenset[str]


class _Group(NamedTuple):
    """A group that is being read: the variables that have a value in it, and the parts that may go."""

    bound: set[str]
    parts: list[_Part]


def _needed(group: Sequence[Token]) -> Iterator[str]:
    """The texts of a group without parts that nothing uses; one part may be all that uses another."""
    places = [place for place, token in enumerate(group) if token.kind not in ("space", "comment")]
    texts = [group[place].text for place in places]
    used = Counter(filter(_is_variable, texts))
    parts = [*_parts(texts)]
    while part := next((part for part in reversed(parts) if _is_unused(part, texts, used)), None):
        used -= Counter(filter(_is_variable, texts[part.start : part.end]))
        texts[part.start : part.end] = [""] * (part.end - part.start)
        parts.remove(part)
    for text, (before, place) in zip(texts, pairwise((-1, *places)), strict=True):
        yield f" {text}" if text and place - before > 1 else text


def _is_unused(part: _Part, texts: Sequence[str], used: Counter[str]) -> bool:
    own = Counter(filter(_is_variable, texts[part.start : part.end]))
    return all(used[name] == times for name, times in own.items() if name not in part.others)


def _parts(texts: Sequence[str]) -> Iterator[_Part]:
    """The OPTIONAL and BIND at the end of a group and of the groups in it; not of subqueries, which may count rows.

    Before other patterns they stay: an engine joins what stands before them first, and might begin worse without them.
    """
    groups: list[_Group | None] = []  # those that are open; nothing for brackets and subqueries
    for place, text in enumerate(texts):
        group = groups[-1] if groups else None
        word = text.upper()
        if text in ("{", "("):
            if group and text == "{" and texts[place - 1].upper() not in ("OPTIONAL", "EXISTS"):
                group.parts.clear()
            is_plain = text == "{" and texts[place + 1].upper() != "SELECT" and (group or not groups)
            groups.append(_Group(set(), []) if is_plain else None)
        elif text in ("}", ")"):
            closed = groups.pop()
            yield from closed.parts if closed else ()
        elif group and _is_variable(text) and texts[place - 1].upper() != "VALUES":
            group.parts.clear()
            group.bound.add(text)
        elif group and word in ("OPTIONAL", "BIND"):
            end = place + 1 + _length(texts[place + 1 :])
            others = group.bound if word == "OPTIONAL" else {*texts[place : end - 2]}
            group.parts.append(_Part(place, end, frozenset(others)))


def _length(texts: Sequence[str]) -> int:
    """How many there are from an opening bracket to the one that closes it."""
    depth = 0
    for place, text in enumerate(texts, 1):
        depth += (text in ("{", "(")) - (text in ("}", ")"))
        if not depth:
            return place
    return len(texts)


def _is_variable(text: str) -> bool:
    return text[:1] in ("?", "$")
