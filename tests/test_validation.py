"""Validation: the shipped data passes, every shape has a file that makes it fire, findings help a curator."""

import csv
import io
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode, RdfFormat, Store, parse
from rdflib import RDF, SH, Graph, Literal, URIRef

import solgraph
from programs import needs_packages, required
from solgraph.cli.main import main
from solgraph.formats.media import RDF as RDF_FORMS
from solgraph.graph.snapshot import value_of
from solgraph.graph.validation_engine import Result, run_engine
from solgraph.graph.validation_report import FORMATS, SEVERITIES, Report
from solgraph.graph.validation_shapes import rdflib_graph
from solgraph.graph.validation_suspects import OWN_TARGET
from solgraph.rdf.line_numbers import LineNumbers
from solgraph.rdf.namespaces import PREFIXES, shorten, slug
from solgraph.rdf.store import File, data_files, load, ontology_files
from solgraph.resources import ONTOLOGY, display, shape_files

BROKEN, SMALL = Path(__file__).parent / "broken", Path(__file__).parent / "small"
FILES = sorted([*BROKEN.glob("*.ttl"), *BROKEN.glob("*.trig")])


@pytest.fixture(scope="module")
def kg() -> solgraph.Knowledge:
    return solgraph.open()


def shapes_in(*folders: str) -> Graph:
    graph = Graph()
    for path in shape_files():
        if path.parent.name in (*folders, "shapes"):
            graph.parse(path)
    return graph


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return shapes_in("core", "sparql", "own")


def rules(shapes: Graph) -> set[str]:
    """The shapes that report: those with targets or constraints of their own, all of them named."""
    targets = (SH.target, SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, URIRef(OWN_TARGET))
    return {shorten(str(shape)) for target in targets for shape in shapes.subjects(target) if isinstance(shape, URIRef)}


def fires(path: Path) -> str:
    return path.read_text().splitlines()[0].partition("fires:")[2].strip()


#: Rules that are younger than the frozen data; test_alliances.py holds the shipped data to them.
YOUNGER = {"UndertakingTwice", "StatementRepeated", "MeasureTwice"}


def test_the_frozen_data_has_no_violation_and_no_warning(kg: solgraph.Knowledge) -> None:
    report = kg.validate()
    older = (one for one in report.findings if one.shape not in YOUNGER)
    assert [str(one) for one in older if one.severity != "Info"] == []
    assert report.ok
    assert (report.elsewhere, report.repeated) == (0, 0)


def test_data_that_introduce_one_profiled_city_introduce_all(tmp_path: Path) -> None:
    lines = (BROKEN / "introduction-without-evidence.ttl").read_text(encoding="utf-8").splitlines()
    texts = "\n".join(line for line in lines if line.startswith(("@prefix", '        "')))
    (tmp_path / "ardea.ttl").write_text(texts.replace("        ", "city:ardea dcterms:description ", 1) + " .")
    report = solgraph.open(SMALL, add=tmp_path).validate()
    serious = sorted((finding.shape, finding.thing) for finding in report.findings if finding.severity == "Violation")
    assert serious == [
        ("IntroductionMissing", "city:cadria"),
        ("IntroductionMissing", "city:dorn"),
        ("IntroductionWithoutEvidence", "city:ardea"),
    ]


def test_every_shape_has_one_file_that_makes_it_fire(shapes: Graph) -> None:
    assert sorted(fires(path) for path in FILES) == sorted(rules(shapes))
    assert len(FILES) > 100


def test_every_shape_says_what_to_do_and_how_grave_it_is(shapes: Graph) -> None:
    for name in rules(shapes):
        shape = URIRef("https://w3id.org/solgraph/shapes#" + name.removeprefix("sgs:"))
        messages = list(shapes.objects(shape, SH.message)) + [
            text for one in shapes.objects(shape, SH.sparql) for text in shapes.objects(one, SH.message)
        ]
        assert messages, name
        assert all(len(str(text)) > 20 and str(text) == str(text).strip() for text in messages), name
        severity = shapes.value(shape, SH.severity)
        assert severity is None or slug(str(severity)) in SEVERITIES


