"""The store on disk: made once, opened in a moment, made again when the files change, never half made."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import solgraph
from conftest import without_vocabularies
from solgraph.queries.catalogue import catalogue
from solgraph.rdf.store import reporting_damage
from solgraph.resources import QUERIES

SMALL = Path(__file__).parent / "small"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "data"))


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for a store without vocabularies, which would take most of the time in which it is made."""
    monkeypatch.setattr("solgraph.graph.knowledge.ontology_files", without_vocabularies)
    return tmp_path / "kept"


def stores(kept: Path) -> list[str]:
    return sorted(one.name for one in kept.iterdir() if one.is_dir())


def mayors(data: Path, kept: Path) -> int:
    return len(solgraph.open(data, store=kept).query("mayors", city="Ardea"))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[solgraph.Knowledge, solgraph.Knowledge]:
    folder = tmp_path_factory.mktemp("stores") / "kept"
    return solgraph.open(), solgraph.open(store=folder)


@pytest.mark.parametrize("saved", catalogue(QUERIES), ids=lambda saved: saved.name)
def test_every_saved_query_answers_as_it_does_from_the_files(saved: Any, both: Any) -> None:
    values = {name: param.example for name, param in saved.params.items() if param.required}
    memory, disk = (one.query(saved.name, **values) for one in both)
    assert sorted(map(str, disk.terms)) == sorted(map(str, memory.terms))
    assert disk.labels == memory.labels


def test_it_is_made_once(data: Path, kept: Path) -> None:
    assert mayors(data, kept) == 3
    (made,) = stores(kept)
    before = (kept / made).stat().st_ino
    assert mayors(data, kept) == 3
    assert [(kept / one).stat().st_ino for one in stores(kept)] == [before]


