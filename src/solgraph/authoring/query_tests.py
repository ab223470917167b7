"""Saved queries against the answers that are expected of them, and against another version of the data."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from solgraph.errors import DataError, SolgraphError, did_you_mean
from solgraph.graph import names as labels
from solgraph.graph.answer import Answer
from solgraph.queries.saved_query import SavedQuery, catalogue
from solgraph.rdf.atomic_files import write_whole
from solgraph.rdf.namespaces import XSD, shorten
from solgraph.rdf.terms import Term
from solgraph.resources import display

if TYPE_CHECKING:
    from solgraph.graph.knowledge import Knowledge

#: Values of parameters, as a person types them.
Values: TypeAlias = Mapping[str, str | list[str]]

#: The file in which cases have their values, and the ending and format of an expected answer for each query form.
CASES = "cases.yaml"
_KEPT = {
    "SELECT": ("csv", "csv"),
    "ASK": ("txt", "table"),
    "CONSTRUCT": ("ttl", "turtle"),
    "DESCRIBE": ("ttl", "turtle"),
}


class Case(NamedTuple):
    """One question: a saved query and the values it is asked with; ``name`` is the stem of its expected answer."""

    name: str
    saved: SavedQuery
    values: Values


class Result(NamedTuple):
    """How one case went: ``passed``, ``failed``, ``missing`` (nothing is expected yet) or ``accepted`` (rewritten)."""

    case: str
    state: str
    detail: str = ""
    seconds: float = 0.0


class Results(list[Result]):
    """How all cases went."""

    @property
    def ok(self) -> bool:
        """Whether no case failed and none is without an expected answer."""
        return not self.named("failed") and not self.named("missing")

    def named(self, state: str) -> list[Result]:
        """The cases that went so."""
        return [one for one in self if one.state == state]

    def text(self) -> str:
        """What did not pass, each with its reason or diff, and a last line that counts."""
        told = [f"{one.state}  {one.case}\n{_indented(one.detail)}" for one in self if one.state != "passed"]
        counts = ((len(self.named(state)), state) for state in ("passed", "accepted", "failed", "missing"))
        return "".join([*told, ", ".join(f"{count} {state}" for count, state in counts if count) or "no case", "\n"])

    def junit(self) -> str:
        """JUnit XML: a missing answer is a failure, as a build must not pass over it."""
        from xml.etree import ElementTree

        bad = [one for one in self if one.state in ("failed", "missing")]
        counts = {"tests": str(len(self)), "failures": str(len(bad)), "time": f"{sum(one.seconds for one in self):.3f}"}
        suite = ElementTree.Element("testsuite", {"name": "solgraph", **counts})
        for one in self:
            told = {"classname": one.case.partition("--")[0], "name": one.case, "time": f"{one.seconds:.3f}"}
            case = ElementTree.SubElement(suite, "testcase", told)
            if one in bad:
                ElementTree.SubElement(case, "failure", {"message": one.state}).text = _for_xml(one.detail)
        ElementTree.indent(suite)
        return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def run(kg: "Knowledge", folder: Path, *, answers: Path | None = None, accept: bool = False) -> Results:
    """Ask the saved queries of a folder and compare with the answers that lie beside them, or in ``answers``.

    The answer to ``mayors.rq`` is ``mayors.csv`` (SELECT, as ``Answer.text("csv")`` writes it, so with labels in the
    language of ``kg``), ``.txt`` (ASK: yes or no) or ``.ttl`` (CONSTRUCT, DESCRIBE). A further case is
    ``mayors--open-end.csv``. One file ``cases.yaml`` beside the answers gives values as a person types them::

        mayors: {city: Ardea}
        mayors--open-end: {city: Cadria}

    A query that it does not name is asked with the examples of its header, where parameters are required. A query
    with neither case nor answer is told as missing. ``accept`` writes what is missing or differs; an answer that
    could not be had is never accepted. Raises :class:`DataError` for a broken header or ``cases.yaml``.
    """
    beside = answers or folder
    return Results(_checked(kg, case, beside, accept) for case in cases(catalogue(folder), beside))


def cases(queries: Iterable[SavedQuery], folder: Path) -> list[Case]:
    """The cases of queries whose values and expected answers lie in a folder, by name."""
    known = {one.name: one for one in queries}
    told = _values(folder / CASES)
    for name in told:
        if _query_of(name, known) not in known:
            hint = did_you_mean(_query_of(name, known), known)
            raise DataError(f"there is no saved query for the case '{name}'.", where=display(folder / CASES), hint=hint)
    names = {*told, *_kept(known, folder, told)}
    names |= known.keys() - {_query_of(name, known) for name in names}
    return [_case(known[_query_of(name, known)], name, told) for name in sorted(names)]


def _query_of(case: str, known: Mapping[str, SavedQuery]) -> str:
    return case if case in known else case.partition("--")[0]


def _case(saved: SavedQuery, name: str, told: Mapping[str, Values]) -> Case:
    return Case(name, saved, told.get(name, examples(saved)))


def _kept(known: Mapping[str, SavedQuery], folder: Path, told: Mapping[str, Values]) -> Iterator[str]:
    """The names of the cases for which an answer is expected; other files of the folder are nobody's."""
    for path in folder.iterdir() if folder.is_dir() else ():
        saved = known.get(_query_of(path.stem, known))
        if saved is None or path.suffix != f".{_ending(saved)}":
            continue
        if path.stem not in known and path.stem not in told:
            what = f"{CASES} has no values for the case '{path.stem}'."
            raise DataError(what, where=display(path), hint=f"{_CASES_HINT}\nOr delete the file.")
        yield path.stem


