"""What errors say: in the words of Python to who asks in Python, of the command line and of addresses elsewhere."""

import ast
import pickle
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

import solgraph
from solgraph import Knowledge, ParameterError, SolgraphError
from solgraph.cli.main import main
from solgraph.graph.shell import in_shell
from solgraph.queries.parameters import Verbatim
from solgraph.queries.saved_query import SavedQuery
from solgraph.web.problems import in_address

SOURCE = Path(solgraph.__file__).parent
#: What only the command line understands.
COMMANDS = "|".join(main.list_commands(click.Context(main)))
SHELL = re.compile(rf"(?<![\w-])--[a-z]|\bsolgraph ({COMMANDS})\b|(?<!\S)-[of] ")
#: By this the import knows its own files again.
MARK = "# Imported by solgraph import"
#: For the server and for those who write queries, who have a command line before them.
OF_COMMANDS = ("cli", "web", "authoring", "pytest_plugin.py")
NOWHERE = "http://127.0.0.1:9/sparql"
Fault = Callable[[Knowledge], object]


SPEAKS_OF = SavedQuery(Path("x.rq"), "ASK { ?s ?p ?_text }", {"summary": "x"})
FAULTS: dict[str, Fault] = {
    "no query": lambda kg: kg.query("frobnicate"),
    "no such parameter": lambda kg: kg.query("mayors", xyzzy=1),
    "missing": lambda kg: kg.query("mayors"),
    "missing year": lambda kg: kg.query("mayors-in-year"),
    "no city": lambda kg: kg.query("mayors", city="Xland"),
    "no year": lambda kg: kg.query("mayors-in-year", year="soon"),
    "half a year": lambda kg: kg.query("mayors-in-year", year=2018.5),
    "several cities": lambda kg: kg.query("mayors", city=["Ardea", "Dorn"]),
    "not Unicode": lambda kg: SPEAKS_OF.bind({"text": "\ud800"}, Verbatim()),
    "ends before it begins": lambda kg: kg.query("mayors", city="Ardea", from_=2020, to=2010),
    "no view": lambda kg: kg.network("frobnicate"),
    "no option of a view": lambda kg: kg.network("alliances", yaer=2018),
    "year of a view": lambda kg: kg.network("alliances", year="soon"),
    "year and years": lambda kg: kg.network("alliances", year=2018, from_year=2010),
    "years backwards": lambda kg: kg.network("alliances", from_year=2018, to_year=2010),
    "no weight": lambda kg: kg.network("alliances", weight="heavy"),
    "no country": lambda kg: kg.network("alliances", country="Xland"),
    "nothing to exclude": lambda kg: kg.network("alliances", exclude="Xland"),
    "too many edges": lambda kg: kg.network("alliances", max_edges=1),
    "no thing": lambda kg: kg.describe("Xland"),
    "no parameters": lambda kg: kg.cite("Ardea", year=2018),
    "no format": lambda kg: kg.query("cities").text("frob"),
    "no text": lambda kg: kg.query("cities").text("xlsx"),
    "no ending": lambda kg: kg.query("cities").write("x"),
    "no byte order mark": lambda kg: kg.query("cities").marked_csv("json"),
    "no network": lambda kg: kg.query("cities").to_network(),
    "no file": lambda kg: solgraph.open("nowhere.ttl"),
    "no language": lambda kg: solgraph.open(lang="x y"),
    "no source": lambda kg: kg.exported(source="frob"),
    "city and source": lambda kg: kg.exported(city="Ardea", source="frob"),
    "no format of findings": lambda kg: kg.validate().text("frob"),
    "no server": lambda kg: solgraph.open(endpoint=NOWHERE).query("cities"),
    "files and a server": lambda kg: solgraph.open("x.ttl", endpoint=NOWHERE),
    "validating a server": lambda kg: solgraph.open(endpoint=NOWHERE).validate(),
    "no address": lambda kg: solgraph.open(endpoint="frob").query("cities"),
    "not SPARQL": lambda kg: kg.sparql("SELECT"),
    "not loaded": lambda kg: kg.sparql("SELECT * FROM <urn:x> { ?s ?p ?o }"),
    "an update": lambda kg: kg.sparql("DROP ALL"),
    "adding through rdflib": lambda kg: kg.default_graph.parse(data="<urn:a> <urn:b> <urn:c> .", format="turtle"),
    "no table": lambda kg: kg.import_table(1, "x.ttl"),
    "no option of an import": lambda kg: kg.import_table(1, "x.ttl", frob=1),
    "no Turtle": lambda kg: kg.import_table("nowhere.csv", "x.csv"),
    "no kind of table": lambda kg: kg.import_table("nowhere.csv", "x.ttl", kinds=["a", "b"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_an_error_in_python_names_nothing_of_the_command_line(small: Knowledge, fault: Fault) -> None:
    with pytest.raises(SolgraphError) as caught:
        fault(small)
    assert not SHELL.search(str(caught.value))
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value) and again.__dict__ == caught.value.__dict__
    assert type(caught.value).__name__ in solgraph.__all__


def test_no_text_of_the_library_does() -> None:
    texts = [(path, text) for path in SOURCE.rglob("*.py") if _is_library(path) for text in _texts(path)]
    assert len(texts) > 1000
    assert [(path.name, text) for path, text in texts if SHELL.search(text) and text != MARK] == []


def _is_library(path: Path) -> bool:
    return path.relative_to(SOURCE).parts[0] not in OF_COMMANDS and path.name != "shell.py"


def _texts(path: Path) -> Iterator[str]:
    """The texts in a module that are not docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.value


@pytest.mark.parametrize(
    ("fault", "parameter", "value", "candidate"),
    [
        ("no such parameter", "xyzzy", 1, "city"),
        ("missing", "city", None, "ardea"),
        ("no city", "city", "Xland", None),
        ("no year", "year", "soon", None),
        ("several cities", "city", ["Ardea", "Dorn"], None),
        ("not Unicode", "text", "\ud800", None),
        ("ends before it begins", "from", 2020, None),
        ("no option of a view", "yaer", 2018, "year"),
        ("year of a view", "year", "soon", None),
        ("years backwards", "from_year", 2018, None),
        ("no weight", "weight", "heavy", "newman"),
        ("no country", "country", "Xland", None),
        ("nothing to exclude", "exclude", "Xland", None),
    ],
)
def test_it_says_which_parameter(
    small: Knowledge, fault: str, parameter: str, value: Any, candidate: str | None
) -> None:
    with pytest.raises(ParameterError) as caught:
        FAULTS[fault](small)
    error = caught.value
    assert (error.parameter, error.value) == (parameter, value)
    assert candidate is None or candidate in error.candidates


def test_a_year_may_be_a_text(small: Knowledge) -> None:
    assert list(small.query("mayors-in-year", year="2018")) == list(small.query("mayors-in-year", year=2018))
    networks = [small.network("alliances", year=year) for year in ("2018", 2018)]
    assert networks[0].graph == networks[1].graph and set(networks[0].edges) == set(networks[1].edges)


@pytest.mark.parametrize(
    ("hint", "shell", "address"),
    [
        ("See them all: kg.queries()", "See them all: solgraph queries", "See them all: /queries"),
        (
            'For example: kg.query("mayors", city="La Paz", from_=2018)\nKnown: a',
            'For example: solgraph query mayors --city "La Paz" --from 2018\nKnown: a',
            "For example: /queries/mayors?city=La+Paz&from=2018\nKnown: a",
        ),
        ("Give year=…, or from_year=….", "Give --year, or --from.", "Give year, or from."),
        ("exclude='a b' or max_edges=3.", '--exclude "a b" or --max-edges 3.', "?exclude=a+b or ?max-edges=3."),
        ('Name it: answer.write("a b.xlsx")', "Name it: -o 'a b.xlsx'", None),
        ("values=['role:\"Lead\"=leader']", "--values 'role:\"Lead\"=leader'", None),
        ("bom=True, kinds=['networks']", "--bom, --kind networks", None),
        ('kg.query("x", city="$(rm)")', "solgraph query x --city '$(rm)'", None),
        ("http://x.org/?a=1&b=2 and ?x = 'a', x=y", *["http://x.org/?a=1&b=2 and ?x = 'a', x=y"] * 2),
    ],
)
def test_a_hint_is_in_the_words_of_who_reads_it(hint: str, shell: str, address: str | None) -> None:
    assert in_shell(hint) == shell
    assert address is None or in_address(hint) == address
