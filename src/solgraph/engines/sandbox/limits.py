"""What queries may use."""

from typing import NamedTuple


class Limits(NamedTuple):
    """What a query may use, and how many are answered at a time.

    ``timeout`` is in seconds; ``memory`` in megabytes beside the data; ``answer_bytes`` bounds an answer. ``workers``
    stay warm, and up to ``waiting`` queries wait for one.
    """

    timeout: float = 10
    memory: int = 1024
    answer_bytes: int = 50_000_000
    workers: int = 2
    waiting: int = 64
