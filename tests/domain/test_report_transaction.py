"""What one transaction holds: section 2 of the domain reference, line by line."""

from dataclasses import replace

import pytest

from cabinet.domain import facts
from cabinet.domain.facts import Account, Basis, Moment
from cabinet.domain.formulary import CountMode
from cabinet.domain.vocabulary import BoardId, DiscrepancyId, IntentId, ItemId, MassMg, PatientId, PocketId, SessionId, StaffId, Units
from cabinet.report.asked import Setting
from cabinet.report.strength import amount
from cabinet.report.telling import Telling
from cabinet.report.transaction import COLUMNS, Transaction
from cabinet.report.transaction_fold import AFTERTHOUGHT, Transactions
from tests.domain.record import CONFIG, Record
from tests.domain.ward import ITEMS, world

OXY, ITEM = PocketId("oxy"), ItemId("oxycodone")

EXISTING = {
    "transaction key": ("access",),
    "device": ("cabinet",),
    "date-time": ("asked_at", "opened_at", "closed_at", "ended_at"),
    "user name and ID": ("person", "person_name", "role"),
    "witness name and ID (or none)": ("witness", "witness_name"),
    "storage space (drawer-pocket)": ("drawer", "pocket"),
    "item ID, display name": ("item", "item_name"),
    "drug class code": ("schedule",),
    "transaction type": ("kind", "outcome"),
    "entered quantity and unit, converted to strength": ("units_entered", "unit", "amount", "strength"),
    "beginning and ending inventory": ("beginning", "ending"),
    "encounter, patient ID": ("patient", "patient_name"),
    "bin quantity before, transaction quantity, after": ("beginning", "units_moved", "ending"),
    "waste row: order, issued amount, wasted amount, reason": ("order", "units_asked", "units_moved", "reason"),
}
"""What existing products store, in the words of section 2."""

ADDED = {
    "order id": ("order",),
    "override flag and reason": ("is_override", "reason"),
    "expected count and entered count": ("expected", "entered", "counts"),
    "sensor-derived count": ("sensed_units", "sensed_count", "mass_before_mg", "mass_after_mg", "bin_sensor"),
    "scan result (GTIN, lot, expiry)": ("scan_gtin", "scan_lot", "scan_expiry"),
    "open and close timestamps and open duration": ("opened_at", "closed_at", "open_s"),
    "clock source": ("clock",),
    "offline flag": ("is_offline", "mode"),
    "software and configuration version": ("software", "config"),
    "hash of the previous fact": ("prev_hash", "hash", "first_seq", "last_seq", "epoch"),
}
"""What an open product should add, in the words of section 2."""

WORKFLOWS = {
    "2.1 method of login": ("factors",),
    "2.2 what was witnessed, by which method": ("witnessed", "witness_factors"),
    "2.3 dose and warnings accepted": ("said", "warnings"),
    "2.6 original withdrawal and destination": ("withdrawal", "place"),
    "2.8 quantity, expiry, lot": ("units_entered", "expiry", "lot"),
    "2.12 discrepancy": ("discrepancies", "difference"),
    "2.14 what the locks did": ("locks",),
    "2.15 back-entry flag with true time and entry time": ("is_late_entry", "true_time", "asked_at", "taken_by"),
}
"""What the workflows add."""


def transactions(record: Record) -> list[Transaction]:
    """Every transaction of a record."""
    telling = Telling(Setting(world(), record.now.tzinfo, record.now))  # type: ignore[arg-type]
    fold = Transactions(telling)
    done = [one for entry in telling.follow(record.entries) for one in fold.hear(entry)]
    return [*done, *fold.rest()]


