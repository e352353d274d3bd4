"""When a pocket runs out, from what was taken lately.

Alone knows: the rule of the prediction. Must not know: rows.

Of a Poisson demand with the mean of the last days the time until `units` are gone has the mean units / rate; what is told is that mean,
and nothing where fewer than three takings were seen: a guess from one is noise.
"""

LEAST_TAKINGS = 3


def hours_left(units: int, taken: int, takings: int, days: float) -> float | None:
    """Hours until nothing is left; None where too little is known. `taken` units in `takings` over `days`."""
    if units <= 0:
        return 0.0
    if takings < LEAST_TAKINGS or taken <= 0 or days <= 0:
        return None
    return 24 * units * days / taken
