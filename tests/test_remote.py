"""Saved queries on a server: the same answers as here, and a sentence for each way to fail."""

import gzip
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode, Quad, RdfFormat, Store

import solgraph
from servers import Misbehaving, Reply, free_port, oxigraph
from solgraph.cli.main import main
from solgraph.engines import http_client
from solgraph.engines.push import push
from solgraph.engines.remote import LONGEST_GET, Remote
from solgraph.queries.catalogue import catalogue
from solgraph.queries.saved_query import SavedQuery
from solgraph.resources import QUERIES

SMALL = Path(__file__).parent / "small"
SAVED = catalogue(QUERIES)


@pytest.fixture(scope="module")
def here() -> solgraph.Knowledge:
    return solgraph.open()


@pytest.fixture(scope="module")
def server(here: solgraph.Knowledge) -> Iterator[str]:
    with oxigraph() as address:
        list(push(here.store, f"{address}/store"))
        yield address


@pytest.fixture(scope="module")
def there(server: str) -> solgraph.Knowledge:
    return solgraph.open(endpoint=f"{server}/query")


@pytest.fixture
def wrong() -> Iterator[Misbehaving]:
    server = Misbehaving()
    yield server
    server.server.shutdown()
    server.server.server_close()


def values(saved: SavedQuery) -> dict[str, str]:
    return {one.name: one.example for one in saved.params.values() if one.required}


@pytest.mark.parametrize("saved", SAVED, ids=lambda saved: saved.name)
def test_a_saved_query_answers_there_as_it_does_here(
    saved: SavedQuery, here: solgraph.Knowledge, there: solgraph.Knowledge
) -> None:
    mine, theirs = (kg.query(saved.name, **values(saved)) for kg in (here, there))
    assert (theirs.form, theirs.columns, theirs.boolean) == (mine.form, mine.columns, mine.boolean)
    assert sorted(map(str, theirs.terms)) == sorted(map(str, mine.terms))
    assert (theirs.labels, theirs.notes) == (mine.labels, mine.notes)
    assert len(mine) or saved.form == "ASK" or saved.name == "absent-from", "these data have no complete list"


def test_all_saved_queries_were_compared() -> None:
    assert len(SAVED) > 50


def test_rows_come_in_the_same_order(here: solgraph.Knowledge, there: solgraph.Knowledge) -> None:
    assert there.query("cities").terms == here.query("cities").terms


def test_names_are_found_on_the_endpoint(there: solgraph.Knowledge) -> None:
    assert there.find("Mediolan") == "https://w3id.org/solgraph/id/city/milan"


def test_a_wrong_name_gets_the_nearest_from_the_endpoint(there: solgraph.Knowledge) -> None:
    with pytest.raises(solgraph.ParameterError, match="Did you mean 'Milano'"):
        there.query("mayors", city="Milanoo")


def test_show_and_network_work_on_the_endpoint(here: solgraph.Knowledge, there: solgraph.Knowledge) -> None:
    assert there.describe("Bologna").text() == here.describe("Bologna").text()
    assert set(there.network("alliances").edges) == set(here.network("alliances").edges)


def test_all_four_forms_of_ones_own_queries_answer(there: solgraph.Knowledge) -> None:
    assert there.sparql("ASK { city:milan a sg:City }").boolean is True
    assert len(there.sparql("SELECT ?c { ?c a sg:Country }")) == 14
    assert there.sparql("DESCRIBE city:milan").triples
    assert there.sparql("CONSTRUCT { ?s a sg:City } WHERE { ?s a sg:City }").holds_triples


def test_a_long_query_goes_by_post(there: solgraph.Knowledge) -> None:
    assert there.sparql(f"ASK {{ city:milan a sg:City }} # {'x' * (LONGEST_GET + 1)}").boolean is True


def test_the_answer_tells_where_it_came_from(there: solgraph.Knowledge, server: str) -> None:
    origin = there.query("cities").origin
    assert origin is not None
    assert origin.endpoint == f"{server}/query"
    assert origin.time.endswith("Z")
    assert origin.seconds > 0
    assert len(origin.query_sha256) == 64


def test_explain_gives_a_query_that_can_be_asked_again(here: solgraph.Knowledge, there: solgraph.Knowledge) -> None:
    asked = here.query("mayors", city="Palermo")
    assert there.sparql(asked.explain()).terms == asked.terms


