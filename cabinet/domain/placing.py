"""Where things may stand: whether an item may be put into a pocket, and whether a whole cabinet is laid out well.

Alone knows: the rules of places (ISMP 2019, elements 4 and 5) and what stands next to what. Must not know: how a load goes, or files.

What would sooner or later be the wrong medicine in a hand is refused; what is only worse than it could be is cautioned against, since a
refusal at refill is a stock-out. A critical item's two ways are judged in `critical.py`.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from cabinet.domain.events import QuantityEntered
from cabinet.domain.formulary import Item, Population
from cabinet.domain.kinds import row_of
from cabinet.domain.layout import Drawer, Layout, Pocket
from cabinet.domain.phrase import Phrase, counted
from cabinet.domain.place import Caution, Level, PlacingRules
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.vocabulary import ItemId, PocketId
from cabinet.domain.world import World

Verdict = Refusal | Caution

OF_UNITS = frozenset({"place.capacity", "place.short_dated"})
"""Cautions about what is put in; the others are about the place, and were heard when the item was given it."""


def judge_load(
    scene: Scene, pocket: Pocket, item: Item, *, today: str, units: int = 0, expiry: str | None = None
) -> tuple[Verdict, ...]:  # fmt: skip
    """All that speaks against putting `units` of an item, to be used by `expiry`, into a pocket; refusals first."""
    lines, rules = scene.state.lines, scene.world.policy.placing
    line = lines.get(pocket.id)
    held = {PocketId(one): scene.world.formulary[ItemId(it.item)] for one, it in lines.items() if it.item in scene.world.formulary}
    found: list[Verdict] = []
    if line is not None and line.item != item.id and line.units:
        other = held.get(pocket.id)
        found.append(Refusal("place.occupied", line.item if other is None else other.title))
    found += judge_place(scene.world.layout, held, pocket, item, rules)
    if expiry is not None:
        found += _judge_expiry(expiry, today, rules)
    there = line.units if line is not None and line.item == item.id else 0
    if pocket.capacity is not None and there + units > pocket.capacity:
        found.append(Caution("place.capacity", f"{pocket.capacity}"))
    return tuple(sorted(found, key=lambda one: isinstance(one, Caution)))


def first_refusal(verdicts: tuple[Verdict, ...]) -> Refusal | None:
    """What stops a load, if anything does."""
    return next((one for one in verdicts if isinstance(one, Refusal)), None)


def judge_units(scene: Scene, access: Access, entered: QuantityEntered) -> Refusal | None:
    """What speaks against putting in so many, or what expires so soon, until the person who does so says that they were told.

    It stops nobody: a refusal at refill would be a stock-out. What goes back to its pocket came from there.
    """
    told = [one for one in _of_units(scene, access, entered) if one.code not in entered.acknowledged]
    return Refusal(told[0].code, told[0].detail) if told else None


def acknowledged(scene: Scene, access: Access, entered: QuantityEntered) -> list[str]:
    """The codes of what a person was told and did all the same; what does not apply is no word of theirs."""
    return [one.code for one in _of_units(scene, access, entered) if one.code in entered.acknowledged]


def _of_units(scene: Scene, access: Access, entered: QuantityEntered) -> list[Caution]:
    kind, pocket = row_of(access), scene.world.layout.pockets.get(PocketId(access.pocket))
    if pocket is None or not entered.units or not kind.wants_lot or kind.undoes_withdrawal or access.confirmed is not None:
        return []
    expiry = entered.expiry or (None if access.scan is None else access.scan.expiry)
    found = judge_load(scene, pocket, scene.item_of(access), today=access.asked_at[:10], units=entered.units, expiry=expiry)
    return [one for one in found if isinstance(one, Caution) and one.code in OF_UNITS]


def shown(scene: Scene, access: Access) -> tuple[str, ...]:
    """What whoever fills a pocket is cautioned against: too many, short-dated; at a load also what stands beside it.

    Before the count is in nothing is said of how much fits: asking again and again would tell the balance.
    """
    kind, pocket = row_of(access), scene.world.layout.pockets.get(PocketId(access.pocket))
    if pocket is None or not (kind.wants_lot and kind.opens) or access.phase == "cancelled":
        return ()
    scanned = None if access.scan is None else access.scan.expiry
    expiry = access.touched[0].expiry if access.touched else scanned
    found = judge_load(
        scene, pocket, scene.item_of(access), today=access.asked_at[:10], units=access.units if access.confirmed is None else 0,
        expiry=expiry,
    )  # fmt: skip
    is_counted = access.counted is not None or access.confirmed is not None
    cautions = [one for one in found if isinstance(one, Caution) and (is_counted or one.code != "place.capacity")]
    return tuple(one.sentence for one in cautions if kind.assigns or one.code in OF_UNITS)


def judge_site(world: World) -> Iterator[tuple[PocketId, Verdict]]:
    """All that speaks against how a cabinet is laid out by its site's file."""
    pockets = world.layout.pockets.values()
    held = {pocket.id: world.formulary[pocket.item] for pocket in pockets if pocket.item in world.formulary}
    for pocket in pockets:
        if pocket.id in held:
            for verdict in judge_place(world.layout, held, pocket, held[pocket.id], world.policy.placing):
                yield pocket.id, verdict


