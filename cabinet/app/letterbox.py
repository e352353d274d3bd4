"""Where the pharmacy's documents come in: form, signature, target and time are looked at here, and the core does the rest.

Alone knows: the order of those looks, and how the records of a document become the core's own values.
Must not know: which version is applied (`cabinet.domain.document`), brokers, how a key came here (`cabinet.adapters.pinned`).

What is not the pharmacy's word is told to the core at most every few seconds, so that a stranger on the broker cannot fill the journal.
"""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta

import structlog

from cabinet.adapters.pinned import Keys
from cabinet.app.reference import item_of, patient_of, staff_of
from cabinet.app.rules import policy_of
from cabinet.controller import Controller
from cabinet.courier.port import Courier, Parcel
from cabinet.domain.events import (
    DocumentReceived,
    DocumentRecord,
    DocumentTurnedAway,
    Par,
    Recall,
    SentCode,
    SentDelivery,
    SentPolicy,
    SentSheet,
)
from cabinet.domain.facts import DeliveryLine
from cabinet.domain.policy import Policy
from cabinet.domain.vocabulary import ItemId, PocketId, Units, parse_utc, utc_text
from cabinet.messages import DOCUMENTS, Document, Malformed, Record, canonical, decode, is_signed_by, table_sha256, topic
from config.check import findings
from config.document import (
    CodeRecord,
    DeliveryLineRecord,
    DeliveryRecord,
    NotARecord,
    ParRecord,
    PatientRecord,
    PolicyRecord,
    RecallRecord,
    SheetRecord,
    StaffRecord,
    read_record,
)
from config.finding import Documents
from config.load import LoadedSite
from config.schema import Item, Part

MOST_BYTES = 16 * 1024 * 1024
EARLY = timedelta(minutes=5)
"""How far the pharmacy's clock may be ahead."""
STRANGER_S = 10.0

log = structlog.get_logger()


class _TurnedAway(Exception):
    """A document that goes no further; `version` 0 where nobody knows whose it is."""

    def __init__(self, code: str, detail: str = "", version: int = 0) -> None:
        super().__init__(detail)
        self.code, self.detail, self.version = code, detail, version


class Letterbox:
    """One cabinet's. `keys` are the pharmacy's that are pinned here; `report` tells what there is where a document brings nothing new."""

    def __init__(self, controller: Controller, loaded: LoadedSite, keys: Keys, report: Callable[[], None]) -> None:
        self._controller, self._loaded, self._keys, self._report = controller, loaded, keys, report
        self._cabinet = loaded.site.cabinet
        self._stranger_at_s = float("-inf")

    def attach(self, courier: Courier) -> None:
        """Hear documents through this courier. Before the courier starts."""
        if not self._keys:
            log.warning("no key of the pharmacy is pinned: documents are taken unsigned", remedy="put pharmacy.pub into the state folder")
        courier.subscribe([topic(self._cabinet, f"down/{document}") for document in DOCUMENTS], self.take)

    def take(self, parcel: Parcel) -> None:
        """Look at a document, and let the core know."""
        document, now = parcel.topic.rpartition("/")[2], self._controller.clock.now()
        try:
            event = self._received(document, parcel.payload)
        except _TurnedAway as why:
            log.warning("document turned away", document=document, version=why.version, code=why.code, why=why.detail)
            if why.version or self._may_tell_of_strangers():
                self._controller.post(DocumentTurnedAway(now, document, why.version, why.code, why.detail))
            return
        known = self._controller.core.state.documents.get(document)
        if known is not None and (known.version, known.sha256) == (event.version, event.sha256):
            self._report()
        else:
            self._controller.post(event)

    def _may_tell_of_strangers(self) -> bool:
        now_s = asyncio.get_running_loop().time()
        if now_s < self._stranger_at_s + STRANGER_S:
            return False
        self._stranger_at_s = now_s
        return True

    def _received(self, document: str, payload: bytes) -> DocumentReceived:
        if len(payload) > MOST_BYTES:
            raise _TurnedAway("document.form", f"it is longer than {MOST_BYTES} bytes")
        try:
            said = decode(payload, Document)
            key = self._keys.get(said.key_id or "")
            is_signed = not self._keys or (key is not None and is_signed_by(payload, key))
        except Malformed as problem:
            raise _TurnedAway("document.form", str(problem)[:200]) from problem
        if not is_signed:
            raise _TurnedAway("document.signature")
        version = max(said.version, 0)
        if (said.document, said.target) != (document, self._cabinet):
            raise _TurnedAway("document.target", f"{said.document} for {said.target}"[:200], version)
        try:
            self._look_at_time(said)
            records = tuple(self._record(document, raw, version) for raw in said.records)
            _look_at_digest(said, records)
        except (NotARecord, Malformed, ValueError) as problem:
            raise _TurnedAway("document.form", str(problem)[:200], version) from problem
        now = self._controller.clock.now()
        return DocumentReceived(now, document, version, said.from_version, said.sha256, records, tuple(said.gone))

    def _record(self, document: str, raw: Record, version: int) -> DocumentRecord:
        record = read_record(document, raw)
        if not isinstance(record, PolicyRecord):
            return _value(record)
        site = self._loaded
        found = next(findings(Documents(site.site, site.formulary, site.people, record)), None)
        if found is not None:
            raise _TurnedAway("document.policy", found.what[:200], version)
        return SentPolicy(record.id, canonical(raw).decode(), policy_of(record, site.site.area))

    def _look_at_time(self, said: Document) -> None:
        now = self._controller.clock.now().utc
        if not parse_utc(said.issued_at) - EARLY <= now < parse_utc(said.expires_at):
            raise _TurnedAway("document.expired", f"good from {said.issued_at} until {said.expires_at}", max(said.version, 0))


