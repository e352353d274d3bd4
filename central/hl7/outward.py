"""What every message that goes out has in common: its header, its patient, and the names that other systems know things by.

Alone knows: MSH, PID and PV1 as we write them, and how a link's peer wants to be spoken to. Must not know: any one message's own segments.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from cabinet.domain.vocabulary import parse_utc
from central.hl7.grammar import STANDARD, Delimiters, Segment, written
from central.hl7.moment import hl7_text
from central.hl7.roll import Roll, Standing


class Charging(StrEnum):
    """When a patient is charged."""

    WITHDRAWAL = "withdrawal"
    ADMINISTRATION = "administration"


@dataclass(frozen=True, slots=True)
class ItemName:
    """An item as other systems know it. `unit` is the word for one of it, `control_class` ours (c2, none)."""

    code: str
    name: str
    unit: str = ""
    control_class: str = "none"


@dataclass(frozen=True, slots=True)
class Names:
    """What facts name by id, in words. `roll` is asked each time: patients move and merge."""

    roll: Callable[[], Roll]
    items: Mapping[str, ItemName] = field(default_factory=dict)
    staff: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    """A cabinet's id -> the ward's name as the peer knows it."""

    def item(self, item: str) -> ItemName:
        """An item's name; its id where it has none."""
        return self.items.get(item, ItemName(item, item))

    def patient(self, patient: str) -> Standing:
        """A patient as they are known by now."""
        roll = self.roll()
        patient = roll.who(patient)
        return roll.patients.get(patient, Standing(patient))


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is spoken to, and how. `system` is the dispensing system's name as the peer's files have it."""

    application: str = ""
    facility: str = ""
    our_application: str = "ADC"
    our_facility: str = ""
    system: str = ""
    authority: str = ""
    identifier: str = "MR"
    """The type of identifier (PID-3.5) that the peer knows patients by: MR, or PI for VistA's own number."""
    zone: tzinfo = UTC
    delimiters: Delimiters = STANDARD
    processing: str = "P"
    version: str = "2.5"
    accept: str = "AL"
    apply: str = "NE"


class Writer:
    """Builds segments with a peer's delimiters. Components of a field are a tuple."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self._marks = peer.delimiters

    def segment(self, name: str, fields: Mapping[int, str | tuple[str, ...]]) -> Segment:
        """A segment with these fields by their numbers."""
        line = [""] * max(fields, default=0)
        for number, value in fields.items():
            line[number - 1] = self._field(value)
        return Segment(name, tuple(line), self._marks)

    def header(self, kind: str, trigger: str, control: str, at: datetime) -> Segment:
        """MSH. 2.5 in enhanced mode: a receipt is always wanted."""
        peer, marks = self.peer, self._marks
        name = marks.component.join((kind, trigger, f"{kind}_{trigger}"))
        plain: dict[int, str | tuple[str, ...]] = {
            3: _parts(peer.our_application), 4: _parts(peer.our_facility), 5: _parts(peer.application), 6: _parts(peer.facility),
            7: hl7_text(at, peer.zone), 10: control, 11: peer.processing, 12: peer.version, 15: peer.accept, 16: peer.apply,
            18: "UNICODE UTF-8",
        }  # fmt: skip
        line = list(self.segment("MSH", plain).fields)
        line[0], line[1], line[8] = marks.field, marks.encoding, name
        return Segment("MSH", tuple(line), marks)

    def person(self, patient: Standing) -> Segment:
        """PID."""
        peer = self.peer
        given, _, family = patient.name.rpartition(" ")
        number = patient.record or patient.patient
        born = patient.born.replace("-", "") if patient.born[:1].isdecimal() else ""
        return self.segment("PID", {1: "1", 3: (number, "", "", peer.authority, peer.identifier), 5: (family, given), 7: born})

    def visit(self, patient: Standing) -> Segment:
        """PV1."""
        ward, room, bed = (*patient.place.split(" "), "", "", "")[:3]
        return self.segment("PV1", {1: "1", 2: "O" if patient.is_outpatient else "I", 3: (ward, room, bed), 19: patient.visit})

    def moment(self, at: str) -> str:
        """A record's moment, on the peer's clock."""
        return hl7_text(parse_utc(at), self.peer.zone)

    def _field(self, value: str | tuple[str, ...]) -> str:
        if isinstance(value, str):
            return self._marks.written(value)
        return self._marks.component.join(map(self._marks.written, value)).rstrip(self._marks.component)


def _parts(name: str) -> tuple[str, ...]:
    """The components of an application or a facility, which settings write with ^ whatever the peer's delimiters are."""
    return tuple(name.split("^"))


def control_of(link: str, source: str) -> str:
    """The control id of a message about a source: the same however often it is made, 20 characters (MSH-10 of 2.5)."""
    return hashlib.sha256(f"{link}|{source}".encode()).hexdigest()[:20].upper()


def content_of(segments: list[Segment]) -> bytes:
    """Segments as they are sent."""
    return written(segments)


def person_name(name: str) -> tuple[str, str]:
    """(family, given) of a name as wards write it."""
    given, _, family = name.strip().rpartition(" ")
    return family, given
