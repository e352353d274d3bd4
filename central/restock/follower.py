"""What cabinets say of the lists on their way to them: read from where it was read last, and kept with what became of them.

Alone knows: in what order facts are read. Must not know: what they mean for a line, who is told.
"""

from collections.abc import Collection, Iterator

from central.inquiry import PAGE, Inquiry
from central.restock.rule.course import read
from central.restock.rule.picklist import PickList
from central.restock.store import Store


class Follower:
    """Reads facts for one store of lists."""

    def __init__(self, store: Store, inquiry: Inquiry) -> None:
        self._store, self._inquiry = store, inquiry

    def steps(self, cabinets: Collection[str] | None = None) -> Iterator[tuple[str, list[PickList]]]:
        """Read what is new of these cabinets (None: of all) that something is on its way to; each page read, and the lists that changed."""
        for cabinet, (epoch, seq, memory) in self._store.followed(cabinets).items():
            for one in [known for known, _, _ in self._inquiry.epochs(cabinet) if known >= epoch]:
                since = seq if one == epoch else 0
                while facts := self._inquiry.facts(cabinet, since, epoch=one):
                    since = facts[-1]["seq"]
                    ours = self._store.on_its_way(cabinet)  # read after the facts: what they name has left by then
                    yield cabinet, self._store.follow(cabinet, one, since, memory, read(facts, memory, ours))
                    if len(facts) < PAGE:
                        break
