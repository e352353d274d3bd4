"""The number on a badge, from the bits that a reader read off it.

Alone knows: which of a card's bits are parity. Must not know: how they came, or whose badge it is.

Source: docs/wire/osdp.md, cards.
"""

_PARITY_BITS = frozenset((26, 34))


def badge_text(data: bytes, bits: int, style: str, *, has_parity: bool) -> str | None:
    """The number on a card, from its bits (first bit first); None where their parity is wrong, or there are not so many.

    `decimal` leaves the two parity bits of 26- and 34-bit Wiegand formats out: facility and card number as one number, as printed on
    most cards. `hex` is all bits, for cards that are known by their serial number.
    """
    if not 0 < bits <= 8 * len(data):
        return None
    value = int.from_bytes(data, "big") >> (8 * len(data) - bits)
    if style == "hex":
        return f"{value:0{-(-bits // 4)}X}"
    if not has_parity or bits not in _PARITY_BITS:
        return str(value)
    half = bits // 2
    first, last = value >> half, value & (1 << half) - 1
    if first.bit_count() % 2 or not last.bit_count() % 2:
        return None
    return str(value >> 1 & (1 << bits - 2) - 1)
