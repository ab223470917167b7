"""Bad input gets an error that says what, where and what next; never a traceback, never half a file."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import solgraph
from browser import wait_until_busy
from solgraph.cli import options
from solgraph.cli.main import main
from solgraph.graph import knowledge

SMALL = Path(__file__).parent / "small"
Run = Callable[..., Result]
HOSTILE = [
    "L'Aquila",
    'say "ciao"',
    "back\\slash",
    "new\nline",
    "> . } LIMIT 1 #",
    '"@it } UNION { ?s ?p ?o } #',
    "1) FILTER(false",
    "} SERVICE <http://127.0.0.1:9/> { ?s ?p ?o",
    '"""',
    "?__city_iri",
    "${city} {{city}} %s",
    "'; DROP ALL; --",
]


def refused(result: Result, code: int, *told: str) -> None:
    """The run ended with that code, printed nothing but an error, and the error tells these words."""
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert "Error: " in result.stderr
    for words in told:
        assert words in result.stderr


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with everything that is wrong with files."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.ttl").write_text("@prefix a: <urn:a:> .\na:b a:c a:d\na:e a:f a:g .\n")
    (tmp_path / "latin.ttl").write_bytes('<urn:a> <urn:b> "Cádiz" .\n'.encode("latin-1"))
    (tmp_path / "latin.rq").write_bytes("# Cádiz\nASK {}".encode("latin-1"))
    (tmp_path / "data.rdf").write_text("<rdf/>")
    (tmp_path / "empty").mkdir()
    (tmp_path / "answer.csv").mkdir()
    (tmp_path / "file").write_text("old")
    return tmp_path


# Words that name nothing.


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ("quer", "no command 'quer'|Did you mean 'query' or 'queries'?"),
        ("frobnicate", "no command 'frobnicate'|solgraph --help"),
        ("--frob", "No such option '--frob'"),
        ("query mayor", "no saved query 'mayor'|Did you mean 'mayors'?"),
        ("query frobnicate", "no saved query 'frobnicate'|solgraph queries"),
        ("network aliances", "no network view 'aliances'|Did you mean 'alliances'?"),
        ("network mayors", "no network view 'mayors'|Views: memberships, shared-members"),
        ("queries -f xml", "'xml' is not one of 'table', 'json'"),
        ("query cities -f tabel", "'tabel'|Did you mean 'table'?"),
        ("query cities -f ttl", "SELECT cannot be written as 'ttl'|table, csv, tsv, json, xml, md"),
        ("query describe --thing Dorn -f csv", "DESCRIBE cannot be written as 'csv'|turtle, jsonld, nt, trig, nq, xml"),
        ("network alliances -f gefx", "cannot be written as 'gefx'|Did you mean 'gexf'?"),
        ("export -f hdt", "cannot be written as 'hdt'|Formats for it: turtle, jsonld, nt"),
        ("validate -f pdf", "cannot be written as 'pdf'|text, json, csv, md, github"),
        ("query cities --lang !!", "'!!' is not a language tag|pl,it,en"),
        ("export --source alpah", "no source 'alpah'|Did you mean 'alpha'?"),
        ("export --source frobnicate", "no source 'frobnicate'|Sources: alpha, beta, gamma, register"),
        ("show Ardae", "'Ardae'|Did you mean 'Ardée'"),
        ("show Twinham", "'Twinham' names 2 things|city:ardea, city:belmonte"),
    ],
)
def test_a_word_that_names_nothing_is_named_with_what_is_near_or_allowed(args: str, told: str, run: Run) -> None:
    takes_data = args.partition(" ")[0] in ("query", "network", "validate", "export", "show")
    data = ("--data", str(SMALL)) if takes_data else ()
    refused(run(*args.split(), *data), 2, *told.split("|"))


