"""The pictures of the manual: of each screen that a walk took (`make pictures`), the one of the small panel or phone, in few colours.

Alone knows: which size the manual shows, and how a picture becomes small. Must not know: how pictures are taken.
"""

import re
import sys
from pathlib import Path

from PIL import Image

SHOWN = "-800"
COLOURS = 48
"""Text on flat areas: more are not told apart, and a picture takes a third of the bytes."""


MANUAL = Path(__file__).parents[2] / "docs" / "manual"
FOLDER = MANUAL / "pictures"


def named() -> set[str]:
    """The pictures that the manual's pages show."""
    return {name for page in MANUAL.glob("*.md") for name in re.findall(r"\(pictures/([\w-]+)\.png\)", page.read_text(encoding="utf-8"))}


def write(taken: Path) -> int:
    """Put the pictures that the manual shows where it shows them, instead of those that are there. Returns their bytes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    for name in sorted(named()):
        sized, single = taken / f"{name}{SHOWN}.png", taken / f"{name}.png"
        with Image.open(sized if sized.exists() else single) as picture:
            few = picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(FOLDER / f"{name}.png", optimize=True)
    return sum(path.stat().st_size for path in FOLDER.glob("*.png"))


if __name__ == "__main__":
    sys.stdout.write(f"{write(Path(sys.argv[1])) / 1e6:.1f} MB in {FOLDER}\n")
