"""Where in RDF files things are described: the line at which a subject's block begins, or that of a value in it."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple
from urllib.parse import urljoin

from pyoxigraph import Literal, RdfFormat

from solgraph.rdf.namespaces import RDF_TYPE, expand
from solgraph.rdf.sparql_tokens import Token, code
from solgraph.rdf.store import File, format_of
from solgraph.rdf.terms import Term

#: A node that is described, in the forms that are not of the Turtle family.
_NODES = {
    RdfFormat.JSON_LD: re.compile(r'"@?id"\s*:\s*"([^"]+)"\s*,'),
    RdfFormat.RDF_XML: re.compile(r"""\babout\s*=\s*["']([^"']+)["']"""),
}
_SPACE = re.compile(r"(?:\s++|#[^\n\r]*+)*+")
_DIRECTIVE = re.compile(
    r"""@?(?:(?P<prefix>prefix)\s+(?P<name>[^\s:]*):\s*|base\s*)<(?P<iri>[^>]*)>(?:\s*\.)?(?<!@)|@?version\s+\S+(?:\s*\.)?""",
    re.IGNORECASE,
)
#: A statement with what ends it: a full stop that is no part of a name or number, or the brace of a graph in TriG.
_STATEMENT = re.compile(
    r'''(?: [^"'<\#.{}|]++ | \#[^\n\r]*+ | \{\| | \|\} | \| | <[^<>"{}\s]*+> | <
      | """(?:[^"\\]|\\.|"(?!""))*+""" | \'{3}(?:[^'\\]|\\.|'(?!''))*+\'{3}
      | "(?:[^"\\\n]|\\.)*+" | '(?:[^'\\\n]|\\.)*+'
      | (?<=[\w.:%-])\.(?=\.*[\w%\\:-]) | \.(?=\d) )*+ (?P<end>[.{}])''',
    re.VERBOSE | re.DOTALL,
)
_HEAD = re.compile(r"<([^<>\s]*)>|[^\s<>\[\](){};,\"']+")


class Block(NamedTuple):
    """One statement with all that it says of its subject; ``graph`` is that of a TriG file."""

    graph: str
    start: int
    end: int


class LineNumbers:
    """The lines of a well-formed RDF file at which things are described."""

    def __init__(self, file: File) -> None:
        self._path = file.path
        self.text = (file.read().content or b"").decode(errors="replace")
        self._prefixes: dict[str, str] = {}
        self._base = file.path.absolute().as_uri()

    @cached_property
    def blocks(self) -> dict[str, list[Block]]:
        """IRI → the blocks that describe it. Of JSON-LD and RDF/XML only where each node begins."""
        blocks: dict[str, list[Block]] = {}
        nodes = _NODES.get(format_of(self._path))
        for iri, block in self._statements() if nodes is None else self._nodes(nodes):
            blocks.setdefault(urljoin(self._base, iri) if ":" not in iri else iri, []).append(block)
        return blocks

    def line(self, iri: str, graph: str = "", path: str = "", value: Term | None = None) -> int:
        """The line at which a value of a subject stands, or its property ``path``, or its block; 0 if it does not.

        In the blocks of a ``graph``, if there are such.
        """
        blocks = self.blocks.get(iri, [])
        blocks = [block for block in blocks if block.graph == graph] or blocks
        if not path and value is None:
            return self._line(blocks[0].start) if blocks else 0
        within = (self._within(block, path, value) for block in blocks)
        return next((self._line(offset) for offset in within if offset is not None), 0)

    def line_text(self, line: int) -> str:
        """What stands in a line."""
        return self.text[self._breaks[line - 1] + 1 : self._breaks[line]].strip() if line < len(self._breaks) else ""

    @cached_property
    def _breaks(self) -> list[int]:
        """The ends of the lines; the first is before the text."""
        return list(accumulate((len(line) + 1 for line in self.text.split("\n")), initial=-1))

    def _line(self, offset: int) -> int:
        return bisect_left(self._breaks, offset)

    def _nodes(self, pattern: re.Pattern[str]) -> Iterator[tuple[str, Block]]:
        for match in pattern.finditer(self.text):
            yield expand(match[1]) or match[1], Block("", match.start(), match.start())

    def _statements(self) -> Iterator[tuple[str, Block]]:
        """Each subject of a text of the Turtle family, with its statement."""
        graph, place = "", 0
        while (start := _skip(self.text, place)) < len(self.text):
            if directive := _DIRECTIVE.match(self.text, start):
                self._declare(directive)
                place = directive.end()
                continue
            statement = _STATEMENT.match(self.text, start)
            if not statement:
                return
            place, iri = statement.end(), self._subject(start)
            if statement["end"] == "{":
                graph = iri
                continue
            if iri:
                yield iri, Block(graph, start, place)
            graph = "" if statement["end"] == "}" else graph

    def _declare(self, directive: re.Match[str]) -> None:
        if directive["prefix"]:
            self._prefixes[directive["name"]] = urljoin(self._base, directive["iri"])
        elif directive["iri"] is not None:
            self._base = urljoin(self._base, directive["iri"])

    def _subject(self, start: int) -> str:
        head = _HEAD.match(self.text, start)
        if head and head[0].upper() == "GRAPH":
            head = _HEAD.match(self.text, _skip(self.text, head.end()))
        return self._resolve(head[0]) if head else ""

    def _resolve(self, token: str) -> str:
        """The IRI that a token of the file stands for, or nothing."""
        if token.startswith("<"):
            return urljoin(self._base, token[1:-1])
        prefix, colon, local = token.partition(":")
        return self._prefixes[prefix] + local.replace("\\", "") if colon and prefix in self._prefixes else ""

    def _within(self, block: Block, path: str, value: Term | None) -> int | None:
        """The offset at which a block holds a value, after the property if that is named, or the property alone."""
        tokens = code(self.text[block.start : block.end])[1:]
        if path:
            start = next((place for place, token in enumerate(tokens) if self._means(token, path)), len(tokens))
            tokens = tokens[start:]
        sought = tokens if value is None else (token for token in tokens if self._is_value(token, value))
        token = next(iter(sought), None)
        return block.start + token.start if token else None

    def _means(self, token: Token, iri: str) -> bool:
        return (token.text == "a" and iri == RDF_TYPE) or (
            token.kind in ("iri", "name") and self._resolve(token.text) == iri
        )

    def _is_value(self, token: Token, value: Term) -> bool:
        if not isinstance(value, Literal):
            return self._means(token, str(getattr(value, "value", "")))
        text = token.text.strip("\"'") if token.kind == "string" else token.text
        return token.kind in ("string", "number", "word") and text == value.value


def _skip(text: str, place: int) -> int:
    """The offset behind white space and comments."""
    match = _SPACE.match(text, place)
    return match.end() if match else place
