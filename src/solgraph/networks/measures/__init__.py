"""The measures of networks and of their nodes."""

from solgraph.networks.measures.network_summary import summary
from solgraph.networks.measures.node_measures import measures

__all__ = ["measures", "summary"]
