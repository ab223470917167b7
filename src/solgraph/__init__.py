"""A knowledge graph of European solidarity cities, with saved queries, evidence and network views.

>>> import solgraph
>>> kg = solgraph.open()
>>> kg.query("networks-of-city", city="Mediolan")
"""

from typing import TYPE_CHECKING, Any

from solgraph.errors import (
    DataError,
    EndpointError,
    MemoryLimit,
    MissingExtra,
    ParameterError,
    QueryError,
    Refused,
    SolgraphError,
    TimeLimit,
    WrongUse,
)
from solgraph.formats.rows import Note
from solgraph.graph.answer import Answer
from solgraph.graph.knowledge import Knowledge, open
from solgraph.rdf.terms import IRI, Text

if TYPE_CHECKING:
    from solgraph.networks.measures import measures, summary

__all__ = [
    "IRI",
    "Answer",
    "DataError",
    "EndpointError",
    "Knowledge",
    "MemoryLimit",
    "MissingExtra",
    "Note",
    "ParameterError",
    "QueryError",
    "Refused",
    "SolgraphError",
    "Text",
    "TimeLimit",
    "WrongUse",
    "measures",
    "open",
    "summary",
]


def __getattr__(name: str) -> Any:
    """What takes time to import or to look up: the figures of networks, and the version."""
    if name not in ("measures", "summary", "__version__"):
        raise AttributeError(f"module 'solgraph' has no attribute {name!r}")
    if name == "__version__":
        from importlib.metadata import version

        return version("solgraph")
    from importlib import import_module

    return getattr(import_module("solgraph.networks.measures"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
