"""Rules of weighed pockets: what can be counted by weight at all.

Alone knows: which numbers about a piece's mass make sense together.
Must not know: which board a scale is (`wiring.py`), or how pieces are counted.

Source: hardware reference 5.3 (trade rule: a reference sample of at least ten pieces).
"""

from collections.abc import Iterator

from config.finding import Documents, Finding

LEAST_SAMPLE = 10


def weighed_pockets_hold_pieces(documents: Documents) -> Iterator[Finding]:
    """What stands on a scale is an item that is counted piece by piece."""
    for path, pocket in documents.pockets():
        if pocket.weighed is None:
            continue
        item = documents.items.get(pocket.item or "")
        if pocket.item is None:
            yield Finding("site", (*path, "weighed"), "a pocket without an item cannot be counted by weight", "name its 'item'")
        elif item is not None and item.count_mode in {"bulk", "volume"}:
            what = f"{item.id} is kept as {item.count_mode}, not in pieces that all weigh the same"
            yield Finding("site", (*path, "weighed"), what, "leave its scale out")


def masses_are_learned(documents: Documents) -> Iterator[Finding]:
    """A mass comes from enough pieces, which are never all alike, on a scale that does not lose a piece within the hour."""
    for path, pocket in documents.pockets():
        weighed = pocket.weighed
        if weighed is None:
            continue
        if weighed.sample < LEAST_SAMPLE:
            what = f"a mass learned from {weighed.sample} pieces is not learned well enough to count by"
            yield Finding("site", (*path, "weighed", "sample"), what, f"weigh at least {LEAST_SAMPLE} together")
        if weighed.spread_permille == 0:
            what = "no two pieces weigh the same"
            yield Finding("site", (*path, "weighed", "spread_permille"), what, "tablets differ by 20 to 30, syringes by 10")
        if weighed.drift_mg_per_h >= weighed.unit_mass_mg:
            what = f"a scale that wanders by {weighed.drift_mg_per_h} mg in an hour cannot count pieces of {weighed.unit_mass_mg} mg"
            yield Finding("site", (*path, "weighed", "drift_mg_per_h"), what)


RULES = (weighed_pockets_hold_pieces, masses_are_learned)
