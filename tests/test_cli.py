"""The command line: every command told, each format and ending, and a program that starts without heavy libraries."""

import csv
import importlib.metadata
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import Result

import solgraph
from accept import run_in_terminal
from conftest import without_vocabularies
from solgraph.cli.main import TOOLS, main

SMALL = Path(__file__).parent / "small"
Run = Callable[..., Result]
COMMANDS = ["export", "queries", "query", "show", "sparql", "validate"]


def words(text: str) -> str:
    """A text without its line breaks."""
    return " ".join(text.split())


# Help.


def walk(command: click.Command, path: str, ctx: click.Context) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            inner = command.get_command(ctx, name)
            assert inner is not None
            yield from walk(inner, f"{path} {name}", click.Context(inner, ctx, name))


EVERY_COMMAND = list(walk(main, "solgraph", click.Context(main)))


def test_the_commands_are_these() -> None:
    assert sorted(main.commands) == COMMANDS


def test_each_saved_query_and_view_is_a_command(frozen: solgraph.Knowledge) -> None:
    paths = [path for path, _ in EVERY_COMMAND]
    for one in frozen.queries():
        assert f"solgraph query {one.name}" in paths
        assert f"solgraph cite {one.name}" in paths
    for one in frozen.views():
        assert f"solgraph network {one.name}" in paths
    assert len(paths) == 1 + len(COMMANDS) + len(TOOLS) + 2 * len(frozen.queries()) + len(frozen.views())


def test_the_list_of_commands_fits_80_columns(run: Run) -> None:
    commands = run().stdout.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert len(commands) == len(COMMANDS) + len(TOOLS)
    assert [line for line in commands if line.endswith("...") or len(line) > 80] == []


def test_every_command_and_option_has_help() -> None:
    assert [path for path, command in EVERY_COMMAND if not command.help] == []
    params = [(path, param) for path, command in EVERY_COMMAND for param in command.params]
    assert [(path, param.name) for path, param in params if isinstance(param, click.Option) and not param.help] == []


def test_the_help_of_every_command_is_shown(run: Run) -> None:
    for path, _ in EVERY_COMMAND:
        result = run(*path.split()[1:], "--help")
        assert (result.exit_code, result.stderr) == (0, ""), path
        assert result.stdout.startswith(f"Usage: {path} ")


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("queries", "query")])
def test_it_takes_data_and_add_and_lang(command: str) -> None:
    assert {"data", "add", "lang"} <= {param.name for param in main.commands[command].params}


def test_h_is_short_for_help(run: Run) -> None:
    assert run("show", "-h").stdout == run("show", "--help").stdout


def test_alone_it_tells_what_it_is_its_commands_and_an_example(run: Run) -> None:
    result = run()
    assert result.exit_code == 0
    assert "knowledge graph of European solidarity cities" in words(result.stdout)
    assert "solgraph query networks-of-city --city Mediolan" in result.stdout
    for command in COMMANDS:
        assert f"\n  {command} " in result.stdout


