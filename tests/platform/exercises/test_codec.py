"""Values cross the wall unchanged; what hostile code may write is refused, never run and never unpacked whole."""

import base64
import contextlib
import io
import json
import pickle
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course.exercises.base import BadValue, transcript_from_json
from course.exercises.codec import MAX_ARRAY_BYTES, decode, encode

ARRAYS = hnp.arrays(
    st.sampled_from([np.float64, np.float32, np.int64, np.bool_]),
    hnp.array_shapes(min_dims=1, max_dims=3, max_side=5),
)


def carried(value: object) -> object:
    return decode(json.loads(json.dumps(encode(value))))


@given(ARRAYS)
def test_an_array_arrives_with_its_values_shape_and_dtype(array: np.ndarray) -> None:
    arrived = carried(array)
    assert isinstance(arrived, np.ndarray)
    assert arrived.dtype == array.dtype
    np.testing.assert_array_equal(arrived, array)


@given(st.floats(allow_nan=False), st.integers(-(2**62), 2**62), st.text(max_size=50), st.booleans())
def test_numbers_and_text_arrive_as_they_were(x: float, n: int, text: str, flag: bool) -> None:
    assert carried({"x": x, "n": n, "text": text, "list": [flag, None]}) == {
        "x": x,
        "n": n,
        "text": text,
        "list": [flag, None],
    }


def test_not_a_number_arrives_too() -> None:
    assert np.isnan(carried(float("nan")))


@pytest.mark.parametrize("value", [object(), np.array([object()]), np.array(["text"]), lambda: 1, {1, 2}])
def test_what_is_not_plain_data_is_refused_on_the_way_out(value: object) -> None:
    with pytest.raises(BadValue):
        encode(value)


def packed(raw: bytes) -> dict[str, str]:
    return {"npy": base64.b64encode(zlib.compress(raw)).decode()}


def pickled_npy() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    return buffer.getvalue()


def npy_with_shape(shape: str) -> bytes:
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + b"\0" * 8


@pytest.mark.parametrize(
    "data",
    [
        packed(pickle.dumps({"a": 1})),
        packed(pickled_npy()),
        packed(npy_with_shape("(1000000000000,)")),
        packed(npy_with_shape("(-1,)")),
        packed(npy_with_shape("(2,)")),
        packed(b"\x93NUMPY\x01\x00\xff\xff"),
        packed(b""),
        packed(b"\0" * (MAX_ARRAY_BYTES + 1)),
        {"npy": "not base64!"},
        {"npy": 3},
        {"npy": "QUJD"},
        {"dict": [1]},
        {"dict": {}, "npy": ""},
        {"anything": 1},
        [[[[[[[[1]]]]]]]],
        list(range(2000)),
        "x" * 5000,
        2**70,
        1.5,
    ],
)
def test_what_the_course_does_not_write_is_refused_on_the_way_in(data: object) -> None:
    with pytest.raises(BadValue):
        decode(data)


def test_many_arrays_together_are_capped() -> None:
    big = encode(np.zeros(MAX_ARRAY_BYTES // 8 - 100))
    with pytest.raises(BadValue, match="more than"):
        decode([big] * 8)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["npy", "dict", "values", "error", "attempt", "observations", "x"]), inner)
    ),
    max_leaves=20,
)


@given(JSON | st.fixed_dictionaries({"attempt": st.just("attempted"), "observations": JSON}))
def test_any_json_is_a_transcript_or_refused(data: object) -> None:
    with contextlib.suppress(BadValue):
        transcript_from_json(data)
