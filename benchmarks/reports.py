"""The report on one made-up city: the document, its passages, and every statement drawn from it."""

import hashlib
from collections.abc import Iterator
from random import Random

from cities import SECTIONS, City, block, concepts, slug_of, slugged, text, year


def document(name: str, title: str, kind: str, about: str, issued: int) -> Iterator[str]:
    """A source and its passages."""
    yield block(
        f"source:{name}",
        "sg:Source",
        ("skos:prefLabel", text(title)),
        ("dcterms:title", text(f"{title}: how it receives people")),
        ("dcterms:description", text("A made-up document for measuring speed.")),
        ("sg:sourceKind", kind),
        ("sg:about", about),
        ("dcterms:publisher", "actor:publisher"),
        ("dcterms:issued", year(issued)),
        ("dcterms:language", '"en"'),
        ("sg:sha256", f'"{hashlib.sha256(name.encode()).hexdigest()}"'),
    )
    for page, section in enumerate(SECTIONS, 1):
        yield block(
            f"passage:{name}-{slugged(section)}",
            "sg:Passage",
            ("skos:prefLabel", text(f"{title}, {section}")),
            ("oa:hasSource", f"source:{name}"),
            ("sg:section", f'"{section}"'),
            ("sg:page", str(page * 3)),
        )


def report(city: City) -> Iterator[str]:
    """The document and all that it says of the city."""
    yield from document(
        f"report-{city.slug}", f"Report on {city.name}", "source-kind:city-report", f"city:{city.slug}", 2023
    )
    for part in (_organisations, _mayors, _programmes, _collaborations, _advocacy, _observations, _findings):
        yield from part(city, city.random(part.__name__))


_ORGANISATIONS = (
    ("administration", "sg:PublicBody", "municipal-unit"),
    ("welcome-group", "sg:CivilSocietyOrganisation", "volunteer-group"),
    ("aid-association", "sg:CivilSocietyOrganisation", "association"),
    ("businesses", "sg:Organisation", "company"),
)


def _organisations(city: City, _: Random) -> Iterator[str]:
    for name, kind, classification in _ORGANISATIONS:
        yield block(
            city.actor(name),
            kind,
            ("skos:prefLabel", text(f"{name.replace('-', ' ').capitalize()} of {city.name}")),
            ("dcterms:description", text(f"One of those who take part in {city.name}.")),
            ("org:classification", f"actor-kind:{classification}"),
            ("sg:activeIn", f"city:{city.slug}"),
            ("sg:evidence", city.passage("Background")),
        )


def _mayors(city: City, _: Random) -> Iterator[str]:
    for term in city.terms:
        yield block(
            f"person:{slugged(term.mayor)}",
            "sg:Person",
            ("skos:prefLabel", text(term.mayor)),
            ("dcterms:description", text(f"Mayor of {city.name}.")),
            ("sg:evidence", city.passage("Introduction")),
        )
        yield block(
            city.term(term),
            "sg:OfficeTerm",
            ("org:member", f"person:{slugged(term.mayor)}"),
            ("org:organization", f"city:{city.slug}"),
            ("org:role", "role:mayor"),
            ("sg:startDate", year(term.start)),
            ("sg:endDate", year(term.end)),
            ("sg:ongoingAsOf", "" if term.end else year(2023)),
            ("sg:evidence", city.passage("Introduction")),
        )


def _span(city: City, chance: Random) -> list[tuple[str, str]]:
    """Status and dates that agree with each other; who blocks is named."""
    status = chance.choices(("running", "ended", "planned", "unknown", "blocked"), (70, 10, 5, 10, 5))[0]
    start = chance.randint(2008, 2019) if status == "ended" or chance.random() < 0.4 else None
    return [
        ("sg:status", f"status:{status}"),
        ("sg:startDate", year(start) if status in ("running", "ended") else ""),
        ("sg:endDate", year(start + 2) if status == "ended" and start else ""),
        ("sg:ongoingAsOf", year(2023) if status == "running" and start else ""),
        ("sg:opponent", f"actor:ministry-{city.country.code}" if status == "blocked" else ""),
    ]


def _programmes(city: City, chance: Random) -> Iterator[str]:
    for rank, kind in enumerate(city.programmes):
        funder = chance.choice(["", "", f"city:{city.slug}", "actor:european-union"])
        yield block(
            city.programme(kind),
            "sg:Programme",
            ("skos:prefLabel", text(f"{kind.replace('-', ' ').capitalize()} of {city.name}")),
            ("dcterms:description", text(f"What {city.name} does for people who arrive, number {rank + 1}.")),
            ("sg:programmeKind", f"programme-kind:{kind}"),
            *_span(city, chance),
            ("sg:inCity", f"city:{city.slug}"),
            ("sg:initiator", f"city:{city.slug}" if chance.random() < 0.5 else ""),
            ("sg:operator", city.actor(chance.choice(_ORGANISATIONS)[0])),
            ("sg:funder", funder),
            ("sg:beneficiary", chance.sample(concepts("beneficiary"), 2)),
            ("sg:offersService", chance.sample(concepts("service"), chance.randint(0, 2))),
            ("sg:partOf", city.programme(city.programmes[0]) if rank and chance.random() < 0.25 else ""),
            ("sg:theme", chance.choice(concepts("theme"))),
            ("sg:evidence", city.passage("Programmes")),
        )


