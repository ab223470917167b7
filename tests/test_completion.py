"""Completion in the shell: what the Tab key offers, asked as bash, zsh and fish ask, and pressed in a real bash."""

import os
import pty
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from select import select

import pytest
from click.testing import Result

import solgraph
from solgraph.cli.main import TOOLS, main
from solgraph.queries.catalogue import catalogue, views
from solgraph.resources import QUERIES

ROOT = Path(__file__).parents[1]
SMALL = Path(__file__).parent / "small"
SAVED = catalogue(QUERIES)
IRIS = [
    (one.name, param.name, param.example)
    for one in SAVED
    for param in one.params.values()
    if param.kind == "iri" and param.example and ":" not in param.example
]
SET_UP = dict(re.findall(r"^```(bash|zsh|fish)\n(.*?)\n```$", (ROOT / "docs/queries.md").read_text(), re.M | re.S))
needs_bash = pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
Program = Callable[..., "subprocess.CompletedProcess[str]"]
Offers = Callable[..., list[str]]


def request(line: str | list[str], shell: str) -> dict[str, str]:
    """What a shell asks with, for the last of the words of a line; the words are joined as its function joins them."""
    words = ["solgraph", *(line.split(" ") if isinstance(line, str) else line)]
    return {
        "_SOLGRAPH_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": ("\n" if shell == "bash" else " ").join(words),
        "COMP_CWORD": words[-1] if shell == "fish" else str(len(words) - 1),
    }


READERS: dict[str, Callable[[str], list[str]]] = {
    # Backslashes are taken away twice: by the builtin ``read`` of the function, and on the line that is completed.
    "bash": lambda told: [_bare(_bare(line.removeprefix("plain,"))) for line in told.splitlines() if line],
    "zsh": lambda told: told.splitlines()[1::3],
    "fish": lambda told: [line.partition("\t")[0].removeprefix("plain,") for line in told.splitlines() if line],
}


def _bare(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


each_shell = pytest.mark.parametrize("shell", READERS)


@pytest.fixture
def offered(run: Callable[..., Result]) -> Offers:
    """What bash is offered for the last word of a line; nothing else is said."""

    def ask(line: str | list[str]) -> list[str]:
        told = run(env=request(line, "bash"))
        assert (told.exit_code, told.stderr) == (0, "")
        return READERS["bash"](told.stdout)

    return ask


# Commands, queries, options.


@each_shell
@pytest.mark.parametrize(
    ("line", "offer"),
    [
        ("query may", {"mayors", "mayors-in-year"}),
        ("query mayors --city Mila", {"Milan", "Milano"}),
        ("query mayors --ci", {"--city"}),
    ],
)
def test_each_shell_asks_the_program(shell: str, line: str, offer: set[str], program: Program) -> None:
    done = program(env=os.environ | request(line, shell))
    assert (done.returncode, done.stderr) == (0, "")
    assert offer <= set(READERS[shell](done.stdout))


def test_all_commands_are_offered(offered: Offers) -> None:
    assert offered([""]) == sorted([*main.commands, *TOOLS])


@pytest.mark.parametrize(
    ("begun", "command"), [("qu", ["queries", "query"]), ("d", ["diff"]), ("v", ["validate"]), ("frob", [])]
)
def test_a_command_is_completed(begun: str, command: list[str], offered: Offers) -> None:
    assert offered(begun) == command


def test_all_saved_queries_are_offered(offered: Offers) -> None:
    assert offered("query ") == [one.name for one in SAVED]


def test_the_network_views_are_offered_and_no_other_query(offered: Offers) -> None:
    assert offered("network ") == [one.name for one in views(QUERIES)]


def test_the_parameters_of_a_query_are_offered_before_the_options_of_all(offered: Offers) -> None:
    assert offered("query programmes-of-city --")[:4] == ["--city", "--kind", "--status", "--bom"]
    assert offered("query programmes-of-city Milano --sta") == ["--status"]
    assert offered("network alliances --y") == ["--year"]


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("--q", ["--queries"]),
        ("queries --", ["--format", "--lang", "--export", "--help"]),
        ("push --dr", ["--dry-run"]),
        ("test --ac", ["--accept"]),
        ("validate --o", ["--output"]),
    ],
)
def test_the_options_of_a_command_are_offered(line: str, options: list[str], offered: Offers) -> None:
    assert offered(line) == options


