"""The findings of a validation, for a person, a program, a pull request, or as a W3C validation report."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from functools import cached_property
from html import escape
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from solgraph.errors import WrongUse
from solgraph.notebooks import bullets, code, framed, heading, table
from solgraph.rdf.namespaces import PREFIXES, RDF_TYPE, XSD
from solgraph.rdf.terms import Term
from solgraph.rdf.turtle import turtle

SEVERITIES = ("Violation", "Warning", "Info")
#: As much of a line is shown.
_WIDEST = 140
#: A notebook shows so many findings.
_MOST_SHOWN = 200
_WORDS = dict(zip(SEVERITIES, ("violation", "warning", "note"), strict=True))


class Result(NamedTuple):
    """One result of a SHACL engine: a node that breaks a rule. ``path`` is nothing where it is no single property.

    ``graph`` is the source in which it breaks the rule, where that is not the merge of all, and ``elsewhere`` the
    source that says something ``other``.
    """

    focus: Term
    severity: str
    shape: str
    component: str
    message: str
    value: Term | None = None
    path: str = ""
    graph: str = ""
    elsewhere: str = ""
    other: Term | None = None


@dataclass(frozen=True)
class Finding:
    """One thing that breaks one rule; ``excerpt`` is the line of the file, ``result`` what the engine says of it.

    >>> from pathlib import Path
    >>> triple = "<https://w3id.org/solgraph/id/city/atlantis> a <https://w3id.org/solgraph/ns#City> ."
    >>> _ = Path("mine.ttl").write_text(triple)
    >>> finding = solgraph.open("mine.ttl").validate().findings[0]
    >>> finding.file, finding.line, finding.name
    ('mine.ttl', 1, 'city:atlantis')
    """

    severity: str
    file: str
    line: int
    thing: str
    label: str
    message: str
    shape: str
    value: str
    excerpt: str = field(repr=False)
    result: Result = field(repr=False)

    @property
    def name(self) -> str:
        """The label of the thing with its short IRI, or that alone."""
        return f"{self.label} ({self.thing})" if self.label else self.thing

    def order(self) -> tuple[Any, ...]:
        """The place of the finding among others."""
        place = (self.file, self.line, SEVERITIES.index(self.severity), self.shape, self.value)
        return (*place, self.thing, self.message)

    def as_dict(self) -> dict[str, Any]:
        """The columns of a finding.

        >>> from pathlib import Path
        >>> triple = "<https://w3id.org/solgraph/id/city/atlantis> a <https://w3id.org/solgraph/ns#City> ."
        >>> _ = Path("mine.ttl").write_text(triple)
        >>> list(solgraph.open("mine.ttl").validate().findings[0].as_dict())
        ['severity', 'file', 'line', 'thing', 'label', 'message', 'shape', 'value']
        """
        return {name: getattr(self, name) for name in _COLUMNS}


_COLUMNS = [column.name for column in fields(Finding) if column.repr]


@dataclass(frozen=True, repr=False)
class Report:
    """The findings of a validation; ``ok`` when none of them is a violation.

    ``things`` are described in ``files`` that were checked. The engine gave as many results as there are findings,
    results about other files (``elsewhere``) and results that say the same again (``repeated``).

    >>> from pathlib import Path
    >>> triple = "<https://w3id.org/solgraph/id/city/atlantis> a <https://w3id.org/solgraph/ns#City> ."
    >>> _ = Path("mine.ttl").write_text(triple)
    >>> report = solgraph.open("mine.ttl").validate()
    >>> report.ok, report.counts["Violation"] > 0, report.files, report.things
    (False, True, 1, 1)
    """

    findings: list[Finding]
    files: int
    things: int
    elsewhere: int = 0
    repeated: int = 0

    @cached_property
    def counts(self) -> dict[str, int]:
        """Number of findings per severity."""
        return {name: sum(finding.severity == name for finding in self.findings) for name in SEVERITIES}

    @property
    def ok(self) -> bool:
        """Whether there is no violation."""
        return not self.counts["Violation"]

    @property
    def summary(self) -> str:
        """One line: what was checked, and how many results of the engine became findings."""
        findings = ", ".join(_number(self.counts[name], _WORDS[name], "no") for name in SEVERITIES)
        rest = [f"{_number(self.elsewhere, 'more result')} about other files"] if self.elsewhere else []
        rest += [f"{_number(self.repeated, 'result')} twice"] if self.repeated else []
        left_out = f" ({', '.join(rest)})" if rest else ""
        return f"{_number(self.things, 'thing')} in {_number(self.files, 'file')}: {findings}{left_out}"

    def text(self, name: str = "text") -> str:
        """The report in one of the formats of :data:`FORMATS`. Raises :class:`WrongUse` for another.

        >>> from pathlib import Path
        >>> triple = "<https://w3id.org/solgraph/id/city/atlantis> a <https://w3id.org/solgraph/ns#City> ."
        >>> _ = Path("mine.ttl").write_text(triple)
        >>> print(solgraph.open("mine.ttl").validate().text("csv").partition(",")[0])
        severity
        """
        check_format(name)
        return FORMATS[name](self)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Report: {self.summary}>"

    def _repr_html_(self) -> str:
        """Violations and warnings one by one, notes by kind."""
        listed = sorted((f for f in self.findings if f.severity != "Info"), key=lambda f: SEVERITIES.index(f.severity))
        rows = [
            (
                escape(finding.severity),
                code(f"{finding.file}:{finding.line}"),
                escape(finding.name),
                escape(finding.message),
            )
            for finding in listed[:_MOST_SHOWN]
        ]
        left_out = f"<p>{len(rows)} of {len(listed)} are shown: <code>report.findings</code> has all.</p>"
        return framed(
            heading(self.summary),
            table(("severity", "where", "what", "finding"), rows) if rows else "",
            left_out if len(rows) < len(listed) else "",
            bullets(f"Note, {count} ×: {escape(message)}" for message, count in self._notes()),
        )

    def _notes(self) -> list[tuple[str, int]]:
        return Counter(finding.message for finding in self.findings if finding.severity == "Info").most_common()


def _number(count: int, word: str, none: str = "0") -> str:
    return f"{count or none} {word}{'' if count == 1 else 's'}"


def _plain(report: Report) -> str:
    """Violations and warnings one by one; of notes, which ask for nothing, only how many there are of each kind."""
    lines: list[str] = []
    listed = [finding for finding in report.findings if finding.severity != "Info"]
    for file in dict.fromkeys(finding.file for finding in listed):
        lines.append(file)
        for finding in (finding for finding in listed if finding.file == file):
            head = f"  {finding.file}:{finding.line}: {finding.name}"
            lines += [] if head in lines else [head, f"      | {finding.excerpt[:_WIDEST]}"]
            lines.append(f"    {finding.severity}: {finding.message}")
        lines.append("")
    notes = report._notes()
    lines += [f"Note, {count} ×: {message}" for message, count in notes]
    lines += ["(CSV lists the notes one by one)", ""] if notes else []
    return "\n".join([*lines, report.summary]) + "\n"


def _json(report: Report) -> str:
    numbers = {"ok": report.ok, "files": report.files, "things": report.things, "counts": report.counts}
    numbers |= {"elsewhere": report.elsewhere, "repeated": report.repeated}
    content = numbers | {"findings": [finding.as_dict() for finding in report.findings]}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _csv(report: Report) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS)
    writer.writeheader()
    writer.writerows(finding.as_dict() for finding in report.findings)
    return out.getvalue()


def _markdown(report: Report) -> str:
    def row(finding: Finding) -> str:
        place = f"{finding.file}:{finding.line}"
        cells = (finding.severity, place, finding.label or finding.thing, finding.message)
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"

    rows = [row(finding) for finding in report.findings]
    head = "| severity | where | what | finding |\n| --- | --- | --- | --- |\n" if rows else ""
    return f"{head}{''.join(rows)}{chr(10) if rows else ''}{report.summary}\n"


def _github(report: Report) -> str:
    levels = dict(zip(SEVERITIES, ("error", "warning", "notice"), strict=True))
    rows = [
        f"::{levels[finding.severity]} file={finding.file},line={finding.line},title={finding.shape}::"
        f"{finding.label or finding.thing}: {finding.message}\n"
        for finding in report.findings
    ]
    return "".join(rows) + report.summary + "\n"


def _turtle(report: Report) -> str:
    """A validation report as SHACL defines it: it conforms when there is no result, not even a note."""
    return turtle(_triples(report))


def _triples(report: Report) -> Iterator[Triple]:
    sh, top = PREFIXES["sh"], BlankNode("report")
    blank: dict[Term | None, BlankNode] = {}

    def named(term: Term | None) -> Term | None:
        """A term; blank nodes are called after the order in which they come, so that equal reports have equal bytes."""
        return blank.setdefault(term, BlankNode(f"node{len(blank) + 1}")) if isinstance(term, BlankNode) else term

    conforms = Literal(str(not report.findings).lower(), datatype=NamedNode(XSD + "boolean"))
    yield Triple(top, NamedNode(RDF_TYPE), NamedNode(sh + "ValidationReport"))
    yield Triple(top, NamedNode(sh + "conforms"), conforms)
    for number, finding in enumerate(report.findings, 1):
        node, result = BlankNode(f"result{number:06}"), finding.result
        yield Triple(top, NamedNode(sh + "result"), node)
        yield Triple(node, NamedNode(RDF_TYPE), NamedNode(sh + "ValidationResult"))
        iris = {"sourceShape": result.shape, "resultPath": result.path, "sourceConstraintComponent": result.component}
        terms: dict[str, Term | None] = {key: NamedNode(iri) if iri else None for key, iri in iris.items()}
        values = {
            "focusNode": named(result.focus),
            "value": named(result.value),
            "resultSeverity": NamedNode(sh + result.severity),
        }
        for key, term in {**terms, **values, "resultMessage": Literal(finding.message, language="en")}.items():
            if term is not None:
                yield Triple(node, NamedNode(sh + key), term)


FORMATS: dict[str, Callable[[Report], str]] = {
    "text": _plain,
    "json": _json,
    "csv": _csv,
    "md": _markdown,
    "github": _github,
    "ttl": _turtle,
}


def check_format(name: str) -> None:
    """Raise :class:`WrongUse` for a format in which no report is written."""
    if name not in FORMATS:
        raise WrongUse(f"Findings cannot be written as '{name}'.", hint=f"Formats for them: {', '.join(FORMATS)}")
