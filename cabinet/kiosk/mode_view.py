"""What people see of the cabinet's mode: what stands and since when, how old what the pharmacy said is, and who may change what.

Alone knows: the words for modes and ages. Must not know: HTTP, HTML, clocks.
"""

from dataclasses import dataclass

from cabinet.domain.core import Core
from cabinet.domain.document.memory import Received
from cabinet.domain.mode import freshness
from cabinet.domain.mode.declaring import DECLARED
from cabinet.domain.mode.memory import Declared
from cabinet.domain.people import Staff
from cabinet.domain.phrase import Phrase
from cabinet.domain.vocabulary import Instant, parse_utc
from cabinet.kiosk.site_time import SiteTime
from cabinet.kiosk.surroundings import Notice

DOCUMENTS = {
    "staff": Phrase("Staff"), "orders": Phrase("Orders"), "formulary": Phrase("Formulary"), "pars": Phrase("Levels"),
    "recall": Phrase("Recalls"), "sheets": Phrase("Sheets"), "codes": Phrase("Unknown codes"),
    "deliveries": Phrase("Deliveries"),
}  # fmt: skip
"""What the pharmacy says, in words."""

ALWAYS = frozenset({"staff", "orders", "formulary"})
"""Whose age is said whether or not the pharmacy has sent any."""

ENDINGS = {"critical_override": Phrase("End critical override"), "locked_down": Phrase("End lock-down")}
"""What the button that lifts a declared mode says."""


@dataclass(frozen=True)
class Standing:
    """A mode that somebody declared (`by` is empty: the cabinet did), with why."""

    mode: str
    title: str
    since: str
    by: str
    reason: str


@dataclass(frozen=True)
class Age:
    """How old one of the pharmacy's documents is; null where no pharmacy was ever heard. `is_stale`: older than policy lets pass.

    `version` and `applied_at` are of the one that stands here, null where none was sent; `refused` says why a newer one was not taken.
    """

    document: str
    as_of: str | None
    age_s: int | None
    is_stale: bool
    version: int | None
    applied_at: str | None
    refused: str


@dataclass(frozen=True)
class FreshnessView:
    """Whether the pharmacy is heard (null: nobody asks), since when there is a downtime, and how old everything is."""

    is_heard: bool | None
    downtime_since: str | None
    documents: tuple[Age, ...]


@dataclass(frozen=True)
class ModeView:
    """The cabinet's mode, what stands behind it, and what this person may declare and lift."""

    mode: str
    standing: tuple[Standing, ...]
    may_declare: tuple[str, ...]
    may_lift: tuple[str, ...]
    freshness: FreshnessView


def freshness_view(core: Core, now: Instant) -> FreshnessView:
    """How old what the pharmacy said is: staff, orders and formulary, and whatever else it sends."""
    scene = core.scene
    ages = tuple(_age(core, document, now) for document in DOCUMENTS if document in ALWAYS or document in core.state.documents)
    return FreshnessView(None if scene.contact is None else scene.contact.is_heard, core.state.modes.down_since or None, ages)


def _age(core: Core, document: str, now: Instant) -> Age:
    known, sent = freshness.as_of(core.scene, now, document) or None, core.state.documents.get(document, Received())
    age_s = None if known is None else max(0, int((now.utc - parse_utc(known)).total_seconds()))
    is_stale = freshness.is_stale(core.scene, now, document)
    return Age(document, known, age_s, is_stale, sent.version or None, sent.applied_at or None, sent.why)


def mode_view(core: Core, viewer: Staff, now: Instant) -> ModeView:
    """The mode, for a person."""
    policy, declared = core.world.policy, core.state.modes.declared
    standing = tuple(
        Standing(mode, DECLARED[mode].title, one.since, _name(core, one.staff), _why(core, one)) for mode, one in declared.items()
    )  # fmt: skip
    mine = [mode for mode, row in DECLARED.items() if policy.allows(viewer.role, row.act)]
    return ModeView(
        core.state.mode,
        standing,
        tuple(mode for mode in mine if mode not in declared and core.state.mode in DECLARED[mode].sources),
        tuple(mode for mode in mine if mode in declared),
        freshness_view(core, now),
    )


def notices(core: Core, now: Instant, time: SiteTime) -> tuple[Notice, ...]:
    """What every screen says of the mode, the strictest first; nothing while all is well."""
    declared, said = core.state.modes.declared, []
    if "locked_down" in declared:
        said.append(Notice(Phrase("Locked down: emergencies only. {why}", why=declared["locked_down"].reason), is_stop=True))
    if "critical_override" in declared:
        why = _why(core, declared["critical_override"])
        said.append(Notice(Phrase("Critical override: everything may be had without an order. {why}", why=why), is_stop=False))
    if core.state.modes.down_since:
        known = last_known(freshness.heard_until(core.scene, now), now, time)
        said.append(Notice(Phrase("Downtime: staff, orders and formulary as last known at {time}.", time=known), is_stop=False))
    return tuple(said)


def last_known(known: str, now: Instant, time: SiteTime) -> str:
    """A moment in the site's time; with its day where that is not today."""
    return time.clock(known) if now.utc - parse_utc(known) < time.DAY else time.moment(known)


def stale_orders(core: Core, now: Instant, time: SiteTime) -> str:
    """`Last known at 02:10`, where a patient's orders are older than policy lets pass in silence; else empty."""
    if not freshness.is_stale(core.scene, now):
        return ""
    return Phrase("Last known at {time}", time=last_known(freshness.as_of(core.scene, now, freshness.ORDERS), now, time))


def _why(core: Core, one: Declared) -> str:
    """What somebody gave as the reason; what the cabinet began by itself is said in the reader's words."""
    after_min = core.world.policy.downtime.critical_after_min
    return one.reason if one.staff else Phrase("The pharmacy has not been heard for {number} minutes.", number=after_min)


def _name(core: Core, staff: str | None) -> str:
    person = core.scene.staff(staff)
    return (staff or "") if person is None else person.name
