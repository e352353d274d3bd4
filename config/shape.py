"""Raw TOML data -> a frozen value of the schema, and what does not fit it in plain words.

Alone knows: how pydantic's errors read to a person, and which keys are valid at a path.
Must not know: files, lines, or what one value means to another (`check.py`).
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.locate import KeyPath
from config.problem import most_like, nearest

T = TypeVar("T", bound=BaseModel)

_LONGEST_QUOTE = 60
_EXPECTED = {
    "bool_type": "expected true or false",
    "date_from_datetime_parsing": "expected a date such as 2031-01-31, without quotes",
    "date_type": "expected a date such as 2031-01-31, without quotes",
    "int_type": "expected a whole number",
    "model_attributes_type": "expected a table",
    "model_type": "expected a table",
    "string_too_short": "expected at least one character",
    "string_type": "expected text in quotes",
    "tuple_type": "expected an array",
}
_EXPECTED_TEXT = {
    "id": "expected 1 to 64 lower-case letters, digits, '-' and '_'",
    "channel": "expected board:number, counted from 0, such as locks-a:0",
    "ndc": "expected an NDC with its dashes, such as 0406-0552-01",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One place where data do not fit the schema.

    `is_missing` says that `path` names a key that should be there; `meant` is the valid key that an unknown one likely stands for.
    """

    path: KeyPath
    what: str
    hint: str = ""
    is_missing: bool = False
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Fitted(Generic[T]):
    """The value, or None where something does not fit, and what does not."""

    value: T | None
    flaws: tuple[Flaw, ...]


def fit(shape: type[T], raw: dict[str, Any]) -> Fitted[T]:
    """Read data as `shape`, strictly: no text is taken for a number, nor a number for a truth."""
    try:
        return Fitted(shape.model_validate(_with_tuples(raw), strict=True), ())
    except ValidationError as problem:
        schema = shape.model_json_schema(by_alias=True)
        errors = problem.errors(include_url=False)
        return Fitted(None, _without_misspelt([_flaw(error, raw, schema) for error in errors if not _is_echo(error, raw)]))


def _with_tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_tuples(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return tuple(_with_tuples(inner) for inner in value)
    return value


def _is_echo(error: ErrorDetails, raw: dict[str, Any]) -> bool:
    """Pydantic calls an array too short when its elements have flaws of their own; that says nothing new."""
    if error["type"] != "too_short":
        return False
    value: Any = raw
    for step in data_path(error["loc"], raw):
        value = value[step]
    return bool(len(value) >= error["ctx"]["min_length"])


def _without_misspelt(flaws: list[Flaw]) -> tuple[Flaw, ...]:
    """A key that is missing because it is misspelt is one mistake, not two."""
    misspelt = {(*flaw.path[:-1], flaw.meant) for flaw in flaws if flaw.meant}
    return tuple(flaw for flaw in flaws if not (flaw.is_missing and flaw.path in misspelt))


def data_path(loc: KeyPath, raw: Any) -> KeyPath:
    """The path in the data for a place that pydantic names; it also names the chosen member of a union, which data do not hold."""
    path: KeyPath = ()
    value = raw
    for position, step in enumerate(loc):
        if step in (value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()):
            value = value[step]
        elif position < len(loc) - 1:
            continue
        path = (*path, step)
    return path


def _flaw(error: ErrorDetails, raw: dict[str, Any], schema: dict[str, Any]) -> Flaw:
    kind, given = error["type"], error["input"]
    path = data_path(error["loc"], raw)
    if kind in _STRUCTURAL:
        return _structural(error, path, schema)
    if kind == "literal_error":
        return _not_among(path, given, str(error["ctx"]["expected"]))
    if kind == "string_pattern_mismatch":
        return Flaw(path, f"{_EXPECTED_TEXT[_pattern_name(str(error['ctx']['pattern']))]}, got {_quoted(given)}")
    words = _EXPECTED.get(kind) or error["msg"].replace("Input should be", "expected").replace("Tuple", "the array")
    return Flaw(path, words if kind == "too_short" else f"{words}, got {_quoted(given)}")


_STRUCTURAL = {"extra_forbidden", "missing", "union_tag_not_found", "union_tag_invalid"}


def _structural(error: ErrorDetails, path: KeyPath, schema: dict[str, Any]) -> Flaw:
    """A key that should not be there, one that should, or a `kind` that is missing or not known."""
    key = str(path[-1]) if path else ""
    if error["type"] == "extra_forbidden":
        known = _valid_keys(schema, error["loc"][:-1])
        return Flaw(path, f"unknown key {key!r}", nearest(key, known), meant=most_like(key, known))
    if error["type"] == "missing":
        return Flaw(path, f"key {key!r} is missing", is_missing=True)
    tags = _tags(schema, error["loc"])
    if error["type"] == "union_tag_not_found":
        return Flaw((*path, "kind"), "key 'kind' is missing", f"one of {', '.join(tags)}", is_missing=True)
    return _not_among((*path, "kind"), error["ctx"]["tag"], ", ".join(tags))


def _not_among(path: KeyPath, given: object, expected: str) -> Flaw:
    choices = [choice.strip("' ") for choice in expected.replace(" or ", ", ").split(", ")]
    hint = nearest(given, choices) if isinstance(given, str) else ""
    return Flaw(path, f"{_quoted(given)} is none of {', '.join(choices)}", hint if hint.startswith("did") else "")


def _pattern_name(pattern: str) -> str:
    if ":" in pattern:
        return "channel"
    return "id" if "a-z" in pattern else "ndc"


def _quoted(value: object) -> str:
    if isinstance(value, tuple):
        return "an array"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value) if isinstance(value, str | int | float) else f"{value}"
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 3] + "..."


def _valid_keys(schema: dict[str, Any], loc: KeyPath) -> list[str]:
    return sorted(_node(schema, loc).get("properties", {}))


def _tags(schema: dict[str, Any], loc: KeyPath) -> list[str]:
    return sorted(_node(schema, loc).get("discriminator", {}).get("mapping", {}))


def _node(schema: dict[str, Any], loc: KeyPath) -> dict[str, Any]:
    """The part of a JSON Schema that describes the value at a place which pydantic names."""
    node = _resolved(schema, schema)
    for step in loc:
        if isinstance(step, int):
            node = node.get("items", {})
        elif "discriminator" in node:
            node = {"$ref": node["discriminator"]["mapping"][step]}
        else:
            node = node.get("properties", {}).get(step, {})
        node = _resolved(node, schema)
    return node


def _resolved(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follow references, and of `X or null` take X."""
    if "$ref" in node:
        return _resolved(schema["$defs"][node["$ref"].rpartition("/")[2]], schema)
    if "anyOf" in node:
        return _resolved(node["anyOf"][0], schema)
    return node