def judge_place(layout: Layout, held: Mapping[PocketId, Item], pocket: Pocket, item: Item, rules: PlacingRules) -> list[Verdict]:
    """All that speaks against an item standing in a pocket, whatever stands there now; `held` is what stands in the others."""
    drawer = layout.drawer_of(pocket)
    found: list[Verdict] = []
    if pocket.lid is None:
        if item.is_controlled:
            found.append(Refusal("place.controlled"))
        if item.is_paralytic:
            found.append(Refusal("place.paralytic"))
        elif item.is_high_alert:
            found += _at(rules.high_alert, "place.high_alert", "")
    if item.is_refrigerated and not drawer.is_fridge:
        found.append(Caution("place.room", counted(item.room_days, "{n} day", "{n} days")) if item.room_days else Refusal("place.cold"))
    for beside in neighbours(drawer, pocket):
        other = held.get(beside.id)
        if other is not None and other.id != item.id:
            found += _judge_neighbour(pocket, item, beside, other, rules)
    return found


def _judge_neighbour(pocket: Pocket, item: Item, beside: Pocket, other: Item, rules: PlacingRules) -> list[Verdict]:
    where = Phrase("{item} in {pocket}", item=other.title, pocket=beside.id)
    if item.generic == other.generic and {item.population, other.population} == {Population.ADULT, Population.PAEDIATRIC}:
        return [Refusal("place.population", where)]
    if other.id in item.look_alikes or item.id in other.look_alikes:
        is_lidded = pocket.lid is not None and beside.lid is not None
        level = Level.WARN if is_lidded and rules.look_alikes is Level.REFUSE else rules.look_alikes
        return _at(level, "place.look_alike", where)
    return []


def _at(level: Level, code: str, detail: str) -> list[Verdict]:
    if level is Level.ALLOW:
        return []
    return [Refusal(code, detail) if level is Level.REFUSE else Caution(code, detail)]


def _judge_expiry(expiry: str, today: str, rules: PlacingRules) -> list[Verdict]:
    if expiry < today:
        return [Refusal("place.expired", expiry)]
    horizon = (date.fromisoformat(today) + timedelta(days=rules.short_dated_days)).isoformat()
    return [Caution("place.short_dated", expiry)] if expiry < horizon else []


def neighbours(drawer: Drawer, pocket: Pocket) -> list[Pocket]:
    """The pockets that touch one, by a side or a corner: rows of `columns` from the left, or one row in the order of the file."""
    columns = drawer.columns or len(drawer.pockets)
    row, column = divmod(drawer.pockets.index(pocket), columns)
    found = []
    for number, other in enumerate(drawer.pockets):
        at, along = divmod(number, columns)
        if other is not pocket and abs(at - row) <= 1 and abs(along - column) <= 1:
            found.append(other)
    return found
