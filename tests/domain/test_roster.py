"""Lists from elsewhere: what another system's words mean here, what a list changes, and what is wrong with it, line by line."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from central.roster.difference import TooMany, difference
from central.roster.line import NotALine, Said, Words, as_id, record_of
from central.roster.scim import ENTERPRISE, NotScim, patched, said_of, wanted
from central.roster.table import read_table
from config.document import StaffRecord
from config.roster import RosterTable

WORDS = Words.of(RosterTable(roles={"RN": "nurse", "Pharm D": "pharmacist"}, areas={"4 South": "medical-surgical"}))


def person(who: str, **fields: Any) -> StaffRecord:
    return StaffRecord.model_validate({"id": who, "name": who.title(), "role": "nurse", **fields})


def people(*records: StaffRecord) -> dict[str, StaffRecord]:
    return {record.id: record for record in records}


def test_other_systems_words_become_ours() -> None:
    """The file says what they mean; a role's own name in any writing needs no row; nobody is guessed at."""
    said = Said("Ana.Reyes@hospital.example", " Ana Reyes ", ("Janitor II", "rn"), ("4 South", "ICU 2"))
    assert record_of(said, WORDS) == person("ana-reyes", name="Ana Reyes", areas=("medical-surgical", "icu-2"))
    assert WORDS.role(("Charge Nurse",)) == "charge_nurse"
    for roles in (("Janitor",), ()):
        with pytest.raises(NotALine, match=r"roster\.roles"):
            WORDS.role(roles)
    assert as_id("Jürgen Müller") == "jurgen-muller"
    with pytest.raises(NotALine):
        as_id("李")


def test_every_flaw_of_a_file_is_told_with_its_line() -> None:
    """Whoever sends a list of 800 mends it once, not 40 times."""
    text = (
        "\ufeffID,Name,Role,Areas,Until,trained_until,active,shoe size\n"
        "ana,Ana,RN,4\\ South;icu,2026-03-31,2027-01-01,yes,38\n"
        'ben,"Ben\nOkafor",Pharm D,,,,,\n'
        "\n"
        "cleo,Cleo,Janitor,,,,,\n"
        "dev,Dev,nurse,,31.12.2026,,,\n"
        "erin,,nurse,,,,,\n"
        "ana,Ana again,nurse,,,,maybe,\n"
        "ben,Ben,nurse,,,,no,\n"
    )
    read = read_table(text, WORDS)
    assert [flaw.line for flaw in read.flaws] == [6, 7, 8, 9, 10]
    told = " | ".join(flaw.what for flaw in read.flaws)
    for word in ("'Janitor'", "31.12.2026", "name:", "'maybe'", "stands in the file twice"):
        assert word in told
    assert read.unread == ["shoe size"]
    ana = read.people["ana"]
    assert (ana.until, ana.competent_until) == (datetime(2026, 4, 1, tzinfo=UTC), date(2027, 1, 1))
    assert read.people["ben"].name == "Ben"


@pytest.mark.parametrize(("text", "line"), [("", 1), ("name,role\nx,y\n", 1), ('id,name,role\nana,"Ana,nurse\n', 2)])
def test_what_is_no_list_says_so(text: str, line: int) -> None:
    """A missing column or a quote that never ends."""
    read = read_table(text, WORDS)
    assert not read.people
    assert read.flaws[0].line == line


def test_a_list_speaks_of_those_that_came_from_it() -> None:
    """Whom somebody entered on the page is neither touched nor switched off by a list that lacks them."""
    present = people(person("ana"), person("ben"), person("by-hand"), person("gone", active=False))
    said = people(person("ana", role="charge_nurse"), person("new"), person("never", active=False))
    found = difference(present, ["ana", "ben", "gone"], said, is_whole=True)
    assert [record.id for record in found.new] == ["new"]
    assert [record.id for record in found.other] == ["ana"]
    assert [(record.id, record.active) for record in found.left] == [("ben", False)]
    assert difference(present, ["ana", "ben"], said, is_whole=False).left == ()
    same = difference(present, ["ana"], people(person("ana")), is_whole=True)
    assert (same.records, same.same) == ((), 1)


