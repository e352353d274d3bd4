"""Figures for Prometheus: what the cabinet is doing, read from the core at each scrape, and what happened, counted from facts.

Alone knows: the names of the figures. Must not know: any person, patient or secret; none is ever a label.
"""

from collections import Counter as Tally
from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from cabinet.domain.core import Core
from cabinet.domain.facts import AccessMoved, AccessMovedOver, AccessRefused, AccessRequested, Entry, ReleaseSettled
from cabinet.domain.mode import freshness
from cabinet.domain.state import FINAL
from cabinet.domain.vocabulary import parse_utc
from cabinet.kiosk.fault_view import fault_views
from cabinet.kiosk.mode_view import freshness_view
from cabinet.kiosk.view import status_of
from cabinet.ports import Clock

WAIT_BUCKETS_S = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300)
"""A minute is the delay that hospitals report as one."""


class Metrics(Collector):
    """A commit listener with a registry of its own."""

    def __init__(self, core: Core, clock: Clock) -> None:
        self._core = core
        self._clock = clock
        self.registry = CollectorRegistry(auto_describe=False)
        self._facts = Counter("adc_facts", "Facts that became durable", ["type"], registry=self.registry)
        self._ended = Counter("adc_accesses_ended", "Accesses that ended, by how", ["phase"], registry=self.registry)
        self._refused = Counter("adc_accesses_refused", "Accesses that were refused, by code", ["code"], registry=self.registry)
        self._releases = Counter("adc_releases", "Lock pulses, by what they came to", ["outcome"], registry=self.registry)
        self._wait = Histogram(
            "adc_wait_seconds", "From asking for a pocket until it is open, tries in vain and moves to another pocket among it",
            buckets=WAIT_BUCKETS_S, registry=self.registry,
        )  # fmt: skip
        self._asked_at: dict[str, datetime] = {}
        ProcessCollector(registry=self.registry)
        self.registry.register(self)

    def committed(self, entries: tuple[Entry, ...]) -> None:
        """These facts are durable."""
        for entry in entries:
            self._facts.labels(entry.fact.type).inc()
            self._note_wait(entry)
            match entry.fact:
                case AccessMoved(target=phase) if phase in FINAL:
                    self._ended.labels(phase).inc()
                case AccessRefused(code=code):
                    self._refused.labels(code).inc()
                case ReleaseSettled(outcome=outcome):
                    self._releases.labels(outcome.value).inc()

    def _note_wait(self, entry: Entry) -> None:
        """What goes on at another pocket has waited since its first asking."""
        access = entry.access or ""
        match entry.fact:
            case AccessRequested():
                self._asked_at.setdefault(access, entry.at)
            case AccessMovedOver(moved_to=other):
                self._asked_at[other] = self._asked_at.get(access, entry.at)
            case AccessMoved(target="open") if access in self._asked_at:
                self._wait.observe(max(0.0, (entry.at - self._asked_at.pop(access)).total_seconds()))
            case AccessMoved(target=phase) if phase in FINAL:
                self._asked_at.pop(access, None)

    def collect(self) -> Iterator[Metric]:
        """How things stand now."""
        state, now = self._core.state, self._clock.now()
        yield GaugeMetricFamily("adc_journal_seq", "Number of the newest fact", value=state.seq)
        yield GaugeMetricFamily("adc_boot", "How often this controller has started", value=state.boot)
        yield _by_label("adc_mode", "The cabinet's mode", "mode", {state.mode: 1})
        heard = freshness.heard_until(self._core.scene, now)
        if heard:
            silent_s = max(0.0, (now.utc - parse_utc(heard)).total_seconds())
            yield GaugeMetricFamily("adc_pharmacy_silent_seconds", "How old the pharmacy's last word is", value=silent_s)
        ages = {age.document: age.age_s for age in freshness_view(self._core, now).documents if age.age_s is not None}
        yield _by_label("adc_document_age_seconds", "How old what is known of each of the pharmacy's documents is", "document", ages)
        yield GaugeMetricFamily("adc_sessions", "People signed in", value=len(state.sessions))
        yield _by_label("adc_accesses", "Accesses under way", "phase", Tally(access.phase for access in state.active()))
        statuses = Tally(status_of(self._core, line, now) for line in state.lines.values())
        yield _by_label("adc_pockets", "Pockets by status", "status", statuses)
        is_open = sum(found.is_open for found in state.discrepancies.values())
        yield GaugeMetricFamily("adc_discrepancies_open", "Discrepancies nobody has explained", value=is_open)
        owing = sum(bool(line.owes) for line in state.lines.values())
        yield GaugeMetricFamily("adc_counts_owed", "Pockets that owe a count", value=owing)
        yield _by_label("adc_faults", "Drawers and devices that fail", "kind", Tally(fault.kind for fault in fault_views(self._core)))


def _by_label(name: str, text: str, label: str, values: dict[str, int] | Tally[str]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family
