"""Which city a row means: the rule, its limits, and the gazetteer behind it."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import solgraph
from solgraph.rdf.terms import fold
from solgraph.tables.recognise import gazetteer
from solgraph.tables.recognise.gazetteer import Called, Gazetteer, Place, country_names
from solgraph.tables.recognise.places import Places, Refused, Said, _dominant
from solgraph.tables.statements.known import City, Known

SAID = [
    Said("Mediolan", "PL"),
    Said("Mediolan", "Włochy"),
    Said("Comune di Milano", "IT"),
    Said("Milano, Italia"),
    Said("Rottenburg", "DE"),
    Said("Montreuil", "FR"),
    Said("Frankfurt", "DE"),
    Said("Frankfurt (Oder)", "DE"),
    Said("Neustadt", "DE"),
    Said("Livadeia", "GR"),
    Said("Łódź", "PL"),
    Said("lodz", "Polen"),
    Said("Αθήνα", "GR"),
    Said("", "IT", "3173435"),
    Said("x", "IT", "geonames:3173435 Milan IT 1371498"),
    Said("x", "", "https://www.geonames.org/3173435/milan.html"),
    Said("https://sws.geonames.org/3173435/"),
    Said("city:milan"),
    Said("Milan", "IT", "", "45.4", "9.2"),
    Said("Milan", "IT", "", "9.2", "45.4"),
    Said("Milan", "DE", "3173435"),
    Said("Milan", "IT", "99999999"),
    Said("Milan", "IT", "many"),
    Said("city:nowhere"),
    Said("MIL", "IT"),
    Said("Provincia di Bologna", "IT"),
    Said("Wales", "GB"),
]


@pytest.fixture(scope="module")
def places() -> Places:
    return Places(Known(solgraph.open().endpoint), SAID)


def found(places: Places, said: Said) -> str:
    city = places.find(said)
    return city.kind if isinstance(city, Refused) else city.iri.rpartition("/")[2] or f"{city.name} {city.geonames}"


@pytest.mark.parametrize(
    ("said", "expected"),
    list(
        zip(
            SAID,
            [
                "unknown city",
                *["milan"] * 3,
                "rottenburg",
                "montreuil",
                "Frankfurt am Main 2925533",
                "Frankfurt (Oder) 2925535",
                "ambiguous",
                "livadia",
                *["Łódź 3093133"] * 2,
                "Athens 264371",
                *["milan"] * 6,
                *["contradiction"] * 2,
                *["unknown GeoNames id"] * 2,
                *["unknown city"] * 2,
                *["no city"] * 2,
            ],
            strict=True,
        )
    ),
    ids=str,
)
def test_a_place_is_identified_or_refused(said: Said, expected: str, places: Places) -> None:
    assert found(places, said) == expected


def called(*towns: tuple[int, bool]) -> list[Called]:
    return [
        Called(Place(number, "X", "DE", population, 0.0, 0.0), main) for number, (population, main) in enumerate(towns)
    ]


@pytest.mark.parametrize(
    ("towns", "expected"),
    [
        ([(10, False)], True),
        ([(15_000, False), (1_499, True)], True),
        ([(15_000, True), (1_500, True)], False),
        ([(14_999, True), (100, True)], False),
        ([(14_999, True), (100, False)], True),
        ([(14_999, True), (2_000, False)], False),
    ],
)
def test_a_town_is_taken_only_if_it_is_clearly_meant(towns: list[tuple[int, bool]], expected: bool) -> None:
    assert bool(_dominant(called(*towns))) == expected


@pytest.mark.parametrize("name", ["Italy", "Italie", "Italien", "Italia", "Włochy", "it", "ITA"])
def test_a_country_is_known_by_code_and_in_six_languages(name: str, places: Places) -> None:
    assert places.country(name) == "IT"


@pytest.mark.parametrize(("name", "code"), [("UK", "GB"), ("EL", "GR"), ("Repubblica Ceca", "CZ"), ("Kosovo", "XK")])
def test_other_names_of_countries(name: str, code: str) -> None:
    assert country_names()[fold(name)] == code


@given(st.text())
def test_the_quick_fold_is_the_fold(name: str) -> None:
    assert gazetteer._folded(name) == fold(name)


def test_the_slug_of_a_city_does_not_depend_on_the_table() -> None:
    from solgraph.tables.statements.drafting import city_iris

    whole = Gazetteer({"halle"})
    known = Known(solgraph.open().endpoint)
    cities = [City("", one.place.name, "DE", one.place.geonames) for one in whole.called("Halle", "DE")]
    alone = {number: iri for city in cities for number, iri in city_iris([city], whole, known).items()}
    assert city_iris(cities, whole, known) == alone
    assert len(set(alone.values())) == len(cities)


@pytest.mark.parametrize("size", [1, 7, 30, 1000])
def test_a_large_object_is_read_in_pieces(size: int) -> None:
    whole = {str(number): {"name": f'}}, "{number}', "others": ["a", "b"]} for number in range(9)}
    read: dict[str, object] = {}
    for piece in gazetteer._pieces(io.StringIO(json.dumps(whole)), size):
        read |= json.loads(piece)
    assert read == whole