def test_queries_of_ones_own_are_offered_too(offered: Offers, tmp_path: Path) -> None:
    text = "#+ summary: x\n#+ params: {how: {values: [slowly, fast]}}\nASK { ?s ?p ?_how , ?_where_iri }"
    (tmp_path / "mine.rq").write_text(text)
    assert offered(["--queries", str(tmp_path), "query", "mi"]) == ["mine"]
    assert offered(["--queries", str(tmp_path), "query", "mine", "--"])[:2] == ["--how", "--where"]
    assert offered(["--queries", str(tmp_path), "query", "mine", "--how", ""]) == ["fast", "slowly"]


# Values.


@pytest.mark.parametrize(
    ("begun", "city"),
    [
        ("Mi", "Milano"),
        ("Mai", "Mailand"),
        ("Medio", "Mediolan"),
        ("ZUR", "Zürich"),
        ("BREM", "Brême"),
        ("CADI", "Cádiz"),
        ("Zür", "Zürich"),
        ("VALEN", "València"),
        ("gda", "gdansk"),
        ("Wie", "Wiedeń"),
        ("Λει", "Λειβαδιά"),
        ("halle-", "halle-saale"),
    ],
)
def test_a_city_is_offered_by_its_name_in_any_language(begun: str, city: str, offered: Offers) -> None:
    assert city in offered(["query", "mayors", "--city", begun])


@pytest.mark.parametrize("begun", ["Italia", "Seebr", "Running", "Leoluca"])
def test_only_cities_are_offered_for_a_city(begun: str, offered: Offers) -> None:
    assert offered(["query", "mayors", "--city", begun]) == []


def test_a_name_that_was_begun_in_quotes_is_offered(offered: Offers) -> None:
    assert "San Lazzaro di Savena" in offered(["query", "mayors", "--city", '"San La'])
    assert "San Lazzaro di Savena" in offered(["query", "mayors", "--city", "San\\ La"])


@pytest.mark.parametrize(
    ("line", "offer"),
    [
        ("query example-cities --theme 1.", {"1.1", "1.2", "1.3"}),
        ("query alliances --by ", {"city", "mayor"}),
        ("query alliances --by m", {"mayor"}),
        ("network alliances --by c", {"city"}),
        ("query programmes-of-city --status Lauf", {"Laufend"}),
        ("query programmes-of-city --city Milano --status ongo", {"Ongoing"}),
        ("query mayors-in-year --year 20", set()),
        ("queries --format ", {"table", "json"}),
    ],
)
def test_a_value_is_completed(line: str, offer: set[str], offered: Offers) -> None:
    assert set(offered(line)) == offer


def test_a_network_is_offered_by_its_names(offered: Offers) -> None:
    assert {"Seebrücke", "Seebrücke movement"} <= set(offered("query members-of-network --network Seeb"))
    assert "IASH" in offered("query members-of-network --network IA")
    assert "Moving Cities" not in offered("query members-of-network --network Mov")


def test_all_concepts_of_a_scheme_are_offered_in_all_languages(offered: Offers, frozen: solgraph.Knowledge) -> None:
    pairs = frozen.names(scheme="status")
    every = {name for _, name in pairs} | {iri.rpartition("/")[2] for iri, _ in pairs}
    assert set(offered("query programmes-of-city --status ")) == every


def test_the_example_of_a_parameter_is_offered_once_it_is_begun(offered: Offers) -> None:
    for name, param, example in IRIS:
        assert example in offered(["query", name, f"--{param}", example[:3]]), (name, param)


def test_a_name_is_completed_without_the_name_of_the_parameter_too(offered: Offers) -> None:
    assert {"Palermo", "palermo"} & set(offered("query mayors Paler"))


def test_names_come_from_the_data_that_are_asked(offered: Offers) -> None:
    assert "Belmonte" in offered(["query", "mayors", "--data", str(SMALL), "--city", "Bel"])
    assert "Belmonte" in offered(["query", "mayors", "--add", str(SMALL), "--city", "Bel"])
    assert offered(["query", "mayors", "--data", str(SMALL), "--city", "Bol"]) == []


# Nothing to offer is no reason to disturb the line that somebody types.


