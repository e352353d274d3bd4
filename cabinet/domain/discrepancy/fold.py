"""What facts leave in the memory between two counts: visits, openings, sightings; and what becomes of discrepancies.

Alone knows: which facts are traces of a pocket. `fold/` lets every fact through here, after it changed everything else.
Must not know: why a fact was written, or what is to be done about it. It knows no furniture: openings are kept by their lock.
"""

from copy import deepcopy
from functools import singledispatch

from cabinet.domain import facts
from cabinet.domain.discrepancy.memory import (
    FOUND_OPEN,
    MOST_OPENINGS,
    MOST_RESOLVED,
    MOST_SIGHTINGS,
    MOST_VISITS,
    Discrepancy,
    Interval,
    Mark,
    Opening,
    Resolution,
    Sighting,
    Visit,
)
from cabinet.domain.facts import Account, Draft, Fact
from cabinet.domain.state import FINAL, Access, State
from cabinet.domain.vocabulary import utc_text


@singledispatch
def trace(_fact: Fact, _state: State, _draft: Draft) -> None:
    """Most facts leave no trace at a pocket."""


def interval_of(state: State, pocket: str) -> Interval:
    """What happened at a pocket since its last count."""
    return state.intervals.setdefault(pocket, Interval())


def _visit(state: State, access: Access) -> Visit:
    """The trace of an access in the interval that runs now."""
    interval = interval_of(state, access.pocket)
    for visit in reversed(interval.visits):
        if visit.access == access.id:
            return visit
    visit = Visit(access.id, access.kind, access.staff, access.asked_at, seq=state.seq)
    interval.visits.append(visit)
    if len(interval.visits) > MOST_VISITS:
        del interval.visits[0]
        interval.dropped += 1
    return visit


def _at_pocket(state: State, draft: Draft) -> Visit | None:
    """The trace of the access that a fact belongs to, where it opens a pocket."""
    access = state.accesses.get(draft.access or "")
    return None if access is None or not access.pocket else _visit(state, access)


def _see(state: State, pocket: str, sighting: Sighting) -> None:
    sightings = interval_of(state, pocket).sightings
    sightings.append(sighting)
    del sightings[:-MOST_SIGHTINGS]


@trace.register
def _moved_on(fact: facts.AccessMoved, state: State, draft: Draft) -> None:
    access, at = state.accesses.get(draft.access or ""), utc_text(draft.at.utc)
    if access is None or not access.pocket or not access.was_open:
        return  # what never opened is no trace
    visit = _visit(state, access)
    if fact.target == "open":
        visit.opened_at = visit.opened_at or at
    elif fact.target == "closed" or (fact.target in FINAL and not visit.closed_at):
        visit.closed_at = at
    if fact.target in FINAL:
        visit.end = fact.target


@trace.register
def _taken_over(_fact: facts.AccessTakenOver, state: State, draft: Draft) -> None:
    """Whoever found a pocket open had it open before them, too."""
    access = state.accesses.get(draft.access or "")
    if access is not None and access.pocket and access.was_open:
        at = utc_text(draft.at.utc)
        interval_of(state, access.pocket).visits.append(Visit("", FOUND_OPEN, draft.staff or "", at, opened_at=at, seq=state.seq))


@trace.register
def _said(fact: facts.QuantityConfirmed, state: State, draft: Draft) -> None:
    visit = _at_pocket(state, draft)
    if visit is not None:
        visit.said = fact.units


def _at_place(place: str, item: str) -> str:
    """The interval of one item in the return bin or another place for returns: from one emptying to the next."""
    return f"{place}/{item}"


def _laid(fact: facts.UnitsMoved, state: State, draft: Draft) -> None:
    """What was laid into a place for returns belongs to whoever empties it next, and to nobody longer than that."""
    if fact.place is None:
        return
    key, at = _at_place(fact.place, fact.item), utc_text(draft.at.utc)
    if fact.target is Account.RETURN_BIN and fact.source is not Account.VARIANCE:
        access = state.accesses.get(draft.access or "")
        kind = "return" if access is None else access.kind
        visits = interval_of(state, key).visits
        visits.append(Visit(draft.access or "", kind, draft.staff or "", at, said=fact.units, put=fact.units, seq=state.seq))
        del visits[:-MOST_VISITS]
    elif fact.source is Account.RETURN_BIN:
        state.intervals.pop(key, None)


