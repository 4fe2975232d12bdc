"""One way to turn data into bytes, so that equal things have equal digests everywhere."""

from __future__ import annotations

import struct
import sys
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    _Shape = tuple[bytes, list[tuple[Any, bytes]]]

_SIZE = struct.Struct("<q").pack
_FLOAT = struct.Struct("<d").pack
SHORT, MOST = 24, 4_096
"""So long are the texts, and so many of them and of the shapes of dicts, that are remembered;
digests are longer, and never the same again."""


class Encoded(bytes):
    """What `encoded` gave, in place of the value itself."""


def digest(value: object) -> str:
    """Return a digest of plain data: tagged, length-prefixed, little-endian, keys sorted.

    Floats count as their 64 bits with one NaN and no negative zero.

    >>> digest({"a": 1, "b": 2.0}) == digest({"b": 2.0, "a": 1})
    True
    """
    told = PLAIN.get(type(value), encoded)(value)
    return blake2b(told, digest_size=16).hexdigest()


def encoded(value: object) -> Encoded:
    """Return the bytes that stand for a value in a digest; they may stand in place of it.

    >>> digest({"a": [1, 2]}) == digest({"a": encoded([1, 2])})
    True
    """
    parts: list[bytes] = []
    _collect(value, parts.append)
    return Encoded(b"".join(parts))


def _collect(value: Any, add: Callable[[bytes], None]) -> None:
    """Add the bytes of *value*; what ledgers are full of comes first."""
    kind = type(value)
    plain = PLAIN.get(kind)
    if plain is not None:
        add(plain(value))
    elif kind is dict:
        head, keys = _shape(value)
        add(head)
        for key, told in keys:
            item = value[key]
            plain = PLAIN.get(type(item))
            if plain is not None:
                add(told + plain(item))
            else:
                add(told)
                _collect(item, add)
    elif (form := _form(kind)) is not None:
        head, names = form
        add(head)
        for name, told in names:
            add(told)
            _collect(getattr(value, name), add)
    else:
        add(_other(value))


def _text(value: str) -> bytes:
    """Return the bytes of a text; names and the like come again and again."""
    known = _texts.get(value) if len(value) <= SHORT else None
    if known is None:
        data = value.encode()
        known = b"s" + _SIZE(len(data)) + data
        if len(value) <= SHORT and len(_texts) < MOST:
            _texts[value] = known
    return known


def _whole(value: int) -> bytes:
    data = str(value).encode()
    return b"i" + _SIZE(len(data)) + data


def _array(value: NDArray[Any]) -> bytes:
    kind = value.dtype
    if kind.kind == "f" and value.size:
        value = np.asarray(value.astype("<f8", copy=False) + 0.0)
        gaps = value != value
        if gaps.any():
            value[gaps] = np.nan
    head = _array_head(kind, value.shape)
    if value.dtype.byteorder == ">" or not _LITTLE:
        value = value.astype(value.dtype.newbyteorder("<"))
    return head + value.tobytes()


@lru_cache(MOST)
def _array_head(kind: np.dtype[Any], shape: tuple[int, ...]) -> bytes:
    size = 8 if kind.kind == "f" else kind.itemsize
    return _sized(b"a", f"{kind.kind}{size} {','.join(map(str, shape))}".encode())


def keyed(names: list[str]) -> _Shape:
    """Return the bytes before the items of a dict with these keys, and the keys in order with
    theirs.
    """
    return dict_head(len(names)), [(name, _text(name)) for name in sorted(names)]


def dict_head(count: int) -> bytes:
    """Return the bytes with which a dict of so many items begins."""
    return _sized(b"d", str(count).encode())


def list_head(count: int) -> bytes:
    """Return the bytes with which a list of so many items begins."""
    return _LISTS[count] if count < len(_LISTS) else _sized(b"l", str(count).encode())


