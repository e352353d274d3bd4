"""What cabinets did reaches the hospital's systems as each accepts it, and their balances end where ours do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.domain.vocabulary import utc_text
from central.hl7 import charge, dispense, pade
from central.hl7.grammar import Delimiters, parse
from central.hl7.heard import Doing, DoseHeard, Drug, OrderHeard
from central.hl7.ledger import transactions
from central.hl7.memory import MOST_ACCESSES, Memory
from central.hl7.outward import Charging, ItemName, Names, Peer
from central.hl7.roll import Roll, Standing, StandingOrder
from central.hl7.transaction import Kind, Transaction
from central.record import Record
from tests.domain.hl7_vista import SYSTEM, Vista

VISTA = Peer(
    "PSJ VISTA", "500", "PSJ PADE SERVER", "500^VISTA.EXAMPLE^DNS", SYSTEM, identifier="PI", delimiters=Delimiters("|", "~", "^", "\\", "&")
)
BILLING = Peer("BILL", "HOSP")
ROLL = Roll(
    {"mrn-77": Standing("mrn-77", "ELEANOR M VOSS", "1948-03-14", "MRN-77", "ward-1", "6N 14 A", visit="V1")},
    {"rx9": StandingOrder(OrderHeard("rx9", "mrn-77", Doing.PUT, "", "RX9", "4711", Drug("1", "x"), "oxy", route="oral"), "active", "")},
)
NAMES = Names(
    lambda: ROLL, {"oxy": ItemName("1962", "oxyCODONE 5 mg tablet", "tablet", "c2")}, {"ana-reyes": "Ana Reyes"}, {"w1": "6 NORTH"}
)
START = datetime(2026, 3, 2, 7, tzinfo=UTC)
ASSIGN = (
    "pocket_assigned",
    "",
    {"pocket": "p1", "drawer": "d1", "item": "oxy", "par": 50, "min": 10, "critical_low": 5, "count_mode": "units"},
)

Said = tuple[str, str, dict[str, Any]]


def records(*said: Said, first: int = 1) -> list[Record]:
    """Facts of one journal: (type, access, body)."""
    return [
        Record(1, seq, f"f{seq}", utc_text(START + timedelta(minutes=seq)), kind, body, "", "", access or None, "ana-reyes", body.get("by"))
        for seq, (kind, access, body) in enumerate(said, start=first)
    ]


def told(*said: Said) -> list[Transaction]:
    return transactions(Memory("w1"), records(ASSIGN, *said))


def asked(access: str, kind: str, **more: Any) -> Said:
    return ("access_requested", access, {"kind": kind, "pocket": "p1", "item": "oxy", "units": 1, "authority": "order", **more})


def moved(access: str, units: int, source: str, target: str, **more: Any) -> Said:
    return ("units_moved", access, {"pocket": "p1", "item": "oxy", "units": units, "source": source, "target": target, **more})


LOADED = (asked("l1", "load"), moved("l1", 28, "pharmacy", "pocket", lot="A7", expiry="2027-01-31"))
VEND = (
    asked("w1", "withdraw", patient="mrn-77", order="rx9"),
    ("witness_signed", "w1", {"by": "ben"}),
    moved("w1", 2, "pocket", "patient"),
)
OVERRIDE = (asked("w2", "withdraw", patient="mrn-77", authority="override", reason="pain"), moved("w2", 1, "pocket", "patient"))
BACK = (asked("r1", "return", withdrawal="w1"), moved("r1", 1, "patient", "pocket", withdrawal="w1"))
TO_BIN = (asked("r2", "return", withdrawal="w1"), moved("r2", 1, "patient", "return_bin", pocket=None, place="bin-1"))
WASTE = (asked("x1", "waste", withdrawal="w1", reason="half given"), moved("x1", 0, "patient", "waste", pocket=None, part_m=500))
COUNT = (asked("c1", "count"), ("pocket_counted", "c1", {"pocket": "p1", "item": "oxy", "counted": 24, "expected": 25, "is_final": True}))


def test_a_withdrawal_names_everybody_and_everything() -> None:
    """Patient and order by the request, the witness by their signature, the balance by all facts before."""
    load, vend = told(*LOADED, *VEND)
    assert (load.kind, load.units, load.lot, load.after, load.par) == (Kind.LOAD, 28, "A7", 28, 50)
    assert (vend.kind, vend.patient, vend.order, vend.staff, vend.witness) == (Kind.VEND, "mrn-77", "rx9", "ana-reyes", "ben")
    assert (vend.expected, vend.after, vend.total, vend.drawer, vend.place) == (28, 26, 26, "d1", "p1")


def test_returns_and_wastes_are_of_the_withdrawals_patient() -> None:
    """They name the withdrawal, and nobody else."""
    found = told(*LOADED, *VEND, *BACK, *TO_BIN, *WASTE)[2:]
    assert [(one.kind, one.patient, one.order, one.quantity, one.place) for one in found] == [
        (Kind.RETURN, "mrn-77", "rx9", "1", "p1"), (Kind.RETURN, "mrn-77", "rx9", "1", "bin-1"), (Kind.WASTE, "mrn-77", "rx9", "0.5", ""),
    ]  # fmt: skip


def test_an_access_that_was_open_and_came_to_nothing_is_a_null() -> None:
    """Hospitals look at nulls; one that never opened is none."""
    opened = (
        asked("w9", "withdraw", patient="mrn-77"),
        ("access_moved", "w9", {"target": "open"}),
        ("access_moved", "w9", {"target": "cancelled"}),
    )
    assert [one.kind for one in told(*LOADED, *opened)[1:]] == [Kind.NULL]
    assert told(*LOADED, opened[0], opened[2])[1:] == []


def test_a_patients_own_medicine_is_nobodys_stock() -> None:
    """Neither told nor charged."""
    assert told(asked("b1", "load", bag="7"), moved("b1", 1, "owner", "pocket"), moved("b1", 1, "pocket", "owner")) == []


def test_facts_of_a_newer_cabinet_say_nothing_and_break_nothing() -> None:
    """A fact that is not known, or not shaped as it was, is passed over."""
    assert told(("something_new", "a", {}), ("units_moved", "a", {"units": "many"}), ("access_requested", "a", {})) == []


@given(st.integers(0, 20))
def test_a_memory_that_was_kept_goes_on_as_one_that_was_not(cut: int) -> None:
    """A restart between any two facts tells the same."""
    facts = records(ASSIGN, *LOADED, *VEND, *OVERRIDE, *BACK, *TO_BIN, *WASTE, *COUNT)
    whole = transactions(Memory("w1"), facts)
    memory = Memory("w1")
    first = transactions(memory, facts[:cut])
    assert first + transactions(Memory.load(memory.dump()), facts[cut:]) == whole


def test_a_memory_does_not_grow_for_ever() -> None:
    """Years of accesses."""
    memory = Memory("w1")
    transactions(memory, records(*(asked(f"a{number}", "withdraw") for number in range(MOST_ACCESSES + 10))))
    assert len(memory.accesses) == MOST_ACCESSES


def vista_of(found: list[Transaction]) -> Vista:
    vista = Vista(drugs={"1962"})
    for one in found:
        vista.take(pade.message_of(one, NAMES, VISTA, "vista"))
    return vista


WAYS = [
    ("pharmacy", "pocket"), ("transit", "pocket"), ("pocket", "patient"), ("patient", "pocket"), ("pocket", "pharmacy"),
    ("pocket", "transit"),
    ("pocket", "expired"), ("pocket", "variance"), ("variance", "pocket"), ("pocket", "purpose"), ("purpose", "pocket"),
    ("patient", "return_bin"), ("return_bin", "pharmacy"), ("return_bin", "variance"), ("patient", "waste"),
]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(WAYS), st.integers(1, 9)), max_size=25))
def test_vistas_balance_ends_where_ours_does(steps: list[tuple[tuple[str, str], int]]) -> None:
    """Its rules are odd (a load replaces, an unload deletes): whatever happens, both know the same number at each pocket and bin."""
    held = {"pocket": 20, "return_bin": 0}
    said: list[Said] = [asked("l0", "load"), moved("l0", 20, "pharmacy", "pocket")]
    for number, ((source, target), units) in enumerate(steps):
        if held.get(source, units) < units:
            continue
        for account, sign in ((source, -1), (target, 1)):
            if account in held:
                held[account] += sign * units
        kind = "unload" if (source, target) == ("pocket", "pharmacy") else "withdraw"
        said += [
            asked(f"a{number}", kind, patient="mrn-77"),
            moved(f"a{number}", units, source, target, place="bin-1" if "return_bin" in {source, target} else None),
        ]
    vista = vista_of(told(*said))
    assert vista.errors == []
    assert vista.pockets.get(("w1", "p1", "oxy"), 0) == held["pocket"]
    assert vista.pockets.get(("w1", "bin-1RB", "oxy"), 0) == held["return_bin"]


def test_vista_hears_counts_and_discrepancies() -> None:
    """C sets its balance; the adjustment beside it says by how much, and why."""
    found = told(*LOADED, *COUNT, moved("c1", 4, "pocket", "variance"))
    vista = vista_of(found)
    assert (vista.heard, vista.errors, vista.pockets) == (["L", "C", "A"], [], {("w1", "p1", "oxy"): 24})
    assert "DISCREPANCY 25 EXPECTED 24 COUNTED" in pade.message_of(found[-1], NAMES, VISTA, "v").decode()


def test_vista_raises_its_alert_where_nobody_ordered_it() -> None:
    """V with an amount and an empty ORC-2; with the order's number it stays quiet."""
    assert vista_of(told(*LOADED, *VEND)).alerts == []
    assert vista_of(told(*LOADED, *OVERRIDE)).alerts == ["w1: oxyCODONE 5 mg tablet by Reyes,Ana"]