@pytest.fixture(scope="module")
def all_broken(kg: solgraph.Knowledge) -> Report:
    """All broken files at once: none describes what another one does."""
    return kg.validate(BROKEN)


def test_each_broken_file_makes_its_shape_fire(all_broken: Report) -> None:
    fired: dict[str, set[str]] = {}
    for finding in all_broken.findings:
        fired.setdefault(finding.file, set()).add(f"sgs:{finding.shape}")
    silent = [path.name for path in FILES if fires(path) not in fired.get(display(path), set())]
    assert silent == []
    assert [
        path.stem for path in FILES if path.stem.replace("-", "") != fires(path).removeprefix("sgs:").casefold()
    ] == []


@pytest.mark.parametrize("path", FILES[:: 40 if required() else 80], ids=lambda path: path.stem)
def test_alone_it_makes_the_same_shapes_fire(path: Path, kg: solgraph.Knowledge, all_broken: Report) -> None:
    together = {(one.shape, one.thing) for one in all_broken.findings if one.file == display(path)}
    assert {(one.shape, one.thing) for one in kg.validate(path).findings} == together


def test_each_finding_names_the_line_of_the_wrong_value_or_of_the_thing(all_broken: Report) -> None:
    lines = {display(path): path.read_text().splitlines() for path in FILES}
    for finding in all_broken.findings:
        line = lines[finding.file][finding.line - 1]
        assert finding.excerpt == line.strip()
        is_of_value = finding.value in line or shorten(finding.result.path) in line
        assert is_of_value or finding.thing in line or " a " in line, finding
        written = [row for row in lines[finding.file] if finding.value and f" {finding.value} " in row]
        assert finding.value in line or not written or finding.thing == finding.value, finding


# Other engines


@pytest.fixture(scope="module")
def store(kg: solgraph.Knowledge) -> Store:
    """All broken files and what several sources name, without the sources: pySHACL takes a third of the time."""
    register = [file for file in kg.files if "sources" not in file.path.parts]
    return load([*ontology_files(), *register, *(file for path in FILES for file in data_files(path))], named=False)


@pytest.fixture(scope="module")
def ours(store: Store) -> list[Result]:
    return run_engine(store)


def per_file(rows: Iterable[tuple[str, ...]]) -> dict[str, Counter[tuple[str, ...]]]:
    """Broken file → its results, which begin with a focus node; the rest is under "others"."""
    home = {iri: path.stem for path in FILES for iri in LineNumbers(File(path, "")).blocks}
    counts: dict[str, Counter[tuple[str, ...]]] = {path.stem: Counter() for path in FILES}
    for row in rows:
        counts.setdefault(home.get(row[0], "others"), Counter())[row] += 1
    return counts


def table(title: str, *engines: dict[str, Counter[tuple[str, ...]]]) -> str:
    """How many results each engine gives for each file: ``pytest -s`` shows it."""
    lines = [f"{file:<40}" + "".join(f"{engine[file].total():>6}" for engine in engines) for file in engines[0]]
    return "\n".join([f"\n{title}", *lines])


@pytest.mark.skipif(not required(), reason="pySHACL is asked alone where SOLGRAPH_ENGINES=required, as in .ci/run")
def test_pyshacl_alone_gives_the_same_results(store: Store, ours: list[Result]) -> None:
    import pyshacl

    data, shapes = rdflib_graph(quad.triple for quad in store), shapes_in("core", "sparql")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=True, inplace=True)
    nodes = report.objects(report.value(predicate=RDF.type, object=SH.ValidationReport), SH.result)
    keys = (SH.focusNode, SH.sourceShape)
    theirs = per_file(tuple(str(report.value(node, key)) for key in keys) for node in nodes)
    judged = rules(shapes)
    mine = per_file((value_of(result.focus), result.shape) for result in ours if shorten(result.shape) in judged)
    sys.stdout.write(table("ours, pySHACL alone", mine, theirs))
    assert mine == theirs


