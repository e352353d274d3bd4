"""The interface monitor as people see it: links, what came, what waits, one message whole; what is refused goes out again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from central.app import make_app
from central.hl7.pages import plug
from central.hl7.port import Outgoing
from central.hl7.room import InterfaceRoom
from central.office import Office
from config.schema import Item
from tests.domain.hl7_message import adt, rde
from tests.ports.test_hl7_room import UNKNOWN, House, sent

OXY = Item(
    id="oxycodone-5-tab", generic="oxycodone", tall_man="oxyCODONE", strength="5 mg", form="tablet", ndc="0406-9001-01", count_unit="tablet"
)


@asynccontextmanager
async def pages(room: InterfaceRoom | None) -> AsyncIterator[httpx.AsyncClient]:
    office = Office.in_memory(lambda: datetime(2026, 3, 2, 7, 5, tzinfo=UTC))
    app = make_app(office, "Test", plugs=[plug(room, lambda: {OXY.id: OXY})])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        yield http


async def test_the_monitor_shows_links_messages_and_what_waits(tmp_path: Path) -> None:
    """A pharmacist links a code on the page, and the line is gone; junk is shown as text, never as a page's own."""
    house = House(tmp_path)
    async with house.open() as room, pages(room) as http:
        await sent(room, adt("A01"), rde(rxe=UNKNOWN), b"<script>alert(1)</script>")
        page = (await http.get("/interfaces")).text
        assert 'data-link="adt"' in page
        assert "zebraline 5 mg" in page
        assert "code LOCAL:777" in page
        assert page.index("/interfaces/messages/3") < page.index("/interfaces/messages/1"), "the newest comes first"
        wrong = (await http.get("/interfaces?wrong=true")).text
        assert ("/interfaces/messages/3" in wrong, "/interfaces/messages/1" in wrong) == (True, False)
        assert "/interfaces/messages/1" in (await http.get("/interfaces?before=2")).text
        whole = (await http.get("/interfaces/messages/3")).text
        assert "&lt;script&gt;" in whole
        assert "<script>alert" not in whole
        assert "MSH|" in whole
        form = {"said": "LOCAL:777", "item": "oxycodone-5-tab"}
        assert (await http.post("/interfaces/links", data=form)).status_code == 303
        assert "code LOCAL:777" not in (await http.get("/interfaces")).text
        assert (await http.post("/interfaces/links", data=form | {"item": "nothing"})).status_code == 404
        assert (await http.get("/interfaces/messages/9")).status_code == 404
        assert (await http.post("/interfaces/replay")).status_code == 303


@pytest.mark.parametrize("path", ["/interfaces/bill/refused/1/again", "/api/v1/interfaces/bill/refused/1/again"])
async def test_what_a_peer_refused_goes_out_again(tmp_path: Path, path: str) -> None:
    """Once it is mended there; what nobody refused does not."""
    house = House(tmp_path)
    async with house.open() as room, pages(room) as http:
        room.store.add("bill", [Outgoing("C1", b"MSH|^~\\&|", "fact/1")])
        first = room.store.first("bill")
        assert first is not None
        path = path.replace("/1/", f"/{first.number}/")
        assert (await http.post(path)).status_code == 404
        room.store.settle("bill", first.number, "refused", b"MSA|AE|C1|who is that", "2026-03-02T07:00:00.000000Z")
        assert room.store.first("bill") is None
        assert (await http.post(path)).status_code in {204, 303}
        again = room.store.first("bill")
        assert again is not None
        assert (again.control, again.number) == ("C1", first.number)


async def test_a_server_without_links_says_so() -> None:
    """Nobody looks for a fault where nothing is set up."""
    async with pages(None) as http:
        assert "[hl7]" in (await http.get("/interfaces")).text


async def test_a_link_that_had_nothing_to_tell_yet_is_not_shown_as_down(tmp_path: Path) -> None:
    """Nobody is called on it before there is something to say: red would send a technician to a peer that is well."""
    told = {"name": "bill", "tells": "charges", "host": "127.0.0.1", "port": 1}
    house = House(tmp_path, told=(told,))
    async with house.open() as room, pages(room) as http:
        page = (await http.get("/interfaces")).text
        assert "nothing to tell yet" in page
        assert ">down<" not in page
        room.store.add("bill", [Outgoing("C1", b"MSH|^~\\&|", "fact/1")])
        assert ">down<" in (await http.get("/interfaces")).text
