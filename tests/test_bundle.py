from __future__ import annotations

import gzip
import io
import zipfile
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tensorboard_plugin_cnnviz import bundle
from tensorboard_plugin_cnnviz.bundle import Span
from tensorboard_plugin_cnnviz.bundle_files import BundleError


@given(hnp.arrays(st.sampled_from([np.uint8, np.float32]), hnp.array_shapes(max_dims=4, max_side=5)))
def test_an_array_comes_back(array):
    np.testing.assert_array_equal(bundle.parse_array(bundle.create_array(array)), array)


@given(st.binary(max_size=2000))
def test_compressed_bytes_come_back_and_are_gzip(data):
    packed = bundle.compress(data)
    assert gzip.decompress(packed) == data
    assert bundle.inflate(packed, limit=len(data)) == data
    assert bundle.compress(data) == packed


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda packed: packed[:-3], "cut short"),
        (lambda packed: packed[:12] + b"\xff\xff" + packed[14:], "damaged"),
        (lambda packed: b"", "cut short"),
    ],
)
def test_damaged_gzip_is_told(damage, message):
    packed = bundle.compress(bytes(range(256)) * 4)
    with pytest.raises(BundleError, match=message):
        bundle.inflate(damage(packed), limit=2000)


def test_more_than_declared_is_refused():
    with pytest.raises(BundleError, match="more than the 999 bytes"):
        bundle.inflate(bundle.compress(bytes(1000)), limit=999)


def test_members_are_runs_of_bytes_and_any_zip_reader_reads_them(tmp_path):
    path = tmp_path / bundle.file_name(7)
    array = np.arange(12, dtype=np.float32).reshape(3, 4)
    with bundle.create_bundle(path) as writer:
        stored, inflated = writer.add_array("p0/l0/strip.npy.gz", array)
        writer.add_array("statistics.npy", array)
        writer.add("manifest.json", b"{}")
        size, checksum = writer.finish()
    data = path.read_bytes()
    assert (size, checksum) == (len(data), zlib.crc32(data))
    spans = bundle.read_directory(path)
    assert spans == writer.spans
    assert spans["p0/l0/strip.npy.gz"].bytes == stored
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for name, span in spans.items():
            assert bundle.read_span(path, span) == archive.read(name)
    np.testing.assert_array_equal(np.load(io.BytesIO(bundle.read_span(path, spans["statistics.npy"]))), array)
    assert inflated == len(bundle.create_array(array))


def test_a_failed_bundle_leaves_nothing(tmp_path):
    def write():
        with bundle.create_bundle(tmp_path / bundle.file_name(0)) as writer:
            writer.add("manifest.json", b"{}")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()
    assert list(tmp_path.iterdir()) == []


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=6), st.integers(0, 10_000))
def test_neither_a_bundle_nor_its_temporary_file_takes_more_than_its_room(tmp_path_factory, sizes, room):
    folder = tmp_path_factory.mktemp("room")

    def write(room=None):
        with bundle.create_bundle(folder / bundle.file_name(0), room=room) as writer:
            for index, size in enumerate(sizes):
                writer.add(f"p0/l{index}/strip.npy.gz", bytes(size))
                writer._stream.flush()
                assert room is None or sum(path.stat().st_size for path in folder.iterdir()) <= room
            return writer.finish()[0]

    try:
        assert write(room) <= room
    except bundle.NoRoomError:
        assert list(folder.iterdir()) == []
        assert write() > room - 150 - 50 * len(sizes)


@pytest.mark.parametrize("name", ["../x.npy", "p0/l0/../../x.npy", "/etc/passwd", "p0/evil.sh", "a b.npy", "x.npy\n"])
def test_member_names_are_checked(tmp_path, name):
    with (
        bundle.create_bundle(tmp_path / bundle.file_name(0)) as writer,
        pytest.raises(BundleError, match="member name"),
    ):
        writer.add(name, b"")


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("12-0123456789abcdef.zip", True),
        ("-1-0123456789abcdef.zip", True),
        ("probes-0123456789abcdef.zip", True),
        ("12-0123456789abcdef.zip\n", False),
        ("../12-0123456789abcdef.zip", False),
        ("12-0123456789ABCDEF.zip", False),
        ("1234567890123-0123456789abcdef.zip", False),
        ("\u0661-0123456789abcdef.zip", False),
        ("--1-0123456789abcdef.zip", False),
        ("12-0123456789abcdef.zip/..", False),
        ("", False),
    ],
)
def test_file_names(name, good):
    assert bool(bundle.FILE_NAME.fullmatch(name)) is good


