"""Whether a SELECT has rows, asked without what cannot change that.

What is optional, bound or counted, and used nowhere else, gives no row and takes none; but it multiplies the rows of
which others are told apart: without it an engine answers up to ten times sooner.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from solgraph.rdf.sparql_tokens import Token, enclosed, form, tokens

#: The only HAVING that is read: it holds for a group when its variable has a value in any row.
_HAS_ANY = re.compile(r"HAVING\(COUNT\((?:DISTINCT)?([?$]\w+)\)>=1\)(?!\()", re.IGNORECASE)


def as_ask(query: str) -> str:
    """The ASK that is true when a SELECT has rows, which an engine answers at the first of them.

    A query in another form, or with HAVING for more than one of something, is left as it is.
    """
    if form(query) != "SELECT":
        return query
    every = tokens(query)
    begin = next(place for place, token in enumerate(every) if token.text.upper() == "SELECT")
    opening = next(place for place, token in enumerate(every) if token.text == "{" and place > begin)
    group = enclosed(every[opening:])
    rest = [token.text for token in every[opening + len(group) :] if token.kind not in ("space", "comment")]
    if "HAVING" in map(str.upper, rest):
        if not (counted := _HAS_ANY.search("".join(rest))):
            return query
        group = tokens(f"{{ {''.join(token.text for token in group)} FILTER(BOUND({counted[1]})) }}")
    prologue = (token.text for token in every[:begin] if token.kind != "comment")
    return "".join([*prologue, "ASK ", _needed(group)]).lstrip()


class _Part(NamedTuple):
    """Tokens that may go when of their variables none is used elsewhere.

    But ``others`` have a value without them, and ``earlier`` are uses in parts on which these have no effect.
    """

    start: int
    end: int
    others: frozenset[str]
    earlier: Counter[str]


class _Group(NamedTuple):
    """A group that is being read: the variables that have a value in it, and the parts that may go."""

    bound: set[str]
    parts: list[_Part]


def _needed(group: Sequence[Token]) -> str:
    """A group without parts that nothing uses; one part may be all that uses another."""
    places = [place for place, token in enumerate(group) if token.kind not in ("space", "comment")]
    texts = _scoped([group[place].text for place in places])
    used, parts, is_left = Counter(filter(_is_variable, texts)), [*_parts(texts)], True
    while part := next((part for part in reversed(parts) if _is_unused(part, texts, used)), None):
        is_left = is_left and texts[part.start] != "("
        used -= Counter(filter(_is_variable, texts[part.start : part.end]))
        texts[part.start : part.end] = [""] * (part.end - part.start)
        parts.remove(part)
    spaced = zip(texts, pairwise((-1, *places)), strict=True)
    left = "".join(" " * (place - before > 1) + group[place].text for text, (before, place) in spaced if text)
    return left if is_left else _needed(tokens(left))  # a subquery that does not count may hold less


def _is_unused(part: _Part, texts: Sequence[str], used: Counter[str]) -> bool:
    own = Counter(filter(_is_variable, texts[part.start : part.end]))
    return all(used[name] == times + part.earlier[name] for name, times in own.items() if name not in part.others)


def _scoped(texts: Sequence[str]) -> list[str]:
    """The texts, in which variables that a subquery keeps to itself have a number behind them."""
    scoped = list(texts)
    for place in (place for place, text in enumerate(texts) if text.upper() == "SELECT"):
        head, _ = _around(texts, place)
        given = {*_plain(head), *(text for before, text in pairwise(head) if before.upper() == "AS")}
        for each in () if "*" in head else range(place, place - 1 + _length(texts[place - 1 :])):
            scoped[each] += f" {place}" if _is_variable(texts[each]) and texts[each] not in given else ""
    return scoped


def _around(texts: Sequence[str], place: int) -> tuple[Sequence[str], Sequence[str]]:
    """What stands before and behind the pattern of the subquery that begins there with SELECT."""
    pattern = texts.index("{", place)
    return texts[place:pattern], texts[pattern + _length(texts[pattern:]) : place - 2 + _length(texts[place - 1 :])]


def _plain(head: Sequence[str]) -> Iterator[str]:
    """The variables that a subquery gives as they are."""
    depth = 0
    for text in head:
        depth += (text == "(") - (text == ")")
        if not depth and _is_variable(text):
            yield text


def _is_grouped(tail: Sequence[str]) -> bool:
    return [text.upper() for text in tail[:2]] == ["GROUP", "BY"] and all(map(_is_variable, tail[2:]))


def _counts(head: Sequence[str], tail: Sequence[str]) -> bool:
    """Whether a subquery computes anything of its rows, or takes but some of them."""
    return "(" in head or "*" in head or not (not tail or _is_grouped(tail))


def _counted(texts: Sequence[str], place: int) -> Iterator[_Part]:
    """What a subquery computes for each of its groups; nothing where it gives nothing else."""
    head, tail = _around(texts, place)
    for start in (place + number for number, text in enumerate(head) if text == "("):
        end = start + _length(texts[start:])
        if texts[end - 3].upper() == "AS" and any(_plain(head)) and _is_grouped(tail):
            yield _Part(start, end, frozenset(texts[start : end - 2]), Counter())


def _parts(texts: Sequence[str]) -> Iterator[_Part]:
    """The OPTIONAL and BIND at the end of a group and of the groups in it, and what subqueries count.

    Before other patterns they stay: an engine joins what stands before them first, and might begin worse without them.
    """
    groups: list[_Group | None] = []  # those that are open; nothing for brackets, and subqueries that count rows
    for place, text in enumerate(texts):
        group = groups[-1] if groups else None
        word = text.upper()
        if text in ("{", "("):
            is_data = texts[place - 2].upper() == "VALUES"
            if group and text == "{" and texts[place - 1].upper() not in ("OPTIONAL", "EXISTS") and not is_data:
                group.parts.clear()
            is_plain = text == "{" and (group or not groups)
            if is_plain and texts[place + 1].upper() == "SELECT":
                yield from _counted(texts, place + 1)
                is_plain = not _counts(*_around(texts, place + 1))
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
            earlier = Counter(text for part in group.parts for text in texts[part.start : part.end])
            group.parts.append(_Part(place, end, frozenset(others), earlier))


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
