"""What a walk finds: verdicts, the ways of failing with a remedy each, and the notes that are taken of them.

Alone knows: the codes of a walk, and what to do about each. Must not know: how any part is proven, or how a finding is shown.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from cabinet.workbench.bench import Json
from cabinet.workbench.hand import Hand

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
LOOK_S = 0.2

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
    "reader.deaf": "Hold the badge closer and longer; check that it is of the sort that the site names, and the reader's cable.",
    "scanner.deaf": "See that it is in serial mode and on this line; then scan again.",
    "scanner.set_wrongly": "Set it to send the AIM prefix, the separator (GS) and CR at the end: docs/wire/scanner.md.",
}
"""What to do about each way of failing."""

Tell = Callable[[Json], None]


@dataclass(frozen=True)
class Part:
    """What is proven: its channel or board, which sort of part it is, and where."""

    channel: str
    sort: str
    place: str


@dataclass(frozen=True)
class Verdict:
    """What came of it: a code of REMEDIES where it failed, and what was seen."""

    code: str = ""
    detail: str = ""
    is_skipped: bool = False


@dataclass
class Notes:
    """The channels with their verdicts, in the order of the walk. `tell` hears of each as it is noted."""

    tell: Tell
    hand: Hand
    rows: list[Json] = field(default_factory=list)

    def write(self, part: Part, verdict: Verdict) -> None:
        """Note one verdict, and tell of it."""
        word = SKIPPED if verdict.is_skipped else FAILED if verdict.code else PASSED
        row = {"channel": part.channel, "part": part.sort, "place": part.place, "verdict": word}
        self.rows.append(row | {"code": verdict.code, "detail": verdict.detail})
        self.tell(self.rows[-1] | {"remedy": REMEDIES[verdict.code]})

    async def is_to_go_again(self, part: Part, verdict: Verdict) -> bool:
        """Whether whoever stands there puts right what did not pass, and has it tried again."""
        seen = " ".join(filter(None, (verdict.detail and f"{verdict.detail}.", REMEDIES[verdict.code])))
        return bool(verdict.code) and await self.hand.again(f"{part.place}, {part.sort} {part.channel}", seen)

    async def prove(self, part: Part, attempt: Callable[[], Awaitable[Verdict]]) -> None:
        """Try until it passes, is skipped, or nobody tries again; then note it."""
        while await self.is_to_go_again(part, verdict := await attempt()):
            pass
        self.write(part, verdict)


async def within(limit_s: float, holds: Callable[[], Awaitable[bool]]) -> bool:
    """Whether something comes to hold in time."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + limit_s
    while not await holds():
        if loop.time() > until_s:
            return False
        await asyncio.sleep(LOOK_S)
    return True
