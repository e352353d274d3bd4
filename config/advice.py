"""What a site may say, and is better said otherwise: warnings, which stop nobody.

Alone knows: which sound values lead to trouble later.
Must not know: what is wrong (`check.py`), or how a warning is shown.
"""

import re
from collections.abc import Iterator

from config.schema import SerialBus, Site

_NUMBERED = re.compile(r"/dev/tty(USB|ACM)[0-9]+")


def advice(site: Site) -> Iterator[str]:
    """One sentence for each thing that had better be changed."""
    for bus in site.buses:
        if isinstance(bus, SerialBus) and _NUMBERED.fullmatch(bus.port):
            yield (
                f"bus {bus.id}: {bus.port} may be another adapter after the next start or when one is plugged in again; "
                "name it by what stays, as `ls -l /dev/serial/by-id` shows it"
            )
