"""One epoch of one cabinet while a round of post is taken: its head, what is new, what waits.

Alone knows: how a batch and those that wait behind a gap become one run of new facts.
Must not know: what a fact means, transactions.
"""

from collections.abc import Sequence

import msgspec

from cabinet.messages import encode
from central.database.hand import Hand
from central.ingest.chain import Alert, Head, Held, judge
from central.record import Batch, Proof, Record, prove

_HASHES = "select seq, hash from fact where cabinet = ? and epoch = ? and seq between ? and ?"
_WAITING = "select record from early where cabinet = ? and epoch = ? and seq > ? order by seq"


class Journal:
    """Starts from the head that is held; `new` and `early` are what a transaction has to add."""

    def __init__(self, hand: Hand, cabinet: str, head: Head) -> None:
        self.cabinet, self.head = cabinet, head
        self.new: list[Held] = []
        self.early: dict[int, Record] = {}
        self.held = head
        self._hand = hand

    @property
    def is_changed(self) -> bool:
        """Whether the head is to be written."""
        return self.head is not self.held

    def take(self, batch: Batch, proofs: Sequence[Proof]) -> Alert | None:
        """Take a batch, each fact with its proof, then whatever it has freed; why something was refused."""
        alert = self._judge(batch, proofs)
        while alert is None and self.head.waiting and (freed := self._freed()):
            alert = self._judge(Batch(self.head.epoch, self.head.seq + 1, freed), [prove(record) for record in freed])
            if alert is not None:
                self._give_up_waiting()
        return alert

    def waiting_rows(self) -> list[tuple[str, int, int, str]]:
        """Rows of `early` for what still waits."""
        seqs = [seq for seq in self.early if seq > self.head.seq]
        return [(self.cabinet, self.head.epoch, seq, encode(self.early[seq]).decode()) for seq in seqs]

    def _judge(self, batch: Batch, proofs: Sequence[Proof]) -> Alert | None:
        known: dict[int, str] = {}

        def hash_at(seq: int) -> str | None:
            if seq > self.held.seq:
                return self.new[seq - self.held.seq - 1].record.hash
            if not known:
                last = batch.first_seq + len(batch.facts) - 1
                rows = self._hand.ask(_HASHES, self.cabinet, batch.epoch, batch.first_seq, min(last, self.held.seq))
                known.update((int(found), str(text)) for found, text in rows)
            return known.get(seq)

        verdict = judge(self.cabinet, self.head, batch, proofs, hash_at)
        self.head = verdict.head
        self.new += verdict.new
        for record in verdict.early:
            self.early.setdefault(record.seq, record)
        return verdict.alert

    def _freed(self) -> list[Record]:
        """Those that wait right behind the head, without a gap."""
        if self.held.waiting:
            for (text,) in self._hand.ask(_WAITING, self.cabinet, self.head.epoch, self.head.seq):
                record = msgspec.json.decode(text, type=Record)
                self.early.setdefault(record.seq, record)
        freed: list[Record] = []
        while (seq := self.head.seq + 1 + len(freed)) in self.early:
            freed.append(self.early.pop(seq))
        return freed

    def _give_up_waiting(self) -> None:
        """What waited contradicts what is held: the cabinet itself will say which is right."""
        self.early.clear()
        self.head = self.head._replace(waiting=0)
