"""A board is replaced by another of its model: taken in at the bench before its channels are walked.

Alone knows: in which order a new board becomes the old one. Must not know: how its address is written, or what proves its channels.
"""

import asyncio
from collections.abc import Awaitable, Callable

from cabinet.workbench.bench import Bench, Json, boards_of

FACTORY = 1
TRUSTED_WITHIN_S = 30.0
LOOK_S = 0.2
RESTART = "It takes its new address with its next start. Take its power off and on again. Is that done?"
SWITCH = "Take the power off the line, take the old {board} out, put the new one in, and switch it on again."

Confirm = Callable[[str], Awaitable[bool]]


class NotReplaced(Exception):
    """The new board is not what it must be; says how."""


async def take_in(bench: Bench, board: str, tell: Callable[[str], None], confirm: Confirm) -> None:
    """See the new board at its place: address set, model right, settings checked. Raises NotReplaced, Refused, Unreachable."""
    (old,) = boards_of(await bench.picture(), [board])
    await bench.take()
    tell(SWITCH.format(board=board))
    if not await confirm("Is the new board in?"):
        raise NotReplaced("nothing was done")
    await bench.take()
    await _address(bench, old, tell, confirm)
    told = await bench.identify(board)
    await _trusted(bench, board)
    tell(f"{board}: {' '.join(filter(None, (told['maker'], told['told'], told['firmware'], told['serial'])))}")


async def _trusted(bench: Bench, board: str) -> None:
    """Return once the cabinet believes the board again: switched off, its settings checked, some clean readings."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + TRUSTED_WITHIN_S
    while board in (await bench.picture())["failures"]:
        if loop.time() > until_s:
            raise NotReplaced(f"{board} answers, and does not pass its check: its outputs' modes or settings are not what they must be")
        await asyncio.sleep(LOOK_S)


async def _address(bench: Bench, old: Json, tell: Callable[[str], None], confirm: Confirm) -> None:
    """Bring the board from the factory's address to that of the old one, unless it is there already."""
    here = await bench.probe(old["bus"], old["address"])
    if here["answer"] == "silent" and old["address"] != FACTORY:
        tell(f"nobody answers at {old['address']}; looking for a new board at {FACTORY}")
        here = await bench.move(old["bus"], FACTORY, old["address"])
        if here["answer"] == "restart":
            await confirm(RESTART)
            here = await bench.probe(old["bus"], old["address"])
        tell(f"its address is {old['address']} now")
    if here["answer"] == "garbled":
        raise NotReplaced(f"two boards seem to answer at {old['address']}: take the old one off the line")
    if old["model"] not in here["models"]:
        raise NotReplaced(f"{' or '.join(here['models']) or 'an unknown board'} answers, and the site names a {old['model']}")
