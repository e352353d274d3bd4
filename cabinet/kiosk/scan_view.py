"""The last scan of an access in words: what it filled in, or why it was not taken.

Alone knows: which sentence goes with it. Must not know: HTTP, HTML, how a code is read.
"""

from dataclasses import dataclass

from cabinet.domain.core import Core
from cabinet.domain.package.check import mistaken
from cabinet.domain.refusal import Refusal
from cabinet.domain.state import Access
from cabinet.domain.vocabulary import ItemId


@dataclass(frozen=True)
class ScanView:
    """Lot and expiry as scanned; or a refusal's `code`, `message` and `remedy`. `mark` differs from one scan to another."""

    lot: str | None
    expiry: str | None
    code: str
    message: str
    remedy: str

    @property
    def mark(self) -> str:
        """What a page compares to see that there was another scan."""
        return f"{self.code} {self.lot} {self.expiry} {self.message}"


def scan_view(core: Core, access: Access) -> ScanView | None:
    """The last scan, or None where nothing was scanned."""
    scan = access.scan
    if scan is None:
        return None
    if not scan.code:
        return ScanView(scan.lot, scan.expiry, "", "", "")
    found = core.world.formulary.get(ItemId(scan.found or ""))
    refusal = Refusal(scan.code, "" if found is None else mistaken(found, core.item_of(access)))
    return ScanView(None, None, scan.code, refusal.sentence, refusal.remedy)
