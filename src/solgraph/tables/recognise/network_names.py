"""Names of networks in cells: lists of them, and spellings that are nearly those of a known network."""

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import cached_property

from solgraph.rdf.namespaces import expand, shorten
from solgraph.rdf.terms import fold
from solgraph.tables.rejection import Rejected
from solgraph.tables.words import words

NEW = "new"
"""What ``--values`` calls a spelling that is the name of a network which nobody described yet."""
_NEAR, SHORT = 0.85, 4
_NUMBER = re.compile(r"\d+")
_SEPARATORS = re.compile(r"\s*[;|,/]\s*|\s+\+\s+")


class NetworkNames:
    """The names by which networks are known before the rows of a table are read."""

    def __init__(self, names: Mapping[str, str], new: Collection[str] = ()) -> None:
        """``names`` are folded, with the IRI of a network each; ``new`` are folded names of which the user says so."""
        self._names, self._new = names, new
        self._checked: dict[str, str] = {}

    def knows(self, name: str) -> bool:
        """Whether a network is known by a name or an IRI."""
        return fold(name) in self._names or bool(expand(name)) or fold(name) in self._new

    def listed(self, cell: str) -> list[str]:
        """The names in a cell that lists known networks, or the cell. Raises :class:`Rejected` when that is open."""
        parts = [part for part in _SEPARATORS.split(cell) if fold(part)]
        if len(parts) < 2 or self.knows(cell):
            return [cell]
        if unknown := [part for part in parts if not self.knows(part)]:
            what = f"'{cell}' looks like a list of networks, and no network is known as '{unknown[0]}'"
            raise Rejected("unknown network in a list", f"{what}; {_way_out(cell, 'if it is the name of one network')}")
        return parts

    def checked(self, name: str) -> str:
        """The name. Raises :class:`Rejected` when it is nearly that of a known network."""
        if not self.knows(name) and (near := self._near(name)):
            what = f"'{name}' may be {near}; {_way_out(name, 'if it is another network')}"
            raise Rejected("nearly a known network", f"{what}, or ={near} if it is", [near])
        return name

    def _near(self, name: str) -> str:
        """The known network that may be meant, or nothing."""
        if name not in self._checked:
            iris = (self._names.get(part, "") for part in (*_parts(name), _initials(fold(name))))
            iri = self._alike(name) or self._by_initials.get(fold(name), "") or next(filter(None, iris), "")
            self._checked[name] = shorten(iri) if iri else ""
        return self._checked[name]

    def _alike(self, name: str) -> str:
        """The network with nearly these letters; "Net 2019" is not "Net 2020", but may be "Net"."""
        numbers = set(_NUMBER.findall(name))
        close = [match for form in _forms(name) for match in self._close(form)]
        for near in (near for match in close for near in self._by_form[match]):
            others = set(_NUMBER.findall(near))
            if numbers == others or not numbers or not others:
                return self._names[near]
        return ""

    def _close(self, form: str) -> list[str]:
        """The nearest known forms; a short one is near to itself only."""
        if len(form) <= SHORT:
            return [form] if form in self._by_form else []
        return get_close_matches(form, self._by_form, 3, _NEAR)

    @cached_property
    def _by_form(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = {}
        for name in self._names:
            for form in _forms(name):
                names.setdefault(form, []).append(name)
        return names

    @cached_property
    def _by_initials(self) -> dict[str, str]:
        return {_initials(name): iri for name, iri in self._names.items() if _initials(name)}


def _way_out(cell: str, condition: str) -> str:
    meanings = [f'network:"{cell}"={NEW}']
    return f"{condition}, say values={meanings}"


def _parts(name: str) -> list[str]:
    """What stands before brackets, and an acronym in them, folded: ``Intercultural Cities (ICC)``."""
    match = re.fullmatch(r"(.+?)\s*\((.+)\)", name)
    return [fold(part) for part in match.groups() if part == match[1] or part.isupper()] if match else []


def _forms(name: str) -> list[str]:
    """The letters of a name without numbers and words such as "network": as they stand, and with the words sorted."""
    words_of_name = _NUMBER.sub("", fold(name)).split()
    telling = [word for word in words_of_name if word not in words("networks")["generic"]]
    forms = dict.fromkeys(("".join(telling), "".join(sorted(telling))))
    return [form for form in forms if form]


def _initials(plain: str) -> str:
    """The acronym of a name of three and more words; nothing for others."""
    letters = "".join(word[0] for word in plain.split() if word not in words("networks")["small"])
    return letters if len(letters) > 2 else ""
