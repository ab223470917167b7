"""The ontology, its stubs and vocabularies: checks in SPARQL with planted faults, consistency, the JSON-LD context."""

import json
import re
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics
from owlrl.Namespaces import ERRNS
from pyoxigraph import DefaultGraph, QuerySolutions, RdfFormat, Store, Triple, parse
from rdflib import Graph, Literal

import solgraph
from solgraph.rdf.json_ld import json_ld
from solgraph.rdf.namespaces import GRAPH, PREFIXES, SG, VOCAB, shorten
from solgraph.rdf.store import ONTOLOGY_GRAPH, File, data_files, load, ontology_files, quads
from solgraph.resources import ONTOLOGY, ROOT, display, shape_files

Rows: TypeAlias = set[tuple[str, ...]]

HERE = Path(__file__).parent
DATA = ROOT / "data"
CHECKS = {path.stem: path for path in sorted((HERE / "ontology").glob("*.rq"))}
FAULTS = {path.stem: path for path in sorted((HERE / "ontology" / "faults").glob("*.ttl"))}
FILES = sorted(ONTOLOGY.rglob("*.ttl"))
CONTEXT: dict[str, Any] = json.loads((ONTOLOGY / "context.jsonld").read_text("utf-8"))["@context"]


def select(store: Store, query: str) -> QuerySolutions:
    answer = store.query(query)
    assert isinstance(answer, QuerySolutions)
    return answer


def rows(store: Store, check: str) -> Rows:
    """What a check finds: things, each with the detail that the check gives."""
    answer = select(store, CHECKS[check].read_text("utf-8"))
    return {tuple(shorten(term.value) for term in row if term is not None) for row in answer}


def planted(check: str) -> set[str]:
    """The things that a fault file says the check finds in it."""
    first, *_ = FAULTS[check].read_text("utf-8").splitlines()
    return set(first.removeprefix("# found: ").split(", "))


def report(store: Store) -> dict[str, Rows]:
    """What each check finds, of those that find something."""
    return {check: found for check in CHECKS if (found := rows(store, check))}


# The files


def test_each_scheme_has_its_file() -> None:
    vocabularies = {path.stem for path in (ONTOLOGY / "vocab").glob("*.ttl")}
    assert vocabularies == {prefix for prefix, namespace in PREFIXES.items() if namespace.startswith(VOCAB)}
    assert len(vocabularies) == 16


def test_strict_and_lenient_parsers_read_the_same() -> None:
    strict = {display(path): sum(1 for _ in parse(path=str(path), format=RdfFormat.TURTLE)) for path in FILES}
    assert strict == {display(path): len(Graph().parse(path)) for path in FILES}
    assert all(strict.values())


# The checks


def test_each_check_has_its_fault() -> None:
    assert set(CHECKS) == set(FAULTS)
    assert len(CHECKS) == 31


def test_each_check_says_what_is_wrong_and_how_to_mend_it() -> None:
    for check, path in CHECKS.items():
        text = path.read_text("utf-8")
        assert re.match(r"# what is wrong: [A-Z].*\.\n# fix: [A-Z].*\.\n(PREFIX|SELECT) ", text), check
        names = [variable.value for variable in select(Store(), text).variables]
        assert names in (["thing"], ["thing", "detail"]), check


def test_the_shipped_ontology_passes_every_check() -> None:
    assert report(load(ontology_files())) == {}


def test_each_planted_fault_is_found_by_its_check_alone() -> None:
    """They are planted among the vocabularies that they name, not among all sixteen."""
    named = ("status", "role")
    store = load([file for file in ontology_files() if file.path.parent.name != "vocab" or file.path.stem in named])
    differing = {}
    for check, path in FAULTS.items():
        added = [quad for quad in quads(File(path, GRAPH + "fault")) if quad not in store]
        store.extend(added)
        things = {name: {thing for thing, *_ in found} for name, found in report(store).items()}
        if things != {check: planted(check)}:
            differing[check] = things
        for quad in added:
            store.remove(quad)
    assert differing == {}


