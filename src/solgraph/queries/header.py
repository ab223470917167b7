"""Headers of saved queries: the lines that begin with ``#+``, together one YAML text."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import adler32, crc32

from solgraph.errors import DataError, did_you_mean
from solgraph.resources import display

HEADER_KEYS = (
    *("summary", "description", "asks", "languages", "params", "columns"),
    *("several", "defaults", "network", "absence", "panel", "tags"),
)
_GRLC_KEYS = ("endpoint", "endpoint_in_url", "method", "pagination", "enumerate")
PARAM_KEYS = ("type", "scheme", "description", "example", "values")
COLUMN_KEYS = {"type", "description"}
#: What a column may hold besides things of a class such as ``sg:City``; a year is a whole number of four digits, and
#: ``any`` stands for values of several kinds.
COLUMN_TYPES = ("iri", "text", "year", "date", "integer", "decimal", "boolean", "any")

#: The simple form of a language tag (BCP 47): ``pl``, ``pt-BR``.
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def header(path: Path, text: str) -> dict[str, Any]:
    """The header of a saved query. Raises :class:`DataError` with file and line when it is broken."""
    body = yaml_text(text)
    return _prepared(path.stem, body) or _parsed(path, text.splitlines(), body)


def yaml_text(text: str) -> str:
    """The header of a saved query as YAML, each line in its place."""
    return "\n".join(line[2:].removeprefix(" ") if line.startswith("#+") else "" for line in text.splitlines())


def checksum(text: str) -> str:
    """By which a text is known to be the same as before; hashlib would take a hundredth of a question to import."""
    content = text.encode("utf-8", "surrogatepass")
    return f"{crc32(content):08x}{adler32(content):08x}{len(content):x}"


def _prepared(name: str, body: str) -> dict[str, Any] | None:
    """The content of a header as the wheel carries it (hatch_build.py); nothing in a checkout, or for another text."""
    try:
        made = json.loads(Path(__file__).with_name("parsed_headers").joinpath(f"{name}.json").read_text("utf-8"))
    except OSError:
        return None
    header: dict[str, Any] = made["header"]
    return header if checksum(body) == made["checksum"] else None


def _parsed(path: Path, lines: list[str], body: str) -> dict[str, Any]:
    import yaml

    try:
        header = yaml.load(body, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{display(path)}:{mark.line + 1}:{mark.column + 4}" if mark else display(path)
        raise DataError(f"the header is not YAML: {error.problem}.", where=where, hint=_HINT) from error
    except yaml.YAMLError as error:
        line = next((n for n, text in enumerate(lines, 1) if not text.isprintable() and text.startswith("#+")), 1)
        what = "the header is not YAML: it holds a control character."
        raise DataError(what, where=f"{display(path)}:{line}", hint=_HINT) from error
    _check(path, lines, header)
    return dict(header)


_HINT = "A header line looks like this:  #+ summary: Networks of a city   (quote a text that holds ': ')"
_TEXTS = "a table of names and texts"


def _is_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _is_columns(value: Any) -> bool:
    texts = value.values() if isinstance(value, dict) else [()]
    return all(isinstance(text, str) or (_is_texts(text) and set(text) == COLUMN_KEYS) for text in texts)


def _is_translation(value: Any) -> bool:
    """Whether this is what ``languages`` holds for a language: texts, questions, and texts of columns."""
    return isinstance(value, dict) and all(
        _SHAPES[key][1](text) if key in ("asks", "columns") else isinstance(text, str) for key, text in value.items()
    )


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _is_places(value: Any) -> bool:
    return _is_texts(value) and all(place.isdigit() for place in value.values())


#: What each key of a header must be: the words for it and the test.
_SHAPES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "description": ("a text", lambda value: isinstance(value, str)),
    "asks": ("a list", _is_list),
    "languages": (_TEXTS, lambda value: isinstance(value, dict) and all(map(_is_translation, value.values()))),
    "params": ("a table of names and texts", lambda value: isinstance(value, dict)),
    "columns": ("a table of names and texts, or of names, types and descriptions", _is_columns),
    "network": (_TEXTS, _is_texts),
    "panel": ("a class, or a table of classes and places", lambda value: isinstance(value, str) or _is_places(value)),
    "absence": ("a text", lambda value: isinstance(value, str)),
    "several": ("a list", _is_list),
    "tags": ("a list", _is_list),
    "defaults": ("a list", lambda value: isinstance(value, list) and all(map(_is_texts, value))),
}


def _check(path: Path, lines: list[str], header: Any) -> None:
    """Raise :class:`DataError` for a header that is not as it should be."""

    def fault(what: str, key: str, hint: str = "", under: str = "") -> DataError:
        return DataError(what, where=f"{display(path)}:{header_line(lines, key, under)}", hint=hint)

    if not isinstance(header, dict) or not isinstance(header.get("summary"), str) or not header["summary"]:
        raise fault("the header has no summary.", "", _HINT)
    for key, value in header.items():
        if key not in HEADER_KEYS + _GRLC_KEYS:
            hint = did_you_mean(key, HEADER_KEYS) or f"Known: {', '.join(HEADER_KEYS)}"
            raise fault(f"'{key}' is not a key of a header.", key, hint)
        if key in _SHAPES and not _SHAPES[key][1](value):
            raise fault(f"'{key}' must be {_SHAPES[key][0]}.", key)
    if not header.get("network", {}).get("place", "0").isdigit():
        raise fault("'place' of a network must be a number.", "network")
    for tag in header.get("languages", {}):
        if not LANGUAGE.fullmatch(tag):
            raise fault(f"'{tag}' is not a language tag.", tag, "For example: pl, pt-BR", "languages")
    for name, entry in header.get("params", {}).items():
        for key, value in entry.items() if isinstance(entry, dict) else [(name, "")]:
            if key not in PARAM_KEYS:
                hint = f"Known: {', '.join(PARAM_KEYS)}"
                raise fault(f"'{key}' is not a key of a parameter.", name, hint, "params")
            if not (_is_list(value) if key == "values" else isinstance(value, str)):
                raise fault(
                    f"'{key}' of '{name}' must be {'a list' if key == 'values' else 'a text'}.", name, "", "params"
                )


def header_line(lines: list[str], key: str, under: str = "") -> int:
    """The line, from 1, of a header in which a key stands: at the top, or below the key ``under``."""
    section = ""
    for number, line in enumerate(lines, 1):
        match = re.match(r"#\+( *)(?:- )?([\w-]+)\s*:", line)
        top = match is not None and len(match[1]) <= 1
        section = match[2] if match and top else section
        inside = bool(under) and section == under and line.startswith("#+")
        named = re.search(rf"(?<![\w-]){re.escape(key)}[\"']?\s*:", line)
        if (inside and named) or (top and not under and section == key):
            return number
    return header_line(lines, under) if under else 1
