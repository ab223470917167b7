"""One state of the data in memory, and everything that is derived from it."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

from pyoxigraph import Store

from solgraph.engines.endpoint import Endpoint, Result
from solgraph.engines.local import Local
from solgraph.errors import WrongUse
from solgraph.graph.answer import Answer
from solgraph.graph.names import LabelIndex
from solgraph.queries.catalogue import catalogue
from solgraph.queries.parameters import Verbatim
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import SG
from solgraph.rdf.store import File, load, ontology_files
from solgraph.rdf.terms import Term

if TYPE_CHECKING:
    import rdflib

    from solgraph.rdf.store_on_disk import Prepared

Value = TypeVar("Value")

#: Classes from the most to the least telling, for things that have several.
_CLASSES = (
    "City Country Region Neighbourhood Place Membership Affiliation MemberList OfficeTerm Programme Collaboration "
    "AdvocacyAction Law Network Person PublicBody CivilSocietyOrganisation InternationalOrganisation Organisation "
    "Observation Finding Source Passage"
)
#: Values under keys that readers choose are cached only up to this number, so that nobody can fill the memory.
_MOST_RECENT = 128
CLASS_RANKS = {SG + name: rank for rank, name in enumerate(_CLASSES.split())}


class Snapshot:
    """One state of the data. Nothing of it changes; to read changed files, make another snapshot.

    ``ask`` answers SPARQL and ``run`` a saved query; ``store`` is the pyoxigraph store with its named graphs, ``graph``
    a read-only rdflib Dataset over it, and ``version`` a digest of what was read. ``label_index`` finds things by name
    and names things; ``types``, ``classes``, ``passages`` and ``saved`` are read once. ``cached`` keeps what others
    derive from this state for as long as it lives; all of it under the same lock, so that no two threads wait for each
    other.

    Files are read when the first question comes, and only once, also when several threads ask at the same time: the
    merge of all graphs is enough for most questions, the named graphs follow from the same bytes when they are needed.
    """

    def __init__(
        self,
        files: Callable[[], list[File]] = list,
        queries: Sequence[Path] = (),
        *,
        endpoint: Endpoint | None = None,
        prepared: "Prepared | None" = None,
    ) -> None:
        self._files, self.queries, self.prepared = files, queries, prepared
        self._lock = RLock()
        self._values: dict[Hashable, Any] = {}
        self._recent: dict[Hashable, Any] = {}
        self.endpoint: Endpoint = endpoint or Local(self._load, prepared.opens_files_later if prepared else None)
        self.label_index = LabelIndex(self.endpoint, prepared)

    def cached(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value under a key, made when first asked for; never twice, and never by two threads at once."""
        if key not in self._values:
            with self._lock:
                if key not in self._values:
                    self._values[key] = make()
        value: Value = self._values[key]
        return value

    def recent(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value under a key that readers choose, such as a chain of languages; the oldest values make room."""
        with self._lock:
            if key not in self._recent:
                self._recent[key] = make()
                if len(self._recent) > _MOST_RECENT:
                    del self._recent[next(iter(self._recent))]
            value: Value = self._recent[key]
            return value

    # The store

    @property
    def store(self) -> Store:
        """The pyoxigraph store: ontology and data, each source a named graph, the default graph their merge."""
        self.refuse_server()
        return self._load(named=True)

    def refuse_server(self) -> None:
        """Raise :class:`WrongUse` when the data are on a server, where only questions can be asked."""
        if not isinstance(self.endpoint, Local):
            raise WrongUse(
                f"The data are on {self.endpoint.name}, not here.",
                hint="Open files in place of the server: solgraph.open(PATH).",
            )

    @property
    def files(self) -> list[File]:
        """The files of the ontology and the data, with their bytes as they were read for this state."""
        return self.cached("files", lambda: [file.read() for file in (*ontology_files(), *self._files())])

    @property
    def version(self) -> str:
        """A digest of the ontology and the data: equal for equal files. Raises :class:`WrongUse` for a server."""
        return self.cached("version", self._digest)

    def _digest(self) -> str:
        from hashlib import sha256

        self.refuse_server()
        digest = sha256()
        for file in self.files:
            digest.update(f"{file.graph} {sha256(file.content or b'').hexdigest()}\n".encode())
        return digest.hexdigest()

    def _load(self, named: bool) -> Store:
        """The store with named graphs, or without them if that is enough and they have not been read yet."""
        if self.prepared:
            return self.cached("store", self.prepared.store)
        loaded = self._values.get("store", None if named else self._values.get("merge"))
        if loaded is not None:  # without the lock: who holds it may wait for a question of another thread
            return loaded  # type: ignore[no-any-return]
        with self._lock:
            if named or "store" in self._values:
                store = self.cached("store", lambda: load(self.files))
                self._values.pop("merge", None)
                return store
            return self.cached("merge", lambda: load(self.files, named=False))

    @property
    def graph(self) -> "rdflib.Dataset":
        """A read-only rdflib Dataset over the store; rdflib is imported when this is first asked for."""
        from solgraph.rdf.rdflib_dataset import dataset

        return self.cached("graph", lambda: dataset(self.store))

    # What is derived from it

    def ask(self, query: str) -> Result:
        """Answer a query, without labels."""
        return self.endpoint.ask(query)

    def run(self, name: str, **values: str | list[str]) -> Answer:
        """The answer of a saved query whose values are IRIs and literals, without labels; kept when it takes none."""
        if not values:
            return self.cached(("answer", name), lambda: self._run(self.saved[name], values))
        return self._run(self.saved[name], values)

    def _run(self, saved: SavedQuery, values: Mapping[str, str | list[str]]) -> Answer:
        answer = Answer.of(self.ask(saved.bind(values, Verbatim())))
        answer.saved, answer.several = saved, tuple(saved.several)
        return answer

    def labels(self, chain: Sequence[str]) -> Mapping[str, str]:
        """The label of everything that has one, in a chain of languages."""
        return self.recent(("labels", tuple(chain)), lambda: self.label_index.all_labels(chain))

    def labels_of(self, iris: Collection[str], chain: Sequence[str]) -> dict[str, str]:
        """The labels of some things: from those of everything, where these were read before and cannot have changed."""
        every = self._recent.get(("labels", tuple(chain)))
        if every is None or not isinstance(self.endpoint, Local):
            return self.label_index.labels(iris, chain)
        return {iri: every[iri] for iri in iris if iri in every}

    @property
    def types(self) -> dict[str, list[str]]:
        """The classes of everything, the most telling one first."""
        return self.cached("types", self._types)

    def _types(self) -> dict[str, list[str]]:
        types: dict[str, set[str]] = {}
        for thing, kind in self.ask("SELECT ?thing ?class { ?thing a ?class }").terms:
            types.setdefault(value_of(thing), set()).add(value_of(kind))
        return {thing: sorted(kinds, key=class_rank) for thing, kinds in types.items()}

    def classes(self, iri: str) -> set[str]:
        """The classes of a thing, and those above them."""
        superclasses = self.cached("superclasses", self._superclasses)
        return {above for kind in self.types.get(iri, []) for above in (kind, *superclasses.get(kind, []))}

    def _superclasses(self) -> dict[str, list[str]]:
        superclasses: dict[str, list[str]] = {}
        for below, above in self.ask("SELECT DISTINCT ?class ?above { ?class rdfs:subClassOf* ?above }").terms:
            superclasses.setdefault(value_of(below), []).append(value_of(above))
        return superclasses

    @property
    def passages(self) -> dict[str, tuple[str, str]]:
        """Passage → its document and section."""
        return self.cached("passages", self._passages)

    def _passages(self) -> dict[str, tuple[str, str]]:
        query = "SELECT ?passage ?document ?no { ?passage oa:hasSource ?document OPTIONAL { ?passage sg:section ?no } }"
        rows = self.ask(query).terms
        return {
            value_of(passage): (value_of(document), value_of(section) if section else "")
            for passage, document, section in rows
        }

    @property
    def counts(self) -> Counter[str]:
        """How many things there are of each class; what is the same undertaking or statement counts once."""
        return self.cached("counts", self._counts)

    def _counts(self) -> Counter[str]:
        return Counter({value_of(kind): int(value_of(things)) for kind, things, _ in self.run("contents").terms})

    @property
    def documents(self) -> list[tuple[str, str]]:
        """The documents from which statements were taken, each with its date, the newest first."""
        return self.cached("documents", self._documents)

    def _documents(self) -> list[tuple[str, str]]:
        query = "SELECT ?document ?date { ?document a sg:Source ; dcterms:issued|dcterms:modified ?date }"
        dates: dict[str, str] = {}
        for document, date in self.ask(query).terms:
            dates[value_of(document)] = max(dates.get(value_of(document), ""), value_of(date))
        cited = {document for document, _ in self.passages.values()}
        return sorted(((iri, dates.get(iri, "")) for iri in cited), key=lambda pair: pair[::-1], reverse=True)

    @property
    def saved(self) -> dict[str, SavedQuery]:
        """The saved queries by name, as their files were when first asked for."""
        return self.cached("saved", lambda: {saved.name: saved for saved in catalogue(self.queries)})


def class_rank(iri: str) -> tuple[int, str]:
    """The place of a class among others: those of :data:`CLASS_RANKS`, then our further ones, then all others."""
    return CLASS_RANKS.get(iri, len(CLASS_RANKS) + (not iri.startswith(SG))), iri


def value_of(term: Term | None) -> str:
    """The IRI or text of a term."""
    return str(getattr(term, "value", term))
