"""The cabinet stays the technician's for as long as something is being proven.

Alone knows: that what went back to the ward is not taken again without asking. Must not know: what is proven meanwhile.
"""

from cabinet.workbench.bench import Bench
from cabinet.workbench.hand import Hand, Left


async def hold(bench: Bench, hand: Hand) -> None:
    """Return with the cabinet in maintenance. Raises Left where somebody else may need it, Refused where they have it already."""
    if (await bench.picture())["maintenance"] is None:
        if not await hand.may_take():
            raise Left("the cabinet is the ward's again")
        await bench.take()
