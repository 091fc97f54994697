from __future__ import annotations

import json
import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_plugin_cnnviz import records
from tensorboard_plugin_cnnviz.records import FormatError, Record

names = st.text(max_size=30)
numbers = st.floats().map(records.create_number)
spans = st.tuples(st.integers(0, 2**50), st.integers(0, 2**40))
references = st.builds(
    records.BundleReference,
    file=names,
    bytes=st.integers(0, 2**50),
    crc32=names,
    arrays=st.builds(records.Arrays, statistics=spans, predictions=spans, ranges=spans),
)
some_records = st.builds(
    Record,
    layout=names,
    bundle=st.none() | references,
    probes=names,
    epoch=st.none() | st.integers(-1, 10**6),
    batch=st.none() | st.integers(0, 10**9),
    logs=st.dictionaries(names, numbers, max_size=5),
)


@given(some_records)
def test_a_record_comes_back(record):
    data = records.create_record(record)
    assert records.parse_record(data) == record
    json.loads(data, parse_constant=lambda name: pytest.fail(f"bare {name} in JSON"))


@given(st.floats())
def test_a_number_comes_back(value):
    back = records.parse_number(json.loads(json.dumps(records.create_number(value), allow_nan=False)))
    assert back == value or (math.isnan(back) and math.isnan(value))


@given(some_records)
def test_unknown_keys_and_newer_minor_versions_are_read(record):
    data = json.loads(records.create_record(record))
    data["version"] = [2, 99]
    data["later"] = {"more": 1}
    parsed = records.parse_record(json.dumps(data))
    assert msgspec.structs.replace(parsed, version=records.VERSION) == record


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "damaged"),
        (b"[]", "damaged"),
        (b"{}", "missing required field `version`"),
        (b'{"version": [2, 0]}', "missing required field"),
        (b'{"version": [3, 0], "other": 1}', "version 3.0, this plugin reads 2.x: update"),
        (b'{"version": [1, 0]}', "version 1.0, this plugin reads 2.x: log it again"),
        (b'{"version": [0, 9]}', "version 0.9"),
        (b'{"version": ["1", 0]}', r"`\$.version\[0\]`"),
        (b'{"version": [2, 0], "layout": 3}', "`str`, got `int`"),
        (b"\xff\xfe{}", "damaged"),
        (b"[" * 100_000, "damaged"),
        (b'{"version": [2, 0], "layout": "\xff"}', "damaged"),
    ],
)
def test_what_cannot_be_read_is_told(data, message):
    with pytest.raises(FormatError, match=message):
        records.parse_record(data)


@given(st.binary(max_size=200))
def test_no_bytes_make_anything_but_a_format_error(data):
    for parse in (records.parse_record, records.parse_step_manifest, records.parse_probes_manifest):
        with pytest.raises(FormatError):
            parse(data)


def test_logs_that_are_no_numbers_are_left_out():
    logs = {"loss": 1, "text": "x", "none": None, "nan": float("nan"), "list": [1]}
    assert records.create_logs(logs) == {"loss": 1.0, "nan": "NaN"}


def test_short_logs_keep_loss_and_val_loss_first():
    logs = {f"metric {i:03}": float(i) for i in range(200)} | {"val_loss": 2.0, "loss": 1.0}
    short = records.short_logs(logs)
    assert list(short)[:3] == ["loss", "val_loss", "metric 000"]
    assert 900 < len(msgspec.json.encode(short)) <= 1024
    assert records.short_logs({"x" * 2000: 1.0, "loss": 3.0}) == {"loss": 3.0}


def test_the_layout_digest_tells_layouts_apart():
    probe = records.ProbeLayout(name="a", labels=(), detail="windows", windows=1, first_window=0, grids=(), maps={})
    layout = records.Layout(layers=(), output=None, classes=("a",), probes=(probe,), grids=())
    same = records.Layout(layers=(), output=None, classes=("a",), probes=(probe,), grids=())
    other = msgspec.structs.replace(layout, classes=("b",))
    assert layout.digest() == same.digest() != other.digest()
    assert len(layout.digest()) == 8
