"""What all resources share: systems of codes, references by identifier, and ids.

Alone knows: the URIs that stand for our ids. Must not know: any resource.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from config.schema import Item

NDC = "http://hl7.org/fhir/sid/ndc"
OWN = "urn:open-adc"
"""Our ids: urn:open-adc:item, :patient, :staff, :order, :cabinet, :dispense."""

Resource = dict[str, Any]


def identifier(kind: str, value: str) -> dict[str, str]:
    """One of our ids."""
    return {"system": f"{OWN}:{kind}", "value": value}


def reference(kind: str, value: str, display: str = "") -> Resource:
    """A reference by identifier: what it stands for is another system's."""
    return {"identifier": identifier(kind, value)} | ({"display": display} if display else {})


def concept(item: str, items: Mapping[str, Item], name: str = "") -> Resource:
    """A drug by its NDC, where it is known, and by our id."""
    known = items.get(item)
    codes: list[Resource] = [{"system": f"{OWN}:item", "code": item}]
    if known is None:
        return {"coding": codes, "text": name or item}
    text = f"{known.tall_man} {known.strength} {known.form}"
    return {"coding": [{"system": NDC, "code": known.ndc, "display": text}, *codes], "text": text}


def id_of(*parts: object) -> str:
    """An id as FHIR allows them, the same for the same thing for ever."""
    return sha256("/".join(map(str, parts)).encode()).hexdigest()[:32]


def instant(at: str) -> str:
    """A moment of the journal's form as FHIR writes it, to the millisecond."""
    return f"{at[:23]}Z" if "." in at else at
