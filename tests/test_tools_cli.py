"""The tools on the command line: check, test, diff, export of queries and push, with exit codes, places and files."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

import solgraph
from servers import free_port, oxigraph
from solgraph.cli import options
from solgraph.engines.remote import Remote
from solgraph.resources import QUERIES

SMALL = Path(__file__).parent / "small"
DATA = ("--data", str(SMALL))
HEAD = "PREFIX sg: <https://w3id.org/solgraph/ns#>\n"
TWO = (
    "#+ summary: Two cities\n#+ columns: {city: x}\n"
    f"{HEAD}SELECT ?city {{ ?city a sg:City }} ORDER BY ?city LIMIT 2\n"
)
IS_CITY = (
    "#+ summary: Is it a city?\n#+ params: {city: {type: sg:City, description: a city, example: Ardea}}\n"
    f"{HEAD}ASK {{ ?_city_iri a sg:City }}\n"
)
CSV = "city,city_label\nhttps://w3id.org/solgraph/id/city/ardea,Ardea\nhttps://w3id.org/solgraph/id/city/belmonte,Belmonte\n"
SHIPPED = [path.stem for path in QUERIES.glob("*.rq")]
Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with two saved queries in ``mine``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOLGRAPH_LANG", "en")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "two.rq").write_text(TWO)
    (tmp_path / "mine" / "is-city.rq").write_text(IS_CITY)
    return tmp_path


@pytest.fixture
def mine(run: Run, folder: Path) -> Run:
    """The command line with one's own queries besides the shipped ones."""
    return lambda *args: run("--queries", "mine", *args)


def refused(result: Result, code: int, *told: str) -> None:
    """The run ended with that code, printed nothing but an error, and the error tells these words."""
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    for words in ("Error: ", *told):
        assert words in result.stderr


# check


FAULTS = {
    "a-term": ("sg:City }", "sg:Citty }", 4, "sg:Citty is not a term of the ontology. Did you mean 'City'"),
    "column": ("{city: x}", "{town: x}", 2, "columns differ from the query's: city."),
    "grammar": ("?city a sg:City", "?city a", 4, "not valid SPARQL: error at 4:"),
    "order": ("ORDER BY ?city ", "", 4, "no ORDER BY"),
    "prefix": (HEAD, "\n", 4, "the prefix 'sg:' is not declared"),
    "server": ("{ ?city a", "{ SERVICE <urn:x> { ?city a ?b } ?city a", 4, "SERVICE (line 4) is refused"),
}


