"""The documents' desk: somebody approves a change, it becomes a version, and every cabinet that it is for is sent it.

Alone knows: what is looked at before a version is issued, and how drift is told. Must not know: rows, wires, HTTP.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cabinet.domain.vocabulary import utc_text
from cabinet.messages import DOCUMENTS, DocumentState, Record
from central.document.dispatch import Dispatch, Reach, is_behind, scope_of
from central.document.shelf import EVERYBODY, Change, Shelf, Version
from config.check import findings
from config.document import SHAPES, write_record
from config.finding import Documents
from config.schema import Formulary, Item, Part


class NotSound(ValueError):
    """A change that would make a document which no cabinet could take; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Approved:
    """A change of a document that somebody answers for: records that are new or other, and the keys of those that are no more.

    `cabinet`: whose, where each has its own. `is_whole`: whatever is not named is no more.
    """

    document: str
    approved_by: str
    records: Sequence[Part] = ()
    gone: Sequence[str] = ()
    cabinet: str | None = None
    why: str = ""
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Drift:
    """One document at one cabinet: the version that counts, the one that is there, and why they differ.

    `state`: current, behind, refused, unreachable, or ahead (the cabinet holds a version that this pharmacy does not know). `since`: when
    the version that is lacking was issued, or since when the cabinet is out of reach.
    """

    cabinet: str
    document: str
    wanted: int
    held: int
    state: str
    reason: str
    since: str


class DocumentOffice:
    """Issues documents, and says who lacks which."""

    def __init__(self, shelf: Shelf, dispatch: Dispatch, now: Callable[[], datetime], reach: Reach) -> None:
        self.shelf, self.dispatch = shelf, dispatch
        self._now, self._reach = now, reach

    def issue(self, asked: Approved) -> Version:
        """A new version, sent to whom it is for; the present one where nothing differs. Raises NotSound, Malformed."""
        document, shape = asked.document, SHAPES[asked.document]
        scope = EVERYBODY if shape.is_for_all else asked.cabinet
        if scope is None:
            raise NotSound(f"{document} are one cabinet's: name it")
        named: dict[str, Record] = {getattr(one, shape.key): write_record(document, one) for one in asked.records}
        if len(named) != len(asked.records):
            raise NotSound(f"two records have one {shape.key}")
        table = self.shelf.whole(document, scope)
        out = [key for key in table if key not in named] if asked.is_whole else list(asked.gone)
        _look_at_whole(document, {key: record for key, record in table.items() if key not in out} | named)
        at = utc_text(self._now())
        made = self.shelf.issue(document, scope, Change(named, out), approved_by=asked.approved_by, why=asked.why, at=at)
        self.dispatch.send_all(document)
        return made

    def holding(self, document: str) -> list[tuple[int, str]]:
        """(version, cabinet) of a document that is for all: what each cabinet holds, the oldest first, without those that are ahead."""
        newest = self.shelf.newest(document, EVERYBODY)
        if newest is None:
            return []
        held = dict.fromkeys(self._reach(), 0)
        for cabinet, states in self.shelf.held_of.items():
            held[cabinet] = states[document].version if document in states else 0
        return sorted((version, cabinet) for cabinet, version in held.items() if version <= newest.version)

    def drift(self, cabinet: str | None = None, document: str | None = None, *, after: str = "") -> Iterator[Drift]:
        """Every document at every cabinet that it is for, by cabinet from the one `after`."""
        reach = self._reach()
        known = sorted({*reach, *self.shelf.cabinets()}) if cabinet is None else [cabinet]
        for one in known[bisect_right(known, after) :]:
            for name in DOCUMENTS if document is None else (document,):
                newest = self.shelf.newest(name, scope_of(name, one))
                if newest is not None:
                    yield drift_of(self.shelf, one, newest, reach.get(one, (False, "")))


def drift_of(shelf: Shelf, cabinet: str, newest: Version, reach: tuple[bool, str]) -> Drift:
    """How a cabinet stands to the version that counts."""
    held = shelf.held(cabinet, newest.document)
    is_online, since = reach
    state, reason = judge(newest, held, is_online=is_online)
    if state != "unreachable":
        since = newest.issued_at if state in {"behind", "refused"} else held.at
    return Drift(cabinet, newest.document, newest.version, held.version, state, reason, since)


def judge(newest: Version, held: DocumentState, *, is_online: bool) -> tuple[str, str]:
    """(state, reason) of what is held beside what counts."""
    if held.version > newest.version:
        return "ahead", "it holds a version that this pharmacy does not know; the next one that is issued is above it"
    if not is_behind(newest, held):
        return "current", ""
    if held.state == "refused" and held.refused_version == newest.version:
        return "refused", held.reason
    return ("behind", held.reason) if is_online else ("unreachable", "")


def _look_at_whole(document: str, table: dict[str, Record]) -> None:
    """What single records cannot say: items that name each other. The rest is each cabinet's to judge."""
    if document != "formulary" or not table:
        return
    items = tuple(Item.model_validate(record) for record in table.values())
    formulary = Formulary.model_validate({"item": [item.model_dump(by_alias=True) for item in items]})
    found = next(findings(Documents(None, formulary, None, None)), None)
    if found is not None:
        raise NotSound(f"{found.what}{f' ({found.hint})' if found.hint else ''}")
