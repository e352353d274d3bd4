"""Who and what the guided three minutes are about, of the demo ward.

Alone knows: their ids in `config/people/demo.toml` and `config/sites/demo.toml`. Must not know: what happens to them.
"""

from typing import NamedTuple


class Home(NamedTuple):
    """Where an item stands."""

    item: str
    pocket: str
    drawer: str


NURSE, WITNESS, TECHNICIAN, PHARMACIST = "ana-reyes", "ben-okafor", "farid-haddad", "hugo-marchetti"

OPIOID = Home("oxycodone-5-tab", "n1-01", "n1")
KIT = Home("rsi-kit", "n1-07", "n1")
ANTIDOTE = Home("naloxone-0-4-vial", "m1-05", "m1")
ANTIDOTE_TOO = Home("naloxone-0-4-vial", "m2-05", "m2")
SEDATIVE = Home("lorazepam-1-tab", "n1-05", "n1")
AT_MIN = Home("cefazolin-1g-vial", "m2-06", "m2")
SHORT = Home("fentanyl-100-vial", "n1-08", "n1")
AT_ONCE = Home("acetaminophen-325-tab", "m1-01", "m1")
ON_BATTERY = Home("ondansetron-4-vial", "m1-02", "m1")

ORDERS = {
    OPIOID.item: "p-301-1", ANTIDOTE.item: "p-302-3", SEDATIVE.item: "p-307-1", AT_ONCE.item: "p-301-2", ON_BATTERY.item: "p-302-2",
}  # fmt: skip
"""item -> the order of the patient for whom it is removed."""
SEARCHED_FOR = "p-312"
SUPPLY = "ups"
HALF = "0.5 mg"
REFILLED = {AT_MIN.item: 12, SHORT.item: 17}
