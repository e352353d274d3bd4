"""Numbered sheets: what is on its way is received by count in time, and what is missing in transit names nobody."""

from dataclasses import replace

import pytest

from cabinet.domain import events
from cabinet.domain.facts import DiscrepancyFound, FaultRaised, SheetClosed, SheetIssued, WitnessSigned
from cabinet.domain.formulary import ControlClass
from cabinet.domain.people import Role
from cabinet.domain.vocabulary import ItemId, SessionId, Units
from cabinet.domain.withdrawal.rule import CustodyRules
from tests.domain.ward import WAY, Ward, granting, shut, world


def ready() -> Ward:
    """A ward where C-II comes and goes on sheets."""
    table = granting(transfer={Role.TECHNICIAN}, resolve={Role.PHARMACIST})
    policy = replace(table, custody=CustodyRules(sheet_classes=frozenset({ControlClass.C2})))
    ward = Ward(world(policy=policy))
    for name in ("tom", "pia", "nina"):
        ward.signs_in(name)
    return ward


def code(step: object) -> str:
    """The code of the refusal in a step; empty where there is none."""
    refusal = getattr(step, "refusal", None)
    return refusal.code if refusal else ""


def announced(ward: Ward, units: int = 10, *, by: str | None = None, sheet: str = "s1", item: str = "oxycodone") -> str:
    """The vault issues a sheet."""
    who = None if by is None else SessionId(by)
    return code(ward.happen(events.SheetAnnounced(ward.tick(), who, sheet, ItemId(item), Units(units), "vault-vera", "porter-paul")))


def received(ward: Ward, units: int, pocket: str = "oxy", access: str = "a") -> None:
    """A technician receives units by count."""
    assert code(ward.wants("refill", pocket, units, by="tom", access=access, sheet="s1")) == ""
    ward.opens(*WAY[pocket])
    ward.counts(ward.line(pocket).units, by="tom", access=access)
    ward.states(units, by="tom", access=access)
    shut(ward, pocket)


def test_a_sheet_is_received_by_count_and_closes_itself() -> None:
    """Issued equals received, within its two hours."""
    ward = ready()
    assert announced(ward) == ""
    assert announced(ward) == "", "said twice, it is one sheet"
    received(ward, 10)
    assert not ward.state.sheets
    assert ward.facts_of(SheetClosed) == [SheetClosed("s1", 0)]


def test_what_is_not_there_in_two_hours_raises_an_alarm() -> None:
    """Received within two hours or alarm; the alarm survives a restart and ends with the receipt."""
    ward = ready()
    announced(ward)
    ward.restart()
    ward.tick(7200)
    ward.due("sheet:s1")
    assert [fact.code for fact in ward.facts_of(FaultRaised) if isinstance(fact, FaultRaised)] == ["sheet.late"]
    ward.due("sheet:s1")
    assert len(ward.facts_of(FaultRaised)) == 1
    ward.signs_in("tom")
    received(ward, 10)
    assert not ward.state.faults_at("s1")


def test_what_is_missing_in_transit_is_a_discrepancy_of_no_pocket() -> None:
    """Issued minus received; it names a sheet and no person."""
    ward = ready()
    announced(ward)
    received(ward, 8)
    assert ward.state.sheets["s1"].missing == 2

    def close(by: str | None, why: str = "the bag was torn", sheet: str = "s1") -> str:
        return code(ward.happen(events.SheetCloseAsked(ward.tick(), None if by is None else SessionId(by), sheet, why)))

    assert close("tom") == "policy.role"
    assert close("ghost") == "session.unknown"
    assert close("pia", " ") == "withdrawal.reason"
    assert close("pia", sheet="s9") == "sheet.unknown"
    assert close("pia") == ""
    found = ward.facts_of(DiscrepancyFound)[-1]
    assert isinstance(found, DiscrepancyFound)
    assert (found.pocket, found.expected, found.counted) == ("transit", 10, 8)


