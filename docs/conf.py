"""The book: README.md, the pages of docs/, the notebooks and a reference made from docstrings, as HTML.

    sphinx-build -W -c docs . build/book

The folder of the sources is the checkout, so that the links between the pages are those that a file browser follows.
The list of links in README.md is the table of contents.
"""

import re
from importlib.metadata import version as version_of

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

project = "solgraph"
author = "solgraph project"
copyright = "solgraph project: text CC BY 4.0, code MIT"
version = release = version_of("solgraph")
extensions = ["sphinx.ext.autodoc", "myst_nb"]
root_doc = "README"
include_patterns = ["*.md", "docs/*.md", "docs/notebooks/*.ipynb", "docs/reference/*.md"]
exclude_patterns = [".*", "build", "data", "queries", "ontology", "src", "tests", "node_modules", "dist"]
templates_path = ["_templates"]

# Pages that need no network: the theme brings its own scripts and styles, and the fonts are those of the reader.
html_theme = "furo"
html_title = "solgraph"
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_additional_pages = {"index": "index.html"}
html_copy_source = html_show_sourcelink = html_show_sphinx = False

nb_execution_mode = "off"  # the outputs in the notebooks are those that tests/test_notebooks.py holds true
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]  # README.md goes from its title to a list without headings between

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints_format = "short"
add_module_names = False
maximum_signature_line_length = 88
python_use_unqualified_type_names = True

_CONTENTS = re.compile(r"^\*\*(.+)\*\*\n\n((?:- \[.*\n(?:  .*\n)*)+)", re.MULTILINE)


def add_contents(_: Sphinx, page: str, source: list[str]) -> None:
    """Make the lists of links at the end of README.md the table of contents."""
    if page == root_doc:
        for caption, links in _CONTENTS.findall(source[0]):
            pages = "\n".join(re.findall(r"\]\(([\w/-]*)\.(?:md|ipynb)\)", links))
            source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{pages}\n```\n"


def setup(app: Sphinx) -> None:
    app.add_lexer("csv", TextLexer)
    app.connect("source-read", add_contents)
