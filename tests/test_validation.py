"""Validation: the shipped data passes, every shape has a file that makes it fire, findings help a curator."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from rdflib import RDF, SH, Graph, URIRef

import solgraph
from solgraph.cli.main import main
from solgraph.graph.validation import FORMATS, SEVERITIES, Report
from solgraph.rdf.line_numbers import subject_lines
from solgraph.rdf.namespaces import shorten, slug
from solgraph.resources import ONTOLOGY, display

BROKEN = Path(__file__).parent / "broken"
FILES = sorted(BROKEN.glob("*.ttl"))


@pytest.fixture(scope="module")
def kg() -> solgraph.Knowledge:
    return solgraph.open()


@pytest.fixture(scope="module")
def shapes() -> Graph:
    graph = Graph()
    for path in sorted((ONTOLOGY / "shapes").glob("*.ttl")):
        graph.parse(path)
    return graph


def rules(shapes: Graph) -> set[str]:
    """The shapes that report: those with targets or constraints of their own, all of them named."""
    targets = (SH.target, SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
    return {shorten(str(one)) for target in targets for one in shapes.subjects(target) if isinstance(one, URIRef)}


def fires(path: Path) -> str:
    return path.read_text().splitlines()[0].partition("fires:")[2].strip()


def test_the_shipped_data_has_no_violation_and_no_warning(kg: solgraph.Knowledge) -> None:
    report = kg.validate()
    assert [str(one) for one in report.findings if one.severity != "Info"] == []
    assert report.ok


def test_the_small_graph_of_the_tests_has_no_violation() -> None:
    assert solgraph.open(Path(__file__).parent / "small").validate().counts["Violation"] == 0


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


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_broken_file_makes_its_shape_fire(path: Path, all_broken: Report) -> None:
    fired = {f"sgs:{one.shape}" for one in all_broken.findings if one.file == display(path)}
    assert fires(path) in fired
    assert path.stem.replace("-", "") == fires(path).removeprefix("sgs:").casefold()


@pytest.mark.parametrize("path", FILES[::20], ids=lambda path: path.stem)
def test_alone_it_makes_the_same_shapes_fire(path: Path, kg: solgraph.Knowledge, all_broken: Report) -> None:
    together = {(one.shape, one.thing) for one in all_broken.findings if one.file == display(path)}
    assert {(one.shape, one.thing) for one in kg.validate(path).findings} == together


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_finding_names_the_line_where_the_thing_is_described(path: Path, all_broken: Report) -> None:
    lines = path.read_text().splitlines()
    for one in (finding for finding in all_broken.findings if finding.file == display(path)):
        assert one.thing in lines[one.line - 1] or f"<{one.thing}>" in lines[one.line - 1]


def test_pyshacl_itself_finds_the_same_with_its_own_sparql_targets(shapes: Graph) -> None:
    import pyshacl

    from solgraph.graph.validation import _rdflib_graph, run_engine
    from solgraph.rdf.store import data_files, load, ontology_files

    chosen = [file for path in FILES[::7] for file in data_files(path)]
    store = load([*ontology_files(), *solgraph.open().files, *chosen], named=False)
    _, report, _ = pyshacl.validate(_rdflib_graph(store), shacl_graph=shapes, advanced=True, inplace=True)
    results = report.objects(report.value(predicate=RDF.type, object=SH.ValidationReport), SH.result)
    theirs = {(str(report.value(one, SH.focusNode)), str(report.value(one, SH.sourceShape))) for one in results}
    assert {(one.focus, one.shape) for one in run_engine(store)} == theirs


@pytest.fixture
def mistaken(tmp_path: Path) -> Path:
    path = tmp_path / "mistaken.ttl"
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


def test_a_misspelt_property_and_concept_get_the_nearest_match(mistaken: Path, kg: solgraph.Knowledge) -> None:
    messages = " ".join(one.message for one in kg.validate(mistaken).findings)
    assert "Did you mean 'sg:inCity'" in messages
    assert "Did you mean 'status:running'" in messages


def test_the_command_fails_on_a_violation_and_shows_file_and_line(mistaken: Path) -> None:
    result = CliRunner().invoke(main, ["validate", str(mistaken)])
    assert result.exit_code == 1
    assert f"{mistaken}:11: House | Home (programme:x)" in result.output
    assert result.output.splitlines()[-1].startswith("1 thing in 1 file: 2 violations, no warnings")


def test_the_command_succeeds_on_the_shipped_data() -> None:
    result = CliRunner().invoke(main, ["validate"])
    assert (result.exit_code, "no violations" in result.output) == (0, True)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_tells_every_violation(name: str, mistaken: Path, kg: solgraph.Knowledge) -> None:
    report = kg.validate(mistaken)
    violations = [one for one in report.findings if one.severity == "Violation"]
    text = report.text(name)
    assert all(one.message.replace("|", "\\|") in text or json.dumps(one.message)[1:-1] in text for one in violations)


def test_json_and_csv_hold_the_same_findings(mistaken: Path, kg: solgraph.Knowledge) -> None:
    report = kg.validate(mistaken)
    told = json.loads(report.text("json"))
    rows = list(csv.DictReader(io.StringIO(report.text("csv"))))
    assert [one["message"] for one in told["findings"]] == [row["message"] for row in rows]
    assert told["ok"] is False


def test_markdown_escapes_what_would_break_a_table(mistaken: Path, kg: solgraph.Knowledge) -> None:
    assert "House \\| Home" in kg.validate(mistaken).text("md")


def test_github_annotations_name_file_and_line(mistaken: Path, kg: solgraph.Knowledge) -> None:
    assert f"::error file={mistaken},line=11,title=" in kg.validate(mistaken).text("github")


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
    command = [sys.executable, "-m", "solgraph", "validate", str(mistaken), "-f", "json"]
    runs = {
        subprocess.run(command, capture_output=True, env={"PYTHONHASHSEED": seed, "PATH": ""}, check=False).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_subject_lines_see_through_comments_strings_numbers_and_brackets(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(
        '@prefix a: <http://a/> .\nPREFIX b: <http://b/>\n# a:no a:no .\na:one a:p 1.5, "x . y" ; a:q [ a:r "z." ] .\n'
        'b:two a:p """long\n. a:not .\n""" .\n<http://c/three> a:p a:four.\na:five a:p ( 1 2 ) .\n'
    )
    expected = {"http://a/one": 4, "http://b/two": 5, "http://c/three": 8, "http://a/five": 9}
    assert subject_lines(path) == expected
