"""What is decided about made-up cities before anything is written, and how a thing is written in Turtle."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from pyoxigraph import parse

from solgraph.rdf.namespaces import PREFIXES, RDF_TYPE, slug
from solgraph.resources import ONTOLOGY

SEED = "solgraph"
STEMS = (
    "Al Bel Cor Dor El Fal Gor Hal Is Jar Kal Lim Mor Nor Ost Pal Quin Ros Sal Tor "
    "Ul Val Wil Yar Zel Bran Cas Dun Esk Fir Gren Hol Ing Kes Lau Mel Nav Or Pel Ran"
).split()
ENDINGS = (
    "burg dam ford haven ington mar mont stadt ville wick berg bridge field gard hus kirk land mere minster port "
    "sted thal vik wald zell"
).split()
FIRST_NAMES = "Ada Bruno Clara David Elena Felix Greta Hugo Ines Jonas Karla Luis Marta Nils Olga Paul Rosa".split()
SECTIONS = ("Introduction", "Background", "Programmes", "Collaborations", "Conclusion")


class Country(NamedTuple):
    """A country: its codes, its name and about where its middle lies."""

    code: str
    alpha3: str
    name: str
    lat: float
    long: float


COUNTRIES = (
    Country("de", "DEU", "Germany", 51.0, 10.0),
    Country("it", "ITA", "Italy", 43.5, 12.0),
    Country("es", "ESP", "Spain", 40.0, -3.5),
    Country("fr", "FRA", "France", 46.5, 2.5),
    Country("nl", "NLD", "Netherlands", 52.2, 5.5),
    Country("pl", "POL", "Poland", 52.0, 19.0),
    Country("gb", "GBR", "United Kingdom", 53.0, -1.5),
    Country("be", "BEL", "Belgium", 50.8, 4.5),
    Country("ch", "CHE", "Switzerland", 46.9, 8.2),
    Country("at", "AUT", "Austria", 47.6, 14.1),
    Country("se", "SWE", "Sweden", 59.0, 15.0),
    Country("pt", "PRT", "Portugal", 39.6, -8.0),
    Country("si", "SVN", "Slovenia", 46.1, 14.8),
    Country("cz", "CZE", "Czechia", 49.8, 15.5),
    Country("dk", "DNK", "Denmark", 56.0, 9.5),
    Country("ie", "IRL", "Ireland", 53.2, -8.0),
)


class Term(NamedTuple):
    """A mayor's name and years; no last year for the one in office."""

    mayor: str
    start: int
    end: int | None


@dataclass(frozen=True)
class City:
    """What is decided about a city before anything is written."""

    index: int
    name: str
    country: Country
    terms: tuple[Term, ...]
    programmes: tuple[str, ...]
    collaborations: tuple[str, ...]

    @property
    def slug(self) -> str:
        """The last part of its IRI."""
        return slugged(self.name)

    def random(self, purpose: str) -> Random:
        """A source of chance of its own, so that a city is the same whatever stands around it."""
        return Random(f"{SEED} {self.index} {purpose}")

    def passage(self, section: str) -> str:
        """A section of the report on the city."""
        return f"passage:report-{self.slug}-{slugged(section)}"

    def actor(self, kind: str) -> str:
        """One of the four organisations of the city."""
        return f"actor:{self.slug}-{kind}"

    def programme(self, kind: str) -> str:
        """The programme of that kind."""
        return f"programme:{self.slug}-{kind}"

    def term(self, term: Term) -> str:
        """A mayor's term."""
        return f"term:{slugged(term.mayor)}-{self.slug}-{term.start}"


def slugged(name: str) -> str:
    """A name as it stands in an IRI."""
    return name.lower().replace(" ", "-")


def city_name(index: int) -> str:
    """The name of the city of that number; all differ, up to 40,000."""
    doubled, index = divmod(index, len(STEMS) * len(ENDINGS))
    name = STEMS[index % len(STEMS)] + ENDINGS[(index // len(STEMS) + index) % len(ENDINGS)]
    return f"{STEMS[doubled]} {name}" if doubled else name


@cache
def concepts(scheme: str) -> tuple[str, ...]:
    """All concepts of a vocabulary, as they are written in Turtle."""
    triples = parse(path=ONTOLOGY / "vocab" / f"{scheme}.ttl")
    typed = {slug(one.subject.value) for one in triples if one.predicate.value == RDF_TYPE}
    return tuple(f"{scheme}:{name}" for name in sorted(typed - {scheme}))


def plan(index: int) -> City:
    """Decide on country, mayors, programmes and collaborations; a few countries have most of the cities."""
    chance = Random(f"{SEED} {index}")
    name = city_name(index)
    return City(
        index,
        name,
        COUNTRIES[min(int(chance.expovariate(0.25)), len(COUNTRIES) - 1)],
        tuple(_terms(name, index, chance)),
        tuple(slug_of(one) for one in chance.sample(concepts("programme-kind"), chance.randint(3, 5))),
        tuple(slug_of(one) for one in chance.sample(concepts("collaboration-kind"), chance.randint(1, 3))),
    )


def slug_of(concept: str) -> str:
    """The local name of a concept."""
    return concept.partition(":")[2]


def _terms(name: str, index: int, chance: Random) -> Iterator[Term]:
    start = chance.randint(2004, 2012)
    if chance.random() < 0.4:
        yield Term(f"{FIRST_NAMES[index % 17]} {name}er", start, start + 4)
        start += 4
    yield Term(f"{FIRST_NAMES[(index + 7) % 17]} {name}sen", start, None)


def block(subject: str, kind: str, *pairs: tuple[str, str | Sequence[str]]) -> str:
    """A thing with its properties; a property without a value is left out."""
    told = [("a", kind), *((name, value if isinstance(value, str) else " , ".join(value)) for name, value in pairs)]
    return f"{subject}\n    " + " ;\n    ".join(f"{name} {value}" for name, value in told if value) + " .\n"


def text(value: str, language: str = "en") -> str:
    """A text in a language."""
    return f'"{value}"@{language}'


def year(value: int | None) -> str:
    """A year, or nothing."""
    return f'"{value}"^^xsd:gYear' if value else ""


def write(path: Path, title: str, blocks: Iterable[str]) -> None:
    """Write a Turtle file with the prefixes that it needs."""
    body = "\n".join(blocks)
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items() if f"{name}:" in body)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# {title} (made up)\n\n{prefixes}\n{body}", encoding="utf-8")
