"""The door of the pharmacy's pages, on both databases: who is let in, who waits, and whose visit is over."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from cabinet.adapters.secrets import InlineSecrets
from central.database.place import Database
from central.database.table import PERSON, VISIT
from central.document.room import DocumentRoom
from central.document.shelf import Change
from central.person.desk import CODE_LENGTH, PeopleDesk
from central.person.room import PersonRoom, make_desk, make_room
from central.problem import Refused
from config.document import StaffRecord
from config.pharmacy import PeopleRoom, PharmacyRole
from tests.database import migrated_postgres, postgres_server, postgres_url, server_database

__all__ = ["migrated_postgres", "postgres_server", "postgres_url", "server_database"]

SECRET = "correct horse"


class Clock:
    """An hour that tests move."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 7, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def room(server_database: Database, clock: Clock) -> PersonRoom:
    """A door and a staff list over a database of each kind."""
    documents = DocumentRoom(server_database, Ed25519PrivateKey.generate(), clock)
    desk = make_desk(server_database, documents.office.shelf, InlineSecrets(), clock)
    return make_room(desk, documents.office, clock)


@pytest.fixture
def desk(room: PersonRoom) -> PeopleDesk:
    return room.desk


async def pia(desk: PeopleDesk) -> None:
    await desk.set_secret("pia", SECRET, by="test", name="Pia", role="pharmacist")


async def refusal(desk: PeopleDesk, who: str, secret: str) -> str:
    with pytest.raises(Refused) as said:
        await desk.sign_in(who, secret)
    return said.value.code


async def test_who_is_known_gets_a_visit_and_their_roles_rights(desk: PeopleDesk) -> None:
    """S2: there is nobody by default; a token that was never given is nobody's."""
    assert not desk.is_set_up
    assert await refusal(desk, "pia", SECRET) == "person.unknown"
    await pia(desk)
    assert desk.is_set_up
    token, person = await desk.sign_in("pia", SECRET)
    assert (person.id, person.role, person.how) == ("pia", "pharmacist", "signed_in")
    assert "pars" in person.may
    assert "people" not in person.may
    assert desk.visitor(token) == person
    assert desk.visitor("x") is None
    desk.book.end(token)
    assert desk.visitor(token) is None


async def test_neither_secret_nor_token_lies_in_the_database(desk: PeopleDesk, server_database: Database) -> None:
    """S5: who steals the file signs in nowhere."""
    await pia(desk)
    token, _ = await desk.sign_in("pia", SECRET)
    with server_database.reading() as conn:
        everything = str([*conn.execute(select(PERSON)), *conn.execute(select(VISIT))])
    assert SECRET not in everything
    assert token not in everything


async def test_wrong_secrets_lock_that_person_and_nobody_else(desk: PeopleDesk, clock: Clock) -> None:
    """Three, five, ten: half a minute, five minutes, until somebody unlocks; the right secret does not help before."""
    await pia(desk)
    await desk.set_secret("hugo", SECRET, by="test", name="Hugo", role="technician")
    for _ in range(3):
        assert await refusal(desk, "pia", "wrong") == "person.unknown"
    assert await refusal(desk, "pia", SECRET) == "person.locked"
    await desk.sign_in("hugo", SECRET)
    clock.at += timedelta(seconds=31)
    for _ in range(2):
        assert await refusal(desk, "pia", "wrong") == "person.unknown"
    clock.at += timedelta(minutes=4)
    assert await refusal(desk, "pia", SECRET) == "person.locked"
    clock.at += timedelta(minutes=2)
    for _ in range(5):
        assert await refusal(desk, "pia", "wrong") == "person.unknown"
    clock.at += timedelta(days=300)
    assert await refusal(desk, "pia", SECRET) == "person.locked"
    desk.unlock("pia", by="grace")
    await desk.sign_in("pia", SECRET)


async def test_a_good_sign_in_forgets_the_bad_ones(desk: PeopleDesk) -> None:
    """Two wrong ones on Monday and one on Tuesday lock nobody."""
    await pia(desk)
    for _ in range(2):
        await refusal(desk, "pia", "wrong")
    await desk.sign_in("pia", SECRET)
    await refusal(desk, "pia", "wrong")
    await desk.sign_in("pia", SECRET)