def test_a_second_engine_gives_the_same_results_for_the_core_shapes(
    store: Store, ours: list[Result], tmp_path: Path
) -> None:
    packages = {"rdf-validate-shacl": "0.6.5", "n3": "1.26.0", "@rdfjs/dataset": "2.0.2"}
    environment = {**os.environ, "PACKAGES": str(needs_packages("shacl", packages))}
    core = load([File(path, "") for path in sorted((ONTOLOGY / "shapes" / "core").glob("*.ttl"))], named=False)
    for name, content in (("shapes.nt", core), ("data.nt", store)):
        (tmp_path / name).write_text("".join(f"{quad.triple} .\n" for quad in content))
    command = ["node", str(Path(__file__).parent / "engines" / "shacl.mjs"), "shapes.nt", "data.nt"]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True, timeout=120)
    names = {quad.subject.value for quad in core if isinstance(quad.subject, NamedNode)}
    rows = [(result.focus, result.shape, result.path, result.value) for result in ours if result.shape in names]
    mine = per_file(tuple("" if term is None else value_of(term) for term in row[:2]) for row in rows)
    theirs = per_file(tuple(row[:2]) for row in json.loads(run.stdout))
    sys.stdout.write(table("ours, rdf-validate-shacl", mine, theirs))
    assert mine == theirs


def test_what_lacks_a_value_is_known_without_pyshacl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("solgraph.graph.validation_engine.report_of")
    (finding,) = solgraph.open(SMALL).validate(BROKEN / "name-missing.ttl").findings
    assert (finding.shape, finding.result.component) == ("NameMissing", str(SH.MinCountConstraintComponent))


@pytest.mark.parametrize("folder", ["core", "sparql", "own"])
def test_shapes_that_need_sparql_stand_apart(folder: str) -> None:
    graph = shapes_in(folder)
    needing = {shorten(str(shape)) for by in (SH.target, SH.sparql, URIRef(OWN_TARGET)) for shape in graph.subjects(by)}
    assert needing == (set() if folder == "core" else rules(graph))
    assert any("GRAPH" in text for text in graph.objects(None, SH.select)) == (folder == "own")


# Nothing slips past


#: A blank node, one below a thing, one far below a thing, a link: the line of the results, and their shapes.
WITHOUT_A_LINE = {
    '[] a sg:City ; sg:startDate "x"^^xsd:gYear .': (1, {"CountryNotReached", "DateForm", "NameMissing"}),
    "city:x a sg:City ; sg:note [ a sg:Membership ] .": (5, {"MembershipRole", "MembershipWithoutMember"}),
    "city:y sg:locatedIn [ sg:inside [ a sg:Finding ] ] .": (5, {"FindingKindMissing"}),
    "city:z sg:locatedIn city:nowhere . [] a sg:Membership ; sg:note city:z .": (5, {"LocatedInNoPlace"}),
}


def test_a_result_without_a_line_is_reported_at_what_refers_to_it(tmp_path: Path, small: solgraph.Knowledge) -> None:
    head = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("sg", "xsd", "city"))
    for number, content in enumerate(WITHOUT_A_LINE):
        (tmp_path / f"{number}.ttl").write_text(f"{head}\n{content}\n")
    report = small.validate(tmp_path)
    for number, (line, shapes) in enumerate(WITHOUT_A_LINE.values()):
        findings = [one for one in report.findings if Path(one.file).name == f"{number}.ttl"]
        assert "Violation" in {finding.severity for finding in findings}
        fired = {finding.shape: finding.line for finding in findings}
        assert {shape: fired.get(shape) for shape in shapes} == dict.fromkeys(shapes, line)


