"""One access as its person sees it: where it stands, what is asked, and in words what happened and what to do now.

Alone knows: which sentence goes with which step. Must not know: HTTP, HTML, clocks.
What is expected is told for a verify count alone, never before a blind one is in.
"""

from dataclasses import dataclass

from cabinet.domain import placing
from cabinet.domain.catalogue import CATALOGUE
from cabinet.domain.core import Core
from cabinet.domain.debt import owing
from cabinet.domain.dose import request
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import row_of
from cabinet.domain.lock.setback import NOT_OPENING
from cabinet.domain.phrase import Phrase, message, sentences
from cabinet.domain.policy import CountStyle
from cabinet.domain.refusal import Refusal
from cabinet.domain.scale import weight
from cabinet.domain.scale.counting import Doubt
from cabinet.domain.state import Access
from cabinet.domain.surroundings import room
from cabinet.domain.vocabulary import PocketId, Units
from cabinet.domain.witness import MAY_BE_OWED
from cabinet.kiosk import sheet_view
from cabinet.kiosk.scan_view import ScanView, scan_view
from cabinet.kiosk.stock_view import place_name
from cabinet.kiosk.unit_view import amount
from cabinet.kiosk.view import DiscrepancyView, discrepancy_view
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
    witness: str | None = None
    withdrawal: str | None = None
    place: str | None = None
    said: str | None = None
    owes: tuple[str, ...] = ()
    """What is still to be done about it, by its kinds of debt."""
    warnings: tuple[str, ...] = ()
    """What is said without being asked: of an emergency, above all that what it gives has expired; of a refill, too many or short-dated."""


def access_view(core: Core, access: Access, seq: int) -> AccessView:
    """What the person whose access this is may know."""
    pocket = core.world.layout.pockets.get(PocketId(access.pocket))
    drawer = None if pocket is None else core.world.layout.drawer_of(pocket)
    item = core.item_of(access)
    style = core.world.policy.count_style(row_of(access), item)
    asks = core.asks(access)
    is_verify = style is CountStyle.VERIFY and "count_before" in asks
    words = say(core, access)
    found = [found for found in core.state.discrepancies.values() if found.access == access.id]
    return AccessView(
        access.id, seq, access.kind, access.phase, asks, access.pocket,
        "" if drawer is None else drawer.id, "" if drawer is None else drawer.name,
        AccessItem(item.id, item.name, item.strength, item.form, item.count_unit, item.control_class, item.is_high_alert),
        access.units, access.patient, style, access.attempts, core.state.lines[access.pocket].units if is_verify else None,
        access.counted, access.confirmed, discrepancy_view(core, found[-1]) if found else None,
        words.message, words.code, words.remedy, words.recorded, access.moved_to, access.moved_from, access.instead_of,
        scan=scan_view(core, access), witness=access.witness, withdrawal=access.withdrawal, place=access.place, said=access.said,
        owes=tuple(sorted(debt.kind for debt in core.state.debts.values() if debt.access == access.id)),
        warnings=_warnings(core, access),
    )  # fmt: skip


def _warnings(core: Core, access: Access) -> tuple[str, ...]:
    """What is said without being asked. A pocket that the site took away has nothing to say."""
    is_there = PocketId(access.pocket) in core.world.layout.pockets
    filling = (*room.shown(core.scene, access), *placing.shown(core.scene, access)) if is_there else ()
    return (*request.shown(core.scene, access), *filling)


def say(core: Core, access: Access) -> Words:
    """The words for where an access stands."""
    asks = core.asks(access)
    if "witness" in asks:
        return Words(Phrase("{what}. A colleague signs: badge and PIN.", what=_what(core, access)), remedy=_alone(access))
    if not row_of(access).opens:
        return _on_paper(core, access)
    place = core.world.layout.drawer_of(core.world.layout.pockets[PocketId(access.pocket)]).name
    if access.phase == "authorised":
        return _not_open(core, access, place)
    if access.phase == "released":
        return Words(Phrase("{place} is being released. Pull it open.", place=place))
    if access.phase == "open" and "open" in asks:
        shut = Phrase("{place} was pushed shut over an open lid.", place=place)
        return _wrong("drawer.shut_over_lid", Phrase("What you stated so far is recorded."), shut)
    if access.phase in {"open", "closed"}:
        return Words(_step(core.item_of(access), access, asks, place))
    return _end(core, access)


def _wrong(code: str, recorded: str, said: str = "") -> Words:
    refusal = Refusal(code)
    return Words(said or refusal.sentence, code, refusal.remedy, recorded)


