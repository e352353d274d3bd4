"""A shift in which people miscount: slips are planted, and each is looked for once the drawer is shut.

Alone knows: which slips people make, how often, and when one counts as settled. Must not know: how the cabinet finds them.

The mix is an assumption, for no product publishes one: of 100 miscounts 45 are numbers mistyped at a count, 25 are counts off by one, 20
are one more taken than stated, and 10 are taken from the pocket beside. Vendors name these causes without their shares (domain reference
2.12). So are the people: who is asked to count again repeats a mistyped number in 5 of 100 cases and a misread one in 15; three of ten
notice by themselves, at the question how many they took, that it was one more; who is asked once more, because a sensor speaks against
their word, looks into their hand in 9 of 10 cases, and else says the same again. Where a scan of the package spares the touch that says
how many were taken, half of them scan; whom the scanner tells that it is another item looks into their hand as often. Slips with a count
fall on controlled pockets, half of the others on pockets without any sensor that tells.

Settled before the drawer closes: when the access is over, what lies in every pocket of that drawer is what the record says (of a volume:
within what its item allows, for nobody reads a bottle to the drop), and no discrepancy was recorded.
"""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from cabinet.domain import events
from cabinet.domain.layout import Pocket
from cabinet.domain.package.code import keys_of
from cabinet.domain.placing import neighbours
from cabinet.domain.state import Access
from cabinet.domain.vocabulary import AccessId, ItemId, PocketId, ScannedCode, Units
from cabinet.rehearsal.actor import Actor, Errand
from cabinet.rehearsal.stage import Stage


class Slip(StrEnum):
    """What a person does wrong, without knowing."""

    TYPED = "mistyped a count"
    MISCOUNTED = "miscounted by one"
    TOOK_MORE = "took one more than stated"
    NEIGHBOUR = "took from the pocket beside"


SHARES = {Slip.TYPED: 45, Slip.MISCOUNTED: 25, Slip.TOOK_MORE: 20, Slip.NEIGHBOUR: 10}
REPEATS = {Slip.TYPED: 0.05, Slip.MISCOUNTED: 0.15}
"""How often the same wrong number is counted again."""

NOTICES, LOOKS = 0.3, 0.9
"""How often a person sees by themselves that they took one more; and how often one who is asked once more looks."""

SCANS = 0.5
"""How often a person holds the package to the scanner where that spares them a touch."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One slip, and what came of it. `is_sensed`: its pocket stands on a scale."""

    slip: Slip
    pocket: str
    is_sensed: bool
    is_settled: bool


@dataclass(frozen=True, slots=True)
class Shift:
    """What came of a shift: the slips, how many accesses had none, and how many of these were asked once more in vain."""

    planted: list[Planted]
    honest: int
    disturbed: int

    def share(self, *slips: Slip) -> float:
        """Which share of these slips (none named: of all) was settled before the drawer closed."""
        meant = [one for one in self.planted if not slips or one.slip in slips]
        return sum(one.is_settled for one in meant) / len(meant) if meant else 1.0


class Careless(Actor):
    """A person who slips where `slip` says so, and is honest otherwise."""

    def __init__(self, stage: Stage, badge: str, chance: Random) -> None:
        super().__init__(stage, badge)
        self._dice = chance
        self._slip: Slip | None = None
        self._wrong: int | None = None

    async def do(self, errand: Errand, slip: Slip | None) -> Access:
        """See one access through, with a slip in it or none."""
        self._slip, self._wrong = slip, None
        outcome = await self.run(errand)
        assert outcome.access is not None, outcome.refusal
        return outcome.access

    async def _move(self, access: Access, errand: Errand) -> None:
        """The hand leaves the pocket before it touches the screen: whoever states a number has let go of the pieces."""
        await self._pause(0.8, 2.0)
        is_first = access.confirmed is None
        said = self._take(access, errand) if is_first else self._again(access, errand)
        await self._pause(0.5, 1.2)
        if is_first and said == access.units and await self._scans(access, errand):
            return
        now = self._stage.house.controller.clock.now()
        await self._say(events.QuantityEntered(now, self._session, AccessId(access.id), Units(said), errand.lot, errand.expiry))

    def _found(self, access: Access) -> int:
        right = super()._found(access)
        if self._slip not in REPEATS:
            return right
        if access.attempts == 0:
            self._wrong = _mistyped(right, self._dice) if self._slip is Slip.TYPED else _misread(right, self._dice)
            return self._wrong
        return self._wrong if self._wrong is not None and self._dice.random() < REPEATS[self._slip] else right

    def _take(self, access: Access, errand: Errand) -> int:
        hand = self._stage.bench.hand
        if self._slip is Slip.TOOK_MORE:
            really = hand.take(access.pocket, errand.units + 1)
            return really if self._dice.random() < NOTICES else errand.units
        if self._slip is Slip.NEIGHBOUR:
            return hand.take(self._beside(access).id, errand.units)
        return super()._take(access, errand)

    def _again(self, access: Access, errand: Errand) -> int:
        said = super()._again(access, errand)
        if self._dice.random() >= LOOKS:
            return said
        if self._slip is Slip.TOOK_MORE:
            return errand.units + 1
        if self._slip is Slip.NEIGHBOUR:
            self._again_right(access, errand)
            return errand.units
        return said

    async def _scans(self, access: Access, errand: Errand) -> bool:
        """Hold one of them to the scanner, and put back what turns out to be another item; whether nothing is left to be said."""
        if not self._stage.house.core.world.policy.custody.scan_confirms or self._dice.random() >= SCANS:
            return False
        in_hand = self._beside(access).id if self._slip is Slip.NEIGHBOUR else PocketId(access.pocket)
        if await self._show(access, in_hand) and self._dice.random() < LOOKS:
            self._again_right(access, errand)
            await self._pause(0.8, 2.0)
            await self._show(access, PocketId(access.pocket))
        return access.confirmed is not None

    async def _show(self, access: Access, pocket: PocketId) -> bool:
        """Hold a package of what lies in a pocket to the scanner; whether it was refused."""
        core, controller = self._stage.house.core, self._stage.house.controller
        item = core.world.formulary[ItemId(core.state.lines[pocket].item)]
        code = ScannedCode("code128", "", ndc=min(keys_of(item.ndc)).removeprefix("ndc:"))
        shown = events.PackageShown(controller.clock.now(), self._session, AccessId(access.id), code)
        return await controller.ask(shown) is not None

    def _again_right(self, access: Access, errand: Errand) -> None:
        """Back with it, and the right ones taken."""
        hand = self._stage.bench.hand
        hand.put(self._beside(access).id, errand.units)
        hand.take(access.pocket, errand.units)

    def _beside(self, access: Access) -> Pocket:
        return beside(self._stage, access.pocket)


