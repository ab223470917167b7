"""Data against the shapes: findings with file and line, the thing's name, and a sentence that says the fix."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store

from solgraph.engines.local import Local
from solgraph.errors import did_you_mean
from solgraph.graph.names import LabelIndex
from solgraph.rdf.line_numbers import subject_lines
from solgraph.rdf.namespaces import BASE, PREFIXES, shorten, slug
from solgraph.rdf.store import File, load, ontology_files
from solgraph.resources import ONTOLOGY, display

if TYPE_CHECKING:
    import rdflib

SHAPES_GRAPH = BASE + "graph/shapes"
SEVERITIES = ("Violation", "Warning", "Info")


@dataclass(frozen=True)
class Finding:
    """One thing that breaks one rule."""

    severity: str
    file: str
    line: int
    thing: str
    label: str
    message: str
    shape: str
    value: str = ""


class Result(NamedTuple):
    """What a SHACL engine says of one node: IRIs and texts only."""

    severity: str
    focus: str
    message: str
    shape: str
    value: str


def validate(files: Sequence[File], context: Sequence[File] = ()) -> "Report":
    """Check files against the shipped shapes.

    ``context`` are files to which the checked ones may refer; what is wrong with those alone is not reported. Raises
    :class:`solgraph.errors.DataError` for malformed Turtle.
    """
    store = load([*ontology_files(), *context, *files], named=False)
    places = _Places(files)
    findings = [_finding(store, places, result) for result in run_engine(store) if result.focus in places.of]
    known = LabelIndex(Local(lambda _: store)).labels({one.thing for one in findings}, ("en",))
    named = [
        Finding(**asdict(one) | {"label": known.get(one.thing, ""), "thing": shorten(one.thing)}) for one in findings
    ]
    return Report(sorted(set(named), key=_order), len(files), len(places.of))


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.file, finding.line, SEVERITIES.index(finding.severity), finding.shape, finding.value


class _Places:
    """The things that files describe, and where."""

    def __init__(self, files: Iterable[File]) -> None:
        self.of: dict[str, tuple[Path, int]] = {}
        for file in files:
            for iri, line in subject_lines(file.path).items():
                self.of.setdefault(iri, (file.path, line))


def _finding(store: Store, places: _Places, result: Result) -> Finding:
    path, line = places.of[result.focus]
    hint = _nearest(store, result.value)
    return Finding(
        severity=result.severity,
        file=display(path),
        line=line,
        thing=result.focus,
        label="",
        message=f"{re.sub(r'<?https?://[^ >]*[^ >.,;:]>?', _short, result.message)} {hint}".strip(),
        shape=slug(result.shape),
        value=shorten(result.value),
    )


def _short(match: re.Match[str]) -> str:
    return shorten(match.group().strip("<>"))


def _nearest(store: Store, value: str) -> str:
    """A hint for an IRI of ours that nothing describes: the nearest one of the same namespace that is described."""
    if not value.startswith(BASE) or any(store.quads_for_pattern(NamedNode(value), None, None, None)):
        return ""
    namespace = value.removesuffix(slug(value))
    subjects = {quad.subject for quad in store}
    known = [one.value for one in subjects if isinstance(one, NamedNode) and one.value.startswith(namespace)]
    return did_you_mean(shorten(value), map(shorten, known))


def run_engine(store: Store) -> list[Result]:
    """Run pySHACL over the merge of all graphs.

    The one place that knows the engine. It works on a plain rdflib graph in memory: over an Oxigraph-backed one
    pySHACL is slow and misreads plain strings. Its ``focus_nodes`` is not used: with it, pySHACL 0.40.1 takes every
    nested shape for satisfied.
    """
    import pyshacl

    files = [File(path, SHAPES_GRAPH) for path in sorted((ONTOLOGY / "shapes").glob("*.ttl"))]
    shapes = _rdflib_graph(load(files, named=False))
    _find_targets(shapes, store)
    _, report, _ = pyshacl.validate(
        _rdflib_graph(store),
        shacl_graph=shapes,
        inplace=True,
    )
    return list(_results(report))


def _find_targets(shapes: "rdflib.Graph", store: Store) -> None:
    """Put the nodes that SPARQL targets (SHACL-AF) select in their place: Oxigraph finds them at once."""
    from rdflib import SH, URIRef

    for shape, target in list(shapes.subject_objects(SH.target)):
        shapes.remove((shape, SH.target, target))
        found = store.query(str(shapes.value(target, SH.select)), prefixes=PREFIXES)
        for solution in found if isinstance(found, QuerySolutions) else ():
            if isinstance(node := solution["this"], NamedNode):
                shapes.add((shape, SH.targetNode, URIRef(node.value)))


def _results(report: "rdflib.Graph") -> Iterator[Result]:
    from rdflib import RDF, SH

    for one in report.objects(report.value(predicate=RDF.type, object=SH.ValidationReport), SH.result):
        told = {key: report.value(one, key) for key in (SH.resultSeverity, SH.focusNode, SH.sourceShape, SH.value)}
        message = min((str(text) for text in report.objects(one, SH.resultMessage)), default="")
        severity, node, shape, value = ("" if term is None else str(term) for term in told.values())
        yield Result(slug(severity), node, message, shape, value)


def _rdflib_graph(store: Store) -> "rdflib.Graph":
    from rdflib import Graph

    graph = Graph()
    known: dict[Any, Any] = {}
    for subject, predicate, value, _ in store:
        graph.add(
            tuple(known.get(one) or known.setdefault(one, _rdflib_term(one)) for one in (subject, predicate, value))
        )
    return graph


def _rdflib_term(term: object) -> "rdflib.term.Node":
    from rdflib import BNode, URIRef
    from rdflib import Literal as RdflibLiteral

    if isinstance(term, Literal):
        plain = term.language or term.datatype.value.endswith("#string")
        return RdflibLiteral(term.value, lang=term.language, datatype=None if plain else URIRef(term.datatype.value))
    return BNode(term.value) if isinstance(term, BlankNode) else URIRef(getattr(term, "value", str(term)))


@dataclass(frozen=True)
class Report:
    """The findings of a validation; ``ok`` when none of them is a violation."""

    findings: list[Finding]
    files: int
    things: int

    @cached_property
    def counts(self) -> dict[str, int]:
        """Number of findings per severity."""
        return {name: sum(one.severity == name for one in self.findings) for name in SEVERITIES}

    @property
    def ok(self) -> bool:
        """Whether there is no violation."""
        return not self.counts["Violation"]

    @property
    def summary(self) -> str:
        """One line: what was checked and what came of it."""
        words = ("violation", "warning", "note")
        told = ", ".join(
            f"{count or 'no'} {word}{'' if count == 1 else 's'}"
            for word, count in zip(words, self.counts.values(), strict=True)
        )
        files = f"{self.files} file{'' if self.files == 1 else 's'}"
        return f"{self.things} thing{'' if self.things == 1 else 's'} in {files}: {told}"

    def text(self, name: str = "text") -> str:
        """The report in one of the formats of :data:`FORMATS`."""
        return FORMATS[name](self)

    def __str__(self) -> str:
        return self.text()


def _plain(report: Report) -> str:
    """Violations and warnings one by one; of notes, which ask for nothing, only how many there are of each kind."""
    lines: list[str] = []
    told = [one for one in report.findings if one.severity != "Info"]
    for file in dict.fromkeys(one.file for one in told):
        lines.append(file)
        for one in (finding for finding in told if finding.file == file):
            head = f"  {one.file}:{one.line}: {one.label or one.thing} ({one.thing})"
            lines += [] if head in lines else [head]
            lines.append(f"    {one.severity}: {one.message}")
        lines.append("")
    notes = Counter(one.message for one in report.findings if one.severity == "Info")
    lines += [f"Note, {count} ×: {message}" for message, count in notes.most_common()]
    lines += ["(-f csv lists the notes one by one)", ""] if notes else []
    return "\n".join([*lines, report.summary]) + "\n"


def _json(report: Report) -> str:
    told = {"ok": report.ok, "files": report.files, "things": report.things, "counts": report.counts}
    return (
        json.dumps(told | {"findings": [asdict(one) for one in report.findings]}, ensure_ascii=False, indent=1) + "\n"
    )


_COLUMNS = ("severity", "file", "line", "thing", "label", "message", "shape", "value")


def _csv(report: Report) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS)
    writer.writeheader()
    writer.writerows(asdict(one) for one in report.findings)
    return out.getvalue()


def _markdown(report: Report) -> str:
    def row(one: Finding) -> str:
        cells = (one.severity, f"{one.file}:{one.line}", one.label or one.thing, one.message)
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"

    rows = [row(one) for one in report.findings]
    head = "| severity | where | what | finding |\n| --- | --- | --- | --- |\n" if rows else ""
    return f"{head}{''.join(rows)}{chr(10) if rows else ''}{report.summary}\n"


def _github(report: Report) -> str:
    levels = dict(zip(SEVERITIES, ("error", "warning", "notice"), strict=True))
    rows = [
        f"::{levels[one.severity]} file={one.file},line={one.line},title={one.shape}::"
        f"{one.label or one.thing}: {one.message}\n"
        for one in report.findings
    ]
    return "".join(rows) + report.summary + "\n"


FORMATS: dict[str, Callable[[Report], str]] = {
    "text": _plain,
    "json": _json,
    "csv": _csv,
    "md": _markdown,
    "github": _github,
}
