"""Saved queries tested against the answers that are expected of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from solgraph.errors import DataError, SolgraphError, did_you_mean
from solgraph.graph.answer import Answer
from solgraph.queries.catalogue import catalogue
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.atomic_files import write_whole
from solgraph.resources import QUERIES, display

if TYPE_CHECKING:
    from solgraph.graph.knowledge import Knowledge

#: Values of parameters, as a person types them.
Values: TypeAlias = Mapping[str, str | list[str]]

#: The file that holds the values of the cases.
CASES = "cases.yaml"

#: Query form → the ending of the file with the expected answer.
_ENDINGS = {"SELECT": "csv", "ASK": "txt", "CONSTRUCT": "ttl", "DESCRIBE": "ttl"}
_EXAMPLE = "A case looks like this:  mayors--open-end: {city: Cadria}"


class Case(NamedTuple):
    """A saved query and the values it is asked with; ``name`` is the stem of the file with the expected answer."""

    name: str
    query: SavedQuery
    values: Values

    @property
    def file(self) -> str:
        """The name of the file with the expected answer."""
        return f"{self.name}.{_ENDINGS[self.query.form]}"


class Result(NamedTuple):
    """The outcome of a case: ``passed``, ``failed``, ``missing`` (no expected answer) or ``accepted`` (rewritten)."""

    case: str
    state: str
    detail: str = ""


class Results(list[Result]):
    """The outcomes of all cases."""

    @property
    def ok(self) -> bool:
        """Whether every case passed or was accepted."""
        return not self.in_state("failed") and not self.in_state("missing")

    def in_state(self, state: str) -> list[Result]:
        """The cases with that outcome."""
        return [result for result in self if result.state == state]

    def text(self) -> str:
        """Each case that did not pass with its reason or diff, and a last line with the counts."""
        reports = [_report(result) for result in self if result.state != "passed"]
        counts = ((len(self.in_state(state)), state) for state in ("passed", "accepted", "failed", "missing"))
        return "".join([*reports, ", ".join(f"{count} {state}" for count, state in counts if count) or "no case", "\n"])


def _report(result: Result) -> str:
    return f"{result.state}  {result.case}\n" + "".join(f"  {line}\n" for line in result.detail.split("\n"))


def run(kg: "Knowledge", queries: Iterable[SavedQuery], folder: Path, *, accept: bool = False) -> Results:
    """Ask saved queries and compare the answers with the expected ones in a folder.

    The expected answer to ``mayors.rq`` is ``mayors.csv`` (SELECT, as ``Answer.text("csv")`` writes it, with labels in
    the language of ``kg``), ``.txt`` (ASK: yes or no) or ``.ttl`` (CONSTRUCT, DESCRIBE). A further case is
    ``mayors--open-end.csv``. The file ``cases.yaml`` in the folder holds the values of parameters::

        mayors: {city: Ardea}
        mayors--open-end: {city: Cadria}

    A query without case is asked with the examples of its header, where parameters are required; without an expected
    answer it is missing. ``accept`` writes each answer that is missing or differs, but no error.
    Raises :class:`DataError` for a broken header or ``cases.yaml``.
    """
    return Results(outcome(kg, case, folder, accept=accept) for case in cases(queries, folder))


def tested(folder: Path, own_queries: Sequence[Path] = ()) -> list[SavedQuery]:
    """The queries whose answers a folder expects: those that it holds, or else your own, or else the shipped ones."""
    return catalogue(folder if any(folder.glob("*.rq")) else own_queries or QUERIES)


def cases(queries: Iterable[SavedQuery], folder: Path) -> list[Case]:
    """The cases of saved queries whose values and expected answers lie in a folder, by name."""
    by_name = {query.name: query for query in queries}
    values = _values(folder / CASES)
    for case in values:
        if (name := _query_of(case, by_name)) not in by_name:
            what = f"there is no saved query for the case '{case}'."
            raise DataError(what, where=display(folder / CASES), hint=did_you_mean(name, by_name))
    names = {*values, *_answered_cases(by_name, folder, values)}
    names |= by_name.keys() - {_query_of(case, by_name) for case in names}
    asked = {name: by_name[_query_of(name, by_name)] for name in sorted(names)}
    return [Case(name, query, values.get(name, examples(query))) for name, query in asked.items()]


def _query_of(case: str, queries: Mapping[str, SavedQuery]) -> str:
    return case if case in queries else case.partition("--")[0]


def _answered_cases(queries: Mapping[str, SavedQuery], folder: Path, values: Mapping[str, Values]) -> Iterator[str]:
    """The cases for which the folder holds an expected answer; files that belong to no query are left alone."""
    for path in folder.iterdir() if folder.is_dir() else ():
        query = queries.get(_query_of(path.stem, queries))
        if query is None or path.suffix != f".{_ENDINGS[query.form]}":
            continue
        if path.stem not in queries and path.stem not in values:
            what = f"{CASES} has no values for the case '{path.stem}'."
            raise DataError(what, where=display(path), hint=f"{_EXAMPLE}\nOr delete the file.")
        yield path.stem


def examples(query: SavedQuery) -> Values:
    """A value for each required parameter: the example in the header, or the first of the allowed values."""
    values = {
        name: param.example or next(iter(param.values), "") for name, param in query.params.items() if param.required
    }
    return {name: value for name, value in values.items() if value}


def _values(path: Path) -> dict[str, Values]:
    """Case → values, as text: ``NO`` stays ``NO`` and ``2018`` is no number."""
    if not path.exists():
        return {}
    import yaml

    try:
        values = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{display(path)}:{mark.line + 1}" if mark else display(path)
        raise DataError("the cases are not YAML.", where=where, hint=_EXAMPLE) from error
    if not isinstance(values, dict) or not all(isinstance(case, dict) for case in values.values()):
        raise DataError("each case must be a table of values.", where=display(path), hint=_EXAMPLE)
    return values


def outcome(kg: "Knowledge", case: Case, folder: Path, *, accept: bool = False) -> Result:
    """The outcome of one case; an error that a person can mend fails the case and does not stop the others."""
    try:
        return compared(_answer(kg, case), folder / case.file, accept=accept)
    except SolgraphError as error:
        return Result(case.name, "failed", str(error))


def _answer(kg: "Knowledge", case: Case) -> str:
    answer = Answer.of(kg.endpoint.ask(case.query.bind(case.values, kg.snapshot.label_index)))
    if not answer.holds_triples:
        answer.labels = kg.snapshot.labels_of(answer.iris(), kg.languages)
    return answer.text("csv" if case.query.form == "SELECT" else None)


def compared(text: str, path: Path, *, accept: bool = False) -> Result:
    """Whether an answer is the one in a file, however that ends its lines; the case is the stem of the file."""
    text, expected = text.replace("\r\n", "\n"), _read(path)
    if expected is not None and expected.rstrip("\n") == text.rstrip("\n"):
        return Result(path.stem, "passed")
    if accept:
        write_whole(path, text.encode())
        return Result(path.stem, "accepted", _diff(expected or "", text, path))
    if expected is None:
        what = f"There is no {display(path)}. Write it, or accept the answer: solgraph test --accept"
        return Result(path.stem, "missing", what)
    return Result(path.stem, "failed", _diff(expected, text, path))


def _read(path: Path) -> str | None:
    """The expected answer with ``\\n`` at line ends; None when there is no file."""
    if not path.is_file():
        return None
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError("the expected answer is not UTF-8.", where=display(path), hint="Save it as UTF-8.") from error


def _diff(expected: str, text: str, path: Path) -> str:
    """The lines that differ; in a table with the same columns also the cells."""
    from solgraph.authoring.row_diff import line_diff

    both = (expected.rstrip("\n").split("\n"), text.rstrip("\n").split("\n"))
    cells = _row_diff(expected, text) if path.suffix == ".csv" else []
    return "\n".join(line_diff(*both, display(path)) + cells)


def _row_diff(*texts: str) -> list[str]:
    """The cells that differ, if both are tables with the same columns."""
    import csv
    import io

    from solgraph.authoring.row_diff import row_diff

    try:
        tables = [list(map(tuple, csv.reader(io.StringIO(text), strict=True))) for text in texts]
    except csv.Error:  # what is expected is not CSV
        return []
    (columns, *expected), (names, *rows) = (table or [()] for table in tables)
    return row_diff(columns, expected, rows) if columns == names else []
