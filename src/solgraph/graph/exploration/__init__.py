"""Cities by facets, such as country, theme or network, and how many cities each further choice leaves."""

from solgraph.graph.exploration.explorer import Explorer, explorer
from solgraph.graph.exploration.records import FACETS, Record
from solgraph.graph.exploration.selection import Selection

__all__ = ["FACETS", "Explorer", "Record", "Selection", "explorer"]
