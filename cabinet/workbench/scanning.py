"""Who answers on a line, beside what the site says: scan, identify and read for all boards at once.

Alone knows: what a difference between site and line means. Must not know: how an address is tried.
"""

from collections.abc import AsyncIterator, Awaitable, Iterable

from cabinet.workbench.bench import Bench, Json, Refused, boards_of

FACTORY = 1


async def scan_line(bench: Bench, picture: Json, bus: str, addresses: Iterable[int]) -> AsyncIterator[Json]:
    """Every address at which somebody answers or ought to, as it is tried."""
    meant = {board["address"]: board for board in picture["boards"] if board["bus"] == bus}
    for address in addresses:
        probe = await bench.probe(bus, address)
        board = meant.get(address)
        if probe["answer"] == "silent" and board is None:
            continue
        verdict, is_wrong = _judge(probe, board)
        yield {"bus": bus, **probe, "board": board and board["board"], "verdict": verdict, "is_wrong": is_wrong}


def _judge(probe: Json, board: Json | None) -> tuple[str, bool]:
    models = " or ".join(probe["models"]) or "no known model"
    if probe["answer"] == "garbled":
        return f"two boards at one address? {probe['detail']}", True
    if probe["answer"] == "silent":
        return "the site file names a board here, and nobody answers", True
    if board is None:
        new = ": a new board? `adc hw address`" if probe["address"] == FACTORY else ""
        return f"{models}, which the site file does not name{new}", True
    if board["model"] not in probe["models"]:
        return f"{models}, where the site file says {board['model']}", True
    return board["title"], False


async def identify_all(bench: Bench, boards: tuple[str, ...]) -> list[Json]:
    """Who each board says that it is; `fault` where it did not say."""
    return [await _asked(board, bench.identify(board["board"])) for board in await _wanted(bench, boards)]


async def read_all(bench: Bench, boards: tuple[str, ...]) -> list[Json]:
    """What each board tells; `fault` where it did not."""
    return [await _asked(board, bench.read(board["board"])) for board in await _wanted(bench, boards)]


async def _wanted(bench: Bench, boards: tuple[str, ...]) -> list[Json]:
    picture = await bench.picture()
    found: list[Json] = boards_of(picture, boards) if boards else picture["boards"]
    return found


async def _asked(board: Json, asking: Awaitable[Json]) -> Json:
    try:
        return board | await asking
    except Refused as refused:
        if refused.code.startswith(("session.", "policy.", "service.")):
            raise
        return board | {"fault": f"{refused.sentence} ({refused.code})"}
