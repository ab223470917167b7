"""Citations in the forms that writers use, all made from items of CSL-JSON."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from solgraph.errors import MissingExtra

#: A document as the Citation Style Language describes it: https://docs.citationstyles.org/en/stable/
Item = dict[str, Any]

_STYLE = Path(__file__).with_name("citation.csl")
_BIBTEX_TYPES = {"report": "techreport"}
#: Variable of CSL → field of BibTeX, for those that are copied.
_COPIED = {
    "container-title": "howpublished", "publisher": "publisher", "version": "version", "page": "pages",
    "language": "language", "URL": "url",
}  # fmt: skip
_BRACES = str.maketrans("{}", "()")


def csl_json(items: Sequence[Item]) -> str:
    """The items themselves, as Zotero, Pandoc and others read them."""
    import json

    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def text(items: Sequence[Item]) -> str:
    """A line for each item, set by citeproc-py. Needs the extra ``cite``."""
    try:
        from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
        from citeproc.source.json import CiteProcJSON
    except ImportError as error:
        raise MissingExtra("A citation as text", "cite") from error
    shown = [item if item.get("language") != "en" else {**item, "language": ""} for item in items]
    bibliography = CitationStylesBibliography(_style(), CiteProcJSON(shown), formatter.plain)
    for item in items:
        bibliography.register(Citation([CitationItem(item["id"])]))
    return "".join(f"{_mended(str(line))}\n" for line in bibliography.bibliography())


@cache
def _style() -> Any:
    from citeproc import CitationStylesStyle

    return CitationStylesStyle(str(_STYLE), validate=False)


def _mended(line: str) -> str:
    """A line without the full stops that follow another sign at the end of a sentence, or an address."""
    return re.sub(r"([.?!…])\.(?=\s|$)|(://\S+)\.$", r"\1\2", line)


def bibtex(items: Sequence[Item]) -> str:
    """An entry for each item, written by pybtex. Needs the extra ``cite``."""
    try:
        from pybtex.database import BibliographyData, Entry
        from pybtex.database.output.bibtex import Writer
    except ImportError as error:
        raise MissingExtra("BibTeX", "cite") from error

    class PlainAddresses(Writer):  # type: ignore[misc]
        r"""Addresses stay as they are: ``\_`` in one would be part of it."""

        def _write_field(self, stream: Any, type: str, value: str) -> None:
            if type == "url":
                stream.write(f",\n    url = {self.quote(value)}")
            else:
                super()._write_field(stream, type, value)

    entries = {
        item["id"]: Entry(_BIBTEX_TYPES.get(item["type"], "misc"), _fields(item), {"author": _authors(item)})
        for item in items
    }
    written: str = PlainAddresses("utf-8").to_string(BibliographyData(entries))
    return f"{written.strip()}\n"


def _fields(item: Item) -> list[tuple[str, str]]:
    """The fields of an entry; braces keep the capitals of the title."""
    fields = {"title": f"{{{item['title'].translate(_BRACES)}}}"}
    fields |= {field: str(item[name]).translate(_BRACES) for name, field in _COPIED.items() if name in item}
    if item["type"] == "report" and "publisher" in fields:
        fields["institution"] = fields.pop("publisher")
    parts = item.get("issued", {"date-parts": [[]]})["date-parts"][0]
    fields |= dict(zip(("year", "month", "day"), map(str, parts), strict=False))
    section = [f"Section: {item['section']}"] if "section" in item else []
    note = ". ".join([*section, *([item["note"]] if "note" in item else [])])
    return list((fields | ({"note": note.translate(_BRACES)} if note else {})).items())


def _authors(item: Item) -> list[Any]:
    """The authors; an organisation in braces, so that its name is not taken apart."""
    from pybtex.database import Person

    return [
        Person(f"{{{name['literal']}}}") if "literal" in name else Person(first=name["given"], last=name["family"])
        for name in item.get("author", [])
    ]
