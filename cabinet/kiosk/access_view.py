"""One access as its person sees it: where it stands, what is asked, and in words what happened and what to do now.

Alone knows: which sentence goes with which step. Must not know: HTTP, HTML, clocks.
What is expected is told for a verify count alone, never before a blind one is in.
"""

from dataclasses import dataclass

from cabinet.domain.catalogue import CATALOGUE
from cabinet.domain.core import Core
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import KINDS
from cabinet.domain.policy import CountStyle
from cabinet.domain.refusal import Refusal
from cabinet.domain.scale import weight
from cabinet.domain.scale.counting import Doubt
from cabinet.domain.state import Access
from cabinet.domain.vocabulary import PocketId
from cabinet.kiosk.scan_view import ScanView, scan_view
from cabinet.kiosk.view import DiscrepancyView, count_style, discrepancy_view
from cabinet.kiosk.whereabouts import in_words


@dataclass(frozen=True)
class Words:
    """What the screen says. `code` and `remedy` are empty unless something went wrong; `recorded` says what the journal holds."""

    message: str
    code: str = ""
    remedy: str = ""
    recorded: str = ""


@dataclass(frozen=True)
class AccessItem:
    """The item of an access."""

    id: str
    name: str
    strength: str
    form: str
    unit: str
    control_class: str
    is_high_alert: bool


@dataclass(frozen=True)
class AccessView:
    """One access. `seq` is its newest fact, for `?after=`; `units_confirmed` is what the person took or put.

    `moved_to` is the access that goes on with this one at another pocket, `moved_from` the one that this goes on with; `instead_of` is the
    pocket that would have served and could not be opened.
    """

    id: str
    seq: int
    kind: str
    phase: str
    asks: tuple[str, ...]
    pocket: str
    drawer: str
    drawer_name: str
    item: AccessItem
    units: int
    patient: str | None
    count_style: str
    count_attempts: int
    expected: int | None
    counted: int | None
    units_confirmed: int | None
    discrepancy: DiscrepancyView | None
    message: str
    code: str
    remedy: str
    recorded: str
    moved_to: str | None = None
    moved_from: str | None = None
    instead_of: str | None = None
    scan: ScanView | None = None


def access_view(core: Core, access: Access, seq: int) -> AccessView:
    """What the person whose access this is may know."""
    pocket = core.world.layout.pockets[PocketId(access.pocket)]
    drawer = core.world.layout.drawer_of(pocket)
    item = core.item_of(access)
    style = count_style(core, access.kind, item)
    asks = core.asks(access)
    is_verify = style is CountStyle.VERIFY and "count_before" in asks
    words = say(core, access)
    found = [found for found in core.state.discrepancies.values() if found.access == access.id]
    return AccessView(
        access.id, seq, access.kind, access.phase, asks, access.pocket, drawer.id, drawer.name,
        AccessItem(item.id, item.name, item.strength, item.form, item.count_unit, item.control_class, item.is_high_alert),
        access.units, access.patient, style, access.attempts, core.state.lines[access.pocket].units if is_verify else None,
        access.counted, access.confirmed, discrepancy_view(core, found[-1]) if found else None,
        words.message, words.code, words.remedy, words.recorded, access.moved_to, access.moved_from, access.instead_of,
        scan=scan_view(core, access),
    )  # fmt: skip


def amount(units: int, item: Item) -> str:
    """Units in words: `1 tablet`, `2 tablets`, `5 mL`."""
    return f"{units} {unit_word(units, item)}"


def unit_word(units: int, item: Item) -> str:
    """The word for so many units; a symbol such as mL has no plural."""
    unit = item.count_unit
    if units == 1 or not unit.islower():
        return unit
    return f"{unit}{'es' if unit.endswith(('ch', 'sh', 's', 'x')) else 's'}"


def say(core: Core, access: Access) -> Words:
    """The words for where an access stands."""
    asks = core.asks(access)
    place = core.world.layout.drawer_of(core.world.layout.pockets[PocketId(access.pocket)]).name
    if access.phase == "authorised":
        return _not_open(core, access, place)
    if access.phase == "released":
        return Words(f"{place} is being released. Pull it open.")
    if access.phase == "open" and "open" in asks:
        return _wrong("drawer.shut_over_lid", "What you stated so far is recorded.", f"{place} was pushed shut over an open lid.")
    if access.phase in {"open", "closed"}:
        return Words(_step(core.item_of(access), access, asks, place))
    return _end(core, access)


