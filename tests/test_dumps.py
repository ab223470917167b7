"""Dumps elsewhere: a plain Oxigraph server that is loaded with any of them answers the saved queries as we do."""

from urllib.request import Request, urlopen

import pytest

import solgraph
from programs import required
from servers import oxigraph
from solgraph.engines.remote import Remote
from solgraph.formats.media import RDF
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.sparql_tokens import names_graphs


def post(url: str, body: bytes, media_type: str) -> None:
    with urlopen(Request(url, body, {"Content-Type": media_type}, method="POST"), timeout=60):
        pass


def rows(result: solgraph.Answer) -> list[str]:
    return sorted(map(str, result.terms)) if result.boolean is None else [str(result.boolean)]


def bound(kg: solgraph.Knowledge, saved: SavedQuery) -> str:
    return kg.bound(saved.name, **{name: param.example for name, param in saved.params.items() if param.required})


@pytest.mark.skipif(not required(), reason="every dump is loaded where SOLGRAPH_ENGINES=required")
def test_a_server_loaded_from_each_dump_answers_all_saved_queries(frozen: solgraph.Knowledge) -> None:
    """The forms without named graphs are not asked by GRAPH; the two with them are asked everything."""
    queries = {saved.name: bound(frozen, saved) for saved in frozen.queries()}
    answers = {name: rows(frozen.sparql(query)) for name, query in queries.items()}
    equal = {}
    with oxigraph() as address:
        server = Remote(f"{address}/query")
        for form in RDF:
            has_graphs = form.name in ("trig", "nq")
            post(f"{address}/update", b"DROP ALL", "application/sparql-update")
            store = f"{address}/store" if has_graphs else f"{address}/store?default"
            post(store, frozen.exported(form.name).encode(), form.media_types[0])
            asked = [name for name, query in queries.items() if has_graphs or not names_graphs(query)]
            equal[form.name] = len(asked)
            asked = asked[:: 1 if has_graphs or required() else 4]
            same = [name for name in asked if rows(solgraph.Answer.of(server.ask(queries[name]))) == answers[name]]
            assert same == asked, f"{form.name}: {len(same)} of {len(asked)} saved queries equal"
    assert len(set(queries)) == equal["trig"] == equal["nq"]
    assert min(equal.values()) >= len(queries) / 2