def _not_open(core: Core, access: Access, place: str) -> Words:
    if not access.misses:
        why = in_words(core.world.layout, access.why)
        said = Phrase("{place} cannot be released now ({why}).", place=place, why=why)
        return _wrong("drawer.not_opened", Phrase("Nothing was taken."), said)
    most = core.world.policy.max_pulses
    said = Phrase("{place} did not open. Try {number} of {most}.", place=place, number=access.misses, most=most)
    return _wrong("drawer.not_opened", Phrase("The try was recorded. Nothing was taken."), said)


def _what(core: Core, access: Access) -> Phrase:
    """The act that somebody signs, in words: what, how much and why."""
    item = core.item_of(access)
    much = access.said or amount(owing.stated_units(access), item)
    act = core.world.terms(access.kind)
    if access.reason:
        return Phrase("{act} {amount} of {item} ({why})", act=act, amount=much, item=_named(item), why=access.reason)
    return Phrase("{act} {amount} of {item}", act=act, amount=much, item=_named(item))


def _named(item: Item) -> str:
    return f"{item.name} {item.strength}"


def _alone(access: Access) -> Phrase:
    if access.phase != "authorised":
        if access.witness_rule == MAY_BE_OWED:
            return Phrase("Nobody there? Say so: the number stands, and the signature is owed.")
        return Phrase("Nobody there? The number stands. Fetch somebody: if you leave, the signature stays owed.")
    if access.witness_rule == MAY_BE_OWED:
        return Phrase("Nobody there? Say so: the signature is owed, and the drawer opens.")
    return Phrase("Nobody there? Stop here; what is to be wasted stays listed, and blocks nothing.")


def _on_paper(core: Core, access: Access) -> Words:
    """What opened nothing, and is done."""
    what = _what(core, access)
    if access.phase == "disputed":
        found = Phrase("{what}: not what was laid there.", what=what)
        return Words(found, recorded=Phrase("A discrepancy was recorded. It names nobody."))
    if access.phase == "settled":
        where = Phrase("It goes here: {place}.", place=place_name(access.place)) if access.kind == "return" and access.place else ""
        return Words(Phrase("{what} recorded.", what=what), remedy=where)
    return Words(Phrase("Cancelled. Nothing was moved."), recorded=Phrase("What is still owed stays listed."))


def _step(item: Item, access: Access, asks: tuple[str, ...], place: str) -> str:
    pocket = access.pocket
    if "count_before" in asks:
        if access.attempts:
            return _cancelled(access, _differs(access), Phrase("Count pocket {pocket} once more.", pocket=pocket))
        if access.wants_cancel:
            return Phrase("Cancelled. Count what is in pocket {pocket}, then close {place}.", pocket=pocket, place=place)
        return Phrase("Count what is in pocket {pocket} before you touch it.", pocket=pocket)
    if "confirm" in asks and access.doubted_by:
        return _once_more(access)
    if "confirm" in asks:
        if row_of(access).takes:
            return _take(item, access)
        return Phrase("Fill pocket {pocket}. How many did you put in?", pocket=pocket)
    close = Phrase("Close {place}.", place=place)
    return _cancelled(access, _nothing_moves(access), close) if access.wants_cancel else close


def _take(item: Item, access: Access) -> str:
    """Of a pull for which no number was named, what is meant is said: nobody takes zero of what is called back."""
    pocket = access.pocket
    if access.kind == "unload" and access.bag is None:
        return Phrase("Take everything out of pocket {pocket}. How many did you take?", pocket=pocket)
    if access.kind == "expire" and not access.units:
        return Phrase("Take out of pocket {pocket} what is blocked or expires. How many did you take?", pocket=pocket)
    return Phrase("Take {amount} from pocket {pocket}. How many did you take?", amount=amount(access.units, item), pocket=pocket)


def _cancelled(access: Access, *said: str) -> str:
    """What is said, after that it was cancelled if it was."""
    return sentences(Phrase("Cancelled.") if access.wants_cancel else "", *said)


DIFFERS = {
    "scale": message("The scale says otherwise."),
    "bin_sensor": message("The photo-eye says otherwise."),
    "journal": message("That differs from the record."),
}


def _differs(access: Access) -> Phrase:
    """What a count that is asked for once more differs from; what was sensed is not told."""
    differs = DIFFERS.get(access.count_doubt, DIFFERS["journal"])
    return Phrase(differs)


