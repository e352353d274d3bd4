"""What follows from everything that was heard: who lies where, and which orders hold. News in, the standing record out.

Alone knows: how news is folded into what is known: what is older, what belongs to another visit, who was merged into whom.
Must not know: messages, tables, documents for cabinets.

A patient who left an area, by discharge or by transfer, stays listed there for a day, for return and waste (`KEPT`). Nobody is made out
of an order: an order of a patient that no ADT message named waits in `unmatched`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from cabinet.domain.vocabulary import parse_utc, utc_text
from central.hl7.book import Book
from central.hl7.heard import (
    MOST_PARTS,
    Doing,
    DoseHeard,
    Heard,
    ItemHeard,
    OrderHeard,
    PatientHeard,
    PatientsMerged,
    PersonHeard,
    Stay,
    part_name,
)

KEPT = timedelta(hours=24)
LONGEST_CHAIN = 20
"""So many merges one after another are followed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A patient as everything heard so far says. Texts are empty where nothing was said; `area` is empty where they are in none of ours."""

    patient: str
    name: str = ""
    born: str = ""
    record: str = ""
    area: str = ""
    place: str = ""
    allergies: tuple[str, ...] = ()
    weight_g: int | None = None
    weight_at: str | None = None
    visit: str = ""
    is_outpatient: bool = False
    is_expected: bool = False
    left_at: str | None = None
    former: Mapping[str, str] = field(default_factory=dict)
    """Care areas that they were in before -> when they left."""
    told_at: str = ""
    moved_at: str = ""
    merged_into: str = ""

    def left(self, area: str, now: str) -> str | None:
        """When they left an area where they are still listed at `now`; empty while they are there; None where they are not listed."""
        if self.merged_into or not area:
            return None
        if area == self.area and self.left_at is None:
            return None if self.is_expected else ""
        since = self.left_at if area == self.area else self.former.get(area)
        return since if since is not None and since > utc_text(parse_utc(now) - KEPT) else None


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """An order as it holds. `status` is the cabinet's word: active, held or stopped."""

    order: OrderHeard
    status: str
    at: str

    @property
    def is_unmapped(self) -> bool:
        """Whether the pharmacy must say which item it means."""
        return self.status != "stopped" and self.order.is_unmapped


STATUSES = {Doing.HOLD: "held", Doing.RELEASE: "active", Doing.STOP: "stopped"}


