"""An order of the pharmacy's system reaches the ward as it was meant, and one that nobody can map reaches a person."""

from dataclasses import replace

import pytest

from central.hl7.heard import DoseHeard, Entry, ItemHeard, OrderHeard, PersonHeard
from central.hl7.order import DOINGS
from central.hl7.roll import Roll
from central.hl7.verdict import Code
from tests.domain.hl7_message import BOOK, NOW, PID, adt, message, rde, told


def order_of(content: bytes) -> OrderHeard:
    reading = told(content)
    assert reading.verdict.code is Code.ACCEPT, reading.verdict
    (heard,) = reading.heard
    assert isinstance(heard, OrderHeard)
    return heard


def roll_of(*contents: bytes) -> Roll:
    roll = Roll()
    for content in contents:
        for heard in told(content).heard:
            roll.hear(heard)
    return roll


def test_an_encoded_order_is_read_whole() -> None:
    """Dose as a range, schedule, as needed, from when until when, and that a pharmacist verified it."""
    order = order_of(rde(more=("NTE|1||with food",)))
    assert (order.order, order.placer, order.filler, order.patient, order.item) == ("rx9", "RX9", "PRX9", "mrn-77", "oxycodone-5-tab")
    assert (order.dose, order.low, order.high, order.unit) == ("5 to 10 mg", "5", "10", "mg")
    assert (order.schedule, order.is_prn, order.route, order.note) == ("Q6H PRN", True, "oral", "with food")
    assert (order.starts, order.stops) == ("2026-03-02T00:00:00.000000Z", "2026-03-05T00:00:00.000000Z")
    assert (order.is_verified, order.waiting_since) == (True, None)


def test_timing_is_read_of_tq1_and_of_orc_7() -> None:
    """2.5 moved it; half of the senders did not."""
    plain = "RXE||0406-9001-01^oxycodone^NDC|5||mg"
    new = order_of(rde(rxe=plain, more=("TQ1|1||BID^^HL70335|0800~2000|||20260302080000|20260304|S",)))
    old = order_of(rde(rxe=plain).replace(b"PRX9^PHARM||||", b"PRX9^PHARM||||^Q4H^D2^20260302080000"))
    assert (new.schedule, new.starts, new.stops) == ("BID at 0800, 2000", "2026-03-02T08:00:00.000000Z", "2026-03-04T00:00:00.000000Z")
    assert (old.schedule, old.starts, old.stops) == ("Q4H", "2026-03-02T08:00:00.000000Z", "2026-03-04T08:00:00.000000Z")


def test_a_prescribers_order_waits_for_a_pharmacist() -> None:
    """It is shown in grey and since when, never hidden (ward.md); the pharmacist's encoding of the same number verifies it."""
    asked = message(
        "OMP^O09", PID, "ORC|NW|RX9|||||||20260302110000", "RXO|0406-9001-01^oxycodone 5 mg^NDC|5||mg", "RXR|PO", at="20260302113000"
    )
    assert (order_of(asked).is_verified, order_of(asked).waiting_since) == (False, "2026-03-02T11:00:00.000000Z")
    roll = roll_of(asked, rde())
    assert [(known.order.order, known.order.is_verified) for known in roll.orders.values()] == [("rx9", True)]


def test_a_site_may_want_the_pharmacist_named() -> None:
    """Some systems send an encoded order before anybody looked at it."""
    strict = replace(BOOK, rde_is_verified=False)
    assert [heard.is_verified for heard in told(rde(), strict).heard if isinstance(heard, OrderHeard)] == [False]
    named = rde(rxe="RXE||0406-9001-01^oxycodone^NDC|5||mg" + "|" * 9 + "7788^PHARMACIST")
    assert [heard.is_verified for heard in told(named, strict).heard if isinstance(heard, OrderHeard)] == [True]


@pytest.mark.parametrize("code", ["0406-9001-01", "00406900101", "0406900101"[:10], "oxycodone-5-tab", "OXYCODONE-5-TAB"])
def test_an_item_is_known_by_its_id_and_by_its_ndc_in_any_layout(code: str) -> None:
    """Dashes and leading zeros are habits."""
    assert order_of(rde(rxe=f"RXE||{code}^x^NDC|5||mg")).item == "oxycodone-5-tab"


