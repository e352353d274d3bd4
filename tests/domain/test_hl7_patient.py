"""The ward's list follows the hospital's: admitted, moved, discharged, brought back, merged, in whatever order messages come."""

from dataclasses import replace
from itertools import permutations

import pytest

from central.hl7.adt import MERGES, STAYS
from central.hl7.forgetting import Old, old_of
from central.hl7.heard import PatientHeard, Stay
from central.hl7.roll import Roll
from central.hl7.verdict import Code
from tests.domain.hl7_message import BOOK, PID, adt, message, rde, told

LATER = "2026-03-02T20:00:00.000000Z"
PATIENT = "mrn-77"


def roll_of(*contents: bytes) -> Roll:
    roll = Roll()
    for content in contents:
        reading = told(content)
        assert reading.verdict.code is Code.ACCEPT, reading.verdict
        for heard in reading.heard:
            roll.hear(heard)
    return roll


def listed(roll: Roll, area: str, now: str = LATER) -> dict[str, str]:
    return {known.patient: since for known, since in roll.listed(area, now)}


def test_an_admission_tells_who_and_where() -> None:
    """Two identifiers, allergies and weight are what a cabinet shows before anything is taken."""
    news = told(
        adt(
            "A01",
            "6N^14^A",
            "AL1|1|DA|70618^penicillin|SV",
            "AL1|2|DA|^latex",
            "OBX|1|NM|29463-7^Body weight^LN||61.4|kg|||||F|||20260301080000",
        )
    )
    heard = news.heard[0]
    assert isinstance(heard, PatientHeard)
    assert (heard.patient, heard.record, heard.name, heard.born) == (PATIENT, "MRN-77", "ELEANOR M VOSS", "1948-03-14")
    assert (heard.area, heard.place, heard.visit, heard.stay) == ("ward-1", "6N 14 A", "V1", Stay.HERE)
    assert (heard.allergies, heard.weight_g, heard.weight_at) == (("penicillin", "latex"), 61_400, "2026-03-01T08:00:00.000000Z")


def test_a_discharged_patient_stays_listed_for_a_day() -> None:
    """Return and waste come after the patient is gone (ward.md)."""
    roll = roll_of(adt("A01", at="20260302080000"), adt("A03", at="20260302120000"))
    assert listed(roll, "ward-1") == {PATIENT: "2026-03-02T12:00:00.000000Z"}
    assert listed(roll, "ward-1", "2026-03-03T12:00:01.000000Z") == {}


def test_a_transferred_patient_is_listed_on_both_wards_for_a_day() -> None:
    """What was taken on the old ward is wasted there."""
    roll = roll_of(adt("A01", at="20260302080000"), adt("A02", "ICU^1^1", at="20260302120000"))
    assert (listed(roll, "icu"), listed(roll, "ward-1")) == ({PATIENT: ""}, {PATIENT: "2026-03-02T12:00:00.000000Z"})


@pytest.mark.parametrize(
    ("cancel", "where", "wards"),
    [("A12", "6N^14^A", {"ward-1": "", "icu": "2026-03-02T13:00:00.000000Z"}), ("A13", "ICU^1^1", {"icu": ""})],
)
def test_a_cancelled_move_or_discharge_brings_the_patient_back(cancel: str, where: str, wards: dict[str, str]) -> None:
    """PV1-3 of the cancelling message says what holds."""
    before = "A02" if cancel == "A12" else "A03"
    roll = roll_of(
        adt("A01", "6N" if cancel == "A12" else "ICU", at="20260302080000"),
        adt(before, "ICU^1^1", at="20260302120000"),
        adt(cancel, where, at="20260302130000"),
    )
    assert {area: since for area in ("ward-1", "icu") for since in listed(roll, area).values()} == wards


def test_a_cancelled_admission_leaves_the_list_as_a_discharge_does() -> None:
    """Something may have been taken for them all the same."""
    roll = roll_of(adt("A01", at="20260302080000"), adt("A11", at="20260302090000"))
    assert listed(roll, "ward-1") == {PATIENT: "2026-03-02T09:00:00.000000Z"}


def test_messages_that_overtake_each_other_end_in_the_same_list() -> None:
    """Interface engines resend what they hold; what happened last holds."""
    contents = [adt("A01", at="20260302080000"), adt("A02", "ICU^1^1", at="20260302100000"), adt("A03", "ICU^1^1", at="20260302120000")]
    assert {str(sorted(listed(roll_of(*order), "icu").items())) for order in permutations(contents)} == {
        "[('mrn-77', '2026-03-02T12:00:00.000000Z')]"
    }


def test_a_visit_to_the_clinic_takes_nobody_off_their_ward() -> None:
    """A known fault of cabinets: an outpatient's check-in removes the inpatient."""
    clinic = adt("A04", "CLINIC", at="20260302100000", visit="V2").replace(b"PV1|1|I|", b"PV1|1|O|")
    end = adt("A03", "CLINIC", at="20260302110000", visit="V2")
    assert listed(roll_of(adt("A01", at="20260302080000"), clinic, end), "ward-1") == {PATIENT: ""}


def test_an_announced_patient_is_listed_when_they_come() -> None:
    """A pre-admission is nobody in a bed."""
    announced = adt("A05", at="20260302080000")
    assert listed(roll_of(announced), "ward-1") == {}
    assert listed(roll_of(announced, adt("A01", at="20260302090000")), "ward-1") == {PATIENT: ""}


