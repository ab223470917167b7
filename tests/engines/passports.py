"""Writes the passports that are shipped: python tests/engines/passports.py [ENGINE …], from the top of the checkout."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from starting import ENGINES  # noqa: E402

import solgraph  # noqa: E402
from solgraph.engines.passport import PASSPORTS  # noqa: E402
from solgraph.resources import DATA_VARIABLE  # noqa: E402

if __name__ == "__main__":
    os.environ.pop(DATA_VARIABLE, None)
    for name in sys.argv[1:] or ENGINES:
        with ENGINES[name](solgraph.open()) as engine:
            command = [sys.executable, "-m", "solgraph", "test", "--endpoint", engine.endpoint, "--timeout", "300"]
            command += ["--engine", engine.name] if engine.name else []
            subprocess.run([*command, "--write-passport", PASSPORTS / f"{name}.json"], check=False)
