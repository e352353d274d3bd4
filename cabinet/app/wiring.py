"""What of a site is wiring: the part whose change asks for another walk through the cabinet.

Alone knows: which keys of a site say how it is wired. Must not know: who walked, or what was found.
"""

import hashlib
import json

from config.schema import Pocket, Site

_BOARD = {"id", "bus", "address", "model", "settings"}
_DRAWER = {"id", "lock", "closed"}
_POCKET = {"id", "lock", "lid", "bin", "light"}


def wiring_of(site: Site) -> str:
    """The sha256 of buses, boards and channels, in hexadecimal; names, items and levels do not count."""
    drawers = [
        drawer.model_dump(include=_DRAWER) | {"pockets": [_wired(pocket) for pocket in drawer.pockets]} for drawer in site.drawers
    ]  # fmt: skip
    wired = {
        "buses": [bus.model_dump(mode="json") for bus in site.buses],
        "boards": [board.model_dump(mode="json", include=_BOARD) for board in site.boards],
        "drawers": drawers,
    }
    return hashlib.sha256(json.dumps(wired, sort_keys=True).encode()).hexdigest()


def _wired(pocket: Pocket) -> dict[str, object]:
    return pocket.model_dump(include=_POCKET) | {"scale": None if pocket.weighed is None else pocket.weighed.scale}
