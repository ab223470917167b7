"""The page of a person or an organisation: networks, initiatives, what it says and what is said about it."""

from typing import Any

from pyoxigraph import NamedNode

from solgraph.graph.description import Description
from solgraph.graph.names import Label
from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value
from solgraph.rdf.namespaces import PREFIXES, SG
from solgraph.rdf.terms import fold
from solgraph.web.pages import findings, initiative
from solgraph.web.pages.network import layer_of

CLASSES = ("Person", "PublicBody", "CivilSocietyOrganisation", "InternationalOrganisation", "Organisation")
_SAID = "SELECT ?finding {{ ?finding sg:attributedTo {0} }}"
_ROLES = "SELECT ?property ?role { ?property org:roleProperty ?role } ORDER BY DESC(?role)"
#: Ways of pointing of a document that is of the person or organisation, rather than about it.
_AUTHOR = {PREFIXES["dcterms"] + name for name in ("creator", "contributor", "publisher")}


def shown(snapshot: Snapshot, described: Description, label: Label) -> dict[str, Any]:
    """What the template shows; findings that hold its view stand apart from those about it."""
    said = {value(finding) for (finding,) in snapshot.ask(_SAID.format(NamedNode(described.iri))).terms}
    every = described.mentions.get(SG + "Finding", [])
    about, unclear = findings.findings(mention for mention in every if mention.iri not in said)
    statements, _ = findings.findings((mention for mention in every if mention.iri in said), is_apart=False)
    initiatives = [mention for name in initiative.CLASSES for mention in described.mentions.get(SG + name, ())]
    ties = [mention for name in ("Membership", "Affiliation") for mention in described.mentions.get(SG + name, ())]
    documents = described.mentions.get(SG + "Source", [])
    return {
        "findings": about,
        "unclear": unclear,
        "statements": statements,
        "facts_apart": set(),
        "initiatives": sorted(initiatives, key=lambda mention: fold(label(mention.iri))),
        "roles": snapshot.cached("roles of properties", lambda: _roles(snapshot)),
        "memberships": [(mention, _layer(snapshot, mention.ends)) for mention in ties],
        "documents": [document for document in documents if _AUTHOR & {*document.relations}],
        "named_in": [document for document in documents if not _AUTHOR & {*document.relations}],
        "map": initiative.where(snapshot, described, ("inCity", "activeIn"), label),
    }


def _roles(snapshot: Snapshot) -> dict[str, str]:
    """Property of an initiative → the role of whom it names."""
    return {value(of): value(role) for of, role in snapshot.ask(_ROLES).terms}


def _layer(snapshot: Snapshot, ends: list[str]) -> str:
    return layer_of(snapshot, ends[0]) if ends else ""
