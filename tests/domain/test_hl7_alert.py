"""Who is told of what was taken without an order: the first level that has a group, as VistA does it."""

from dataclasses import replace

import pytest

from central.hl7.alert import AlertRules, alert_of
from central.hl7.transaction import Kind, Transaction

TAKEN = Transaction("w1", 1, 7, "2026-03-02T07:00:00.000000Z", Kind.VEND, "oxy", 1, patient="p", staff="ana")
AREA, GROUP = {"w1": "ward-1"}, {"ward-1": "surgery"}
FULL = AlertRules({"w1": ("a",)}, {"ward-1": ("b", "c")}, {"surgery": ("d",)}, ("e",), AREA, GROUP)


@pytest.mark.parametrize(
    ("rules", "groups"),
    [
        (FULL, ("a",)),
        (replace(FULL, by_cabinet={}), ("b", "c")),
        (replace(FULL, by_cabinet={}, by_area={}), ("d",)),
        (replace(FULL, by_cabinet={}, by_area={}, by_area_group={}), ("e",)),
        (AlertRules(), ()),
    ],
)
def test_the_first_level_that_has_a_group_is_told_and_no_other(rules: AlertRules, groups: tuple[str, ...]) -> None:
    """All groups of that level; lower levels are not asked."""
    alert = alert_of(TAKEN, rules)
    assert alert is not None
    assert alert.groups == groups


@pytest.mark.parametrize(
    ("one", "rules"),
    [
        (replace(TAKEN, order="rx9"), FULL),
        (replace(TAKEN, kind=Kind.ISSUE), FULL),
        (replace(TAKEN, units=0), FULL),
        (TAKEN, replace(FULL, silent=frozenset({"w1"}))),
    ],
)
def test_nobody_is_told_where_an_order_stands_or_the_cabinet_is_silent(one: Transaction, rules: AlertRules) -> None:
    """What is taken for a purpose has no patient whose order it could be."""
    assert alert_of(one, rules) is None
