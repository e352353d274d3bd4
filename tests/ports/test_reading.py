"""Readings of instruments are told in units that a technician compares with their own meter, never as the program's own notation."""

from cabinet.app.reading import power_in_words, probes_in_words
from cabinet.domain.vocabulary import FaultCode, MilliC, Power, ProbeFault


def test_probes_tell_degrees_and_say_which_one_is_dead() -> None:
    """A board of eight probes with one plugged in must show which channel that is."""
    assert probes_in_words((MilliC(5140),)) == ("5.1 °C",)
    assert probes_in_words((MilliC(-1500), ProbeFault(FaultCode("probe.dead"), "no probe"))) == ("0: -1.5 °C", "1: probe.dead, no probe")


def test_a_supply_tells_what_it_tells() -> None:
    """What a supply does not know is not made up."""
    assert power_in_words(Power(True, False, 100, 1800)) == "on mains, charge 100 %, lasts 30 min"
    assert power_in_words(Power(False, True)) == "on battery, battery low"
