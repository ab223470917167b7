"""Programs that tests run and that pip does not install: where one is missing, the test is skipped and names it.

With ``SOLGRAPH_ENGINES=required``, as in ``.ci/run``, what is missing fails the test.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

import pytest

#: Outside the checkout, and kept from one run to the next.
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "solgraph-tests"
NPM = "npm install --no-package-lock --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-timeout=20000"
_DEBIAN = {
    "Rscript": "r-base-core r-cran-igraph r-cran-tidygraph",
    "rapper": "raptor2-utils",
    "virtuoso-t": "virtuoso-opensource-7",
    "dot": "graphviz",
    "node": "nodejs",
    "chromium": "chromium fonts-liberation",
}
_PYTHON = ("mypy", "pyright")


def required() -> bool:
    return os.environ.get("SOLGRAPH_ENGINES") == "required"


def missing(reason: str) -> NoReturn:
    """Skip the test, or fail it where everything has to be there."""
    if required():
        pytest.fail(f"{reason} (SOLGRAPH_ENGINES=required)", pytrace=False)
    pytest.skip(reason)


def needs(program: str, *others: str) -> str:
    """The path of a program, or of one that does as well; skips the test where there is none."""
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    for name in (program, *others):
        if path := shutil.which(name, path=beside):
            return path
    how = "pip install" if program in _PYTHON else "on Debian: apt-get install"
    missing(f"{program} is not installed; {how} {_DEBIAN.get(program, program)}")


def needs_packages(name: str, versions: Mapping[str, str]) -> Path:
    """A folder in which npm has installed these packages; skips the test without Node.js, npm or a registry."""
    needs("node")
    needs("npm")
    wanted = json.dumps({"private": True, "dependencies": dict(versions)})
    folder = CACHE / f"{name}-{sha256(wanted.encode()).hexdigest()[:12]}"
    if not folder.is_dir():
        try:
            _install(wanted, folder)
        except (OSError, subprocess.SubprocessError) as error:
            missing(f"{', '.join(versions)} cannot be installed with npm: {error}")
    return folder


def _install(wanted: str, folder: Path) -> None:
    """Install beside the folder and rename, so that it is there whole or not at all."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as temporary:
        fresh = Path(temporary, "packages")
        fresh.mkdir()
        Path(fresh, "package.json").write_text(wanted)
        subprocess.run(NPM.split(), cwd=fresh, check=True, capture_output=True, timeout=300)
        try:
            fresh.rename(folder)
        except OSError:
            if not folder.is_dir():  # unless another test process was faster
                raise