def _wrong(code: str, recorded: str, message: str = "") -> Words:
    refusal = Refusal(code)
    return Words(message or refusal.sentence, code, refusal.remedy, recorded)


def _not_open(core: Core, access: Access, place: str) -> Words:
    if not access.misses:
        why = in_words(core.world.layout, access.why)
        return _wrong("drawer.not_opened", "Nothing was taken.", f"{place} cannot be released now ({why}).")
    tries = f"Try {access.misses} of {core.world.policy.max_pulses}."
    return _wrong("drawer.not_opened", "The try was recorded. Nothing was taken.", f"{place} did not open. {tries}")


def _step(item: Item, access: Access, asks: tuple[str, ...], place: str) -> str:
    cancelled = "Cancelled. " if access.wants_cancel else ""
    if "count_before" in asks:
        if access.attempts:
            return f"{cancelled}That differs from the record. Count pocket {access.pocket} once more."
        if access.wants_cancel:
            return f"{cancelled}Count what is in pocket {access.pocket}, then close {place}."
        return f"Count what is in pocket {access.pocket} before you touch it."
    if "confirm" in asks:
        if KINDS[access.kind].takes:
            return f"Take {amount(access.units, item)} from pocket {access.pocket}. How many did you take?"
        return f"Fill pocket {access.pocket}. How many did you put in?"
    if access.wants_cancel:
        return f"Cancelled. {_nothing(access, 'is')} Close {place}."
    return f"Close {place}."


def _end(core: Core, access: Access) -> Words:
    item = core.item_of(access)
    done = f"Cancelled. {_nothing(access, 'was')}" if access.wants_cancel else _done(item, access)
    if access.phase == "settled":
        return Words(done, remedy=CATALOGUE[weight.LABEL].remedy if access.doubt == Doubt.MISFIT else "")
    if access.phase == "disputed":
        return Words(
            f"{done} The count was not what the record says.", recorded="A discrepancy was recorded for the pocket. It names nobody.",
            remedy="Go on with your work; the charge nurse and the pharmacy look at it.",
        )  # fmt: skip
    if access.moved_to is not None:
        return _moved_on(core, access)
    if access.phase == "incomplete":
        return _wrong("access.incomplete", f"It was recorded that pocket {access.pocket} owes a count. Nobody is blamed.")
    if access.misses >= core.world.policy.max_pulses:
        return _wrong("drawer.failed", "Nothing was taken; the drawer is marked as failed.")
    counted = " The count was recorded." if access.counted is not None else ""
    return Words(f"Cancelled. {_nothing(access, 'was')}{counted}")


def _moved_on(core: Core, access: Access) -> Words:
    """The first half of a withdrawal that goes on elsewhere."""
    layout = core.world.layout
    moved = core.state.accesses.get(access.moved_to or "")
    place = layout.drawer_of(layout.pockets[PocketId(access.pocket)]).name
    there = "" if moved is None else f" It goes on at {layout.drawer_of(layout.pockets[PocketId(moved.pocket)]).name}, {moved.pocket}."
    if access.phase == "incomplete":
        return _wrong("drawer.unknown", f"It was recorded that pocket {access.pocket} owes a count.", f"{place} is out of sight.{there}")
    if access.misses >= core.world.policy.max_pulses:
        return _wrong("drawer.failed", "Nothing was taken; the drawer is marked as failed.", f"{place} did not open.{there}")
    return Words(f"{place} was left.{there}", recorded="Nothing was taken.")


def _nothing(access: Access, verb: str) -> str:
    return f"Nothing {verb} {'taken' if KINDS[access.kind].takes else 'put in'}."


def _done(item: Item, access: Access) -> str:
    if access.confirmed is not None:
        verb = "removed" if KINDS[access.kind].takes else "added"
        return f"{amount(access.confirmed, item)} of {item.name} {item.strength} {verb}."
    if access.counted is not None:
        return f"{amount(access.counted, item)} of {item.name} {item.strength} counted."
    return "Done."
