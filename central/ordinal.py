"""Numbers of a day that sort as text in the order in which they were given.

Alone knows: how such a number is written. Must not know: what is numbered.
"""


def ordinal(number: int) -> str:
    """A number of a day that sorts as it counts, however many there are: 001 to 999, a1000 to a9999, b10000 and so on."""
    longer = len(str(number)) - 3
    return f"{number:03d}" if longer <= 0 else f"{chr(ord('a') + longer - 1)}{number}"
