"""Libraries of others for the browser: which, in which version, what for, and where their files are.

They are not part of the repository. What builds or installs the package (``hatch_build.py``) gets them with npm and
puts them into one folder of the package. Without Node.js they are missing, and every page is usable without them.
"""

from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "from_npm"


class Library(NamedTuple):
    """What is taken of which packages of npm.

    ``script`` is bundled as ``NAME.js``, a classic script that sets the global variable ``NAME`` to what is exported:
    browsers refuse modules to a page that is opened from a disk. ``files`` lie beside those of their package as
    ``FILE.gzip``, compressed, and reach the script as texts in base64. ``kilobytes`` are compressed too.
    """

    name: str
    packages: dict[str, str]
    script: str
    files: tuple[str, ...]
    purpose: str
    kilobytes: int

    @property
    def folder(self) -> Path:
        """Where its files are; what is made of another version has another folder, and so another address."""
        return FOLDER / f"{self.name}-{sha256(repr(self[:4]).encode()).hexdigest()[:8]}"

    @property
    def contents(self) -> list[str]:
        """The names of its files."""
        return [f"{self.name}.js", "LICENCES.txt"]

    @property
    def is_there(self) -> bool:
        """Whether it is there, and whole."""
        return all((self.folder / name).is_file() for name in self.contents)


LIBRARIES = (
    Library(
        "codemirror",
        {
            "@codemirror/autocomplete": "6.20.4",
            "@codemirror/commands": "6.11.1",
            "@codemirror/language": "6.13.1",
            "@codemirror/legacy-modes": "6.5.5",
            "@codemirror/lint": "6.9.8",
            "@codemirror/state": "6.7.6",
            "@codemirror/view": "6.43.15",
            "@lezer/common": "1.5.5",
            "@lezer/highlight": "1.2.5",
        },
        """
        export { acceptCompletion, autocompletion } from "@codemirror/autocomplete";
        export { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
        export { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
        export { sparql } from "@codemirror/legacy-modes/mode/sparql";
        export { setDiagnostics } from "@codemirror/lint";
        export { EditorState } from "@codemirror/state";
        export { EditorView, keymap, lineNumbers } from "@codemirror/view";
        export { tags } from "@lezer/highlight";
        """,
        (),
        "colours and completion in the query editor",
        114,
    ),
    Library(
        "oxigraph",
        {"oxigraph": "0.5.11"},
        """
        export * from "oxigraph/web.js";
        export { default as init } from "oxigraph/web.js";
        export { default as wasm } from "oxigraph/web_bg.wasm.gzip";
        """,
        ("oxigraph/web_bg.wasm",),
        "SPARQL in the browser, on a static site",
        1437,
    ),
)


def library(file: str) -> Path | None:
    """The file of a library, such as ``codemirror/codemirror.js``, or None.

    Raises :class:`KeyError` for a library that is not in the table.
    """
    name, _, rest = file.partition("/")
    path = {known.name: known for known in LIBRARIES}[name].folder / rest
    return path if path.is_file() else None


def library_address(file: str) -> str:
    """The path of that file on the site; empty when it is missing."""
    path = library(file)
    return f"/libraries/{path.relative_to(FOLDER).as_posix()}" if path else ""


def missing(*names: str) -> str:
    """A sentence about those of these libraries that are missing, for a terminal; empty when all are there."""
    lost = [known for known in LIBRARIES if known.name in names and not known.is_there]
    what = "; ".join(f"{known.purpose} ({known.name})" for known in lost)
    return f"Missing: {what}. Install Node.js, then solgraph again, to get it." if lost else ""
