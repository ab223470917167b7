"""Made-up Turtle data of any number of cities, in the project's own layout; the same bytes for the same number.

python benchmarks/generate.py 781 FOLDER
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from cities import COUNTRIES, SEED, STEMS, City, Country, block, concepts, plan, slugged, text, write, year
from reports import document, report

ROLES_OF_SOME = ("founding-member", "leader", "organiser", "network-initiator")

# The register: places, networks and actors


def places(cities: Sequence[City]) -> Iterator[str]:
    """Europe, its countries with a region each, the cities, and a neighbourhood of every tenth."""
    yield block(
        "place:europe", "sg:Place", ("skos:prefLabel", text("Europe")), ("sg:placeKind", "place-kind:continent")
    )
    for country in COUNTRIES:
        yield from _country(country)
    for city in cities:
        yield _city(city)
        if city.index % 10 == 0:
            yield _neighbourhood(city)


def _country(country: Country) -> Iterator[str]:
    code = country.code.upper()
    yield block(
        f"country:{country.code}",
        "sg:Country",
        ("skos:prefLabel", [text(country.name), text(country.name, "de")]),
        ("sg:locatedIn", "place:europe"),
        ("sg:countryCode", f'"{code}"'),
        ("schema:sameAs", f"<http://publications.europa.eu/resource/authority/country/{country.alpha3}>"),
    )
    yield block(
        f"region:middle-of-{country.code}",
        "sg:Region",
        ("skos:prefLabel", text(f"Middle of {country.name}")),
        ("sg:placeKind", "place-kind:region"),
        ("sg:locatedIn", f"country:{country.code}"),
        ("sg:subdivisionCode", f'"{code}-00"'),
    )


def _city(city: City) -> str:
    chance = city.random("place")
    code = city.country.code.upper()
    names = [city.name, city.name, city.name + "o", city.name + "ia", city.name + "us", city.name + "ow"]
    country = f"country:{city.country.code}"
    return block(
        f"city:{city.slug}",
        "sg:City",
        ("skos:prefLabel", [text(*pair) for pair in zip(names, ("en", "de", "it", "es", "fr", "pl"), strict=True)]),
        ("sg:placeKind", "place-kind:city" if chance.random() < 0.8 else "place-kind:town"),
        ("sg:locatedIn", country if chance.random() < 0.7 else f"region:middle-of-{city.country.code}"),
        ("geo:lat", f"{city.country.lat + chance.uniform(-2, 2):.5f}"),
        ("geo:long", f"{city.country.long + chance.uniform(-2, 2):.5f}"),
        ("sg:geonamesId", str(90_000_000 + city.index)),
        ("sg:subdivisionCode", f'"{code}-{10 + city.index % 90}"'),
        ("sg:nutsCode", f'"{code}{100 + city.index % 900}"'),
        ("schema:sameAs", f"<https://sws.geonames.org/{90_000_000 + city.index}/>"),
    )


def _neighbourhood(city: City) -> str:
    return block(
        f"neighbourhood:{city.slug}-old-town",
        "sg:Neighbourhood",
        ("skos:prefLabel", text(f"Old town of {city.name}")),
        ("sg:placeKind", "place-kind:neighbourhood"),
        ("sg:locatedIn", f"city:{city.slug}"),
    )


class Network(NamedTuple):
    """A network, the country in which it works if it is a national one, and how many members it is to have."""

    name: str
    country: Country | None
    size: int

    @property
    def iri(self) -> str:
        """Its IRI as written in Turtle."""
        return f"network:{slugged(self.name)}"


def networks(count: int) -> list[Network]:
    """The networks of that many cities: the first has half of them, the tenth a twentieth; every third is national."""
    return [
        Network(
            f"{STEMS[rank % 40]} {'Alliance' if rank < 40 else f'Alliance of {STEMS[rank // 40]}'}",
            COUNTRIES[rank // 3 % 6] if rank % 3 == 2 else None,
            max(2, round(count / 2 / (rank + 1))),
        )
        for rank in range(15 + count // 50)
    ]


def _network(network: Network) -> str:
    national = network.country
    return block(
        network.iri,
        "sg:Network",
        ("skos:prefLabel", text(network.name)),
        ("skos:altLabel", text("".join(word[:2].upper() for word in network.name.split()) + "A")),
        ("dcterms:description", text("A network of cities that care for people who arrive.")),
        ("org:classification", "actor-kind:city-network"),
        ("sg:networkScope", "network-scope:national" if national else "network-scope:european"),
        ("sg:activeIn", f"country:{national.code}" if national else "place:europe"),
    )


def actors() -> Iterator[str]:
    """What all reports share: two bodies of the world, who publishes, and a ministry and a law of each country."""
    for name, kind in (("un-agency", "un-body"), ("european-union", "eu-body")):
        named = ("skos:prefLabel", text(name.replace("-", " ").title()))
        yield block(
            f"actor:{name}", "sg:InternationalOrganisation", named, ("org:classification", f"actor-kind:{kind}")
        )
    yield block(
        "actor:publisher",
        "sg:CivilSocietyOrganisation",
        ("skos:prefLabel", text("Made-up City Reports")),
        ("org:classification", "actor-kind:research-team"),
    )
    for country in COUNTRIES:
        yield from _state(country)


def _state(country: Country) -> Iterator[str]:
    yield block(
        f"actor:ministry-{country.code}",
        "sg:PublicBody",
        ("skos:prefLabel", text(f"Ministry of the Interior of {country.name}")),
        ("org:classification", "actor-kind:ministry"),
        ("sg:activeIn", f"country:{country.code}"),
    )
    yield block(
        f"law:residence-{country.code}",
        "sg:Law",
        ("skos:prefLabel", text(f"Residence act of {country.name}")),
        ("sg:evidence", "passage:survey-background"),
    )


# The survey: one report on all cities, with the memberships and the examples


def survey() -> Iterator[str]:
    """The document and its passages."""
    yield from document("survey", "Survey of cities", "source-kind:report", "place:europe", 2024)


def memberships(cities: Sequence[City], all_networks: Sequence[Network]) -> Iterator[str]:
    """Who is in which network; cities with a small number are in more of them."""
    for network in all_networks:
        chance = Random(f"{SEED} {network.name} {len(cities)}")
        pool = [city for city in cities if network.country in (None, city.country)]
        eager = sorted(pool, key=lambda city: chance.random() * (1 + 2 * city.index / len(cities)))
        for rank, city in enumerate(eager[: network.size]):
            yield _membership(city, network, chance, rank == 0)


def _membership(city: City, network: Network, chance: Random, first: bool) -> str:
    term = city.terms[-1]
    by_mayor = chance.random() < 0.1
    role = "leader" if first else chance.choice(ROLES_OF_SOME) if chance.random() < 0.1 else "member"
    start = chance.randint(term.start, 2021) if chance.random() < 0.6 else None
    end = start + 2 if start and chance.random() < 0.1 else None
    return block(
        f"membership:{city.slug}-{slugged(network.name)}",
        "sg:Membership",
        ("org:member", f"person:{slugged(term.mayor)}" if by_mayor else f"city:{city.slug}"),
        ("org:organization", network.iri),
        ("org:role", f"role:{role}"),
        ("sg:inCapacityOf", city.term(term) if by_mayor else ""),
        ("sg:startDate", year(start)),
        ("sg:endDate", year(end)),
        ("sg:evidence", "passage:survey-collaborations"),
    )


def examples(cities: Sequence[City]) -> Iterator[str]:
    """Two findings for each city: what it is an example of."""
    for city in cities:
        chance = city.random("examples")
        for number, theme in enumerate(chance.sample(concepts("theme"), 2), 1):
            yield block(
                f"finding:survey-{city.slug}-example-{number}",
                "sg:Finding",
                ("skos:prefLabel", text(f"{city.name}: example {number}")),
                ("dcterms:description", text(f"{city.name} is an example of what a city can do with few means.")),
                ("sg:findingKind", "finding-kind:example"),
                ("sg:about", [f"city:{city.slug}", city.programme(city.programmes[number])]),
                ("sg:theme", theme),
                ("sg:evidence", "passage:survey-programmes"),
            )


def generate(count: int, folder: Path) -> None:
    """Write the data of that many cities into a folder."""
    cities = [plan(index) for index in range(count)]
    all_networks = networks(count)
    write(folder / "places.ttl", "Places", places(cities))
    write(folder / "networks.ttl", "Networks", map(_network, all_networks))
    write(folder / "actors.ttl", "Actors and laws", actors())
    write(folder / "sources" / "survey" / "document.ttl", "The survey", survey())
    write(folder / "sources" / "survey" / "networks.ttl", "Memberships", memberships(cities, all_networks))
    write(folder / "sources" / "survey" / "examples.ttl", "Examples", examples(cities))
    for city in cities:
        write(folder / "sources" / f"report-{city.slug}.ttl", f"Report on {city.name}", report(city))


def main() -> None:
    """Read the command line and write the data."""
    parser = argparse.ArgumentParser(description="Write made-up data of N cities into FOLDER.")
    parser.add_argument("count", type=int, metavar="N", help="number of cities, 1 to 40000")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where to write places.ttl … sources/")
    options = parser.parse_args()
    if not 0 < options.count <= 40_000:
        parser.error("N must be between 1 and 40000.")
    generate(options.count, options.folder)


if __name__ == "__main__":
    main()
