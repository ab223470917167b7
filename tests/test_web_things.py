"""Pages of initiatives, people, themes and sources, as readers see them."""

import re

import pytest

import solgraph
from test_web_pages import Seen
from web import PAGE, TestClient, application


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(application(solgraph.open()), headers=PAGE)


def section(text: str, name: str) -> str:
    """A section of a page."""
    return text.split(f'<section id="{name}"')[1].partition("</section>")[0]


def headings(text: str) -> list[str]:
    """The headings of a page that stand above its fold, without their counts."""
    seen = text.partition('<details class="everything"')[0]
    return [heading.strip() for heading in re.findall(r'<h2 id="[^"]+">([^<]+)', seen)]


def test_an_initiative_says_who_takes_part_what_belongs_to_it_and_what_is_alike(client: TestClient) -> None:
    text = client.get("/doc/programme/ghent-refugee-taskforce").text
    assert headings(text) == [
        "Who takes part", "Its parts", "Linked initiatives", "Numbers", "Findings", "Others like it", "Evidence",
    ]  # fmt: skip
    parts = section(text, "parts")
    assert parts.count("Working group on") == 3 and "Part of" not in parts
    alike = section(text, "alike")
    assert "Jobteam Ghent" in alike and "ghent-refugee-taskforce" not in alike
    taking_part = section(text, "participants-of")
    assert (
        'href="#read"' in taking_part and taking_part.count("/doc/collaboration/") == 14
    )  # a link and a sign in each of its rows


def test_a_status_is_as_of_the_documents_that_state_it_unless_dates_do(client: TestClient) -> None:
    stated = r'<dt>Status</dt><dd>(.*?)<a class="mark"'
    names = "milan-wemi", "valencia-programme-modelled-on-barcelona", "bologna-connettiamoci"
    found = [re.search(stated, client.get(f"/doc/programme/{name}").text, re.DOTALL) for name in names]
    texts = [re.sub("<[^>]+>", "", match[1]) if match else "" for match in found]
    assert texts == ["Running, as of September 2024", "the sources do not say", "Ended"]


def test_what_a_person_says_stands_apart_from_what_is_said_about_him(client: TestClient) -> None:
    text = client.get("/doc/person/leoluca-orlando").text
    assert headings(text) == ["Offices", "Initiatives", "What they say", "Findings"]
    said, about = section(text, "statements"), section(text, "findings")
    assert "no uniforms" in said and "no uniforms" not in about and "Success factor" in about
    initiatives = section(text, "initiatives")
    assert "Initiator" in initiatives and "Initiated by" not in initiatives


def test_a_theme_says_which_cities_do_what_and_leads_to_narrower_ones(client: TestClient) -> None:
    whole, part = (client.get(f"/vocab/theme/{name}").text for name in ("t1", "t1-3"))
    assert headings(part) == ["Others of the same group", "Cities and what they do", "Findings"]
    assert headings(whole) == ["Narrower terms", "Cities and what they do", "As an example", "Findings"]
    cities = section(part, "cities")
    assert "Grenoble" in cities and "presented as an example" in cities and "Bologna" not in cities
    assert "does not mean that it does nothing" in cities
    blocked = re.search(r">([^<]+)</a> <span class=\"role\">Blocked</span>", section(whole, "cities"))
    assert blocked and "Welcome" in blocked[1]


def test_a_service_and_a_group_of_people_have_their_cities_too(client: TestClient) -> None:
    assert "Nausica" in section(client.get("/vocab/service/legal").text, "cities")
    assert "Ghent" in section(client.get("/vocab/beneficiary/refugees").text, "cities")
    assert "Cities and what they do" not in client.get("/vocab/role/mayor").text


def test_a_document_says_how_much_rests_on_it_by_section_and_network(client: TestClient) -> None:
    text = client.get("/doc/source/dreher-2024").text
    query = "SELECT DISTINCT ?f { ?f a sg:Finding ; sg:evidence/oa:hasSource source:dreher-2024 }"
    findings = len(solgraph.open().sparql(query))
    assert f'<b>{findings}</b> <a href="#taken">Findings</a>' in text
    taken = section(text, "taken")
    assert 'id="dreher-2024-2.3"' in taken and "Network memberships" in taken
    assert re.search(r"City of Refuge network</a> <span class=\"count\">\d+</span>", taken)


def test_what_is_no_membership_is_not_counted_as_such(shipped: solgraph.Knowledge) -> None:
    reader = TestClient(application(shipped), headers=PAGE)
    text = reader.get("/doc/source/docslib-lutsk-intercultural-cities-index-compari").text
    assert "Affiliations without membership" in text and "Network memberships" not in text


@pytest.mark.parametrize("name", ["eccar", "eurocities", "safe-harbours-seebrucke"])
def test_the_largest_networks_have_light_pages(name: str, shipped: solgraph.Knowledge) -> None:
    text = TestClient(application(shipped), headers=PAGE).get(f"/doc/network/{name}").text
    members = section(text, "members")
    rows = members.count("<tr>") - members.count("<thead>")
    assert rows > 100 and len(text.encode()) < 200_000 and Seen(text).faults == []
    assert members.count('class="evidence-of sign"') == rows  # each leads to its evidence


def test_a_country_has_all_its_cities_and_their_networks(shipped: solgraph.Knowledge) -> None:
    text = TestClient(application(shipped), headers=PAGE).get("/doc/country/de").text
    cities = section(text, "cities")
    assert "Halle (Saale)" in cities and "Bremen" in cities  # they lie in regions
    assert cities.index("/doc/city/potsdam") < cities.index("/doc/city/aachen")  # with a report, and without
    assert "Safe harbours (Seebrücke)" in section(text, "networks")
    assert re.search(r'name="description" content="Germany: cities: \d+, networks: \d+;', text)