def test_a_ward_of_somebody_else_is_said_and_lists_nobody() -> None:
    """A whole hospital's feed comes in; the note tells who forgot a ward in the table."""
    reading = told(adt("A01", "9W^1^1"))
    assert "9W" in reading.verdict.words
    assert listed(roll_of(adt("A01", "9W^1^1")), "ward-1") == {}


def test_a_room_may_be_an_area_of_its_own() -> None:
    """Two cabinets on one ward."""
    assert listed(roll_of(adt("A01", "6N^12^A")), "ward-1-annex") == {PATIENT: ""}


@pytest.mark.parametrize("trigger", sorted(MERGES))
def test_a_merge_gives_the_survivor_everything(trigger: str) -> None:
    """What was known of the number that is gone goes on under the one that stays, also what still comes for the old one."""
    stranger = "PID|1||OLD-1^^^HOSP^MR||VOSS^ELEANOR"
    merge = message(f"ADT^{trigger}", f"EVN|{trigger}|20260302110000", PID, "MRG|OLD-1^^^HOSP^MR", at="20260302110000")
    roll = roll_of(
        adt("A01", "6N^14^A", "AL1|1|DA|^latex", at="20260302080000", pid=stranger),
        merge,
        adt("A02", "ICU", at="20260302120000", pid=stranger),
    )
    assert listed(roll, "icu") == {PATIENT: ""}
    assert roll.who("old-1") == PATIENT
    assert roll.patients[PATIENT].allergies == ("latex",)


def test_merging_in_a_circle_ends() -> None:
    """Two clerks, each merging into the other's number."""
    there = message("ADT^A40", PID, "MRG|OLD-1^^^^MR", control="1")
    back = message("ADT^A40", "PID|1||OLD-1^^^^MR", "MRG|MRN-77^^^^MR", control="2")
    roll = roll_of(there, back)
    assert roll.who("old-1") == roll.who(PATIENT) == PATIENT


def test_news_that_say_nothing_of_something_leave_it() -> None:
    """An update without allergies does not cure any; one that deletes the name deletes it."""
    roll = roll_of(
        adt("A01", "6N", "AL1|1|DA|^latex", at="20260302080000"),
        adt("A08", "6N", at="20260302090000"),
        message("ADT^A31", "EVN|A31|20260302100000", "PID|1||MRN-77^^^HOSP^MR", at="20260302100000"),
    )
    assert roll.patients[PATIENT].allergies == ("latex",)
    assert roll.patients[PATIENT].name == "ELEANOR M VOSS"
    assert listed(roll, "ward-1") == {PATIENT: ""}


def test_every_trigger_of_the_table_is_read() -> None:
    """A row without a reader would be a silence."""
    for trigger in STAYS:
        assert told(adt(trigger)).heard, trigger


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (adt("A01", pid="PID|1||||VOSS^ELEANOR"), "PID-3"),
        (adt("A01", pid="PID|1||123-45-6789^^^SSA^SS||VOSS"), "PID-3"),
        (message("ADT^A01", "EVN|A01|20260302", PID), "PV1"),
        (message("ADT^A40", PID), "MRG"),
        (message("ADT^A01"), "PID"),
        (message("ADT^A01", PID, "PV1|1|I|6N", "not a segment at all"), "no segments"),
        (message("ADT^A01", PID, "PV1|1|I|6N") + adt("A03"), "two messages"),
    ],
)
def test_what_cannot_be_acted_on_is_refused_by_its_place(content: bytes, words: str) -> None:
    """Whoever reads the answer can mend the message."""
    verdict = told(content).verdict
    assert (verdict.code, words in verdict.words, verdict.is_acted_on) == (Code.ERROR, True, False), verdict


def test_who_left_long_ago_is_forgotten_and_nobody_else() -> None:
    """Thirty days after the last that was heard of a stay that ended; never who lies on a ward, however long, and no order that holds."""
    gone = PID.replace("MRN-77", "MRN-78")
    roll = roll_of(
        adt("A01", at="20260101080000"), rde(at="20260101090000"), rde("DC", at="20260102090000", order="RX1"),
        adt("A01", at="20260101080000", pid=gone), adt("A03", at="20260103080000", pid=gone),
    )  # fmt: skip
    roll.orders["rx9"] = replace(roll.orders["rx9"], order=replace(roll.orders["rx9"].order, stops=None))
    assert old_of(roll, "2026-01-20T00:00:00.000000Z") == Old((), ())
    assert old_of(roll, "2026-06-01T00:00:00.000000Z") == Old(("mrn-78",), ("rx1",))


def test_identifiers_that_differ_never_become_one() -> None:
    """Two numbers that a form of ours made the same would be two patients in one."""
    numbers = ["A/1", "A-1", "A_1", "a.1", "A 1", "A1", "Ä1", "x" * 80, "x" * 81]
    readings = [told(adt("A01", pid=f"PID|1||{number}^^^^MR||V")).heard[0] for number in numbers]
    ids = [heard.patient for heard in readings if isinstance(heard, PatientHeard)]
    assert len(set(ids)) == len(numbers)
    assert all(len(one) <= 64 for one in ids)
    assert BOOK.identifiers[0] == "MR"
