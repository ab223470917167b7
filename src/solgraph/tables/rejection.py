"""Why a row cannot be taken."""

from collections.abc import Sequence


class Rejected(Exception):
    """A row cannot be taken: a kind for counting, a sentence for the user, and what the row may mean."""

    def __init__(self, kind: str, reason: str, candidates: Sequence[object] = ()) -> None:
        super().__init__(kind, reason)
        self.kind, self.reason, self.candidates = kind, reason, candidates
