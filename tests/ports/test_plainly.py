"""Alerts in a person's words."""

import pytest

from central.plainly import plainly


@pytest.mark.parametrize(
    ("code", "detail", "said"),
    [
        ("drawer.jammed", "locks-a:0: it did not open", "lock locks-a:0: it did not open"),
        ("drawer.left_open", "locks-b:1 stood open for 90 s", "lock locks-b:1 stood open for 90 s"),
        ("fridge.excursion", "f1 out of range for 10 minutes", "fridge f1 out of range for 10 minutes"),
        ("fridge.gap", "nobody knows how warm f1 was for 10 minutes", "nobody knows how warm fridge f1 was for 10 minutes"),
        ("power.on_battery", "ups: the mains is gone", "power supply ups: the mains is gone"),
        (
            "epoch.new", "epoch 1795476935864 begins after epoch 1795390535864: was this journal replaced?",
            "the journal begun 2026-11-23 23:35 UTC begins after the journal begun 2026-11-22 23:35 UTC: was this journal replaced?",
        ),
        ("fact.conflict", "fact 1795476935864/15 comes again", "fact 15 of the journal begun 2026-11-23 23:35 UTC comes again"),
        ("stock.one_place", "naloxone: m1-05", "naloxone: m1-05"),
    ],
)  # fmt: skip
def test_an_alert_says_what_its_id_is_and_when_its_journal_began(code: str, detail: str, said: str) -> None:
    """Somebody who has never seen the wiring reads the page, and nobody reads milliseconds since 1970."""
    assert plainly(detail, code) == said
