"""Which city a row means: the rule, its limits, and the gazetteer behind it."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import solgraph
from solgraph.rdf.terms import fold
from solgraph.tables.recognise import gazetteer
from solgraph.tables.recognise.gazetteer import Match, Place, country_named, names_of_town
from solgraph.tables.recognise.graph_index import City, GraphIndex
from solgraph.tables.recognise.places import Mention, Places, dominant
from solgraph.tables.rejection import Rejected
from solgraph.tables.statements.statements import city_iri

MENTIONS = {
    Mention("Mediolan", "PL"): "unknown city",
    Mention("Mediolan", "Włochy"): "milan",
    Mention("Comune di Milano", "IT"): "milan",
    Mention("Milano, Italia"): "milan",
    Mention("Rottenburg", "DE"): "rottenburg",
    Mention("Montreuil", "FR"): "montreuil",
    Mention("Frankfurt", "DE"): "Frankfurt am Main 2925533",
    Mention("Frankfurt (Oder)", "DE"): "Frankfurt (Oder) 2925535",
    Mention("Neustadt", "DE"): "ambiguous",
    Mention("Livadeia", "GR"): "livadia",
    Mention("Łódź", "PL"): "Łódź 3093133",
    Mention("lodz", "Polen"): "Łódź 3093133",
    Mention("Αθήνα", "GR"): "Athens 264371",
    Mention("", "IT", "3173435"): "milan",
    Mention("Milano", "IT", "geonames:3173435 Milan IT 1371498"): "milan",
    Mention("", "", "https://www.geonames.org/3173435/milan.html"): "milan",
    Mention("https://sws.geonames.org/3173435/"): "milan",
    Mention("city:milan"): "milan",
    Mention("Milan", "IT", "", "45.4", "9.2"): "milan",
    Mention("Milan", "IT", "", "9.2", "45.4"): "contradiction",
    Mention("Milan", "DE", "3173435"): "contradiction",
    Mention("Milan", "IT", "99999999"): "unknown GeoNames id",
    Mention("Milan", "IT", "many"): "unknown GeoNames id",
    Mention("city:nowhere"): "unknown city",
    Mention("MIL", "IT"): "unknown city",
    Mention("Camden", "GB"): "unknown city",
    Mention("Camden Town", "GB"): "Camden Town 3345437",
    Mention("Velsen", "NL"): "unknown city",
    Mention("Kiel", "DE"): "Kiel 2891122",
    Mention("Mechelen", "BE"): "Mechelen 2791537",
    Mention("Pappenheim", "DE"): "Pappenheim 2855467",
    Mention("Leusden", "NL"): "Leusden 2751687",
    Mention("Mirano", "IT"): "Mirano 3173369",
    Mention("Halle", "DE"): "halle-saale",
    Mention("Cologne"): "Köln 2886242",
    Mention("Mirano", "IT", "3173435"): "contradiction",
    Mention("Regione Toscana", "IT", "3176959"): "contradiction",
    Mention("Berlin", "IT", "3170647"): "contradiction",
    Mention("Comune di Milano", "IT", "3173435"): "milan",
    Mention("Mailand, Italien", "", "3173435"): "milan",
    Mention("Halle", "DE", "2911522"): "halle-saale",
    Mention("Frankfurt", "DE", "2925533"): "Frankfurt am Main 2925533",
    Mention("Saint-Denis", "Réunion"): "Saint-Denis 935264 FR",
    Mention("Saint-Denis", "FR", "935264"): "Saint-Denis 935264 FR",
    Mention("Tórshavn", "Kingdom of Denmark"): "Tórshavn 2611396 DK",
    Mention("Nowhere", "Italia", "77777777", "45.0", "9.0"): "Nowhere 77777777 provisional",
    Mention("Elsewhere", "Italia", "77777777", "45.0", "9.0"): "contradiction",
    Mention("Nowhere else", "Italia", "88888888"): "unknown GeoNames id",
    Mention("Windhoek", "NA"): "Windhoek 3352136",
    Mention("Frankfurt", "NA"): "Frankfurt am Main 2925533",
    Mention("Milano", "NA"): "milan",
    Mention("Milan", "NA", "3173435"): "milan",
    Mention("Provincia di Bologna", "IT"): "no city",
    Mention("Wales", "GB"): "no city",
}


@pytest.fixture(scope="module")
def graph() -> GraphIndex:
    return GraphIndex(solgraph.open().endpoint)


@pytest.fixture(scope="module")
def places(graph: GraphIndex) -> Places:
    return Places(graph, [*MENTIONS, Mention("Halle")])


@pytest.mark.parametrize("mention", MENTIONS, ids=str)
def test_a_place_is_identified_or_rejected(mention: Mention, places: Places) -> None:
    for _ in range(2):
        try:
            city = places.find(mention)
            result = city.iri.rpartition("/")[2] or f"{city.name} {city.geonames}"
            result += " provisional" if city.is_provisional else ""
            result += f" {city.country}" if MENTIONS[mention].endswith(f" {city.country}") else ""
        except Rejected as rejected:
            result = rejected.kind
        assert result == MENTIONS[mention]


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
    matches = [
        Match(Place(number, "X", "DE", population, 0.0, 0.0), is_main)
        for number, (population, is_main) in enumerate(towns)
    ]
    assert bool(dominant(matches)) == expected


@pytest.mark.parametrize("name", ["Italy", "Italie", "Italien", "Italia", "Włochy", "it", "ITA"])
def test_a_country_is_recognised_by_code_and_in_six_languages(name: str, places: Places) -> None:
    assert places.country(name) == "IT"


COUNTRIES = {
    "GB": "UK, England, Wales, Northern Ireland, Scozia, Storbritannien, Ηνωμένο Βασίλειο",
    "GR": "EL, Grčka, Ελλάδα, Hellenic Republic, Kreikka",
    "CZ": "Repubblica Ceca, Česká republika, Tjeckien",
    "XK": "Kosovo",
    "ES": "Kingdom of Spain, Reino de España, Espanja, Španělsko",
    "DE": "Bundesrepublik Deutschland, Federal Republic of Germany, République fédérale d'Allemagne, Saksa, Niemcy",
    "AT": "Republik Österreich, Republic of Austria, Itävalta, Østrig",
    "NL": "Koninkrijk der Nederlanden, Kingdom of the Netherlands, Pays-Bas, Holandia",
    "FR": "République française, France métropolitaine, Ranska",
    "PL": "Rzeczpospolita Polska, Republic of Poland, Lenkija",
    "UA": "Україна, Ukrajina",
    "RE": "Réunion, La Réunion",
    "": "Republic of China, Kongo Republik von, Narnia, Kingdom of, Republik",
}


@pytest.mark.parametrize("code", COUNTRIES)
def test_names_of_countries(code: str) -> None:
    names = COUNTRIES[code].split(", ")
    assert {name: country_named(name) or "" for name in names} == dict.fromkeys(names, code)


@pytest.mark.parametrize(
    ("name", "country", "names"),
    [
        ("Köln", "DE", [("Cologne", "en"), ("Köln", "de")]),
        ("Brno", "CZ", [("Brno", "en")]),
        ("Gent", "BE", [("Ghent", "en"), ("Gent", "und")]),
    ],
)
def test_an_english_name_is_labelled_english(name: str, country: str, names: list[tuple[str, str]]) -> None:
    assert names_of_town(name, country) == names


@given(st.text())
def test_the_quick_fold_is_the_fold(name: str) -> None:
    assert gazetteer._folded(name) == fold(name)


@given(st.text(st.characters(exclude_characters="\n")))
def test_names_that_are_folded_to_one_have_one_key(name: str) -> None:
    assert gazetteer._key(name) == gazetteer._key(fold(name))


def test_each_town_of_one_name_has_an_iri_of_its_own(places: Places) -> None:
    towns = [match.place for match in places.gazetteer.matches("Halle", "DE") if match.is_main]
    cities = [City("", place.name, "DE", place.geonames) for place in towns]
    iris = [city_iri(city, places.gazetteer, set()).rpartition("/")[2] for city in cities]
    assert iris == ["halle-de", *(f"halle-{city.geonames}" for city in cities[1:])]  # the largest Halle is Belgian
    taken = {f"https://w3id.org/solgraph/id/city/{iri}" for iri in iris}
    assert city_iri(cities[0], places.gazetteer, taken).endswith(f"/halle-{cities[0].geonames}")


@pytest.mark.parametrize("size", [1, 7, 30, 1000])
def test_a_large_object_is_read_in_pieces(size: int) -> None:
    whole = {str(number): {"name": f'}}, "{number}', "others": ["a", "b"]} for number in range(9)}
    read: dict[str, object] = {}
    for piece in gazetteer._pieces(io.StringIO(json.dumps(whole)), size):
        read |= json.loads(piece)
    assert read == whole
