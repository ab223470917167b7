"""A page for the hand, sections of short lines with numbered sources: as Markdown, HTML or a Word document."""

import re
from pathlib import Path
from typing import Any, NamedTuple

from solgraph.errors import MissingExtra

_TEMPLATE = Path(__file__).with_name("page.html")
_MARK = re.compile(r"\[(\d+)(?=[],])")


class Line(NamedTuple):
    """A sentence or short list; ``lead`` stands before it in bold."""

    text: str
    lead: str = ""


class Section(NamedTuple):
    """A heading with its lines; ``rest`` says what was left out."""

    heading: str
    lines: list[Line]
    rest: str = ""


class Page(NamedTuple):
    """A title, sections, sources as pairs of words and address, and what stands at the foot.

    ``opening`` is a paragraph under the title, if there is one.
    """

    title: str
    sections: list[Section]
    sources: list[tuple[str, str]]
    footer: str
    language: str = "en"
    sources_heading: str = "Sources"
    opening: str = ""


def markdown(page: Page) -> str:
    """The page as Markdown."""
    parts = [f"# {_escaped(page.title)}", *([_escaped(page.opening)] if page.opening else [])]
    for section in page.sections:
        parts.append(f"## {section.heading}")
        parts.append(
            "\n".join(
                f"- {f'**{_escaped(line.lead)}** ' if line.lead else ''}{_escaped(line.text)}" for line in section.lines
            )
        )
        parts += [section.rest] if section.rest else []
    sources = (
        f"{i}. {_escaped(words)}{f' <{address}>' if address else ''}"
        for i, (words, address) in enumerate(page.sources, 1)
    )
    return "\n\n".join([*parts, f"## {page.sources_heading}", "\n".join(sources), f"*{_escaped(page.footer)}*"]) + "\n"


def _escaped(text: str) -> str:
    return re.sub(r"([\\*_`<>#])", r"\\\1", text)


def html(page: Page) -> str:
    """The page as one HTML file that prints on A4; numbers lead to their sources."""
    from html import escape
    from string import Template

    def marked(text: str) -> str:
        return _MARK.sub(r'[<a href="#source-\1">\1</a>', escape(text))

    def item(line: Line) -> str:
        lead = f"<b>{escape(line.lead)}</b> " if line.lead else ""
        return f"<li>{lead}{marked(line.text)}</li>\n"

    def source(number: int, words: str, address: str) -> str:
        link = f' <a href="{escape(address)}">{escape(address)}</a>' if address.startswith(("http:", "https:")) else ""
        return f'<li id="source-{number}">{escape(words)}{link}</li>\n'

    sections = (
        f"<h2>{escape(section.heading)}</h2>\n<ul>\n{''.join(map(item, section.lines))}</ul>\n"
        + (f"<p>{escape(section.rest)}</p>\n" if section.rest else "")
        for section in page.sections
    )
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        language=page.language,
        title=escape(page.title),
        opening=f"<p>{marked(page.opening)}</p>\n" if page.opening else "",
        sections="".join(sections),
        sources="".join(source(i, *pair) for i, pair in enumerate(page.sources, 1)),
        sources_heading=escape(page.sources_heading),
        footer=escape(page.footer),
    )


def docx(page: Page) -> bytes:
    """The page as a Word document on A4. Needs the extra ``brief``."""
    try:
        from docx import Document
        from docx.shared import Mm, Pt
    except ImportError as error:
        raise MissingExtra("A Word document", "brief") from error
    from io import BytesIO

    document = Document()
    paper = document.sections[0]
    paper.page_width, paper.page_height = Mm(210), Mm(297)
    paper.left_margin = paper.right_margin = Mm(18)
    paper.top_margin = paper.bottom_margin = Mm(10)
    for style, size in (("Normal", 8.5), ("Title", 14), ("Heading 2", 10), ("List Bullet", 8.5)):
        document.styles[style].font.name, document.styles[style].font.size = "Calibri", Pt(size)
        document.styles[style].paragraph_format.space_after = Pt(1)
    document.styles["Heading 2"].paragraph_format.space_before = Pt(4)
    document.core_properties.title, document.core_properties.author = page.title, "solgraph project"
    document.core_properties.language = page.language
    _fill(document, page, Pt(6))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _fill(document: Any, page: Page, small: Any) -> None:
    document.add_paragraph(page.title, "Title")
    if page.opening:
        document.add_paragraph(page.opening)
    for section in page.sections:
        document.add_heading(section.heading, 2)
        for line in section.lines:
            paragraph = document.add_paragraph(style="List Bullet")
            paragraph.add_run(f"{line.lead} " if line.lead else "").bold = True
            paragraph.add_run(line.text)
        if section.rest:
            document.add_paragraph(section.rest)
    document.add_heading(page.sources_heading, 2)
    _add_columns(document, 2)
    for number, (words, address) in enumerate(page.sources, 1):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = 0
        paragraph.add_run(f"{number}. {words}{' ' if address else ''}").font.size = small
        if address:
            _link(paragraph, address, small)
    _add_columns(document, 1)
    document.add_paragraph().add_run(page.footer).font.size = small


def _add_columns(document: Any, number: int) -> None:
    """Let what follows stand in so many columns."""
    from docx.enum.section import WD_SECTION
    from docx.oxml.ns import qn

    columns = document.add_section(WD_SECTION.CONTINUOUS)._sectPr.xpath("./w:cols")[0]
    columns.set(qn("w:num"), str(number))
    columns.set(qn("w:space"), "360")


def _link(paragraph: Any, address: str, size: Any) -> None:
    """An address that opens when it is clicked; the library writes no links by itself."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(address)
    run.font.size, run.underline = size, True
    link.append(run._r)
    paragraph._p.append(link)