# Parameters.


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["mayors"], ["needs the parameter 'city' (sg:City)", "solgraph query mayors --city Palermo"]),
        (["mayors-in-year"], ["needs the parameter 'year' (integer)", "solgraph query mayors-in-year --year 2016"]),
        (["mayors", "--ctiy", "Ardea"], ["mayors has no parameter 'ctiy'", "Did you mean 'city'?"]),
        (
            ["bridging-cities", "--city", "Ardea"],
            ["bridging-cities has no parameter 'city'", "Its parameters: --layer"],
        ),
        (["mayors", "--country", "Italy"], ["no parameter 'country'", "Its parameters: --city"]),
        (["mayors-in-year", "--year", "20x8"], ["year = '20x8'", "a whole number such as 2018"]),
        (["mayors-in-year", "--year", "2018.5"], ["year = '2018.5'", "a whole number"]),
        (["mayors-in-year", "--year", ""], ["year = ''", "a whole number"]),
        (["mayors-in-year", "--year", "２０１８"], ["year = '２０１８'", "a whole number"]),
        (["alliances", "--by", "cty"], ["by = 'cty'", "Did you mean 'city'?"]),
        (["alliances", "--by", "region"], ["by = 'region'", "Allowed: city, mayor"]),
        (["mayors", "--city", "Ardae"], ["parameter 'city'", "'Ardae'", "Did you mean 'Ardée'"]),
        (["mayors", "--city", "Atlantis"], ["parameter 'city'", "'Atlantis'", "Known: Ardea, "]),
        (["mayors", "--city", ""], ["parameter 'city'", "''"]),
        (["mayors", "--city", "network:letters"], ["parameter 'city'", "'network:letters'"]),
        (["mayors", "--city", "Twinham"], ["'Twinham' names 2 things", "city:ardea, city:belmonte"]),
        (["programmes-of-city", "--city", "Ardea", "--kind", "Plam"], ["parameter 'kind'", "Did you mean 'Plan'"]),
        (["mayors", "--city"], ["'--city' requires an argument"]),
        (
            ["mayors", "Ardea", "Dorn"],
            ["unexpected extra argument", "Name each parameter: solgraph query mayors --city"],
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_wrong_parameter_is_named_with_its_value_and_what_is_allowed(
    args: list[str], told: list[str], run: Run
) -> None:
    name, *values = args
    refused(run("query", name, "--data", str(SMALL), *values), 2, *told)


def test_one_value_given_twice_is_an_error_and_not_silently_the_last(run: Run) -> None:
    result = run("query", "mayors", "--city", "Ardea", "--city", "Dorn", "--data", str(SMALL))
    refused(result, 2, "city")


@pytest.mark.parametrize("command", ["query members-of-network", "network alliances"])
def test_a_view_tells_the_same_of_its_parameters_as_a_query_and_as_a_network(command: str, run: Run) -> None:
    refused(run(*command.split(), "--yaer", "2018"), 2, "has no parameter 'yaer'", "Did you mean 'year'")


# Hostile values stay values, or are refused.


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Put one saved query, called q, in place of the shipped ones."""
    folder = tmp_path / "queries"
    folder.mkdir()
    monkeypatch.setattr(options, "QUERIES", folder)
    monkeypatch.setattr(knowledge, "QUERIES", folder)

    def write(text: str | bytes) -> Path:
        path = folder / "q.rq"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


Saved = Callable[[str | bytes], Path]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_text_comes_back_as_it_is(value: str, saved: Saved, small: solgraph.Knowledge) -> None:
    saved("#+ summary: x\nSELECT ?said ?n WHERE { BIND(?_name AS ?said) BIND(STRLEN(?_name) AS ?n) }")
    assert [tuple(row) for row in small.query("q", name=value)] == [(value, len(value))]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_text_in_a_filter_finds_nothing_more(value: str, saved: Saved, small: solgraph.Knowledge) -> None:
    saved("#+ summary: x\nSELECT ?city WHERE { ?city skos:prefLabel ?label FILTER(STR(?label) = ?_name) }")
    assert len(small.query("q", name=value)) == 0


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_name_of_a_city_is_refused(value: str, run_small: Run) -> None:
    refused(run_small("query", "mayors", "--city", value), 2, "parameter 'city'", repr(value))


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_year_is_refused(value: str, run_small: Run) -> None:
    refused(run_small("query", "mayors-in-year", "--year", value), 2, f"year = {value!r}")


def test_a_name_with_an_apostrophe_is_found(run_small: Run) -> None:
    assert run_small("query", "mayors", "--city", "L'Ardea").exit_code == 0


# Queries of one's own.


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT ?x WHERE {\n ?x a }", "2 |  ?x a }"),
        ("nonsense", "not a SPARQL query"),
        ("", "not a SPARQL query"),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", "INSERT changes data"),
        ("DELETE WHERE { ?s ?p ?o }", "DELETE changes data"),
        ("LOAD <file:///etc/passwd>", "LOAD changes data or loads it"),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", "FROM <file:///etc/passwd> (line 1) is refused"),
        ("ASK FROM NAMED <http://127.0.0.1:9/> { ?s ?p ?o }", "FROM <http://127.0.0.1:9/> (line 1) is refused"),
        ("SELECT * {\n SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE (line 2) is refused"),
    ],
)
def test_a_query_that_is_wrong_or_reaches_outside_is_refused(query: str, told: str, run_small: Run) -> None:
    refused(run_small("sparql", query), 1, told)


def test_an_undeclared_prefix_is_called_that(run_small: Run) -> None:
    result = run_small("sparql", "SELECT ?x WHERE { ?x town:y 1 }")
    refused(result, 1, "town")
    assert "203F" not in result.stderr, "a parser's character classes help nobody"


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ([], "Give one query"),
        (["ASK {}", "-q", "file"], "Give one query"),
        (["-q", "nowhere.rq"], "nowhere.rq cannot be read: No such file"),
        (["nowhere.rq"], "Read the query from it: solgraph sparql -q nowhere.rq"),
        (["-q", "empty"], "empty cannot be read: Is a directory"),
        (["-q", "latin.rq"], "latin.rq cannot be read: it is not UTF-8"),
    ],
)
def test_a_query_that_cannot_be_read_is_told(args: list[str], told: str, run_small: Run, folder: Path) -> None:
    refused(run_small("sparql", *args), 2, told)


@pytest.mark.parametrize("args", [["-"], ["-q", "-"]])
def test_a_query_may_come_by_the_input(args: list[str]) -> None:
    result = CliRunner().invoke(main, ["sparql", *args, "--data", str(SMALL)], input="ASK {}")
    assert (result.exit_code, result.stdout) == (0, "yes\n"), result.output


def test_a_text_that_is_no_unicode_is_no_traceback(program: Callable[..., Any]) -> None:
    done = program("sparql", b'ASK { ?s ?p "caf\xe9" }', "--data", str(SMALL))
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr


# Data.


UNREADABLE = {
    "broken.ttl": (1, "broken.ttl:3:1: "),
    "latin.ttl": (1, "latin.ttl:1:"),
    "nowhere.ttl": (2, "nowhere.ttl does not exist"),
    "empty": (2, "empty holds no RDF file"),
    "data.rdf": (1, "data.rdf: XML namespaces are required in RDF/XML."),
}
each_unreadable = pytest.mark.parametrize("path", UNREADABLE)


@each_unreadable
@pytest.mark.parametrize("option", ["--data", "--add"])
def test_data_that_cannot_be_read_is_told(path: str, option: str, run: Run, folder: Path) -> None:
    code, told = UNREADABLE[path]
    refused(run("query", "cities", option, path), code, told)


@pytest.mark.parametrize(
    "command", ["show Bologna", "export", "export --city Bologna", "network alliances", "sparql ASK{}"]
)
def test_every_command_tells_the_same_of_malformed_data(command: str, run: Run, folder: Path) -> None:
    refused(run(*command.split(), "--data", "broken.ttl"), 1, "broken.ttl:3:1: ")


@each_unreadable
def test_validate_tells_the_same_of_data_that_cannot_be_read(path: str, run: Run, folder: Path) -> None:
    code, told = UNREADABLE[path]
    refused(run("validate", path), code, told)


def test_malformed_turtle_is_shown_with_its_line_and_a_caret(run: Run, folder: Path) -> None:
    refused(run("query", "cities", "--data", "broken.ttl"), 1, "\n  3 | a:e a:f a:g .\n    | ^")


# Saved queries with a fault.

BODY = "SELECT ?city WHERE { ?city a <https://w3id.org/solgraph/ns#City> } ORDER BY ?city\n"


@pytest.mark.parametrize(
    ("header", "line", "told"),
    [
        ("", 1, "no summary"),
        ("#+ tags: [a]\n", 1, "no summary"),
        ("#+ - a\n", 1, "no summary"),
        ("#+ summary: [x]\n", 1, "no summary"),
        ("#+ summary: a: b\n", 1, "not YAML"),
        ("#+ summary: x\n#+\ttags: [a]\n", 2, "not YAML"),
        ("#+ summary: x\n#+ params: {a: {b\n", 3, "not YAML"),
        ("#+ summary: x\n#+ sumary: y\n", 2, "Did you mean 'summary'?"),
        ("#+ summary: x\n#+ params: [a]\n", 2, "'params' must be a table"),
        ("#+ summary: x\n#+ tags: a\n", 2, "'tags' must be a list"),
        ("#+ summary: x\n#+ params:\n#+   city: {typ: b}\n", 3, "'typ' is not a key of a parameter"),
        ("#+ summary: x\n#+ params:\n#+   city: text\n", 3, "'city'"),
        ("#+ summary: x\n#+ defaults: [city]\n", 2, "defaults"),
        ("#+ summary: x\n#+ columns: {city: [1, 2]}\n", 2, "columns"),
        ("#+ summary: bell \x07\n", 1, "not YAML"),
    ],
    ids=lambda value: value.replace("\n", " ") if isinstance(value, str) else None,
)
def test_a_broken_header_is_told_with_file_and_line_and_the_query_does_not_vanish(
    header: str, line: int, told: str, saved: Saved, run: Run
) -> None:
    path = saved(header + BODY.replace("?city a", "VALUES ?city { ?_city_iri } ?city a"))
    for command in (["queries"], ["queries", "-f", "json"], ["query", "q", "--help"], ["network"]):
        refused(run(*command), 1, f"{path}:{line}", told)


def test_a_saved_query_that_is_not_utf_8_is_told_with_its_line(saved: Saved, run: Run) -> None:
    path = saved("#+ summary: x\n# Cádiz\nASK {}".encode("latin-1"))
    refused(run("queries"), 1, f"{path}:2: the file is not UTF-8")


@pytest.mark.parametrize(
    ("text", "place"), [("SELECT ?city WHERE {\n ?city a\n}", ":4"), ("INSERT DATA {}", ""), ("nonsense", "")]
)
def test_a_saved_query_with_bad_sparql_is_told_with_its_file(text: str, place: str, saved: Saved, run: Run) -> None:
    path = saved(f"#+ summary: x\n{text}")
    refused(run("query", "q", "--data", str(SMALL)), 1, f"{path}{place}")


def test_a_saved_query_that_cannot_be_read_is_no_traceback(saved: Saved, run: Run) -> None:
    path = saved("")
    path.unlink()
    path.symlink_to("nowhere.rq")
    result = run("queries")
    refused(result, result.exit_code or 1, "q.rq")


def test_a_folder_without_saved_queries_is_no_traceback(saved: Saved, run: Run) -> None:
    saved("").unlink()
    assert run("queries").exit_code in (0, 1)


def test_a_header_of_a_view_that_names_no_column_is_told(saved: Saved, run: Run) -> None:
    saved("#+ summary: x\n#+ network: {source: city, target: nowhere}\n" + BODY)
    refused(run("network", "q", "--data", str(SMALL)), 1, "'q'", "'target'", "Its columns: city")


# Output.

OUTPUTS = {
    "query": ["query", "cities"],
    "sparql": ["sparql", "SELECT ?c { ?c a sg:City }"],
    "export": ["export"],
    "network": ["network", "alliances", "-f", "json"],
    "validate": ["validate", str(SMALL / "networks.ttl")],
}
each_output = pytest.mark.parametrize("args", OUTPUTS.values(), ids=OUTPUTS)


@each_output
@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("answer.csv", "answer.csv is a folder"),
        ("nowhere/answer.json", "nowhere/answer.json cannot be written: No such file or directory"),
        ("file/answer.json", "file/answer.json cannot be written: Not a directory"),
        ("/proc/answer.json", "/proc/answer.json cannot be written: "),
        ("/dev/full", "cannot be written: No space left on device"),
    ],
)
def test_an_output_that_cannot_be_written_is_told(
    args: list[str], target: str, told: str, run_small: Run, folder: Path
) -> None:
    named = [] if "-f" in args or args[0] == "validate" else ["-f", "nt" if args[0] == "export" else "json"]
    before = sorted(folder.iterdir())
    refused(run_small(*args, *named, "-o", target), 2, told)
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    ("args", "name"),
    [
        (["query", "cities"], "answer.docx"),
        (["query", "cities"], "answer.ttl"),
        (["query", "describe", "--thing", "Dorn"], "answer.csv"),
        (["query", "cities"], "answer"),
        (["export"], "graph.xlsx"),
        (["network", "alliances"], "a.xyz"),
    ],
)
def test_an_ending_that_tells_no_format_of_the_answer_is_refused(
    args: list[str], name: str, run_small: Run, tmp_path: Path
) -> None:
    refused(run_small(*args, "-o", str(tmp_path / name)), 2)
    assert not (tmp_path / name).exists()


def test_a_folder_as_output_is_called_a_folder_whatever_its_name(run_small: Run, folder: Path) -> None:
    refused(run_small("query", "cities", "-o", "empty"), 2, "empty is a folder")


@pytest.mark.parametrize(
    "args",
    [
        ["query", "mayors", "--city", "Atlantis"],
        ["query", "cities", "-f", "frob"],
        ["sparql", "SELECT ?x { ?x a }"],
        ["export", "--city", "Atlantis"],
        ["export", "--source", "frob"],
        ["network", "alliances", "--year", "x"],
        ["query", "cities", "--add", "broken.ttl"],
        ["validate", "broken.ttl"],
    ],
    ids=" ".join,
)
def test_an_error_keeps_the_old_file(args: list[str], run_small: Run, folder: Path) -> None:
    old = folder / "old.json"
    old.write_text("old")
    assert run_small(*args, "-o", "old.json").exit_code in (1, 2)
    assert old.read_text() == "old"


def test_an_answer_replaces_the_old_file_and_leaves_nothing_beside_it(run_small: Run, tmp_path: Path) -> None:
    path = tmp_path / "answer.csv"
    path.write_text("old")
    assert run_small("query", "cities", "-o", str(path)).exit_code == 0
    assert path.read_text().startswith("city,")
    assert list(tmp_path.iterdir()) == [path]


def test_a_pair_of_files_is_written_whole_or_not_at_all(run_small: Run, tmp_path: Path) -> None:
    (tmp_path / "a-edges.csv").mkdir()
    (tmp_path / "a-nodes.csv").write_text("old")
    refused(run_small("network", "alliances", "-o", str(tmp_path / "a.csv")), 2, "a-edges.csv is a folder")
    assert (tmp_path / "a-nodes.csv").read_text() == "old"


# The program and the world around it.


def start(*args: str, **options: Any) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "solgraph", *args]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["query", "cities"], 0),
        (["query", "are-allied", "--city", "Ardea", "--other", "Dorn"], 0),
        (["sparql", "SELECT ?x { ?x a }"], 1),
        (["query", "cities", "--add", "broken.ttl"], 1),
        (["query", "mayors"], 2),
        (["show", "Atlantis"], 2),
        (["frob"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_the_exit_code_tells_fine_wrong_data_or_wrong_use(
    args: list[str], code: int, program: Callable[..., Any], folder: Path
) -> None:
    data = [] if args == ["frob"] else ["--data", str(SMALL)]
    done = program(*args, *data)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "args", [["export"], ["query", "contents", "-f", "csv"], ["queries", "-f", "json"], ["network", "alliances"]]
)
def test_a_reader_that_takes_one_line_and_leaves_gets_no_traceback(args: list[str]) -> None:
    with start(*args) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert "Traceback" not in running.stderr.read()
    assert running.returncode in (0, 1)


def test_head_takes_one_line() -> None:
    line = f"set -o pipefail; {sys.executable} -m solgraph export | head -1"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "@prefix sg: <https://w3id.org/solgraph/ns#> .\n"
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_behind_the_output_is_no_traceback() -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "solgraph", "query", "cities"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert "No space left" in done.stderr


def interrupt(query: str, *args: str) -> tuple[int, str]:
    """Press Ctrl-C while a query runs; gives exit code and error output. Kills what does not stop."""
    with start("sparql", "-q", "/dev/stdin", "--data", str(SMALL), *args, stdin=subprocess.PIPE) as running:
        assert running.stdin is not None
        running.stdin.write(query)
        running.stdin.close()
        running.stdin = None
        wait_until_busy(running)
        running.send_signal(signal.SIGINT)
        try:
            _, told = running.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            running.kill()
            raise
    return running.returncode, told


EVERYTHING_CUBED = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def test_ctrl_c_stops_a_run_without_a_traceback() -> None:
    code, told = interrupt(f"SELECT ?a {EVERYTHING_CUBED}")
    assert code == 130
    assert told.strip() == "Aborted!"


def test_ctrl_c_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "answer.csv"
    path.write_text("old")
    interrupt(f"SELECT ?a {EVERYTHING_CUBED}", "-o", str(path))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_unknown_function_is_no_traceback(run: Run) -> None:
    refused(run("sparql", "SELECT ?s { ?s ?p ?o FILTER(sg:near(?s)) }", "--data", str(SMALL)), 1, "cannot be answered")
