"""A knowledge graph of European solidarity cities, with saved queries, evidence and network views.

>>> import solgraph
>>> kg = solgraph.open()
>>> kg.query("networks-of-city", city="Mediolan")
"""

from typing import TYPE_CHECKING, Any

from solgraph.errors import DataError, MissingExtra, ParameterError, QueryError, SolgraphError, WrongUse
from solgraph.graph.answer import Answer
from solgraph.graph.knowledge import Knowledge, open
from solgraph.rdf.terms import IRI, Text

if TYPE_CHECKING:
    from solgraph.networks.measures import measures, summary

__all__ = [
    "IRI",
    "Answer",
    "DataError",
    "Knowledge",
    "MissingExtra",
    "ParameterError",
    "QueryError",
    "SolgraphError",
    "Text",
    "WrongUse",
    "measures",
    "open",
    "summary",
]


def __getattr__(name: str) -> Any:
    """The figures of networks, imported when first asked for, so that a saved query need not wait for them."""
    if name not in ("measures", "summary"):
        raise AttributeError(f"module 'solgraph' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("solgraph.networks.measures"), name)