def test_every_result_of_the_engine_is_a_finding_or_counted(kg: solgraph.Knowledge, all_broken: Report) -> None:
    named = load([*ontology_files(), *kg.files, *(file for path in FILES for file in data_files(path))])
    assert len(all_broken.findings) + all_broken.elsewhere + all_broken.repeated == len(run_engine(named))
    assert f"{all_broken.elsewhere} more results about other files" in all_broken.summary


def test_a_server_cannot_be_validated() -> None:
    with pytest.raises(solgraph.WrongUse, match="The data are on http"):
        solgraph.open(endpoint="http://127.0.0.1:9/sparql").validate()


def test_every_form_of_rdf_is_validated(tmp_path: Path, small: solgraph.Knowledge) -> None:
    broken = (BROKEN / "name-missing.ttl").read_text()
    (thing,) = LineNumbers(File(BROKEN / "name-missing.ttl", "")).blocks
    for form in RDF_FORMS:
        triples = [quad.triple for quad in parse(broken, format=RdfFormat.TURTLE)]
        text = form.write([("", triples)]).replace(thing.rpartition("/")[2], f"in-{form.name}")
        (tmp_path / f"x.{form.endings[0]}").write_text(text)
    found = sorted((Path(one.file).name, one.shape, one.line > 0) for one in small.validate(tmp_path).findings)
    assert found == sorted((f"x.{form.endings[0]}", "NameMissing", True) for form in RDF_FORMS)


OWN = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix sg: <https://w3id.org/solgraph/ns#> .
<urn:x:Motto> a sh:NodeShape ; sh:targetClass sg:Country ;
    sh:property [ sh:path sg:motto ; sh:minCount 1 ; sh:message "Give the country a motto." ] .
"""


def test_statements_about_statements_are_validated_in_silence(
    tmp_path: Path, small: solgraph.Knowledge, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "statements.ttl"
    path.write_text("<urn:a> <urn:p> <<( <urn:b> <urn:q> 1 )>> .")
    assert small.validate(path).things == 1
    assert not caplog.records  # rdflib warns of what is no IRI


def test_shapes_of_ones_own_count_beside_the_shipped_ones(tmp_path: Path) -> None:
    path = tmp_path / "own.ttl"
    path.write_text(OWN)
    result = CliRunner().invoke(main, ["validate", "--data", str(SMALL), "--shapes", str(path), "-f", "csv"])
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert {(row["shape"], row["message"]) for row in rows if row["severity"] == "Violation"} == {
        ("urn:x:Motto", "Give the country a motto.")
    }
    assert result.exit_code == 1


REACHING_OUT = "SELECT $this { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            OWN.replace("sh:minCount 1", 'sh:minCount "one"'),
            "own.ttl:4: the shape urn:x:Motto (for sg:motto) cannot be",
        ),
        (
            OWN.replace("sh:path sg:motto ;", "a sh:PropertyShape ;"),
            "own.ttl:3: the shape urn:x:Motto cannot be used: its",
        ),
        (OWN.replace("sh:minCount 1", 'sh:pattern "("'), "own.ttl:4: the shape urn:x:Motto (for sg:motto) cannot be"),
        (OWN.replace("sh:minCount 1", "sh:minLength -1"), "own.ttl: the shapes cannot be used: sh:minLength"),
        (OWN.replace("sh:property", 'sh:sparql [ sh:select "SELEC" ] ; sh:property'), "'SELEC' is not SPARQL"),
        (
            OWN.replace("sh:property", 'sh:sparql [ sh:select "ASK { x:y a x:z }" ] ; sh:property'),
            "namespace prefix : x",
        ),
        (
            OWN.replace("sh:property", 'sh:target [ sh:select "SELEC" ] ; sh:property'),
            "the shape urn:x:Motto cannot be",
        ),
        (OWN.replace("sh:property", 'sh:target [ sh:select "SELECT ?x {}" ] ; sh:property'), "does not select ?this"),
        ("<urn:x:Motto> <urn:x:y> 1 .", "own.ttl: the file holds no shape of SHACL."),
        (
            OWN.replace("sh:property", 'sh:sparql [ sh:select "SELECT $this { SERVICE <urn:x> {} }" ] ; sh:property'),
            "SERVICE",
        ),
    ],
    ids="number path pattern length query prefix target this none service".split(),
)
def test_shapes_that_cannot_be_used_are_an_error(
    content: str, message: str, tmp_path: Path, small: solgraph.Knowledge, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.ttl"
    path.write_text(content)
    with pytest.raises(solgraph.SolgraphError) as error:
        small.validate(path, shapes=path)
    assert message in str(error.value)
    assert len(error.value.args[0].splitlines()) == 1
    assert capfd.readouterr().err == ""  # pySHACL writes its own messages to the error output


def test_the_command_tells_of_such_shapes_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "own.ttl"
    path.write_text(OWN.replace("sh:minCount 1", 'sh:pattern "("'))
    result = CliRunner().invoke(main, ["validate", "--data", str(SMALL), "--shapes", str(path)])
    assert (result.exit_code, "is no regular expression" in result.output) == (1, True), result.output


def test_turtle_is_a_validation_report_as_shacl_defines_it(report: Report) -> None:
    graph = Graph().parse(data=report.text("ttl"), format="turtle")
    top = graph.value(predicate=RDF.type, object=SH.ValidationReport)
    assert graph.value(top, SH.conforms) == Literal(False)
    results = list(graph.objects(top, SH.result))
    assert len(results) == len(report.findings)
    for node in results:
        for key in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent, SH.sourceShape, SH.resultMessage):
            assert graph.value(node, key) is not None


# The report


@pytest.fixture(scope="module")
def mistaken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mistaken") / "mistaken.ttl"
    path.write_text(
        """@prefix sg: <https://w3id.org/solgraph/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix city: <https://w3id.org/solgraph/id/city/> .
