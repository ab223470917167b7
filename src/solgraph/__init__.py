"""A knowledge graph of European solidarity cities, with saved queries, evidence and network views.

>>> import solgraph
>>> kg = solgraph.open()
>>> kg.query("networks-of-city", city="Mediolan")
"""

from solgraph.answers import Answer
from solgraph.errors import DataError, MissingExtra, ParameterError, QueryError, SolgraphError, WrongUse
from solgraph.knowledge import Knowledge, open
from solgraph.terms import IRI, Text

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
    "open",
]