@dataclass(slots=True)
class Roll:
    """All patients and orders that are known. `hear` is the only way to change it; it gives the ids of what changed."""

    patients: dict[str, Standing] = field(default_factory=dict)
    orders: dict[str, StandingOrder] = field(default_factory=dict)

    def hear(self, heard: Heard) -> set[str]:
        """Take one piece of news. What is no news of patients or orders changes nothing here."""
        match heard:
            case PatientHeard():
                return self._hear_patient(heard)
            case PatientsMerged():
                return self._merge(heard)
            case OrderHeard():
                return self._hear_order(heard)
            case DoseHeard() | ItemHeard() | PersonHeard():
                return set()

    def who(self, patient: str) -> str:
        """The id that a patient is known by now."""
        for _ in range(LONGEST_CHAIN):
            known = self.patients.get(patient)
            if known is None or not known.merged_into:
                break
            patient = known.merged_into
        return patient

    def listed(self, area: str, now: str) -> Iterator[tuple[Standing, str]]:
        """Everybody whom a cabinet of the area shows, and when they left ("": they are there)."""
        for known in self.patients.values():
            since = known.left(area, now)
            if since is not None:
                yield known, since

    def orders_of(self, patient: str) -> Iterator[StandingOrder]:
        """All orders of a patient."""
        return (known for known in self.orders.values() if known.order.patient == patient)

    def unmapped(self) -> Iterator[StandingOrder]:
        """Orders that wait until somebody says which item they mean."""
        return (known for known in self.orders.values() if known.is_unmapped)

    def unmatched(self) -> Iterator[StandingOrder]:
        """Orders of nobody: no ADT message named their patient."""
        return (known for known in self.orders.values() if known.status != "stopped" and known.order.patient not in self.patients)

    def relink(self, book: Book) -> set[str]:
        """Look at every unmapped order again, after the pharmacy linked a code."""
        changed = set()
        for known in list(self.unmapped()):
            item = book.item(known.order.drug)
            if item is not None:
                self.orders[known.order.order] = replace(known, order=replace(known.order, item=item))
                changed.add(known.order.order)
        return changed

    def _hear_patient(self, heard: PatientHeard) -> set[str]:
        patient = self.who(heard.patient)
        known = self.patients.get(patient, Standing(patient))
        news = _moved(_described(known, heard), heard)
        self.patients[patient] = news
        return {patient} if news != known else set()

    def _merge(self, heard: PatientsMerged) -> set[str]:
        gone, into = self.who(heard.patient), self.who(heard.into)
        if gone == into:
            return set()
        former, kept = self.patients.get(gone, Standing(gone)), self.patients.get(into, Standing(into))
        allergies = tuple(dict.fromkeys((*kept.allergies, *former.allergies)))
        if not kept.moved_at:  # only the one that is gone was ever anywhere
            stay = replace(former, patient=into, name=kept.name or former.name, born=kept.born or former.born, record=kept.record)
            kept = replace(stay, weight_g=kept.weight_g or former.weight_g, weight_at=kept.weight_at or former.weight_at)
        self.patients[into] = replace(kept, allergies=allergies)
        self.patients[gone] = replace(former, merged_into=into)
        changed = {gone, into}
        for known in list(self.orders_of(gone)):
            self.orders[known.order.order] = replace(known, order=replace(known.order, patient=into))
            changed.add(known.order.order)
        return changed

    def _hear_order(self, heard: OrderHeard) -> set[str]:
        heard = replace(heard, patient=self.who(heard.patient))
        if heard.doing is Doing.PUT:
            return self._put(heard)
        touched = list(self._parts(heard.order))
        if not touched:
            self.orders[heard.order] = StandingOrder(heard, STATUSES[heard.doing], heard.at)
            return {heard.order}
        return {known.order.order for known in touched if self._step(known, heard)}

    def _parts(self, order: str) -> Iterator[StandingOrder]:
        """An order, or the orders of its components."""
        names = (order, *(part_name(order, place) for place in range(1, MOST_PARTS + 1)))
        return (self.orders[name] for name in names if name in self.orders)

    def _put(self, heard: OrderHeard) -> set[str]:
        """A new order, or its new words. A hold stands until it is released; what was stopped holds again."""
        known = self.orders.get(heard.order)
        is_told = known is not None and known.order.doing is Doing.PUT
        if known is not None and heard.at < known.at and is_told:
            return set()
        keeps = known is not None and (known.status == "held" or heard.at < known.at)
        news = StandingOrder(heard, known.status if known is not None and keeps else "active", max(heard.at, known.at if known else ""))
        self.orders[heard.order] = news
        return {heard.order} if news != known else set()

    def _step(self, known: StandingOrder, heard: OrderHeard) -> bool:
        if heard.at < known.at or known.order.patient != heard.patient:
            return False
        self.orders[known.order.order] = replace(known, status=STATUSES[heard.doing], at=heard.at)
        return True


def _described(known: Standing, heard: PatientHeard) -> Standing:
    """Who somebody is: what was not said stays, and what is older than what is known says nothing."""
    if heard.at < known.told_at:
        return known
    return replace(
        known,
        name=known.name if heard.name is None else heard.name,
        born=known.born if heard.born is None else heard.born,
        record=known.record if heard.record is None else heard.record,
        allergies=known.allergies if heard.allergies is None else heard.allergies,
        weight_g=heard.weight_g or known.weight_g,
        weight_at=heard.weight_at if heard.weight_g else known.weight_at,
        told_at=heard.at,
    )


def _moved(known: Standing, heard: PatientHeard) -> Standing:
    """Where somebody is. A discharge of another visit is not this one's, and a visit to the clinic moves nobody who lies on a ward."""
    if heard.at < known.moved_at:
        return known
    is_other = bool(heard.visit and known.visit and heard.visit != known.visit)
    is_staying = bool(known.moved_at) and known.left_at is None and not known.is_expected
    match heard.stay:
        case Stay.SAME:
            is_news = heard.area is not None and is_staying and not is_other
            return _in(known, heard.area or "", heard.place or known.place, heard.at) if is_news else known
        case Stay.EXPECTED:
            return known if is_staying else replace(known, is_expected=True, visit=heard.visit or "", moved_at=heard.at)
        case Stay.LEFT:
            if is_other:
                return known
            last = _in(known, heard.area, heard.place or known.place, heard.at) if heard.area else known
            return replace(last, left_at=heard.at, moved_at=heard.at, is_expected=False)
        case Stay.HERE:
            if is_other and is_staying and heard.is_outpatient and not known.is_outpatient:
                return known
            area = known.area if heard.area is None else heard.area
            here = _in(known, area, known.place if heard.place is None else heard.place, heard.at)
            visit = heard.visit or known.visit
            return replace(here, visit=visit, is_outpatient=heard.is_outpatient, is_expected=False, left_at=None, moved_at=heard.at)


def _in(known: Standing, area: str, place: str, at: str) -> Standing:
    """In another care area from now on: the one before keeps them for a while."""
    former = {name: since for name, since in known.former.items() if name != area}
    if known.area and known.area != area and known.left_at is None:
        former[known.area] = at
    return replace(known, area=area, place=place, former=former)