def a_day() -> Record:
    """An override that ends in a discrepancy while the pharmacy is out of reach, its return, and a scanned refill."""
    record = Record()
    record.stock("oxy", "lidded", "oxycodone", 20)
    record.sign_in("nina")
    record.sign_in("tom")
    record.add(facts.DowntimeBegan("2026-03-02T06:00:00.000000Z"), facts.ModeChanged("ready", "downtime", "the pharmacy does not answer"))
    record.begin(
        "a", "withdraw", "oxy", "oxycodone", authority="override", patient=PatientId("pat"), reason="pain", order="o2", said="10 mg",
        acknowledged=["too_soon"], witness_rule="required",
    )  # fmt: skip
    record.add(facts.ReleaseIntended(IntentId("a-1"), "locks:1", 300), access="a", by="nina")
    record.add(facts.ReleaseSettled(IntentId("a-1"), "locks:1", facts.Outcome.OPENED, "seen"), access="a", by="nina")
    record.add(facts.PocketWeighed(OXY, Moment.BEFORE, MassMg(6000), "advisory", None, "", BoardId("scale")), access="a", by="nina")
    for attempt in (1, 2):
        record.add(
            facts.PocketCounted(OXY, ITEM, Units(19), Units(20), Basis.PERSON, Moment.BEFORE, attempt, attempt == 2), access="a", by="nina"
        )
    record.add(
        facts.DiscrepancyFound(DiscrepancyId("d1"), OXY, ITEM, Units(20), Units(19), Basis.PERSON, 0),
        facts.UnitsMoved(OXY, ITEM, Units(1), Account.POCKET, Account.VARIANCE),
        facts.QuantityConfirmed(Units(2)),
        facts.UnitsMoved(OXY, ITEM, Units(2), Account.POCKET, Account.PATIENT),
        access="a", by="nina",
    )  # fmt: skip
    record.add(facts.WitnessSigned("withdraw", ITEM, "10 mg", ["badge", "secret"], "pain"), access="a", by="nina", witness="noor")
    record.end("a", outcome="disputed")
    record.add(facts.PocketWeighed(OXY, Moment.AFTER, MassMg(5400), "confident", Units(2), "", BoardId("scale")), access="a", by="nina")
    record.add(facts.BinSensed(OXY, Moment.AFTER, is_empty=False), access="a", by="nina")
    record.begin("r", "return", "oxy", "oxycodone", 1, patient=PatientId("pat"), withdrawal="a", place="bin")
    record.end("r")
    late = facts.AccessRequested("withdraw", OXY, ITEM, Units(1), "emergency", SessionId("nina"), PatientId("pat"))
    record.add(late, facts.LateEntered(OXY, "2026-03-02T06:30:00.000000Z", StaffId("noor")), by="nina", access="l")
    record.begin("f", "refill", "oxy", "oxycodone", 10, by="tom")
    record.add(facts.PackageScanned(OXY, ITEM, "gs1", "00301234567890", "L9", "2028-02-29", None), access="f", by="tom")
    record.add(facts.QuantityConfirmed(Units(10), "L9", "2028-02-29"), access="f", by="tom")
    record.add(facts.UnitsMoved(OXY, ITEM, Units(10), Account.PHARMACY, Account.POCKET, "L9", "2028-02-29"), access="f", by="tom")
    record.end("f", by="tom")
    return record


@pytest.mark.parametrize("line", [*EXISTING, *ADDED, *WORKFLOWS])
def test_a_transaction_holds_what_section_2_lists(line: str) -> None:
    """A field that stays empty whatever happens is a promise broken; so each must be filled by some access of an eventful day."""
    columns = {column.key for column in COLUMNS}
    done = transactions(a_day())
    for field in {**EXISTING, **ADDED, **WORKFLOWS}[line]:
        assert field in columns
        assert any(getattr(one, field) for one in done), field


def test_the_numbers_of_a_transaction_are_those_of_its_facts() -> None:
    """A record that has a field for everything and the wrong thing in it accuses somebody."""
    done = transactions(a_day())[0]
    assert (done.beginning, done.expected, done.entered, done.counts, done.difference, done.ending) == (20, 20, 19, [19, 19], -1, 17)
    assert (done.units_asked, done.units_entered, done.units_moved, done.amount) == (2, 2, 2, "10 mg")
    assert (done.sensed_units, done.sensed_count, done.open_s) == (2, 17, 30)
    assert (done.person_name, done.role, done.factors, done.witness_name) == ("Nina", "nurse", ["badge", "secret"], "Noor")
    assert (done.is_override, done.is_offline, done.mode, done.outcome) == (True, True, "downtime", "disputed")
    assert (done.software, done.config, done.discrepancies) == ("1.0", CONFIG, ["d1"])


def test_a_transaction_names_the_facts_that_it_is_made_of() -> None:
    """Whoever doubts the paper looks up these numbers and this hash in the journal."""
    record = a_day()
    entries = {entry.seq: entry for entry in record.entries}
    done = transactions(record)[0]
    first, last = entries[done.first_seq], entries[done.last_seq]
    assert isinstance(first.fact, facts.AccessRequested)
    assert (first.access, first.prev_hash) == ("a", done.prev_hash)
    assert (last.access, last.hash) == ("a", done.hash)