def _collaborations(city: City, chance: Random) -> Iterator[str]:
    for kind in city.collaborations:
        handover = kind == "handover"
        yield block(
            f"collaboration:{city.slug}-{kind}",
            "sg:Collaboration",
            ("skos:prefLabel", text(f"{kind.replace('-', ' ').capitalize()} in {city.name}")),
            ("dcterms:description", text(f"An arrangement between {city.name} and those who help there.")),
            ("sg:collaborationKind", f"collaboration-kind:{kind}"),
            *_span(city, chance),
            ("sg:inCity", f"city:{city.slug}"),
            ("sg:handedOverBy", f"city:{city.slug}" if handover else ""),
            ("sg:handedOverTo", city.actor("aid-association") if handover else ""),
            ("sg:funder", f"city:{city.slug}" if kind == "financing" else ""),
            ("sg:partner", [f"city:{city.slug}", city.actor("welcome-group"), city.actor(chance.choice(_OTHERS))]),
            ("sg:concerns", city.programme(chance.choice(city.programmes))),
            ("sg:beneficiary", chance.choice(concepts("beneficiary"))),
            ("sg:theme", chance.choice(concepts("theme"))),
            ("sg:evidence", city.passage("Collaborations")),
        )


_OTHERS = ("administration", "aid-association", "businesses")


def _advocacy(city: City, chance: Random) -> Iterator[str]:
    if chance.random() > 0.75:
        return
    term = city.terms[-1]
    yield block(
        f"advocacy:{city.slug}-letter",
        "sg:AdvocacyAction",
        ("skos:prefLabel", text(f"Letter of the mayor of {city.name}")),
        ("dcterms:description", text(f"{term.mayor} wrote to the government against a law.")),
        ("sg:advocacyKind", ["advocacy-kind:letter", "advocacy-kind:objection"]),
        ("sg:status", "status:carried-out"),
        ("sg:inCity", f"city:{city.slug}"),
        ("sg:initiator", f"person:{slugged(term.mayor)}"),
        ("sg:inCapacityOf", city.term(term)),
        ("sg:addressee", f"actor:ministry-{city.country.code}"),
        ("sg:opposes", f"law:residence-{city.country.code}"),
        ("sg:startDate", year(chance.randint(2017, 2022))),
        ("sg:theme", chance.choice(concepts("theme"))),
        ("sg:evidence", city.passage("Background")),
    )


def _observations(city: City, chance: Random) -> Iterator[str]:
    """For every second city: the people in one programme, and the two groups that add up to them."""
    if chance.random() > 0.5:
        return
    groups = [(group, chance.randint(10, 400)) for group in ("refugees", "locals")]
    total = f"observation:{city.slug}-participants"
    yield _observation(city, total, "everyone", sum(number for _, number in groups))
    for group, number in groups:
        yield _observation(city, f"{total}-{group}", group, number, total)


def _observation(city: City, iri: str, group: str, number: int, total: str = "") -> str:
    return block(
        iri,
        "sg:Observation",
        ("skos:prefLabel", text(f"participants in {city.name}: {group}")),
        ("sosa:hasFeatureOfInterest", city.programme(city.programmes[0])),
        ("sosa:observedProperty", "measure:participants"),
        ("sosa:hasSimpleResult", str(number)),
        ("sg:populationGroup", f"beneficiary:{group}"),
        ("sg:precision", "precision:exact"),
        ("sg:addsUpTo", total),
        ("sg:evidence", city.passage("Programmes")),
    )


def _findings(city: City, chance: Random) -> Iterator[str]:
    subjects = [city.programme(kind) for kind in city.programmes]
    subjects += [f"collaboration:{city.slug}-{kind}" for kind in city.collaborations]
    kinds = [kind for kind in concepts("finding-kind") if kind != "finding-kind:example"]
    for number in range(1, chance.randint(9, 14)):
        kind = chance.choice(kinds)
        yield block(
            f"finding:{city.slug}-{number}",
            "sg:Finding",
            ("skos:prefLabel", text(f"{slug_of(kind).replace('-', ' ').capitalize()} of {city.name}, {number}")),
            ("dcterms:description", text(f"Thing number {number} that can be learned from {city.name}.")),
            ("sg:findingKind", kind),
            ("sg:about", [f"city:{city.slug}", chance.choice(subjects)]),
            ("sg:theme", chance.choice(concepts("theme")) if chance.random() < 0.7 else ""),
            ("sg:attributedTo", f"person:{slugged(city.terms[-1].mayor)}" if "quotation" in kind else ""),
            ("sg:evidence", city.passage(chance.choice(SECTIONS))),
        )
