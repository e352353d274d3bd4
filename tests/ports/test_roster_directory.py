"""A real directory (OpenLDAP) asked for its people, in pages; one that is silent, and one that lets nobody in."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.database.place import MEMORY, Database
from central.roster.ldap import ask
from central.roster.line import DirectoryUnusable
from central.roster.process import asking
from config.roster import LdapTable, RosterTable
from tests.broker import free_port
from tests.directory import BASE, PASSWORD, SLAPD, Directory
from tests.ports.test_roster_http import Server

pytestmark = [pytest.mark.real, pytest.mark.skipif(SLAPD is None, reason="slapd is not installed")]
MANY = 1200


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    made = Directory(tmp_path)
    yield made
    made.stop()


def table_of(directory: Directory, folder: Path, password: str = PASSWORD) -> LdapTable:
    secret = folder / "ldap-password"
    secret.write_text(password + "\n")
    return LdapTable(url=f"ldap://127.0.0.1:{directory.port}", base=BASE, bind_dn=f"cn=reader,{BASE}", password_file=str(secret))


def test_people_come_in_the_directorys_own_words(directory: Directory, tmp_path: Path) -> None:
    """Names in any script, several areas, and who is not there any more is not there."""
    directory.add("ana", "RN", departmentNumber="4 South\ndepartmentNumber: ICU", displayName="x")
    directory.add("hugo", "RPh")
    directory.start()
    table = table_of(directory, tmp_path)
    found = {entry.said.key: entry for entry in ask(table)}
    assert sorted(found) == ["ana", "hugo"]
    ana = found["ana"]
    assert (ana.dn, ana.said.name, ana.said.roles) == (f"uid=ana,{BASE}", "Ana", ("RN",))
    assert sorted(ana.said.areas) == ["4 South", "ICU"]
    assert ana.said.is_active
    assert [entry.said.key for entry in ask(table.model_copy(update={"filter": "(title=RPh)"}))] == ["hugo"]


def test_a_large_directory_is_read_to_its_end(directory: Directory, tmp_path: Path) -> None:
    """A server hands out some hundred at a time: whoever reads the first page alone switches the rest off."""
    people = (f"dn: uid=p{n},{BASE}\nobjectClass: inetOrgPerson\nuid: p{n}\ncn: P\nsn: P\ntitle: RN\n" for n in range(MANY))
    directory._load("\n".join(people))  # noqa: SLF001 - all at once, for speed
    directory.start()
    assert len(ask(table_of(directory, tmp_path))) == MANY


def test_a_directory_that_is_silent_or_refuses_says_so(directory: Directory, tmp_path: Path) -> None:
    """No answer is not an empty list."""
    directory.start()
    with pytest.raises(DirectoryUnusable, match="invalidCredentials"):
        ask(table_of(directory, tmp_path, "wrong"))
    with pytest.raises(DirectoryUnusable, match="noSuchObject"):
        ask(table_of(directory, tmp_path).model_copy(update={"base": "dc=elsewhere"}))
    unread = table_of(directory, tmp_path).model_copy(update={"password_file": str(tmp_path / "gone")})
    with pytest.raises(DirectoryUnusable, match="gone"):
        ask(unread)
    nobody = LdapTable(url=f"ldap://127.0.0.1:{free_port()}", base=BASE)
    with pytest.raises(DirectoryUnusable):
        ask(nobody)


def test_an_attribute_may_hold_anything(directory: Directory, tmp_path: Path) -> None:
    """What is no number is none: neither a digit that is no decimal, nor more digits than there are bits for."""
    directory.add("ana", "RN", departmentNumber="\u00b2", employeeNumber="9" * 5000)
    directory.start()
    table = table_of(directory, tmp_path).model_copy(update={"off": "departmentNumber", "until": "employeeNumber"})
    (ana,) = ask(table)
    assert (ana.said.is_active, ana.said.until) == (True, None)
    (ana,) = ask(table.model_copy(update={"until": "departmentNumber"}))
    assert ana.said.until is None


@pytest.mark.parametrize("url", ["ldap://directory.example", "ldap://10.0.0.3:389"])
def test_a_password_is_never_sent_in_clear_beyond_this_machine(url: str) -> None:
    """ldaps, or StartTLS before the bind."""
    with pytest.raises(ValueError, match="in clear"):
        LdapTable(url=url, base=BASE)
    LdapTable(url=url, base=BASE, start_tls=True)


async def test_who_leaves_the_directory_is_off_at_the_next_look(directory: Directory, tmp_path: Path) -> None:
    """The task of a live server: people come, a directory that is down switches nobody off, and who is gone from it is off."""
    directory.add("ana", "RN")
    directory.add("hugo", "RPh")
    directory.start()
    table = RosterTable(roles={"RN": "nurse", "RPh": "pharmacist"}, ldap=table_of(directory, tmp_path).model_copy(update={"every_s": 1}))
    server = Server(Database(MEMORY).prepare(), table)

    async def become(states: dict[str, str]) -> None:
        async with asyncio.timeout(10):
            while server.states() != states:  # noqa: ASYNC110 - a staff list calls nobody
                await asyncio.sleep(0.05)

    async with asking(server.room, table):
        await become({"ana": "on", "hugo": "on"})
        directory.stop()
        await asyncio.sleep(1.2)
        assert server.states() == {"ana": "on", "hugo": "on"}
        directory.remove("ana")
        directory.start()
        await become({"ana": "off", "hugo": "on"})
