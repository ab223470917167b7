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
_NEAR = 0.85
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
            iri = self._alike(_bare(name)) or self._by_initials.get(fold(name), "") or next(filter(None, iris), "")
            self._checked[name] = shorten(iri) if iri else ""
        return self._checked[name]

    def _alike(self, bare: str) -> str:
        """The network with nearly these letters and the same digits: "Net 2019" is not "Net 2020"."""
        close = [bare] if bare in self._bare_names else get_close_matches(bare, self._bare_names, 3, _NEAR)
        alike = [match for match in close if bare and re.findall(r"\d+", match) == re.findall(r"\d+", bare)]
        return self._bare_names[alike[0]] if alike else ""

    @cached_property
    def _bare_names(self) -> dict[str, str]:
        return {_bare(name): iri for name, iri in self._names.items() if _bare(name)}

    @cached_property
    def _by_initials(self) -> dict[str, str]:
        return {_initials(name): iri for name, iri in self._names.items() if _initials(name)}


def _way_out(cell: str, condition: str) -> str:
    return f"{condition}, say --values 'network:\"{cell}\"={NEW}'"


def _parts(name: str) -> list[str]:
    """What stands before brackets, and an acronym in them, folded: ``Intercultural Cities (ICC)``."""
    match = re.fullmatch(r"(.+?)\s*\((.+)\)", name)
    return [fold(part) for part in match.groups() if part == match[1] or part.isupper()] if match else []


def _bare(name: str) -> str:
    """The letters of a name without words such as "the" and "network"."""
    return "".join(word for word in fold(name).split() if word not in words("networks")["generic"])


def _initials(plain: str) -> str:
    """The acronym of a name of three and more words; nothing for others."""
    letters = "".join(word[0] for word in plain.split() if word not in words("networks")["small"])
    return letters if len(letters) > 2 else ""
