"""What is answered to a message, and in how many steps: a verdict -> bytes.

Alone knows: MSA, ERR and the answer's header in original and enhanced mode (HL7 2.5.1, 2.9.2 and 2.9.3), and the answers' types.
Must not know: why a verdict is what it is, sockets.

Original mode: one answer, AA, AE or AR. Enhanced mode: a receipt (CA, CE, CR) once the message is kept, then the application's answer
(AA, AE, AR), each where MSH-15 and MSH-16 want it. An answer is written with the delimiters and in the character set of what it answers.
"""

from datetime import datetime, tzinfo

from central.hl7.envelope import Envelope
from central.hl7.grammar import STANDARD, Delimiters, Message, Segment, written
from central.hl7.heard import Entry, ItemHeard, PersonHeard
from central.hl7.moment import hl7_text
from central.hl7.reading import Reading
from central.hl7.verdict import WORDS, Code, Verdict

RECEIPTS = {Code.ACCEPT: "CA", Code.ERROR: "CA", Code.REJECT: "CR"}
"""A receipt says that a message is kept: what is wrong with its content is the application's answer."""

TYPES = {"RDE": ("RRE", "O12"), "OMP": ("ORP", "O10"), "RAS": ("RRA", "O18"), "ORM": ("ORR", "O02")}
"""The application's answer to a type, where it has one of its own."""

WORD_OF = {Entry.ADD: "MAD", Entry.CHANGE: "MUP", Entry.STOP: "MDC"}

LONGEST_NAME, LONGEST_CONTROL = 227, 199
"""HD and MSH-10 at their longest: nobody makes us answer with megabytes."""

FIRST_ERR = (2, 5)
"""Since 2.5 an ERR segment has its places and reasons in fields of their own."""


def answers(reading: Reading, at: datetime, control: str, zone: tzinfo) -> list[bytes]:
    """What to send, in order. `control` names the answer (MSH-10); the second one gets it with `.2`."""
    envelope = reading.envelope
    if envelope is None:
        return [_bare(reading.verdict, at, control, zone)]
    if envelope.is_answer:
        return []
    is_good = reading.verdict.code is Code.ACCEPT
    if envelope.accept is None or envelope.apply is None:
        return [_answer(reading, envelope, reading.verdict.code, at, control, zone)]
    sent = []
    if envelope.accept.wants(is_good):
        sent.append(_answer(reading, envelope, RECEIPTS[reading.verdict.code], at, control, zone))
    if envelope.apply.wants(is_good) and reading.verdict.code is not Code.REJECT:
        sent.append(_answer(reading, envelope, reading.verdict.code, at, f"{control}.2" if sent else control, zone))
    return sent


def _bare(verdict: Verdict, at: datetime, control: str, zone: tzinfo) -> bytes:
    """An answer to what has no header."""
    head = ("|", STANDARD.encoding, "", "", "", "", hl7_text(at, zone), "", "ACK", control, "P", "2.5")
    return written([Segment("MSH", head), Segment("MSA", (verdict.code, "", STANDARD.written(verdict.words)))])


def _answer(reading: Reading, envelope: Envelope, code: str, at: datetime, control: str, zone: tzinfo) -> bytes:
    message, verdict = reading.message, reading.verdict
    marks = message.delimiters if message is not None and message.delimiters.component else STANDARD
    segments = [
        _header(envelope, marks, code, hl7_text(at, zone), control),
        Segment("MSA", (code, marks.written(envelope.control[:LONGEST_CONTROL]), marks.written(verdict.words[:200])), marks),
    ]
    if verdict.code is not Code.ACCEPT and code != "CA":
        segments.append(_error(verdict, marks, _version(envelope.version)))
    if message is not None and envelope.kind == "MFN" and code == Code.ACCEPT:
        segments.extend(_records(reading, message, marks))
    return written(segments, "utf-8" if message is None else message.charset)


def _header(envelope: Envelope, marks: Delimiters, code: str, at: str, control: str) -> Segment:
    mark = marks.component
    kind, trigger = TYPES.get(envelope.kind, ("ACK", envelope.trigger)) if code[0] == "A" else ("ACK", envelope.trigger)
    if envelope.kind == "MFN" and code[0] == "A":
        kind, trigger = "MFK", envelope.trigger
    structure = "ACK" if kind == "ACK" else f"{kind}_{'M01' if kind == 'MFK' else trigger}"
    name = mark.join((kind, trigger, structure)) if trigger else kind
    parties = (envelope.to_application, envelope.to_facility, envelope.application, envelope.facility)
    fields = (
        marks.field, marks.encoding, *(marks.written(party[:LONGEST_NAME]) for party in parties), at, "", name, control,
        envelope.processing or "P",
        envelope.version or "2.5",
    )  # fmt: skip
    wants = ("NE", "NE") if envelope.is_enhanced else ("", "")
    return Segment("MSH", (*fields, "", "", *wants, "", marks.written(envelope.charset)), marks)


def _error(verdict: Verdict, marks: Delimiters, version: tuple[int, ...]) -> Segment:
    mark, place = marks.component, verdict.place
    where = "" if place is None else mark.join((place.segment, str(place.number), *((str(place.field),) if place.field else ())))
    reason = mark.join((verdict.reason, WORDS[verdict.reason], "HL70357"))
    if version < FIRST_ERR:
        return Segment("ERR", (mark.join((*[*where.split(mark), "", "", ""][:3], verdict.reason.value)),), marks)
    return Segment("ERR", ("", where, reason, "E", "", "", "", marks.written(verdict.words[:250])), marks)


def _records(reading: Reading, message: Message, marks: Delimiters) -> list[Segment]:
    """MFI as it came, then MFA of every record that is kept: S."""
    kept = [(heard.entry, heard.record) for heard in reading.heard if isinstance(heard, ItemHeard | PersonHeard)]
    files = [segment for segment in message.segments if segment.name == "MFI"]
    return files + [
        Segment("MFA", (WORD_OF[entry], marks.written(record), "", "S", marks.written(record)), marks) for entry, record in kept
    ]


def _version(text: str) -> tuple[int, ...]:
    """A version such as 2.5.1, as numbers; what is no version counts as old."""
    parts = text.split(".")
    return tuple(int(part) for part in parts) if all(part.isdecimal() for part in parts) else (0,)
