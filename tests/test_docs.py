"""README and docs are true: their Python runs, one process a page; their commands run, here or elsewhere in CI."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .pages import AFTERWARDS, READERS_OWN
from .serving import serving

ROOT = Path(__file__).parent.parent
PAGES = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))}
LINKED = [*(ROOT / "docs").glob("*.md"), *ROOT.glob("*.md"), *(ROOT / "tensorboard_plugin_cnnviz").rglob("*.md")]
PATIENCE = 120  # seconds; only a server that never answers takes as long
RUN_ELSEWHERE = {
    "make demo": ".ci/run",
    "make test": ".ci/run",
    "pip install .": "test_package.py",
    'pip install ".[keras]"': "make versions, with the CPU build of TensorFlow",
    "python examples/pretrained.py model.keras violin.wav flute.wav --class-names flute,violin": "test_pretrained.py",
}


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGES[page], re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[str]:
    return [line for block in blocks(page, "sh") for line in block.splitlines()]


Ran = dict[str, tuple[Path, subprocess.CompletedProcess[str]]]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The folder in which each page's Python ran, and what it printed."""

    def run(page: str) -> tuple[Path, subprocess.CompletedProcess[str]]:
        folder = folders[page]
        program = "\n".join([READERS_OWN.get(page, ""), *blocks(page, "python"), AFTERWARDS.get(page, "")])
        environment = {
            **os.environ,
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "KERAS_BACKEND": "tensorflow",
            "PYTHONPATH": str(ROOT),
            # Two pages run at a time; as in `conftest.py`.
            "NUMBA_CACHE_DIR": str(compiled[page]),
        }
        command = [sys.executable, "-W", "error::UserWarning:__main__", "-c", program]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        return folder, done

    folders = {page: tmp_path_factory.mktemp(page) for page in PAGES}
    compiled = {page: tmp_path_factory.mktemp("numba") for page in PAGES}
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(PAGES, pool.map(run, PAGES), strict=True))


@pytest.mark.parametrize("page", PAGES)
def test_the_python_runs_as_it_stands(ran, page):
    _, done = ran[page]
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_said_in_a_language_that_no_test_runs(page):
    assert set(re.findall(r"^```(\w*)\n.*?^```$", PAGES[page], re.MULTILINE | re.DOTALL)) <= {"python", "sh", "text"}


def test_commands_that_run_elsewhere_are_still_in_the_pages():
    assert RUN_ELSEWHERE.keys() <= {command for page in PAGES for command in commands(page)}


def test_every_other_command_serves_what_the_readme_logged(ran):
    folder, _ = ran["README.md"]
    named = sorted({command for page in PAGES for command in commands(page)} - RUN_ELSEWHERE.keys())
    assert len(named) >= 5
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda command: check_serves(command, folder), named))


def check_serves(command: str, folder: Path) -> None:
    program, *arguments = shlex.split(command)
    assert program in ("tensorboard", "python"), command
    (prefix,) = re.findall(r"--path_prefix=(\S+)", command) or [""]
    spec = re.findall(r"(\w+):logs/\w+", command)
    expected = {f"{name}/cnnviz" for name in spec or ("run1", "run2", "pretrained")}
    with serving([Path(sys.executable).with_name(program), *arguments], folder) as url:
        assert url.endswith(f"{prefix}/"), command
        end = time.monotonic() + PATIENCE
        while (found := {run["run"] for run in index(url)}) != expected:
            assert time.monotonic() < end, f"{command}: {found} in the place of {expected}"
            time.sleep(0.2)


def index(url: str) -> list[dict[str, str]]:
    with urllib.request.urlopen(f"{url}data/plugin/cnnviz/index", timeout=PATIENCE) as answer:
        runs: list[dict[str, str]] = json.load(answer)["runs"]
    return runs


def test_what_is_printed_is_what_the_page_says(ran):
    (shown,) = blocks("disk.md", "text")
    form = re.sub(r"\d+(\\\.\d+)?", r"[\\d.]+", re.escape(shown.strip()))
    assert re.search(re.sub(r"\\ [kMG]B", r" [kMG]?B", form), ran["disk.md"][1].stdout)


def test_messages_are_quoted_as_they_are():
    sources = [*ROOT.glob("tensorboard_plugin_cnnviz/**/*.py"), *ROOT.glob("frontend/src/**/*.ts*")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    quoted = re.findall(r"\*\*(.+?)\*\*", PAGES["troubleshooting.md"])
    # TensorBoard's own, seen in the browser by test_troubleshooting.py.
    quoted.remove('There\'s no dashboard by the name of "cnnviz"')
    assert len(quoted) >= 8
    for quote in quoted:
        for piece in quote.split("…"):
            assert piece.strip() in code, quote


def test_links_and_pictures_are_there():
    for page in LINKED:
        for target, _, anchor in re.findall(r"\]\(([^)#]*)(#([^)]*))?\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                found = page.parent / target if target else page
                assert found.is_file(), f"{page.name}: {target}"
                assert not anchor or anchor in anchors(found), f"{page.name}: {target}#{anchor}"


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
