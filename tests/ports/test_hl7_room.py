"""From a hospital's message to a cabinet's list, and from a cabinet's facts to the hospital's bill: over real sockets and a file."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from fastapi import FastAPI
from pydantic import ValidationError
from sqlalchemy import insert, select

from central import problem
from central.database.place import Database, url_of_file
from central.database.table import ALERT, FACT, HEAD
from central.gate import Gate
from central.hl7.api import make_router
from central.hl7.framing import Framer, framed
from central.hl7.grammar import parse
from central.hl7.room import InterfaceRoom
from central.hl7.store import Store
from config.document import PatientRecord
from config.interface import Interfaces
from config.schema import Item
from tests.domain.hl7_message import adt, message, rde
from tests.domain.test_hl7_outward import ASSIGN, LOADED, OVERRIDE, VEND, records

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
OXY = Item(
    id="oxycodone-5-tab", generic="oxycodone", tall_man="oxyCODONE", strength="5 mg", form="tablet", ndc="0406-9001-01",
    count_unit="tablet", control_class="c2",
)  # fmt: skip
LISTEN = {"name": "adt", "port": 0}
UNKNOWN = "RXE||777^zebraline 5 mg^LOCAL|5||mg"


@dataclass
class House:
    """A room on a file, and the lists that it has issued."""

    folder: Path
    told: tuple[dict[str, Any], ...] = ()
    rules: dict[str, Any] | None = None
    lists: list[tuple[str, Sequence[PatientRecord]]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def issue(self, cabinet: str, found: Sequence[PatientRecord]) -> None:
        self.lists.append((cabinet, found))
        self.news.set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[InterfaceRoom]:
        settings = Interfaces.model_validate({
            "areas": {"6N": "ward-1"}, "cabinets": {"w1": "ward-1"}, "items": {"local:4711": "oxycodone-5-tab"}, "listen": [LISTEN],
            "tell": list(self.told), "without_order": self.rules,
        })  # fmt: skip
        database = Database(url_of_file(self.folder / "central.db")).prepare()

        async def work(job: Callable[[], object]) -> object:
            return job()

        room = InterfaceRoom(Store(database.engine), settings, lambda: {OXY.id: OXY}, lambda: NOW, work, self.issue)
        try:
            async with room.open():
                yield room
        finally:
            database.close()

    async def list_with(self, count: int) -> Sequence[PatientRecord]:
        """The next list with so many orders on it."""
        async with asyncio.timeout(10):
            while True:
                for _, found in self.lists:
                    if sum(len(one.orders) for one in found) == count:
                        return found
                self.news.clear()
                await self.news.wait()


async def sent(room: InterfaceRoom, *contents: bytes) -> list[str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", room.ports["adt"])
    framer, codes = Framer(100_000), []
    for content in contents:
        writer.write(framed(content))
        while not (cuts := framer.feed(await reader.read(65_536))):
            pass
        codes += [parse(cut.content).segments[1].text(1) for cut in cuts]
    writer.close()
    await writer.wait_closed()
    return codes


async def test_an_admission_and_an_order_become_the_list_of_the_wards_cabinet(tmp_path: Path) -> None:
    """The whole way in: MLLP, verdict, file, roll, document."""
    house = House(tmp_path)
    async with house.open() as room:
        assert await sent(room, adt("A01"), rde(at="20260302120500")) == ["AA", "AA"]
        (patient,) = await house.list_with(1)
    assert (patient.id, patient.record, patient.born, patient.bed) == ("mrn-77", "MRN-77", date(1948, 3, 14), "6N 14 A")
    (order,) = patient.orders
    assert (order.id, order.item, order.dose, order.schedule, order.verified) == ("rx9", "oxycodone-5-tab", "5 to 10 mg", "Q6H PRN", True)


async def test_an_order_without_an_item_waits_for_a_pharmacist_and_is_sent_once_it_is_linked(tmp_path: Path) -> None:
    """Never dropped; and the link outlives a restart."""
    house = House(tmp_path)
    async with house.open() as room:
        await sent(room, adt("A01"), rde(rxe=UNKNOWN))
        await house.list_with(0)
        assert [one.why for one in room.missing["ward-1"] if one.order == "rx9"] == ["no item: zebraline 5 mg (LOCAL 777)"]
        assert await room.link("LOCAL:777", "oxycodone-5-tab", "hugo") == 1
        await house.list_with(1)
    again = House(tmp_path)
    async with again.open() as room:
        await again.list_with(1)
        await sent(room, rde(rxe=UNKNOWN, order="RX10"))
        await again.list_with(2)


@asynccontextmanager
async def asking(room: InterfaceRoom) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    problem.install(app)
    app.include_router(make_router(room, Gate()))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pharmacy") as http:
        yield http


async def test_a_pharmacist_sees_what_came_and_links_what_waits(tmp_path: Path) -> None:
    """The interface monitor: every message with its verdict, whole where somebody asks; the unmapped list, and the way off it."""
    house = House(tmp_path)
    async with house.open() as room, asking(room) as http:
        await sent(room, adt("A01"), rde(rxe=UNKNOWN), rde(order="RX8").replace(b"MRN-77", b"MRN-79"), b"junk")
        rows = (await http.get("/interfaces/messages")).json()
        assert [(row["name"], row["code"]) for row in rows] == [("ADT^A01", "AA"), ("RDE^O11", "AA"), ("RDE^O11", "AA"), ("", "AR")]
        assert "content" not in rows[0]
        whole = (await http.get("/interfaces/messages/4")).json()
        assert (whole["content"], whole["answers"][0][:4]) == ("junk", "MSH|")
        assert (await http.get("/interfaces/messages/9")).status_code == 404
        elsewhere = {"sec-fetch-site": "cross-site"}
        assert (await http.get("/interfaces/messages/1", headers=elsewhere)).status_code == 403
        assert [row["order"] for row in (await http.get("/interfaces/unmatched")).json()] == ["rx8"]
        (waiting,) = (await http.get("/interfaces/unmapped")).json()
        assert (waiting["order"], waiting["said"], waiting["drug"]) == ("rx9", "LOCAL:777", "zebraline 5 mg")
        link = {"said": waiting["said"], "item": "oxycodone-5-tab", "approved_by": "hugo"}
        assert (await http.post("/interfaces/links", json=link, headers=elsewhere)).status_code == 403
        assert (await http.post("/interfaces/links", json=link)).json() == {"mapped": 1}
        assert (await http.get("/interfaces/unmapped")).json() == []
        assert [(state["name"], state["is_up"]) for state in (await http.get("/interfaces")).json()] == [("adt", True)]
        assert (await http.get("/interfaces/bill/refused")).json() == (await http.get("/interfaces/missing")).json() == []


async def test_silence_empties_no_ward(tmp_path: Path) -> None:
    """A server that has heard nothing yet says nothing: the cabinets keep what they know."""
    house = House(tmp_path)
    async with house.open() as room:
        await sent(room, message("ORU^R01", "OBX|1"))
        await asyncio.sleep(0)
    assert house.lists == []


async def test_a_patient_who_lacks_an_identifier_is_named_to_the_pharmacy(tmp_path: Path) -> None:
    """A cabinet shows two identifiers, or does not show the patient at all: somebody has to know."""
    house = House(tmp_path)
    async with house.open() as room:
        await sent(room, adt("A01", pid="PID|1||MRN-78^^^HOSP^MR"), adt("A01", at="20260302130000"))
        await house.list_with(0)
        async with asyncio.timeout(5):
            while "ward-1" not in room.missing or not room.missing["ward-1"]:
                house.news.clear()
                await house.news.wait()
        assert [(one.patient, "name" in one.why) for one in room.missing["ward-1"]] == [("mrn-78", True)]


async def test_who_came_without_a_date_of_birth_is_listed_by_name_and_record_number(tmp_path: Path) -> None:
    """Found on the street, and in need of what was ordered: two identifiers are there, and the third is said to be unknown."""
    house = House(tmp_path)
    async with house.open() as room:
        pid = "PID|1||MRN-77^^^HOSP^MR||DOE^JOHN"
        await sent(room, adt("A01", pid=pid), rde(at="20260302120500"))
        (patient,) = await house.list_with(1)
    assert (patient.born, patient.record, [order.id for order in patient.orders]) == ("unknown", "MRN-77", ["rx9"])


async def test_everything_is_known_anew_from_the_messages_that_are_kept(tmp_path: Path) -> None:
    """After a mapping was mended: what was heard is read again, and nobody has to send it again."""
    house = House(tmp_path)
    async with house.open() as room:
        await sent(room, adt("A01"), rde(at="20260302120500"))
        await house.list_with(1)
        before = await room.roll(lambda roll: (dict(roll.patients), dict(roll.orders)))
        assert await room.reread() == 2
        assert await room.roll(lambda roll: (dict(roll.patients), dict(roll.orders))) == before


async def test_what_a_cabinet_did_reaches_the_bill(tmp_path: Path) -> None:
    """The whole way out: facts held, told once, sent, answered; a second start tells nothing again."""
    heard: list[str] = []
    is_there = asyncio.Event()

    async def bill(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        framer = Framer(100_000)
        while data := await reader.read(65_536):
            for cut in framer.feed(data):
                got = parse(cut.content)
                heard.append(got.segments[-1].text(6))
                writer.write(framed(f"MSH|^~\\&|B|H|ADC|W|2026||ACK|a|P|2.5\rMSA|CA|{got.header.text(10)}\r".encode()))
                is_there.set()
        writer.close()

    server = await asyncio.start_server(bill, "127.0.0.1", 0)
    tell = {"name": "bill", "tells": "charges", "host": "127.0.0.1", "port": server.sockets[0].getsockname()[1]}
    house = House(tmp_path, (tell,))
    facts = records(ASSIGN, *LOADED, *VEND)
    async with house.open() as room:
        held(tmp_path, facts[:3])
        room.facts_came(["w1"])
        await room.idle()  # the link is new: what is held by now is the past
    async with house.open() as room:
        held(tmp_path, facts[3:])
        room.facts_came(["w1"])
        async with asyncio.timeout(10):
            await is_there.wait()
            await room.idle()
    async with house.open() as room:
        assert [(state.name, state.way, state.waiting, state.refused) for state in room.states()] == [
            ("adt", "in", 0, 0),
            ("bill", "out", 0, 0),
        ]
    assert heard == ["CG"]
    server.close()
    await server.wait_closed()


async def test_what_was_taken_without_an_order_is_an_alert_for_the_first_level_that_has_a_group(tmp_path: Path) -> None:
    """VistA's rule, where there is no VistA: the cabinet's groups and no other; an order behind it, and nobody is told."""
    house = House(tmp_path)
    house.rules = {"cabinets": {"w1": ["charge", "pharmacist"]}, "everybody": ["all"]}
    facts = records(ASSIGN, *LOADED, *VEND, *OVERRIDE)
    held(tmp_path, facts[:1])
    async with house.open() as room:
        await room.idle()
        held(tmp_path, facts[1:])
        room.facts_came(["w1"])
        await room.idle()
    database = Database(url_of_file(tmp_path / "central.db"))
    with database.reading() as conn:
        found = conn.execute(select(ALERT.c.cabinet, ALERT.c.code, ALERT.c.detail)).all()
    database.close()
    assert [(row.cabinet, row.code) for row in found] == [("w1", "order.dispensed_without")]
    assert found[0].detail.startswith("1 of oxy taken without an order by ana-reyes")
    assert found[0].detail.endswith("for: charge, pharmacist")


def held(folder: Path, facts: Sequence[Any]) -> None:
    database = Database(url_of_file(folder / "central.db")).prepare()
    with database.engine.begin() as conn:
        if facts[0].seq == 1:
            conn.execute(insert(HEAD).values(cabinet="w1", epoch=1, seq=facts[-1].seq, hash="", journal="", held_at="", waiting=0))
        rows = [{**msgspec.structs.asdict(fact), "cabinet": "w1", "body": msgspec.json.encode(fact.body).decode()} for fact in facts]
        conn.execute(insert(FACT), rows)
    database.close()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"listen": [{"name": "a", "host": "0.0.0.0"}]}, "peers"),  # noqa: S104 - that it is refused is the test
        ({"listen": [{"name": "a"}, {"name": "a"}]}, "one name"),
        ({"tell": [{"name": "v", "tells": "vista", "host": "x", "port": 1}]}, "system"),
        ({"zone": "Atlantis"}, "time zone"),
    ],
)
def test_settings_that_cannot_work_are_refused_in_words(wrong: dict[str, Any], words: str) -> None:
    """Before a port opens."""
    with pytest.raises(ValidationError, match=words):
        Interfaces.model_validate(wrong)
