"""What a SPARQL engine made of each saved query when it was tried: a passport, some of which are shipped."""

import json
import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, Self

from solgraph.errors import DataError, WrongUse
from solgraph.rdf import sparql_tokens as sparql
from solgraph.resources import display

#: The folder of the passports that are shipped.
PASSPORTS = Path(__file__).parent / "passports"
EQUAL, DIFFERS, REFUSED, UNASKED = "equal", "differs", "refused", "not asked"
#: Engines that name themselves and their version in each answer, unless a proxy stands before them.
SERVERS = ("Apache Jena Fuseki", "Oxigraph", "Virtuoso")


class Verdict(NamedTuple):
    """What became of a saved query: ``equal``, ``differs`` (how), ``refused`` (in which words), ``not asked`` (why)."""

    query: str
    state: str
    detail: str
    #: Of the text that was asked, without comments: a passport says nothing about another one.
    digest: str

    def __str__(self) -> str:
        return f"{self.state:<9} {self.query}{': ' if self.detail else ''}{self.detail}"


class Passport(NamedTuple):
    """The verdicts of one engine on the queries of one dataset."""

    engine: str
    version: str
    date: str
    solgraph: str
    dataset: str
    verdicts: tuple[Verdict, ...]

    @classmethod
    def read(cls, path: Path) -> Self:
        """The passport in a file. Raises :class:`DataError`."""
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            verdicts = tuple(Verdict(name, *map(str, verdict)) for name, verdict in fields.pop("queries").items())
            return cls(**fields, verdicts=verdicts)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise DataError("this is no passport of an engine.", where=display(path)) from error

    def text(self) -> str:
        """The passport as JSON, a line for each query."""
        fields = {name: value for name, value in self._asdict().items() if name != "verdicts"}
        lines = [f"  {_json(name)}: {_json(value)},\n" for name, value in fields.items()]
        rows = ",\n".join(f"    {_json(verdict.query)}: {_json(verdict[1:])}" for verdict in self.verdicts)
        return f'{{\n{"".join(lines)}  "queries": {{\n{rows}\n  }}\n}}\n'

    def in_state(self, state: str) -> list[Verdict]:
        """The verdicts of that state."""
        return [verdict for verdict in self.verdicts if verdict.state == state]

    def warning(self, name: str, text: str) -> str:
        """What to know before a saved query is asked there; nothing where it answers, or its text is another one."""
        for verdict in self.verdicts:
            if (verdict.query, verdict.digest) == (name, digest(text)) and verdict.state in (DIFFERS, REFUSED):
                outcome = "gave another answer" if verdict.state == DIFFERS else "was refused"
                detail = verdict.detail.partition(", first (")[0]
                return f"'{name}' {outcome} when it was tried on {self.engine} {self.version}: {detail}"
        return ""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def digest(text: str) -> str:
    """The beginning of the digest of a query, whatever its comments and its spaces."""
    return sha256(" ".join(token.text for token in sparql.code(text)).encode()).hexdigest()[:12]


@cache
def shipped() -> tuple[Passport, ...]:
    """The passports that come with the program."""
    return tuple(Passport.read(path) for path in sorted(PASSPORTS.glob("*.json")))


def summary() -> str:
    """How many saved queries each engine with a shipped passport answers as we do, as a table in Markdown."""
    lines = ["| engine | version | tried | alike | differ | refused |", "|---|---|---|---|---|---|"]
    for passport in shipped():
        counts = [str(len(passport.in_state(state))) for state in (EQUAL, DIFFERS, REFUSED)]
        counts[0] += f" of {len(passport.verdicts)}"
        lines.append(f"| {' | '.join([passport.engine, passport.version, passport.date, *counts])} |")
    return "\n".join([*lines, ""])


def failures(name: str) -> str:
    """The saved queries that an engine does not answer as we do, and how, as a table in Markdown."""
    passports = {passport.engine: passport for passport in shipped()}
    engine = next((engine for engine in passports if engine.casefold() == name.casefold()), "")
    if not engine:
        raise WrongUse(f"There is no passport of '{name}'.", hint=f"Engines: {', '.join(passports)}")
    failed = [verdict for verdict in passports[engine].verdicts if verdict.state != EQUAL]
    rows = (f"| {verdict.query} | {verdict.state} | {verdict.detail.replace('|', '¦')} |\n" for verdict in failed)
    return "".join(["| query | verdict | how |\n|---|---|---|\n", *rows])


def warnings(engine: str, name: str, text: str) -> Iterator[str]:
    """What the shipped passports of an engine say against a saved query."""
    return filter(None, (passport.warning(name, text) for passport in shipped() if passport.engine == engine))


def may_fail(name: str, text: str) -> bool:
    """Whether any shipped passport says something against a saved query."""
    return any(passport.warning(name, text) for passport in shipped())


def name_and_version(words: str) -> tuple[str, str]:
    """``Virtuoso/07.20.3229 (Linux) …``, ``Apache Jena Fuseki (5.6.0)`` or ``Comunica 5.4.1`` in two parts.

    The version is empty where there is none.
    """
    parts = re.match(r"\s*([^\d/(]*[^\d/(\s])(?:[\s/(]+v?(\d[\w.+-]*))?", words)
    return (parts[1], parts[2] or "") if parts else ("", "")
