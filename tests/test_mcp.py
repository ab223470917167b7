"""The graph for assistants, asked with the protocol's own client: in memory, as a program, and at /mcp of a server."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

pytest.importorskip("mcp", reason="the extra 'mcp' is not installed")
pytest.importorskip("starlette")
import jsonschema
from mcp import Client, MCPError, StdioServerParameters
from mcp.types import PromptReference, ResourceTemplateReference
from starlette.testclient import TestClient

import assistant_session
import solgraph
from conftest import SMALL, imported_by
from programs import needs, needs_packages, required
from solgraph.assistant import server as assistant
from solgraph.assistant.pages import MOST_CHARACTERS
from solgraph.assistant.prompts import PROMPTS
from solgraph.assistant.resources import TEMPLATES
from solgraph.assistant.server import server_of
from solgraph.assistant.tools import TOOLS, in_language
from solgraph.rdf.namespaces import BASE, GRAPH, ID, SG, VOCAB
from web import application, client_of, running

Value = TypeVar("Value")
HERE = Path(__file__).parent


def with_client(
    kg: solgraph.Knowledge, use: Callable[[Client], Coroutine[Any, Any, Value]], seconds: float = 60, mode: str = "auto"
) -> Value:
    """What a client in this process gets of a graph."""

    async def connected() -> Value:
        async with Client(server_of(kg, seconds), mode=mode) as client:
            return await use(client)

    return asyncio.run(connected())


class Session:
    """The tools of a graph as functions: what they give is checked against their schemas."""

    def __init__(self, kg: solgraph.Knowledge) -> None:
        self.kg = kg

    def __call__(self, tool: str, /, **arguments: Any) -> tuple[dict[str, Any], str]:
        """Values and text of a reply."""
        result = with_client(self.kg, lambda client: client.call_tool(tool, arguments))
        assert not result.is_error, result.content[0].text
        jsonschema.validate(result.structured_content, TOOLS[tool].gives)
        return result.structured_content, result.content[0].text

    def refused(self, tool: str, /, **arguments: Any) -> str:
        """The sentence with which a tool refuses; it is no error of the protocol."""
        result = with_client(self.kg, lambda client: client.call_tool(tool, arguments))
        assert result.is_error and result.structured_content is None
        return str(result.content[0].text)


@pytest.fixture(scope="module")
def call(frozen: solgraph.Knowledge) -> Session:
    return Session(frozen)


def refusal(kg: solgraph.Knowledge, use: Callable[[Client], Coroutine[Any, Any, Any]]) -> str:
    """The sentence of an error of the protocol."""

    async def refused(client: Client) -> str:
        with pytest.raises(MCPError) as error:
            await use(client)
        return str(error.value)

    return with_client(kg, refused)


# Tools


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_tools_are_few_described_and_only_read(small: solgraph.Knowledge, mode: str) -> None:
    tools = with_client(small, lambda client: client.list_tools(), mode=mode).tools
    assert [tool.name for tool in tools] == ["search", "queries", "query", "ask", "describe", "network", "cite"]
    for tool in tools:
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        jsonschema.Draft202012Validator.check_schema(tool.output_schema)
        assert tool.annotations.read_only_hint and tool.description
        assert all(own["description"] for own in tool.input_schema["properties"].values())
    assert sum(len(tool.model_dump_json()) for tool in tools) < 14_000  # they fill the memory of every conversation


def test_each_row_names_its_sources_with_their_addresses(call: Session) -> None:
    values, text = call("query", name="networks-of-city", parameters={"city": "Berlin"}, limit=2)
    assert values["parameters"] == {"city": "Berlin"} and values["data"].startswith("solgraph ")
    assert len(values["rows"]) == 2 < values["total"]
    for row in values["rows"]:
        assert row["network"]["iri"].startswith(f"{ID}network/")
        assert row["source"] and all(source["iri"].startswith(f"{ID}passage/") for source in row["source"])
        assert all(f"({source['iri']})" in text for source in row["source"])
    assert values["rest"] == f'These are rows 1 to 2 of {values["total"]}. The next ones: "offset": 2.'
    assert values["rest"] in text
    following, _ = call("query", name="networks-of-city", parameters={"city": "Berlino"}, offset=2)
    assert values["rows"][0] not in following["rows"] and len(following["rows"]) == values["total"] - 2


def test_rows_that_count_say_where_sources_are(call: Session) -> None:
    values, text = call("query", name="cities-in-most-networks", limit=1)
    thing = values["sources"].rpartition("describe ")[2]
    assert json.loads(thing)["thing"].startswith("city:") and values["sources"] in text
    assert call("describe", **json.loads(thing))[0]["groups"]["Membership"]["things"][0]["sources"]


def test_an_answer_has_an_address_on_the_web(call: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solgraph.graph.citation.is_shipped", lambda _: True)
    by_name, _ = call("query", name="mayors", parameters={"city": "Mediolan"})
    assert by_name["address"] == "https://w3id.org/solgraph/queries/mayors?city=Mediolan"
    asked, _ = call("ask", question="Who was mayor of Palermo in 2014?")
    assert asked["answers"][0]["address"].endswith("/queries/mayors-in-year?city=city%3Apalermo&year=2014")


def test_the_notes_come_with_the_answer(call: Session) -> None:
    values, text = call("query", name="mayors", parameters={"city": "Palermo", "to": "1900"})
    silence = "The sources are silent: an empty answer does not mean no."
    assert (values["rows"], values["total"], values["notes"]) == ([], 0, [{"kind": "silence", "text": silence}])
    assert "No rows." in text and f"- {silence}" in text
    values, text = call("query", name="mayors", parameters={"city": "Milan"}, notes=1)
    assert values["notes"][0]["kind"] == "unclear" and values["notes"][0]["sources"][0]["iri"] in str(values)
    assert values["more_notes"].endswith(f'"notes": {1 + int(values["more_notes"].split()[0])}.')
    assert values["more_notes"] in text


def test_yes_or_no_and_triples_are_answers_too(call: Session) -> None:
    values, text = call("query", name="everything-evidenced")
    assert values["answer"] is True and "The answer is yes." in text
    values, _ = call("query", name="describe", parameters={"thing": "Tilos"}, limit=3)
    assert "city:tilos" in values["turtle"] and values["rest"].startswith("These are triples 1 to 3 of")


def test_a_language_changes_names_and_texts(call: Session) -> None:
    values, text = call("query", name="mayors", parameters={"city": "Milan"}, lang="de")
    assert values["question"] == "Bürgermeister*innen einer Stadt und ihre Amtszeiten"
    assert values["parameters"] == {"city": "Mailand"}
    assert values["columns"]["since"] == "erstes Jahr der Amtszeit" and "Unklar:" in text
    assert call("describe", thing="city:milan", lang="pl")[0]["name"] == "Mediolan"
    assert call("search", words="Milan", kind="city", lang="it")[0]["hits"][0]["name"] == "Milano"


def test_errors_are_the_sentences_of_the_command_line(call: Session) -> None:
    assert call.refused("query", name="mayor") == "There is no saved query 'mayor'.\nDid you mean 'mayors'?"
    wrong = call.refused("query", name="mayors", parameters={"city": "Palremo"})
    assert wrong == "mayors, parameter 'city': 'Palremo' names no City in this graph.\nDid you mean 'Palermo'?"
    missing = call.refused("query", name="mayors")
    assert 'For example: query {"name": "mayors", "parameters": {"city": "Palermo"}}' in missing
    assert call.refused("query", name="mayors", parameters={"city": "Palermo", "form": 1990}).endswith("'from'?")
    misplaced = call.refused("query", name="mayors", city="Palermo")
    assert misplaced.startswith("query takes no 'city'.") and '"parameters": {"city": …}' in misplaced
    assert call.refused("query") == "query needs 'name': a saved query, such as networks-of-city."
    assert call.refused("query", name="mayors", limit="many") == "query: limit: 'many' is not of type 'integer'."
    assert call.refused("query", name="mayors", limit=1000).endswith("1000 is greater than the maximum of 100.")
    assert call.refused("describe", thing="Milann") == "'Milann' names no thing in this graph.\nDid you mean 'Milan'?"
    assert call.refused("search", words="Milan", lang="perhaps a tongue").startswith("'perhaps a tongue' is not")
    assert call.refused("search", words="") == "search: words: '' should be non-empty."
    assert call.refused("ask", question="x" * 2000).startswith("The arguments of ask have 2,0")
    assert "not Unicode" in call.refused("search", words="\ud800")
    assert "There is no tool 'sparql'." in refusal(call.kg, lambda client: client.call_tool("sparql", {}))


def test_queries_are_found_by_words_and_described_by_name(call: Session) -> None:
    values, text = call("queries", words="Bürgermeister Jahr")
    listed = {query["name"]: query["parameters"] for query in values["queries"]}
    assert listed["mayors-in-year"] == ["year", "certain?", "city?", "country?"]
    assert "- mayors-in-year(year, certain?, city?, country?): Who was mayor in a year" in text
    assert call("queries", limit=3)[0]["total"] == len(call.kg.queries())
    about, text = call("queries", name="alliances")
    schema = about["parameters"]
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["by"]["enum"] == ["city", "mayor"] and not schema["additionalProperties"]
    assert {"alliance", "declaration"} <= {*schema["properties"]["layer"]["items"]["examples"]}
    assert "min-degree" in about["network_options"]["properties"] and "- by (string)" in text
    assert about["columns"]["city"] and about["answers"]
    assert "No saved query matches 'qqq'." in call.refused("queries", words="qqq")


def test_the_example_of_every_query_can_be_asked(call: Session) -> None:
    """Each is bound, not answered: what it needs is there, and of the right type."""
    for saved in call.kg.queries():
        about, _ = call("queries", name=saved.name)
        arguments = about["example"]["arguments"]
        jsonschema.validate(arguments["parameters"], about["parameters"])
        assert call.kg.bound(saved.name, **arguments["parameters"])


def test_search_shows_why_and_where(call: Session) -> None:
    values, text = call("search", words="clinic", kind="programme", limit=1)
    (hit,) = values["hits"]
    assert hit["kind"] == "programme" and "clinic" in hit["snippet"].lower() and hit["source"]["iri"] in text
    assert values["kinds"]["programme"] == values["total"]
    query = call("search", words="mayor year", kind="query")[0]["hits"][0]
    assert query["query"] in {saved.name for saved in call.kg.queries()}
    assert call("search", words="Palremo")[0]["notes"] == ["“palremo” is taken for palermo."]
    nothing, text = call("search", words="qwxyz")
    assert nothing["total"] == 0 and "queries {}" in text


def test_a_question_in_plain_words_is_answered_or_asked_back(call: Session) -> None:
    values, text = call("ask", question="Chi era sindaco di Palermo nel 2014?")
    assert values["sure"] and values["answers"][0]["query"] == "mayors-in-year"
    assert values["answers"][0]["rows"][0]["mayor"]["name"] == "Leoluca Orlando"
    assert text.startswith("Understood as: Who was mayor in a year: year 2014, city Palermo")
    doubtful, text = call("ask", question="How many refugees like football in Palermo?")
    assert not doubtful["sure"] and doubtful["answers"] == [] and doubtful["hits"]
    assert "It is not clear what is meant." in text or "No saved query answers this." in text
    picked, _ = call("ask", question="Who was mayor of Palermo in 2014?", pick=2)
    assert picked["answers"][0]["query"] == picked["readings"][1]["query"]
    halves, _ = call("ask", question="Who was mayor of Palermo, and which networks is the city in?")
    assert [answer["query"] for answer in halves["answers"]] == ["mayors", "networks-of-city"] or halves["parts"]
    assert "several parts" in call.refused("ask", question=halves["question"], pick=1)


def test_a_thing_is_described_group_by_group(call: Session) -> None:
    values, text = call("describe", thing="Bologna")
    assert (values["iri"], values["kinds"]) == (f"{ID}city/bologna", ["City"])
    findings = values["groups"]["Finding"]
    assert len(findings["things"]) < findings["total"] and all(each["sources"] for each in findings["things"])
    offset = len(findings["things"])
    assert findings["rest"] == f'{findings["total"] - offset} more: "group": "Finding", "offset": {offset}.'
    assert findings["rest"] in text and f"Finding ({findings['total']})" in text
    part, _ = call("describe", thing="Bologna", group="finding", offset=offset, limit=2)
    assert len(part["groups"]["Finding"]["things"]) == 2 and part["groups"].keys() == {"Finding"}
    refused = call.refused("describe", thing="Bologna", group="Findings")
    assert refused == "No Findings points to Bologna.\nDid you mean 'Finding'?"


def test_no_answer_is_too_long(call: Session) -> None:
    for name, values in {"shared-members": {}, "people": {}, "networks-of-city": {"city": "Berlin"}}.items():
        answer, text = call("query", name=name, parameters=values, limit=100)
        assert len(json.dumps(answer["rows"], ensure_ascii=False)) < MOST_CHARACTERS * 1.2 and len(text) < 40_000
    for thing in ("Bologna", "Berlin", "network:eurocities"):
        assert len(call("describe", thing=thing)[1]) < MOST_CHARACTERS * 1.5
    beyond, _ = call("query", name="mayors", parameters={"city": "Palermo"}, offset=50)
    assert beyond["rows"] == [] and beyond["rest"] == "There are 3 rows, and none behind the first 50."


def test_networks_are_measured_whole_and_node_by_node(call: Session) -> None:
    options = {"network": "Eurocities", "year": 2019}
    values, text = call("network", view="alliances", parameters=options)
    figures = {row["name"]: row.get("value") for row in values["rows"]}
    expected = solgraph.summary(call.kg.network("alliances", **options))
    assert figures["edges"] == expected["edges"] and "| density |" in text and values["notes"]
    assert text.startswith("Cities linked by the networks that they share: network Eurocities; year 2019")
    ranked, _ = call("network", view="alliances", parameters=options, by="degree", limit=3)
    degrees = [row["degree"] for row in ranked["rows"]]
    assert degrees == sorted(degrees, reverse=True) and ranked["rows"][0]["iri"].startswith(f"{ID}city/")
    assert call.refused("network", view="mayors").startswith("There is no network view 'mayors'.")
    assert call.refused("network", view="transfer", by="degre").startswith("Nodes have no measure 'degre'.\nDid you")
    assert call.refused("network", view="transfer", parameters={"jahr": 3}).startswith("transfer takes no 'jahr'.")
    assert "is not of type 'integer'" in call.refused("network", view="transfer", parameters={"least": "a few"})


def test_documents_and_answers_are_cited(call: Session) -> None:
    pytest.importorskip("pybtex")
    values, text = call("cite", name="passage:dreher-2024-1.1", style="bibtex")
    assert values["citation"].startswith("@techreport{dreher-2024,") and text.strip() == values["citation"]
    answer, _ = call("cite", name="mayors", parameters={"city": "Palermo"}, style="csl-json")
    assert answer["items"][0]["title"] == "Mayors of a city and their terms (city: Palermo)"
    assert "is not one of" in call.refused("cite", name="mayors", style="harvard")


# Resources and prompts


def test_things_passages_and_the_ontology_can_be_read(frozen: solgraph.Knowledge) -> None:
    async def read(client: Client) -> dict[str, Any]:
        listed = (await client.list_resources()).resources
        templates = (await client.list_resource_templates()).resource_templates
        addresses = [*(each.uri for each in listed), f"{ID}city/tilos", f"{ID}passage/dreher-2024-1.1"]
        addresses += [f"{SG}Actor", f"{GRAPH}register"]
        contents = {address: (await client.read_resource(address)).contents[0] for address in addresses}
        return contents | {"templates": [each.uri_template for each in templates]}

    contents = with_client(frozen, read)
    assert contents.pop("templates") == [
        f"{ID}{{class}}/{{slug}}",
        f"{ID}passage/{{slug}}",
        f"{VOCAB}{{scheme}}/{{slug}}",
    ]
    turtle = [content.text for content in contents.values() if content.mime_type == "text/turtle"]
    assert len(turtle) == len(contents) - 5 == 18 and all("@prefix" in text for text in turtle)
    assert contents[f"{ID}city/tilos"].text.startswith("Tilos · City")
    assert f"[Leoluca Orlando – Palermo]({ID}term/" in contents[f"{ID}passage/dreher-2024-1.1"].text
    assert contents[f"{SG}Actor"].text.startswith("Actor · ")
    assert f"{GRAPH}dreher-2024" in contents[f"{BASE}catalog"].text
    assert f"{GRAPH}register, " in contents[f"{GRAPH}register"].text
    assert f"{GRAPH}dreher-2024" not in contents[f"{GRAPH}register"].text
    for address in (
        f"{ID}city/atlantis",
        f"{SG}Acter",
        f"{GRAPH}nothing",
        "file:///etc/passwd",
        f"{ID}../../etc/passwd",
    ):
        assert f"There is nothing at {address}." in refusal(frozen, lambda client, at=address: client.read_resource(at))


def test_prompts_bring_what_a_text_is_made_of(frozen: solgraph.Knowledge) -> None:
    async def written(client: Client) -> list[str]:
        prompts = (await client.list_prompts()).prompts
        assert [prompt.name for prompt in prompts] == ["city-brief", "comparison"]
        brief = await client.get_prompt("city-brief", {"city": "Mediolan", "lang": "de"})
        both = await client.get_prompt("comparison", {"city": "Milan", "other": "Bologna"})
        return [prompt.messages[0].content.text for prompt in (brief, both)]

    brief, both = with_client(frozen, written)
    assert "in German about Mediolan" in brief and "\n# Mailand (Italien)" in brief
    assert "What two cities do, side by side: city Milan, other Bologna" in both
    assert "# Milan (Italy): a brief" in both and "# Bologna (Italy): a brief" in both
    assert "needs 'city'" in refusal(frozen, lambda client: client.get_prompt("city-brief", {}))
    assert "names no City" in refusal(frozen, lambda client: client.get_prompt("city-brief", {"city": "Atlantis"}))
    assert "There is no prompt 'poem'." in refusal(frozen, lambda client: client.get_prompt("poem", {}))


def test_names_are_completed(frozen: solgraph.Knowledge) -> None:
    thing, concept = (ResourceTemplateReference(uri=f"{root}{{x}}/{{slug}}") for root in (ID, VOCAB))

    async def completed(client: Client) -> list[list[str]]:
        asked = (
            (PromptReference(name="city-brief"), {"name": "city", "value": "Mil"}, None),
            (thing, {"name": "slug", "value": "mil"}, {"class": "city"}),
            (thing, {"name": "class", "value": "net"}, None),
            (concept, {"name": "slug", "value": "running"}, {"scheme": "status"}),
            (thing, {"name": "slug", "value": ""}, None),
        )
        return [
            (await client.complete(ref, argument, context_arguments=context)).completion.values
            for ref, argument, context in asked
        ]

    cities, slugs, classes, concepts, nothing = with_client(frozen, completed)
    assert cities[0] == "Milan" and slugs[0] == "milan" and concepts == ["running"] and nothing == []
    assert "network" in classes


# The page


def test_the_page_shows_a_session_as_it_is(frozen: solgraph.Knowledge) -> None:
    pytest.importorskip("pybtex")
    session = assistant_session.recorded(in_language(frozen, "en"))
    assert assistant_session.shown() == session, "If the new text is right: python tools/assistant_session.py"


def test_the_page_names_all_that_there_is() -> None:
    page = assistant_session.PAGE.read_text("utf-8")
    named = [*TOOLS, *PROMPTS, *(resource.address for resource in TEMPLATES)]
    assert [name for name in named if f"`{name}`" not in page] == []


# Limits


def test_an_answer_that_takes_too_long_is_given_up(small: solgraph.Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    done = threading.Event()
    slow = TOOLS["cite"]._replace(answer=lambda *_, **__: done.wait(10))
    monkeypatch.setitem(assistant.TOOLS, "cite", slow)
    result = with_client(small, lambda client: client.call_tool("cite", {"name": "mayors"}), seconds=0.05)
    done.set()
    assert result.is_error and result.content[0].text.startswith("The answer took longer than 0.05 s and was given up.")


def test_who_comes_when_too_many_are_under_way_is_sent_away(
    small: solgraph.Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant, "MOST_AT_ONCE", 0)
    result = with_client(small, lambda client: client.call_tool("queries", {}))
    assert result.content[0].text == "Too many answers are under way.\nTry again in 30 seconds."


def test_a_fault_of_the_program_says_nothing_of_its_inside(
    small: solgraph.Knowledge, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(assistant.TOOLS, "cite", TOOLS["cite"]._replace(answer=lambda *_, **__: 1 / 0))
    result = with_client(small, lambda client: client.call_tool("cite", {"name": "mayors"}))
    assert result.content[0].text == "Something unexpected happened; see the log of the server."
    assert "ZeroDivisionError" in caplog.text


# As a program


def test_the_program_serves_an_assistant_over_standard_input_and_output() -> None:
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "solgraph", "mcp", "--data", str(SMALL)], env=dict(os.environ)
    )

    async def asked() -> tuple[str, int]:
        async with Client(command) as client:
            result = await client.call_tool("query", {"name": "cities"})
            return client.server_info.name, result.structured_content["total"]

    name, cities = asyncio.run(asked())
    assert name == "solgraph" and cities == len(solgraph.open(SMALL).query("cities"))


def test_a_saved_query_needs_nothing_of_it(run: Callable[..., Any]) -> None:
    assert not {"mcp", "pydantic", "jsonschema", "starlette"} & imported_by(["query", "cities", "--data", str(SMALL)])
    assert run("mcp", "--help").exit_code == 0


def test_without_the_extra_command_and_server_name_it(
    small: solgraph.Knowledge, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solgraph.cli.assistant_command.find_spec", lambda _: None)
    monkeypatch.setattr("solgraph.web.routes.assistant.find_spec", lambda _: None)
    result = run("mcp", "--data", str(SMALL))
    assert result.exit_code == 2 and "Install it: pip install 'solgraph[mcp]'" in result.output
    answer = client_of(small, base_url="http://testserver").post("/mcp", json={})
    assert answer.status_code == 501 and answer.json()["hint"] == "Install it: pip install 'solgraph[mcp]'"


# Over HTTP

HEADERS = {"accept": "application/json, text/event-stream"}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


@pytest.fixture(scope="module")
def web(small: solgraph.Knowledge) -> Iterator[TestClient]:
    client = client_of(small, base_url="http://testserver")
    client.headers.update(HEADERS)
    yield client


def test_the_server_answers_clients_of_both_eras(small: solgraph.Knowledge) -> None:
    async def asked(address: str, mode: str) -> int:
        async with Client(address, mode=mode) as client:
            result = await client.call_tool("query", {"name": "cities"})
            assert len((await client.list_tools()).tools) == len(TOOLS)
            return int(result.structured_content["total"])

    with running(application(small)) as address:
        totals = [asyncio.run(asked(f"{address}/mcp", mode)) for mode in ("auto", "legacy")]
    assert totals == [len(small.query("cities"))] * 2


def test_pages_of_other_sites_are_refused(web: TestClient) -> None:
    def status(**headers: str) -> int:
        return int(web.post("/mcp", json=PING, headers=headers).status_code)

    assert status() == status(origin="http://testserver") == status(origin="http://localhost:3000") == 200
    assert status(host="127.0.0.1:8000") == status(host="[::1]:8000") == status(host="192.0.2.7") == 200
    assert status(origin="https://evil.example") == status(host="evil.example") == status(origin="null") == 403
    assert status(host="evil.example", origin="http://evil.example") == 403
    refused = web.post("/mcp", json=PING, headers={"host": "graph.example"}).json()
    assert refused["hint"].endswith("start the server with --base-url http://graph.example.")


def test_only_messages_of_some_length_are_taken(web: TestClient) -> None:
    assert web.post("/mcp", content=b" " * (2**20 + 1), headers={"content-type": "application/json"}).status_code == 413
    assert web.post("/mcp", content=b"{", headers={"content-type": "application/json"}).status_code == 400
    assert web.post("/mcp", content=b"{}", headers={"content-type": "text/plain"}).status_code == 400
    for method in ("GET", "DELETE"):
        answer = web.request(method, "/mcp")
        assert answer.status_code == 405 and "POST" in answer.headers["allow"]


# The official suite

#: Scenarios for any server.
APPLY = (
    "server-initialize ping tools-list resources-list prompts-list completion-complete dns-rebinding-protection"
).split()
#: Those that ask for what this server does not offer, and does not say that it does: a log, subscriptions, sessions.
NOT_OFFERED = (
    "logging-set-level resources-subscribe resources-unsubscribe server-sse-polling server-sse-multiple-streams"
).split()
#: Those that call tools, resources and prompts of the suite's own example server by their names.
OF_EXAMPLE_SERVER = (
    "tools-call-simple-text tools-call-image tools-call-audio tools-call-embedded-resource tools-call-mixed-content "
    "tools-call-with-logging tools-call-error tools-call-with-progress tools-call-sampling tools-call-elicitation "
    "json-schema-2020-12 elicitation-sep1034-defaults elicitation-sep1330-enums resources-read-text "
    "resources-read-binary resources-templates-read prompts-get-simple prompts-get-with-args "
    "prompts-get-embedded-resource prompts-get-with-image"
).split()


@pytest.mark.skipif(not required(), reason="the conformance suite of MCP runs with SOLGRAPH_ENGINES=required")
def test_the_official_suite_finds_nothing_wrong(small: solgraph.Knowledge) -> None:
    packages = json.loads((HERE / "assistants/package.json").read_text())
    version = subprocess.run([needs("node"), "--version"], capture_output=True, text=True, check=True).stdout
    is_new = int(version.removeprefix("v").partition(".")[0]) >= 22
    own = packages["optionalDependencies"]
    folder = needs_packages("mcp", packages["dependencies"] | ({} if is_new else own))
    node = needs("node") if is_new else folder / f"node_modules/{next(iter(own))}/bin/node"
    script = "node_modules/@modelcontextprotocol/conformance/dist/index.js"

    def suite(*arguments: str) -> str:
        command = [node, script, *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
        return done.stdout + done.stderr

    listed = suite("list", "--server").partition("Client scenarios")[0]
    named = {line.split()[1] for line in listed.splitlines() if line.startswith("  - ")}
    assert named == {*APPLY, *NOT_OFFERED, *OF_EXAMPLE_SERVER}
    with running(application(small)) as address:
        for scenario in APPLY:
            report = suite("server", "--url", f"{address}/mcp", "--scenario", scenario)
            assert " 0 failed, 0 warnings" in report and "Passed: 0/" not in report, f"{scenario}\n{report}"
