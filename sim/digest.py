"""One way to turn data into bytes, so that equal things have equal digests everywhere."""

from __future__ import annotations

import struct
from dataclasses import fields, is_dataclass
from enum import Enum
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    _Shape = tuple[bytes, list[tuple[Any, bytes]]]

_SIZE = struct.Struct("<q").pack
_FLOAT = struct.Struct("<d").pack
SHORT, MOST = 40, 4_096
"""So long are the texts, and so many of them and of the shapes of dicts, that are remembered."""


def digest(value: object) -> str:
    """Return a digest of plain data: tagged, length-prefixed, little-endian, keys sorted.

    Floats count as their 64 bits with one NaN and no negative zero.

    >>> digest({"a": 1, "b": 2.0}) == digest({"b": 2.0, "a": 1})
    True
    """
    parts: list[bytes] = []
    _collect(value, parts.append)
    return blake2b(b"".join(parts), digest_size=16).hexdigest()


def _collect(value: Any, add: Callable[[bytes], None]) -> None:
    """Add the bytes of *value*; what ledgers are full of comes first."""
    kind = type(value)
    plain = _PLAIN.get(kind)
    if plain is not None:
        add(plain(value))
    elif kind is dict:
        head, keys = _shape(value)
        add(head)
        for key, told in keys:
            item = value[key]
            plain = _PLAIN.get(type(item))
            if plain is not None:
                add(told + plain(item))
            else:
                add(told)
                _collect(item, add)
    elif kind is list or kind is tuple:
        add(_sized(b"l", str(len(value)).encode()))
        for item in value:
            _collect(item, add)
    else:
        for part in _parts(value):
            add(part)


def _text(value: str) -> bytes:
    """Return the bytes of a text; names and the like come again and again."""
    if len(value) > SHORT:
        data = value.encode()
        return b"s" + _SIZE(len(data)) + data
    known = _texts.get(value)
    if known is None:
        known = _sized(b"s", value.encode())
        if len(_texts) < MOST:
            _texts[value] = known
    return known


def _whole(value: int) -> bytes:
    data = str(value).encode()
    return b"i" + _SIZE(len(data)) + data


def _shape(value: dict[Any, Any]) -> _Shape:
    """Return the bytes before a dict's items, and its keys in order with theirs."""
    names = tuple(value)
    known = _shapes.get(names)
    if known is None:
        keys = []
        for key in sorted(value):
            parts: list[bytes] = []
            _collect(key, parts.append)
            keys.append((key, b"".join(parts)))
        known = _sized(b"d", str(len(value)).encode()), keys
        # Of other keys some are equal and yet told apart, as 1 and True.
        if len(_shapes) < MOST and all(type(name) is str for name in names):
            _shapes[names] = known
    return known


def _parts(value: object) -> Iterator[bytes]:
    if value is None:
        yield b"n"
    elif isinstance(value, bool | np.bool_):
        yield b"b1" if value else b"b0"
    elif isinstance(value, Enum):
        yield from _parts(value.value)
    elif isinstance(value, int | np.integer):
        yield _sized(b"i", str(int(value)).encode())
    elif isinstance(value, float | np.floating):
        yield b"f" + _float(float(value))
    elif isinstance(value, str):
        yield _sized(b"s", value.encode())
    elif isinstance(value, np.ndarray):
        array = value.astype("<f8") + 0.0 if value.dtype.kind == "f" else value
        if array.dtype.kind == "f":
            array[np.isnan(array)] = np.nan
        shape = ",".join(map(str, array.shape))
        yield _sized(b"a", f"{array.dtype.kind}{array.dtype.itemsize} {shape}".encode())
        yield np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes()
    elif isinstance(value, dict):
        yield _sized(b"d", str(len(value)).encode())
        for key in sorted(value):
            yield from _parts(key)
            yield from _parts(value[key])
    elif isinstance(value, list | tuple):
        yield _sized(b"l", str(len(value)).encode())
        for item in value:
            yield from _parts(item)
    elif isinstance(value, type):
        yield _sized(b"t", f"{value.__module__}.{value.__qualname__}".encode())
    elif is_dataclass(value):
        yield _sized(b"c", type(value).__name__.encode())
        yield from _parts({f.name: getattr(value, f.name) for f in fields(value)})
    elif hasattr(value, "get_params"):  # scikit-learn
        params = value.get_params()
        yield _sized(b"e", f"{type(value).__module__}.{type(value).__qualname__}".encode())
        yield from _parts({k: params[k] for k in params})
    elif type(value).__module__.startswith("river.datasets.") and not hasattr(value, "_get_params"):
        # a data set of River's: its file lies wherever it lies, its name says what it holds
        yield _sized(b"t", f"{type(value).__module__}.{type(value).__qualname__}".encode())
    elif hasattr(value, "_get_params"):  # River
        yield _sized(b"e", f"{type(value).__module__}.{type(value).__qualname__}".encode())
        yield from _parts(value._get_params())
    elif callable(value):
        name = getattr(value, "__qualname__", type(value).__qualname__)
        yield _sized(b"p", f"{value.__module__}.{name}".encode())
    else:
        yield _sized(b"r", f"{type(value).__qualname__} {value!r}".encode())


def _sized(tag: bytes, data: bytes) -> bytes:
    return tag + _SIZE(len(data)) + data


def _float(value: float) -> bytes:
    return _FLOAT(float("nan") if value != value else value + 0.0)


def _number(value: float) -> bytes:
    return b"f" + _float(value)


_PLAIN: dict[type, Callable[[Any], bytes]] = {str: _text, int: _whole, float: _number}
_texts: dict[str, bytes] = {}
_shapes: dict[tuple[Any, ...], _Shape] = {}
