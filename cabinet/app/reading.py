"""What instruments told, in words for a technician. Alone knows: units and how they are written. Must not know: how a board is asked."""

from cabinet.domain.vocabulary import MilliC, Power, ProbeFault


def probes_in_words(told: tuple[MilliC | ProbeFault, ...]) -> tuple[str, ...]:
    """One entry for each probe, by its channel where there are several: `0: 5.1 °C`, `1: probe.dead, ...`."""
    return tuple(_probe(one) if len(told) == 1 else f"{number}: {_probe(one)}" for number, one in enumerate(told))


def _probe(one: MilliC | ProbeFault) -> str:
    return f"{one.code}, {one.detail}" if isinstance(one, ProbeFault) else f"{one / 1000:.1f} °C"


def power_in_words(power: Power) -> str:
    """`on mains, charge 100 %, lasts 30 min`: what a supply does not tell is left out."""
    said = ["on mains" if power.is_on_mains else "on battery"]
    if power.is_low:
        said.append("battery low")
    if power.charge_percent is not None:
        said.append(f"charge {power.charge_percent} %")
    if power.runtime_s is not None:
        said.append(f"lasts {power.runtime_s // 60} min")
    return ", ".join(said)