def test_file_names_are_never_given_twice():
    names = {bundle.file_name(1) for _ in range(100)}
    assert len(names) == 100
    assert all(bundle.FILE_NAME.fullmatch(name) for name in names)


@pytest.fixture
def whole(tmp_path):
    path = tmp_path / bundle.file_name(0)
    with bundle.create_bundle(path) as writer:
        writer.add_array("statistics.npy", np.zeros(100, np.float32))
        writer.add("manifest.json", b"{}")
    return path


@pytest.mark.parametrize("keep", [0, 1, 30, 200, -1, -22])
def test_a_truncated_bundle_is_told(whole, keep):
    data = whole.read_bytes()
    whole.write_bytes(data[:keep])
    with pytest.raises(BundleError, match=whole.name):
        bundle.read_directory(whole)


@given(st.data())
def test_no_damage_makes_anything_but_a_bundle_error(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("damaged") / bundle.file_name(0)
    with bundle.create_bundle(path) as writer:
        writer.add_array("statistics.npy", np.zeros(3, np.float32))
        writer.add("manifest.json", b"{}")
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    try:
        for span in bundle.read_directory(path).values():
            bundle.read_span(path, span)
    except BundleError:
        pass


def test_missing_file_and_short_span_are_told(whole):
    with pytest.raises(BundleError, match="missing"):
        bundle.read_span(whole.with_name("none.zip"), Span(0, 1))
    with pytest.raises(BundleError, match="cut short"):
        bundle.read_span(whole, Span(10, 10**6))
    with pytest.raises(BundleError, match="cannot be read"):
        bundle.read_span(whole, Span(-5, 2))


@pytest.mark.parametrize("data", [b"", b"\x93NUMPY", b"x" * 100, bundle.create_array(np.zeros(9, np.float32))[:-1]])
def test_damaged_arrays_are_told(data):
    with pytest.raises(BundleError, match="damaged"):
        bundle.parse_array(data)


def test_pickled_objects_are_never_loaded():
    stream = io.BytesIO()
    np.save(stream, np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(BundleError):
        bundle.parse_array(stream.getvalue())


SIZES = st.lists(st.tuples(st.integers(0, 3000), st.booleans()), min_size=1, max_size=8)


@given(SIZES, st.integers(0, 5000))
def test_members_taken_out_leave_what_would_be_had_they_never_been_there(tmp_path_factory, members, more):
    folder = tmp_path_factory.mktemp("reduced")
    data = {f"p0/l{index}/strip.npy.gz": bytes([index]) * size for index, (size, _) in enumerate(members)}
    kept = {name for name, (_, stays) in zip(data, members, strict=True) if stays}

    def write(path, names, *, reduce):
        with bundle.create_bundle(path) as writer:
            for name in names:
                writer.add(name, data[name])
            if reduce:
                before = writer._stream.seek(0, io.SEEK_END)
                writer._stream.seek(before // 2)  # wherever an error of the disk left it
                writer.reduce(kept, room=None)
                assert writer._stream.seek(0, io.SEEK_END) <= before
            writer.add("statistics.npy", bytes(more))
            return writer.finish(), writer.spans

    reduced, plain = folder / bundle.file_name(0), folder / bundle.file_name(1)
    assert write(reduced, data, reduce=True) == write(plain, [name for name in data if name in kept], reduce=False)
    assert reduced.read_bytes() == plain.read_bytes()


def test_what_a_file_system_refuses_half_of_is_no_longer_there_once_members_were_taken_out(disk):
    with bundle.create_bundle(disk.path / bundle.file_name(0)) as writer:
        writer.add("p0/l0/strip.npy.gz", bytes(20_000))
        writer.add("p0/l0/envelope.npy.gz", b"kept")
        disk.fill(leave=8192)
        with pytest.raises(OSError, match="No space left"):
            writer.add("p0/l1/strip.npy.gz", bytes(50_000))
        writer.reduce({"p0/l0/envelope.npy.gz"}, room=None)
        writer.add("manifest.json", b"{}")
        writer.finish()
    (path,) = disk.path.glob("0-*.zip")
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["p0/l0/envelope.npy.gz", "manifest.json"]
        assert archive.testzip() is None
        assert archive.read("p0/l0/envelope.npy.gz") == b"kept"
