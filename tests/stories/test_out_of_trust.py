"""What eyes and scales say on a board that is out of trust is held against nobody: through the whole house."""

from pathlib import Path

import pytest

from cabinet.domain.vocabulary import BoardId
from cabinet.ports import Quarantined, WrongReply
from tests.stories.floor import Floor, open_floor
from tests.virtual import virtual


def distrust(floor: Floor, board: BoardId) -> None:
    """It answers, and is not what it ought to be; nobody proves it again for now."""
    for warden in floor.hardware.wardens.values():
        warden.rest()
    owner = next(owner for owner in floor.hardware.owners.values() if board in owner.health.units)
    owner.health.mismatched(board, WrongReply(board, "another board answers"))


@virtual
async def test_no_photo_eye_is_believed(tmp_path: Path) -> None:
    """Its word would make a discrepancy with somebody's name on it."""
    async with open_floor(tmp_path) as floor:
        eye = next(iter(floor.core.world.layout.pocket_by_bin))
        assert [channel for channel, _ in await floor.hardware.look((eye,))] == [eye]
        distrust(floor, eye.board)
        with pytest.raises(Quarantined):
            await floor.hardware.look((eye,))


@virtual
async def test_no_scale_is_believed(tmp_path: Path) -> None:
    """Its word would make a pocket owe a count."""
    async with open_floor(tmp_path) as floor:
        scale = next(pocket.weighed.scale for pocket in floor.core.world.layout.pockets.values() if pocket.weighed is not None)
        assert (await floor.hardware.weigh(scale, is_after=False)).is_steady
        distrust(floor, scale)
        with pytest.raises(Quarantined):
            await floor.hardware.weigh(scale, is_after=False)
