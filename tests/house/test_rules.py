"""The table of rules (`docs/rules.md`) holds what it promises: no rule is missing, and every test that it names exists.

Alone knows: which rules there are, by the ids of their rows. Must not know: what a rule says, or what a test does.
"""

from typing import NamedTuple

import pytest

from tests.house.named import missing, names_in, rows
from tests.house.source import ROOT

TABLE = ROOT / "docs/rules.md"
NOT_KEPT = "not kept: "

SECTIONS = {
    "Workflows": (
        "signing-in.1 signing-in.2 signing-in.3 signing-in.4 signing-in.5 witness.1 witness.2 witness.3 witness.4 removing.1 "
        "removing.2 removing.3 removing.4 removing.5 removing.6 removing.7 removing.8 removing.9 removing.10 removing.11 "
        "removing.12 removing.13 override.1 override.2 override.3 override.4 override.5 cancelling.1 cancelling.2 cancelling.3 "
        "returning.1 returning.2 returning.3 wasting.1 wasting.2 wasting.3 wasting.4 loading.1 loading.2 loading.3 refilling.1 "
        "refilling.2 refilling.3 refilling.4 refilling.5 refilling.6 refilling.7 unloading.1 unloading.2 counting.1 counting.2 "
        "counting.3 discrepancy.1 discrepancy.2 discrepancy.3 discrepancy.4 discrepancy.5 expiring.1 expiring.2 expiring.3 "
        "failed-drawer.1 failed-drawer.2 failed-drawer.3 downtime.1 downtime.2 downtime.3 downtime.4 transaction one-outcome"
    ),
    "ISMP 2019, Guidelines for the Safe Use of Automated Dispensing Cabinets": (
        "ismp-1.a ismp-1.b ismp-2.a ismp-2.b ismp-2.c ismp-2.d ismp-2.e ismp-2.f ismp-2.g ismp-2.h ismp-3.a ismp-3.b ismp-3.c "
        "ismp-3.d ismp-3.e ismp-3.f ismp-3.g ismp-4.4 ismp-4.a ismp-4.b ismp-4.c ismp-4.d ismp-4.e ismp-5.a ismp-5.b ismp-5.c "
        "ismp-5.d ismp-5.e ismp-6.a ismp-6.b ismp-6.c ismp-6.d ismp-7.a ismp-7.b ismp-7.c ismp-7.d ismp-8.a ismp-8.b ismp-8.c "
        "ismp-9.a ismp-9.b ismp-9.c"
    ),
    "ISMP best practice 16 and call to action 2024": ("bp-16.a bp-16.b bp-16.c bp-16.d call.a call.b"),
    "Joint Commission": (
        "MM.05.01.01 MM.08.01.01 MM.03.01.01.a MM.03.01.01.b MM.03.01.01.c MM.03.01.01.d NPSG.01.01.01 MM.01.01.03 MM.01.02.01"
    ),
    "ASHP": ("ashp.hl7 ashp.diversion.a ashp.diversion.b ashp.diversion.c"),
    "DEA, 21 CFR": ("1301.75(b) 1304.04 1304.11 1304.22(c) 1301.27 1301.76(b) 1317"),
    "21 CFR Part 11": ("11.10(a) 11.10(b) 11.10(c) 11.10(d) 11.10(e) 11.10(f) 11.10(g) 11.10(h) 11.50 11.200 11.300"),
    "HIPAA, 45 CFR 164.312": (
        "164.312(a)(2)(i) 164.312(a)(2)(ii) 164.312(a)(2)(iii) 164.312(a)(2)(iv) 164.312(b) 164.312(c) 164.312(d) 164.312(e) 164.312(e).tls"
    ),
    "State boards of pharmacy": ("state.records state.accuracy state.six-months"),
    "Device regulation and security": ("device.hazards device.credentials device.kiosk device.leavers"),
    "The ward: nobody is kept from a medicine": (
        "ward.sign-in.1 ward.sign-in.2 ward.stale.1 ward.stale.2 ward.emergency.1 ward.emergency.2 ward.emergency.3 "
        "ward.emergency.4 ward.emergency.5 ward.emergency.6 ward.open-drawer.1 ward.open-drawer.2 ward.open-drawer.3 ward.failing-drawer.1 "
        "ward.failing-drawer.2 ward.failing-drawer.3 ward.yield.1 ward.refill-refusals.1 ward.refill-refusals.2 "
        "ward.refill-refusals.3 ward.refill-refusals.4"
    ),
    "The ward: search": ("ward.search.1 ward.search.2 ward.search.3 ward.search.4 ward.search.5"),
    "The ward: counting": ("ward.counting.1 ward.counting.2 ward.counting.3 ward.counting.4 ward.counting.5 ward.counting.6"),
    "The ward: witness, waste, return": ("ward.waste.1 ward.waste.2 ward.waste.3 ward.witness.1 ward.return.1 ward.return.2"),
    "The ward: items, orders, patients": (
        "ward.items.1 ward.items.2 ward.items.3 ward.items.4 ward.items.5 ward.items.6 ward.items.7 ward.items.8 ward.items.9 "
        "ward.items.10 ward.items.11 ward.items.12 ward.items.13 ward.items.14 ward.items.15 ward.items.16 ward.items.17"
    ),
    "The ward: people, vault, words": (
        "ward.people.1 ward.people.2 ward.people.3 ward.people.4 ward.people.5 ward.people.6 ward.vault.1 ward.vault.2 "
        "ward.vault.3 ward.words"
    ),
    "The first three minutes": (
        "minutes.0:00 minutes.0:40 minutes.1:10 minutes.1:40 minutes.2:10 minutes.2:30 minutes.2:50 minutes.guide minutes.ward"
    ),
}
"""Every rule, section by section: a rule that leaves the table leaves it here too, in the open."""


class Rule(NamedTuple):
    """One row."""

    section: str
    id: str
    sentence: str
    how: str
    tests: tuple[str, ...]


RULES = [Rule(section, cells[0], cells[1], cells[2], names_in(cells[3])) for section, cells in rows(TABLE, "Rule")]


@pytest.mark.parametrize("section", SECTIONS)
def test_no_rule_of_a_section_is_missing(section: str) -> None:
    """A rule that nobody sees any more is a rule that nobody keeps."""
    assert [rule.id for rule in RULES if rule.section == section] == SECTIONS[section].split()


def test_there_is_no_section_beside_these() -> None:
    """And none was added without its list."""
    assert list(dict.fromkeys(rule.section for rule in RULES)) == list(SECTIONS)


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_every_test_that_a_rule_names_exists(rule: Rule) -> None:
    """A test that was renamed or taken away takes its rule's proof with it."""
    assert missing(rule.tests) == []


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_a_rule_is_held_by_a_test_or_says_why_it_is_not_kept(rule: Rule) -> None:
    """Nothing in between: what no test holds is a promise."""
    assert rule.sentence.endswith(".")
    is_reasoned = rule.how.startswith(NOT_KEPT) and len(rule.how) > len(NOT_KEPT)
    assert is_reasoned != bool(rule.tests)


def test_the_page_says_how_many_are_kept() -> None:
    """The number in its head is that of its rows."""
    kept = sum(bool(rule.tests) for rule in RULES)
    assert f"**{kept} rules are kept, {len(RULES) - kept} are not.**" in TABLE.read_text()