def test_check_reports_each_fault_with_file_and_line_and_counts_them(
    mine: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the shipped queries only one: to check them all takes two seconds, and test_saved_queries.py does it."""
    (folder / "shipped").mkdir()
    shutil.copy(QUERIES / "cities.rq", folder / "shipped")
    monkeypatch.setattr(options, "QUERIES", folder / "shipped")
    (folder / "mine" / "header.rq").write_text("#+ summary: x\n#+ sumary: y\nASK {}")
    for name, (old, new, _, _) in FAULTS.items():
        assert old in TWO
        (folder / "mine" / f"{name}.rq").write_text(TWO.replace(old, new))
    result = mine("check")
    assert (result.exit_code, result.stderr) == (1, "")
    *lines, last = result.stdout.splitlines()
    assert last == f"{1 + 3 + len(FAULTS)} saved queries: {len(FAULTS) + 1} problems"
    assert lines.pop(3).startswith("mine/header.rq:2: 'sumary' is not a key of a header.")
    for (name, (_, _, line, what)), problem in zip(FAULTS.items(), lines, strict=True):
        assert problem.startswith(f"mine/{name}.rq:{line}: {what}")


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["--queries", "nowhere", "check"], 2, "Directory 'nowhere' does not exist"),
        (["--queries", "mine/two.rq", "check"], 2, "'mine/two.rq' is a file"),
        (["--queries", "empty", "check"], 1, "empty holds no saved query (.rq)"),
        (["check", "mine"], 2, "unexpected extra argument"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_folder_of_queries_that_is_none_is_refused(
    args: list[str], code: int, told: str, run: Run, folder: Path
) -> None:
    (folder / "empty").mkdir()
    refused(run(*args), code, told)


# Queries of one's own, everywhere.


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["query", "two", *DATA, "-f", "csv"], "/city/belmonte,Belmonte"),
        (["query", "is-city", "Ardea", *DATA], "yes"),
        (["query", "two", "--help"], "Two cities"),
        (["query", "--help"], "  two "),
        (["queries", "cities"], "  two\n      Two cities"),
        (["queries", "-f", "json"], '"name": "is-city"'),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else None,
)
def test_a_query_of_ones_own_is_there_like_the_shipped_ones(args: list[str], told: str, mine: Run) -> None:
    result = mine(*args)
    assert (result.exit_code, result.stderr) == (0, "")
    assert told in result.stdout


def test_a_view_of_ones_own_is_a_view(mine: Run, folder: Path) -> None:
    text = "#+ summary: Pairs\n#+ columns: {a: x, b: x}\n#+ network: {source: a, target: b}\n"
    text += f"{HEAD}SELECT ?a ?b {{ ?a sg:locatedIn ?b }} ORDER BY ?a ?b\n"
    (folder / "mine" / "places.rq").write_text(text)
    assert re.search(r"^places +Pairs$", mine("network").stdout, re.MULTILINE)
    result = mine("network", "places", *DATA, "-f", "graphml")
    assert (result.exit_code, result.stderr) == (0, "Nodes of both modes, so that the network has no two modes: 1.\n")
    assert "<graphml" in result.stdout


def test_a_query_of_ones_own_takes_the_place_of_a_shipped_one(mine: Run, folder: Path) -> None:
    (folder / "mine" / "cities.rq").write_text(TWO)
    assert mine("query", "cities", *DATA, "-f", "csv").stdout.replace("\r\n", "\n") == CSV
    assert "Two cities" in mine("query", "cities", "--help").stdout


def test_the_first_of_several_folders_wins(run: Run, folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "other" / "two.rq").write_text(TWO.replace("LIMIT 2", "LIMIT 3"))
    (folder / "other" / "three.rq").write_text(TWO)
    counts = [
        run("--queries", first, "--queries", second, "query", "two", *DATA, "-f", "csv").stdout.count("/city/")
        for first, second in (("mine", "other"), ("other", "mine"))
    ]
    assert counts == [2, 3]
    assert run("--queries", "mine", "--queries", "other", "query", "three", *DATA).exit_code == 0


# test


def test_test_accepts_answers_and_holds_to_them(run: Run, folder: Path) -> None:
    first, second, third = (run("test", "mine", *DATA, *more) for more in ([], ["--accept"], []))
    assert [one.exit_code for one in (first, second, third)] == [1, 0, 0]
    assert first.stdout.splitlines()[:2] == [
        "missing  is-city",
        "  There is no mine/is-city.txt. Write it, or accept the answer: solgraph test --accept",
    ]
    assert second.stdout.splitlines()[-1] == "2 accepted"
    assert third.stdout == "2 passed\n"
    assert (folder / "mine" / "two.csv").read_bytes().decode() == CSV
    assert (folder / "mine" / "is-city.txt").read_text() == "yes\n"


def test_test_shows_how_an_answer_differs_and_leaves_it_alone(run: Run, folder: Path) -> None:
    run("test", "mine", *DATA, "--accept")
    (folder / "mine" / "two.csv").write_text(CSV.replace("Ardea", "Ardeja"))
    result = run("test", "mine", *DATA)
    assert (result.exit_code, result.stderr) == (1, "")
    assert "failed  two\n  --- mine/two.csv (expected)\n  +++ answer\n" in result.stdout
    assert "  -https://w3id.org/solgraph/id/city/ardea,Ardeja\n" in result.stdout
    assert result.stdout.endswith("\n1 passed, 1 failed\n")
    assert "Ardeja" in (folder / "mine" / "two.csv").read_text()


def test_test_asks_the_data_and_language_that_are_named(run: Run, folder: Path) -> None:
    run("test", "mine", *DATA, "--accept")
    assert "-https://w3id.org/solgraph/id/city/ardea,Ardea\n" in run("test", "mine", *DATA, "--lang", "pl").stdout
    assert run("test", "mine").exit_code == 1, "the shipped data hold no Ardea"


def test_test_never_accepts_what_could_not_be_asked(run: Run, folder: Path) -> None:
    (folder / "mine" / "two.rq").write_text(TWO.replace("?city a", "?city"))
    result = run("test", "mine", *DATA, "--accept")
    assert result.exit_code == 1
    assert result.stdout.endswith("\n1 accepted, 1 failed\n")
    assert not (folder / "mine" / "two.csv").exists()


def test_test_reads_the_values_of_cases(run: Run, folder: Path) -> None:
    (folder / "mine" / "cases.yaml").write_text("is-city--dorn: {city: Dorn}\nis-city--no: {city: Atlantis}\n")
    result = run("test", "mine", *DATA, "--accept")
    assert result.exit_code == 1
    assert "failed  is-city--no\n  is-city, parameter 'city': 'Atlantis' names no City" in result.stdout
    assert sorted(path.name for path in (folder / "mine").glob("*.txt")) == ["is-city--dorn.txt"]


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["nowhere"], 2, "Directory 'nowhere' does not exist"),
        (["mine/two.rq"], 2, "'mine/two.rq' is a file"),
        (["mine", "--lang", "pl!"], 2, "'pl!' is not a language tag"),
        (["mine", "--data", "nowhere.ttl"], 2, "nowhere.ttl does not exist"),
        ([], 2, "Give a folder with the expected answers, or a server with --endpoint URL."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_test_refuses_what_it_cannot_do(args: list[str], code: int, told: str, run: Run, folder: Path) -> None:
    (folder / "empty").mkdir()
    data = () if "--data" in args else DATA
    refused(run("test", *args, *data), code, told)


def test_test_takes_the_queries_of_the_option_where_the_folder_holds_none(mine: Run, folder: Path) -> None:
    (folder / "expected").mkdir()
    assert mine("test", "expected", *DATA, "--accept").stdout.endswith("\n2 accepted\n")
    assert sorted(path.name for path in (folder / "expected").iterdir()) == ["is-city.txt", "two.csv"]


def test_test_tells_where_a_header_or_the_cases_are_broken(run: Run, folder: Path) -> None:
    (folder / "mine" / "cases.yaml").write_text("is-city--x: {city: Dorn}\nis-citty--y: {city: Dorn}\n")
    refused(run("test", "mine", *DATA), 1, "mine/cases.yaml", "'is-citty--y'", "Did you mean 'is-city'?")
    (folder / "mine" / "two.rq").write_text("#+ summary: x\n#+ tags: y\nASK {}")
    refused(run("test", "mine", *DATA), 1, "mine/two.rq:2: 'tags' must be a list.")


# diff


@pytest.fixture
def newer(folder: Path) -> Path:
    """The small graph with one more mayor of Cádria, in a folder ``newer``."""
    shutil.copytree(SMALL, folder / "newer")
    (folder / "newer" / "sources" / "delta.ttl").write_text(
        "@prefix sg: <https://w3id.org/solgraph/ns#> . @prefix city: <https://w3id.org/solgraph/id/city/> .\n"
        "city:elm a sg:City ; sg:locatedIn <https://w3id.org/solgraph/id/country/it> ; "
        '<http://www.w3.org/2004/02/skos/core#prefLabel> "Elm"@en .\n'
    )
    return folder / "newer"


def test_diff_of_equal_data_finds_nothing(run: Run, folder: Path) -> None:
    shutil.copytree(SMALL, folder / "copy")
    result = run("diff", str(SMALL), "copy")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].startswith(
        f"0 of {len(SHIPPED)} answers differ, 0 rows removed, 0 rows added"
    )


@pytest.mark.parametrize(("turned", "sign"), [(False, "+"), (True, "-")])
def test_diff_tells_the_rows_that_come_and_go(turned: bool, sign: str, run: Run, newer: Path) -> None:
    result = run("diff", *([str(newer), str(SMALL)] if turned else [str(SMALL), str(newer)]))
    assert (result.exit_code, result.stderr) == (1, "")
    told = result.stdout.partition("\ncities\n")[2].partition("\n\n")[0]
    assert told.startswith(f"  {sign} city:elm | country:it | ")
    assert " answers differ, " in result.stdout.splitlines()[-1]


def test_diff_compares_with_the_shipped_data_unless_told_otherwise(run: Run) -> None:
    result = run("diff", str(SMALL))
    assert result.exit_code == 1
    assert "  + city:milan | country:it | " in result.stdout
    assert "  - city:ardea | country:it | " in result.stdout


def test_diff_asks_queries_of_ones_own_too(mine: Run, newer: Path, folder: Path) -> None:
    (folder / "mine" / "two.rq").write_text(TWO.replace(" LIMIT 2", ""))
    result = mine("diff", str(SMALL), "newer")
    assert result.exit_code == 1
    assert "\ntwo\n  + city:elm\n" in result.stdout
    assert f" of {len(SHIPPED) + 2} answers differ" in result.stdout


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["nowhere", str(SMALL)], 2, "nowhere does not exist"),
        ([str(SMALL), "nowhere"], 2, "nowhere does not exist"),
        ([str(SMALL), "mine"], 2, "mine holds no RDF file"),
        ([str(SMALL), str(SMALL)], 2, "OLD and NEW are the same"),
        ([str(SMALL), f"{SMALL}/../small/"], 2, "OLD and NEW are the same"),
        ([str(SMALL), "broken.ttl"], 1, "broken.ttl:1:"),
        ([], 2, "Missing argument 'OLD'"),
    ],
    ids=["no old", "no new", "no data", "the same", "the same in another way", "broken", "nothing"],
)
def test_diff_refuses_what_it_cannot_compare(args: list[str], code: int, told: str, run: Run, folder: Path) -> None:
    (folder / "broken.ttl").write_text("<urn:a> <urn:b> .")
    refused(run("diff", *args), code, told)


# queries --export


def test_queries_are_exported_to_a_new_folder(mine: Run, folder: Path) -> None:
    result = mine("queries", "--export", "sib", "out/deep")
    expected = sorted(f"{name}.ttl" for name in [*SHIPPED, "two", "is-city", "prefixes"])
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"out/deep: {len(expected)} files\n"
    assert sorted(path.name for path in (folder / "out" / "deep").iterdir()) == expected


def test_an_export_is_written_over_the_one_before_and_is_the_same(run: Run, folder: Path) -> None:
    read = [
        {path.name: path.read_bytes() for path in (folder / "out").iterdir()}
        for _ in range(2)
        if run("queries", "--export", "sib", "out").exit_code == 0
    ]
    assert len(read) == 2
    assert read[0] == read[1]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["grlc", "out"], "cannot be exported as 'grlc'.\nKinds: sib"),
        (["sib"], "'--export' requires 2 arguments"),
        (["sib", "file"], "file/… cannot be written: File exists"),
        (["sib", "file/below"], "cannot be written: Not a directory"),
        (["sib", "/proc/out"], "cannot be written"),
        (["sib", "taken"], "taken/mayors.ttl is a folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_an_export_that_cannot_be_written_is_refused_and_leaves_nothing(
    args: list[str], told: str, run: Run, folder: Path
) -> None:
    (folder / "file").write_text("old")
    (folder / "taken" / "mayors.ttl").mkdir(parents=True)
    refused(run("queries", "--export", *args), 2, told)
    assert sorted(path.name for path in folder.iterdir()) == ["file", "mine", "taken"]
    assert [path.name for path in (folder / "taken").iterdir()] == ["mayors.ttl"]
    assert (folder / "file").read_text() == "old"


def test_an_export_of_a_broken_query_tells_its_place_and_writes_nothing(mine: Run, folder: Path) -> None:
    (folder / "mine" / "two.rq").write_text("#+ summary: x\n#+ tags: y\nASK {}")
    refused(mine("queries", "--export", "sib", "out"), 1, "mine/two.rq:2: 'tags' must be a list.")
    assert not (folder / "out").exists()


# push


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server that is empty, and stays so unless a test cleans up after itself."""
    with oxigraph() as address:
        yield address


def triples(address: str) -> int:
    return len(Remote(f"{address}/query").ask("SELECT ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"))


def test_a_dry_run_tells_each_graph_and_loads_none(server: str, run: Run) -> None:
    result = run("push", f"{server}/store", "--dry-run", *DATA)
    assert (result.exit_code, result.stderr) == (0, "")
    told = dict(line.split(": ", 1) for line in result.stdout.splitlines())
    names = ("alpha", "beta", "gamma", "ontology", "register")
    assert sorted(told) == sorted(["default graph", *(f"graph:{name}" for name in names)])
    assert all(one.startswith("would be loaded, ") and one.endswith(", -0)") for one in told.values())
    assert triples(server) == 0


def test_a_dry_run_of_one_graph_tells_that_one(server: str, run: Run) -> None:
    lines = [
        run("push", f"{server}/store", "--dry-run", "--graph", name, *DATA).stdout for name in ("beta", "graph:beta")
    ]
    assert lines[0] == lines[1]
    assert [line.split(": ")[0] for line in lines[0].splitlines()] == ["graph:beta", "default graph"]


def test_a_dry_run_tells_what_would_still_be_loaded(run: Run) -> None:
    with oxigraph() as address:
        run("push", f"{address}/store", "--graph", "beta", *DATA)
        told = run("push", f"{address}/store", "--dry-run", *DATA).stdout.splitlines()
    assert [line for line in told if ": is there, " in line] == [
        line for line in told if line.startswith("graph:beta: ")
    ]


def test_push_refuses_a_graph_that_is_not_there(server: str, run: Run) -> None:
    refused(run("push", f"{server}/store", "--dry-run", "--graph", "betta", *DATA), 2, "'betta'", "beta")


@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1/store", "http://", "http://me:secret@127.0.0.1:9/store"])
def test_push_refuses_an_address_that_is_none_or_holds_a_password(url: str, run: Run) -> None:
    result = run("push", url, "--dry-run", *DATA)
    refused(result, 2)
    assert "secret" not in result.output


def test_push_to_a_server_that_is_not_there_or_no_graph_store_fails(server: str, run: Run) -> None:
    refused(run("push", f"http://127.0.0.1:{free_port()}/store", "--dry-run", *DATA), 1, "cannot be reached")
    refused(run("push", f"{server}/frob", *DATA), 1, f"{server}/frob refuses with HTTP 4")


def test_push_of_data_that_cannot_be_read_sends_nothing(server: str, run: Run, folder: Path) -> None:
    (folder / "broken.ttl").write_text("@prefix a: <urn:a:> .\na:b a:c a:d\na:e a:f a:g .\n")
    refused(run("push", f"{server}/store", "--data", "broken.ttl"), 1, "broken.ttl:3:1: ")
    refused(run("push", f"{server}/store", "--data", "nowhere.ttl"), 2, "nowhere.ttl does not exist")
    assert triples(server) == 0


def test_what_is_pushed_is_asked_with_queries_of_ones_own(mine: Run) -> None:
    with oxigraph() as address:
        assert mine("push", f"{address}/store", *DATA).exit_code == 0
        assert solgraph.open(endpoint=f"{address}/query", queries="mine").query("is-city", city="Ardée")
        result = mine("query", "two", "--endpoint", f"{address}/query", "-f", "csv")
    assert (result.exit_code, result.stdout.replace("\r\n", "\n")) == (0, CSV)