def test_nothing_of_the_files_is_read_the_second_time(data: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mayors(data, kept)
    monkeypatch.setattr("solgraph.rdf.store_on_disk.quads", lambda file: pytest.fail(f"{file} was read"))
    monkeypatch.setattr("solgraph.rdf.store_on_disk._key", lambda files: pytest.fail("the files were read"))
    assert mayors(data, kept) == 3


def test_a_changed_file_makes_it_again_and_the_old_one_goes(data: Path, kept: Path) -> None:
    mayors(data, kept)
    (old,) = stores(kept)
    alpha = data / "sources" / "alpha.ttl"
    alpha.write_text(alpha.read_text().replace('"2015"^^xsd:gYear', '"2016"^^xsd:gYear'))
    assert [row.since for row in solgraph.open(data, store=kept).query("mayors", city="Ardea")][-1] == 2016
    assert len(stores(kept)) == 1
    assert stores(kept) != [old]


def test_a_new_file_and_one_less_are_noticed(data: Path, kept: Path) -> None:
    mayors(data, kept)
    shutil.copy(data / "sources" / "alpha.ttl", data / "sources" / "omega.ttl")
    kg = solgraph.open(data, store=kept)
    assert kg.sparql("ASK { GRAPH graph:omega { ?s ?p ?o } }")
    (data / "sources" / "omega.ttl").unlink()
    assert not solgraph.open(data, store=kept).sparql("ASK { GRAPH ?g { ?s ?p ?o } FILTER(?g = graph:omega) }")


def test_a_file_that_only_looks_newer_keeps_the_store(data: Path, kept: Path) -> None:
    mayors(data, kept)
    before = stores(kept)
    os.utime(data / "places.ttl", (1, 1))
    assert mayors(data, kept) == 3
    assert stores(kept) == before


def test_another_engine_makes_it_again(data: Path, kept: Path) -> None:
    mayors(data, kept)
    manifest = (kept / "manifest.txt").read_text()
    (kept / "manifest.txt").write_text(manifest.replace("pyoxigraph", "another engine"))
    assert mayors(data, kept) == 3
    assert (kept / "manifest.txt").read_text().splitlines()[1] == manifest.splitlines()[1]


def test_a_broken_manifest_is_no_obstacle(data: Path, kept: Path) -> None:
    mayors(data, kept)
    for broken in ("", "[]", "store-1", "../../elsewhere\n\n\n", "\xff"):
        (kept / "manifest.txt").write_bytes(broken.encode("latin-1"))
        assert mayors(data, kept) == 3, broken


def no_files(store: Path) -> None:
    for file in store.iterdir():
        file.unlink()


def flip_bits(store: Path) -> None:
    for table in store.glob("*.sst"):
        content = bytearray(table.read_bytes())
        content[len(content) // 2] ^= 0xFF
        table.write_bytes(content)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "all files gone": no_files,
    "bad CURRENT": lambda store: (store / "CURRENT").write_text("garbage"),
    "no CURRENT": lambda store: (store / "CURRENT").unlink(),
    "a table gone": lambda store: next(store.glob("*.sst")).unlink(),
    "a bad manifest": lambda store: next(store.glob("MANIFEST-*")).write_text("garbage"),
    "a bad block": flip_bits,
    "no index of names": lambda store: (store.parent / "names.sqlite").unlink(),
    "a bad index of names": lambda store: (store.parent / "names.sqlite").write_text("no database" * 999),
}


def test_a_damaged_store_is_made_again(data: Path, kept: Path) -> None:
    mayors(data, kept)
    for damage, harm in DAMAGES.items():
        harm(kept / stores(kept)[0] / "triples")
        assert (mayors(data, kept), mayors(data, kept)) == (3, 3), damage


def test_a_store_that_cannot_be_mended_is_an_error_that_says_what_to_do(
    data: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mayors(data, kept)
    no_files(kept / stores(kept)[0] / "triples")
    monkeypatch.setattr("shutil.rmtree", lambda *_, **__: None)
    with pytest.raises(solgraph.DataError, match=r"(?s)cannot be opened.*Remove the folder"):
        mayors(data, kept)


@pytest.mark.parametrize("message", ["Corruption: block checksum mismatch", "another"])
def test_damage_that_shows_while_rows_are_read_is_an_error_that_says_what_to_do(message: str) -> None:
    expected = solgraph.DataError if message.startswith("Corruption") else RuntimeError
    with pytest.raises(expected, match=message), reporting_damage():
        raise RuntimeError(message)


@pytest.mark.parametrize("ending", ["trig.gz", "jsonld", "rdf"])
def test_it_is_made_from_every_form(
    ending: str, tmp_path: Path, slim: solgraph.Knowledge, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solgraph.graph.snapshot.ontology_files", without_vocabularies)
    slim.export(tmp_path / f"x.{ending}")
    kg = solgraph.open(tmp_path / f"x.{ending}", store=kept)
    assert set(kg.store) == set(solgraph.open(tmp_path / f"x.{ending}").store)


def test_malformed_data_leaves_no_store(data: Path, kept: Path) -> None:
    (data / "sources" / "zeta.ttl").write_text("city:x a sg:City")
    with pytest.raises(solgraph.DataError, match=r"zeta.ttl:1:1"):
        mayors(data, kept)
    assert stores(kept) == []


SLOW = """
import sys, time
import solgraph, solgraph.rdf.store_on_disk
quads = solgraph.rdf.store_on_disk.quads
def slow(file):
    print("reading", flush=True)
    time.sleep(60)
    yield from quads(file)
solgraph.rdf.store_on_disk.quads = slow
solgraph.open(sys.argv[1], store=sys.argv[2]).query("mayors", city="Ardea")
"""


def test_killed_while_it_is_made_the_next_run_starts_clean(data: Path, kept: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", SLOW, str(data), str(kept)], stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"reading\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert not (kept / "manifest.txt").exists()
    assert any("being-made" in one for one in stores(kept))
    assert mayors(data, kept) == 3
    assert not any("being-made" in one.name for one in kept.iterdir())


def test_two_that_make_it_at_once_both_answer(data: Path, kept: Path) -> None:
    ask = (
        "import sys, solgraph; print(len(solgraph.open(sys.argv[1], store=sys.argv[2]).query('mayors', city='Ardea')))"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", ask, str(data), str(kept)], stdout=subprocess.PIPE) for _ in range(3)
    ]
    assert [run.communicate(timeout=60)[0] for run in runs] == [b"3\n"] * 3
    assert len(stores(kept)) == 1


def test_a_name_is_found_as_it_is_without_a_store(data: Path, kept: Path) -> None:
    kg, without = solgraph.open(data, store=kept), solgraph.open(data)
    for name in ("Ardea", "ardea", "Ardeja", "city:ardea", "L'Ardea", "https://w3id.org/solgraph/id/city/ardea"):
        assert len(kg.query("mayors", city=name)) == 3
        assert kg.find(name) == without.find(name), name


def test_a_wrong_name_gets_the_same_sentence(data: Path, kept: Path) -> None:
    both = (solgraph.open(data, store=kept), solgraph.open(data))
    for name in ("Ardae", "Twinham", "letters", ""):
        sentences = set()
        for kg in both:
            with pytest.raises(solgraph.ParameterError) as error:
                kg.query("mayors", city=name)
            sentences.add(str(error.value))
        assert len(sentences) == 1, name


def test_names_that_were_looked_through_in_vain_are_not_all_that_is_known(
    data: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ardea = "https://w3id.org/solgraph/id/city/ardea"
    monkeypatch.setattr("solgraph.rdf.store_on_disk.Prepared.near", lambda *_: [ardea])
    with pytest.raises(solgraph.ParameterError, match="Known: Ardea, Belmonte"):
        solgraph.open(data, store=kept).query("mayors", city="Xyzzy")


@pytest.fixture
def large(data: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> solgraph.Knowledge:
    """A prepared store that counts as large: of its names only a few may be read at once."""
    monkeypatch.setattr("solgraph.graph.names._MOST_NAMES", 2)
    monkeypatch.setattr("solgraph.rdf.store_on_disk._BESIDE", 12)
    monkeypatch.setattr("solgraph.rdf.store_on_disk._NEAR", 8)
    return solgraph.open(data, store=kept)


def test_a_wrong_name_is_looked_up_among_its_neighbours(large: solgraph.Knowledge, small: solgraph.Knowledge) -> None:
    read: list[int] = []
    ask = large.endpoint.ask
    large.endpoint.ask = lambda query: (answer := ask(query), read.append(len(answer.terms)))[0]  # type: ignore[method-assign]
    wrong = {"Ardae": "Ard", "Arde": "Ardea", "Dron": "Dorn", "city:ardae": "Ard", "ÁRDEEE": "Ardée"}
    for name, nearest in wrong.items():
        with pytest.raises(solgraph.ParameterError, match=f"names no City in this graph.\nDid you mean.* '{nearest}"):
            large.query("mayors", city=name)
        with pytest.raises(solgraph.ParameterError, match=f"names no thing in this graph.\nDid you mean.* '{nearest}"):
            large.find(name)
    assert max(read) < len(small.names()) / 50


def test_a_name_that_nothing_is_near_to_reads_only_a_few(large: solgraph.Knowledge) -> None:
    with pytest.raises(solgraph.ParameterError, match="names no City in this graph"):
        large.query("mayors", city="Xyzzy")
    assert len(large.names("sg:City")) > 2


def test_a_folder_of_other_things_is_left_alone(data: Path, kept: Path) -> None:
    kept.mkdir()
    (kept / "thesis.txt").write_text("mine")
    with pytest.raises(solgraph.WrongUse, match="holds other things"):
        mayors(data, kept)
    assert [one.name for one in kept.iterdir()] == ["thesis.txt"]


def test_a_file_is_no_folder(data: Path, kept: Path) -> None:
    kept.write_text("")
    with pytest.raises(solgraph.WrongUse, match="is a file"):
        mayors(data, kept)


def test_missing_data_are_an_error_with_a_store_too(tmp_path: Path, kept: Path) -> None:
    with pytest.raises(solgraph.WrongUse, match="nowhere cannot be read"):
        mayors(tmp_path / "nowhere", kept)


def test_it_is_an_option_of_the_command_line(run: Callable[..., Result], data: Path, kept: Path) -> None:
    asked = ("query", "mayors", "Ardea", "--data", str(data), "-f", "csv")
    assert run(*asked, "--store", str(kept)).stdout == run(*asked).stdout
    assert len(stores(kept)) == 1


def test_a_store_and_an_endpoint_cannot_be_combined(kept: Path) -> None:
    with pytest.raises(solgraph.WrongUse, match="cannot be combined"):
        solgraph.open(endpoint="http://localhost:1/query", store=kept)


# The shipped data, in the user's cache folder


@pytest.fixture
def cache(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder of a user for whom the small data are the shipped ones."""
    monkeypatch.delenv("SOLGRAPH_DATA")
    monkeypatch.setattr("solgraph.resources._DATA", data)
    monkeypatch.setattr("solgraph.rdf.store_on_disk.cache_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


def test_the_command_line_asks_a_cached_store(
    run: Callable[..., Result], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("query", "mayors", "Ardea", "-f", "csv")
    before = run(*asked).stdout
    assert len(stores(cache / "shipped")) == 1
    monkeypatch.setattr("solgraph.rdf.store.File.read", lambda file: pytest.fail(f"{file.path} was read"))
    monkeypatch.setattr("solgraph.rdf.store_on_disk._key", lambda files: pytest.fail("the files were read"))
    assert run(*asked).stdout == before
    assert "Ardea" in run("show", "Ardea").stdout
    assert run("sparql", "SELECT ?g { GRAPH ?g { ?city a sg:City } }", "-f", "csv").stdout.count("\n") > 1


def test_an_edit_that_keeps_size_and_time_is_noticed(run: Callable[..., Result], cache: Path, data: Path) -> None:
    run("query", "mayors", "Ardea")
    alpha = data / "sources" / "alpha.ttl"
    before = alpha.stat()
    alpha.write_text(alpha.read_text().replace('"2015"^^xsd:gYear', '"2016"^^xsd:gYear'))
    os.utime(alpha, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert ",2016," in run("query", "mayors", "Ardea", "-f", "csv").stdout


def test_without_a_folder_to_cache_in_the_files_are_read(run: Callable[..., Result], cache: Path) -> None:
    cache.write_text("a file where the folder should be")
    assert run("query", "mayors", "Ardea", "-f", "csv").stdout.count("\n") == 4


def test_other_data_are_not_cached(run: Callable[..., Result], cache: Path, data: Path) -> None:
    run("query", "mayors", "Ardea", "--data", str(data / "sources" / "alpha.ttl"), "--add", str(data / "places.ttl"))
    assert not cache.exists()


def test_a_user_without_a_home_is_answered(
    run: Callable[..., Result], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("solgraph.rdf.store_on_disk.cache_folder", homeless)
    assert run("query", "mayors", "Ardea", "-f", "csv").stdout.count("\n") == 4
    assert not cache.exists()
