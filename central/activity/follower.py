"""Follows facts: what is held and was not read yet becomes lines, spells and days, a run at a time, each cabinet on from where it was left.

Alone knows: the order of reading and writing, and what a new epoch means. Must not know: tables, threads, what is made of lines.

Any number of servers may follow one database: a run is kept only if the cabinet still stands where it was read from.
"""

from collections.abc import Iterable, Iterator

from central.activity.course import Course, named
from central.activity.shelf import Shelf
from central.activity.store import Place, Store
from central.record import Record

MOST_AT_ONCE = 1000
"""Facts that become rows in one transaction."""


class Follower:
    """Of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def follow(self, cabinets: Iterable[str] | None = None) -> int:
        """Read all that is held and not read yet, of these cabinets or of all; how many facts that was."""
        return sum(self.runs(cabinets))

    def runs(self, cabinets: Iterable[str] | None = None) -> Iterator[int]:
        """The same a run at a time: how many facts each was. Whoever asks for the next one says when it is read."""
        for cabinet in self._store.cabinets() if cabinets is None else cabinets:
            place = self._store.place(cabinet)
            for epoch, last in self._store.heads(cabinet):
                while epoch >= place.epoch and (epoch, last) > (place.epoch, place.seq):
                    facts = self._store.facts(cabinet, epoch, place.seq if epoch == place.epoch else 0, MOST_AT_ONCE)
                    moved = self._take(cabinet, place, facts) if facts else None
                    if moved is None:
                        break
                    place = moved
                    yield len(facts)

    def _take(self, cabinet: str, place: Place, facts: list[Record]) -> Place | None:
        shelf = self._begun(cabinet, facts[0]) if facts[0].epoch != place.epoch else Shelf.load(place.memory)
        course = Course(cabinet, shelf, self._store.lines(cabinet, named(facts)))
        for record in facts:
            course.hear(record)
        shelf.wait(facts[-1].at)
        after = Place(facts[-1].epoch, facts[-1].seq, shelf.dump())
        kept = self._store.keep(
            cabinet, place, after, list(course.touched.values()), shelf.spells, shelf.days, {one.at[:10] for one in facts}
        )
        return after if kept else None

    def _begun(self, cabinet: str, first: Record) -> Shelf:
        """The shelf at the first fact of an epoch: empty, or as the copy left it that the journal goes on from."""
        epoch, last = first.body.get("after_epoch"), first.body.get("after_seq")
        if not isinstance(epoch, int) or not isinstance(last, int):
            return Shelf()
        shelf, seq = Shelf(), 0
        while seq < last and (facts := self._store.facts(cabinet, epoch, seq, MOST_AT_ONCE)):
            if seq == 0:
                shelf = self._begun(cabinet, facts[0])
            for record in facts:
                if record.seq <= last:
                    shelf.hear(record)
            seq = facts[-1].seq
        shelf.days.clear()
        shelf.spells.clear()
        return shelf
