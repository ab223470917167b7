"""The file of an earlier import, to which a new one only adds."""

from pathlib import Path

from pyoxigraph import Literal, NamedNode, Store, Triple

from solgraph.engines.local import Local
from solgraph.errors import WrongUse
from solgraph.rdf.namespaces import PREFIXES, RDF_TYPE
from solgraph.rdf.store import File, load
from solgraph.tables.recognise.graph_index import GraphIndex

MARK = "# Imported by solgraph import"
TRIG = ".trig"
_SG = PREFIXES["sg"]


class PreviousImport:
    """The statements of the Turtle file at a path; none when there is no file, and of TriG, which is made anew.

    Raises :class:`WrongUse` when the file was not made by an import, for it would be overwritten.
    """

    def __init__(self, path: Path) -> None:
        self._store = _load(path) if path.exists() else Store()
        self.triples: set[Triple] = {quad.triple for quad in self._store}
        self.index = GraphIndex(Local(lambda _: self._store))
        self.subjects = {triple.subject.value for triple in self.triples if isinstance(triple.subject, NamedNode)}
        evidence = self._store.quads_for_pattern(None, NamedNode(_SG + "evidence"), None)
        self.passages = {quad.object.value for quad in evidence if isinstance(quad.object, NamedNode)}

    def values(self, iri: str, predicate: str) -> list[str]:
        """The values of a property of a thing, in order."""
        quads = self._store.quads_for_pattern(NamedNode(iri), NamedNode(predicate), None)
        return sorted(quad.object.value for quad in quads if isinstance(quad.object, Literal | NamedNode))

    def value(self, iri: str, predicate: str) -> str:
        """The first value of a property, or nothing."""
        return next(iter(self.values(iri, predicate)), "")

    def memberships(self) -> list[str]:
        """The IRIs of the memberships and affiliations, in order."""
        types = (NamedNode(_SG + name) for name in ("Membership", "Affiliation"))
        quads = (quad for type_ in types for quad in self._store.quads_for_pattern(None, NamedNode(RDF_TYPE), type_))
        return sorted(quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode))


def _load(path: Path) -> Store:
    try:
        content = path.read_bytes() if path.is_file() else b""
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror or error}.") from error
    if not content.startswith(MARK.encode()):
        hint = "Choose another file with -o: the content of this one would be lost."
        raise WrongUse(f"{path} exists and was not made by an import.", hint=hint)
    return Store() if path.suffix == TRIG else load([File(path, "", content)], named=False)