@pytest.mark.parametrize(
    "line", ["query frobnicate --ci", "network mayors --ci", "frobnicate --ci", "query mayors --frob x"]
)
def test_a_word_that_names_nothing_completes_to_nothing(line: str, offered: Offers) -> None:
    assert offered(line) == []


def test_a_broken_query_disturbs_no_completion(offered: Offers, tmp_path: Path) -> None:
    (tmp_path / "broken.rq").write_text("#+ sumary: x\nASK {}")
    assert offered(["--queries", str(tmp_path), "query", "broken", "--ci"]) == []
    assert offered(["--queries", str(tmp_path), "query", "mayors", "--ci"]) == ["--city"]
    assert "mayors" in offered(["--queries", str(tmp_path), "query", ""])
    assert offered(["--queries", str(tmp_path / "nowhere"), "query", "mayors", "--ci"]) in ([], ["--city"])


def test_data_that_cannot_be_read_disturb_no_completion(offered: Offers, tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("<urn:a> <urn:b> .")
    for path in ("broken.ttl", "nowhere.ttl"):
        offered(["query", "mayors", "--data", str(tmp_path / path), "--city", "Mi"])


# As a person presses the key.


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_documentation_tells_how_to_switch_it_on(shell: str, program: Program) -> None:
    assert f"_SOLGRAPH_COMPLETE={shell}_source solgraph" in SET_UP[shell]
    done = program(env=os.environ | {"_SOLGRAPH_COMPLETE": f"{shell}_source"})
    assert (done.returncode, done.stderr) == (0, "")
    assert f"_SOLGRAPH_COMPLETE={shell}_complete" in done.stdout
    if executable := shutil.which(shell):
        subprocess.run([executable, "-n"], input=SET_UP[shell] + "\n" + done.stdout, text=True, check=True)


def pressed(typed: str) -> list[str]:
    """The arguments that an interactive bash gives to the program, once completion is on and these keys are pressed."""
    ours, theirs = pty.openpty()
    show = "solgraph() { printf '<%s>' \"$@\"; printf '<%s>\\n' E''ND; }"
    lines = ["bind 'set enable-bracketed-paste off'", SET_UP["bash"], show, f"solgraph {typed}"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "TERM": "dumb", "INPUTRC": os.devnull, "LC_ALL": "C.UTF-8"}
    command = ["bash", "--norc", "--noprofile", "-i"]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as running:
        os.close(theirs)
        os.write(ours, ("\n".join(lines) + "\n").encode())
        told = _until(ours, b"<END>")
        running.kill()
    os.close(ours)
    return re.findall("<([^>\r\n]*)>", told.rpartition("\n")[2])[:-1]


def _until(terminal: int, end: bytes) -> str:
    told, late = b"", time.monotonic() + 20
    while end not in told and time.monotonic() < late:
        if select([terminal], [], [], 0.1)[0]:
            told += os.read(terminal, 65536)
    return told.partition(end)[0].decode() + end.decode()


@needs_bash
@pytest.mark.parametrize(
    ("typed", "arguments"),
    [
        ("que\t", ["quer"]),
        ("quer\ty may\t-i\t", ["query", "mayors-in-year"]),
        ("query may\t --ci\tPalerm", ["query", "mayors", "--city", "Palerm"]),
        ("query alliances --by m\t", ["query", "alliances", "--by", "mayor"]),
        ("query mayors --city Medio\t", ["query", "mayors", "--city", "Mediolan"]),
    ],
)
def test_the_tab_key_completes(typed: str, arguments: list[str]) -> None:
    assert pressed(typed) == arguments


@needs_bash
@pytest.mark.parametrize(
    ("begun", "name"),
    [("San\\ Lazzaro\\ d", "San Lazzaro di Savena"), ("Alto\\ R", "Alto Reno Terme"), ("Halle\\ \\(", "Halle (Saale)")],
)
def test_a_name_of_several_words_is_completed_to_one_argument(begun: str, name: str) -> None:
    assert pressed(f"query mayors --city {begun}\t") == ["query", "mayors", "--city", name]


@needs_bash
@pytest.mark.parametrize(("begun", "name"), [("Swans", "Swansea"), ("swans", "swansea"), ("Palermo", "Palermo")])
def test_a_name_and_its_slug_do_not_keep_each_other_from_being_completed(begun: str, name: str) -> None:
    assert pressed(f"query mayors --city {begun}\t") == ["query", "mayors", "--city", name]
