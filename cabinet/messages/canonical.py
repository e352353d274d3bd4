"""The canonical bytes of a JSON value, and the one way in which something is not what the contract says.

Alone knows: RFC 8785, restricted to what a fact may hold: no floats, integers within +-(2^53 - 1), ASCII keys.
Must not know: what a value means.
"""

from typing import TypeVar

import msgspec

SAFE_INTEGER = 2**53 - 1

T = TypeVar("T")


class Malformed(ValueError):
    """Bytes or JSON that are not what the contract says; the text names the field and what was expected."""


_WRITER = msgspec.json.Encoder(order="sorted")
_PLAIN = frozenset({str, bool, type(None)})


def canonical(value: object) -> bytes:
    """The canonical bytes of a JSON value. Raises Malformed for a float, an unsafe integer, a key that is not ASCII or a lone surrogate."""
    try:
        _check(value, "$")
        return _WRITER.encode(value)
    except UnicodeEncodeError as problem:
        raise Malformed(f"$: text is valid UTF-8, got {problem.object[problem.start : problem.end]!r}") from problem
    except RecursionError as problem:
        raise Malformed("$: nested beyond reading") from problem


def _check(value: object, where: str) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if type(key) is not str or not key.isascii():
                raise Malformed(f"{where}: keys are ASCII text, got {key!r}")
            if type(inner) not in _PLAIN:  # a million facts wait to be checked, and most of their values are text
                _check(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _check(inner, f"{where}[{index}]")
    elif isinstance(value, int):
        if abs(value) > SAFE_INTEGER:
            raise Malformed(f"{where}: an integer lies within +-(2^53 - 1), got {value}")
    elif not isinstance(value, str | None):
        raise Malformed(f"{where}: expected text, a whole number, a boolean, null, a list or an object, got {type(value).__name__}")


def convert(value: object, kind: type[T], where: str) -> T:
    """Read plain JSON values as a type. Raises Malformed with the field and what was expected."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as problem:
        raise Malformed(f"{where}: {problem}") from problem


def encode(message: object) -> bytes:
    """A report as JSON in UTF-8."""
    return msgspec.json.encode(message)


def decode(payload: bytes, kind: type[T]) -> T:
    """Read a report. Raises Malformed with the field and what was expected; fields that are not known are ignored."""
    try:
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise Malformed(f"{kind.__name__}: {problem}") from problem
