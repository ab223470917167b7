"""The rows of the tables of an import, one kind of table after the other, as statements of the draft."""

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from solgraph.errors import did_you_mean
from solgraph.rdf.namespaces import ID, RDF_TYPE, VOCAB, XSD, expand, shorten, slug
from solgraph.rdf.terms import fold
from solgraph.tables.recognise.dates import Span, span
from solgraph.tables.recognise.places import Places, Refused, Said
from solgraph.tables.statements.drafting import Draft, slug_of
from solgraph.tables.statements.entries import Entry, Table
from solgraph.tables.statements.known import City
from solgraph.tables.statements.memberships import MEMBER, Claim, gathered, held_memberships, in_order, with_iris
from solgraph.tables.statements.report import Account

LONGEST_DESCRIPTION = 400
_YEAR = re.compile(r"[12]\d{3}(-\d\d){0,2}")


class Whereabouts(NamedTuple):
    """The tables that others refer to, the finder of cities, and the country of rows that name none."""

    places: Places
    cities: Table | None
    networks: Table | None
    country: str

    def said(self, entry: Entry) -> Said:
        """What a row itself says of its city."""
        country = entry.get("country") or self.country
        return Said(entry.get("city"), country, entry.get("geonames"), entry.get("lat"), entry.get("long"))

    def city(self, entry: Entry, *, joined: bool = True) -> City | Refused:
        """The city of a row, through the table of cities where there is one."""
        if not joined or not self.cities or entry.get("geonames"):
            return self.places.find(self.said(entry))
        other = self.cities.by_key.get(fold(entry.get("city")))
        where = self.cities.sheet.path.name
        if not other:
            return Refused("no such key", f"{where} has no row '{entry.get('city')}'")
        found = self.places.find(self.said(other))
        flaw = other.flaw or (found.reason if isinstance(found, Refused) else "")
        if not flaw:
            return found
        candidates = found.candidates if isinstance(found, Refused) else ()
        return Refused("its city was rejected", f"{where}, row {other.number}: {flaw}", candidates)

    def network(self, entry: Entry) -> str | Refused:
        """The name of the network of a row, through the table of networks where there is one."""
        name = entry.get("network")
        if self.networks and entry.get("network"):
            other = self.networks.by_key.get(fold(name))
            if not other:
                return Refused("no such key", f"{self.networks.sheet.path.name} has no row '{name}'")
            name = other.get("network")
        return name_of(name, "network")


def name_of(text: str, what: str) -> str | Refused:
    """A cell as a name, unless it is none."""
    if not fold(text):
        return Refused(f"no {what}", f"the row names no {what}")
    if text[0] in "=+@":
        return Refused("formula", f"the cell of the {what} is a formula and not a name")
    return text


