"""The dataset described for catalogues (DCAT-AP 3), for machines that read linked data (VoID), and its service (SD).

What is described keeps its w3id.org IRI; files, services and pages have the address under which they are served.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import version

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from solgraph.formats.media import GZIP, RDF, Form
from solgraph.rdf import namespaces, turtle
from solgraph.rdf.namespaces import BASE, GRAPH, ID, RDF_TYPE, SG, shorten, slug
from solgraph.web.documents import Served
from solgraph.web.pages.reference import Counts, Statistics, statistics
from solgraph.web.rendering import HERE

PREFIXES = namespaces.PREFIXES | {
    "dcatap": "http://data.europa.eu/r5r/",
    "formats": "http://www.w3.org/ns/formats/",
    "gsp": "http://www.opengis.net/ont/geosparql#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
}
#: A dump is there as it is, and compressed.
PACKINGS = ("", GZIP)
DATASET = BASE + "catalog#dataset"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
TITLE = "solgraph: a knowledge graph of European solidarity cities"
_SUMMARY = (
    "Cities in Europe that support migrants and refugees: who works with whom, in which programmes, networks and "
    "alliances, since when, and which section of which document says so."
)
_LANGUAGE = "http://publications.europa.eu/resource/authority/language/"
#: Ending of a dump → its code at the Publications Office.
_FILE_TYPES = {
    "ttl": "RDF_TURTLE", "jsonld": "JSON_LD", "nt": "RDF_N_TRIPLES", "trig": "RDF_TRIG", "nq": "RDF_N_QUADS",
    "rdf": "RDF_XML",
}  # fmt: skip
_FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
_MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"
#: The codes of the Publications Office for the languages that names in the data may have.
_LANGUAGES = {
    "ar": "ARA", "bg": "BUL", "ca": "CAT", "cs": "CES", "cy": "CYM", "da": "DAN", "de": "DEU", "el": "ELL",
    "en": "ENG", "es": "SPA", "et": "EST", "eu": "EUS", "fi": "FIN", "fr": "FRA", "ga": "GLE", "gl": "GLG",
    "hr": "HRV", "hu": "HUN", "it": "ITA", "lt": "LIT", "lv": "LAV", "mt": "MLT", "nl": "NLD", "pl": "POL",
    "pt": "POR", "rm": "ROH", "ro": "RON", "ru": "RUS", "sk": "SLK", "sl": "SLV", "sv": "SWE", "tr": "TUR",
    "uk": "UKR",
}  # fmt: skip
#: The datasets to which ``schema:sameAs`` leads: how their IRIs begin → the end of theirs here, title and home.
_LINKED = {
    "http://www.wikidata.org/entity/": ("wikidata", "Wikidata", "https://www.wikidata.org/"),
    "https://sws.geonames.org/": ("geonames", "GeoNames", "https://www.geonames.org/"),
    "http://publications.europa.eu/resource/authority/country/": (
        *("eu-countries", "Countries of the Publications Office of the European Union"),
        "https://op.europa.eu/en/web/eu-vocabularies",
    ),
}

Value = NamedNode | Literal | str
Facts = Mapping[str, Value | Iterable[Value]]


def catalogue(graph: Served, root: str, packings: Sequence[str] = PACKINGS) -> list[Triple]:
    """The catalogue served under an address: the dataset with its numbers, its files and the SPARQL service.

    ``packings`` are the ends of the names of dumps, where not every dump is there both as it is and compressed.
    """
    numbers = statistics(graph)
    files = (triple for form in RDF for packed in packings for triple in _file(graph, root, form, packed))
    about = [*_constant(root), *_dataset(graph, numbers), *files, *_coverage(numbers)]
    return [*about, *void(graph, root, packings)]


def write(triples: Iterable[Triple], form: Form[str]) -> str:
    """Triples in a form; Turtle with the prefixes of catalogues."""
    listed = turtle.ordered(triples)
    if form.name != "turtle":
        return form.write([("", listed)])
    text = "\n".join(map(str, listed))
    used = {prefix: iri for prefix, iri in PREFIXES.items() if f"<{iri}" in text}
    return _laid_out((serialize(listed, format=RdfFormat.TURTLE, prefixes=used) or b"").decode())


def _laid_out(text: str) -> str:
    """The same Turtle with its prefixes in order and an empty line before each subject."""
    lines = text.splitlines()
    heads = sorted(line for line in lines if line.startswith("@prefix "))
    rest = (line if line.startswith("\t") else f"\n{line}" for line in lines if not line.startswith("@prefix "))
    return "\n".join([*heads, *rest]) + "\n"


# Triples


def _iri(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local if prefix in PREFIXES else name)


def _about(subject: str, classes: str, facts: Facts) -> Iterator[Triple]:
    """The triples about one thing; values that are plain text are IRIs or prefixed names."""
    for name in classes.split():
        yield Triple(NamedNode(subject), NamedNode(RDF_TYPE), _iri(name))
    for name, values in facts.items():
        for value in [values] if isinstance(values, str | NamedNode | Literal) else values:
            yield Triple(NamedNode(subject), _iri(name), _iri(value) if isinstance(value, str) else value)


def _en(text: str) -> Literal:
    return Literal(text, language="en")


def _typed(value: object, datatype: str) -> Literal:
    return Literal(str(value), datatype=_iri(datatype))


# DCAT


@cache
def _constant(root: str) -> list[Triple]:
    quads = parse(path=str(HERE / "catalogue.ttl"), format=RdfFormat.TURTLE, base_iri=f"{root}/")
    return [quad.triple for quad in quads]


def _dataset(graph: Served, numbers: Statistics) -> Iterator[Triple]:
    languages = [_LANGUAGE + _LANGUAGES[tag] for tag in numbers.languages if tag in _LANGUAGES]
    documents = _documents(graph, numbers)
    yield from _about(DATASET, "", {
        "dcterms:language": languages,
        "dcterms:spatial": [iri for iri, _ in numbers.countries],
        "dcterms:temporal": [BASE + "catalog#years"] if numbers.years else [],
        "dcterms:issued": [_typed(numbers.issued, "xsd:date")] if numbers.issued else [],
        "dcterms:modified": [_typed(numbers.modified, "xsd:date")] if numbers.modified else [],
        "dcat:version": Literal(version("solgraph")),
        "prov:wasDerivedFrom": [source for source, _ in documents.values()],
    })  # fmt: skip
    for language in languages:
        yield from _about(language, "dcterms:LinguisticSystem", {})
    for source, titles in documents.values():
        yield from _about(source, "prov:Entity", {"dcterms:title": titles})


def _documents(graph: Served, numbers: Statistics) -> dict[str, tuple[str, list[Literal]]]:
    """Named graph → source document and its titles."""
    documents = {}
    for use in numbers.graphs:
        source = f"{ID}source/{slug(use.iri)}"
        if graph.knows(source):
            pattern = NamedNode(source), _iri("dcterms:title"), None, NamedNode(use.iri)
            titles = [quad.object for quad in graph.store.quads_for_pattern(*pattern)]
            documents[use.iri] = source, [title for title in titles if isinstance(title, Literal)]
    return documents


def _file(graph: Served, root: str, form: Form[str], packed: str) -> Iterator[Triple]:
    """A dump, with its size and checksum."""
    ending = f"{form.endings[0]}{packed}"
    address, iri = f"{root}/dump.{ending}", f"{root}/catalog#dump-{ending.replace('.', '-')}"
    media_type, file_type = _MEDIA_TYPE + form.media_types[0], _FILE_TYPE + _FILE_TYPES[form.endings[0]]
    size, digest = graph.dump_facts(ending)
    title = f"solgraph in {form.title}" + (", one named graph for each source" if form.name in ("trig", "nq") else "")
    yield from _about(DATASET, "", {"dcat:distribution": iri})
    yield from _about(iri, "dcat:Distribution", {
        "dcterms:title": _en(title + (", compressed" if packed else "")),
        "dcterms:license": LICENCE,
        "dcterms:format": file_type,
        "dcterms:conformsTo": BASE + "ns",
        "dcatap:availability": "http://publications.europa.eu/resource/authority/planned-availability/STABLE",
        "dcat:accessURL": address,
        "dcat:downloadURL": address,
        "dcat:mediaType": media_type,
        "dcat:compressFormat": [f"{_MEDIA_TYPE}application/gzip"] if packed else [],
        "dcat:byteSize": _typed(size, "xsd:nonNegativeInteger"),
        "spdx:checksum": f"{iri}-sha256",
    })  # fmt: skip
    checksum: Facts = {
        "spdx:algorithm": "spdx:checksumAlgorithm_sha256",
        "spdx:checksumValue": _typed(digest, "xsd:hexBinary"),
    }
    yield from _about(f"{iri}-sha256", "spdx:Checksum", checksum)
    yield from _about(address, "rdfs:Resource", {})
    yield from _about(media_type, "dcterms:MediaType", {})
    yield from _about(file_type, "dcterms:MediaTypeOrExtent", {})


def _coverage(numbers: Statistics) -> Iterator[Triple]:
    """Where and when the data took place."""
    for iri, name in numbers.countries:
        yield from _about(iri, "dcterms:Location", {"skos:prefLabel": _en(name)})
    if numbers.box:
        west, south, east, north = numbers.box
        corners = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
        box = _typed(f"POLYGON(({corners}))", "gsp:wktLiteral")
        yield from _about(BASE + "catalog#cities", "", {"dcat:bbox": box})
    if numbers.years:
        first, last = (_typed(year, "xsd:gYear") for year in numbers.years)
        span: Facts = {"dcat:startDate": first, "dcat:endDate": last}
        yield from _about(BASE + "catalog#years", "dcterms:PeriodOfTime", span)


# VoID


def void(graph: Served, root: str, packings: Sequence[str] = PACKINGS) -> list[Triple]:
    """The dataset in VoID: addresses, numbers, and how often each class and property is used.

    The numbers are those of a dump, which holds data and ontology; each named graph is a subset with its own.
    """
    numbers = statistics(graph)
    dumps = [f"{root}/dump.{form.endings[0]}{packed}" for form in RDF for packed in packings]
    subsets = _subsets(graph, numbers, root)
    return [*_void_dataset(numbers, root, dumps), *_partitions(numbers.whole), *subsets, *_linksets(numbers)]


def _void_dataset(numbers: Statistics, root: str, dumps: Sequence[str]) -> Iterator[Triple]:
    whole = numbers.whole
    yield from _about(DATASET, "void:Dataset", {
        "dcterms:title": _en(TITLE),
        "dcterms:description": _en(_SUMMARY),
        "dcterms:publisher": ID + "project",
        "dcterms:license": LICENCE,
        "foaf:homepage": f"{root}/",
        "void:sparqlEndpoint": f"{root}/sparql",
        "void:dataDump": dumps,
        "void:uriSpace": Literal(ID),
        "void:vocabulary": sorted({_namespace(use.iri) for use in (*whole.classes, *whole.properties)}),
        "void:feature": [_format(form) for form in RDF],
        "void:exampleResource": sorted(use.example for use in numbers.classes if use.example.startswith(ID)),
        "void:triples": Literal(whole.totals.triples),
        "void:entities": Literal(whole.totals.entities),
        "void:distinctSubjects": Literal(whole.totals.subjects),
        "void:distinctObjects": Literal(whole.totals.objects),
        "void:classes": Literal(len(whole.classes)),
        "void:properties": Literal(len(whole.properties)),
    })  # fmt: skip


def _namespace(iri: str) -> str:
    """The vocabulary of a term."""
    return iri.removesuffix(slug(iri))


def _partitions(numbers: Counts) -> Iterator[Triple]:
    for kind, uses, counted in (("class", numbers.classes, "entities"), ("property", numbers.properties, "triples")):
        for use in uses:
            part = _part(kind, use.iri)
            yield from _about(DATASET, "", {f"void:{kind}Partition": part})
            facts: Facts = {f"void:{kind}": use.iri, f"void:{counted}": Literal(use.uses)}
            yield from _about(part, "void:Dataset", facts)


def _part(kind: str, iri: str) -> str:
    short = shorten(iri)
    name = short.replace(":", "-") if short != iri else sha256(iri.encode()).hexdigest()[:12]
    return f"{BASE}catalog#{kind}-{name}"


def _subsets(graph: Served, numbers: Statistics, root: str) -> Iterator[Triple]:
    documents = _documents(graph, numbers)
    for use in numbers.graphs:
        yield from _about(DATASET, "", {"void:subset": use.iri})
        yield from _about(use.iri, "void:Dataset", {
            "void:triples": Literal(use.uses),
            "void:dataDump": f"{root}/graph/{use.iri.removeprefix(GRAPH)}.ttl",
            "prov:wasDerivedFrom": [documents[use.iri][0]] if use.iri in documents else [],
        })  # fmt: skip


def _linksets(numbers: Statistics) -> Iterator[Triple]:
    """The links to each dataset that is described here, which are a part of this one."""
    for space, uses, _ in numbers.links:
        if space in _LINKED:
            end, title, home = _LINKED[space]
            linkset, linked = f"{BASE}catalog#links-{end}", f"{BASE}catalog#{end}"
            yield from _about(DATASET, "", {"void:subset": linkset})
            yield from _about(linkset, "void:Linkset", {
                "dcterms:title": _en(f"Links to {title}"),
                "void:subjectsTarget": DATASET,
                "void:objectsTarget": linked,
                "void:linkPredicate": PREFIXES["schema"] + "sameAs",
                "void:triples": Literal(uses),
            })  # fmt: skip
            facts: Facts = {"dcterms:title": _en(title), "foaf:homepage": home, "void:uriSpace": Literal(space)}
            yield from _about(linked, "void:Dataset", facts)


# SPARQL 1.1 Service Description


def service(root: str, forms: Iterable[Form[str]], graphs: Mapping[str, int]) -> Iterator[Triple]:
    """What the SPARQL endpoint can do; ``graphs`` maps each graph to its triples, the empty name to those of all."""
    endpoint = f"{root}/sparql"
    yield from _about(endpoint, "sd:Service", {
        "sd:endpoint": endpoint,
        "sd:supportedLanguage": "sd:SPARQL11Query",
        "sd:feature": "sd:UnionDefaultGraph",
        "sd:resultFormat": [_format(form) for form in forms],
        "sd:defaultDataset": f"{endpoint}#dataset",
    })  # fmt: skip
    named = {name: f"{endpoint}#graph-{slug(name)}" for name in graphs if name}
    triples = Literal(graphs[""])
    yield from _about(f"{endpoint}#dataset", "sd:Dataset void:Dataset", {
        "void:sparqlEndpoint": endpoint,
        "void:vocabulary": SG,
        "void:triples": triples,
        "sd:defaultGraph": f"{endpoint}#default-graph",
        "sd:namedGraph": named.values(),
    })  # fmt: skip
    yield from _about(f"{endpoint}#default-graph", "sd:Graph", {"void:triples": triples})
    for name, iri in named.items():
        yield from _about(iri, "sd:NamedGraph", {"sd:name": name, "sd:graph": f"{iri}-content"})
        yield from _about(f"{iri}-content", "sd:Graph", {"void:triples": Literal(graphs[name])})


def _format(form: Form[str]) -> str:
    """The IRI of a form at the W3C."""
    name = form.title.replace("/", "_")
    return PREFIXES["formats"] + (name if form in RDF else f"SPARQL_Results_{name}")
