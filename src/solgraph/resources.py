"""Where ontology/, data/ and queries/ lie: beside the package in a wheel, at the top of a checkout."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

_PACKAGE = Path(__file__).parent
ROOT = _PACKAGE if (_PACKAGE / "ontology").is_dir() else _PACKAGE.parents[1]
ONTOLOGY = ROOT / "ontology"
QUERIES = ROOT / "queries"
_DATA = ROOT / "data"
#: Names a folder or file of data that is used in place of the shipped data.
DATA_VARIABLE = "SOLGRAPH_DATA"


def default_data() -> Path:
    """What is opened when no data are named: the shipped data, or what ``SOLGRAPH_DATA`` names."""
    return Path(os.environ.get(DATA_VARIABLE) or _DATA)


def is_shipped(paths: Sequence[Path]) -> bool:
    """Whether these paths are the shipped data and nothing else."""
    return list(paths) == [_DATA]


def cache_folder() -> Path:
    """The user's folder for what can be made again. Raises :class:`RuntimeError` for a user without a home."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "solgraph" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/solgraph"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "solgraph"


def shape_files() -> list[Path]:
    """The files of shapes: SHACL core, what needs SHACL-SPARQL, and the prefixes for that."""
    return sorted((ONTOLOGY / "shapes").rglob("*.ttl"))


def ontology_paths(address: str) -> list[Path]:
    """The files behind ``ns``, ``shapes``, ``shapes/{folder}`` or ``vocab/{scheme}``; none for no such document."""
    if address == "ns":
        return [ONTOLOGY / "solgraph.ttl", ONTOLOGY / "external.ttl"]
    if address == "shapes":
        return shape_files()
    if address.startswith("shapes/"):
        return [path for path in shape_files() if path.parent == ONTOLOGY / address]
    wanted = [ONTOLOGY / "vocab" / f"{address.removeprefix('vocab/')}.ttl"]
    return [path for path in wanted if address.startswith("vocab/") and path in set(path.parent.glob("*.ttl"))]


def display(path: Path) -> str:
    """The path as a person would type it: shipped files from the project's top, others from the working folder."""
    for base in (ROOT, Path.cwd()):
        if path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return str(path)