def test_an_access_that_is_not_over_is_told_of_as_under_way() -> None:
    """Nothing is left out because it has no end yet."""
    record = Record()
    record.stock("oxy", "lidded", "oxycodone", 20)
    record.sign_in("nina")
    record.begin("a", "withdraw", "oxy", "oxycodone")
    assert [(one.access, one.outcome, one.ended_at) for one in transactions(record)] == [("a", "open", None)]


def test_no_more_is_held_than_may_still_be_told_of() -> None:
    """A million facts are drawn up in the memory that a thousand take."""
    record = Record()
    record.stock("p1", "matrix", "paracetamol", 20)
    record.sign_in("nina")
    for number in range(400):
        record.begin(f"a{number}", "withdraw", "p1", "paracetamol")
        record.end(f"a{number}")
    telling = Telling(Setting(world(), record.now.tzinfo, record.now))  # type: ignore[arg-type]
    fold = Transactions(telling)
    given = sum(1 for entry in telling.follow(record.entries) for _ in fold.hear(entry))
    held = len(list(fold.rest()))
    assert given + held == 400
    assert held <= AFTERTHOUGHT / 6 + 1


def test_a_fact_from_before_a_field_was_thought_of_is_read_with_it_absent() -> None:
    """Journals are kept for years, and read by newer software."""
    record = Record()
    record.stock("p1", "matrix", "paracetamol", 20)
    record.sign_in("nina")
    record.begin("a", "withdraw", "p1", "paracetamol")
    done = transactions(record)[0]
    assert (done.purpose, done.sheet, done.witness_rule, done.warnings) == ("", "", "", [])


def test_names_are_those_that_were_good_then_and_ids_where_nobody_knows_one() -> None:
    """A record about somebody who left is still about somebody."""
    record = Record()
    record.stock("p1", "matrix", "paracetamol", 20)
    record.sign_in("gone-1")
    record.begin("a", "withdraw", "p1", "paracetamol", by="gone-1", patient=PatientId("left"))
    done = transactions(record)[0]
    assert (done.person_name, done.role, done.patient_name) == ("gone-1", "", "left")


def test_paper_names_who_took_what_was_entered_late_and_when() -> None:
    """Whoever reads on paper that a nurse who sat at the desk took a tablet asks the wrong person."""
    record = Record()
    record.stock("oxy", "lidded", "oxycodone", 20)
    record.sign_in("nina")
    record.begin("a", "withdraw", "oxy", "oxycodone", authority="late")
    record.add(facts.LateEntered(OXY, "2026-03-02T02:10:00.000000Z", StaffId("noor")), by="nina", access="a")
    record.end("a")
    (done,) = transactions(record)
    assert done.doer == "Noor (not confirmed), taken 2026-03-02 02:10; entered late by Nina"
    shown = dict(zip([column.title for column in COLUMNS if not column.is_detail], done.row(), strict=False))
    assert shown["Person"] == done.doer


@pytest.mark.parametrize(
    ("strength", "mode", "units_m", "said"),
    [
        ("5 mg", CountMode.UNITS, 2000, "10 mg"),
        ("0.125 mg", CountMode.UNITS, 3000, "0.375 mg"),
        ("5 mg-325 mg", CountMode.UNITS, 2000, "10 mg-650 mg"),
        ("40 mg/0.4 mL", CountMode.CONTAINERS, 1000, "40 mg"),
        ("5 mg", CountMode.UNITS, 500, "2.5 mg"),
        ("100 units/mL, 3 mL", CountMode.CONTAINERS, 2000, "600 units"),
        ("10 mg/5 mL", CountMode.VOLUME, 7000, "14 mg"),
        ("5 mg", CountMode.VOLUME, 7000, ""),
        ("1 %, 28 g", CountMode.CONTAINERS, 1000, ""),
        ("5 mg", CountMode.BULK, 1000, ""),
        ("50 \u00b5g", CountMode.UNITS, 2000, "100 \u00b5g"),
    ],
)
def test_units_are_told_as_an_amount_where_the_label_tells(strength: str, mode: CountMode, units_m: int, said: str) -> None:
    """A quantity in tablets means nothing to who must compare it with a dose; a guessed one means harm."""
    assert amount(replace(ITEMS[0], strength=strength, count_mode=mode), units_m) == said
