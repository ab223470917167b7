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
    NotAcceptable,
    ParameterError,
    QueryError,
    QueueFull,
    Refused,
    SolgraphError,
    TimeLimit,
    TooBusy,
    TooLarge,
    WrongUse,
)

if TYPE_CHECKING:
    from solgraph.formats.rows import Note
    from solgraph.graph.answer import Answer
    from solgraph.graph.knowledge import Knowledge, open
    from solgraph.networks.measures import measures, summary
    from solgraph.rdf.terms import IRI, Text

__all__ = [
    "IRI",
    "Answer",
    "DataError",
    "EndpointError",
    "Knowledge",
    "MemoryLimit",
    "MissingExtra",
    "NotAcceptable",
    "Note",
    "ParameterError",
    "QueryError",
    "QueueFull",
    "Refused",
    "SolgraphError",
    "Text",
    "TimeLimit",
    "TooBusy",
    "TooLarge",
    "WrongUse",
    "measures",
    "open",
    "summary",
]

#: Public name → the module that has it; imported when it is first used, so that pytest can load its plugin in no time.
_MODULES = {
    "IRI": "rdf.terms",
    "Text": "rdf.terms",
    "Note": "formats.rows",
    "Answer": "graph.answer",
    "Knowledge": "graph.knowledge",
    "open": "graph.knowledge",
    "measures": "networks.measures",
    "summary": "networks.measures",
}


def __getattr__(name: str) -> Any:
    """What takes time to import or to look up: most public names, and the version."""
    if name == "__version__":
        from importlib.metadata import version

        return version("solgraph")
    if name not in _MODULES:
        raise AttributeError(f"module 'solgraph' has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f"solgraph.{_MODULES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
