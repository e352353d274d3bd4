"""The models of board that a site may name: one file each in `config/boards`, the driver's side of the vendor's paper.

Alone knows: the shape of those files, and where they are.
Must not know: what a map means (its driver does), or any site.

A new model of a known family is a file here and one for its simulated twin. `MODELS` reads them when it is first looked at.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).parent / "boards"
Value = bool | int | str


class _Entry(BaseModel):
    """Frozen, and a key that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Setting(_Entry):
    """What a site may choose for one board: the values that there are (none named: any), and the one that holds otherwise."""

    default: Value
    choices: tuple[Value, ...]
    help: str


class Model(_Entry):
    """One model: its family (the driver's name), what it is, how it is spoken to, and what it has.

    `addresses` are the lowest and highest that can be set; without them it has no address and is alone on its line. A `factory_address`
    stays free in every site, for each new board comes with it. `address_register` is the Modbus register that sets it, where there is one;
    else `address_by` says in words how it is set at the board. `holds` says whether an output may stay on, as a guide light must. `table`
    is the driver's map.
    """

    family: str
    title: str
    kind: Literal["io", "scale", "thermometer", "reader", "scanner", "supply"]
    framings: tuple[str, ...]
    outputs: int = Field(default=0, ge=0, le=64)
    inputs: int = Field(default=0, ge=0, le=64)
    probes: int = Field(default=0, ge=0, le=64)
    addresses: Annotated[tuple[int, ...], Field(min_length=2, max_length=2)] | None = None
    factory_address: int | None = None
    address_register: int | None = Field(default=None, ge=0, le=0xFFFF)
    address_by: str = ""
    holds: bool = True
    settings: Mapping[str, Setting] = {}
    table: Mapping[str, Any] = Field(default={}, alias="map")

    @property
    def is_scale(self) -> bool:
        """Whether a pocket may stand on it."""
        return self.kind == "scale"

    @property
    def is_addressed(self) -> bool:
        """Whether several of them may share a line."""
        return self.addresses is not None

    def settled(self, chosen: Mapping[str, Value]) -> dict[str, Value]:
        """The settings of one board: what the site chose, and the defaults of the rest."""
        return {name: setting.default for name, setting in self.settings.items()} | dict(chosen)


def read_model(path: Path) -> Model:
    """Read one file. Raises OSError, tomllib.TOMLDecodeError or pydantic.ValidationError."""
    return Model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


class _Models(Mapping[str, Model]):
    """Every model by its name, each file read once, when it is first asked for."""

    def __getitem__(self, name: str) -> Model:
        if name not in _names():
            raise KeyError(name)
        return _model(name)

    def __iter__(self) -> Iterator[str]:
        return iter(_names())

    def __len__(self) -> int:
        return len(_names())


@cache
def _names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def _model(name: str) -> Model:
    return read_model(FOLDER / f"{name}.toml")


MODELS: Mapping[str, Model] = _Models()
