"""The façade: a graph opened from files, and all that can be asked of it."""

import time
from collections.abc import Sequence
from functools import cached_property, partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Store

from solgraph.engines.endpoint import Endpoint
from solgraph.errors import QueryError, WrongUse
from solgraph.formats import media
from solgraph.graph.answer import Answer, Origin
from solgraph.graph.names import languages
from solgraph.graph.network_views import NetworkViews
from solgraph.graph.snapshot import Snapshot
from solgraph.notebooks import code, framed, heading, table
from solgraph.queries.catalogue import SavedQueries, catalogue, paths, views
from solgraph.queries.catalogue import find as find_query
from solgraph.rdf.atomic_files import write_whole
from solgraph.rdf.namespaces import shorten
from solgraph.rdf.store import ONTOLOGY_GRAPH, File, data_files, ontology_files
from solgraph.resources import ONTOLOGY, QUERIES, default_data, display

if TYPE_CHECKING:
    import rdflib

    from solgraph.graph.ask.readings import Asked
    from solgraph.graph.brief import Brief
    from solgraph.graph.citation import Citation
    from solgraph.graph.description import Description
    from solgraph.graph.questions import Questions
    from solgraph.graph.search.hits import Hits
    from solgraph.graph.validation_report import Report
    from solgraph.rdf.store_on_disk import Prepared
    from solgraph.tables.statements.report import ImportReport

PathLike = str | Path


def open(
    *data: PathLike,
    add: PathLike | Sequence[PathLike] = (),
    lang: str | Sequence[str] | None = None,
    queries: PathLike | Sequence[PathLike] = (),
    endpoint: str | None = None,
    timeout: int = 60,
    store: PathLike | None = None,
) -> "Knowledge":
    """Open the shipped data, or the files and folders given instead, with further ones to ``add``.

    ``lang`` is a fallback chain for labels, such as ``"pl,it,en"``. ``queries`` are folders with your own saved
    queries. With ``endpoint`` the same questions go to a SPARQL server, which gets ``timeout`` seconds for each. With
    ``store``, a folder, large data are read once and then kept on disk, until the files change.
    Raises :class:`solgraph.WrongUse` for a missing path or an empty folder; malformed Turtle is
    :class:`solgraph.DataError` with the first question.

    >>> kg.export("tilos.ttl", city="Tilos")
    >>> solgraph.open("tilos.ttl", lang="el,en").label("https://w3id.org/solgraph/id/city/tilos")
    'Τήλος'
    >>> solgraph.open("nowhere.ttl")
    Traceback (most recent call last):
        ...
    solgraph.errors.WrongUse: nowhere.ttl does not exist.
    Give an RDF file such as data.ttl, or a folder that holds some.
    """
    if not endpoint:
        return Knowledge(_paths(data), _paths(add), lang, _paths(queries), on_disk=Path(store) if store else None)
    if data or add or store:
        raise WrongUse(
            "Data and an endpoint cannot be combined.", hint="Load the data into the server, and ask it alone."
        )
    from solgraph.engines.remote import Remote

    return Knowledge(lang=lang, queries=_paths(queries), endpoint=Remote(endpoint, timeout=timeout))


def _paths(paths: PathLike | Sequence[PathLike]) -> list[Path]:
    return [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]


