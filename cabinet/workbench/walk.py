"""The walk: every channel of a cabinet is moved once and watched, before anybody relies on it.

Alone knows: what proves a lock, its contact, a photo-eye, a light and a scale, and what each way of failing speaks for.
Must not know: how boards are reached, who stands at the cabinet, or how a result is shown.

One lock is pulsed at a time; exactly its own contact must change, and change back when it is shut. Another that moves speaks for swapped
wires or for two boards at one address; one that reads open while it is shut speaks for a contact of the other polarity.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from cabinet.workbench.bench import Bench, Json, Refused
from cabinet.workbench.hand import Hand

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
SHUT_WITHIN_S = 10.0
EYE_WITHIN_S = 3.0
OTHERS_S = 0.8
"""Photo-eyes are read less often than doors: by then a wrong one has been seen to change."""
LOOK_S = 0.2
LIGHT_S = 4.0
LISTENED = ("reader", "scanner")
"""Kinds of board that no channel of a cabinet hangs on: a badge and a package at the kiosk prove them."""
WEIGH_WITHIN_S = 6.0
OFF_PERMILLE = 20
OFF_DIVISIONS = 5

REMEDIES = {
    "": "",
    "board.silent": "Check its power, its address and its cable; `adc hw scan` shows who answers.",
    "board.duplicate": "Take one board after the other off the line until the answers are right; then give each its own address.",
    "board.other": "Another model is fitted than the site file names; write the right one there.",
    "lock.polarity": "Its contact says open while it is shut: turn its polarity in the site file, or the wires of its contact.",
    "lock.dead": "Measure the coil's voltage during the pulse; then look for a sticking bolt.",
    "lock.swapped": "Swap the two wires, or the two channels in the site file, and walk both again.",
    "lock.other_moved": "Two locks hang on one output, or two boards have one address: `adc hw scan`.",
    "lock.blind": "It opened and its contact did not: look for a cut wire or a contact that is out of reach.",
    "lock.does_not_latch": "Push it until the bolt catches; then adjust striker or contact.",
    "lock.refused": "Follow what the cabinet says, then walk this drawer again.",
    "bin.dead": "Clean the photo-eye; check its wire and its channel in the site file.",
    "bin.swapped": "Swap the two photo-eyes' wires, or their channels in the site file.",
    "light.dark": "Check the lamp and its channel in the site file.",
    "scale.off": "Check that this scale is under this pocket; then calibrate it.",
    "scale.silent": "Check its power, its address and its cable.",
}
"""What to do about each way of failing."""

Tell = Callable[[Json], None]


@dataclass
class Walk:
    """One technician's way through a cabinet. `tell` hears of every channel as it is done."""

    bench: Bench
    hand: Hand
    tell: Tell
    scope: str = ""
    _done: list[Json] = field(default_factory=list)

    async def run(self) -> list[Json]:
        """Walk; the channels with their verdicts, in the order of the walk. Raises Refused, Unreachable."""
        picture = await self.bench.take()
        await self._boards(picture)
        drawers = list(dict.fromkeys(lock["drawer"] for lock in picture["locks"]))
        for drawer in drawers:
            await self.bench.take()  # the policy's time afresh: a large cabinet takes longer than it grants at once
            await self._drawer(picture, drawer)
        return self._done

    def _note(self, channel: str, part: str, place: str, code: str = "", detail: str = "", *, is_skipped: bool = False) -> None:
        verdict = SKIPPED if is_skipped else FAILED if code else PASSED
        told = {"channel": channel, "part": part, "place": place, "verdict": verdict, "code": code, "detail": detail}
        self._done.append(told)
        self.tell(told | {"remedy": REMEDIES[code]})

    def _is_in_scope(self, *channels: str | None) -> bool:
        return not self.scope or any(channel is not None and channel.partition(":")[0] == self.scope for channel in channels)

    async def _boards(self, picture: Json) -> None:
        """Each board says who it is; one that cannot be understood may be two."""
        for board in picture["boards"]:
            if board["kind"] in LISTENED or not self._is_in_scope(board["board"]):
                continue
            place = f"{board['bus']}, address {board['address']}"
            code, detail = await self._who(board)
            self._note(board["board"], "board", place, code, detail)

    async def _who(self, board: Json) -> tuple[str, str]:
        """Who answers for a board: a code where it is nobody, more than one, or somebody else, and what was heard."""
        try:
            probe = await self.bench.probe(board["bus"], board["address"])
            if probe["answer"] != "answers":
                return ("board.duplicate" if probe["answer"] == "garbled" else "board.silent"), probe["detail"]
            if board["model"] not in probe["models"]:
                return "board.other", f"{', '.join(probe['models']) or 'a board of no known model'} answers"
            told = await self.bench.identify(board["board"])
        except Refused as refused:
            return "board.silent", refused.sentence
        return "", " ".join(filter(None, (told["maker"], told["told"], told["firmware"])))

    async def _drawer(self, picture: Json, drawer: str) -> None:
        """The drawer's own lock, and while it stands open everything in it; then it is shut and must be seen so."""
        locks = [lock for lock in picture["locks"] if lock["drawer"] == drawer]
        pockets = [pocket for pocket in picture["pockets"] if pocket["drawer"] == drawer]
        outer, lids = locks[0], {lock["pocket"]: lock for lock in locks[1:]}
        wanted = [lock for lock in locks if self._is_in_scope(lock["lock"], lock["closed"])]
        inside = [pocket for pocket in pockets if self._is_in_scope(pocket["bin"], pocket["light"], pocket["scale"])]
        if not wanted and not inside:
            return
        if await self._open(outer):
            for pocket in pockets:
                lid = lids.get(pocket["pocket"])
                if lid in wanted or pocket in inside:
                    await self._pocket(pocket, lid)
        await self._shut(outer)

    async def _pocket(self, pocket: Json, lid: Json | None) -> None:
        if lid is not None and not await self._open(lid):
            await self._shut(lid)
            return
        await self._light(pocket)
        await self._eye(pocket)
        await self._scale(pocket)
        if lid is not None:
            await self._shut(lid)

    # --- locks

    async def _open(self, lock: Json) -> bool:
        """Pulse a lock and judge what moved; whether it stands open, seen by its own contact and nobody else's."""
        where = lock["drawer"], lock["pocket"], lock["place"]
        if (await self._lock(lock["lock"]))["state"] == "open" and await self.hand.is_shut(*where):
            self._note(lock["lock"], "lock", lock["place"], "lock.polarity", f"{lock['closed']} reads open while it is shut")
            return False
        pulse = asyncio.create_task(self.bench.pulse(lock["lock"]))
        try:
            await asyncio.sleep(LOOK_S)
            await self.hand.pull(*where)
            result = await pulse
        except Refused as refused:
            self._note(lock["lock"], "lock", lock["place"], "lock.refused", refused.sentence)
            return False
        finally:
            pulse.cancel()
        code, detail = await self._judge(lock, result)
        if code:
            self._note(lock["lock"], "lock", lock["place"], code, detail)
        return not code

    async def _judge(self, lock: Json, result: Json) -> tuple[str, str]:
        """What a pulse that was looked at speaks for: a code, empty where all is well, and what was seen."""
        where = lock["drawer"], lock["pocket"], lock["place"]
        others = ", ".join(name for name, _, state in result["others"] if state == "open")
        really = await self.hand.others_open(*where)
        if lock["pocket"] is not None:
            really = tuple(place for place in really if place.startswith("lid of"))
        if result["outcome"] == "opened":
            if others or really:
                return "lock.other_moved", f"{others or ' and '.join(really)} opened as well"
            return "", ""
        if others:
            return "lock.swapped", f"the contact of {others} moved instead"
        if really:
            return "lock.swapped", f"{' and '.join(really)} opened instead"
        if await self.hand.is_shut(*where) is False:
            return "lock.blind", f"it opened, and {lock['closed']} did not change"
        return "lock.dead", "nothing moved"

    async def _shut(self, lock: Json) -> None:
        """Push it shut, and see its contact say so. The verdict of a lock that opened well is told here, for both halves are one proof."""
        await self.hand.push(lock["drawer"], lock["pocket"], lock["place"])
        is_latched = await _within(SHUT_WITHIN_S, lambda: self._stands(lock["lock"], "latched"))
        if any(done["channel"] == lock["lock"] and done["part"] == "lock" for done in self._done):
            return
        if is_latched:
            self._note(lock["lock"], "lock", lock["place"], detail=f"{lock['closed']} opened and closed with it")
        else:
            self._note(lock["lock"], "lock", lock["place"], "lock.does_not_latch", f"{lock['closed']} still says open")

    async def _stands(self, name: str, state: str) -> bool:
        return bool((await self._lock(name))["state"] == state)

    async def _lock(self, name: str) -> Json:
        return next(lock for lock in (await self.bench.picture())["locks"] if lock["lock"] == name)

    # --- what hangs on a pocket

    async def _light(self, pocket: Json) -> None:
        if pocket["light"] is None or not self._is_in_scope(pocket["light"]):
            return
        await self.bench.light(pocket["pocket"], LIGHT_S)
        await asyncio.sleep(LOOK_S)
        seen = await self.hand.is_lit(pocket["pocket"], pocket["place"])
        self._note(pocket["light"], "light", pocket["place"], "" if seen or seen is None else "light.dark", is_skipped=seen is None)

    async def _eye(self, pocket: Json) -> None:
        """What the eye sees changes when what lies there does, and no other eye's sight with it."""
        if pocket["bin"] is None or not self._is_in_scope(pocket["bin"]):
            return
        before = await self._eyes()
        name = pocket["pocket"]
        is_empty = await self.hand.flip_eye(name, pocket["place"])
        if is_empty is None:
            self._note(pocket["bin"], "bin", pocket["place"], is_skipped=True)
            return
        has_turned = before[name] is not is_empty and await _within(EYE_WITHIN_S, lambda: self._sees(name, is_empty=is_empty))
        await asyncio.sleep(OTHERS_S)
        others = [other for other, sight in (await self._eyes()).items() if other != name and sight != before[other]]
        await self.hand.put_back(name, pocket["place"])
        has_returned = await _within(EYE_WITHIN_S, lambda: self._all_see(before))
        if others:
            self._note(pocket["bin"], "bin", pocket["place"], "bin.swapped", f"the photo-eye of {', '.join(others)} changed")
        else:
            self._note(pocket["bin"], "bin", pocket["place"], "" if has_turned and has_returned else "bin.dead")

    async def _all_see(self, sights: dict[str, bool | None]) -> bool:
        return await self._eyes() == sights

    async def _eyes(self) -> dict[str, bool | None]:
        return {pocket["pocket"]: pocket["is_seen_empty"] for pocket in (await self.bench.picture())["pockets"]}

    async def _sees(self, pocket: str, *, is_empty: bool) -> bool:
        return (await self._eyes())[pocket] is is_empty

    async def _scale(self, pocket: Json) -> None:
        """A known mass makes the difference that it is."""
        if pocket["scale"] is None or not self._is_in_scope(pocket["scale"]):
            return
        try:
            before = await self._mass(pocket["scale"], "from_here")
            laid_mg = await self.hand.load(pocket["pocket"], pocket["place"])
            if laid_mg is None:
                self._note(pocket["scale"], "scale", pocket["place"], is_skipped=True)
                return
            after = await self._mass(pocket["scale"], "since")
            await self.hand.unload(pocket["pocket"], pocket["place"])
        except Refused as refused:
            self._note(pocket["scale"], "scale", pocket["place"], "scale.silent", refused.sentence)
            return
        self._note(pocket["scale"], "scale", pocket["place"], *_weighed(before, after, laid_mg))

    async def _mass(self, scale: str, change: str) -> Json:
        """A steady reading of a change, or the last one: what lies there is nobody's business here."""
        until_s = asyncio.get_running_loop().time() + WEIGH_WITHIN_S
        while True:
            reading = await self.bench.read(scale, change)
            if reading["is_steady"] or asyncio.get_running_loop().time() > until_s:
                return reading
            await asyncio.sleep(LOOK_S)


def _weighed(before: Json, after: Json, laid_mg: int) -> tuple[str, str]:
    if not (before["is_steady"] and after["is_steady"]):
        return "scale.off", "it did not come to rest"
    told_mg = after["mass_mg"]
    allowed_mg = max(OFF_DIVISIONS * after["division_mg"], laid_mg * OFF_PERMILLE // 1000)
    detail = f"{laid_mg / 1000:.2f} g laid on, {told_mg / 1000:.2f} g told"
    return ("" if abs(told_mg - laid_mg) <= allowed_mg else "scale.off"), detail


async def _within(limit_s: float, holds: Callable[[], Awaitable[bool]]) -> bool:
    """Whether something comes to hold in time."""
    loop: Any = asyncio.get_running_loop()
    until_s = loop.time() + limit_s
    while not await holds():
        if loop.time() > until_s:
            return False
        await asyncio.sleep(LOOK_S)
    return True