def beside(stage: Stage, pocket: str) -> Pocket:
    """The pocket that a hand strays into."""
    layout, lines = stage.house.core.world.layout, stage.house.core.state.lines
    own = layout.pockets[PocketId(pocket)]
    return next(one for one in neighbours(layout.drawer_of(own), own) if one.id in lines and lines[one.id].units)


def _mistyped(right: int, dice: Random) -> int:
    """A digit struck wrongly, left out, doubled, or two that changed places."""
    digits = str(right)
    place = dice.randrange(len(digits))
    key = dice.choice([each for each in "0123456789" if each != digits[place]])
    found = [digits[:place] + key + digits[place + 1 :], digits[: place + 1] + digits[place:], digits[:place] + digits[place + 1 :] or "0"]
    if len(digits) > 1:
        found.append(digits[::-1] if len(digits) == len("10") else digits[1] + digits[0] + digits[2:])
    wrong = [int(each) for each in found if int(each) != right]
    return dice.choice(wrong)


def _misread(right: int, dice: Random) -> int:
    return right + (1 if right == 0 or dice.random() < 0.5 else -1)  # noqa: PLR2004 - a coin


async def shift(stage: Stage, dice: Random, *, slips: int, honest: int, counted: tuple[str, ...], free: tuple[str, ...]) -> Shift:
    """Play a shift of `slips` accesses with a slip and `honest` without, at pockets that are `counted` and that are `free`."""
    plan: list[Slip | None] = [*_drawn(slips, dice), *([None] * honest)]
    dice.shuffle(plan)
    planted, disturbed = [], 0
    for slip in plan:
        pocket = dice.choice(free if slip is Slip.NEIGHBOUR or (slip is Slip.TOOK_MORE and dice.random() < 0.5) else counted)  # noqa: PLR2004 - half
        await _fill(stage, pocket)
        before = len(stage.house.core.state.discrepancies)
        person = Careless(stage, "1001", dice)
        await person.sign_in()
        await asyncio.sleep(3.0)
        units = dice.choice((1, 1, 2))
        patient = dice.choice(list(stage.house.core.world.patients))
        access = await person.do(Errand("withdraw", units, pocket=pocket, patient=patient), slip)
        await person.sign_out()
        is_settled = len(stage.house.core.state.discrepancies) == before and not _differs(stage, pocket)
        if slip is None:
            disturbed += access.doubts > 0 or access.attempts > 1
            assert is_settled, f"{access.id} was honest"
        else:
            on_scale = stage.house.core.world.layout.pockets[PocketId(pocket)].weighed is not None
            planted.append(Planted(slip, pocket, on_scale, is_settled))
        await _set_right(stage, pocket)
    return Shift(planted, honest, disturbed)


def _drawn(slips: int, dice: Random) -> list[Slip]:
    """So many slips in their shares; what is left over by rounding is drawn."""
    drawn = [slip for slip, share in SHARES.items() for _ in range(slips * share // 100)]
    return drawn + dice.choices(list(SHARES), weights=list(SHARES.values()), k=slips - len(drawn))


def _differs(stage: Stage, pocket: str) -> list[str]:
    """The pockets of this drawer of which plant and record do not say the same."""
    layout, lines = stage.house.core.world.layout, stage.house.core.state.lines
    drawer = layout.drawer_of(layout.pockets[PocketId(pocket)])
    formulary = stage.house.core.world.formulary

    def is_off(one: PocketId) -> bool:
        line = lines[one]
        allowed = formulary[ItemId(line.item)].variance_units if line.count_mode == "volume" else 0
        return abs(stage.bench.plant.pieces(one) - line.units) > allowed

    return [one.id for one in drawer.pockets if one.id in lines and is_off(one.id)]


async def _fill(stage: Stage, pocket: str) -> None:
    """A technician brings what the next few accesses may take."""
    line = stage.house.core.state.lines[pocket]
    if line.units < 6:  # noqa: PLR2004 - two visits' worth
        units = line.par - line.units
        sheet = await stage.sheet_for(pocket, units, "1201") if units > 0 else None
        await _visit(stage, "1201", Errand("refill", units, pocket=pocket, lot="STUDY", expiry="2031-01-31", sheet=sheet))


async def _set_right(stage: Stage, pocket: str) -> None:
    """Somebody counts what is still wrong, so that one slip is never measured twice."""
    for one in _differs(stage, pocket):
        await _visit(stage, "1003", Errand("count", 0, pocket=one))


async def _visit(stage: Stage, badge: str, errand: Errand) -> None:
    person = Actor(stage, badge)
    await person.sign_in()
    await asyncio.sleep(3.0)
    await person.run(errand)
    await person.sign_out()
