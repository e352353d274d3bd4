"""Reference data from the pharmacy to a cabinet and back to the pharmacy's page: both ends whole, over a broker, in virtual time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cabinet.app.letterbox import sent_policy
from cabinet.domain.events import StaffRecognised
from cabinet.domain.facts import DocumentApplied, DocumentRefused
from cabinet.domain.vocabulary import PocketId, SessionId, StaffId, utc_text
from cabinet.messages import Document, DocumentsReport, decode, encode, sign, table_sha256, topic
from cabinet.rehearsal.stage import Stage
from central.document.office import Approved
from config.document import ParRecord, PolicyRecord, RecallRecord, StaffRecord
from tests.stories.test_outage import START, ward
from tests.virtual import virtual

CABINET = "replay"
NURSE = StaffRecord(id="new-nurse", name="New Nurse", role="nurse")


@asynccontextmanager
async def house() -> AsyncIterator[Stage]:
    """A fitted cabinet, its pharmacy, and a broker between them."""
    async with ward() as stage:
        await asyncio.sleep(10)
        yield stage


def held(stage: Stage, document: str) -> tuple[int, str, str]:
    """What the cabinet has of a document, as it says on the broker: version, state, code of the reason."""
    report = decode(stage.broker.retained[topic(CABINET, "up/documents")], DocumentsReport)
    state = getattr(report, document)
    return state.version, state.state, state.reason.partition(":")[0]


def drift(stage: Stage, document: str) -> str:
    """Where the pharmacy says that the cabinet stands."""
    (row,) = stage.documents.office.drift(CABINET, document)
    return row.state


def send(stage: Stage, said: Document | bytes, document: str = "staff") -> None:
    """Somebody publishes a document on the broker."""
    payload = said if isinstance(said, bytes) else encode(said)
    stage.broker.take(topic(CABINET, f"down/{document}"), payload, retain=False)


def staff(version: int = 1, **changes: object) -> Document:
    """A staff list as the pharmacy would write it, not yet signed."""
    record = {"id": "new-nurse", "name": "New Nurse", "role": "nurse"}
    expires = utc_text(START + timedelta(days=1))
    plain = Document("staff", version, None, CABINET, utc_text(START), expires, table_sha256({"new-nurse": record}), [record], [])
    return replace(plain, **changes)  # type: ignore[arg-type]


@virtual
async def test_a_leaver_is_off_and_their_session_ends() -> None:
    """ward.md, "People": within 60 s at every cabinet in reach."""
    async with house() as stage:
        office, core, controller = stage.documents.office, stage.house.core, stage.house.controller
        office.issue(Approved("staff", "pia", [NURSE]))
        await asyncio.sleep(1)
        assert (held(stage, "staff"), drift(stage, "staff")) == ((1, "applied", ""), "current")
        await controller.ask(StaffRecognised(controller.clock.now(), SessionId("s"), StaffId("new-nurse"), ("badge", "secret")))
        assert "s" in core.state.sessions
        began_s = asyncio.get_running_loop().time()
        office.issue(Approved("staff", "pia", [NURSE.model_copy(update={"active": False})]))
        while "s" in core.state.sessions:
            await controller.next_round()
        assert asyncio.get_running_loop().time() - began_s < 60
        staff = core.scene.staff("new-nurse")
        assert staff is not None
        assert not staff.is_active


@virtual
async def test_a_cabinet_out_of_reach_is_listed_with_since_when_and_catches_up() -> None:
    """Those out of reach are listed; on contact they get what they lack, in one delta."""
    async with house() as stage:
        office = stage.documents.office
        office.issue(Approved("staff", "pia", [NURSE]))
        await asyncio.sleep(1)
        stage.broker.cut("cabinet")
        stage.broker.weather = replace(stage.broker.weather, loss=1.0)
        await asyncio.sleep(30)
        office.issue(Approved("staff", "pia", [NURSE.model_copy(update={"name": "Newer Nurse"})]))
        office.issue(Approved("staff", "pia", gone=["new-nurse"]))
        await asyncio.sleep(30)
        (row,) = office.drift(CABINET, "staff")
        assert (row.state, row.wanted, row.held) == ("unreachable", 3, 1)
        assert row.since != ""
        stage.broker.weather = replace(stage.broker.weather, loss=0.0)
        stage.broker.cut("cabinet")
        await asyncio.sleep(60)
        assert held(stage, "staff") == (3, "applied", "")
        applied = [entry.fact for entry in stage.house.journal.entries(0) if isinstance(entry.fact, DocumentApplied)]
        assert [(fact.version, fact.from_version) for fact in applied] == [(1, None), (3, 1)]


@virtual
async def test_bad_weather_delays_documents_and_loses_none() -> None:
    """Parcels are lost, doubled and overtake one another; in the end the cabinet holds what counts."""
    async with house() as stage:
        stage.broker.weather = replace(stage.broker.weather, loss=0.3, duplicate=0.3, reorder=0.3)
        for number in range(20):
            record = NURSE.model_copy(update={"name": f"Nurse {number}"})
            stage.documents.office.issue(Approved("staff", "pia", [record]))
            await asyncio.sleep(3)
        stage.broker.weather = replace(stage.broker.weather, loss=0.0, duplicate=0.0, reorder=0.0)
        await asyncio.sleep(60)
        assert (stage.house.core.state.documents["staff"].version, drift(stage, "staff")) == (20, "current")
        staff = stage.house.core.scene.staff("new-nurse")
        assert staff is not None
        assert staff.name == "Nurse 19"


@virtual
async def test_what_is_not_the_pharmacys_word_changes_nothing_and_is_told() -> None:
    """S21: replayed, expired, unsigned or misled documents are rejected and written down."""
    async with house() as stage:
        key, stranger = stage.documents.key, Ed25519PrivateKey.generate()
        other = msgspec.json.encode(replace(sign(staff(), key), sha256="0" * 64))

        def signed(**changes: object) -> Document:
            return sign(staff(**changes), key)  # type: ignore[arg-type]

        cases = {
            "document.signature": [staff(), sign(staff(), stranger), other],
            "document.form": [b"{", b"[]", b'{"document": "staff"}', signed(records=[{"id": "x"}]), signed(sha256="0" * 64)],
            "document.target": [signed(target="elsewhere"), signed(document="recall")],
            "document.expired": [signed(expires_at=utc_text(START)), signed(issued_at=utc_text(START + timedelta(hours=1)))],
            "document.gap": [signed(version=4, from_version=3)],
        }  # fmt: skip
        for code, sent in cases.items():
            for said in sent:
                await asyncio.sleep(15)
                send(stage, said)
                await asyncio.sleep(1)
                assert held(stage, "staff") == (0, "refused", code), said
        assert stage.house.core.scene.staff("new-nurse") is None
        assert any(isinstance(entry.fact, DocumentRefused) for entry in stage.house.journal.entries(0))
        send(stage, sign(staff(), key))
        await asyncio.sleep(1)
        assert held(stage, "staff") == (1, "applied", "")


@virtual
async def test_a_stranger_cannot_fill_the_journal() -> None:
    """A thousand forgeries in a minute leave a handful of facts."""
    async with house() as stage:
        before = stage.house.core.state.seq
        for number in range(1000):
            send(stage, b"{" if number % 2 else staff())
            await asyncio.sleep(0.06)
        assert stage.house.core.state.seq - before < 10


@virtual
async def test_pars_change_what_is_needed_and_what_does_not_fit_is_refused_with_its_reason() -> None:
    """The pharmacist sees at once which cabinet refused what, and why; a mended version is taken."""
    async with house() as stage:
        line = next(iter(stage.house.core.state.lines.values()))
        par = ParRecord(pocket=line.pocket, item=line.item, par=line.par + 40, min=line.units, critical_low=0)
        stage.documents.office.issue(Approved("pars", "pia", [par], cabinet=CABINET))
        await asyncio.sleep(5)
        needs = {need.pocket: need.units_needed for need in stage.office.inquiry.restock(CABINET)}
        assert needs[line.pocket] == line.par - line.units
        stage.documents.office.issue(Approved("pars", "pia", [par.model_copy(update={"item": "another"})], cabinet=CABINET))
        await asyncio.sleep(5)
        (row,) = stage.documents.office.drift(CABINET, "pars")
        assert (row.state, row.wanted, row.held) == ("refused", 2, 1)
        assert row.reason.startswith("levels.item")
        stage.documents.office.issue(Approved("pars", "pia", [par], cabinet=CABINET))
        await asyncio.sleep(5)
        assert held(stage, "pars") == (3, "applied", "")


@virtual
async def test_a_recall_blocks_pockets_and_the_pharmacy_sees_them_quarantined() -> None:
    """Blocked at once, and the stock page says so."""
    async with house() as stage:
        line = next(line for line in stage.house.core.state.lines.values() if line.item.startswith("morphine"))
        recall = RecallRecord(id="r-1", scope="item", value=line.item, why="glass in ampoules", recall="D-0412-2026")
        stage.documents.office.issue(Approved("recall", "pia", [recall]))
        await asyncio.sleep(5)
        assert stage.house.core.scene.is_quarantined(stage.house.core.state.lines[line.pocket])
        status = {row.pocket: row.status for row in stage.office.inquiry.stock(cabinet=CABINET)}
        assert status[PocketId(line.pocket)] == "quarantined"


@virtual
async def test_a_policy_holds_from_now_on_and_after_a_restart() -> None:
    """The whole file, judged against the whole site; one that does not fit it is refused with the rule that it breaks."""
    async with house() as stage:
        core, office, raw = stage.house.core, stage.documents.office, stage.loaded.policy.model_dump(mode="json", by_alias=True)
        first = PolicyRecord.model_validate({**raw, "max_pulses": 1})
        office.issue(Approved("policy", "pia", [first], cabinet=CABINET, why="locks of this make"))
        await asyncio.sleep(5)
        assert held(stage, "policy") == (1, "applied", "")
        assert core.world.policy.max_pulses == 1
        rules = sent_policy(core.state.policy, stage.loaded.site.area)
        assert rules == core.world.policy, "what a restart reads is what holds"
        bad = PolicyRecord.model_validate({**raw, "override": [{"items": ["no-such-item"]}]})
        office.issue(Approved("policy", "pia", [bad], cabinet=CABINET))
        await asyncio.sleep(5)
        assert held(stage, "policy") == (1, "refused", "document.policy")
        assert core.world.policy == rules


@virtual
async def test_a_sheet_comes_down_and_the_compare_report_says_what_became_of_it() -> None:
    """Issued at the pharmacy, known at the cabinet, on its way until it is received by count."""
    async with house() as stage:
        line = next(line for line in stage.house.core.state.lines.values() if line.item.startswith("morphine"))
        made = stage.documents.register.issue(CABINET, line.item, 10, issued_by="vera", carried_by="tom")
        day = f"{datetime(2027, 3, 1, tzinfo=UTC):%Y-%m-%d}"
        assert [row.state for row in stage.documents.compare(day)] == ["not_announced"]
        await asyncio.sleep(10)
        assert made.sheet in stage.house.core.state.sheets
        (row,) = stage.documents.compare(day)
        assert (row.sheet, row.state, row.issued, row.in_transit) == (made.sheet, "in_transit", 10, 10)
        await asyncio.sleep(3 * 3600)
        (row,) = stage.documents.compare(day)
        assert row.state == "late", "two hours are over"
