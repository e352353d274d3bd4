"""What is watched: when a rule takes a matter for an alert, how a cabinet is told in words, and when a letter is tried again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cabinet.domain.vocabulary import utc_text
from central.fleet.mark import FINE, Counts, Fridge, Health, Mark, Power, marks
from central.watch.matter import Matter, is_alert
from central.watch.prediction import hours_left
from central.watch.sender import LONGEST_S, MOST_TRIES, wait_s
from config.central import load_central
from config.problem import SiteProblems
from config.watch import USUAL, Rule, Step, Watch

NOW = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)


def matter(when: str = "silent", *, item: str = "", due_h: float = 0.0) -> Matter:
    return Matter(when, "ward-1", "surgical", "", "it is so", item, due_h=due_h)  # type: ignore[arg-type]


def ago(minutes: int) -> str:
    return utc_text(NOW - timedelta(minutes=minutes))


def test_an_alert_is_what_lasted_as_long_as_its_rule_says() -> None:
    """A line that drops for a minute wakes nobody."""
    rule = Rule(id="r", when="silent", after_min=10)
    assert not is_alert(rule, matter(), ago(9), NOW)
    assert is_alert(rule, matter(), ago(10), NOW)


def test_a_rule_is_narrowed_by_area_and_item() -> None:
    """What is urgent in one ward may be ordinary in another."""
    assert not is_alert(Rule(id="r", when="stock_out", areas=("emergency",)), matter("stock_out"), ago(0), NOW)
    assert is_alert(Rule(id="r", when="stock_out", areas=("surgical",)), matter("stock_out"), ago(0), NOW)
    only = Rule(id="r", when="stock_out", items=("naloxone",))
    assert [is_alert(only, matter("stock_out", item=item), ago(0), NOW) for item in ("naloxone", "insulin")] == [True, False]


def test_what_lies_further_ahead_than_the_rule_looks_is_none() -> None:
    """Everything expires some day."""
    rule = Rule(id="r", when="expiring", within_h=48)
    assert [is_alert(rule, matter("expiring", due_h=hours), ago(0), NOW) for hours in (47.9, 48.1)] == [True, False]


def test_the_time_to_empty_follows_from_what_was_taken() -> None:
    """Twelve of fourteen a day are left for the better part of a day; from two takings nobody tells anything."""
    assert hours_left(12, taken=98, takings=40, days=7) == pytest.approx(24 * 12 / 14)
    assert hours_left(12, taken=2, takings=2, days=7) is None
    assert hours_left(0, taken=98, takings=40, days=7) == 0.0


def test_a_letter_is_tried_again_later_and_later() -> None:
    """A server that is down for a night is neither flooded nor forgotten."""
    waits = [wait_s(tries) for tries in range(MOST_TRIES)]
    assert waits == sorted(waits)
    assert waits[0] == 10.0
    assert waits[-1] == LONGEST_S
    assert 3 * 3600 < sum(waits[:-1]) < 8 * 3600


def test_nothing_leaves_the_building_unless_the_file_names_a_channel() -> None:
    """Off by default."""
    assert Watch().channels == ()
    assert all(rule.tell == () for rule in USUAL)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('[[watch.rule]]\nid = "r"\nwhen = "silent"\ntell = [{ to = ["desk"] }]', "no channel"),
        ('[[watch.channel]]\nid = "m"\nkind = "mail"\nto = "a@b.example"', "[watch.mail]"),
        ('[[watch.channel]]\nid = "w"\nkind = "webhook"\nto = "http://far.example/x"', "https://"),
        ('[[watch.rule]]\nid = "r"\nwhen = "loud"', "loud"),
        ('[[watch.rule]]\nid = "r"\nwhen = "silent"\nafter_min = -1', "after_min"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_found_before_the_server_starts(tmp_path: Path, lines: str, says: str) -> None:
    """With its line, as in every file of ours."""
    file = tmp_path / "central.toml"
    file.write_text(lines)
    with pytest.raises(SiteProblems) as found:
        load_central(file)
    assert says in str(found.value)


def test_steps_rise() -> None:
    """First the desk, then whoever is on call."""
    with pytest.raises(ValueError, match="one after the other"):
        Rule(id="r", when="silent", tell=(Step(after_min=30, to=("a",)), Step(after_min=10, to=("b",))))


def test_a_cabinet_is_told_in_words_the_most_urgent_first() -> None:
    """A tile has room for four words: the first is the one that somebody acts on."""
    health = Health(power=Power("battery"), fridges=(Fridge("f1", "excursion", 9100),))
    found = marks("online", "downtime", Counts(out=2, low=1, ok=5), health)
    assert [mark.text for mark in found] == ["fridge out of range", "on battery", "downtime", "2 out", "1 low"]
    assert marks("offline", "ready", Counts(ok=3), Health()) == [Mark("lost", "silent")]
    assert marks("online", "ready", Counts(ok=3, over=1), Health()) == [FINE]