class Rows:
    """Draws up what the rows of one table say."""

    def __init__(self, table: Table, draft: Draft, source: str, where: Whereabouts, iris: dict[int, str]) -> None:
        """``source`` is the IRI of the table, ``iris`` those of the cities that the graph lacks."""
        self.table, self.draft, self.source, self.where, self.iris = table, draft, source, where, iris
        self.account = Account(table)
        self._title = draft.title(source)
        self._roles = draft.known.roles()
        self._seen: set[str] = set(draft.held.subjects())

    def draw_up(self) -> Account:
        """Take all rows; each is counted once."""
        kinds: dict[str, Callable[[], None]] = {
            "cities": self._cities,
            "networks": self._networks,
            "memberships": self._memberships,
            "programmes": self._programmes,
            "collaborations": self._collaborations,
        }
        kinds[self.table.kind]()
        return self.account

    def _usable(self) -> Iterator[Entry]:
        for entry in self.table.entries:
            if self._passage(entry) in self.draft.held.evidence:
                self.account.there += 1
            elif entry.flaw:
                self.account.reject(entry, "unreadable row", entry.flaw)
            else:
                yield entry

    def _passage(self, entry: Entry) -> str:
        return f"{ID}passage/{slug(self.source)}-row-{entry.number}"

    def _prove(self, thing: str, entry: Entry) -> None:
        """Name the row as the evidence of a thing."""
        passage, told = self._passage(entry), entry.get("source")
        notes = [f"The row names its source: {told}"] if told else []
        notes += [f"As corrected in {self.table.sheet.path.name}"] if self.table.corrected else []
        self.draft.passage(passage, self.source, entry.number, self._title, notes)
        self.draft.say(thing, "sg:evidence", passage)

    def _refuse(self, entry: Entry, refused: Refused) -> None:
        self.account.reject(entry, refused.kind, refused.reason, refused.candidates)

    def _count(self, thing: str) -> bool:
        """Count a row as imported or merged; whether it is the first to tell of the thing."""
        new = thing not in self._seen
        self._seen.add(thing)
        self.account.imported += new
        self.account.merged += not new
        return new

    def _city(self, entry: Entry, found: City) -> str:
        joined = self.where.cities is not None and self.table.kind != "cities"
        spelled = "" if joined or expand(entry.get("city")) else entry.get("city")
        return self.draft.city(found, self.iris, spelled)

    # Cities and networks

    def _cities(self) -> None:
        for entry in self._usable():
            found = self.where.city(entry, joined=False)
            if isinstance(found, Refused):
                self._refuse(entry, found)
                continue
            city = self._city(entry, found)
            self._count(city)
            self._prove(city, entry)
            self._remark(city, entry)

    def _networks(self) -> None:
        for entry in self._usable():
            name = self._clear(name_of(entry.get("network"), "network"))
            if isinstance(name, Refused):
                self._refuse(entry, name)
                continue
            network = self.draft.network(name)
            if self._count(network) and network not in self.draft.used:
                self._describe_network(network, entry)
            self._prove(network, entry)

    def _clear(self, name: str | Refused) -> str | Refused:
        """The name of a network, unless several of the graph are called so, or it is an IRI of none."""
        if isinstance(name, Refused) or expand(name) in self.draft.network_iris:
            return name
        several = self.draft.known.networks.get(fold(name), [])
        if len(several) > 1:
            told = f"'{name}' may be {' or '.join(map(shorten, several))}; write one of these"
            return Refused("ambiguous network", told)
        if expand(name) and name.startswith(("network:", "http")):
            return Refused("unknown network", f"the graph has no network {name}")
        return name

    def _describe_network(self, network: str, entry: Entry) -> None:
        if entry.get("short"):
            self.draft.called(network, entry.get("short"))
        if scope := self._concept("network-scope", entry, "scope", network):
            self.draft.say(network, "sg:networkScope", scope)
        if code := self.where.places.country(entry.get("country")) if entry.get("country") else None:
            self.draft.say(network, "sg:activeIn", self.draft.country(code))
        self._date(network, entry, entry.get("founded"), "")
        self._tell_more(network, entry)

    # Memberships

    def _memberships(self) -> None:
        claims: list[Claim] = []
        rows: dict[int, Entry] = {}
        for entry in self._usable():
            found, name = self.where.city(entry), self._clear(self.where.network(entry))
            if isinstance(found, Refused) or isinstance(name, Refused):
                self._refuse(entry, found if isinstance(found, Refused) else name)  # type: ignore[arg-type]
                continue
            dates = self._span(entry.get("since"), entry.get("until"))
            city, network = self._city(entry, found), self.draft.network(name)
            claims.append(Claim(city, network, self._role(entry), dates.since, dates.until, entry.number))
            rows[entry.number] = entry
        self._write_memberships(claims, rows)

    def _write_memberships(self, claims: list[Claim], rows: dict[int, Entry]) -> None:
        memberships = gathered(claims, held_memberships(self.draft.held))
        for one in with_iris(memberships, self.draft.name, self.draft.known.taken("membership")):
            if not one.rows:
                continue
            for predicate, thing in (
                ("org:member", one.city),
                ("org:organization", one.network),
                ("org:role", one.role),
            ):
                self.draft.say(one.iri, predicate, thing)
            self.draft.say(one.iri, RDF_TYPE, str(expand("sg:Membership")))
            self.draft.date(one.iri, "sg:startDate", one.since)
            self.draft.date(one.iri, "sg:endDate", one.until)
            for row in one.rows:
                self._count(one.iri)
                self._prove(one.iri, rows[row])
                self._remark_on_membership(one.iri, rows[row])

    def _role(self, entry: Entry) -> str:
        """The role in the network; an unknown one is noted, for the table is one of memberships in any case."""
        said = entry.get("role")
        role = self._roles.get(fold(said), "") if fold(said) else MEMBER
        if not role:
            self.account.unknown[f"unknown role '{said}', noted and taken as member"] += 1
        return role or MEMBER

    def _remark_on_membership(self, membership: str, entry: Entry) -> None:
        self._remark(membership, entry)
        if note := self._span(entry.get("since"), entry.get("until")).note:
            self.account.noted += 1
            self.draft.note(membership, f"Dates in the table: {note}")
        if fold(entry.get("role")) and fold(entry.get("role")) not in self._roles:
            self.draft.note(membership, f"Role in the table: {entry.get('role')}")
        if entry.get("status"):
            self.draft.note(membership, f"Status in the table: {entry.get('status')}")

    # Programmes and collaborations

    def _programmes(self) -> None:
        for entry in self._usable():
            name = name_of(entry.get("name"), "programme")
            if isinstance(name, Refused):
                self._refuse(entry, name)
            else:
                self._initiative(entry, name, "Programme", [])

    def _collaborations(self) -> None:
        for entry in self._usable():
            partners = [one.strip() for one in re.split(r"[;|]", entry.get("partner")) if fold(one)]
            city = entry.get("city")
            if not partners or (not city and len(partners) == 1):
                refused = Refused("fewer than two actors", "a collaboration needs a city and a partner")
                self._refuse(entry, refused)
                continue
            actors = [one for one in (city, *partners) if one]
            name = name_of(entry.get("name") or f"Collaboration of {' and '.join(actors)}", "collaboration")
            if isinstance(name, Refused):
                self._refuse(entry, name)
            else:
                self._initiative(entry, name, "Collaboration", partners)

    def _initiative(self, entry: Entry, name: str, of_class: str, partners: list[str]) -> None:
        scheme = f"{of_class.lower()}-kind"
        kind = self.draft.concepts(scheme).get(fold(entry.get("kind")))
        found = self.where.city(entry) if entry.get("city") or entry.get("geonames") else None
        if isinstance(found, Refused) or not kind:
            self._refuse(entry, found if isinstance(found, Refused) else self._unknown_kind(entry, scheme))
            return
        city = self._city(entry, found) if found else ""
        thing = f"{ID}{of_class.lower()}/{self.draft.name}-{slug_of(name)}{f'-{slug(city)}' if city else ''}"
        if self._count(thing):
            self.draft.say(thing, RDF_TYPE, str(expand(f"sg:{of_class}")))
            self.draft.say(thing, "skos:prefLabel", Literal(name, language="en"))
            self.draft.say(thing, f"sg:{of_class.lower()}Kind", kind)
            self._describe_initiative(thing, entry)
            for partner in partners:
                self.draft.say(thing, "sg:partner", self._partner(partner))
        if city:
            self.draft.say(thing, "sg:inCity", city)
        if city and partners:
            self.draft.say(thing, "sg:involves", city)
        self._prove(thing, entry)

    def _unknown_kind(self, entry: Entry, scheme: str) -> Refused:
        said = entry.get("kind")
        known = self.draft.concepts(scheme)
        near = did_you_mean(said, known) or f"For example: {', '.join(sorted(map(slug, set(known.values())))[:8])}"
        told = f"the vocabulary {scheme} has no '{said}'" if said else f"the row gives no kind (vocabulary {scheme})"
        return Refused("unknown kind", f"{told}. {near}")

    def _describe_initiative(self, thing: str, entry: Entry) -> None:
        status = self._concept("status", entry, "status", thing) or VOCAB + "status/unknown"
        self.draft.say(thing, "sg:status", status)
        if slug(status) in ("planned", "proposed") and entry.get("until"):
            self.draft.note(thing, f"End in the table: {entry.get('until')}")
            self._date(thing, entry, entry.get("since"), "")
        else:
            self._date(thing, entry, entry.get("since"), entry.get("until"))
        if programme := entry.get("programme"):
            self._concern(thing, programme)
        self._tell_more(thing, entry)

    def _concern(self, thing: str, programme: str) -> None:
        found = self.draft.programmes.get(fold(programme), [])
        if len(found) == 1:
            self.draft.say(thing, "sg:concerns", found[0])
        else:
            self.draft.note(thing, f"Programme in the table: {programme}")

    def _partner(self, name: str) -> str:
        """A city of the same table, or an actor of the graph, or a new one."""
        return self._partners_here.get(fold(name)) or self.draft.actor(name)

    @cached_property
    def _partners_here(self) -> dict[str, str]:
        found = ((entry.get("city"), self.where.city(entry)) for entry in self.table.entries if entry.get("city"))
        return {fold(name): city.iri or self.iris[city.geonames] for name, city in found if isinstance(city, City)}

    # What all have

    def _concept(self, scheme: str, entry: Entry, field: str, thing: str) -> str:
        said = entry.get(field)
        found = self.draft.concepts(scheme).get(fold(said), "")
        if said and not found:
            self.account.unknown[f"unknown {field} '{said}', noted"] += 1
            self.draft.note(thing, f"{field.capitalize()} in the table: {said}")
        return found

    def _span(self, since: str, until: str) -> Span:
        """The dates of two cells; what cannot be dates of the graph goes to the note."""
        found = span(since, until)
        fit = all(not one or _YEAR.fullmatch(one) for one in found[:2]) and in_order(found.since, found.until)
        return found if fit else Span(note=" – ".join(one for one in (since, until) if one))

    def _date(self, thing: str, entry: Entry, since: str, until: str) -> None:
        dates = self._span(since, until)
        self.draft.date(thing, "sg:startDate", dates.since)
        self.draft.date(thing, "sg:endDate", dates.until)
        if dates.note:
            self.account.noted += 1
            self.draft.note(thing, f"Dates in the table: {dates.note}")

    def _tell_more(self, thing: str, entry: Entry) -> None:
        self._remark(thing, entry)
        website, text = entry.get("website"), entry.get("description")
        if website:
            if re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", website):
                self.draft.say(thing, "schema:url", Literal(website, datatype=NamedNode(XSD + "anyURI")))
            else:
                self.draft.note(thing, f"Web site in the table: {website}")
        if text and len(text) <= LONGEST_DESCRIPTION:
            self.draft.say(thing, "dcterms:description", Literal(text, language="und"))
        elif text:
            self.draft.note(thing, text, "und")

    def _remark(self, thing: str, entry: Entry) -> None:
        if entry.get("note"):
            self.draft.note(thing, entry.get("note"), "und")