async def test_a_visit_ends_by_idleness_and_in_any_case(desk: PeopleDesk, clock: Clock) -> None:
    """What the page asks by itself keeps nobody signed in; who works is signed out after eight hours all the same."""
    await pia(desk)
    token, _ = await desk.sign_in("pia", SECRET)
    clock.at += timedelta(minutes=14)
    assert desk.visitor(token, is_act=False) is not None
    clock.at += timedelta(minutes=2)
    assert desk.visitor(token) is None
    token, _ = await desk.sign_in("pia", SECRET)
    for _ in range(8 * 6):
        clock.at += timedelta(minutes=10)
        assert desk.visitor(token) is not None
    clock.at += timedelta(minutes=10)
    assert desk.visitor(token) is None


async def test_the_staff_list_says_who_is_on(room: PersonRoom, clock: Clock) -> None:
    """A leaver is off at the next request, whoever set them up; so is who ended, has another role, or was taken off the list."""
    desk = room.desk
    await pia(desk)
    record = StaffRecord(id="pia", name="Pia Sommer", role="pharmacist")
    for change in (
        {"active": False}, {"role": "nurse"}, {"until": clock.at - timedelta(minutes=1)},
    ):  # fmt: skip
        room.staff.put(record, by="test")
        token, person = await desk.sign_in("pia", SECRET)
        assert person.name == "Pia Sommer"
        room.staff.put(record.model_copy(update=change), by="test")
        assert desk.visitor(token) is None, change
        assert await refusal(desk, "pia", SECRET) == "person.off"
    room.staff.put(record, by="test")
    token, _ = await desk.sign_in("pia", SECRET)
    room.documents.shelf.issue("staff", "*", Change({}, ["pia"]), approved_by="test", why="", at="2026-03-02T07:05:00.000000Z")
    assert desk.visitor(token) is None


async def test_a_code_is_good_once_within_a_day_and_for_nothing_but_a_secret(desk: PeopleDesk, clock: Clock) -> None:
    """Who hands out a code never knows the secret that answers for what is approved."""
    code = await desk.issue_code("pia", by="grace", name="Pia", role="pharmacist")
    assert len(code) == CODE_LENGTH
    token, person = await desk.sign_in("pia", code)
    assert person.must_choose
    with pytest.raises(Refused):
        await desk.choose(person, code, "short")
    fresh = await desk.choose(person, code, SECRET)
    assert desk.visitor(token) is None
    kept = desk.visitor(fresh)
    assert kept is not None
    assert not kept.must_choose
    assert await refusal(desk, "pia", code) == "person.unknown"
    code = await desk.issue_code("pia", by="grace")
    assert desk.visitor(fresh) is None, "a new code ends what was open"
    clock.at += timedelta(hours=25)
    assert await refusal(desk, "pia", code) == "person.unknown"


def test_nobody_lets_people_in_and_explains_discrepancies() -> None:
    """Who could make up a person could make up who took something."""
    with pytest.raises(ValueError, match="keep the two apart"):
        PeopleRoom(role=(PharmacyRole(role="pharmacist", may=("people", "discrepancies")),))
    assert not [row.role for row in PeopleRoom().roles if {"people", "discrepancies"} <= set(row.may)]


@pytest.mark.real
def test_the_first_person_is_set_up_before_the_servers_first_start(postgres_url: str, tmp_path: Path) -> None:
    """The first thing that the how-to has somebody do: there is no state folder yet; stdout is data, the log is not."""
    file = tmp_path / "pharmacy.toml"
    file.write_text(f'state = "{tmp_path / "new" / "state"}"\n[store]\nurl = "{postgres_url}"\n')
    words = ["central", "--config", str(file), "person", "grace", "--name", "Grace", "--role", "administrator", "--json"]
    told = subprocess.run(
        [sys.executable, "-m", "cabinet.cli", *words], env=os.environ | {"ADC_NEW_SECRET": "correct horse"}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert json.loads(told.stdout) == {"person": "grace"}
    assert "secret set" in told.stderr