def test_a_code_that_the_pharmacy_linked_is_known_in_its_system_alone() -> None:
    """4711 of one system is not 4711 of another."""
    assert order_of(rde(rxe="RXE||4711^x^LOCAL|5||mg")).item == "oxycodone-5-tab"
    assert order_of(rde(rxe="RXE||4711^x^OTHER|5||mg")).item is None
    assert order_of(rde(rxe="RXE||999^x^Y^4711^y^LOCAL|5||mg")).item == "oxycodone-5-tab"


def test_a_drug_that_is_no_item_waits_on_the_unmapped_list_until_it_is_linked() -> None:
    """An order without a match is never dropped (ward.md)."""
    roll = roll_of(adt("A01"), rde(rxe="RXE||777^zebraline 5 mg^LOCAL|5||mg"))
    assert [known.order.drug.said for known in roll.unmapped()] == ["zebraline 5 mg (LOCAL 777)"]
    linked = replace(BOOK, items={**BOOK.items, "LOCAL:777": "oxycodone-5-tab"})
    assert roll.relink(linked) == {"rx9"}
    assert list(roll.unmapped()) == []


def test_an_order_of_nobody_waits_and_makes_no_patient() -> None:
    """An order for a ghost is an attack or a late admission: either way somebody looks, and the admission ends it."""
    roll = roll_of(rde())
    assert (len(list(roll.unmatched())), roll.patients) == (1, {})
    assert list(roll_of(rde(), adt("A01")).unmatched()) == []


STEPS = [
    (("NW", "HD"), "held"), (("NW", "HD", "RL"), "active"), (("NW", "DC"), "stopped"), (("NW", "OC"), "stopped"),
    (("NW", "HD", "XO"), "held"),
    (("NW", "DC", "NW"), "active"), (("NW", "UD"), "active"), (("HD", "RL"), "active"),
]  # fmt: skip


@pytest.mark.parametrize(("controls", "status"), STEPS)
def test_what_an_order_control_does(controls: tuple[str, ...], status: str) -> None:
    """A hold stands until it is released, whatever else changes."""
    roll = roll_of(*(rde(control, at=f"2026030212{place:02}00") for place, control in enumerate(controls)))
    assert {known.status for known in roll.orders.values()} == {status}


def test_an_older_message_changes_nothing() -> None:
    """A stop that was overtaken by the order it stops still stops it."""
    assert roll_of(rde("DC", at="20260302130000"), rde("NW", at="20260302120000")).orders["rx9"].status == "stopped"
    assert roll_of(rde("XO", at="20260302130000", rxe="RXE||0406-9001-01^x^NDC|10||mg"), rde("NW")).orders["rx9"].order.dose == "10 mg"


def test_a_mixture_is_an_order_for_each_component_and_stops_as_one() -> None:
    """Heparin in saline: two pockets, one order."""
    mixed = rde(
        rxe="RXE||IV-1^heparin in saline^LOCAL|1||L",
        more=("RXC|B|0338-9003-04^saline^NDC|1000|mL", "RXC|A|25021-9002-10^heparin^NDC|25000|[iU]"),
    )
    roll = roll_of(mixed)
    assert {name: (known.order.item, known.order.dose) for name, known in roll.orders.items()} == {
        "rx9_1": ("saline-1000-bag", "1000 mL"),
        "rx9_2": ("heparin-5000-vial", "25000 units"),
    }
    assert {known.status for known in roll_of(mixed, rde("DC", at="20260302130000")).orders.values()} == {"stopped"}