def _once_more(access: Access) -> str:
    """The one question after a quantity that a sensor speaks against. The same answer again is an answer."""
    takes = row_of(access).takes
    if access.doubted_beside is not None:
        beside = Phrase("Something changed in pocket {pocket}, beside this one.", pocket=access.doubted_beside)
        if takes:
            return sentences(beside, Phrase("Look once more: how many did you take at pocket {pocket}?", pocket=access.pocket))
        return sentences(beside, Phrase("Look once more: how many did you put in at pocket {pocket}?", pocket=access.pocket))
    sensed = DIFFERS.get(access.doubted_by, DIFFERS["bin_sensor"])
    return sentences(
        Phrase(sensed), Phrase("Look once more: how many did you take?") if takes else Phrase("Look once more: how many did you put in?")
    )


def _end(core: Core, access: Access) -> Words:
    item = core.item_of(access)
    done = _cancelled(access, _nothing_moved(access)) if access.wants_cancel else _done(core, item, access)
    if access.phase == "settled":
        return Words(
            done, remedy=Phrase(CATALOGUE[weight.LABEL].remedy) if access.doubt == Doubt.MISFIT else sheet_view.onward(core, access)
        )
    if access.phase == "disputed":
        return Words(
            sentences(done, Phrase("The count was not what the record says.")),
            recorded=Phrase("A discrepancy was recorded for the pocket. It names nobody."),
            remedy=Phrase("Go on with your work; the charge nurse and the pharmacy look at it."),
        )
    if access.moved_to is not None:
        return _moved_on(core, access)
    if access.phase == "incomplete":
        owed = Phrase("It was recorded that pocket {pocket} owes a count. Nobody is blamed.", pocket=access.pocket)
        return _wrong("access.incomplete", owed)
    if access.why == NOT_OPENING:
        return _wrong("drawer.failed", Phrase("Nothing was taken; the drawer is marked as failed."))
    is_counted = Phrase("The count was recorded.") if access.counted is not None else ""
    return Words(sentences(Phrase("Cancelled."), _nothing_moved(access), is_counted))


def _moved_on(core: Core, access: Access) -> Words:
    """The first half of a withdrawal that goes on elsewhere."""
    layout = core.world.layout
    moved = core.state.accesses.get(access.moved_to or "")
    place = layout.drawer_of(layout.pockets[PocketId(access.pocket)]).name
    there = "" if moved is None else _goes_on(layout.drawer_of(layout.pockets[PocketId(moved.pocket)]).name, moved.pocket)
    if access.phase == "incomplete":
        owed = Phrase("It was recorded that pocket {pocket} owes a count.", pocket=access.pocket)
        return _wrong("drawer.unknown", owed, sentences(Phrase("{place} is out of sight.", place=place), there))
    if access.why == NOT_OPENING:
        failed = Phrase("Nothing was taken; the drawer is marked as failed.")
        return _wrong("drawer.failed", failed, sentences(Phrase("{place} did not open.", place=place), there))
    return Words(sentences(Phrase("{place} was left.", place=place), there), recorded=Phrase("Nothing was taken."))


def _goes_on(place: str, pocket: str) -> Phrase:
    return Phrase("It goes on at {place}, {pocket}.", place=place, pocket=pocket)


def _nothing_moves(access: Access) -> Phrase:
    return Phrase("Nothing is taken.") if row_of(access).takes else Phrase("Nothing is put in.")


def _nothing_moved(access: Access) -> Phrase:
    return Phrase("Nothing was taken.") if row_of(access).takes else Phrase("Nothing was put in.")


BAG_DONE = {"load": message("Bag {bag} put in."), "unload": message("Bag {bag} handed back."), "waste": message("Bag {bag} destroyed.")}
"""What became of a bag with a patient's own medicine."""


def _done(core: Core, item: Item, access: Access) -> Phrase:
    if access.bag is not None and access.confirmed and access.kind in BAG_DONE:
        return Phrase(BAG_DONE[access.kind], bag=access.bag.upper())
    if access.confirmed is not None:
        much = amount(access.confirmed, item)
        if access.kind == "transfer":
            return sheet_view.sent(core, item, access, Units(access.confirmed))
        if row_of(access).takes and item.is_multi_dose and not access.confirmed:
            return Phrase("{item}: used and put back.", item=_named(item))
        if row_of(access).takes:
            return Phrase("{amount} of {item} {taken}.", amount=much, item=_named(item), taken=core.world.terms.low("withdrawn"))
        return Phrase("{amount} of {item} added.", amount=much, item=_named(item))
    if access.counted is not None:
        return Phrase("{amount} of {item} counted.", amount=amount(access.counted, item), item=_named(item))
    if (line := core.state.lines.get(access.pocket)) is not None and line.owed_at:
        return Phrase("Closed. How many were taken was not said: pocket {pocket} is to be counted.", pocket=access.pocket)
    return Phrase("Done.")