def _look_at_digest(said: Document, records: tuple[DocumentRecord, ...]) -> None:
    """Of a whole document; what a delta comes to is the pharmacy's signed word, and both ends know the version by it."""
    table = {str(one.id): raw for one, raw in zip(records, said.records, strict=True)}
    if len(table) != len(records):
        raise NotARecord("records: two of them have one id")
    if said.from_version is None and table_sha256(table) != said.sha256:
        raise NotARecord("sha256: it is not that of the records")


def _value(record: Part) -> DocumentRecord:
    match record:
        case StaffRecord():
            return staff_of(record)
        case Item():
            return item_of(record)
        case PatientRecord():
            return patient_of(record)
        case ParRecord():
            return Par(PocketId(record.pocket), ItemId(record.item), Units(record.par), Units(record.min), Units(record.critical_low))
        case RecallRecord():
            item = None if record.item is None else ItemId(record.item)
            return Recall(record.id, record.scope, record.value, record.why, item, record.recall)
        case SheetRecord():
            issued_at = utc_text(record.issued_at)
            return SentSheet(record.id, ItemId(record.item), Units(record.units), record.issued_by, record.carried_by, issued_at)
        case CodeRecord():
            return SentCode(record.id, None if record.item is None else ItemId(record.item), record.why)
        case DeliveryRecord():
            return SentDelivery(record.id, tuple(_line(line) for line in record.lines))
    raise AssertionError(f"no document holds a {type(record).__name__}")


def _line(line: DeliveryLineRecord) -> DeliveryLine:
    pocket = None if line.pocket is None else PocketId(line.pocket)
    expiry = None if line.expiry is None else line.expiry.isoformat()
    return DeliveryLine(ItemId(line.item), Units(line.units), pocket, line.lot, expiry, line.checked_by)


def sent_policy(text: str, area: str) -> Policy | None:
    """The policy that the pharmacy sent, as the journal remembers it; None where it sent none, or none that this software reads."""
    if not text:
        return None
    try:
        record = read_record("policy", json.loads(text))
    except NotARecord as problem:
        log.error("the policy that the pharmacy sent cannot be read: the site's holds", why=str(problem))
        return None
    assert isinstance(record, PolicyRecord)
    return policy_of(record, area)
