"""The application as a whole: what is sent compressed, and what as it is."""

import gzip

import httpx
import pytest

pytest.importorskip("starlette")

from starlette.testclient import TestClient

import solgraph
from web import client_of


@pytest.fixture(scope="module")
def client(small: solgraph.Knowledge) -> TestClient:
    return client_of(small)


def sent(client: TestClient, path: str, encoding: str, **headers: str) -> tuple[bytes, httpx.Headers]:
    """What goes over the wire."""
    with client.stream("GET", path, headers={"Accept-Encoding": encoding, **headers}) as answer:
        return b"".join(answer.iter_raw()), answer.headers


@pytest.mark.parametrize("path", ["/dump.nq.gz", "/networks/alliances.parquet", "/networks/alliances.png"])
def test_what_is_packed_already_is_sent_as_it_is(path: str, client: TestClient) -> None:
    pytest.importorskip({"parquet": "pyarrow", "png": "matplotlib"}.get(path.rpartition(".")[2], "gzip"))
    (plain, told), (packed, headers) = sent(client, path, "identity"), sent(client, path, "gzip")
    assert packed == plain and "content-encoding" not in headers
    assert headers["content-length"] == str(len(plain)) == told["content-length"]
    assert (headers["etag"], headers["content-type"]) == (told["etag"], told["content-type"])


def test_a_dump_is_unpacked_once(client: TestClient, small: solgraph.Knowledge) -> None:
    packed, headers = sent(client, "/dump.nq.gz", "gzip")
    assert headers["content-type"] == "application/gzip"
    assert gzip.decompress(packed).decode() == small.exported("nq")
    known = client.get("/dump.nq.gz", headers={"If-None-Match": headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


def test_text_is_compressed_for_those_who_can_read_it(client: TestClient) -> None:
    (plain, told), (packed, headers) = sent(client, "/dump.ttl", "identity"), sent(client, "/dump.ttl", "gzip")
    assert "content-encoding" not in told and headers["content-encoding"] == "gzip"
    assert len(packed) < len(plain) == len(gzip.decompress(packed))
    assert headers["content-length"] == str(len(packed)) and "Accept-Encoding" in headers["vary"]
    assert headers["etag"] == told["etag"] and headers["etag"].startswith('W/"')