def test_missing_header_is_found() -> None:
    found = rows(Store(), "header-incomplete")
    assert {thing for thing, _ in found} == {SG.removesuffix("#")}
    assert {"dcterms:title", "dcterms:license", "owl:versionIRI", "owl:versionInfo"} < {lacks for _, lacks in found}
    assert len(found) == 10


def test_data_and_shapes_use_declared_terms_of_ours() -> None:
    shapes = [File(path, GRAPH + "shapes") for path in shape_files()]
    assert not rows(load([*ontology_files(), *data_files(DATA), *shapes], named=False), "own-term-undeclared")


def test_data_use_declared_foreign_terms() -> None:
    assert not rows(load([*ontology_files(), *data_files(DATA)], named=False), "foreign-term-undeclared")


#: The day of the last change to the ontology, and the checksum of its text but for the date.
MODIFIED = "2026-11-30", "225117dda6228b37"


def test_the_date_of_the_ontology_is_that_of_its_last_change() -> None:
    text = (ONTOLOGY / "solgraph.ttl").read_text(encoding="utf-8")
    (line,) = (line for line in text.splitlines() if "dcterms:modified" in line)
    told = line.split('"')[1], sha256(text.replace(line, "").encode()).hexdigest()[:16]
    assert told == MODIFIED, "Give the day of the change in dcterms:modified of the ontology, and both here."


def test_a_version_that_is_not_released_is_called_a_draft() -> None:
    text = (ONTOLOGY / "solgraph.ttl").read_text(encoding="utf-8")
    changes = (HERE.parent / "CHANGELOG.md").read_text(encoding="utf-8")
    version, state = re.search(r"^## (\S+) \((.+)\)", changes, re.MULTILINE).groups()  # type: ignore[union-attr]
    assert f'owl:versionInfo "{version}{"-draft" if state == "unreleased" else ""}"' in text


def test_header_and_prefix_table_agree() -> None:
    header = select(
        load([File(ONTOLOGY / "solgraph.ttl", ONTOLOGY_GRAPH)]),
        "PREFIX vann: <http://purl.org/vocab/vann/>"
        "SELECT ?prefix ?uri { ?ontology vann:preferredNamespacePrefix ?prefix ; vann:preferredNamespaceUri ?uri }",
    )
    assert [(row["prefix"].value, row["uri"].value) for row in header] == [("sg", SG)]


# Alignment

#: What CPSV-AP 3.2.0 (releases/3.2.0/rdf/cpsv-ap.ttl) and CPOV 2.1.2 (voc/core-public-organisation-ap.ttl) define.
STANDARD = {
    "cpsv": {*"PublicService Rule follows hasInput implements produces".split()},
    "cv": {
        *("BusinessEvent Channel ContactPoint Cost Event Evidence EvidenceType LifeEvent Output Participation").split(),
        *(
            "PublicOrganisation contactPoint hasChannel hasCompetentAuthority hasCost hasInputType hasLegalResource"
        ).split(),
        *("hasParticipation hasRelatedService holdsRequirement isClassifiedBy isGroupedBy processingTime").split(),
        *("relatedService sector thematicArea").split(),
    },
}


def test_terms_of_the_standards_of_public_services_exist() -> None:
    text = (ONTOLOGY / "external.ttl").read_text("utf-8") + (ONTOLOGY / "solgraph.ttl").read_text("utf-8")
    assert {*re.findall(r"@prefix (c\w+): <(.*)>", text)} == {
        ("cpsv", "http://purl.org/vocab/cpsv#"),
        ("cv", "http://data.europa.eu/m8g/"),
    }
    used = {prefix: set(re.findall(rf"(?<![\w-]){prefix}:(\w+)", text)) for prefix in STANDARD}
    assert {prefix: names - STANDARD[prefix] for prefix, names in used.items()} == {"cpsv": set(), "cv": set()}
    assert (len(used["cpsv"]), len(used["cv"])) == (1, 5)


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("?thing a/rdfs:subClassOf* <http://data.europa.eu/m8g/PublicOrganisation>", 46),
        ("?thing ?by ?at . ?by rdfs:subPropertyOf* dcterms:spatial . ?at a/rdfs:subClassOf* dcterms:Location", 90),
        ("?thing ?by ?group . ?by rdfs:subPropertyOf* dcterms:audience . ?group a skos:Concept", 60),
        ("?thing a/(rdfs:subClassOf|skos:relatedMatch)* <http://purl.org/vocab/cpsv#PublicService>", 100),
    ],
)
def test_things_are_found_by_terms_of_the_standards(pattern: str, count: int, shipped: solgraph.Knowledge) -> None:
    assert len(shipped.sparql(f"SELECT DISTINCT ?thing {{ {pattern} }}")) >= count