def test_the_command_line_asks_the_endpoint(server: str) -> None:
    result = CliRunner().invoke(main, ["query", "mayors", "Palermo", "--endpoint", f"{server}/query", "-f", "csv"])
    assert result.exit_code == 0
    assert result.stdout.count("Leoluca Orlando") == 3


def test_a_refused_query_tells_the_engines_own_words(there: solgraph.Knowledge) -> None:
    with pytest.raises(solgraph.QueryError, match=r"refuses the query: .*expected"):
        there.sparql("SELECT ?x { ?x ?y }")


def test_data_cannot_be_taken_from_an_endpoint_as_files(there: solgraph.Knowledge) -> None:
    with pytest.raises(solgraph.WrongUse, match="not here"):
        there.exported()


@pytest.mark.parametrize("url", ["nonsense", "ftp://x/", "http://", "http://u:p@127.0.0.1/query"])
def test_an_address_that_is_none_or_holds_a_password_is_refused(url: str) -> None:
    with pytest.raises(solgraph.WrongUse):
        solgraph.open(endpoint=url)


HTML = Reply(media_type="text/html", body=b"<html><body>Query form</body></html>")
FAULTS = {
    "401": (Reply(401, body=b""), "asks who you are"),
    "403": (Reply(403, body=b""), "does not let you in"),
    "404": (Reply(404, body=b""), "no endpoint at"),
    "500": (Reply(500, "text/plain", b"out of memory"), "HTTP 500"),
    "504": (Reply(504, body=b""), "gave up on the query"),
    "400": (Reply(400, "text/plain", b"unknown function"), "refuses the query: unknown function"),
    "problem details": (
        Reply(
            400,
            "application/problem+json",
            b'{"title": "Bad", "detail": "It is\\nempty.", "hint": "Send it.", "line": 1}',
        ),
        "refuses the query: It is empty. Send it.$",
    ),
    "a web page": (HTML, "a web page and not with results"),
    "another type": (Reply(media_type="application/pdf", body=b"%PDF"), "answers with application/pdf"),
    "half an answer": (Reply(body=b'{"head":{"vars":["x"]},"resu'), "broke off its answer"),
    "a cut connection": (Reply(cut=1000), "broke off its answer"),
}


@pytest.mark.parametrize(("reply", "sentence"), FAULTS.values(), ids=FAULTS)
def test_each_way_to_fail_has_its_sentence(reply: Reply, sentence: str, wrong: Misbehaving) -> None:
    wrong.replies = [reply]
    with pytest.raises(solgraph.SolgraphError, match=sentence):
        Remote(wrong.url, retries=0).ask("SELECT ?x { ?x ?y ?z }")


def test_a_server_that_is_not_there_cannot_be_reached() -> None:
    with pytest.raises(solgraph.SolgraphError, match="cannot be reached"):
        Remote(f"http://127.0.0.1:{free_port()}/query").ask("ASK {}")


def test_a_server_without_tls_has_no_secure_connection(wrong: Misbehaving) -> None:
    with pytest.raises(solgraph.SolgraphError, match="no trusted secure connection"):
        Remote(wrong.url.replace("http:", "https:")).ask("ASK {}")


def test_a_slow_server_is_called_slow_and_not_broken(wrong: Misbehaving) -> None:
    wrong.replies = [Reply(wait=3)]
    with pytest.raises(solgraph.SolgraphError, match="did not answer within 1 seconds"):
        Remote(wrong.url, timeout=1).ask("SELECT ?x { ?x ?y ?z }")


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again_when_it_says(status: int, wrong: Misbehaving) -> None:
    wrong.replies = [Reply(status, headers=(("Retry-After", "1"),)), Reply()]
    began = time.monotonic()
    assert len(Remote(wrong.url).ask("SELECT ?x { ?x ?y ?z }")) == 0
    assert len(wrong.requests) == 2
    assert time.monotonic() - began >= 1


def test_a_server_that_stays_busy_is_called_busy(wrong: Misbehaving) -> None:
    wrong.replies = [Reply(503, headers=(("Retry-After", "0"),))]
    with pytest.raises(solgraph.SolgraphError, match="too busy"):
        Remote(wrong.url, retries=2).ask("SELECT ?x { ?x ?y ?z }")
    assert len(wrong.requests) == 3


