"""Checks `make demo` as a stranger would first meet it: an empty HOME, no terminal, nothing left behind.

`check_demo.py COPY`, where COPY is a folder that holds the project's files and nothing else.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

# Every descendant inherits it, whatever session or parent it ends up with.
MARK = "CNNVIZ_DEMO_CHECK"
FIRST_STEP_MINUTES = 45
ENDING_SECONDS = 60


def main() -> int:
    """Run the demo until its first epoch can be had over HTTP, interrupt it, and look for survivors."""
    copy = Path(sys.argv[1]).resolve()
    port, mark = _free_port(), secrets.token_hex(16)
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOME": home, MARK: mark}
        for name in ("VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL", "PYTHON"):
            environment.pop(name, None)
        command = ["make", "demo", "EPOCHS=1", f"PORT={port}", "LOGDIR=check logs"]
        demo = subprocess.Popen(command, cwd=copy, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            _wait_for_first_epoch(demo, f"http://127.0.0.1:{port}/data/plugin/cnnviz")
            print("The first epoch is there; interrupting the demo", flush=True)
            os.killpg(demo.pid, signal.SIGINT)
            status = demo.wait(ENDING_SECONDS)
            # make passes the signal on by dying of it, unless it had nothing left to wait for.
            _require(status in (-signal.SIGINT, 128 + signal.SIGINT, 2, 0), f"make demo ended with status {status}")
            _require(not living(mark), f"still alive after Ctrl-C: {living(mark)}")
            _require(_is_free(port), f"port {port} is still in use after Ctrl-C")
        finally:
            for process in living(mark):
                os.kill(process, signal.SIGKILL)
    print("make demo: the first epoch arrived over HTTP, Ctrl-C ended everything")
    return 0


def _wait_for_first_epoch(demo: subprocess.Popen[bytes], routes: str) -> None:
    deadline = time.monotonic() + 60 * FIRST_STEP_MINUTES
    while not _first_epoch(routes):
        _require(demo.poll() is None, f"make demo ended early with status {demo.poll()}")
        _require(time.monotonic() < deadline, f"no epoch within {FIRST_STEP_MINUTES} minutes")
        time.sleep(1)


def _first_epoch(routes: str) -> bool:
    """Tell whether the arrays of epoch 0 can be had, not only its record."""
    for listed in (_get(f"{routes}/index") or {"runs": []})["runs"]:
        run = urllib.parse.quote(listed["run"], safe="")
        answer = _get(f"{routes}/steps?run={run}") or {"steps": []}
        for step in answer["steps"]:
            if step["step"] == 0 and step["record"] and step["record"]["bundle"]:
                manifest = _get(f"{routes}/manifest?run={run}&file={step['record']['bundle']['file']}")
                return bool(manifest) and all(manifest["responses"])
    return False


def _get(url: str) -> Any:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{url} answered {error.code}: {error.read().decode(errors='replace')}") from error
    except OSError:
        return None


def living(mark: str) -> dict[int, str]:
    """Give id and command line of all processes that carry the mark, zombies left out (their environment is empty)."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (process / "environ").read_bytes().split(b"\0"):
                found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SystemExit(f"check_demo: {otherwise}")


if __name__ == "__main__":
    sys.exit(main())
