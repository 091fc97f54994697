"""A real TensorBoard process, started, asked, killed and started again on the same port."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

PATIENCE = 120  # seconds; only a server that never answers takes as long
HOST = "127.0.0.1"
DATA_SERVERS = ("true", "false")


class TensorBoard:
    """Serves a log directory on a free port of this machine while the `with` block lasts.

    Args:
        logdir: what is served; need not exist yet.
        load_fast: "true" for the Rust data server, "false" for the Python one.
        path_prefix: as of TensorBoard's option.
        reload_interval: seconds after which it looks for news; its own default is 5.
    """

    def __init__(
        self, logdir: Path, *, load_fast: str = "true", path_prefix: str = "", reload_interval: int = 1
    ) -> None:
        self.logdir = logdir
        self.host = f"http://{HOST}:{free_port()}"
        self.url = self.host + path_prefix
        self._options = [
            f"--load_fast={load_fast}",
            f"--path_prefix={path_prefix}",
            f"--reload_interval={reload_interval}",
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> TensorBoard:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        port = self.host.rpartition(":")[2]
        command = [sys.executable, "-m", "tensorboard.main", f"--logdir={self.logdir}", f"--host={HOST}"]
        quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
        self._process = subprocess.Popen(
            [*command, f"--port={port}", *self._options],
            env=quiet,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self.wait_until(self._answers)
        except BaseException:
            self.stop()  # nobody else would
            raise

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    @property
    def pid(self) -> int:
        """Of the process that serves; the Rust data server is its child."""
        assert self._process is not None
        return self._process.pid

    def read(self, route: str, **parameters: Any) -> Any:
        """The JSON that a route of the plugin answers."""
        return json.loads(self.read_bytes(route, **parameters))

    def read_bytes(self, route: str, **parameters: Any) -> bytes:
        """What a route of the plugin answers."""
        query = urllib.parse.urlencode(parameters)
        with urllib.request.urlopen(f"{self.url}/data/plugin/cnnviz/{route}?{query}", timeout=PATIENCE) as response:
            body: bytes = response.read()
        return body

    def wait_for(self, run: str, step: int) -> None:
        """Return when the data server has read a run up to a step."""
        self.wait_until(lambda: {"run": run, "last_step": step}.items() <= self._run(run).items())

    def wait_for_runs(self) -> None:
        """Return when the data server has found any run that the plugin shows."""
        self.wait_until(lambda: bool(self.read("index")["runs"]))

    def _run(self, run: str) -> dict[str, Any]:
        return next((entry for entry in self.read("index")["runs"] if entry["run"] == run), {})

    def _answers(self) -> bool:
        try:
            self.read("index")
        except urllib.error.URLError:
            return False
        return True

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Return when the condition holds."""
        assert self._process is not None
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, "TensorBoard does not get there"
            try:
                self._process.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(f"TensorBoard ended with status {self._process.returncode}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