@pytest.mark.parametrize(
    ("environment", "header"),
    [
        ({"SOLGRAPH_TOKEN": "secret"}, "Bearer secret"),
        ({"SOLGRAPH_USER": "me", "SOLGRAPH_PASSWORD": "secret"}, "Basic bWU6c2VjcmV0"),
    ],
)
def test_credentials_come_from_the_environment(
    environment: dict[str, str], header: str, wrong: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    Remote(wrong.url).ask("SELECT ?x { ?x ?y ?z }")
    assert wrong.requests[0][2]["authorization"] == header


def test_credentials_come_from_a_netrc_file(
    wrong: Misbehaving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "netrc"
    path.write_text("machine 127.0.0.1 login me password secret\n")
    path.chmod(0o600)
    monkeypatch.setenv("NETRC", str(path))
    Remote(wrong.url).ask("SELECT ?x { ?x ?y ?z }")
    assert wrong.requests[0][2]["authorization"] == "Basic bWU6c2VjcmV0"


# Redirects, Digest and bounds


@pytest.fixture
def elsewhere() -> Iterator[Misbehaving]:
    server = Misbehaving()
    yield server
    server.server.shutdown()
    server.server.server_close()


def redirect(url: str, status: int = 302) -> Reply:
    return Reply(status, headers=(("Location", url),))


LONG = "SELECT ?x { ?x ?y ?z } #" + "x" * LONGEST_GET


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("query", ["SELECT ?x { ?x ?y ?z }", LONG], ids=["GET", "POST"])
def test_credentials_do_not_follow_a_redirect_to_another_origin(
    status: int, query: str, wrong: Misbehaving, elsewhere: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = {"SOLGRAPH_TOKEN": "secret"} if status in (301, 307) else {"SOLGRAPH_USER": "me"}
    for name, value in account.items():
        monkeypatch.setenv(name, value)
    here = wrong.url.replace("/query", "/moved")
    wrong.replies = [redirect(here, status), redirect(elsewhere.url, status)]
    assert len(Remote(wrong.url).ask(query)) == 0
    assert [("authorization" in headers) for _, _, headers, _ in wrong.requests] == [True, True]
    ((method, _, headers, body),) = elsewhere.requests
    assert "authorization" not in headers
    assert method == ("POST" if query == LONG else "GET")
    assert bool(body) == (query == LONG)


def test_a_server_that_asks_for_digest_gets_it_and_no_other_server_does(
    wrong: Misbehaving, elsewhere: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOLGRAPH_USER", "me")
    monkeypatch.setenv("SOLGRAPH_PASSWORD", "secret")
    challenge = Reply(401, headers=(("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth"'),))
    wrong.replies = [challenge, Reply()]
    assert len(Remote(wrong.url).ask("SELECT ?x { ?x ?y ?z }")) == 0
    assert wrong.requests[1][2]["authorization"].startswith('Digest username="me"')
    wrong.requests.clear()
    wrong.replies = [challenge, *[Reply(404), Reply(201)] * 20]
    store = Store()
    store.add(Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o"), NamedNode("urn:g")))
    list(push(store, wrong.url))
    puts = [headers["authorization"] for method, _, headers, _ in wrong.requests if method == "PUT"]
    assert [header.partition(" ")[0] for header in puts] == ["Digest"] * 2, "no long body is sent in vain"
    wrong.replies, elsewhere.replies = [redirect(elsewhere.url)], [challenge]
    with pytest.raises(solgraph.SolgraphError, match="asks who you are"):
        Remote(wrong.url).ask("ASK {}")
    assert all("authorization" not in headers for _, _, headers, _ in elsewhere.requests)


def test_a_server_that_turns_basic_away_in_silence_is_asked_for_its_challenge(
    wrong: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOLGRAPH_USER", "me")
    monkeypatch.setenv("SOLGRAPH_PASSWORD", "secret")
    challenge = Reply(401, headers=(("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth"'),))
    wrong.replies = [Reply(401), challenge, Reply()]
    assert len(Remote(wrong.url).ask("SELECT ?x { ?x ?y ?z }")) == 0
    headers = [headers.get("authorization", "").partition(" ")[0] for _, _, headers, _ in wrong.requests]
    assert headers == ["Basic", "", "Digest"]
    wrong.requests.clear()
    wrong.replies = [Reply(401)]
    with pytest.raises(solgraph.EndpointError, match="asks who you are"):
        Remote(wrong.url).ask("ASK {}")
    assert len(wrong.requests) == 2


def test_a_server_without_default_graph_gets_the_named_graphs_alone(wrong: Misbehaving) -> None:
    store = Store()
    store.add(Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o"), NamedNode("urn:g")))
    none = Reply(500, "text/html", b"<h3>Error</h3> the endpoint is not configured to have default graph")
    wrong.replies = [Reply(404), Reply(201), none]
    (first, (graph, outcome)) = push(store, wrong.url)
    assert first[1].startswith("loaded, 1 triples")
    assert (graph, outcome.partition(":")[0]) == ("default graph", "this server has none")
    assert [method for method, *_ in wrong.requests] == ["GET", "PUT", "GET"]


def test_virtuosos_answer_to_an_ask_is_read(wrong: Misbehaving) -> None:
    row = b'{"__ASK_RETVAL": {"type": "literal", "value": "1"}}'
    for rows, answer in ((row, True), (b"", False)):
        wrong.replies = [Reply(body=b'{"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": [%s]}}' % rows)]
        assert Remote(wrong.url).ask("ASK { ?s ?p ?o }").boolean is answer


@pytest.mark.parametrize("part", [b" ", b" " * 100_000], ids=["drop by drop", "in floods"])
def test_an_endless_answer_ends_at_the_time_limit(part: bytes, wrong: Misbehaving) -> None:
    wrong.replies = [Reply(body=b"{", endless=part)]
    began = time.monotonic()
    with pytest.raises(solgraph.SolgraphError, match=r"did not answer within 1 seconds|sends more than"):
        Remote(wrong.url, timeout=1).ask("SELECT ?x { ?x ?y ?z }")
    assert time.monotonic() - began < 3


def test_the_size_of_an_answer_is_bounded(wrong: Misbehaving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "MOST_BYTES", 1_000_000)
    bomb = gzip.compress(b" " * 10_000_000)
    packed = (("Content-Encoding", "gzip"),)
    for reply in (Reply(body=b" " * 1_000_001), Reply(body=bomb, headers=packed)):
        wrong.replies = [reply]
        with pytest.raises(solgraph.SolgraphError, match="sends more than 1 megabytes"):
            Remote(wrong.url).ask("SELECT ?x { ?x ?y ?z }")
    wrong.replies = [Reply(body=gzip.compress(Reply().body), headers=packed)]
    assert len(Remote(wrong.url).ask("SELECT ?x { ?x ?y ?z }")) == 0


ODD = {
    "redirects in a circle": (redirect("/query"), "HTTP 302"),
    "a redirect to a file": (redirect("file:///etc/passwd"), "HTTP 302"),
    "a redirect to no address": (redirect("http://[::1"), "cannot be followed"),
    "a redirect to no port": (redirect("http://127.0.0.1:x/"), "cannot be followed|cannot be reached|broke off"),
    "another packing": (Reply(headers=(("Content-Encoding", "br"),)), "packed as br"),
    "broken packing": (Reply(headers=(("Content-Encoding", "gzip"),)), "broke off"),
    "an unknown challenge": (Reply(401, headers=(("WWW-Authenticate", "Hawk x"),)), "asks who you are"),
    "a list": (Reply(body=b"[1]"), "broke off"),
    "deep JSON": (Reply(body=b"[" * 200_000), "broke off"),
    "triples": (Reply(media_type="text/turtle", body=b"<urn:a> <urn:b> 1 ."), "not with SPARQL JSON"),
    "yes": (Reply(body=b'{"head":{},"boolean":true}'), "broke off"),
    "no bytes": (Reply(body=b""), "broke off"),
}


@pytest.mark.parametrize(("reply", "sentence"), ODD.values(), ids=ODD)
def test_an_answer_that_was_not_asked_for_is_a_sentence(reply: Reply, sentence: str, wrong: Misbehaving) -> None:
    wrong.replies = [reply]
    with pytest.raises(solgraph.SolgraphError, match=sentence):
        Remote(wrong.url, retries=0).ask("SELECT ?x { ?x ?y ?z }")


def test_push_to_what_is_no_graph_store_is_a_sentence(wrong: Misbehaving) -> None:
    wrong.replies = [HTML]
    with pytest.raises(solgraph.SolgraphError, match=r"text/html that cannot be read.*\n.*graph store"):
        list(push(solgraph.open(SMALL).store, wrong.url))


def test_a_secret_is_in_no_error(wrong: Misbehaving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLGRAPH_TOKEN", "verysecret")
    wrong.replies = [Reply(401, body=b"")]
    with pytest.raises(solgraph.SolgraphError) as caught:
        Remote(wrong.url).ask("ASK {}")
    assert "verysecret" not in str(caught.value)


def test_requests_say_who_asks(wrong: Misbehaving) -> None:
    Remote(wrong.url).ask("SELECT ?x { ?x ?y ?z }")
    assert wrong.requests[0][2]["user-agent"].startswith("solgraph/")


def test_a_hostile_value_stays_a_value_on_the_server(there: solgraph.Knowledge, tmp_path: Path) -> None:
    (tmp_path / "echo.rq").write_text(
        "#+ summary: x\n#+ params:\n#+   text: {description: x, example: y}\nSELECT (?_text AS ?said) {}"
    )
    asked = solgraph.Knowledge(queries=[tmp_path], endpoint=there.endpoint)
    for hostile in (
        "> . } LIMIT 1 #",
        '"@it } UNION { ?s ?p ?o',
        "L'Aquila",
        "1) FILTER(false",
        "SERVICE <http://x/> {}",
        "a\nb\\",
    ):
        assert [row.said for row in asked.query("echo", text=hostile)] == [hostile]


def test_push_twice_changes_nothing_the_second_time(here: solgraph.Knowledge, server: str) -> None:
    assert all("is there" in done for _, done in push(here.store, f"{server}/store"))


def test_a_dry_run_changes_nothing() -> None:
    small = solgraph.open(SMALL)
    with oxigraph() as address:
        assert all("would be loaded" in done for _, done in push(small.store, f"{address}/store", dry_run=True))
        assert len(Remote(f"{address}/query").ask("SELECT ?s { GRAPH ?g { ?s ?p ?o } }")) == 0


def test_what_is_not_ours_stays_untouched() -> None:
    small = solgraph.open(SMALL)
    with oxigraph() as address:
        for where in ("default", "graph=urn:theirs"):
            _put(f"{address}/store?{where}", b"<urn:s> <urn:p> <urn:o> .\n")
        list(push(small.store, f"{address}/store"))
        list(push(small.store, f"{address}/store"))
        remote = Remote(f"{address}/query")
        assert remote.ask("ASK { <urn:s> ?p ?o }").boolean is True
        assert remote.ask("ASK { GRAPH <urn:theirs> { ?s ?p ?o } }").boolean is True


def test_a_triple_that_we_take_back_goes_from_the_default_graph_too(tmp_path: Path) -> None:
    path = tmp_path / "mine.ttl"
    with oxigraph() as address:
        for text in ("<urn:a> <urn:p> 1 , 2 .", "<urn:a> <urn:p> 2 ."):
            path.write_text(text)
            list(push(solgraph.open(path).store, f"{address}/store"))
        answer = Remote(f"{address}/query").ask("SELECT ?o { <urn:a> <urn:p> ?o }")
        assert [row.o for row in answer] == [2]


def test_an_interrupted_push_is_continued_by_the_next(here: solgraph.Knowledge) -> None:
    with oxigraph() as address:
        steps = push(here.store, f"{address}/store")
        done = [next(steps), next(steps)]
        steps.close()
        again = dict(push(here.store, f"{address}/store"))
        assert all("is there" in again[name] for name, _ in done)
        assert sum("is there" in told for told in again.values()) == 2


def test_push_of_one_graph_leaves_the_others_out() -> None:
    small = solgraph.open(SMALL)
    with oxigraph() as address:
        result = CliRunner().invoke(main, ["push", f"{address}/store", "--graph", "beta", "--data", str(SMALL)])
        assert result.exit_code == 0, result.output
        assert [line.split(":")[1] for line in result.stdout.splitlines() if line.startswith("graph:")] == ["beta"]
        assert not Remote(f"{address}/query").ask("ASK { ?s a <https://w3id.org/solgraph/ns#City> }").boolean
    assert small.store is not None


def test_push_to_nowhere_is_a_sentence() -> None:
    result = CliRunner().invoke(main, ["push", f"http://127.0.0.1:{free_port()}/store", "--data", str(SMALL)])
    assert result.exit_code == 1
    assert "cannot be reached" in result.output


def _put(url: str, body: bytes) -> None:
    from urllib.request import Request, urlopen

    headers = {"Content-Type": RdfFormat.N_TRIPLES.media_type}
    with urlopen(Request(url, body, headers, method="PUT"), timeout=10):
        pass


def test_what_a_server_adds_to_json_results_is_passed_over(wrong: Misbehaving) -> None:
    body = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"1"}}]},"metadata":{"a":1}}'
    wrong.replies = [Reply(body=body)]
    assert [row.x for row in Remote(wrong.url).ask("SELECT ?x { }")] == ["1"]
