"""Staff from elsewhere over HTTP, on both databases: a list as CSV, and provisioning by SCIM as Entra and Okta do it."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cabinet.adapters.secrets import InlineSecrets
from central.app import make_app
from central.database.place import Database
from central.document.room import DocumentRoom
from central.gate import Gate
from central.office import Office
from central.person.room import make_desk
from central.person.staff import StaffOffice
from central.roster import process
from central.roster.line import Entry, Said, Words
from central.roster.room import RosterRoom
from config.roster import RosterTable
from tests.database import migrated_postgres, postgres_server, postgres_url, server_database

__all__ = ["migrated_postgres", "postgres_server", "postgres_url", "server_database"]

NOW = datetime(2026, 3, 2, 7, 5, tzinfo=UTC)
HEAD = "id,name,role\n"


class Server:
    """A pharmacy that takes lists."""

    def __init__(self, database: Database, table: RosterTable) -> None:
        documents = DocumentRoom(database, Ed25519PrivateKey.generate(), lambda: NOW)
        self.shelf = documents.office.shelf
        self.desk = make_desk(database, self.shelf, InlineSecrets(), lambda: NOW)
        staff = StaffOffice(documents.office, lambda: NOW)
        self.room = RosterRoom(database, documents.office, staff, self.desk, Words.of(table), table.most_leavers_percent)
        office = Office(database, _never, lambda: NOW)
        self.app = make_app(office, "Test", documents, Gate(people=self.desk), plugs=[process.plug(self.room, table)])

    def client(self, token: str = "") -> httpx.AsyncClient:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="https://test", headers=headers)

    def states(self) -> dict[str, str]:
        return {known.record.id: known.state for known in self.room.staff.people()}


async def _never(_job: object) -> object:
    raise AssertionError("nothing is stored here")


@pytest.fixture
def server(server_database: Database, tmp_path: Any) -> Server:
    token = tmp_path / "scim-token"
    token.write_text("provider\n")
    return Server(server_database, RosterTable(roles={"RN": "nurse", "RPh": "pharmacist"}, scim_token_file=str(token)))


async def test_a_list_is_looked_at_first_and_then_taken_whole(server: Server) -> None:
    """One document for the whole list, in the name of who took it; a list with a flaw changes nothing."""
    async with server.client() as http:

        async def send(csv: str, **how: Any) -> Any:
            return (await http.post("/api/v1/people/roster", json={"csv": csv, **how})).json()

        first = HEAD + "ana,Ana,RN\nben,Ben,nurse\n"
        looked = await send(first)
        assert (looked["new"], looked["is_done"], server.states()) == (["ana", "ben"], False, {})
        assert (await send(first + "cleo,Cleo,cook\n", is_look=False))["flaws"][0]["line"] == 4
        assert server.states() == {}
        assert (await send(first, is_look=False))["is_done"]
        newest = server.shelf.newest("staff", "*")
        assert newest is not None
        assert (newest.version, newest.approved_by) == (1, "unproven")
        again = await send(HEAD + "ana,Ana,charge nurse\n", is_look=False, whole=True)
        assert (again["other"], again["left"]) == (["ana"], ["ben"])
        assert server.states() == {"ana": "on", "ben": "off"}


async def test_many_leave_at_once_only_when_it_is_meant(server: Server) -> None:
    """Half a list is a file that broke off."""
    async with server.client() as http:
        rows = HEAD + "".join(f"p{n},P,nurse\n" for n in range(20))
        await http.post("/api/v1/people/roster", json={"csv": rows, "is_look": False})
        half = {"csv": HEAD + "p1,P,nurse\n", "is_look": False, "whole": True}
        answer = await http.post("/api/v1/people/roster", json=half)
        assert (answer.status_code, answer.json()["code"]) == (422, "roster.too_many")
        assert set(server.states().values()) == {"on"}
        await http.post("/api/v1/people/roster", json=half | {"many": True})
        assert list(server.states().values()).count("off") == 19


ANA = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "externalId": "e-1", "userName": "ana.reyes@hospital.example",
    "active": True, "displayName": "Ana Reyes", "roles": [{"primary": "True", "value": "RPh", "type": "WindowsAzureActiveDirectoryRole"}],
}  # fmt: skip


async def test_a_provider_creates_finds_changes_and_switches_off(server: Server) -> None:
    """As Entra does it: look, create, patch; a leaver's visit here is over with that patch."""
    async with server.client("provider") as http:
        asked = {"filter": 'userName eq "ANA.reyes@hospital.example"'}
        assert (await http.get("/scim/v2/Users", params=asked)).json()["totalResults"] == 0
        made = await http.post("/scim/v2/Users", json=ANA, headers={"content-type": "application/scim+json"})
        assert (made.status_code, made.json()["id"], made.headers["content-type"]) == (201, "ana-reyes", "application/scim+json")
        assert made.json()["meta"]["location"] == "https://test/scim/v2/Users/ana-reyes"
        assert (await http.post("/scim/v2/Users", json=ANA)).json()["scimType"] == "uniqueness"
        found = (await http.get("/scim/v2/Users", params=asked)).json()
        assert [one["externalId"] for one in found["Resources"]] == ["e-1"]
        record = server.room.staff.person("ana-reyes")
        assert record is not None
        assert (record.role, record.name) == ("pharmacist", "Ana Reyes")

        await server.desk.set_secret("ana-reyes", "correct horse", by="test")
        token, _ = await server.desk.sign_in("ana-reyes", "correct horse")
        patch = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "Replace", "path": "active", "value": "False"}],
        }
        off = await http.patch("/scim/v2/Users/ana-reyes", json=patch)
        assert (off.status_code, off.json()["active"]) == (200, False)
        assert server.states() == {"ana-reyes": "off"}
        assert server.desk.visitor(token) is None
        newest = server.shelf.newest("staff", "*")
        assert newest is not None
        assert newest.approved_by == "scim"


