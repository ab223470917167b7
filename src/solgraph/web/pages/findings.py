"""Findings about a thing, by kind, those that weigh most first, and apart from them what the sources leave open."""

from collections.abc import Iterable
from typing import NamedTuple

from solgraph.graph.facts import Mention
from solgraph.graph.snapshot import value_of as value
from solgraph.rdf.namespaces import VOCAB

_KIND = f"{VOCAB}finding-kind/"
#: Kinds from what a reader asks first to what only surrounds it; a finding of several kinds stands under the first.
_KINDS = [
    _KIND + name
    for name in (
        "criticism outcome success-factor recognition learning stumbling-block challenge innovative-idea approach aim "
        "potential claim quotation contrast example event profile context method mention"
    ).split()
]
_UNCLEAR = _KIND + "unclear"


class Finding(NamedTuple):
    """A finding, its kinds in their order, and whose view it is."""

    mention: Mention
    kinds: list[str]
    views: list[str]


def findings(mentions: Iterable[Mention], *, is_apart: bool = True) -> tuple[dict[str, list[Finding]], list[Finding]]:
    """Kind → findings; and, unless they stay among these, those that say what is unclear."""
    groups: dict[str, list[Finding]] = {}
    for finding in map(_finding, mentions):
        groups.setdefault(finding.kinds[0] if finding.kinds else "", []).append(finding)
    unclear = groups.pop(_UNCLEAR, []) if is_apart else []
    return {kind: groups[kind] for kind in sorted(groups, key=_rank)}, unclear


def _finding(mention: Mention) -> Finding:
    details = [value(detail) for detail in mention.details]
    kinds = sorted((iri for iri in details if iri.startswith(_KIND)), key=_rank)
    return Finding(mention, kinds, [iri for iri in details if not iri.startswith(_KIND)])


def _rank(kind: str) -> tuple[int, str]:
    """What is unclear comes first, so that it stands nowhere else."""
    return (-1 if kind == _UNCLEAR else _KINDS.index(kind) if kind in _KINDS else len(_KINDS)), kind
