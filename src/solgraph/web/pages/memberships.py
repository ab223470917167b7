"""Who belongs to which network."""

from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value

_OF_ALL = """
SELECT DISTINCT ?city ?network {
  ?tie a sg:Membership ; org:organization ?network ; (org:member|(sg:inCapacityOf/org:organization)) ?city .
  ?city a sg:City .
}
"""


def networks_of_cities(snapshot: Snapshot) -> dict[str, set[str]]:
    """City → the networks to which it belongs, itself or through its mayor in office."""
    return snapshot.cached("networks of cities", lambda: _sets(snapshot))


def _sets(snapshot: Snapshot) -> dict[str, set[str]]:
    networks: dict[str, set[str]] = {}
    for city, network in snapshot.ask(_OF_ALL).terms:
        networks.setdefault(value(city), set()).add(value(network))
    return networks
