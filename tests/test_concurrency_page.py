"""What docs/concurrency.md says and does not run itself; ``test_concurrency.py`` tries threads and processes."""

import os
import pickle
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import solgraph

PAGE = Path(__file__).parents[1] / "docs" / "concurrency.md"


def test_the_program_with_a_pool_of_processes_runs(tmp_path: Path) -> None:
    (program,) = re.findall(r"^```py\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    (tmp_path / "cities.py").write_text(program, "utf-8")
    done = subprocess.run(
        [sys.executable, "cities.py"], cwd=tmp_path, capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert "Leoluca Orlando" in done.stdout and "Mike Schubert" in done.stdout


def test_a_graph_on_a_server_is_pickled_with_its_address_and_without_the_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOLGRAPH_USER", "me")
    monkeypatch.setenv("SOLGRAPH_PASSWORD", "secret")
    pickled = pickle.dumps(solgraph.open(endpoint="http://127.0.0.1:9/sparql"))
    assert pickle.loads(pickled).endpoint.name == "http://127.0.0.1:9/sparql"
    assert b"secret" not in pickled


def test_other_threads_go_on_while_a_query_runs(frozen: solgraph.Knowledge) -> None:
    query = "SELECT (COUNT(*) AS ?paths) { ?a ?p ?b . ?b ?q ?c . ?c ?r ?d }"
    thread = threading.Thread(target=frozen.sparql, args=[query])
    frozen.sparql("ASK { ?s ?p ?o }")
    steps = 0
    thread.start()
    while thread.is_alive():
        time.sleep(0.001)
        steps += 1
    assert steps > 5
