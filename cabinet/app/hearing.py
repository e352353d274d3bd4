"""What comes from a reader or scanner that a technician tries, and what that says of how it is set.

Alone knows: which refusals of a code are the scanner's doing and which the package's. Must not know: how anything was heard.
"""

from cabinet.domain.package import barcode
from cabinet.domain.refusal import Refusal
from cabinet.ports import DeviceFault, Heard

WRONGLY_SET = {
    "scan.no_prefix": "it sends no AIM prefix",
    "scan.doubtful": "it may leave the separator (GS) out: two fields ran together",
}


def judge_heard(heard: str | DeviceFault, year: int) -> Heard:
    """What is said of a badge (an empty text), of a code, or of bytes that were none."""
    if isinstance(heard, DeviceFault):
        return Heard(str(heard.code), heard.detail)
    if not heard:
        return Heard(detail="a badge was heard")
    found = barcode.read(heard, year)
    if isinstance(found, Refusal):
        return Heard(found.code, WRONGLY_SET[found.code]) if found.code in WRONGLY_SET else Heard(detail=_carried(heard))
    return Heard(detail=f"{found.symbology}, {_carried(heard)}")


def _carried(code: str) -> str:
    return "with its separator" if barcode.GS in code else "a code without a separator"
