"""What proves the parts of a pocket: its light burns, its photo-eye sees a change and no other does, its scale tells a known mass.

Alone knows: how long each takes to show, and by how much a scale may be off. Must not know: in which order pockets are walked.
"""

import asyncio
from dataclasses import dataclass

from cabinet.workbench.bench import Bench, Json, Refused
from cabinet.workbench.hand import Hand
from cabinet.workbench.proof.finding import LOOK_S, Part, Verdict, within

EYE_WITHIN_S = 3.0
OTHERS_S = 0.8
"""Photo-eyes are read less often than doors: by then a wrong one has been seen to change."""
LIGHT_S = 30.0
"""A person looks, and answers; then it is put out."""
OUT_S = 0.1
WEIGH_WITHIN_S = 6.0
OFF_PERMILLE = 20
OFF_DIVISIONS = 5
LEAST_DIVISIONS = 20
"""A smaller mass proves nothing: an empty scale would pass."""


def parts_of(pocket: Json) -> list[Part]:
    """What hangs on a pocket."""
    return [Part(pocket[sort], sort, pocket["place"]) for sort in ("light", "bin", "scale") if pocket[sort] is not None]


@dataclass
class PocketProof:
    """The parts of pockets, one at a time."""

    bench: Bench
    hand: Hand

    async def attempt(self, part: Part, pocket: Json) -> Verdict:
        """Try one part of a pocket that stands open."""
        tried = {"light": self._light, "bin": self._eye, "scale": self._scale}[part.sort]
        return await tried(pocket)

    async def _light(self, pocket: Json) -> Verdict:
        await self.bench.light(pocket["pocket"], LIGHT_S)
        await asyncio.sleep(LOOK_S)
        seen = await self.hand.is_lit(pocket["pocket"], pocket["place"])
        await self.bench.light(pocket["pocket"], OUT_S)
        return Verdict("light.dark" if seen is False else "", is_skipped=seen is None)

    async def _eye(self, pocket: Json) -> Verdict:
        """What the eye sees changes when what lies there does, and no other eye's sight with it."""
        before = await self._eyes()
        name = pocket["pocket"]
        is_empty = await self.hand.flip_eye(name, pocket["place"])
        if is_empty is None:
            return Verdict(is_skipped=True)
        has_turned = before[name] is not is_empty and await within(EYE_WITHIN_S, lambda: self._sees(name, is_empty=is_empty))
        await asyncio.sleep(OTHERS_S)
        others = [other for other, sight in (await self._eyes()).items() if other != name and sight != before[other]]
        await self.hand.put_back(name, pocket["place"])
        has_returned = await within(EYE_WITHIN_S, lambda: self._all_see(before))
        if others:
            return Verdict("bin.swapped", f"the photo-eye of {', '.join(others)} changed")
        return Verdict("" if has_turned and has_returned else "bin.dead")

    async def _all_see(self, sights: dict[str, bool | None]) -> bool:
        return await self._eyes() == sights

    async def _eyes(self) -> dict[str, bool | None]:
        return {pocket["pocket"]: pocket["is_seen_empty"] for pocket in (await self.bench.picture())["pockets"]}

    async def _sees(self, pocket: str, *, is_empty: bool) -> bool:
        return (await self._eyes())[pocket] is is_empty

    async def _scale(self, pocket: Json) -> Verdict:
        """A known mass makes the difference that it is."""
        try:
            before = await self._mass(pocket["scale"], "from_here")
            laid_mg = await self.hand.load(pocket["pocket"], pocket["place"])
            if laid_mg is None:
                return Verdict(is_skipped=True)
            after = await self._mass(pocket["scale"], "since")
            await self.hand.unload(pocket["pocket"], pocket["place"])
        except Refused as refused:
            return Verdict("scale.silent", refused.sentence)
        return _weighed(before, after, laid_mg)

    async def _mass(self, scale: str, change: str) -> Json:
        """A steady reading of a change, or the last one: what lies there is nobody's business here."""
        until_s = asyncio.get_running_loop().time() + WEIGH_WITHIN_S
        while True:
            reading = await self.bench.read(scale, change)
            if reading["is_steady"] or asyncio.get_running_loop().time() > until_s:
                return reading
            await asyncio.sleep(LOOK_S)


def _weighed(before: Json, after: Json, laid_mg: int) -> Verdict:
    if not (before["is_steady"] and after["is_steady"]):
        return Verdict("scale.off", "it did not come to rest")
    told_mg, least_mg = after["mass_mg"], LEAST_DIVISIONS * after["division_mg"]
    detail = f"{laid_mg / 1000:.2f} g laid on, {told_mg / 1000:.2f} g told"
    if laid_mg < least_mg:
        return Verdict("scale.off", f"{detail}; less than {least_mg / 1000:g} g proves nothing on this scale")
    allowed_mg = max(OFF_DIVISIONS * after["division_mg"], laid_mg * OFF_PERMILLE // 1000)
    return Verdict("" if abs(told_mg - laid_mg) <= allowed_mg else "scale.off", detail)