def test_a_golden_message_for_vista() -> None:
    """Field by field, with ~ for components as its own examples have them."""
    vend = told(*LOADED, *VEND)[1]
    assert pade.message_of(vend, NAMES, VISTA, "vista").decode().split("\r") == [
        "MSH|~^\\&|PSJ PADE SERVER|500~VISTA.EXAMPLE~DNS|PSJ VISTA|500|20260302070600+0000||OMS~O05~OMS_O05|"
        + control(vend, "vista") + "|P|2.5|||AL|NE||UNICODE UTF-8",
        "PID|1||MRN-77~~~~PI||VOSS~ELEANOR M||19480314",
        "PV1|1|I|6N~14~A||||||||||||||||V1",
        "ORC|RE|4711|w1||||||20260302070600+0000",
        "RQD|1|1962~oxyCODONE 5 mg tablet|oxy~oxyCODONE 5 mg tablet||2|tablet",
        "ZPM|V|ADCSYS|w1|d1|p1|1962~oxyCODONE 5 mg tablet|2|28|28|2|ana-reyes~Reyes~Ana|ben~ben|26|500|6 NORTH||50|10"
         "|20260302070600+0000"
        + "|" * 15 + "tablet",
        "",
    ]  # fmt: skip


def control(one: Transaction, link: str) -> str:
    return parse(pade.message_of(one, NAMES, VISTA, link)).header.text(10)


