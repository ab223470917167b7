"""What the words of a role and of a status make of a row: a role of the vocabulary, or a reason to reject it."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from solgraph.errors import WrongUse
from solgraph.rdf.namespaces import VOCAB, slug
from solgraph.rdf.terms import fold
from solgraph.tables.recognise.dates import span
from solgraph.tables.recognise.graph_index import GraphIndex
from solgraph.tables.rejection import Rejected
from solgraph.tables.words import words

MEMBER, FOUNDER, FORMER = (f"{VOCAB}role/{name}" for name in ("member", "founding-member", "former-member"))
_ACTIVE, _NO = "active", "no"
_FORMERLY = re.compile(rf" (?:{'|'.join(sorted(map(fold, words('roles')['former']), key=len, reverse=True))}) ")


class Tie(NamedTuple):
    """The role of a city in a network, and the dates that stand among its words ("left 2019")."""

    role: str
    since: str = ""
    until: str = ""


class Qualifiers:
    """Reads roles and statuses by the vocabulary of a graph and by words in the languages of the data."""

    def __init__(self, graph: GraphIndex, values: Mapping[str, Mapping[str, str]]) -> None:
        """``values`` are what the user says that cells mean, by field; raises :class:`WrongUse` for an unknown role."""
        self._member_roles = set(graph.member_roles().values())
        self._meanings = graph.member_roles() | graph.affiliate_roles() | _meanings()
        for field in ("role", "status"):
            for cell, meaning in values.get(field, {}).items():
                if self._meaning(meaning) is None:
                    hint = f"Known: {', '.join(sorted({slug(iri) for iri in self._meanings.values()}))}"
                    raise WrongUse(f'{field}:"{cell}"={meaning}: no role is called {meaning!r}.', hint=hint)

    def tie(self, role: str, status: str) -> Tie:
        """The tie that two cells state together, a member when both are empty. Raises :class:`Rejected`."""
        first, second = self._read(role, "role"), self._read(status, "status")
        if _NO in (first.role, second.role):
            cell = role if first.role == _NO else status
            raise Rejected("no member", f"the row says that it is not a member: '{cell}'")
        joint = _joint(first.role, second.role)
        since, until = agreed(first.since, second.since), agreed(first.until, second.until)
        if joint is None or since is None or until is None:
            raise Rejected("contradiction", f"the role '{role}' and the status '{status}' contradict each other")
        return Tie(joint, since, until)

    def denies(self, cell: str) -> bool:
        """Whether a cell is empty or says no."""
        return not cell or self._meaning(cell) == _NO

    def is_answer(self, cell: str) -> bool:
        """Whether a cell only answers yes or no, so that an empty one beside it is no answer."""
        return bool(cell) and self._meaning(cell) in (_ACTIVE, _NO)

    def _read(self, cell: str, field: str) -> Tie:
        meaning = self._meaning(cell) if cell else ""
        if meaning is not None:
            return Tie(meaning)
        for head, dates in _before_dates(cell):
            if (meaning := self._meaning(head)) and (tie := _with_dates(meaning, dates)):
                return tie
        meaning_of = [f'{field}:"{cell}"=ROLE']
        reason = f"'{cell}' is no {field} that is understood; say what it means: values={meaning_of}"
        raise Rejected(f"unknown {field}", reason)

    def _meaning(self, text: str) -> str | None:
        """The role of a text without dates; "former" makes a former member of a member in any role."""
        plain = fold(text) or text.strip()
        if plain in self._meanings:
            return self._meanings[plain]
        bare = _FORMERLY.sub(" ", f" {plain} ", count=1).strip()
        return FORMER if bare != plain and self._meanings.get(bare) in self._member_roles else None


@cache
def _meanings() -> dict[str, str]:
    """Folded word → IRI of a role, or ``active``, or ``no``."""
    meanings: dict[str, str] = {}
    for name, phrases in words("roles").items():
        meaning = name if name in (_ACTIVE, _NO) else f"{VOCAB}role/{name}"
        meanings |= {fold(phrase) or phrase: meaning for phrase in phrases if name != "former"}
    return meanings


def _joint(role: str, status: str) -> str | None:
    """The role that two cells mean together, either of which may be empty; None when they contradict each other."""
    status = _ACTIVE if role and status == MEMBER else status
    if {FORMER, _ACTIVE} == {role, status}:
        return None
    stated = {role, status} - {"", _ACTIVE}
    if FORMER in stated and stated <= {FORMER, FOUNDER, MEMBER}:
        return FORMER
    narrower = stated - {MEMBER}
    return next(iter(narrower), MEMBER) if len(narrower) < 2 else None


def agreed(first: str, second: str) -> str | None:
    """The fuller of two dates that can be the same; None when they cannot."""
    is_same = first.startswith(second) or second.startswith(first)
    return max(first, second) if is_same else None


def _before_dates(cell: str) -> Iterator[tuple[str, str]]:
    """The ways to cut a cell into words and a date behind them."""
    tokens = cell.split()
    for at in range(len(tokens) - 1, 0, -1):
        yield " ".join(tokens[:at]), " ".join(tokens[at:]).strip(" ()[],;:")


def _with_dates(meaning: str, dates: str) -> Tie | None:
    """The tie of a word and its dates; a bare date is the end of what has ended, and otherwise says too little."""
    whole, end = span(dates), span("", dates)
    if meaning == FORMER and end.until and not end.note:
        return Tie(FORMER, "", end.until)
    is_bare = not end.note and end.until == whole.since
    if whole.note or is_bare or (meaning == FORMER and not whole.until):
        return None
    return Tie(meaning, whole.since, whole.until)