class Knowledge(NetworkViews):
    """A graph of solidarity cities, and all that can be asked of it.

    >>> kg = solgraph.open()
    >>> kg.files[0].path.name, kg.files[0].graph
    ('actors.ttl', 'https://w3id.org/solgraph/graph/register')
    >>> kg.endpoint.name
    'this graph'
    """

    def __init__(
        self,
        data: Sequence[Path] = (),
        add: Sequence[Path] = (),
        lang: str | Sequence[str] | None = None,
        queries: Sequence[Path] = (),
        *,
        endpoint: Endpoint | None = None,
        on_disk: Path | None = None,
        is_cached: bool = False,
    ) -> None:
        """As :func:`open`; with ``is_cached`` the store lies in the user's cache folder, if it can be made there."""
        self._opened_with = (data, add, lang, queries, endpoint, on_disk)
        self.paths = [] if endpoint else [*(data or [default_data()]), *add]
        self.own_queries, self.on_disk = list(queries), on_disk
        self.languages = languages(lang)
        prepared = self._prepared(is_cached) if on_disk or is_cached else None
        self.snapshot = Snapshot(lambda: self.files, self.folders, endpoint=endpoint, prepared=prepared)
        if not prepared:
            self.files  # noqa: B018  (a missing path is an error now; with a prepared store the files need no listing)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled is how it was opened; what is unpickled reads the files anew."""
        data, add, lang, queries, endpoint, on_disk = self._opened_with
        return partial(Knowledge, endpoint=endpoint, on_disk=on_disk), (data, add, lang, queries)

    def __copy__(self) -> "Knowledge":
        """A copy with the same data in memory, such as one for other languages."""
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        return twin

    @cached_property
    def files(self) -> list[File]:
        """The files of the data, each with the named graph into which it goes."""
        return [file for path in self.paths for file in data_files(path)]

    @property
    def folders(self) -> list[Path]:
        """The folders of saved queries: your own, then the shipped one."""
        return [*self.own_queries, QUERIES]

    @property
    def endpoint(self) -> Endpoint:
        """Where questions are asked: the files in memory or on disk, or a server."""
        return self.snapshot.endpoint

    @property
    def store(self) -> Store:
        """The pyoxigraph store: ontology and data, each source a named graph, the default graph their merge."""
        return self.snapshot.store

    @property
    def graph(self) -> "rdflib.Dataset":
        """The same data as an rdflib Dataset that is read only; data are added with ``solgraph.open(add=PATH)``."""
        return self.snapshot.graph

    @property
    def default_graph(self) -> "rdflib.Graph":
        """The merge of all sources as an rdflib Graph that is read only: each triple once, without who says it."""
        from rdflib import Graph
        from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

        dataset = self.graph
        graph = Graph(store=dataset.store, identifier=DATASET_DEFAULT_GRAPH_ID)
        graph.namespace_manager = dataset.namespace_manager
        return graph

    def _prepared(self, is_cached: bool) -> "Prepared | None":
        """The store on disk in which the data are kept."""
        from solgraph.rdf.store_on_disk import Prepared, cached

        def files() -> list[File]:
            return [*ontology_files(), *self.files]

        paths = [ONTOLOGY, *self.paths]
        return Prepared(self.on_disk, paths, files) if self.on_disk else cached(paths, files) if is_cached else None

    def queries(self, words: str = "") -> SavedQueries:
        """All saved queries, by name, or those that the search finds for some words, the best first.

        >>> kg.queries("mayor")[0]
        <SavedQuery mayors(city, from, to, certain): Mayors of a city and their terms>
        """
        if not words.strip():
            return catalogue(self.folders)
        hits = self.search(words, kind="query", limit=None)
        return SavedQueries(self.snapshot.saved[hit.key] for hit in hits)

    def views(self) -> SavedQueries:
        """The saved queries that are network views, those that are best analysed first.

        >>> [saved.name for saved in kg.views()][:3]
        ['memberships', 'shared-members', 'alliances']
        """
        return views(self.folders)

    def query(self, name: str, /, *, gathered: bool = True, **values: Any) -> Answer:
        """Answer a saved query; parameters by name, things by name in any language, slug, CURIE or IRI.

        One row is one thing, its sources in one cell, unless ``gathered`` is false: then each source has a row.

        >>> answer = kg.query("mayors", city="Palermo")
        >>> [(answer.label(row.mayor), row.since, row.until) for row in answer]
        [('Leoluca Orlando', 1985, 1990), ('Leoluca Orlando', 1993, 2000), ('Leoluca Orlando', 2012, 2022)]
        """
        saved = find_query(name, self.folders)
        try:
            answer = self._ask(saved.bind(values, self.snapshot.label_index))
        except QueryError as error:
            raise saved.fault(error) from error
        answer.several, answer.saved, answer.values = tuple(saved.several if gathered else ()), saved, values
        return answer

    @property
    def q(self) -> "Questions":
        """The saved queries as functions, ``kg.q.mayors(city="Palermo")``: the Tab key and help know them."""
        from solgraph.graph.questions import Questions

        return Questions(self)

    def bound(self, name: str, /, **values: Any) -> str:
        """The SPARQL of a saved query with its values in place, ready to paste elsewhere.

        >>> "<https://w3id.org/solgraph/id/city/palermo>" in kg.bound("mayors", city="Palermo")
        True
        """
        return find_query(name, self.folders).bind(values, self.snapshot.label_index).lstrip("\n")

    def sparql(self, text: str) -> Answer:
        """Answer a SPARQL query; the prefixes of the data are known. Raises :class:`solgraph.QueryError`.

        >>> kg.sparql("SELECT ?name { city:milan skos:prefLabel ?name FILTER(LANG(?name) = 'en') }")[0].name
        'Milan'
        >>> bool(kg.sparql("ASK { city:bologna a sg:City }"))
        True
        """
        return self._ask(text)

    def describe(self, name: str) -> "Description":
        """Everything known about the thing of that name, with its sources.

        >>> bologna = kg.describe("Bologna")
        >>> bologna.label, bologna.iri
        ('Bologna', 'https://w3id.org/solgraph/id/city/bologna')
        """
        from solgraph.graph.description import Description

        return Description(self.snapshot, self.find(name), self.languages)

    def brief(self, city: str) -> "Brief":
        """One page about a city in sentences and short lists, with numbered sources.

        >>> print(kg.brief("Tilos").text().splitlines()[0])
        # Tilos (Greece): a brief
        """
        from solgraph.graph.brief import Brief

        return Brief(self, self.find(city, "sg:City"))

    def cite(self, name: str, /, **values: Any) -> "Citation":
        """The citation of a document, a passage, what rests on them, or, by its name, of a saved query's answer.

        That of a network view takes what :meth:`network` takes, and what is made of it, as the command line calls it:
        ``kg.cite("alliances", year=2018, backbone="sdsm", alpha=0.05)``.

        >>> print(kg.cite("dreher-2024").text("bibtex").splitlines()[0])
        @techreport{dreher-2024,
        """
        from solgraph.graph.citation import cite_query, cite_thing

        if name in paths(self.folders):
            return cite_query(self, name, values)
        if values:
            raise WrongUse(f"{name} is not a saved query and takes no parameters.", hint="See them all: kg.queries()")
        return cite_thing(self.snapshot, self.find(name), self.languages)

    def find(self, name: str, of_class: str = "", scheme: str = "") -> str:
        """The IRI of the one thing that is called so, in any language. Raises :class:`solgraph.ParameterError`.

        Sought among everything, the things of a class such as ``sg:City``, or the concepts of a scheme.

        >>> kg.find("Mediolan")
        'https://w3id.org/solgraph/id/city/milan'
        >>> kg.find("running", scheme="status")
        'https://w3id.org/solgraph/vocab/status/running'
        """
        return self.snapshot.label_index.find(name, of_class, scheme)

    def ask(self, question: str) -> "Asked":
        """A question in plain English, German, Italian or Polish: its readings, and the answer if one is sure.

        A reading is a saved query with values for its parameters; what of the question it leaves out, it says.

        >>> asked = kg.ask("Chi era sindaco di Palermo nel 2014?")
        >>> asked[0].call
        'kg.query("mayors-in-year", year=2014, city="Palermo")'
        >>> kg.ask("How many refugees like football in Palermo?").is_sure
        False
        """
        from solgraph.graph.ask.readings import Asked

        return Asked(self, question)

    def search(
        self, words: str, *, kind: str = "", country: str = "", limit: int | None = 50, each: int | None = None
    ) -> "Hits":
        """Full text search in all languages of the data: things, concepts and saved queries, the best first.

        Names, descriptions, findings, labels of numbers, headings, the concepts that describe a thing with their
        synonyms and broader ones, and the texts of the saved queries are searched, whatever the endings of words, their
        case and diacritics; typing errors are forgiven. Of a thing that is called by its name the hit is first.
        ``kind`` is one of city, place, network, query, concept, programme, collaboration, advocacy, organisation,
        person, law, finding, number, source, passage; ``each`` limits the hits of each kind.

        >>> [hit.label for hit in kg.search("Mediolan")][:1]
        ['Milan']
        >>> [hit.short for hit in kg.search("health care", kind="programme", country="Switzerland")]
        ['programme:zurich-meditrina']
        """
        from solgraph.graph.search.hits import search

        within = self.find(country, "sg:Country") if country else ""
        return search(self.snapshot, self.languages, words, kind, within, limit=limit, each=each)

    def nearest(self, text: str, limit: int = 5) -> list[str]:
        """The IRIs of the things whose names are nearest to a text that names none.

        >>> kg.nearest("Palerm", limit=1)
        ['https://w3id.org/solgraph/id/city/palermo']
        """
        return [name.iri for name in self.snapshot.label_index.nearest(text, limit)]

    def label(self, iri: str) -> str:
        """What a thing is called in the languages of this graph; its short form if it has no name.

        >>> kg.label("https://w3id.org/solgraph/id/city/milan")
        'Milan'
        >>> kg.label("https://w3id.org/solgraph/id/city/atlantis")
        'city:atlantis'
        """
        iri = str(iri)  # rdflib's URIRef equals no plain text
        return self.snapshot.labels_of([iri], self.languages).get(iri) or shorten(iri)

    def validate(self, *paths: PathLike, shapes: PathLike | Sequence[PathLike] = ()) -> "Report":
        """Check the opened data, or the given files with the opened data around them, against the shapes.

        ``shapes`` are files or folders of your own rules, which count beside the shipped ones. Raises
        :class:`solgraph.WrongUse` when the data are on a server.

        >>> from pathlib import Path
        >>> triple = "<https://w3id.org/solgraph/id/city/atlantis> a <https://w3id.org/solgraph/ns#City> ."
        >>> _ = Path("mine.ttl").write_text(triple)
        >>> report = solgraph.open("mine.ttl").validate()
        >>> report.ok
        False
        >>> report.findings[0].severity, report.findings[0].line, report.findings[0].thing
        ('Violation', 1, 'city:atlantis')
        """
        from solgraph.graph.validation import validate

        self.snapshot.refuse_server()
        files = [file for file in self.snapshot.files if file.graph != ONTOLOGY_GRAPH]
        if not paths:
            return validate(files, shapes=_paths(shapes))
        checked = [file for path in paths for file in data_files(Path(path))]
        resolved = {file.path.resolve() for file in checked}
        context = [file for file in files if file.path.resolve() not in resolved]
        return validate(checked, context, _paths(shapes))

    def import_table(
        self,
        table: Any,
        output: PathLike,
        *,
        title: str = "",
        creators: Sequence[str] = (),
        licence: str = "",
        date: str = "",
        **options: Any,
    ) -> "ImportReport":
        """Import a table of your own, a file or a data frame, into a Turtle file, as ``solgraph import`` does.

        Read the report: it says what became of each row. The file is opened with ``solgraph.open(add=output)``.
        ``options`` are those of the command, such as ``map="city=Ville"``, ``kinds=["memberships"]``, ``country="IT"``.

        >>> import pandas
        >>> table = pandas.DataFrame({"city": ["Palermo", "Nowhere-on-Sea"], "network": ["Eurocities", "Eurocities"]})
        >>> report = kg.import_table(table, "list.ttl", title="My list", creators=["Ann Ash"], licence="CC BY 4.0")
        >>> report.accepted, report.rejected
        (1, 1)
        >>> print(report.text(), end="")
        list.csv: 2 rows = 1 imported + 0 merged as duplicates + 1 rejected
          rejected, unknown city: 1
            row 3: no town is called 'Nowhere-on-Sea'
        """
        from solgraph.graph.table_import import import_table
        from solgraph.tables.statements.statements import SourceDescription

        described = SourceDescription(title, tuple(creators), licence, date)
        return import_table(self, table, Path(output), described, **options)

    def export(
        self, path: PathLike, format: str | None = None, *, city: str | None = None, source: str | None = None
    ) -> None:
        """Write the graph, one source of it or everything about one city; the format follows from the ending.

        >>> kg.export("tilos.ttl", city="Tilos")
        >>> solgraph.open("tilos.ttl").label("https://w3id.org/solgraph/id/city/tilos")
        'Tilos'
        """
        target = Path(path)
        write_whole(target, media.encoded(self.exported(format, path=target, city=city, source=source), target))

    def exported(
        self,
        format: str | None = None,
        *,
        path: Path | None = None,
        city: str | None = None,
        source: str | None = None,
    ) -> str:
        """The text of an export, by default Turtle; the same bytes for the same graph.

        >>> kg.exported("ttl", source="siforref-bologna").splitlines()[0]
        '@prefix sg: <https://w3id.org/solgraph/ns#> .'
        """
        from solgraph.graph.exports import exported

        return exported(self, format, path=path, city=city, source=source)

    def names(self, of_class: str = "", scheme: str = "") -> list[tuple[str, str]]:
        """Pairs of IRI and name, in all languages: of a class such as ``sg:City``, of a scheme, or of all things.

        >>> [name for iri, name in kg.names("sg:City") if iri.endswith("/bologna")]
        ['Bologna', 'Bologna', 'Bologna', 'Bologne', 'Bolonia', 'Bolonia']
        """
        return [(name.iri, name.text) for name in self.snapshot.label_index.names(of_class, scheme)]

    def _ask(self, query: str) -> Answer:
        asked, began = time.time(), time.perf_counter()
        answer = Answer.of(self.endpoint.ask(query))
        answer.knowledge = self
        answer.origin = Origin(self.endpoint.name, query.lstrip("\n"), asked, time.perf_counter() - began)
        if not answer.holds_triples:
            answer.labels = self.snapshot.labels_of(answer.iris(), self.languages)
        return answer

    def __repr__(self) -> str:
        where = f"at {self.endpoint.name}" if not self.paths else f"of {len(self.files)} files"
        return f"<Knowledge {where}>"

    def _repr_html_(self) -> str:
        """Which data it is, and how one begins."""
        queries = f"{len(self.queries())}, of which {len(self.views())} are network views"
        files = [*map(escape, map(display, self.paths)), f"{len(self.files)} files"]
        rows = [
            ("data", "<br>".join(files) if self.paths else escape(self.endpoint.name)),
            ("labels", escape(", ".join(self.languages))),
            ("saved queries", f"{queries}: {code('kg.queries()')}, {code('kg.q.')} and the Tab key"),
            ("one thing", code('kg.describe("Bologna")')),
            ("a network", code('kg.network("alliances", year=2020)')),
        ]
        return framed(heading("A graph of solidarity cities"), table(("", ""), rows))