def test_a_control_id_is_the_same_however_often_a_message_is_made() -> None:
    """A resend must be known as one; another link's is another. Twenty characters, as 2.5 allows."""
    vend, other = told(*LOADED, *VEND)[1], told(*LOADED, *VEND)[0]
    assert control(vend, "a") == control(replace(vend, said="x"), "a") != control(vend, "b")
    assert control(vend, "a") != control(other, "a")
    assert len(control(vend, "a")) == 20


def test_a_withdrawal_is_charged_and_a_return_credited_where_withdrawal_charges() -> None:
    """FT1-6 and FT1-10; a waste and a load are nobody's bill."""
    found = [charge.message_of(one, NAMES, BILLING, "bill") for one in told(*LOADED, *VEND, *BACK, *WASTE)]
    bills = [None if content is None else parse(content).first("FT1") for content in found]
    assert [None if bill is None else (bill.text(6), bill.text(10), bill.text(7), bill.text(23)) for bill in bills] == [
        None, ("CG", "2", "1962", "4711"), ("CR", "1", "1962", "4711"), None,
    ]  # fmt: skip
    assert all(charge.message_of(one, NAMES, BILLING, "bill", Charging.ADMINISTRATION) is None for one in told(*LOADED, *VEND, *BACK))


DOSE = DoseHeard("mrn-77", "rx9", Drug("x", "oxycodone"), "oxy", "2026-03-02T07:30:00.000000Z", "1.5", "tablet", is_given=True, by="77")


def test_a_dose_is_charged_where_administration_charges() -> None:
    """By the bedside's record, and only if it was given."""
    content = charge.message_of_dose(DOSE, NAMES, BILLING, "bill")
    assert content is not None
    bill = parse(content).first("FT1")
    assert bill is not None
    assert (bill.text(6), bill.text(10), bill.text(7), bill.text(20)) == ("CG", "1.5", "1962", "77")
    assert charge.message_of_dose(replace(DOSE, is_given=False), NAMES, BILLING, "bill") is None


def test_a_dispense_goes_to_the_pharmacy() -> None:
    """RXD names what, how many, when, by whom and from which lot; an override says so."""
    found = [dispense.message_of(one, NAMES, BILLING, "rx") for one in told(*LOADED, *VEND, *OVERRIDE, *BACK)]
    rows = [parse(content).first("RXD") for content in found if content is not None]
    assert [(row.text(2), row.text(4), row.text(5), row.text(7), row.text(9)) for row in rows if row is not None] == [
        ("1962", "2", "tablet", "4711", ""), ("1962", "1", "tablet", "w2", "OVERRIDE"),
    ]  # fmt: skip


def test_a_strangers_validator_takes_what_we_send() -> None:
    """hl7apy knows the message structures of 2.5 from HL7's own schemas; Z segments are nobody's but VistA's."""
    parser = pytest.importorskip("hl7apy.parser")
    load, vend = told(*LOADED, *VEND)
    contents = [charge.message_of(vend, NAMES, BILLING, "b"), dispense.message_of(vend, NAMES, BILLING, "b")]
    contents += [pade.message_of(one, NAMES, replace(BILLING, system=SYSTEM), "b") for one in (vend,)]
    for content in contents:
        assert content is not None
        assert parser.parse_message(content.decode()).validate(), content
    assert load
