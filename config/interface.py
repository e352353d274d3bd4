"""Interfaces to the hospital's systems over HL7 v2: who may send, who is told, what their words mean. Part of the pharmacy server's file.

Alone knows: the keys of `[hl7]`, their types and limits. Must not know: what a message is.
"""

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from config.schema import Id, Part
from config.schema.alphabet import Zone

Port = Annotated[int, Field(ge=0, le=65535)]
Words = Annotated[str, StringConstraints(max_length=200)]


class Listen(Part):
    """A port on which the hospital's systems send. Beyond loopback: name `peers`, or ask for their certificates (`ca_file`)."""

    name: Id
    host: str = "127.0.0.1"
    port: Port = 2575
    peers: tuple[IPv4Network | IPv6Network, ...] = Field(default=(), description="networks that may connect; none named: anybody")
    longest_bytes: int = Field(default=4_194_304, ge=4096, le=67_108_864)
    half_s: float = Field(default=30, gt=0, le=3600, description="how long half a message may wait for its other half")
    most_connections: int = Field(default=64, ge=1, le=1024)
    cert_file: str = ""
    key_file: str = ""
    ca_file: str = Field(default="", description="whose certificates senders must show")

    @model_validator(mode="after")
    def _is_guarded(self) -> "Listen":
        if self.host not in {"127.0.0.1", "::1", "localhost"} and not self.peers and not self.ca_file:
            raise ValueError("a port that others reach names its peers, or the authority of their certificates (ca_file)")
        if self.ca_file and not self.cert_file:
            raise ValueError("certificates of senders are only asked for over TLS: name cert_file and key_file too")
        return self


class Tell(Part):
    """A system that is told what cabinets did: `vista` (OMS^O05 with ZPM), `charges` (DFT^P03) or `dispenses` (RDS^O13)."""

    name: Id
    tells: Literal["vista", "charges", "dispenses"]
    host: str
    port: Port
    cabinets: tuple[Id, ...] = Field(default=(), description="whose facts; none named: everybody's")
    charge_at: Literal["withdrawal", "administration"] = "withdrawal"
    application: Words = ""
    facility: Words = ""
    our_application: Words = "ADC"
    our_facility: Words = ""
    system: Words = Field(default="", description="the dispensing system's name in VistA's file (ZPM-2)")
    authority: Words = ""
    identifier: Words = Field(default="MR", description="the type of identifier (PID-3.5) that it knows patients by")
    encoding: Annotated[str, StringConstraints(pattern=r"^[^A-Za-z0-9\s|]{4}$")] = "^~\\&"
    processing: Literal["P", "T", "D"] = "P"
    version: Annotated[str, StringConstraints(pattern=r"^2\.[1-8](\.1)?$")] = "2.5"
    zone: Zone | None = Field(default=None, description="the clock that it keeps; left out: the interfaces'")
    codes: dict[Id, Words] = Field(default={}, description="item -> its code there; left out: the item's NDC, else its id")
    answer_s: float = Field(default=30, gt=0, le=600)
    ca_file: str = Field(default="", description="whose certificate it must show; left out: no TLS")
    cert_file: str = ""
    key_file: str = ""

    @model_validator(mode="after")
    def _names_a_system(self) -> "Tell":
        if self.tells == "vista" and not self.system:
            raise ValueError("VistA takes nothing from a dispensing system without a name (system)")
        return self


class WithoutOrder(Part):
    """Who is told of what was taken for a patient without an order: the first of four levels that names a group, and no other."""

    cabinets: dict[Id, tuple[Words, ...]] = Field(default={})
    areas: dict[Id, tuple[Words, ...]] = Field(default={})
    area_groups: dict[Words, tuple[Words, ...]] = Field(default={})
    everybody: tuple[Words, ...] = ()
    group_of: dict[Id, Words] = Field(default={}, description="care area -> its group")
    silent: tuple[Id, ...] = Field(default=(), description="cabinets that tell nobody")


class Interfaces(Part):
    """What the hospital's words mean, and where they are heard and said. Without `listen` and `tell` nothing is opened."""

    zone: Zone = "UTC"
    areas: dict[Words, Id] = Field(default={}, description="their ward, or ward^room or ward^room^bed -> care area")
    cabinets: dict[Id, Id] = Field(default={}, description="cabinet -> the care area whose patients it shows")
    wards: dict[Id, Words] = Field(default={}, description="care area -> their name of the ward, in what goes out")
    items: dict[Words, Id] = Field(default={}, description="their drug code, or system:code -> item, beside the formulary's own codes")
    identifiers: tuple[Words, ...] = Field(default=("MR", "PI", "M10", "PT"), min_length=1)
    authority: Words = Field(default="", description="the assigning authority (PID-3.4) that counts; empty: any")
    order_number: Literal["placer", "filler"] = "placer"
    encoded_is_verified: bool = Field(default=True, description="whether an RDE comes from a pharmacist's hands")
    processing: tuple[Literal["P", "T", "D"], ...] = ("P",)
    unknown_types: Literal["accept", "reject"] = "accept"
    approved_by: Words = Field(default="hl7", description="who stands as the approver of lists of patients and orders")
    listen: tuple[Listen, ...] = ()
    tell: tuple[Tell, ...] = ()
    without_order: WithoutOrder | None = Field(default=None, description="left out: no alerts; a VistA that is told raises its own")

    @model_validator(mode="after")
    def _names_are_different(self) -> "Interfaces":
        names = [*(one.name for one in self.listen), *(one.name for one in self.tell)]
        if len(set(names)) != len(names):
            raise ValueError("two links have one name")
        return self

    @property
    def is_used(self) -> bool:
        """Whether anything is to be opened."""
        return bool(self.listen or self.tell or self.without_order)
