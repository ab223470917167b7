"""Things described twice: found by name in any language or by place, left alone where they are two."""

from pathlib import Path

import pytest

import solgraph
from solgraph.graph.validation_report import Finding
from solgraph.rdf.namespaces import PREFIXES

HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
REGISTER = """
country:pt a sg:Country ; skos:prefLabel "Portugal"@en ; sg:countryCode "PT" .
country:br a sg:Country ; skos:prefLabel "Brazil"@en ; sg:countryCode "BR" .
city:porto a sg:City ; skos:prefLabel "Porto"@en , "Oporto"@es ; sg:locatedIn country:pt ; sg:geonamesId 2735943 ;
    geo:lat 41.1496 ; geo:long -8.611 ; sg:placeKind place-kind:city .
network:harbour-cities a sg:Network ; skos:prefLabel "Harbour Cities"@en ; skos:altLabel "Hafenstädte"@de .
actor:porto-council a sg:PublicBody ; skos:prefLabel "City council"@en ; sg:activeIn city:porto .
source:porto-page a sg:Source ; dcterms:title "Oporto"@en ; skos:prefLabel "Page on Porto"@en .
"""
CITY = 'sg:placeKind place-kind:city ; skos:prefLabel "{}"@en ; sg:locatedIn country:{} '


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources").mkdir()
    (tmp_path / "places.ttl").write_text(HEAD + REGISTER)
    return tmp_path


def findings(folder: Path, text: str) -> list[Finding]:
    """What the rules about identity say of one more file."""
    path = folder / "more.ttl"
    path.write_text(f"{HEAD}{text}\n")
    shapes = ("DescribedTwice", "NameAgainstIri", "TitleOfAPlace", "NameTaken")
    return [one for one in solgraph.open(folder).validate(path).findings if one.shape in shapes]


@pytest.mark.parametrize(
    ("text", "original"),
    [
        (f"city:oporto a sg:City ; {CITY.format('OPORTO', 'pt')} .", "city:porto"),
        (f"city:ribeira a sg:City ; {CITY.format('Ribeira', 'pt')} ; geo:lat 41.151 ; geo:long -8.612 .", "city:porto"),
        (
            'network:hafenstadte a sg:Network ; skos:prefLabel "Hafenstaedte"@en , "HAFENSTÄDTE"@de .',
            "network:harbour-cities",
        ),
        ('actor:harbour-cities a sg:Organisation ; skos:prefLabel "Harbour cities"@en .', "network:harbour-cities"),
        ('actor:council a sg:PublicBody ; skos:prefLabel "City Council"@en .', "actor:porto-council"),
    ],
    ids=["another language", "the same place", "another name", "another class", "an actor"],
)
def test_a_second_description_is_found_with_the_place_of_the_first(text: str, original: str, folder: Path) -> None:
    (finding,) = findings(folder, text)
    line = next(row for row, content in enumerate((HEAD + REGISTER).splitlines(), 1) if content.startswith(original))
    assert (finding.shape, finding.value) == ("DescribedTwice", original)
    assert f"{original} ({folder}/places.ttl:{line})" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        f"city:porto-br a sg:City ; {CITY.format('Porto', 'br')} .",
        f"city:porto-novo a sg:City ; {CITY.format('Porto', 'pt')} ; sg:geonamesId 2 ; geo:lat 38.1 ; geo:long -8.0 .",
        f"city:gaia a sg:City ; {CITY.format('Gaia', 'pt')} ; sg:geonamesId 3 ; geo:lat 41.151 ; geo:long -8.612 .",
        f"city:oporto a sg:City ; {CITY.format('Oporto', 'pt')} ; sg:possiblySameAs city:porto .",
        'actor:br-council a sg:PublicBody ; skos:prefLabel "City council"@en ; sg:activeIn country:br .',
        'city:porto skos:altLabel "Invicta"@pt .',
    ],
    ids=["another country", "another identifier", "a neighbour", "related already", "active elsewhere", "the same IRI"],
)
def test_two_things_may_be_called_the_same(text: str, folder: Path) -> None:
    assert findings(folder, text) == []


def test_a_city_of_another_name_than_its_iri_is_found(folder: Path) -> None:
    (finding,) = findings(folder, f"city:braga a sg:City ; {CITY.format('Coimbra', 'pt')} .")
    assert finding.shape == "NameAgainstIri"
    assert findings(folder, f"city:lisboa a sg:City ; {CITY.format('Lisbon', 'pt')} .") == []


def test_a_title_never_takes_the_name_of_a_city(folder: Path) -> None:
    assert solgraph.open(folder).find("Oporto") == PREFIXES["city"] + "porto"
    assert solgraph.open(folder).find("page on porto") == PREFIXES["source"] + "porto-page"
    (finding,) = findings(folder, 'source:x a sg:Source ; dcterms:title "Oporto"@en .')
    assert (finding.shape, finding.value) == ("TitleOfAPlace", "city:porto")


def test_coordinates_and_identifiers_of_any_form_are_passed_over(folder: Path) -> None:
    odd = f'city:faro a sg:City ; {CITY.format("Faro", "pt")} ; geo:lat "north" ; geo:long 1 , 2 ; sg:geonamesId "x" .'
    assert findings(folder, odd) == []
