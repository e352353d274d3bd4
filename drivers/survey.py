"""Looking for boards on a line: who answers at which address, and giving a board another one.

Alone knows: how a Modbus address is tried without setting anything in motion, and what speaks for several boards at one address.
Must not know: any model of board, or what a site expects to find.

Boards at one address answer together, and what they say is OR-ed on the wire (Modbus over Serial Line V1.02, 2.2: an address is unique).
A check sum then fails, unless both say the very same; that is why a walk through the cabinet looks at every door besides.
"""

from dataclasses import dataclass

from cabinet.ports import DeviceRefused, GarbledReply, NoReply, WrongReply
from drivers.bus import reading_inputs, reading_registers, registers, writing_register
from drivers.exchange import Question, Rank
from drivers.health import STRANGER
from drivers.owner import Owner

SILENT, ANSWERS, GARBLED = "silent", "answers", "garbled"
_LOOKS = 3


@dataclass(frozen=True, slots=True)
class Echo:
    """What came back from one address, and in words what spoke for it."""

    answer: str
    detail: str = ""


def stranger(bus: str) -> str:
    """The name under which whoever is on a line is asked without being anybody of the site."""
    return f"{bus}{STRANGER}"


async def try_address(owner: Owner, address: int) -> Echo:
    """Ask an address for its inputs and a register: an exception is an answer too. Raises LineLost.

    A silent address is asked once, for silence costs the whole time-out; what answers is asked several times, for two that answer at once
    garble some of it.
    """
    where = stranger(owner.name)
    questions = (reading_inputs(where, address, 0, 8), reading_registers(where, address, 0, 1))
    heard: list[str] = []
    for look in range(_LOOKS):
        echo = await _try(owner, questions[look % 2])
        if echo == SILENT and not heard:
            return Echo(SILENT)
        heard.append(echo)
    if GARBLED in heard:
        return Echo(GARBLED, f"{heard.count(GARBLED)} of {_LOOKS} answers were damaged: two boards at one address, or a bad line")
    return Echo(ANSWERS, "" if SILENT not in heard else f"{heard.count(SILENT)} of {_LOOKS} questions were not answered")


async def _try(owner: Owner, question: Question) -> str:
    try:
        await owner.ask(question, Rank.REST)
    except NoReply:
        return SILENT
    except (GarbledReply, WrongReply):
        return GARBLED
    except DeviceRefused:
        return ANSWERS
    return ANSWERS


async def set_address(owner: Owner, register: int, source: int, target: int) -> bool:
    """Write an address by its owner's present one and read it back: whether it answers at the new one already.

    Some boards keep theirs until their next start, and say the new one meanwhile. Raises DeviceFault; sent once, never to everybody.
    """
    assert source > 0, "address 0 is everybody"
    where = stranger(owner.name)
    await owner.ask(writing_register(where, source, register, target), Rank.REST)
    for address in (target, source):
        try:
            (told,) = registers(await owner.ask(reading_registers(where, address, register, 1), Rank.REST, _LOOKS))
        except NoReply:
            continue
        if told != target:
            raise WrongReply(where, f"set to {target}, and says {told}", moved=True)
        return address == target
    raise NoReply(where, f"set to {target}, and answers neither there nor at {source}")