async def test_a_renamed_person_stays_the_same(server: Server) -> None:
    """A marriage changes a userName; the journal's id stays, or half of what somebody did would be another's."""
    async with server.client("provider") as http:
        await http.post("/scim/v2/Users", json=ANA)
        renamed = await http.put(
            "/scim/v2/Users/ana-reyes", json=ANA | {"userName": "ana.walsh@hospital.example", "displayName": "Ana Walsh"}
        )
        assert (renamed.json()["id"], renamed.json()["userName"]) == ("ana-reyes", "ana.walsh@hospital.example")
        assert server.states() == {"ana-reyes": "on"}
        again = (await http.get("/scim/v2/Users", params={"filter": 'userName eq "ana.walsh@hospital.example"'})).json()
        assert again["Resources"][0]["displayName"] == "Ana Walsh"


async def test_who_is_deleted_is_off_and_not_forgotten(server: Server) -> None:
    """What they took stays theirs."""
    async with server.client("provider") as http:
        await http.post("/scim/v2/Users", json=ANA)
        assert (await http.delete("/scim/v2/Users/ana-reyes")).status_code == 204
        assert (await http.get("/scim/v2/Users/ana-reyes")).status_code == 404
        assert server.states() == {"ana-reyes": "off"}
        assert (await http.post("/scim/v2/Users", json=ANA)).status_code == 201
        assert server.states() == {"ana-reyes": "on"}


async def test_a_provider_is_told_what_is_wrong(server: Server) -> None:
    """In SCIM's own form, which its administrator sees; without the token nothing at all."""
    async with server.client("provider") as http:
        cook = await http.post("/scim/v2/Users", json=ANA | {"roles": [{"value": "cook"}]})
        assert (cook.status_code, cook.json()["schemas"], cook.json()["scimType"]) == (
            400, ["urn:ietf:params:scim:api:messages:2.0:Error"], "invalidValue",
        )  # fmt: skip
        assert "roster.roles" in cook.json()["detail"]
        assert (await http.get("/scim/v2/Users", params={"filter": "a co b"})).json()["scimType"] == "invalidFilter"
        assert (await http.post("/scim/v2/Users", content=b"{")).status_code == 400
        for content in (
            b'{"userName": "a", "title": "RN", "x": NaN}',
            b'{"userName": "a", "title": "RN", "x": "\\ud800"}',
            b'{"x":' * 100_000,
        ):
            assert (await http.post("/scim/v2/Users", content=content)).json()["scimType"] == "invalidSyntax", content[:60]
        assert (await http.get("/scim/v2/Users")).json()["totalResults"] == 0, "what cannot be told again is not kept"
        assert (await http.get("/scim/v2/ServiceProviderConfig")).json()["patch"]["supported"] is True
        assert (await http.get("/scim/v2/Users/nobody")).status_code == 404
    async with server.client("somebody") as stranger:
        assert (await stranger.get("/scim/v2/Users")).status_code == 401
        assert (await stranger.post("/scim/v2/Users", json=ANA)).status_code == 401
    assert server.states() == {}


async def test_pages_of_users(server: Server) -> None:
    """A provider walks through all of them."""
    async with server.client("provider") as http:
        for n in range(5):
            await http.post("/scim/v2/Users", json=ANA | {"userName": f"u{n}@x", "externalId": str(n)})
        page = (await http.get("/scim/v2/Users", params={"startIndex": 4, "count": 2})).json()
        assert (page["totalResults"], page["startIndex"], [one["id"] for one in page["Resources"]]) == (5, 4, ["u3", "u4"])


def entry(who: str, *roles: str, off: bool = False) -> Entry:
    return Entry(f"uid={who},dc=x", Said(who, who.title(), roles, is_active=not off))


def test_what_a_directory_no_longer_names_is_off(server: Server) -> None:
    """Whoever is missing has left; whose title nobody here reads any more stays as they are; an empty answer is not believed."""
    first = [entry(f"n{n}", "RN") for n in range(20)]
    assert process.take(server.room, [*first, entry("cook", "cook")]).startswith("uid=cook,dc=x: no role")
    assert process.take(server.room, [*first[:-1], entry("late", "RPh")]) == ""
    assert server.states()["n19"] == "off"
    assert process.take(server.room, [entry("n0", "Team lead II"), *first[1:-1], entry("late", "RPh", off=True)]) != ""
    assert (server.states()["n0"], server.states()["late"]) == ("on", "off")
    assert "would leave at once" in process.take(server.room, [])
    assert server.states()["n1"] == "on"


def test_two_entries_of_one_id_are_not_one_person(server: Server) -> None:
    """A namesake of another branch gets neither role nor areas of somebody; who was first stays as they are, in any order."""
    ana, other = entry("ana", "RN"), Entry("uid=Ana,ou=guests,dc=x", Said("Ana", "Another", ("RPh",)))
    assert process.take(server.room, [ana]) == ""
    for found in ([ana, other], [other, ana]):
        assert "nobody is taken for another" in process.take(server.room, found)
        record = server.room.staff.person("ana")
        assert record is not None
        assert (record.name, record.role) == ("Ana", "nurse")
