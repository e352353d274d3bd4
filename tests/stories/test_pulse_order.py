"""A lock is pulsed within the round that made its intent durable: not before, not twice, and a fault of the order is told once."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from cabinet.domain import events
from cabinet.domain.facts import Draft, Entry, ReleaseIntended, ReleaseSettled
from cabinet.domain.vocabulary import BoardId
from cabinet.ports import WrongReply
from tests.stories.floor import Floor, open_floor
from tests.virtual import virtual

POCKET, LOCK = "m1-01", "locks-a:0"


def orders(floor: Floor) -> int:
    """How many unlocks were put on any line so far."""
    frames = floor.hardware.trace.after(0, floor.controller.clock)
    return sum(frame.is_ours and frame.data[1:3] == b"\x05\x02" for frame in frames)


@virtual
async def test_no_order_before_the_intent_is_durable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that takes its time keeps the lock shut; when it is done the order leaves, before anybody is answered."""
    async with open_floor(tmp_path) as floor:
        await floor.sign_in()
        is_let_go, append = asyncio.Event(), floor.shop.journal.append

        async def slow(drafts: Sequence[Draft]) -> tuple[Entry, ...]:
            await is_let_go.wait()
            return await append(drafts)

        monkeypatch.setattr(floor.shop.journal, "append", slow)
        before = orders(floor)
        asking = asyncio.ensure_future(floor.count(POCKET))
        await asyncio.sleep(5)
        assert orders(floor) == before
        is_let_go.set()
        await asking
        assert orders(floor) == before + 1
        await asyncio.sleep(5)
        assert floor.pulses(LOCK) == [0.3]


@virtual
async def test_an_order_refused_on_the_spot_is_one_failed_pulse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A board that lost its trust between the asking and the order is ordered nothing, and the intent has one outcome, at once."""
    async with open_floor(tmp_path) as floor:
        await floor.sign_in()
        heard, post = list[events.Event](), floor.controller.post

        def hear(event: events.Event) -> None:
            heard.append(event)
            post(event)

        monkeypatch.setattr(floor.controller, "post", hear)
        distrust(floor, BoardId("locks-a"))
        access = await floor.count(POCKET, 0.5)
        assert not isinstance(access, str)
        failed = [event for event in heard if isinstance(event, events.PulseFailed)]
        assert [(event.code, event.moved) for event in failed] == [("device.quarantined", False)]
        assert len(floor.new(ReleaseIntended)) == len(floor.new(ReleaseSettled)) == 1
        assert floor.pulses(LOCK) == []


def distrust(floor: Floor, board: BoardId) -> None:
    """It is out of trust, and the cabinet was not told yet."""
    for warden in floor.hardware.wardens.values():
        warden.rest()
    owner = next(owner for owner in floor.hardware.owners.values() if board in owner.health.units)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(floor.hardware, "distrusted", lambda *_: None)
        owner.health.mismatched(board, WrongReply(board, "another board answers"))
