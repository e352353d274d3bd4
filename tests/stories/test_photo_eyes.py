"""What photo-eyes see after an access, through the whole house."""

from pathlib import Path

import pytest

from cabinet.ports import StaleInput, WrongReply
from tests.stories.floor import open_floor
from tests.virtual import virtual


@virtual
async def test_nothing_is_seen_through_a_board_out_of_trust(tmp_path: Path) -> None:
    """It answers, and is not what it ought to be: its word would make a discrepancy with somebody's name on it."""
    async with open_floor(tmp_path) as floor:
        eye = next(iter(floor.core.world.layout.pocket_by_bin))
        assert [channel for channel, _ in await floor.hardware.look((eye,))] == [eye]
        for warden in floor.hardware.wardens.values():
            warden.rest()
        owner = next(owner for owner in floor.hardware.owners.values() if eye.board in owner.health.units)
        owner.health.mismatched(eye.board, WrongReply(eye.board, "another board answers"))
        with pytest.raises(StaleInput):
            await floor.hardware.look((eye,))
