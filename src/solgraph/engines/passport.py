"""What a SPARQL engine made of each saved query when it was tried: a passport, some of which are shipped."""

import json
import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, Self

from solgraph.errors import DataError
from solgraph.rdf import sparql_tokens as sparql
from solgraph.resources import display

#: The folder of the passports that are shipped.
PASSPORTS = Path(__file__).parent / "passports"
EQUAL, DIFFERS, REFUSED = "equal", "differs", "refused"
#: Engines that name themselves and their version in each answer, unless a proxy stands before them.
SERVERS = ("Apache Jena Fuseki", "Oxigraph", "Virtuoso")


class Verdict(NamedTuple):
    """What became of one saved query: ``equal``, ``differs`` (how) or ``refused`` (in which words)."""

    query: str
    state: str
    detail: str
    #: Of the text that was asked, without comments: a passport says nothing about another one.
    digest: str

    def __str__(self) -> str:
        return f"{self.state:<8} {self.query}{': ' if self.detail else ''}{self.detail}"


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
            hint = "Write one with solgraph test --endpoint URL --write-passport FILE"
            raise DataError("this is no passport of an engine.", where=display(path), hint=hint) from error

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
            if (verdict.query, verdict.digest) == (name, digest(text)) and verdict.state != EQUAL:
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
