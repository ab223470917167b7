"""Roles and statuses become what they say, and never more: no word makes a member of who is none."""

import pytest

import solgraph
from solgraph.errors import WrongUse
from solgraph.rdf.namespaces import slug
from solgraph.tables.recognise.graph_index import GraphIndex
from solgraph.tables.recognise.qualifiers import Qualifiers
from solgraph.tables.recognise.stated_values import parse_values
from solgraph.tables.rejection import Rejected

TIES = {
    ("", ""): "member",
    ("Member", ""): "member",
    ("Gründungsmitglied", ""): "founding-member",
    ("signataire", ""): "signatory",
    ("Primo firmatario", ""): "founding-signatory",
    ("Chef de file", ""): "leader",
    ("koordynator", ""): "coordinator",
    ("Partner", ""): "partner-in-network",
    ("sökande", ""): "candidate",
    ("Applicant", ""): "candidate",
    ("Former Member", ""): "former-member",
    ("ehemaliges Mitglied", ""): "former-member",
    ("ex-member", ""): "former-member",
    ("ancien membre", ""): "former-member",
    ("były członek", ""): "former-member",
    ("former signatory", ""): "former-member",
    ("Mitglied (ehemalig)", ""): "former-member",
    ("Austritt 2019", ""): "former-member –2019",
    ("left (2019)", ""): "former-member –2019",
    ("former member, 2001–2019", ""): "former-member 2001–2019",
    ("Mitglied seit 2015", ""): "member 2015–",
    ("member until 2019", ""): "member –2019",
    ("waarnemer", ""): "observer",
    ("participante", ""): "participant",
    ("", "active"): "member",
    ("", "ja"): "member",
    ("leader", "active"): "leader",
    ("leader", "member"): "leader",
    ("member", "withdrawn"): "former-member",
    ("founding member", "left 2019"): "former-member –2019",
    ("member", "candidate"): "candidate",
    ("not a member", ""): "no member",
    ("kein Mitglied", ""): "no member",
    ("non-membre", "actif"): "no member",
    ("member", "Nein"): "no member",
    ("leader", "no"): "no member",
    ("", "0"): "no member",
    ("Patron", ""): "unknown role",
    ("member", "suspended"): "unknown status",
    ("", "2019"): "unknown status",
    ("member 2019", ""): "unknown role",
    ("left since 2019", ""): "unknown role",
    ("member, not really", ""): "unknown role",
    ("former member", "active"): "contradiction",
    ("leader", "observer"): "contradiction",
    ("left 2018", "left 2019"): "contradiction",
}


@pytest.fixture(scope="module")
def graph() -> GraphIndex:
    return GraphIndex(solgraph.open().endpoint)


@pytest.mark.parametrize(("role", "status"), TIES)
def test_what_two_cells_say(role: str, status: str, graph: GraphIndex) -> None:
    try:
        tie = Qualifiers(graph, {}).tie(role, status)
    except Rejected as rejected:
        assert rejected.kind == TIES[role, status]
    else:
        dates = f" {tie.since}–{tie.until}" if tie.since or tie.until else ""
        assert slug(tie.role) + dates == TIES[role, status]


def test_every_role_of_the_vocabulary_is_known_by_its_names(graph: GraphIndex) -> None:
    roles = graph.member_roles() | graph.affiliate_roles()
    assert len(set(roles.values())) > 14
    for name, iri in roles.items():
        assert Qualifiers(graph, {}).tie(name, "").role == iri


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('role:"Lead Partner"=leader', {"role": {"Lead Partner": "leader"}}),
        ("status: on hold = candidate", {"status": {"on hold": "candidate"}}),
        ('role:"a ""b"" = c"=member', {"role": {'a "b" = c': "member"}}),
    ],
)
def test_meanings_of_cells_are_read(text: str, expected: dict[str, dict[str, str]]) -> None:
    assert parse_values([text]) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("role=leader", "cannot be read"),
        ("role:=leader", "cannot be read"),
        ("role:x=", "cannot be read"),
        ("rolle:x=leader", "Did you mean 'role'"),
    ],
)
def test_meanings_that_cannot_be_read(text: str, words: str) -> None:
    with pytest.raises(WrongUse) as caught:
        parse_values([text])
    assert words in str(caught.value)


def test_a_meaning_must_be_a_role(graph: GraphIndex) -> None:
    with pytest.raises(WrongUse, match="no role is called 'boss'"):
        Qualifiers(graph, {"role": {"Chef": "boss"}})