@pytest.mark.parametrize(
    ("least", "most", "unit", "dose"),
    [("5.0", "", "mg", "5 mg"), (".5", "", "mg", "0.5 mg"), ("100", "100.000", "mL", "100 mL"), ("1-2", "", "tab", "1-2 tab"),
     ("", "", "", ""),
     ("0,5", "1", "{tbl}", "0.5 to 1 tablet")],
)  # fmt: skip
def test_a_dose_is_written_so_that_nobody_reads_it_ten_times_too_large(least: str, most: str, unit: str, dose: str) -> None:
    """ISMP: a zero before the point, none after it; what is no number stays as words."""
    assert order_of(rde(rxe=f"RXE||0406-9001-01^x^NDC|{least}|{most}|{unit}")).dose == dose


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (rde("ZZ"), "ORC-1"), (rde(""), "ORC-1"), (rde(rxe="NTE|1||no drug here"), "RXE"), (rde(rxe="RXE||||5|mg"), "RXE-2"),
        (rde().replace(b"RX9^CPOE|PRX9^PHARM", b"|"), "ORC-2"), (rde().replace(PID.encode(), b"PV1|1|I"), "PID"),
        (message("RDE^O11", PID), "ORC"),
    ],
)  # fmt: skip
def test_an_order_that_cannot_be_read_is_refused_by_its_place(content: bytes, words: str) -> None:
    """Half an order would be another order."""
    verdict = told(content).verdict
    assert (verdict.code, words in verdict.words) == (Code.ERROR, True), verdict


def test_every_control_code_of_the_table_is_read() -> None:
    """A code without an effect says so in the verdict."""
    for control, doing in DOINGS.items():
        reading = told(rde(control))
        assert reading.verdict.code is Code.ACCEPT, control
        assert bool(reading.heard) is (doing is not None), control
        assert doing is not None or control in reading.verdict.words


def test_a_training_message_changes_nothing_on_the_real_ward() -> None:
    """MSH-11."""
    verdict = told(rde().replace(b"|P|2.5.1", b"|T|2.5.1")).verdict
    assert (verdict.code, "MSH-11" in verdict.words) == (Code.REJECT, True)


def test_administrations_are_heard_with_what_was_given() -> None:
    """RAS^O17: a dose that was refused at the bedside was not given."""
    common = "ORC|RE|RX9^CPOE|PRX9"
    given = "RXA|0|1|20260302121500||0406-9001-01^oxycodone^NDC|5|mg|||77^NURSE^ANA" + "|" * 10 + "CP"
    refused = "RXA|0|2|20260302181500||0406-9001-01^oxycodone^NDC|5|mg|||||||||||||RE"
    reading = told(message("RAS^O17", PID, common, given, "RXR|PO", common, refused, "RXR|PO"))
    doses = [heard for heard in reading.heard if isinstance(heard, DoseHeard)]
    assert [(dose.order, dose.item, dose.amount, dose.unit, dose.is_given) for dose in doses] == [
        ("rx9", "oxycodone-5-tab", "5", "mg", True),
        ("rx9", "oxycodone-5-tab", "5", "mg", False),
    ]
    assert (doses[0].at, doses[0].by) == ("2026-03-02T12:15:00.000000Z", "77")


def test_master_files_bring_drugs_and_people() -> None:
    """Nothing of them grants a right or changes the formulary by itself."""
    head = (
        "MFI|PRA^Staff^HL70175||UPD|||NE",
        "MFE|MAD|1|20260302|ana-reyes|CWE",
        "STF|ana-reyes|ana-reyes|REYES^ANA||||A",
        "MFE|MDC|2|20260302|old-one|CWE",
        "STF|old-one|old-one|GONE^OLD",
    )
    people = told(message("MFN^M02", *head)).heard
    assert people == (
        PersonHeard("ana-reyes", "ANA REYES", Entry.ADD, "2026-03-02T00:00:00.000000Z", True, "ana-reyes"),
        PersonHeard("old-one", "OLD GONE", Entry.STOP, "2026-03-02T00:00:00.000000Z", False, "old-one"),
    )
    drugs = told(
        message(
            "MFN^M15",
            "MFI|INV^Inventory^HL70175||UPD|||AL",
            "MFE|MUP|1||0406-9001-01|CWE",
            "IIM|0406-9001-01|0406-9001-01^oxycodone 5 mg^NDC",
        )
    ).heard
    assert [heard.item for heard in drugs if isinstance(heard, ItemHeard)] == ["oxycodone-5-tab"]
    assert NOW