@pytest.mark.parametrize("line", [line for line in main.epilog.splitlines() if "solgraph " in line])  # type: ignore[union-attr]
def test_each_example_of_the_help_works(line: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    command = line.strip().partition("   ")[0]
    result = run(*command.split()[1:])
    assert result.exit_code == 0, result.output


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version").stdout == f"solgraph {importlib.metadata.version('solgraph')}\n"


# The list of saved queries.


def test_queries_lists_each_with_its_summary(run: Run, frozen: solgraph.Knowledge) -> None:
    lines = [line.strip() for line in run("queries").stdout.splitlines()]
    for one in frozen.queries():
        place = next(number for number, line in enumerate(lines) if line.split(" ")[0] == one.name)
        assert lines[place + 1] == one.summary


def test_queries_marks_optional_parameters(run: Run) -> None:
    assert "networks-of-city --city [--year]" in run("queries").stdout


def test_queries_as_json_has_the_shape_that_is_promised(run: Run) -> None:
    told = json.loads(run("queries", "-f", "json").stdout)
    for one in told:
        assert {"name", "summary", "params", "columns", "tags"} <= set(one)
        for param in one["params"]:
            assert {"name", "type", "required", "default", "description"} <= set(param)


def test_a_parameter_in_json_tells_type_and_whether_it_is_required(run: Run) -> None:
    told = {one["name"]: one for one in json.loads(run("queries", "-f", "json").stdout)}
    city, year, certain = told["networks-of-city"]["params"]
    assert (city["name"], city["type"], city["required"]) == ("city", "sg:City", True)
    assert (year["name"], year["type"], year["required"]) == ("year", "integer", False)
    assert (certain["name"], certain["type"], certain["required"]) == ("certain", "boolean", False)
    assert city["description"] == "a city by name in any language, slug or IRI"
    assert city["default"] is None


def test_help_of_a_query_shows_parameters_columns_and_an_example(run: Run) -> None:
    told = words(run("query", "networks-of-city", "--help").stdout)
    assert "Networks that a city belongs to" in told
    assert "--city VALUE A city by name in any language, slug or IRI [sg:City]" in told
    assert "--year VALUE What is certain for this year, then what is not excluded [integer] (optional)" in told
    assert "--certain With years: only what is certain for them." in told
    assert "role the role in it" in told
    assert "Example: solgraph query networks-of-city --city Milano" in told


def test_help_of_a_query_shows_allowed_values(run: Run) -> None:
    assert "[city | mayor]" in words(run("query", "alliances", "--help").stdout)


def test_a_summary_that_is_a_question_has_one_mark_at_its_end(run: Run) -> None:
    assert "?." not in run("query", "are-allied", "--help").stdout


def test_the_example_of_a_view_is_a_network_command(run: Run) -> None:
    assert "Example: solgraph network alliances" in words(run("network", "alliances", "--help").stdout)


def test_network_alone_lists_the_views(run: Run, frozen: solgraph.Knowledge) -> None:
    lines = run("network").stdout.splitlines()
    for one in frozen.views():
        assert any(line.startswith(one.name) and one.summary in line for line in lines)


# Answers.


def test_a_table_is_what_comes_without_a_format(run_small: Run, small: solgraph.Knowledge) -> None:
    assert run_small("query", "mayors", "--city", "Ardea").stdout == small.query("mayors", city="Ardea").text()


def test_a_table_shows_labels_right_aligned_numbers_and_the_number_of_rows(run_small: Run) -> None:
    assert run_small("query", "networks-of-city", "--city", "Ardée").stdout == (
        "network                role       through  since  until  active  not_before  not_after  inferred  certainty"
        "  source\n"
        "─────────────────────  ─────────  ───────  ─────  ─────  ──────  ──────────  ─────────  ────────  ─────────"
        "  ────────\n"
        "Charter of Open Towns  Signatory            2015                                                           "
        "  Gamma, 1\n"
        "Letters of Welcome     Leader               2018                                                           "
        "  Alpha, 2\n"
        "Northern Harbours      Member               2010   2015                                                    "
        "  Alpha, 1\n"
        "\n"
        "3 rows\n"
        "\n"
        "- About all other networks the sources are silent.\n"
    )


def test_csv_has_the_iri_and_the_label(run_small: Run) -> None:
    (row,) = csv.DictReader(io.StringIO(run_small("query", "mayors", "--city", "Cadria", "-f", "csv").stdout))
    assert (row["mayor"], row["mayor_label"]) == ("https://w3id.org/solgraph/id/person/cora", "Cora Cedar")


@pytest.mark.parametrize("format", ["table", "csv", "tsv", "json", "xml", "md"])
def test_rows_come_in_each_format_that_is_promised(format: str, run_small: Run, small: solgraph.Knowledge) -> None:
    result = run_small("query", "cities", "-f", format)
    assert result.exit_code == 0
    assert result.stdout_bytes.decode() == small.query("cities").text(format)
    assert "Ardea" in result.stdout or "city/ardea" in result.stdout


@pytest.mark.parametrize("format", ["ttl", "nt", "jsonld"])
def test_triples_come_in_each_format_that_is_promised(format: str, run_small: Run, small: solgraph.Knowledge) -> None:
    result = run_small("query", "describe", "--thing", "Dorn", "-f", format)
    assert result.exit_code == 0
    assert result.stdout == small.query("describe", thing="Dorn").text(format)


@pytest.mark.parametrize(
    ("format", "told"), [("table", "yes\n"), ("csv", "true\n"), ("json", '{"head": {}, "boolean": true}\n')]
)
def test_yes_or_no_comes_in_the_format_asked_for(format: str, told: str, run_small: Run) -> None:
    assert run_small("query", "everything-evidenced", "-f", format).stdout == told


@pytest.mark.parametrize("ending", ["txt", "csv", "tsv", "json", "xml", "md", "html", "srj", "srx"])
def test_the_ending_of_the_file_tells_the_format_of_rows(
    ending: str, run_small: Run, small: solgraph.Knowledge, tmp_path: Path
) -> None:
    path = tmp_path / f"answer.{ending}"
    result = run_small("query", "cities", "-o", str(path))
    assert (result.exit_code, result.stdout) == (0, "")
    assert path.read_bytes().decode() == small.query("cities").text(ending)


@pytest.mark.parametrize("ending", ["ttl", "nt", "jsonld", "rdf"])
def test_the_ending_of_the_file_tells_the_format_of_triples(
    ending: str, run_small: Run, small: solgraph.Knowledge, tmp_path: Path
) -> None:
    path = tmp_path / f"answer.{ending}"
    run_small("query", "describe", "--thing", "Dorn", "-o", str(path))
    assert path.read_text() == small.query("describe", thing="Dorn").text(ending)


def test_a_format_that_is_named_counts_more_than_the_ending(run_small: Run, tmp_path: Path) -> None:
    path = tmp_path / "answer.txt"
    run_small("query", "cities", "-f", "csv", "-o", str(path))
    assert path.read_text().startswith("city,city_label,")


def test_an_ending_is_read_without_regard_to_case(run_small: Run, tmp_path: Path) -> None:
    path = tmp_path / "ANSWER.CSV"
    run_small("query", "cities", "-o", str(path))
    assert path.read_text().startswith("city,city_label,")


def test_the_words_around_answers_follow_the_language_asked_for(run: Run) -> None:
    told = run("ask", "--lang", "de", "In welchen Netzwerken ist Potsdam?").stdout
    assert told.startswith("Verstanden als: ") and "\nNoch einmal: solgraph query networks-of-city" in told
    assert "\nOder, --pick 2: " in told and re.search(r"^Netzwerk +Rolle", told, re.MULTILINE)
    doubted = run("ask", "--lang", "it", "Palermo")
    assert doubted.exit_code == 3 and "Non è chiaro" in doubted.stdout and "It is" not in doubted.stdout
    nothing = run("query", "mayors", "Palermo", "--to", "1900", "--lang", "pl").stdout
    assert nothing.splitlines()[-3] == "Brak wierszy." and "rows" not in nothing
    found = run("search", "--lang", "de", "palremo").stdout
    assert found.startswith("„palremo“: ") and "\nSTÄDTE\n" in found and "wird als palermo gelesen" in found


def test_labels_follow_the_languages_asked_for(run_small: Run) -> None:
    told = run_small("query", "cities", "--country", "Italy", "--lang", "pl,it").stdout
    assert "Ardeja  Włochy" in told


def test_labels_follow_the_environment(run_small: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLGRAPH_LANG", "it")
    assert "Italia" in run_small("query", "cities").stdout


def test_an_answer_without_rows_keeps_its_columns_and_says_so(run_small: Run) -> None:
    told = run_small("query", "mayors-in-year", "--year", "2012", "--certain").stdout
    assert told.split()[:5] == ["city", "mayor", "since", "until", "asof"]
    assert "\nno rows\n\n- The sources are silent" in told


def test_a_query_of_ones_own_is_answered(run_small: Run) -> None:
    result = run_small("sparql", "SELECT (COUNT(*) AS ?n) { ?city a sg:City }", "-f", "csv")
    assert result.stdout.split() == ["n", "4"]


def test_a_query_of_ones_own_is_read_from_a_file(run_small: Run, tmp_path: Path) -> None:
    path = tmp_path / "Köln.rq"
    path.write_text('# what is "Ärdea"?\nASK { city:ardea skos:prefLabel "Ardée"@fr }', encoding="utf-8")
    assert run_small("sparql", "-q", str(path)).stdout == "yes\n"


def test_the_file_of_a_saved_query_gives_the_same_answer(run_small: Run, small: solgraph.Knowledge) -> None:
    path = next(one.path for one in small.queries() if one.name == "possibly-the-same")
    told = run_small("sparql", "-q", str(path), "-f", "csv").stdout_bytes.decode()
    assert told == small.query("possibly-the-same").text("csv")


def test_show_describes_a_thing(run: Run) -> None:
    result = run("show", "Milano")
    assert result.exit_code == 0
    assert result.stdout.startswith("Milan · City\nhttps://w3id.org/solgraph/id/city/milan\n")


@pytest.mark.parametrize("format", ["", "turtle", "trig", "nt", "nq", "jsonld", "xml"])
def test_export_knows_each_format_that_is_promised(
    format: str, run_small: Run, slim: solgraph.Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a format it is Turtle."""
    monkeypatch.setattr("solgraph.graph.snapshot.ontology_files", without_vocabularies)
    options = ["-f", format] if format else []
    assert run_small("export", *options).stdout == slim.exported(format or "turtle")


def test_export_is_cut_to_a_city_or_a_source(run_small: Run, small: solgraph.Knowledge) -> None:
    assert run_small("export", "--city", "Dorn").stdout == small.exported(city="Dorn")
    assert run_small("export", "--source", "beta").stdout == small.exported(source="beta")


def test_validate_succeeds_and_ends_with_a_summary(run_small: Run) -> None:
    result = run_small("validate")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].startswith("58 things in 5 files: no violations, ")


# The program.

HEAVY = ["rdflib", "oxrdflib", "networkx", "pyshacl", "SPARQLWrapper", "pandas", "numpy"]
TELL_IMPORTS = f"""
import sys
import solgraph.cli.main
try:
    solgraph.cli.main.main(prog_name="solgraph")
finally:
    print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""


def heavy_imports(*args: str) -> list[str]:
    command = [sys.executable, "-c", TELL_IMPORTS, *args]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return done.stderr.splitlines()[-1].split()


@pytest.mark.parametrize(
    "args",
    [
        ("query", "mayors", "--city", "Palermo"),
        ("query", "describe", "--thing", "city:bern"),
        ("query", "mayors", "--help"),
        ("queries",),
        ("sparql", "ASK { ?s ?p ?o }"),
        ("show", "Bologna"),
        ("export", "--city", "Bern"),
        ("network",),
        ("--help",),
    ],
    ids=" ".join,
)
def test_it_imports_no_heavy_library(args: tuple[str, ...]) -> None:
    assert heavy_imports(*args) == []


def test_a_network_needs_networkx_and_nothing_else() -> None:
    assert set(heavy_imports("network", "alliances")) <= {"networkx", "numpy"}


def test_importing_the_package_imports_no_heavy_library() -> None:
    code = f"import sys, solgraph; solgraph.open(); print([name for name in {HEAVY!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert told.stdout == "[]\n"


def test_the_program_answers_as_the_command_line_in_process_does(
    program: Callable[..., "subprocess.CompletedProcess[str]"], run_small: Run
) -> None:
    args = ("query", "mayors", "--city", "Ardea")
    done = program(*args, "--data", str(SMALL))
    assert (done.returncode, done.stdout, done.stderr) == (0, run_small(*args).stdout, "")


def test_shipped_data_that_is_loaded_ahead_gives_the_same_answer(
    program: Callable[..., "subprocess.CompletedProcess[str]"], frozen: solgraph.Knowledge
) -> None:
    assert program("query", "mayors", "--city", "Palermo").stdout == frozen.query("mayors", city="Palermo").text()


def test_it_works_from_any_folder(
    program: Callable[..., "subprocess.CompletedProcess[str]"], tmp_path: Path, frozen: solgraph.Knowledge
) -> None:
    assert program("query", "cities", cwd=tmp_path).stdout == frozen.query("cities").text()


def test_a_table_in_a_pipe_is_plain_and_not_fitted_to_a_width(
    program: Callable[..., "subprocess.CompletedProcess[str]"],
) -> None:
    table = program("query", "memberships", "--data", str(SMALL), env=os.environ | {"COLUMNS": "40"}).stdout
    assert "\x1b" not in table
    assert max(map(len, table.splitlines())) > 100


@pytest.mark.parametrize("width", [70, 100, 140])
def test_a_table_fits_the_terminal(width: int) -> None:
    table = run_in_terminal("query networks-of-city --city Milano", width)
    assert max(map(len, table.splitlines())) <= width
    assert " rows\n\n- " in table


def test_show_fits_the_terminal() -> None:
    text = run_in_terminal(f"show 'Cádria Plan' --data {SMALL}", 60)
    assert max(map(len, text.splitlines()[2:])) <= 60


def test_a_network_is_not_poured_over_a_terminal() -> None:
    text = run_in_terminal(f"network shared-members --data {SMALL}", 80)
    assert text.startswith("In figures; as a file: -o shared-members.graphml") and "linked pairs" in text
    assert "<graphml" in run_in_terminal(f"network shared-members --data {SMALL} -f graphml", 80)
