"""The dataset described for catalogues (DCAT-AP 3) and for machines that read linked data (VoID).

What is described keeps its w3id.org IRI; files, services and pages have the address under which they are served.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from importlib.metadata import version

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from solgraph.rdf import namespaces, turtle
from solgraph.rdf.namespaces import BASE, GRAPH, ID, RDF_TYPE, shorten, slug
from solgraph.web.documents import DUMPS, FORMS, Form, Served
from solgraph.web.pages.reference import Statistics, statistics

PREFIXES = namespaces.PREFIXES | {
    "adms": "http://www.w3.org/ns/adms#",
    "dcatap": "http://data.europa.eu/r5r/",
    "formats": "http://www.w3.org/ns/formats/",
    "gsp": "http://www.opengis.net/ont/geosparql#",
    "media": "https://www.iana.org/assignments/media-types/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
}
CATALOGUE, DATASET = BASE + "catalog", BASE + "catalog#dataset"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
TITLE = "solgraph: a knowledge graph of European solidarity cities"
SUMMARY = (
    "Cities in Europe that support migrants and refugees: who works with whom, in which programmes, networks and "
    "alliances, since when, and in which section of which document it stands."
)
KEYWORDS = ("solidarity cities", "migration", "refugees", "city networks", "local government", "civil society")
_PUBLISHER, _CONTACT = ID + "project", BASE + "catalog#contact"
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_THEME, _THEMES = _AUTHORITY + "data-theme/SOCI", _AUTHORITY + "data-theme"
_EUROPE = _AUTHORITY + "continent/EUROPE"
_FILE_TYPES = {"ttl": "RDF_TURTLE", "trig": "RDF_TRIG", "nq.gz": "RDF_N_QUADS"}
_CALLED = {"ttl": "Turtle", "trig": "TriG, one named graph for each source", "nq.gz": "N-Quads, compressed"}
#: The codes of the Publications Office for the languages that names in the data may have.
_LANGUAGES = {
    "ar": "ARA", "bg": "BUL", "ca": "CAT", "cs": "CES", "cy": "CYM", "da": "DAN", "de": "DEU", "el": "ELL",
    "en": "ENG", "es": "SPA", "et": "EST", "eu": "EUS", "fi": "FIN", "fr": "FRA", "ga": "GLE", "gl": "GLG",
    "hr": "HRV", "hu": "HUN", "it": "ITA", "lt": "LIT", "lv": "LAV", "mt": "MLT", "nl": "NLD", "pl": "POL",
    "pt": "POR", "rm": "ROH", "ro": "RON", "ru": "RUS", "sk": "SLK", "sl": "SLV", "sv": "SWE", "tr": "TUR",
    "uk": "UKR",
}  # fmt: skip

Value = NamedNode | Literal | str
Said = Mapping[str, Value | Iterable[Value]]


def catalogue(graph: Served, root: str) -> list[Triple]:
    """The catalogue served under an address: the dataset with its numbers, its files and the SPARQL service."""
    return [*_catalogue(graph, root), *_agents(root), *_dataset(graph, root), *_service(root), *_files(graph, root),
            *_coverage(graph), *_named_by_others(graph), *void(graph, root)]  # fmt: skip


def write(triples: Iterable[Triple], form: Form) -> str:
    """Triples in a form; Turtle with the prefixes of catalogues."""
    listed = turtle.ordered(triples)
    if form.name != "turtle":
        return form.write([("", listed)])
    told = "\n".join(map(str, listed))
    used = {prefix: iri for prefix, iri in PREFIXES.items() if f"<{iri}" in told and prefix != "media"}
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


def _about(subject: str, kinds: str, said: Said) -> Iterator[Triple]:
    """The triples about one thing; values that are plain text are IRIs or prefixed names."""
    for kind in kinds.split():
        yield Triple(NamedNode(subject), NamedNode(RDF_TYPE), _iri(kind))
    for name, values in said.items():
        for value in [values] if isinstance(values, str | NamedNode | Literal) else values:
            yield Triple(NamedNode(subject), _iri(name), _iri(value) if isinstance(value, str) else value)


def _en(text: str) -> Literal:
    return Literal(text, language="en")


def _typed(value: object, datatype: str) -> Literal:
    return Literal(str(value), datatype=_iri(datatype))


# DCAT


def _catalogue(graph: Served, root: str) -> Iterator[Triple]:
    yield from _about(CATALOGUE, "dcat:Catalog", {
        "dcterms:title": _en("Catalogue of solgraph"),
        "dcterms:description": _en("The dataset of solgraph, its files and its SPARQL service."),
        "dcterms:publisher": _PUBLISHER,
        "dcterms:license": LICENCE,
        "dcterms:language": _AUTHORITY + "language/ENG",
        "dcterms:spatial": _EUROPE,
        "dcat:themeTaxonomy": _THEMES,
        "dcat:dataset": DATASET,
        "dcat:service": f"{root}/catalog#sparql",
        "foaf:homepage": f"{root}/",
    })  # fmt: skip
    yield from _about(f"{root}/", "foaf:Document", {})


def _agents(root: str) -> Iterator[Triple]:
    yield from _about(_PUBLISHER, "foaf:Agent foaf:Organization", {"foaf:name": Literal("solgraph project")})
    contact: Said = {"vcard:fn": Literal("solgraph project"), "vcard:hasURL": BASE.rstrip("/")}
    yield from _about(_CONTACT, "vcard:Kind vcard:Organization", contact)


def _dataset(graph: Served, root: str) -> Iterator[Triple]:
    numbers = statistics(graph)
    yield from _about(DATASET, "dcat:Dataset", {
        "dcterms:identifier": Literal(DATASET),
        "dcterms:creator": _PUBLISHER,
        "dcterms:language": _languages(numbers),
        "dcterms:accessRights": _AUTHORITY + "access-right/PUBLIC",
        "dcterms:accrualPeriodicity": _AUTHORITY + "frequency/IRREG",
        "dcterms:conformsTo": BASE + "ns",
        "dcterms:provenance": BASE + "catalog#provenance",
        "dcterms:spatial": [_EUROPE, BASE + "catalog#cities", *(iri for iri, _ in numbers.countries)],
        "dcterms:temporal": [BASE + "catalog#years"] if numbers.years else [],
        "dcat:contactPoint": _CONTACT,
        "dcat:keyword": [_en(word) for word in KEYWORDS],
        "dcat:theme": _THEME,
        "dcat:version": Literal(version("solgraph")),
        "dcat:landingPage": f"{root}/",
        "dcat:distribution": [_file(root, ending) for ending in DUMPS],
        "prov:wasDerivedFrom": [iri for _, iri, _ in _documents(graph)],
    })  # fmt: skip


def _service(root: str) -> Iterator[Triple]:
    endpoint = f"{root}/sparql"
    yield from _about(f"{root}/catalog#sparql", "dcat:DataService", {
        "dcterms:title": _en("SPARQL endpoint of solgraph"),
        "dcterms:description": _en("SPARQL 1.1 queries; each source document is a named graph."),
        "dcterms:publisher": _PUBLISHER,
        "dcterms:license": LICENCE,
        "dcterms:accessRights": _AUTHORITY + "access-right/PUBLIC",
        "dcterms:conformsTo": "https://www.w3.org/TR/sparql11-protocol/",
        "dcat:contactPoint": _CONTACT,
        "dcat:endpointURL": endpoint,
        "dcat:endpointDescription": endpoint,
        "dcat:servesDataset": DATASET,
        "dcat:theme": _THEME,
    })  # fmt: skip
    yield from _about(endpoint, "rdfs:Resource", {})
    yield from _about("https://www.w3.org/TR/sparql11-protocol/", "dcterms:Standard", {})


def _file(root: str, ending: str) -> str:
    return f"{root}/catalog#dump-{ending.replace('.', '-')}"


def _files(graph: Served, root: str) -> Iterator[Triple]:
    for ending in DUMPS:
        yield from _distribution(_file(root, ending), f"{root}/dump.{ending}", ending, graph.dump(ending))
    yield from _about(_iri("spdx:checksumAlgorithm_sha256").value, "spdx:ChecksumAlgorithm", {})


def _distribution(iri: str, address: str, ending: str, content: bytes) -> Iterator[Triple]:
    """One file, with its size and checksum; a compressed one tells what is in it and how it is compressed."""
    media_type = "media:application/n-quads" if ending == "nq.gz" else f"media:{DUMPS[ending]}"
    file_type = _AUTHORITY + f"file-type/{_FILE_TYPES[ending]}"
    compressed = ["media:application/gzip"] if ending.endswith(".gz") else []
    yield from _about(iri, "dcat:Distribution", {
        "dcterms:title": _en(f"solgraph in {_CALLED[ending]}"),
        "dcterms:license": LICENCE,
        "dcterms:format": file_type,
        "dcterms:conformsTo": BASE + "ns",
        "dcatap:availability": _AUTHORITY + "planned-availability/STABLE",
        "dcat:accessURL": address,
        "dcat:downloadURL": address,
        "dcat:mediaType": media_type,
        "dcat:compressFormat": compressed,
        "dcat:byteSize": _typed(len(content), "xsd:nonNegativeInteger"),
        "spdx:checksum": f"{iri}-sha256",
    })  # fmt: skip
    yield from _about(f"{iri}-sha256", "spdx:Checksum", {
        "spdx:algorithm": "spdx:checksumAlgorithm_sha256",
        "spdx:checksumValue": _typed(sha256(content).hexdigest(), "xsd:hexBinary"),
    })  # fmt: skip
    yield from _about(address, "rdfs:Resource", {})
    yield from _about(file_type, "dcterms:MediaTypeOrExtent", {})
    for one in [media_type, *compressed]:
        yield from _about(_iri(one).value, "dcterms:MediaType", {})


def _coverage(graph: Served) -> Iterator[Triple]:
    """Where and when what the data tell of took place."""
    numbers = statistics(graph)
    yield from _about(_EUROPE, "dcterms:Location skos:Concept", {"skos:prefLabel": _en("Europe")})
    for iri, name in numbers.countries:
        yield from _about(iri, "dcterms:Location", {"skos:prefLabel": _en(name)})
    cities: Said = {"skos:prefLabel": _en("Where the cities lie")}
    if numbers.box:
        west, south, east, north = numbers.box
        corners = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
        cities = {**cities, "dcat:bbox": _typed(f"POLYGON(({corners}))", "gsp:wktLiteral")}
    yield from _about(BASE + "catalog#cities", "dcterms:Location", cities)
    if numbers.years:
        first, last = (_typed(year, "xsd:gYear") for year in numbers.years)
        yield from _about(
            BASE + "catalog#years", "dcterms:PeriodOfTime", {"dcat:startDate": first, "dcat:endDate": last}
        )


def _documents(graph: Served) -> Iterator[tuple[str, str, list[Literal]]]:
    """Named graph, document and titles of each source document."""
    for use in statistics(graph).sources:
        source = f"{ID}source/{slug(use.iri)}"
        if graph.knows(source):
            pattern = NamedNode(source), _iri("dcterms:title"), None, NamedNode(use.iri)
            titles = [quad.object for quad in graph.store.quads_for_pattern(*pattern)]
            yield use.iri, source, [title for title in titles if isinstance(title, Literal)]


def _named_by_others(graph: Served) -> Iterator[Triple]:
    """The classes and names of what the description names: DCAT-AP wants them beside it."""
    codes = [(code, "dcterms:LinguisticSystem") for code in {*_languages(statistics(graph)), _languages_of("en")}]
    for iri, kind in [
        *codes,
        (LICENCE, "dcterms:LicenseDocument"),
        (_AUTHORITY + "access-right/PUBLIC", "dcterms:RightsStatement"),
        (_AUTHORITY + "frequency/IRREG", "dcterms:Frequency"),
        (BASE + "ns", "dcterms:Standard"),
    ]:
        yield from _about(iri, kind, {})
    yield from _about(_THEMES, "skos:ConceptScheme", {"dcterms:title": _en("Data theme")})
    theme: Said = {"skos:prefLabel": _en("Population and society"), "skos:inScheme": _THEMES}
    yield from _about(_THEME, "skos:Concept", theme)
    stable = _AUTHORITY + "planned-availability/STABLE"
    yield from _about(stable, "skos:Concept", {"skos:prefLabel": _en("stable")})
    told = _en("Each statement was read in a section of a document, which it names; each document is a named graph.")
    yield from _about(BASE + "catalog#provenance", "dcterms:ProvenanceStatement", {"rdfs:label": told})
    for _, source, titles in _documents(graph):
        yield from _about(source, "prov:Entity", {"dcterms:title": titles})


def _languages_of(tag: str) -> str:
    return f"{_AUTHORITY}language/{_LANGUAGES[tag]}"


def _languages(numbers: Statistics) -> list[str]:
    return [_languages_of(tag) for tag in numbers.languages if tag in _LANGUAGES]


# VoID


def void(graph: Served, root: str) -> list[Triple]:
    """The dataset in VoID: addresses, numbers, and how often each class and property is used."""
    numbers = statistics(graph)
    return [*_void_dataset(numbers, root), *_partitions(numbers), *_subsets(graph, root)]


def _void_dataset(numbers: Statistics, root: str) -> Iterator[Triple]:
    examples = sorted(use.example for use in numbers.classes if use.example.startswith(ID))
    yield from _about(DATASET, "void:Dataset", {
        "dcterms:title": _en(TITLE),
        "dcterms:description": _en(SUMMARY),
        "dcterms:publisher": _PUBLISHER,
        "dcterms:license": LICENCE,
        "foaf:homepage": f"{root}/",
        "void:sparqlEndpoint": f"{root}/sparql",
        "void:dataDump": [f"{root}/dump.{ending}" for ending in DUMPS],
        "void:uriSpace": Literal(ID),
        "void:vocabulary": [namespaces.SG, *(PREFIXES[one] for one in ("dcterms", "org", "skos", "sosa", "oa"))],
        "void:feature": [f"formats:{one}" for one in ("Turtle", "JSON-LD", "N-Triples", "TriG", "N-Quads", "RDF_XML")],
        "void:exampleResource": examples,
        "void:triples": Literal(numbers.totals.triples),
        "void:entities": Literal(numbers.totals.entities),
        "void:distinctSubjects": Literal(numbers.totals.subjects),
        "void:distinctObjects": Literal(numbers.totals.objects),
        "void:classes": Literal(len(numbers.classes)),
        "void:properties": Literal(len(numbers.properties)),
    })  # fmt: skip


def _partitions(numbers: Statistics) -> Iterator[Triple]:
    for use in numbers.classes:
        part = _part("class", use.iri)
        yield from _about(DATASET, "", {"void:classPartition": part})
        yield from _about(part, "void:Dataset", {"void:class": use.iri, "void:entities": Literal(use.uses)})
    for use in numbers.properties:
        part = _part("property", use.iri)
        yield from _about(DATASET, "", {"void:propertyPartition": part})
        yield from _about(part, "void:Dataset", {"void:property": use.iri, "void:triples": Literal(use.uses)})


def _part(kind: str, iri: str) -> str:
    short = shorten(iri)
    name = short.replace(":", "-") if short != iri else sha256(iri.encode()).hexdigest()[:12]
    return f"{BASE}catalog#{kind}-{name}"


def _subsets(graph: Served, root: str) -> Iterator[Triple]:
    documents = {one: source for one, source, _ in _documents(graph)}
    for use in statistics(graph).sources:
        dumps = [f"{root}/graph/{use.iri.removeprefix(GRAPH)}.{form.ending}" for form in FORMS[:1]]
        yield from _about(DATASET, "", {"void:subset": use.iri})
        yield from _about(use.iri, "void:Dataset", {
            "void:triples": Literal(use.uses),
            "void:dataDump": dumps,
            "prov:wasDerivedFrom": [documents[use.iri]] if use.iri in documents else [],
        })  # fmt: skip
