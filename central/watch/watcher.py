"""The watcher: looks, keeps what is new and what is over, and takes the steps of a rule while nobody acknowledged.

Alone knows: when an alert begins, ends and goes a step further. Must not know: rows of cabinets, how a letter travels.

An alert is one while the matter lasts, however often it is seen; acknowledged, no further step is taken of it.
"""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from cabinet.domain.vocabulary import parse_utc, utc_text
from central.watch.book import Alert, AlertBook, Begun
from central.watch.look import Lookout
from central.watch.matter import Matter, is_alert
from config.watch import Rule, Watch


class Watcher:
    """One pharmacy's. `look` blocks, and is called by one thread at a time."""

    def __init__(self, lookout: Lookout, book: AlertBook, settings: Watch) -> None:
        self.settings, self.book = settings, book
        self._lookout = lookout
        self._rules = {rule.id: rule for rule in settings.rules}
        self._first_seen: dict[tuple[str, str, str], str] = {}

    def look(self, now: datetime, changed: Collection[str] | None = None) -> bool:
        """Look once; whether anything is other than before."""
        at = utc_text(now)
        lasting = {alert.key: alert for alert in self.book.lasting()}
        found = self._alerts(self._lookout.matters(now, changed), lasting, now)
        begun = [one for key, one in found.items() if key not in lasting]
        over = [alert.number for key, alert in lasting.items() if key not in found]
        other = [
            (alert.number, one.severity, one.sentence) for key, one in found.items() if (alert := lasting.get(key)) and _differs(alert, one)
        ]
        if begun or over or other:
            self.book.keep(begun, other, over, at)
        told = sum(self._tell(alert, now) for alert in self.book.lasting()) if self.settings.channels else 0
        return bool(begun or over or other or told)

    def _alerts(
        self, matters: Sequence[Matter], lasting: dict[tuple[str, str, str], Alert], now: datetime
    ) -> dict[tuple[str, str, str], Begun]:  # fmt: skip
        """What the rules take for alerts; a matter without a beginning begins when it is first seen."""
        found: dict[tuple[str, str, str], Begun] = {}
        seen: dict[tuple[str, str, str], str] = {}
        for rule in self.settings.rules:
            for one in matters:
                if one.when != rule.when:
                    continue
                key = (rule.id, one.cabinet, one.subject)
                first = lasting[key].since if key in lasting else self._first_seen.get(key, utc_text(now))
                seen[key] = since = one.since or first
                if is_alert(rule, one, since, now):
                    found[key] = Begun(rule.id, one.cabinet, one.subject, rule.severity, one.sentence, since)
        self._first_seen = seen
        return found

    def _tell(self, alert: Alert, now: datetime) -> bool:
        rule = self._rules.get(alert.rule)
        if rule is None or alert.taken_by or alert.told >= len(rule.tell):
            return False
        waited = now - parse_utc(alert.seen_at)
        due = [step for step in rule.tell[alert.told :] if waited >= timedelta(minutes=step.after_min)]
        if not due:
            return False
        channels = dict.fromkeys(channel for step in due for channel in step.to)
        body = json.dumps(self._letter(alert, rule, alert.told + len(due)))
        self.book.tell(alert.number, alert.told + len(due), [(channel, body) for channel in channels], utc_text(now))
        return True

    def _letter(self, alert: Alert, rule: Rule, step: int) -> dict[str, object]:
        """What is told. No patient and no name of staff beyond what the sentence of the rule needs."""
        return {
            "alert": alert.number, "rule": rule.id, "when": rule.when, "severity": alert.severity, "cabinet": alert.cabinet,
            "sentence": alert.sentence, "since": alert.since, "step": step,
            "address": f"{self.settings.address}/watch" if self.settings.address else "",
        }  # fmt: skip


def _differs(alert: Alert, one: Begun) -> bool:
    return (alert.severity, alert.sentence) != (one.severity, one.sentence)
