"""Whose word is heard: whoever was switched off while their drawer is open finishes there, and begins nothing anywhere.

Every event that a person causes is either a step of what is open already, or refused: a new one is tried here without being named.
"""

import types
from dataclasses import MISSING, fields
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from cabinet.domain import events
from cabinet.domain.core import HANDLERS
from cabinet.domain.events import CredentialAsked, ModeAsked, ModeEndAsked
from cabinet.domain.formulary import Item
from cabinet.domain.orders import Order, Patient
from cabinet.domain.people import Staff
from cabinet.domain.vocabulary import OrderId, StaffId, Units
from tests.domain.test_people import ADMIN, changes, record, staffed
from tests.domain.ward import ITEMS, Ward, opened

FINISHES = {
    events.WitnessShown, events.WitnessMissing, events.OpenAsked, events.CountEntered, events.QuantityEntered, events.PackageShown,
    events.ScanMissing, events.CancelRequested, events.MoveAsked, events.OpenedSaid, events.NotOpenedSaid, events.KitShown,
    events.CodeParkAsked,
}  # fmt: skip
"""Steps of an access that is open: it is brought to its end, whoever's it is."""

AT_THE_DRAWER = {events.StuckSaid, events.RecoveryAsked, events.TrialAsked}
"""What is said of the drawer in front of them."""

AT_THE_BENCH = {
    events.MaintenanceEndAsked, events.ServicePulseAsked, events.ServiceLightAsked, events.CommissioningDone, events.AddressWasChanged,
}  # fmt: skip
"""Whoever has the bench gives it back as their session ends; before that each act is judged as theirs (`service.owner`)."""

OF_THE_SESSION = {events.StaffRecognised, events.ProofGiven, events.SignOutAsked, events.SessionActive}

OF_THE_WARD = {events.WardArrived, events.WardActive, events.WardLeft}
"""Sessions of the listener that opens nothing, in a table of their own (`test_ward.py`)."""

FREE = FINISHES | AT_THE_DRAWER | AT_THE_BENCH | OF_THE_SESSION | OF_THE_WARD
CAUSED = [kind for kind in HANDLERS if "session" in {one.name for one in fields(kind)}]
BEGINS = sorted((kind for kind in CAUSED if kind not in FREE), key=lambda kind: kind.__name__)

SAID: dict[tuple[type, str], Any] = {
    (ModeAsked, "mode"): "critical_override", (ModeEndAsked, "mode"): "critical_override", (CredentialAsked, "what"): "pin",
}  # fmt: skip

MADE: dict[Any, Any] = {
    str: "x", int: 1, bool: False, tuple: (), Staff: record("x"), Item: ITEMS[0],
    Patient: Patient(None, "X", "1950-01-01", "1", "1", (), None, ()),  # type: ignore[arg-type]
    Order: Order(OrderId("o"), None, ITEMS[0].id, "1 tablet", Units(1), "PO", "once", is_verified=True),  # type: ignore[arg-type]
}  # fmt: skip


def made(kind: Any) -> Any:
    """Something of a type: what it says does not matter here."""
    if get_origin(kind) in {Union, types.UnionType}:
        return made(get_args(kind)[0])
    plain = getattr(kind, "__supertype__", get_origin(kind) or kind)
    return made(plain) if hasattr(plain, "__supertype__") else MADE[plain]


def event_of(kind: Any, ward: Ward) -> events.Event:
    """An event of this kind, by the nurse."""
    hints = get_type_hints(kind)
    said = {
        one.name: SAID.get((kind, one.name)) or made(hints[one.name]) for one in fields(kind) if one.default is MISSING and one.name != "at"
    }
    event: events.Event = kind(ward.tick(), **(said | {"session": "noor"}))
    return event


@pytest.mark.parametrize("kind", BEGINS, ids=lambda kind: kind.__name__)
def test_who_was_switched_off_begins_nothing_with_the_drawer_open(kind: Any) -> None:
    """A leaver is held by the drawer in their hands, and by nothing else (ISMP 2.c)."""
    ward = opened("withdraw", "p1", by="noor", setting=staffed())
    ward.signs_in(ADMIN)
    changes(ward, record("noor", is_active=False))
    before = len(ward.drafts)
    refusal = ward.happen(event_of(kind, ward)).refusal
    assert refusal is not None
    assert refusal.code == "session.dismissed"
    assert [type(one.fact).__name__ for one in ward.drafts[before:]] in [[], ["AccessRefused"]]


def test_nobodys_session_is_not_theirs_for_ever() -> None:
    """The list above is what it says: a record that is gone speaks for nobody."""
    assert StaffId("noor") in staffed().staff
    assert {kind.__name__ for kind in BEGINS} >= {"DebtHandedOver", "ModeAsked", "BagSealAsked", "ContentsDecided", "MaintenanceAsked"}
