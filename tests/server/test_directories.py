"""A run's directory is the one that TensorBoard itself reads the run from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tensorboard.backend.event_processing import data_ingester
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer

from tensorboard_plugin_cnnviz.server.directories import (
    DirectoryError,
    Root,
    parse_roots,
    run_directories,
    sibling_parent,
)

from .conftest import write_scalars

SPECS = [
    "/a",
    "one:/a",
    "one:/a,two:/b",
    "/a,two:/b,/c",
    "/foo:bar/baz",
    "one:/path:with/a/colon",
    "one:/a,two:/a",
    "one:relative,other",
    "gs://bucket/logs",
    "one:s3://bucket/logs,two:/b",
    "~/logs,home:~/more",
    "one:~",
    "nested/name:/a",
    "/a,",
    ":/a",
]


@pytest.mark.parametrize("spec", SPECS)
def test_logdir_spec_is_parsed_as_tensorboard_parses_it(spec: str) -> None:
    theirs = data_ingester._parse_event_files_spec(spec)
    ours = {root.path: root.name for root in parse_roots(logdir="", logdir_spec=spec)}
    assert ours == {path: name or None for path, name in theirs.items()}


def test_logdir_expands_the_home_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert parse_roots(logdir="~/logs", logdir_spec=None) == (Root(str(tmp_path / "logs"), None),)


TABLE = [
    # logdir, logdir_spec, run, directories
    ("/logs", None, "run1/cnnviz", ["/logs/run1/cnnviz"]),
    ("/logs", None, ".", ["/logs"]),
    ("/logs/", None, "cnnviz", ["/logs/cnnviz"]),
    ("/logs", "ignored:/b", "run1", ["/logs/run1"]),
    ("/logs", None, "a b/ü '\"<x>", ["/logs/a b/ü '\"<x>"]),
    ("/logs", None, "..hidden/a..b", ["/logs/..hidden/a..b"]),
    ("/logs,other", None, "run1", ["/logs,other/run1"]),
    (None, "one:/a,two:/b", "one/run", ["/a/run"]),
    (None, "one:/a,two:/b", "two/.", ["/b"]),
    (None, "one:/a", "one/.", ["/a"]),
    (None, "one:/a,one/two:/b", "one/two/run", ["/b/run", "/a/two/run"]),
    (None, "/a,/b", "run", ["/b/run", "/a/run"]),
    (None, "/a,one:/b", "one/run", ["/b/run", "/a/one/run"]),
    (None, "gs://bucket,/b", "run", ["/b/run"]),
]


@pytest.mark.skipif(os.name == "nt", reason="the table's paths are POSIX paths")
@pytest.mark.parametrize(("logdir", "spec", "run", "expected"), TABLE)
def test_table_of_runs(logdir: str | None, spec: str | None, run: str, expected: list[str]) -> None:
    roots = parse_roots(logdir=logdir, logdir_spec=spec)
    assert [str(path) for path in run_directories(run, roots)] == expected


REFUSED = [
    ("/logs", None, "..", "leads out of"),
    ("/logs", None, "../other", "leads out of"),
    ("/logs", None, "run1/../../other", "leads out of"),
    ("/logs", None, "/etc", "leads out of"),
    ("/logs", None, "//etc", "leads out of"),
    ("/logs", None, "run\0", "leads out of"),
    ("/logs", None, "", "leads out of"),
    (None, "one:/a", "one/../x", "leads out of"),
    (None, "one:/a", "one//etc", "leads out of"),
    (None, "one:/a", "two/run", "in none of the directories"),
    (None, "one:/a", "one", "in none of the directories"),
    (None, None, "run", "without --logdir"),
    ("", "", "run", "without --logdir"),
    ("gs://bucket/logs", None, "run", "arrays on remote log directories cannot be read yet"),
    ("s3://bucket/logs", None, "run", "arrays on remote log directories cannot be read yet"),
    ("hdfs://host:9000/logs", None, ".", "arrays on remote log directories cannot be read yet"),
    (None, "one:gs://bucket,two:/b", "one/run", "arrays on remote log directories cannot be read yet"),
]


@pytest.mark.parametrize(("logdir", "spec", "run", "sentence"), REFUSED)
def test_table_of_refusals(logdir: str | None, spec: str | None, run: str, sentence: str) -> None:
    roots = parse_roots(logdir=logdir, logdir_spec=spec)
    with pytest.raises(DirectoryError, match=sentence):
        run_directories(run, roots)


@pytest.mark.parametrize("form", ["logdir", "logdir_spec", "named", "nested names"])
def test_every_run_that_tensorboard_finds_is_found_in_the_same_place(tmp_path: Path, form: str) -> None:
    logs, linked = tmp_path / "logs", tmp_path / "elsewhere"
    for directory in (logs, logs / "run1" / "cnnviz", logs / "a b", linked / "deep"):
        write_scalars(directory, "loss", {0: 1.0})
    (logs / "link").symlink_to(linked, target_is_directory=True)
    flags = {
        "logdir": {"logdir": str(logs), "logdir_spec": None},
        "logdir_spec": {"logdir": "", "logdir_spec": f"{linked},{logs}"},
        "named": {"logdir": "", "logdir_spec": f"one:{logs},two:{linked}"},
        "nested names": {"logdir": "", "logdir_spec": f"one:{logs},one/two:{linked}"},
    }[form]
    multiplexer = EventMultiplexer()
    paths = {flags["logdir"]: None} if flags["logdir"] else data_ingester._parse_event_files_spec(flags["logdir_spec"])
    for path, name in paths.items():
        multiplexer.AddRunsFromDirectory(path, name)
    found = multiplexer.RunPaths()
    assert len(found) >= 4
    for run, path in found.items():
        candidates = run_directories(run, parse_roots(**flags))
        assert next(candidate for candidate in candidates if candidate.is_dir()) == Path(path), run


@pytest.mark.parametrize(
    ("run", "parent"),
    [("run1/cnnviz", "run1"), ("a/b/cnnviz", "a/b"), ("cnnviz", ""), (".", None), ("name/.", None)],
)
def test_siblings_share_the_parent(run: str, parent: str | None) -> None:
    assert sibling_parent(run) == parent
