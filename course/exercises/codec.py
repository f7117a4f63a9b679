"""Carries plain data across the wall between the learner's code and the judge.

Arrays travel as .npy with pickling off, compressed and in base64; everything else is JSON. `decode` reads what
hostile code may have written: it must never run anything, never allocate beyond the caps, and raise only BadValue.
"""

from __future__ import annotations

import base64
import binascii
import io
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from course.language import _

Value: TypeAlias = (
    "np.ndarray[Any, Any] | float | int | bool | str | Sequence[Value] | Mapping[str, Value] | None"  # recursive
)

MAX_ARRAY_BYTES = 8 * 2**20
MAX_TOTAL_BYTES = 48 * 2**20
MAX_TEXT = 4000
MAX_ITEMS = 1000
MAX_DEPTH = 6
_ARRAY = "npy"
_NUMBER_KINDS = "biuf"


class BadValue(ValueError):
    """What crossed the wall is not plain data within the caps; the message says which rule it breaks."""


def encode(value: Value) -> Any:
    """JSON-ready form of a value. Raises BadValue for anything that is not numbers, text, lists or dicts of them."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return value[:MAX_TEXT]
    if isinstance(value, float | np.ndarray | np.generic):
        return {_ARRAY: _encode_array(np.asarray(value))}
    if isinstance(value, Mapping):
        return {"dict": {str(key): encode(item) for key, item in value.items()}}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    told = _("a {kind} cannot be judged; return arrays or numbers")
    raise BadValue(told.format(kind=type(value).__name__))


def _encode_array(array: np.ndarray[Any, Any]) -> str:
    if array.dtype.kind not in _NUMBER_KINDS:
        told = _("an array of dtype {dtype} cannot be judged; return an array of numbers")
        raise BadValue(told.format(dtype=array.dtype))
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(array).reshape(array.shape), allow_pickle=False)
    return base64.b64encode(zlib.compress(buffer.getvalue(), level=1)).decode("ascii")


class _Budget:
    """Counts decoded bytes, so that many small arrays cannot fill the memory together."""

    def __init__(self) -> None:
        self.left = MAX_TOTAL_BYTES

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise BadValue(f"more than {MAX_TOTAL_BYTES} bytes of values")


def decode(data: object) -> Value:
    """The value that `encode` was given. Raises BadValue for anything else, whoever made it."""
    return _decode(data, _Budget(), depth=0)


def _decode(data: object, budget: _Budget, depth: int) -> Value:
    if depth > MAX_DEPTH:
        raise BadValue("nested too deeply")
    if data is None or isinstance(data, bool):
        return data
    if isinstance(data, int):
        if abs(data) >= 2**63:
            raise BadValue("an integer beyond 64 bits")
        return data
    if isinstance(data, str):
        if len(data) > MAX_TEXT:
            raise BadValue(f"a text of more than {MAX_TEXT} characters")
        budget.spend(len(data))
        return data
    if isinstance(data, list):
        if len(data) > MAX_ITEMS:
            raise BadValue(f"a list of more than {MAX_ITEMS} items")
        return [_decode(item, budget, depth + 1) for item in data]
    if isinstance(data, dict) and set(data) == {_ARRAY}:
        return _decode_array(data[_ARRAY], budget)
    if isinstance(data, dict) and set(data) == {"dict"}:
        return _decode_dict(data["dict"], budget, depth)
    raise BadValue("not a value that the course writes")


def _decode_dict(items: object, budget: _Budget, depth: int) -> Value:
    if not isinstance(items, dict) or len(items) > MAX_ITEMS:
        raise BadValue("a dict that the course does not write")
    if not all(isinstance(key, str) and len(key) <= 200 for key in items):
        raise BadValue("a dict with keys that the course does not write")
    return {key: _decode(item, budget, depth + 1) for key, item in items.items()}


def _decode_array(text: object, budget: _Budget) -> Value:
    if not isinstance(text, str):
        raise BadValue("an array that is not text")
    try:
        decompressor = zlib.decompressobj()
        raw = decompressor.decompress(base64.b64decode(text, validate=True), MAX_ARRAY_BYTES + 1)
    except (binascii.Error, zlib.error, ValueError):
        raise BadValue("an array that cannot be read") from None
    if len(raw) > MAX_ARRAY_BYTES:
        raise BadValue(f"an array of more than {MAX_ARRAY_BYTES} bytes")
    budget.spend(len(raw))
    return _read_npy(raw)


def _read_npy(raw: bytes) -> Value:
    """Reads version 1.0 .npy bytes; shape and dtype must account for every byte."""
    stream = io.BytesIO(raw)
    try:
        if np.lib.format.read_magic(stream) != (1, 0):
            raise BadValue("an array in an unknown version of .npy")
        shape, _fortran, dtype = np.lib.format.read_array_header_1_0(stream, max_header_size=1000)
        if dtype.kind not in _NUMBER_KINDS or dtype.itemsize > 16 or any(n < 0 for n in shape) or len(shape) > 8:
            raise BadValue("an array that is not of numbers")
        size = dtype.itemsize
        for n in shape:
            size *= n
        if size != len(raw) - stream.tell():
            raise BadValue("an array whose shape and bytes disagree")
        array = np.lib.format.read_array(io.BytesIO(raw), allow_pickle=False)
    except BadValue:
        raise
    except Exception:  # numpy's header parser raises many kinds on bytes made to break it
        raise BadValue("an array that cannot be read") from None
    return array.item() if array.shape == () else array