@pytest.mark.parametrize(
    ("kind", "pocket", "sheet", "refused"),
    [
        ("refill", "oxy", None, "sheet.needed"),
        ("refill", "oxy", "s9", "sheet.unknown"),
        ("refill", "syrup", "s1", "sheet.other_item"),
        ("transfer", "oxy", None, "sheet.needed"),
        ("transfer", "oxy", "s1", "sheet.used"),
        ("refill", "p1", None, ""),
    ],
)
def test_controlled_units_cross_the_edge_on_the_right_sheet(kind: str, pocket: str, sheet: str | None, refused: str) -> None:
    """And what is not controlled needs none."""
    ward = ready()
    announced(ward)
    assert code(ward.wants(kind, pocket, 2, by="tom", sheet=sheet)) == refused


def test_what_leaves_begins_a_sheet() -> None:
    """Unloads and expired controlled stock go back the same way."""
    ward = ready()
    ward.wants("transfer", "oxy", 4, by="tom", sheet="out-7", place="vault")
    ward.opens(*WAY["oxy"])
    ward.counts(20, by="tom")
    ward.states(4, by="tom")
    shut(ward, "oxy")
    issued = ward.facts_of(SheetIssued)[-1]
    assert isinstance(issued, SheetIssued)
    assert (issued.sheet, issued.units, issued.is_inbound, issued.issued_by, issued.place) == ("out-7", 4, False, "tom", "vault")
    assert code(ward.happen(events.SheetCloseAsked(ward.tick(), None, "out-7", "received at the vault"))) == "sheet.arrived", (
        "not said: not none"
    )
    step = ward.happen(events.SheetCloseAsked(ward.tick(), None, "out-7", "received at the vault", Units(4)))
    assert code(step) == ""
    assert not ward.facts_of(DiscrepancyFound)


def test_a_sheet_names_an_item_and_units_by_somebody_who_may() -> None:
    """What is typed from paper is checked."""
    ward = ready()
    assert announced(ward, 0) == "sheet.form"
    assert announced(ward, item="ghost") == "sheet.form"
    assert announced(ward, by="nina") == "policy.role"
    assert announced(ward, by="tom") == ""


def test_a_number_that_was_used_is_never_used_again() -> None:
    """Else a second bag travels on the receipt of the first."""
    ward = ready()
    announced(ward)
    received(ward, 10)
    assert announced(ward) == "sheet.used"
    ward.signs_in("tom", session="again")
    assert code(ward.wants("transfer", "oxy", 4, by="again", access="t", sheet="s1", place="vault")) == "sheet.used"
    ward.restart()
    assert announced(ward) == "sheet.used"


@pytest.mark.parametrize(("by_two", "carrier", "asks"), [(True, "tom", True), (True, "porter-paul", False), (False, "tom", False)])
def test_who_carried_a_sheet_does_not_receive_it_alone(by_two: bool, carrier: str, asks: bool) -> None:
    """Where policy asks for two a second person counts with them, and signs for the number."""
    ward = ready()
    table = granting(witness={Role.NURSE})
    custody = CustodyRules(sheet_classes=frozenset({ControlClass.C2}), sheet_by_two=by_two)
    ward.restart(replace(ward.world, policy=replace(table, custody=custody)))
    for name in ("tom", "nina", "pia"):
        ward.signs_in(name)
    ward.happen(events.SheetAnnounced(ward.tick(), None, "s1", ItemId("oxycodone"), Units(10), "vault-vera", carrier))
    assert code(ward.wants("refill", "oxy", 1, by="tom", sheet="s1")) == ""
    assert ward.asks() == ("open",), "who signs first signs for a number that nobody counted yet"
    ward.opens(*WAY["oxy"])
    ward.counts(ward.line("oxy").units, by="tom")
    ward.states(4, by="tom")
    assert (ward.asks() == ("witness", "close")) is asks
    if asks:
        assert code(ward.is_alone(by="tom")) == "witness.needed"
        assert code(ward.is_witnessed("tom", of="tom")) == "witness.same_person"
        assert code(ward.is_witnessed("pia", of="tom")) == "witness.role"
        assert code(ward.is_witnessed("nina", of="tom")) == ""
        assert "witness" not in ward.asks()
        signed = [one.said for one in ward.facts_of(WitnessSigned) if isinstance(one, WitnessSigned)]
        assert signed == ["4 tablet"], "what was counted, not what the sheet says or what was asked for"
