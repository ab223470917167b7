"""Every saved query on each engine, against the answers here; a job of its own: pytest tests/engines/engines.py"""

import pytest
from starting import ENGINES

import solgraph
from solgraph.authoring.engine_test import other_dataset, verdicts
from solgraph.engines.passport import EQUAL, Verdict
from solgraph.engines.remote import Remote
from solgraph.queries.catalogue import catalogue
from solgraph.resources import QUERIES

SAVED = catalogue(QUERIES)
#: What even Virtuoso 7.2 answers alike, whatever plan it makes.
SIMPLE = ("cities", "documents", "mayors", "names", "terms-of-person")


def tried(name: str, kg: solgraph.Knowledge, *, only: tuple[str, ...] = ()) -> list[Verdict]:
    with ENGINES[name](kg) as engine:
        server = Remote(engine.endpoint, timeout=60, retries=0)
        assert other_dataset(kg, server) == ""
        return list(verdicts(kg, server, [saved for saved in SAVED if not only or saved.name in only]))


@pytest.mark.parametrize("name", ["oxigraph", "comunica", "jena"])
def test_every_saved_query_answers_alike(name: str, frozen: solgraph.Knowledge) -> None:
    verdicts = tried(name, frozen)
    assert [str(verdict) for verdict in verdicts if verdict.state != EQUAL] == []
    assert len(verdicts) == len(SAVED)


def test_virtuoso_is_loaded_and_answers_simple_queries(frozen: solgraph.Knowledge) -> None:
    verdicts = tried("virtuoso", frozen, only=SIMPLE)
    assert [str(verdict) for verdict in verdicts if verdict.state != EQUAL] == []
    assert len(verdicts) == len(SIMPLE)
