"""What of the plant outlives the simulator's process: `plant.json`, so that a restart makes no pills vanish.

Alone knows: that file's shape and how it is written in one piece.
Must not know: why something changed.
"""

import json
import os
from pathlib import Path
from typing import Any

from firmware_sim.pile import Piece
from firmware_sim.plant import Plant

VERSION = 1


def snapshot(plant: Plant) -> dict[str, Any]:
    """Pieces (mass of each in mg; with item and lot where they are not the pocket's own) and what stands open, as JSON."""
    return {
        "version": VERSION,
        "pockets": {name: [_kept(piece) for piece in pocket.pile.pieces] for name, pocket in plant.pockets.items()},
        "bin": plant.bin,
        "open_drawers": [name for name, drawer in plant.drawers.items() if drawer.bolt.is_open],
        "open_lids": [name for name, pocket in plant.pockets.items() if pocket.lid is not None and pocket.lid.is_open],
    }


def restore(plant: Plant, kept: dict[str, Any]) -> None:
    """Put the plant back as it was; pockets that the file does not know keep their opening."""
    for name, pocket in plant.pockets.items():
        if name in kept["pockets"]:
            pocket.pile.restore([_piece(one) for one in kept["pockets"][name]])
        if pocket.lid is not None:
            pocket.lid.restore(is_open=name in kept["open_lids"])
    for name, drawer in plant.drawers.items():
        drawer.bolt.restore(is_open=name in kept["open_drawers"])
    plant.bin.update(kept.get("bin", {}))
    for cell in plant.cells.values():
        cell.disturb(float("-inf"))


def _kept(piece: Piece) -> int | Piece:
    return piece if piece.item or piece.lot else piece.mass_mg


def _piece(kept: Any) -> Piece:
    return Piece(kept) if isinstance(kept, int) else Piece(*kept)


def keep(plant: Plant, path: Path) -> None:
    """Take up the file at `path` if there is one, and write it anew after every change from now on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        restore(plant, json.loads(path.read_text(encoding="utf-8")))

    def save() -> None:
        draft = path.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as out:
            json.dump(snapshot(plant), out)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)

    save()
    plant.on_change.append(save)
