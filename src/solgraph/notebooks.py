"""HTML for notebooks: small, without script, and in the colours of the theme, be it light or dark."""

from collections.abc import Iterable, Sequence
from html import escape

_STYLE = (
    "<style>.solgraph th,.solgraph td{text-align:left!important;vertical-align:top;white-space:normal}"
    ".solgraph td.number{text-align:right!important}.solgraph summary{cursor:pointer}"
    ".solgraph ul{margin:0;padding-left:1.2em}.solgraph p{margin:.3em 0}</style>"
)


def framed(*parts: str) -> str:
    """Parts as one output of a cell."""
    return f'<div class="solgraph">{_STYLE}{"".join(parts)}</div>'


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells are HTML, the names of its columns text."""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"


def heading(text: str, *further: str) -> str:
    """What is shown, in bold, and lines of HTML below."""
    return "".join([f"<p><b>{escape(text)}</b></p>", *(f"<p>{line}</p>" for line in further if line)])


def details(summary: str, *parts: str) -> str:
    """What opens with a click on the summary; all of it is HTML."""
    return f"<details><summary>{summary}</summary>{''.join(parts)}</details>"


def bullets(items: Iterable[str]) -> str:
    """A list of HTML; nothing for no items."""
    listed = "".join(f"<li>{item}</li>\n" for item in items)
    return f"<ul>\n{listed}</ul>\n" if listed else ""


def code(text: str) -> str:
    """What is typed or named so in Python."""
    return f"<code>{escape(text)}</code>"


def link(text: str, address: str) -> str:
    """A link, or the text alone where the address leads nowhere: javascript: or data: would run what the data says."""
    if not address.lower().startswith(("http:", "https:", "mailto:")):
        return escape(text)
    return f'<a href="{escape(address, quote=True)}">{escape(text)}</a>'