def _ending(saved: SavedQuery) -> str:
    return _KEPT[saved.form][0]


def examples(saved: SavedQuery) -> Values:
    """A value for each required parameter, from the header: its example, or the first value that is allowed."""
    told = {
        name: param.example or next(iter(param.values), "") for name, param in saved.params.items() if param.required
    }
    return {name: value for name, value in told.items() if value}


def _values(path: Path) -> dict[str, Values]:
    """What ``cases.yaml`` says; read so that ``NO`` stays ``NO`` and ``2018`` is as typed."""
    if not path.exists():
        return {}
    import yaml

    try:
        told = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{display(path)}:{mark.line + 1}" if mark else display(path)
        raise DataError("the cases are not YAML.", where=where, hint=_CASES_HINT) from error
    if not isinstance(told, dict) or not all(isinstance(one, dict) for one in told.values()):
        raise DataError("each case must be a table of values.", where=display(path), hint=_CASES_HINT)
    return told


_CASES_HINT = "A case looks like this:  mayors--open-end: {city: Cadria}"


def _checked(kg: "Knowledge", case: Case, folder: Path, accept: bool) -> Result:
    """How one case goes. An error that a person can mend is a failure of the case and does not stop the others."""
    began = perf_counter()
    try:
        result = _compared(kg, case, folder / f"{case.name}.{_ending(case.saved)}", accept)
    except SolgraphError as error:
        result = Result(case.name, "failed", str(error))
    return result._replace(seconds=perf_counter() - began)


def _compared(kg: "Knowledge", case: Case, path: Path, accept: bool) -> Result:
    text = answered(kg, case.saved, case.values).text(_KEPT[case.saved.form][1]).replace("\r\n", "\n")
    expected = _read(path)
    if expected is not None and expected.rstrip("\n") == text.rstrip("\n"):
        return Result(case.name, "passed")
    if accept:
        write_whole(path, text.encode())
        return Result(case.name, "accepted", display(path))
    if expected is None:
        return Result(case.name, "missing", f"There is no {display(path)}. Write it, or accept the answer: --accept")
    return Result(case.name, "failed", _diff(expected, text, display(path)))


def _read(path: Path) -> str | None:
    """The expected text, line ends as ``\\n``; None when there is no file."""
    if not path.is_file():
        return None
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError("the expected answer is not UTF-8.", where=display(path), hint="Save it as UTF-8.") from error


