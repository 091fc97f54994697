"""`make demo`: installs what is missing, starts TensorBoard, trains the instrument recogniser, serves until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import IO

import environment
from supervisor import FailedError, StoppedError, Supervisor

INSTALLING_GIGABYTES = 3.0
TRAINING_GIGABYTES = 1.0
START_SECONDS = 120
HOST = "127.0.0.1"
TRAIN = environment.ROOT / "examples" / "instrument_recognition" / "train.py"


def main() -> int:
    """Run the demo; the status is 0 where Ctrl-C ended it after everything was done."""
    trained = False
    with tempfile.TemporaryFile() as printed, Supervisor() as supervisor:
        try:
            options = _parse()
            url = f"http://localhost:{options.port}/#cnnviz"
            _check_port(options.port)
            _check_logdir(options.logdir)
            _check_disk()
            _install(supervisor)
            tensorboard = _serve(supervisor, options, printed)
            print(f"\nTensorBoard is ready: {url}\nThe tab fills epoch by epoch while the model trains.\n")
            train = [environment.PYTHON, TRAIN, "--logdir", options.logdir, "--epochs", str(options.epochs)]
            supervisor.run(train, cwd=environment.ROOT, beside=[tensorboard])
            trained = True
            print(f"\nTraining is done. TensorBoard goes on at {url}\nCtrl-C ends it.")
            while True:
                supervisor.pause(beside=[tensorboard])
        except FailedError as failure:
            print(f"\nmake demo: {failure}", file=sys.stderr)
            return 1
        except StoppedError as stopped:
            print(f"\nStopped ({stopped}); ending what was started.")
            return 0 if trained and stopped.status == 128 + signal.SIGINT else stopped.status


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--port", type=_port, default=6006)
    parser.add_argument("--epochs", type=_count, default=8)
    parser.add_argument("--logdir", type=_folder, default="logs")
    return parser.parse_args()


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65_535):
        raise FailedError(f"PORT={text} is no port; give a number from 1 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) >= 1):
        raise FailedError(f"EPOCHS={text} is no number of epochs; give a whole number of at least 1")
    return int(text)


def _folder(text: str) -> Path:
    # An empty path is the working directory.
    if not text.strip():
        raise FailedError(f"LOGDIR={text} names no folder; give one, such as LOGDIR=logs, or leave it out")
    return Path(text).expanduser().absolute()


def _check_port(port: int) -> None:
    """Refuse a port that someone listens on, at either address that a browser takes "localhost" for."""
    remedy = f"choose another, such as: make demo PORT={port + 1 if port < 65_535 else 6006}"
    for family, address in ((socket.AF_INET, HOST), (socket.AF_INET6, "::1")):
        try:
            with socket.create_connection((address, port), timeout=1):
                raise FailedError(f"port {port} is in use; {remedy}")
        except OSError:
            pass
        if family == socket.AF_INET:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((address, port))
                except OSError as error:
                    raise FailedError(f"port {port} cannot be used ({error.strerror}); {remedy}") from error


def _check_logdir(logdir: Path) -> None:
    try:
        logdir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=logdir):
            pass
    except OSError as error:
        raise FailedError(f"LOGDIR={logdir} cannot be written to ({error.strerror}); choose another folder") from error


def _check_disk() -> None:
    needed = TRAINING_GIGABYTES if environment.is_current("demo") else INSTALLING_GIGABYTES
    free = shutil.disk_usage(environment.ROOT).free / 1e9
    if free < needed:
        raise FailedError(f"{free:.1f} GB are free on the disk of {environment.ROOT}; {needed:g} GB are needed")


def _install(supervisor: Supervisor) -> None:
    steps = environment.steps("demo")
    if steps:
        print(f"Installing into {environment.VENV} (TensorFlow is large: some minutes the first time)")
    for step in steps:
        # pip removes what it has unpacked when it is interrupted, not when it is terminated.
        ask_with = signal.SIGINT if "pip" in step else signal.SIGTERM
        supervisor.run(step, cwd=environment.ROOT, ask_with=ask_with)
    environment.mark_current("demo")


def _serve(supervisor: Supervisor, options: argparse.Namespace, printed: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start TensorBoard and wait until the plugin answers; what TensorBoard prints goes to `printed`."""
    print("Starting TensorBoard ...")
    # The time that installing takes is enough for someone else to take the port.
    _check_port(options.port)
    command = [environment.PYTHON, "-m", "tensorboard.main", "--logdir", options.logdir]
    command += ["--host", HOST, "--port", str(options.port)]
    tensorboard = supervisor.start(command, cwd=environment.ROOT, output=printed)
    deadline = time.monotonic() + START_SECONDS
    try:
        while not _answers(options.port):
            supervisor.pause(beside=[tensorboard])
            if time.monotonic() > deadline:
                raise FailedError(f"TensorBoard did not answer within {START_SECONDS} s")
    except FailedError as failure:
        printed.seek(0)
        raise FailedError(f"{printed.read().decode(errors='replace').strip()}\n{failure}") from failure
    return tensorboard


def _answers(port: int) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://{HOST}:{port}/data/plugin/cnnviz/index", timeout=5):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if not sys.stdout.isatty():
        os.environ.setdefault("TQDM_MININTERVAL", "10")
    sys.exit(main())
