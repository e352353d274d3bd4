"""The steel frame that all drawers and scales share: what moves shakes everything else.

Alone knows: until when the cabinet shakes.
Must not know: what moved, or who minds.
"""

SHAKE_S = 0.5


class Frame:
    """Vibration while any drawer or lid moves, and a little after."""

    def __init__(self) -> None:
        self._still_from_s = float("-inf")

    def jolt(self, at_s: float, shake_s: float = SHAKE_S) -> None:
        """Something moves at `at_s` and shakes the frame for `shake_s`."""
        self._still_from_s = max(self._still_from_s, at_s + shake_s)

    def is_shaking(self, at_s: float) -> bool:
        """Whether scales are disturbed at `at_s`."""
        return at_s < self._still_from_s
