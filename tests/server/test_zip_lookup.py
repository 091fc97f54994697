"""Members that are found one by one, beside the whole directory as `zipfile` reads it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_plugin_cnnviz import bundle
from tensorboard_plugin_cnnviz.bundle_files import BundleError
from tensorboard_plugin_cnnviz.server import zip_lookup
from tensorboard_plugin_cnnviz.server.zip_lookup import find_member

NAMES = st.sampled_from(["a.npy", "aa.npy", "p0/image.npy.gz", "p1/l1/strip.npy.gz", "p11/l1/strip.npy.gz"])


def write(path: Path, members: dict[str, bytes]) -> Path:
    with bundle.create_bundle(path) as writer:
        for name, data in members.items():
            writer.add(name, data)
    return path


# What a member holds may look like the zip's own.
@given(st.dictionaries(NAMES, st.one_of(st.binary(max_size=50), st.just(b"PK\x01\x02" + bytes(42) + b"a.npy"))))
def test_each_member_is_where_the_directory_says(tmp_path_factory, members):
    path = write(tmp_path_factory.mktemp("found") / bundle.file_name(0), {**members, "manifest.json": b"{}"})
    spans = bundle.read_directory(path)
    for name in ("a.npy", "aa.npy", "p1/l1/strip.npy.gz", "p1/l1/strip.npy", "l1/strip.npy.gz", "manifest.json", ""):
        assert find_member(path, name) == spans.get(name)


@given(st.data())
def test_of_a_damaged_bundle_a_member_is_found_or_an_error_told(tmp_path_factory, data):
    path = write(tmp_path_factory.mktemp("damaged") / bundle.file_name(0), {"a.npy": bytes(9), "manifest.json": b"{}"})
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        span = find_member(path, "manifest.json")
        if span is not None:
            bundle.read_span(path, span)
    except BundleError:
        pass


@pytest.mark.parametrize("comment", [b"", b"of another tool"])
@pytest.mark.parametrize("large", [False, True])
def test_what_other_tools_write_is_found_too(tmp_path, monkeypatch, comment, large):
    if large:  # a zip64, as of bundles of more than 2 GB
        monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 10)
    path = tmp_path / bundle.file_name(0)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.npy", bytes(30))
        archive.writestr("manifest.json", b"{}")
        archive.comment = comment
    monkeypatch.undo()
    for name in ("a.npy", "manifest.json"):
        assert find_member(path, name) == bundle.read_directory(path)[name]
        with zipfile.ZipFile(path) as archive:
            assert bundle.read_span(path, find_member(path, name)) == archive.read(name)


def test_a_compressed_member_is_refused(tmp_path):
    path = tmp_path / bundle.file_name(0)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", bytes(300))
    with pytest.raises(BundleError, match="damaged"):
        find_member(path, "a.npy")


def test_the_other_members_are_not_read(tmp_path, monkeypatch):
    reads = []

    class Counting(io.FileIO):
        def read(self, size=-1):
            reads.append(size)
            return super().read(size)

    monkeypatch.setattr(zip_lookup, "opened", lambda path, buffering: Counting(path))
    names = [f"p{index}/image.npy.gz" for index in range(1000)]
    path = write(tmp_path / bundle.file_name(0), {name: bytes(10_000) for name in names})
    assert find_member(path, "p500/image.npy.gz") == bundle.read_directory(path)["p500/image.npy.gz"]
    assert len(reads) == 3
    assert sum(reads) < path.stat().st_size / 50