# OWL 2 RL


def inconsistencies(more: str) -> list[str]:
    """What owlrl complains about; it raises nothing and adds its complaints to the closure as triples."""
    graph = Graph().parse(data=more, format="turtle")
    for file in ontology_files():
        graph.parse(file.path)
    for text in [triple for triple in graph if isinstance(triple[2], Literal) and triple[2].language]:
        graph.remove(text)  # most of the vocabularies, and no axiom is about them
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    return sorted(str(message) for message in graph.objects(None, ERRNS.error))


def test_the_ontology_is_consistent_and_what_contradicts_it_is_found() -> None:
    contradictions = {
        "mayor-and-town": "sg:City , sg:Person",  # disjoint classes
        "network-and-report": "sg:Network , sg:Source",  # disjoint through their superclasses
    }
    planted = "".join(f"ex:{name} a {classes} . " for name, classes in contradictions.items())
    found = inconsistencies(f"@prefix sg: <{SG}> . @prefix ex: <https://example.org/> . {planted}")
    assert {name for name in contradictions if any(name in text for text in found)} == set(contradictions)
    assert [text for text in found if not any(name in text for name in contradictions)] == []


# The JSON-LD context


def key_of(name: str) -> str:
    """The key of a term: its name, with ``has`` before it where a prefix (``status:running``) already has the name."""
    return f"has{name[0].upper()}{name[1:]}" if name in PREFIXES else name


def definition_of(iri: str, kind: str, ranges: list[str]) -> dict[str, str] | str:
    """What the context says of a term of ours: object properties hold IRIs, a single datatype is implied."""
    if kind == "owl:ObjectProperty":
        return {"@id": iri, "@type": "@id"}
    if kind == "owl:DatatypeProperty" and len(ranges) == 1 and ranges != ["xsd:string"]:
        return {"@id": iri, "@type": ranges[0]}
    return iri


def own_definitions() -> dict[str, dict[str, str] | str]:
    """The part of the context that follows from the ontology."""
    kinds: dict[str, str] = {}
    ranges: dict[str, list[str]] = {}
    for quad in load(ontology_files()).quads_for_pattern(None, None, None, DefaultGraph()):
        subject, predicate, value = (shorten(term.value) for term in quad.triple)
        if subject.startswith("sg:") and value in ("owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty"):
            kinds[subject] = value
        if predicate == "schema:rangeIncludes":
            ranges.setdefault(subject, []).append(value)
    return {
        key_of(iri.removeprefix("sg:")): definition_of(iri, kind, ranges.get(iri, [])) for iri, kind in kinds.items()
    }


def by_pyoxigraph(document: str) -> set[Triple]:
    return {quad.triple for quad in parse(document, RdfFormat.JSON_LD)}


def by_rdflib(document: str) -> set[Triple]:
    text = Graph().parse(data=document, format="json-ld").serialize(format="ntriples")
    return {quad.triple for quad in parse(text, RdfFormat.N_TRIPLES)}


def turtle_files(path: Path) -> list[File]:
    return [file for file in data_files(path) if file.path.suffix == ".ttl"]


def in_turtle(path: Path) -> set[Triple]:
    """The triples of the Turtle files below a path."""
    return {quad.triple for file in turtle_files(path) for quad in parse(path=str(file.path), format=RdfFormat.TURTLE)}


@cache
def compacted(path: Path) -> dict[str, Any]:
    """The data below a path in JSON-LD, by the keys of the context, which is inlined."""
    graph = Graph()
    for file in turtle_files(path):
        graph.parse(file.path)
    document: dict[str, Any] = json.loads(graph.serialize(format="json-ld", context=CONTEXT, auto_compact=True))
    return document