def test_an_empty_answer_switches_no_hospital_off() -> None:
    """Five leave any day; fifty at once is a directory that failed, until somebody says that it is meant."""
    present = people(*(person(f"p{n}") for n in range(50)))
    difference(present, list(present)[:5], {}, is_whole=True).ensure_few_leave(50, 0)
    with pytest.raises(TooMany, match="50 of 50"):
        difference(present, present, {}, is_whole=True).ensure_few_leave(50, 20)
    off = people(*(person(f"p{n}", active=False) for n in range(50)))
    with pytest.raises(TooMany):
        difference(present, present, off, is_whole=True).ensure_few_leave(50, 20)


@pytest.mark.parametrize(
    ("patch", "path", "value"),
    [
        ([{"op": "Replace", "path": "active", "value": "False"}], ("active",), "False"),
        ([{"op": "replace", "value": {"active": False, "name.familyName": "R"}}], ("active",), False),
        ([{"op": "replace", "value": {"name.familyName": "R"}}], ("name", "familyName"), "R"),
        ([{"op": "Add", "path": 'roles[primary eq "True"].value', "value": "RN"}], ("roles", 0, "value"), "RN"),
        ([{"op": "Add", "path": f"{ENTERPRISE}:department", "value": "ICU"}], (ENTERPRISE, "department"), "ICU"),
        ([{"op": "replace", "value": {ENTERPRISE: {"department": "ICU"}}}], (ENTERPRISE, "department"), "ICU"),
        ([{"op": "Replace", "path": 'emails[type eq "work"].value', "value": "n@x"}], ("emails", 0, "value"), "n@x"),
        ([{"op": "Replace", "path": "DISPLAYNAME", "value": "N"}], ("displayName",), "N"),
    ],
)  # fmt: skip
def test_patches_as_providers_send_them(patch: list[dict[str, Any]], path: tuple[Any, ...], value: object) -> None:
    """Entra and Okta each in their way; the resource that was there is not touched."""
    before: dict[str, Any] = {
        "userName": "ana@x", "displayName": "Ana", "active": True, "emails": [{"type": "work", "value": "a@x"}], "name": {"givenName": "A"},
    }  # fmt: skip
    found: Any = patched(before, {"Operations": patch})
    for step in path:
        found = found[step]
    assert found == value
    assert before["active"] is True
    assert before["emails"][0]["value"] == "a@x"


def test_what_is_no_patch_and_no_filter_is_refused_in_scims_words() -> None:
    """A provider shows its administrator the reason."""
    for patch in ({}, {"Operations": []}, {"Operations": [{"op": "move"}]}, {"Operations": [{"op": "add", "value": 1}]}, [1]):
        with pytest.raises(NotScim):
            patched({"userName": "a"}, patch)
    assert wanted('userName eq "Ana@x"') == ("userName", "Ana@x")
    with pytest.raises(NotScim) as said:
        wanted("name co x")
    assert said.value.kind == "invalidFilter"
    assert patched({"title": "x"}, {"Operations": [{"op": "remove", "path": "title"}]}) == {}


def test_a_resource_says_who_somebody_is() -> None:
    """The primary role first; a person without a display name has its parts; nobody is on by a word that is none."""
    resource = {
        "userName": "ana@x", "name": {"givenName": "Ana", "familyName": "Reyes"}, "title": "Nurse",
        "roles": [{"value": "x"}, {"value": "RN", "primary": "True"}], ENTERPRISE: {"department": "4 South"},
    }  # fmt: skip
    said = said_of(resource)
    assert (said.name, said.roles, said.areas, said.is_active) == ("Ana Reyes", ("RN", "x", "Nurse"), ("4 South",), True)
    assert not said_of(resource | {"active": "False"}).is_active
    for wrong in ({"active": "perhaps"}, {"userName": " "}):
        with pytest.raises(NotScim):
            said_of(resource | wrong)