@prefix programme: <https://w3id.org/solgraph/id/programme/> .
@prefix programme-kind: <https://w3id.org/solgraph/vocab/programme-kind/> .
@prefix passage: <https://w3id.org/solgraph/id/passage/> .
@prefix status: <https://w3id.org/solgraph/vocab/status/> .

# a comment with a programme:x in it

programme:x
    a sg:Programme ;
    skos:prefLabel "House | Home"@en ;
    sg:programmeKind programme-kind:hub ;
    sg:inCty city:bologna ;
    sg:status status:runing ;
    sg:evidence passage:dreher-2024-2.3 .
"""
    )
    return path


@pytest.fixture(scope="module")
def report(kg: solgraph.Knowledge, mistaken: Path) -> Report:
    return kg.validate(mistaken)


def test_a_misspelt_property_and_concept_get_the_nearest_match(report: Report) -> None:
    messages = " ".join(finding.message for finding in report.findings)
    assert "Did you mean 'sg:inCity'" in messages
    assert "Did you mean 'status:running'" in messages


def test_the_command_fails_on_a_violation_and_shows_file_and_line(mistaken: Path) -> None:
    result = CliRunner().invoke(main, ["validate", str(mistaken)])
    assert result.exit_code == 1
    assert f"{mistaken}:15: House | Home (programme:x)\n      | sg:inCty city:bologna ;\n" in result.output
    assert result.output.splitlines()[-1].startswith("1 thing in 1 file: 2 violations, 1 warning")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_tells_every_violation(name: str, report: Report) -> None:
    violations = [one for one in report.findings if one.severity == "Violation"]
    text = report.text(name)
    assert all(one.message.replace("|", "\\|") in text or json.dumps(one.message)[1:-1] in text for one in violations)


def test_json_and_csv_hold_the_same_findings(report: Report) -> None:
    told = json.loads(report.text("json"))
    rows = list(csv.DictReader(io.StringIO(report.text("csv"))))
    assert [one["message"] for one in told["findings"]] == [row["message"] for row in rows]
    assert told["ok"] is False


def test_markdown_escapes_what_would_break_a_table(report: Report) -> None:
    assert "House \\| Home" in report.text("md")


def test_github_annotations_name_file_and_line(mistaken: Path, report: Report) -> None:
    assert f"::error file={mistaken},line=15,title=" in report.text("github")


def test_an_unknown_format_is_wrong_use() -> None:
    result = CliRunner().invoke(main, ["validate", "-f", "pdf"])
    assert result.exit_code == 2
    assert "text, json, csv, md, github" in result.output


def test_a_malformed_file_is_told_with_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text("@prefix city: <https://x/> .\ncity:a city:b .\n")
    result = CliRunner().invoke(main, ["validate", str(path)])
    assert result.exit_code == 1
    assert f"{path}:2:" in result.output


def test_validation_is_deterministic(mistaken: Path) -> None:
    command = [sys.executable, "-m", "solgraph", "validate", str(mistaken), "-f", "json", "--data", str(SMALL)]
    one, other = (
        subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}, check=False).stdout
        for seed in "12"
    )
    assert one == other != b""


def test_line_numbers_see_through_comments_strings_numbers_and_brackets(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(
        '@prefix a: <http://a/> .\nPREFIX b: <http://b/>\n# a:no a:no .\na:one a:p 1.5, "x . y" ; a:q [ a:r "z." ] .\n'
        'b:two a:p """long\n. a:not .\n""" .\n<http://c/three> a:p a:four.\na:five a:p ( 1 2 ) .\n'
    )
    expected = {"http://a/one": 4, "http://b/two": 5, "http://c/three": 8, "http://a/five": 9}
    numbers = LineNumbers(File(path, ""))
    assert {iri: numbers.line(iri) for iri in numbers.blocks} == expected


EXTENSION = """@prefix sg: <https://w3id.org/solgraph/ns#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix city: <https://w3id.org/solgraph/id/city/> . @prefix term: <https://w3id.org/solgraph/id/term/> .
@prefix actor: <https://w3id.org/solgraph/id/actor/> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix country: <https://w3id.org/solgraph/id/country/> . @prefix ex: <https://example.org/> .
ex:Port a owl:Class ; rdfs:subClassOf sg:City .
ex:Harbour a owl:Class ; rdfs:subClassOf ex:Port ; rdfs:label "Harbour"@en .
city:atlantis a ex:Harbour ; skos:prefLabel "Atlantis"@en ; sg:locatedIn country:it .
actor:lemuria a ex:Harbour ; skos:prefLabel "Lemuria"@en ; sg:locatedIn country:it .
term:of-atlantis a sg:OfficeTerm ; org:organization city:atlantis .
"""


def test_a_class_of_ones_own_is_of_the_type_of_the_class_above_it(tmp_path: Path) -> None:
    path = tmp_path / "own.ttl"
    path.write_text(EXTENSION)
    kg = solgraph.open(SMALL, add=path)
    findings = {(one.shape, one.thing) for one in kg.validate(path).findings if one.severity == "Violation"}
    assert ("TypeOfIri", "actor:lemuria") in findings  # a city, although every city is an actor too
    assert ("TypeOfIri", "city:atlantis") not in findings
    assert "OfficeOfNoPublicBody" not in {shape for shape, _ in findings}
    assert kg.describe("Atlantis").text().startswith("Atlantis · Harbour\n")


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.jsonld", '{"name": "Atlantis"}'), ("x.jsonld", "[1, 2]"), ("x.ttl", ""), ("x.nq", "# nothing")],
)
def test_a_file_that_says_nothing_is_a_warning(
    name: str, content: str, tmp_path: Path, small: solgraph.Knowledge
) -> None:
    (tmp_path / name).write_text(content)
    report = small.validate(tmp_path / name)
    (finding,) = report.findings
    assert (finding.severity, finding.shape) == ("Warning", "NothingRead")
    assert "No statement was read" in finding.message and report.ok
    assert ("@context" in finding.message) == name.endswith("jsonld")
    for form in FORMATS:
        assert "No statement was read" in report.text(form)