def _diff(expected: str, text: str, name: str) -> str:
    from difflib import unified_diff

    both = (expected.rstrip("\n").split("\n"), text.rstrip("\n").split("\n"))
    return "\n".join(unified_diff(*both, f"{name} (expected)", "answer", lineterm=""))


def answered(kg: "Knowledge", saved: SavedQuery, values: Values) -> Answer:
    """The answer to a saved query of any folder, with labels. Raises what :meth:`Knowledge.query` raises."""
    answer = Answer.of(kg.endpoint.ask(saved.bind(values, kg.names)))
    if not answer.holds_triples:
        answer.labels = labels.labels(kg.endpoint, answer.iris(), kg.languages)
    return answer


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.split("\n"))


def _for_xml(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return "".join(
        one if one in "\t\n" or " " <= one <= "\ud7ff" or "\ue000" <= one <= "\ufffd" or one > "\uffff" else "�"
        for one in text
    )


class Change(NamedTuple):
    """How the answer to one query changed: rows gone, rows come, and why it could not be asked, if so."""

    query: str
    gone: list[str]
    come: list[str]
    errors: list[str]


class Differences(list[Change]):
    """The queries whose answers differ or could not be had; ``asked`` says how many were tried."""

    asked = 0

    @property
    def changed(self) -> list[Change]:
        """The queries whose answers differ."""
        return [one for one in self if one.gone or one.come]

    def text(self) -> str:
        """Each query with its rows gone (-) and come (+) or its errors (!), and a last line that counts."""
        told = "".join(f"{one.query}\n{''.join(_told(one))}\n" for one in self)
        gone, come = sum(len(one.gone) for one in self), sum(len(one.come) for one in self)
        unasked = sum(bool(one.errors) for one in self)
        counts = [f"{len(self.changed)} of {self.asked} answers differ", f"{gone} rows gone", f"{come} rows come"]
        return f"{told}{', '.join([*counts, *([f'{unasked} could not be asked of both'] if unasked else [])])}\n"


def _told(change: Change) -> Iterator[str]:
    for sign, lines in (("!", change.errors), ("-", change.gone), ("+", change.come)):
        yield from (f"  {sign} {line}\n" for line in lines)


def differences(old: "Knowledge", new: "Knowledge", queries: Iterable[SavedQuery]) -> Differences:
    """Compare what saved queries answer on two versions of the data; required parameters get their examples.

    Rows count as often as they come; their order does not matter. Blank nodes are all alike, as their names are of
    the moment. Labels are not compared. A thing of an example that one version does not know yet is told as an error
    of that version, whose answer then counts as empty.
    """
    found = Differences()
    for saved in queries:
        change = _change(old, new, saved)
        found.asked += 1
        found += [change] if any(change[1:]) else []
    return found


def _change(old: "Knowledge", new: "Knowledge", saved: SavedQuery) -> Change:
    errors: list[str] = []
    rows = []
    for kg, version in ((old, "old"), (new, "new")):
        try:
            rows.append(Counter(_rows(Answer.of(kg.endpoint.ask(saved.bind(examples(saved), kg.names))))))
        except DataError:  # of data that cannot be read
            raise
        except SolgraphError as error:
            rows.append(Counter())
            errors.append(f"{version} data: {error.what}")
    before, after = rows
    return Change(saved.name, sorted((before - after).elements()), sorted((after - before).elements()), errors)


def _rows(answer: Answer) -> list[str]:
    """The rows of an answer, each as one line; yes or no of an ASK as one row."""
    if answer.boolean is not None:
        return [answer.text("table").strip()]
    return [" | ".join(map(_shown, row)) for row in answer.terms]


def _shown(term: Term | None) -> str:
    """A term in short, so that terms which differ are seen to differ."""
    if isinstance(term, NamedNode):
        return shorten(term.value)
    if not isinstance(term, Literal):
        return "[]" if isinstance(term, BlankNode) else "" if term is None else str(term)
    text = '"' + term.value.replace("\n", "\\n") + '"'
    if term.language:
        return f"{text}@{term.language}"
    kind = term.datatype.value
    return term.value if kind == XSD + "integer" else text if kind == XSD + "string" else f"{text}^^{shorten(kind)}"
