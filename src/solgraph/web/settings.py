"""What whoever serves the graph decides."""

from typing import NamedTuple

from solgraph.engines.sandbox.limits import Limits


class Settings(NamedTuple):
    """How the graph is served.

    ``base_url`` is the public address when the server cannot know it; ``forwarded`` trusts the headers of a proxy.
    ``rows`` bounds an answer of a saved query and the edges of a network. The others are the limits of SPARQL queries,
    :class:`~solgraph.engines.sandbox.limits.Limits`.
    """

    base_url: str = ""
    forwarded: bool = False
    reload: bool = False
    rows: int = 100_000
    timeout: float = Limits().timeout
    memory: int = Limits().memory
    answer_bytes: int = Limits().answer_bytes
    workers: int = Limits().workers
    waiting: int = Limits().waiting

    @property
    def limits(self) -> Limits:
        """What queries may use."""
        return Limits(self.timeout, self.memory, self.answer_bytes, self.workers, self.waiting)