def _shape(value: dict[Any, Any]) -> _Shape:
    """Return the bytes before a dict's items, and its keys in order with theirs."""
    names = tuple(value)
    known = _shapes.get(names)
    if known is None:
        # Of keys that are no texts some are equal and yet told apart, as 1 and True.
        if not all(type(name) is str for name in names):
            return dict_head(len(names)), [(key, encoded(key)) for key in sorted(value)]
        known = keyed(list(names))
        if len(_shapes) < MOST:
            _shapes[names] = known
    return known


def _form(kind: type) -> _Shape | None:
    """Return the bytes before a dataclass's fields, and these in order with theirs."""
    if kind in _forms:
        return _forms[kind]
    known = None
    if is_dataclass(kind) and not issubclass(kind, _NO_FORM):
        head, names = keyed([f.name for f in fields(kind)])
        known = _sized(b"c", kind.__name__.encode()) + head, names
    if len(_forms) < MOST:
        _forms[kind] = known
    return known


def _other(value: Any) -> bytes:
    """Return the bytes of what is none of the plain kinds."""
    if isinstance(value, bool | np.bool_):
        return b"b1" if value else b"b0"
    if isinstance(value, Enum):
        return encoded(value.value)
    if isinstance(value, int | np.integer):
        return _whole(int(value))
    if isinstance(value, float | np.floating):
        return _number(float(value))
    if isinstance(value, str):
        return _sized(b"s", value.encode())
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, dict):
        return encoded({key: value[key] for key in value})
    if isinstance(value, list | tuple):
        return encoded(list(value))
    if isinstance(value, type):
        return _named(b"t", value)
    if is_dataclass(value):
        head, names = keyed([f.name for f in fields(value)])
        told = (known + encoded(getattr(value, name)) for name, known in names)
        return _sized(b"c", type(value).__name__.encode()) + head + b"".join(told)
    if hasattr(value, "get_params"):  # scikit-learn
        return _named(b"e", type(value)) + encoded(dict(value.get_params()))
    if type(value).__module__.startswith("river.datasets.") and not hasattr(value, "_get_params"):
        # a data set of River's: its file lies wherever it lies, its name says what it holds
        return _named(b"t", type(value))
    if hasattr(value, "_get_params"):  # River
        return _named(b"e", type(value)) + encoded(value._get_params())
    if callable(value):
        name = getattr(value, "__qualname__", type(value).__qualname__)
        return _sized(b"p", f"{value.__module__}.{name}".encode())
    return _sized(b"r", f"{type(value).__qualname__} {value!r}".encode())


def _named(tag: bytes, kind: type) -> bytes:
    return _sized(tag, f"{kind.__module__}.{kind.__qualname__}".encode())


def _sized(tag: bytes, data: bytes) -> bytes:
    return tag + _SIZE(len(data)) + data


def _number(value: float) -> bytes:
    return b"f" + _FLOAT(_NAN if value != value else value + 0.0)


def _truth(value: bool) -> bytes:
    return b"b1" if value else b"b0"


def _nothing(_: None) -> bytes:
    return b"n"


def _as_it_is(value: Encoded) -> bytes:
    return value


def _items(value: list[Any] | tuple[Any, ...]) -> bytes:
    told = [PLAIN.get(type(item), encoded)(item) for item in value]
    return list_head(len(value)) + b"".join(told)


_LISTS = [_sized(b"l", str(count).encode()) for count in range(64)]
_NAN = float("nan")
_LITTLE = sys.byteorder == "little"
_NO_FORM = (Enum, int, np.integer, float, np.floating, str, np.ndarray, dict, list, tuple, type)
PLAIN: dict[type, Callable[[Any], bytes]] = {
    str: _text,
    int: _whole,
    float: _number,
    bool: _truth,
    type(None): _nothing,
    np.ndarray: _array,
    Encoded: _as_it_is,
    list: _items,
    tuple: _items,
}
"""What gives the bytes of the plainest kinds."""
_texts: dict[str, bytes] = {}
_shapes: dict[tuple[Any, ...], _Shape] = {}
_forms: dict[type, _Shape | None] = {}