@trace.register
def _moved(fact: facts.UnitsMoved, state: State, draft: Draft) -> None:
    _laid(fact, state, draft)
    visit = _at_pocket(state, draft)
    if visit is None or fact.pocket is None or Account.VARIANCE in {fact.source, fact.target}:
        return
    if fact.target is Account.POCKET:
        visit.put += fact.units
    elif fact.source is Account.POCKET:
        visit.taken += fact.units


@trace.register
def _weighed(fact: facts.PocketWeighed, state: State, draft: Draft) -> None:
    if fact.moment is facts.Moment.BEFORE:
        return
    access = state.accesses.get(draft.access or "")
    if access is not None and access.pocket == fact.pocket:
        visit = _visit(state, access)
        visit.sensed, visit.verdict, visit.doubt = fact.units, fact.verdict, fact.why
    else:
        _see(state, fact.pocket, Sighting(utc_text(draft.at.utc), "scale", fact.why, fact.units, fact.verdict))


@trace.register
def _sensed(fact: facts.BinSensed, state: State, draft: Draft) -> None:
    visit = _at_pocket(state, draft)
    if visit is not None:
        visit.is_empty = fact.is_empty


@trace.register
def _owed(fact: facts.CountOwed, state: State, draft: Draft) -> None:
    _see(state, fact.pocket, Sighting(utc_text(draft.at.utc), "owed", fact.why))


@trace.register
def _drawer_moved(fact: facts.DrawerMoved, state: State, draft: Draft) -> None:
    openings, at = state.openings.setdefault(fact.lock, []), utc_text(draft.at.utc)
    if fact.target == "open":
        drawer = state.drawers[fact.lock]
        openings.append(Opening(at, drawer.staff or "", drawer.access or "", fact.why))
        del openings[:-MOST_OPENINGS]
    elif fact.source == "open" and openings and not openings[-1].until:
        openings[-1].until = at


@trace.register
def _counted(fact: facts.PocketCounted, state: State, draft: Draft) -> None:
    access = state.accesses[draft.access or ""]
    visit = _visit(state, access)
    visit.counts.append(fact.counted)
    if not fact.is_final:
        return
    for one in state.discrepancies.values():
        if one.is_open and one.pocket == fact.pocket and one.item == fact.item and (draft.staff or "") not in one.counted_by:
            one.counted_by.append(draft.staff or "")
    since = Mark(state.seq, utc_text(draft.at.utc), draft.staff or "", fact.counted, access.id, access.before_mg, access.before_mc)
    state.ended[fact.pocket] = interval_of(state, fact.pocket)
    goes_on = Visit(access.id, access.kind, access.staff, access.asked_at, visit.opened_at, seq=state.seq)
    state.intervals[fact.pocket] = Interval(since, [goes_on])


@trace.register
def _found(fact: facts.DiscrepancyFound, state: State, draft: Draft) -> None:
    at = utc_text(draft.at.utc)
    ended = state.ended.get(fact.pocket)
    now = state.intervals.get(fact.pocket) or state.intervals.get(_at_place(fact.pocket, fact.item)) or Interval()
    is_count = now.since is not None and now.since.access == draft.access and fact.basis is facts.Basis.PERSON
    is_of_count = is_count and ended is not None and fact.since_seq == (0 if ended.since is None else ended.since.seq)
    interval = ended if is_of_count and ended is not None else now
    state.discrepancies[fact.discrepancy] = Discrepancy(
        fact.discrepancy, fact.pocket, fact.item, fact.expected, fact.counted, fact.basis, fact.since_seq, state.seq, at, draft.access,
        sensed=fact.sensed, verdict=fact.verdict, is_empty=fact.is_empty, interval=deepcopy(interval),
        until=Mark(state.seq, at, draft.staff or "", fact.counted, draft.access or ""),
    )  # fmt: skip
    access = state.accesses.get(draft.access or "")
    if access is not None:
        access.is_disputed = True


@trace.register
def _resolved(fact: facts.DiscrepancyResolved, state: State, draft: Draft) -> None:
    found = state.discrepancies[fact.discrepancy]
    found.is_open = False
    found.resolution = Resolution(
        utc_text(draft.at.utc), fact.reason, fact.note, fact.cause, draft.staff or "", draft.witness or "", list(fact.together),
        fact.by_policy,
    )  # fmt: skip
    over = [one.id for one in state.discrepancies.values() if not one.is_open]
    for name in over[:-MOST_RESOLVED]:
        del state.discrepancies[name]


@trace.register
def _escalated(fact: facts.DiscrepancyEscalated, state: State, _draft: Draft) -> None:
    state.discrepancies[fact.discrepancy].told.append(fact.to)