# rdflib 7.6 warns of a class that its own JSON-LD parser uses.
readers = pytest.mark.parametrize(
    "read",
    [
        by_pyoxigraph,
        pytest.param(by_rdflib, marks=pytest.mark.filterwarnings("ignore:ConjunctiveGraph is:DeprecationWarning")),
    ],
)
Reader: TypeAlias = Callable[[str], set[Triple]]


def test_context_is_in_order() -> None:
    text = json.dumps({"@context": CONTEXT}, ensure_ascii=False, indent=2) + "\n"
    assert (ONTOLOGY / "context.jsonld").read_text("utf-8") == text
    assert list(CONTEXT)[:3] == ["@version", "id", "type"]
    terms = list(CONTEXT)[3 + len(PREFIXES) :]
    assert terms == sorted(terms)


def test_context_declares_every_prefix() -> None:
    declared = {key: value for key, value in CONTEXT.items() if isinstance(value, str) and value.endswith(("/", "#"))}
    assert list(declared.items()) == list(PREFIXES.items())


def test_context_has_a_short_key_for_every_term_of_ours() -> None:
    iris = {key: value["@id"] if isinstance(value, dict) else value for key, value in CONTEXT.items()}
    ours = {key: CONTEXT[key] for key, iri in iris.items() if str(iri).startswith("sg:")}
    assert ours == own_definitions()


@readers
def test_example_expands(read: Reader) -> None:
    example = {
        "@context": CONTEXT,
        "id": "programme:plan-einstein",
        "type": "Programme",
        "prefLabel": {"en": "Plan Einstein"},
        "altLabel": {"en": ["U-RLP", "Utrecht Refugee Launchpad"], "nl": "Plan Einstein"},
        "inCity": {
            "id": "city:utrecht",
            "type": "City",
            "geonamesId": 2745912,
            "lat": "52.09083",
            "sameAs": "https://sws.geonames.org/2745912/",
        },
        "hasStatus": "status:running",
        "hasTheme": ["theme:t1", "theme:t2"],
        "startDate": {"@value": "2016", "@type": "xsd:gYear"},
        "evidence": {"id": "passage:x-2.3", "section": "2.3", "page": 14, "hasSource": "source:x"},
    }
    expected = f"""
        {"".join(f"PREFIX {prefix}: <{namespace}> " for prefix, namespace in PREFIXES.items())}
        programme:plan-einstein a sg:Programme ; skos:prefLabel "Plan Einstein"@en ;
            skos:altLabel "U-RLP"@en , "Utrecht Refugee Launchpad"@en , "Plan Einstein"@nl ;
            sg:inCity city:utrecht ; sg:status status:running ; sg:theme theme:t1 , theme:t2 ;
            sg:startDate "2016"^^xsd:gYear ; sg:evidence passage:x-2.3 .
        city:utrecht a sg:City ; sg:geonamesId 2745912 ; geo:lat 52.09083 ;
            schema:sameAs <https://sws.geonames.org/2745912/> .
        passage:x-2.3 sg:section "2.3" ; sg:page 14 ; oa:hasSource source:x .
    """
    assert read(json.dumps(example)) == {quad.triple for quad in parse(expected, RdfFormat.TURTLE)}


@readers
@pytest.mark.parametrize("path", [HERE / "small", DATA, ONTOLOGY / "vocab"], ids=["small", "data", "vocab"])
def test_data_come_back_from_json_ld(path: Path, read: Reader) -> None:
    assert read(json.dumps(compacted(path))) == in_turtle(path)


def test_whatever_data_say_has_a_key() -> None:
    nodes = [node for path in (DATA, ONTOLOGY / "vocab") for node in compacted(path)["@graph"]]
    assert len(nodes) > 1000
    kinds = {kind for node in nodes for kind in ([node["type"]] if isinstance(node["type"], str) else node["type"])}
    assert (kinds | {key for node in nodes for key in node}) - set(CONTEXT) == set()


@readers
def test_exported_json_ld_means_the_same_under_the_context(read: Reader) -> None:
    triples = in_turtle(HERE / "small")
    exported = json.loads(json_ld(triples))
    assert read(json.dumps(exported | {"@context": CONTEXT})) == triples
