"""What sessions, records and locks of people mean for what is remembered.

Alone knows: that meaning. Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.facts import Draft
from cabinet.domain.fold.change import change
from cabinet.domain.people import Role, Session, Staff
from cabinet.domain.person.memory import Lockout, lock_of
from cabinet.domain.state import State
from cabinet.domain.vocabulary import parse_utc, utc_text

WRONG = "session.not_recognised"
"""The one refusal that counts towards a lock."""
VISITS = 20
"""So many of the last sessions are remembered by how long they lasted."""


@change.register
def _changed(fact: facts.StaffChanged, state: State, draft: Draft) -> None:
    former = state.people.records.get(fact.person)
    if former is None or former.until is None or former.until <= utc_text(draft.at.utc):
        state.people.let_in_by.pop(fact.person, None)  # whoever prolongs a shift did not begin it
    if fact.until is not None and draft.staff is not None:
        state.people.let_in_by.setdefault(fact.person, draft.staff)
    state.people.records[fact.person] = Staff(
        fact.person, fact.name, Role(fact.role), tuple(fact.areas), fact.until, fact.competent_until, fact.is_active
    )  # fmt: skip


@change.register
def _credential(fact: facts.CredentialChanged, state: State, draft: Draft) -> None:
    people = state.people
    if fact.what == "temporary_pin":
        people.pins.pop(fact.person, None)
        if fact.is_set and fact.until is not None:
            people.pins[fact.person] = fact.until
            people.pins_by[fact.person] = draft.staff or ""
        return
    if fact.what in {"pin", "passkey"} and fact.is_set:
        people.secrets_by.pop(fact.person, None)
        if draft.staff not in {None, fact.person}:
            people.secrets_by[fact.person] = draft.staff or ""
    ways = [way for way in people.provable.get(fact.person, []) if way != fact.what]
    people.provable[fact.person] = [*ways, fact.what] if fact.is_set else ways
    if fact.what == "pin":
        people.pins.pop(fact.person, None)


@change.register
def _locked(fact: facts.StaffLocked, state: State, _draft: Draft) -> None:
    state.people.lockouts[lock_of(fact.person, fact.screen)] = Lockout(fact.failures, True, fact.wait_s)


@change.register
def _unlocked(fact: facts.StaffUnlocked, state: State, _draft: Draft) -> None:
    lock = lock_of(fact.person, fact.screen)
    held = state.people.lockouts.pop(lock, None)
    if held is not None and fact.is_over:
        state.people.lockouts[lock] = Lockout(held.failures)


@change.register
def _session_opened(fact: facts.SessionOpened, state: State, draft: Draft) -> None:
    assert draft.staff is not None
    state.people.lockouts.pop(draft.staff, None)
    state.sessions[fact.session] = Session(fact.session, draft.staff, list(fact.factors), since=utc_text(draft.at.utc))


@change.register
def _session_refused(fact: facts.SessionRefused, state: State, _draft: Draft) -> None:
    if fact.claimed is None or fact.code != WRONG or state.people.is_locked(fact.claimed, fact.screen):
        return
    state.people.lockouts.setdefault(lock_of(fact.claimed, fact.screen), Lockout()).failures += 1


@change.register
def _session_proven(fact: facts.SessionProven, state: State, draft: Draft) -> None:
    assert draft.staff is not None
    state.people.lockouts.pop(draft.staff, None)
    state.sessions[fact.session].factors = list(fact.factors)


@change.register
def _session_dismissed(fact: facts.SessionDismissed, state: State, _draft: Draft) -> None:
    state.sessions[fact.session].is_dismissed = True


@change.register
def _yielded(fact: facts.RefillYielded, state: State, _draft: Draft) -> None:
    state.sessions[fact.session].is_covered = True


@change.register
def _resumed(fact: facts.SessionResumed, state: State, draft: Draft) -> None:
    assert draft.staff is not None
    state.people.lockouts.pop(draft.staff, None)
    session = state.sessions[fact.session]
    session.is_covered, session.factors = False, list(fact.factors)


@change.register
def _session_closed(fact: facts.SessionClosed, state: State, draft: Draft) -> None:
    session = state.sessions.pop(fact.session, None)
    if session is not None and session.since:
        lasted_s = max(0, int((draft.at.utc - parse_utc(session.since)).total_seconds()))
        state.people.visits_s = [*state.people.visits_s, lasted_s][-VISITS:]
