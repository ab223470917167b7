"""Runs a server, again whenever it breaks down, until it is told to end: python again.py COMMAND …"""

import signal
import subprocess
import sys
import time
from pathlib import Path

process: "subprocess.Popen[bytes] | None" = None


def end(*_: object) -> None:
    if process:
        process.terminate()
        process.wait(30)
    sys.exit(0)


signal.signal(signal.SIGTERM, end)
while True:
    Path("virtuoso.lck").unlink(missing_ok=True)  # left by one that broke down
    process = subprocess.Popen(sys.argv[1:])
    process.wait()
    time.sleep(0.5)
