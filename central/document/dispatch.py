"""Every cabinet gets what it does not have yet: at once when it is issued, when the cabinet comes, and again until it says that it has it.

Alone knows: when a cabinet is behind, what it is sent, and how long a document on its way is waited for.
Must not know: tables, HTTP, what a record means.

One version of a document is on its way to a cabinet at a time; its answer, or patience, brings the next. What a cabinet refused is not sent
again before long, unless it says that the delta did not fit: then it gets the whole.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cabinet.courier.port import Courier, Parcel
from cabinet.domain.vocabulary import is_id, utc_text
from cabinet.messages import DOCUMENTS, SAFE_INTEGER, Document, DocumentsReport, DocumentState, Malformed, decode, encode, sign, topic
from central.document.shelf import EVERYBODY, Change, Shelf, Version
from central.patience import AWAY
from config.document import SHAPES

TOPIC = topic("+", "up/documents")
LOOK_S = 5.0
PATIENCE_S = 15.0
"""What is on its way is sent again after this."""
REFUSED_S = 600.0
GAP, BUSY = "document.gap", "document.busy"
GAP_S = 1.0
SOON_S = 0.001

Reach = Callable[[], dict[str, tuple[bool, str]]]
"""By cabinet whether it is online, and since when it is or is not."""


def scope_of(document: str, cabinet: str) -> str:
    """Whose table of a document a cabinet gets."""
    return EVERYBODY if SHAPES[document].is_for_all else cabinet


class Dispatch:
    """Sends a pharmacy's documents. Run `run` as a task; `good_h`: how long a cabinet may take what was sent."""

    def __init__(self, shelf: Shelf, key: Ed25519PrivateKey, now: Callable[[], datetime], reach: Reach, *, good_h: int = 24) -> None:
        self.shelf, self._key, self._now, self.reach = shelf, key, now, reach
        self._good = timedelta(hours=good_h)
        self._courier: Courier | None = None
        self._sent: dict[tuple[str, str], tuple[int, float]] = {}
        self._heard: dict[str, tuple[int, int]] = {}
        self._is_due = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    def attach(self, courier: Courier) -> None:
        """Hear what cabinets have, and send through this courier. Before the courier starts."""
        self._courier = courier
        courier.subscribe([TOPIC], self._hear)

    async def run(self) -> None:
        """Look for who is behind, again and again, until cancelled."""
        self._look_in(LOOK_S)
        while True:
            await self._is_due.wait()
            self._is_due.clear()
            self._timer = None
            self.send_all()

    def _look_in(self, wait_s: float) -> None:
        """Look for who is behind after so long, or sooner if that is due already. While nobody is nothing is looked for."""
        loop = asyncio.get_running_loop()
        if self._timer is not None:
            if self._timer.when() <= loop.time() + wait_s:
                return
            self._timer.cancel()
        self._timer = loop.call_later(wait_s, self._is_due.set)

    def send_all(self, document: str | None = None) -> None:
        """Send what is behind, or one document of it, to every cabinet in reach."""
        reach = self.reach()
        for cabinet in sorted({*reach, *self.shelf.cabinets()}):
            if reach.get(cabinet, (False, ""))[0]:
                self._send(cabinet, DOCUMENTS if document is None else (document,))

    def _hear(self, parcel: Parcel) -> None:
        cabinet = parcel.topic.split("/")[2]
        if not is_id(cabinet) or not parcel.payload:
            return
        try:
            report = decode(parcel.payload, DocumentsReport)
        except Malformed:
            return
        states: dict[str, DocumentState] = {document: getattr(report, document) for document in DOCUMENTS}
        if any(max(abs(state.version), abs(state.refused_version)) > SAFE_INTEGER for state in states.values()):
            return
        if (report.epoch, report.seq) < self._heard.get(cabinet, (0, 0)):
            return
        try:
            self.shelf.keep_held(cabinet, states, utc_text(self._now()))
        except AWAY:  # it is sent what it has already, and says so again
            self._look_in(LOOK_S)
            return
        self._heard[cabinet] = report.epoch, report.seq
        if parcel.is_retained:  # what the broker kept may be of a cabinet that is gone: `run` looks who is there
            self._look_in(LOOK_S)
        else:
            self._send(cabinet, DOCUMENTS)

    def _send(self, cabinet: str, documents: tuple[str, ...]) -> None:
        now_s = asyncio.get_running_loop().time()
        for document in documents:
            newest, held = self.shelf.newest(document, scope_of(document, cabinet)), self.shelf.held(cabinet, document)
            if newest is None or not is_behind(newest, held):
                continue
            wait_s = self._wait_s(cabinet, newest, held, now_s)
            self._look_in(wait_s or PATIENCE_S)
            if wait_s:
                continue
            if self._courier is not None and self._courier.publish(
                topic(cabinet, f"down/{document}"), encode(self._made(cabinet, newest, held)), qos=1
            ):
                self._sent[cabinet, document] = newest.version, now_s

    def _wait_s(self, cabinet: str, newest: Version, held: DocumentState, now_s: float) -> float:
        """How long what was sent last is still waited for; 0: not at all."""
        version, sent_s = self._sent.get((cabinet, newest.document), (0, float("-inf")))
        is_answered = version in {held.version, held.refused_version}
        if is_answered and version != newest.version:
            return 0.0
        code = held.reason.partition(":")[0]
        patience_s = {GAP: GAP_S, BUSY: PATIENCE_S}.get(code, REFUSED_S) if is_answered else PATIENCE_S
        left_s = sent_s + patience_s - now_s
        return left_s if left_s > SOON_S else 0.0

    def _made(self, cabinet: str, newest: Version, held: DocumentState) -> Document:
        document, scope = newest.document, newest.scope
        is_known = held.version > 0 and self.shelf.has(document, scope, held.version, held.sha256)
        change = self.shelf.since(document, scope, held.version) if is_known else Change(self.shelf.whole(document, scope))
        made = Document(
            document, newest.version, held.version if is_known else None, cabinet, newest.issued_at, utc_text(self._now() + self._good),
            newest.sha256, list(change.records.values()), list(change.gone),
        )  # fmt: skip
        return sign(made, self._key)


def is_behind(newest: Version, held: DocumentState) -> bool:
    """Whether a cabinet lacks the version that counts. One that holds a later one than we know has nothing to gain from an older."""
    return held.version < newest.version or (held.version == newest.version and held.sha256 != newest.sha256)
