"""The kinds of tables: what a row of each is about, and the property of each of its fields."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from typing import ClassVar

from pyoxigraph import Literal

from solgraph.errors import did_you_mean
from solgraph.rdf.namespaces import ID, VOCAB, slug
from solgraph.rdf.terms import fold
from solgraph.tables.recognise.dates import span
from solgraph.tables.recognise.graph_index import City
from solgraph.tables.rejection import Rejected
from solgraph.tables.statements.cell_readers import (
    Property,
    address,
    concept,
    country,
    names,
    place,
    programme,
    whole_number,
    wikidata,
    yes_or_no,
)
from solgraph.tables.statements.memberships import Membership, Ties, earlier_memberships, merge_claims, with_iris
from solgraph.tables.statements.statements import slug_of
from solgraph.tables.statements.table import TableRow
from solgraph.tables.statements.table_import import TableImport, checked_name

_WEBSITE = Property("schema:url", address)


class Cities(TableImport):
    """A row is a city."""

    needs_evidence = False

    properties: ClassVar[dict[str, Property]] = {
        "kind": Property("sg:placeKind", concept("place-kind")),
        "wikidata": Property("schema:sameAs", wikidata),
    }

    def add_thing(self, row: TableRow) -> str:
        self.statements.name_city(self.city(row), names(row.get("names")))
        city = self.add_city(row, self.city(row))
        if self.is_new(city) and not self.statements.is_in_graph(city):
            self.add_properties(city, row)
        return city


class WebPages(TableImport):
    """A row is a web page, by whose key the rows of other tables name it as their evidence."""

    needs_evidence = False

    def add_thing(self, row: TableRow) -> str:
        return ID + "source/" + self.pages.add(row)

    def add_evidence(self, thing: str, row: TableRow) -> None:
        """A page is evidence and needs none."""


class Networks(TableImport):
    """A row is a network."""

    needs_evidence = False

    properties: ClassVar[dict[str, Property]] = {
        "kind": Property("org:classification", concept("actor-kind")),
        "layer": Property("sg:networkLayer", concept("network-layer")),
        "scope": Property("sg:networkScope", concept("network-scope")),
        "country": Property("sg:activeIn", country),
        "seat": Property("sg:seat", place),
        "website": _WEBSITE,
    }

    def add_thing(self, row: TableRow) -> str:
        network = self.network(row)
        if self.is_new(network) and not self.statements.is_in_graph(network):
            self.add_properties(network, row)
            self._add_names(network, row)
        with self.statements.within(self.graph(row)):
            self.add_dates(network, row.get("founded"))
        return network

    def _add_names(self, network: str, row: TableRow) -> None:
        if row.get("short"):
            self.statements.add_short_name(network, row.get("short"))
        for name in names(row.get("names")):
            self.statements.add(network, "skos:altLabel", name)


class MemberLists(TableImport):
    """A row is what a web page says about the members of a network as a whole."""

    properties: ClassVar[dict[str, Property]] = {
        "claimed": Property("sg:membersClaimed", whole_number),
        "complete": Property("sg:listIsComplete", yes_or_no),
    }

    def add_thing(self, row: TableRow) -> str:
        page = self.pages.of(row)
        if not page:
            raise Rejected("no page", "the row names no page")
        network = self.network(row)
        thing = f"{ID}member-list/{slug(network)}-{slug(page.source)}"
        as_of = span(row.get("as_of"), "").since
        label = f"Members of {self.statements.spelling(network)}{f', {as_of}' if as_of else ''}"
        with self.statements.within(page.graph):
            self.statements.describe(thing, "sg:MemberList", {"sg:listOf": network})
            self.statements.add(thing, "skos:prefLabel", Literal(label, language="en"))
            self.statements.add_date(thing, "dcterms:date", as_of)
            self.add_properties(thing, row)
        return thing


class Memberships(TableImport):
    """A row is a claim that a city is in a network; claims that agree are one membership."""

    def things(self) -> Iterator[tuple[TableRow, str]]:
        claims = [claim for _, claims in self.read_rows(self._claims) for claim in claims]
        memberships = merge_claims(claims, earlier_memberships(self.statements.previous, self.statements.graph))
        taken = set().union(*map(self.statements.graph.iris_of_type, ("membership", "affiliation")))
        for membership in with_iris(memberships, self.statements.name, taken):
            if membership.rows:
                self._add_membership(membership)
                self.report.roles[slug(membership.role).replace("-", " ")] += 1
            yield from ((row, membership.iri) for row in membership.rows)

    def joined(self, row: TableRow) -> TableRow:
        return row  # which may name several networks, each of which is joined by itself

    def _claims(self, row: TableRow) -> list[Membership]:
        """The claims of a row; one that cannot be taken rejects the others too, before anything is added."""
        parts = [super(Memberships, self).joined(part) for part in self._ties.parts(row, self.network_names)]
        checked = [(part, self._member(part), self._ties.of_row(part), self.network_name(part)) for part in parts]
        self.pages.of(row)  # rejects the row when it cannot be cited
        affiliate_roles = self.statements.graph.affiliate_roles().values()
        return [
            Membership(
                member if isinstance(member, str) else self.add_city(part, member),
                self.statements.network(name),
                *tie,
                (part,),
                is_affiliation=tie.role in affiliate_roles,
            )
            for part, member, tie, name in checked
        ]

    def _member(self, row: TableRow) -> City | str:
        """The city of a row, or the IRI of the public body that it names."""
        return self.statements.public_body(row.get("city")) or self.city(row)

    @cached_property
    def _ties(self) -> Ties:
        return Ties(self.table, self.statements.graph)

    def _add_membership(self, membership: Membership) -> None:
        """Each page states what it says itself; rows that name no page state their membership together."""
        for row in membership.rows:
            tie = self._ties.of_row(row)
            own = membership._replace(since=tie.since, until=tie.until) if row.get("page") else membership
            with self.statements.within(self.graph(row)):
                self._state(own)
                for active in filter(None, re.split(r"[;,|]", row.get("active"))):
                    self.statements.add_date(own.iri, "sg:activeAt", span(active, "").since)

    def _state(self, membership: Membership) -> None:
        properties = {
            "org:member": membership.city,
            "org:organization": membership.network,
            "org:role": membership.role,
        }
        type_ = "sg:Affiliation" if membership.is_affiliation else "sg:Membership"
        self.statements.describe(membership.iri, type_, properties)
        self.statements.add_date(membership.iri, "sg:startDate", membership.since)
        self.statements.add_date(membership.iri, "sg:endDate", membership.until)

    def add_remarks(self, thing: str, row: TableRow) -> None:
        super().add_remarks(thing, row)
        self.add_date_note(thing, span(row.get("since"), row.get("until")).note)


class Programmes(TableImport):
    """A row is a programme of a city."""

    class_name = "Programme"
    city_properties: tuple[str, ...] = ("sg:inCity",)
    properties: ClassVar[dict[str, Property]] = {
        "status": Property("sg:status", concept("status"), default=VOCAB + "status/unknown"),
        "website": _WEBSITE,
    }

    def add_thing(self, row: TableRow) -> str:
        return self.add_initiative(row, checked_name(row.get("name"), "programme"))

    def add_initiative(self, row: TableRow, name: str) -> str:
        """Add an initiative; its IRI is made of file, name and city."""
        city = self.city(row) if row.get("city") or row.get("geonames") else None
        kind = self._kind(row.get("kind"))
        city_iri = self.add_city(row, city) if city else ""
        parts = (self.statements.name, slug_of(name), slug(city_iri))
        thing = f"{ID}{self.class_name.lower()}/{'-'.join(filter(None, parts))}"
        if self.is_new(thing):
            properties = dict.fromkeys(self.city_properties, city_iri) if city else {}
            properties[f"sg:{self.class_name.lower()}Kind"] = kind
            self.statements.describe(thing, f"sg:{self.class_name}", properties)
            self.statements.add(thing, "skos:prefLabel", Literal(name, language="en"))
            self.add_properties(thing, row)
            self._add_dates(thing, row)
        return thing

    def _kind(self, cell: str) -> str:
        scheme = f"{self.class_name.lower()}-kind"
        kinds = self.statements.graph.concepts(scheme)
        if kind := kinds.get(fold(cell)):
            return kind
        near = did_you_mean(cell, kinds) or f"For example: {', '.join(sorted(map(slug, set(kinds.values())))[:8])}"
        reason = f"the vocabulary {scheme} has no '{cell}'" if cell else f"the row gives no kind (vocabulary {scheme})"
        raise Rejected("unknown kind", f"{reason}. {near}")

    def _add_dates(self, thing: str, row: TableRow) -> None:
        """The end of what has not begun is a plan, and no date."""
        since, until = row.get("since"), row.get("until")
        status = slug(self.statements.graph.concepts("status").get(fold(row.get("status")), ""))
        if until and status in ("planned", "proposed"):
            self.add_unread(thing, "end", until)
            until = ""
        self.add_dates(thing, since, until)


class Collaborations(Programmes):
    """A row is a collaboration of a city and its partners, or of several partners."""

    class_name = "Collaboration"
    city_properties = ("sg:inCity", "sg:involves")
    properties: ClassVar[dict[str, Property]] = {
        **Programmes.properties,
        "programme": Property("sg:concerns", programme),
    }

    def add_thing(self, row: TableRow) -> str:
        partners = [name.strip() for name in re.split(r"[;|]", row.get("partner")) if fold(name)]
        actors = [name for name in (row.get("city"), *partners) if name]
        if not partners or len(actors) < 2:
            raise Rejected("fewer than two actors", "a collaboration needs a city and a partner")
        name = checked_name(row.get("name") or f"Collaboration of {' and '.join(actors)}", "collaboration")
        thing = self.add_initiative(row, name)
        for partner in partners if self.is_new(thing) else ():
            self.statements.add(thing, "sg:partner", self._partner(partner))
        return thing

    def _partner(self, name: str) -> str:
        """A city of the same table, or an actor of the graph, or a new one."""
        city = self._cities.get(fold(name))
        return self.statements.city(city, "") if city else self.statements.actor(name)

    @cached_property
    def _cities(self) -> dict[str, City]:
        """The cities of all rows by the names that the rows use."""
        cities: dict[str, City] = {}
        for row in self.table.rows:
            with suppress(Rejected):
                cities |= {fold(row.get("city")): self.city(self.joined(row))} if row.get("city") else {}
        return cities


KINDS: dict[str, type[TableImport]] = {
    "networks": Networks,
    "cities": Cities,
    "pages": WebPages,
    "lists": MemberLists,
    "memberships": Memberships,
    "programmes": Programmes,
    "collaborations": Collaborations,
}
"""The kinds in the order in which joined tables are imported."""
JOINED = ("networks", "cities", "pages", "lists")
"""The kinds of which tables can be imported together with one of another kind."""
