"""Pick lists are made: a round's cabinets, some at a time, what each lacks becomes its lists.

Alone knows: in what steps lists are made, and that a round that was cut short goes on where it was. Must not know: rows, clocks, feeds.

A step is one transaction. A round counts as made with its last one: a server that stops in between makes the rest at its next start,
since what stands on a list already is not lacking.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from central.restock.product import Product
from central.restock.rule.need import Need, each_once
from central.restock.rule.picklist import Line, NotDone, PickList, Stage, Step
from central.restock.rule.round import Round
from central.restock.shortage import Shortage
from central.restock.store import Store

LINES = 200
"""No list is longer: what is beyond is a second one's."""
STOPS = 50
"""Cabinets of one step: others write in between, and are told how far it is."""
KEPT = 100
"""So many of the lists made are given back; a fleet's are read from the store."""
TRIES = 3


@dataclass(slots=True)
class Making:
    """How far the lists of a round are made: `done` of its `stops` were looked at, and `count` lists made; `first` of them are here."""

    round: str
    by: str
    stops: int
    done: int = 0
    count: int = 0
    first: list[PickList] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made: a round's lists, for these cabinets in this order, in somebody's name. `turn`: its round and day, made once."""

    round: Round
    stops: Sequence[str]
    by: str
    at: str
    day: str
    turn: tuple[str, str] | None = None


class Maker:
    """Makes lists; `product` says what is known of an item."""

    def __init__(self, store: Store, shortage: Shortage, product: Callable[[str], Product]) -> None:
        self._store, self._shortage, self._product = store, shortage, product

    def steps(self, order: Order) -> Iterator[Making]:
        """Make them, a step at each turn of the loop. Raises NotDone where others take the same needs again and again."""
        making = Making(order.round.name, order.by, len(order.stops))
        for start in range(0, len(order.stops) or 1, STOPS):
            stops = order.stops[start : start + STOPS]
            is_last = start + STOPS >= len(order.stops)
            made = self._step(order, start, stops, order.turn if is_last else None)
            making = replace(making, done=start + len(stops), count=making.count + len(made), first=[*making.first, *made][:KEPT])
            yield making

    def _step(self, order: Order, start: int, stops: Sequence[str], turn: tuple[str, str] | None) -> list[PickList]:
        for tries_left in reversed(range(TRIES)):
            try:
                return self._store.add(self._lists(order, start, stops), order.day, turn, order.at)
            except NotDone:  # somebody took a need in between: it is on a list, and the others are still lacking
                if not tries_left:
                    raise
        raise AssertionError("unreachable")

    def _lists(self, order: Order, start: int, stops: Sequence[str]) -> list[PickList]:
        of_cabinet: dict[str, list[Need]] = {}
        for need in each_once(self._shortage.of(stops, tops_up=order.round.tops_up)):
            of_cabinet.setdefault(need.cabinet, []).append(need)
        step = (Step(Stage.MADE, order.at, order.by),)
        return [
            PickList("", cabinet, order.round.id, position, Stage.MADE, self._lines(needs[first : first + LINES]), step)
            for position, cabinet in enumerate(stops, start + 1)
            for needs in [of_cabinet.get(cabinet, [])]
            for first in range(0, len(needs), LINES)
        ]

    def _lines(self, needs: Sequence[Need]) -> tuple[Line, ...]:
        return tuple(self._line(number, need, self._product(need.item)) for number, need in enumerate(needs, 1))

    @staticmethod
    def _line(number: int, need: Need, product: Product) -> Line:
        return Line(
            number, need.pocket, need.item, need.lacking, need.units, need.why,
            needs_check=product.needs_check, needs_sheet=product.needs_sheet,
        )  # fmt: skip
