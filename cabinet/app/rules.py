"""A hospital's policy -> the rules of one care area.

Alone knows: how the words of a policy become rules, and which of them hold in this area. Must not know: how a rule is kept.
"""

from collections.abc import Mapping

from cabinet.domain.authority import AuthorityRules, Mode
from cabinet.domain.discrepancy.rule import DiscrepancyRules
from cabinet.domain.dose.rules import WARNINGS, DosingRules, Level
from cabinet.domain.formulary import ControlClass
from cabinet.domain.mode.rule import DowntimeRules
from cabinet.domain.people import Role
from cabinet.domain.person.rule import LockStep, PersonRules
from cabinet.domain.place import Level as PlacingLevel
from cabinet.domain.place import PlacingRules
from cabinet.domain.policy import CountStyle, Policy
from cabinet.domain.vocabulary import ItemId
from cabinet.domain.withdrawal.rule import CustodyRules
from cabinet.domain.witness import WitnessRule
from config.schema import (
    AreaRule,
    CustodyTable,
    DiscrepancyTable,
    DosingTable,
    DowntimeTable,
    PeopleTable,
    Placing,
    WarningLevel,
    WarningName,
    WitnessTable,
)
from config.schema import Policy as PolicyTable

HOUR_S = 3600

COUNTED = {
    ControlClass.C2: CountStyle.BLIND, ControlClass.C3: CountStyle.VERIFY, ControlClass.C4: CountStyle.VERIFY,
    ControlClass.C5: CountStyle.VERIFY, ControlClass.NONE: CountStyle.NONE,
}  # fmt: skip
"""How a class is counted at a withdrawal of which the file says nothing."""


def policy_of(table: PolicyTable, area: str) -> Policy:
    """The rules that hold in a care area."""
    return Policy(
        may={Role(rule.role): frozenset(rule.may) for rule in table.roles},
        authority=_authority(table, area),
        at_withdrawal=COUNTED | {ControlClass(rule.control_class): CountStyle(rule.at_withdrawal) for rule in table.counts},
        discrepancy=_discrepancy(table.discrepancy),
        custody=_custody(table.custody),
        downtime=_downtime(table.downtime),
        dosing=_dosing(table.dosing, next((rule.warning for rule in table.areas if rule.area == area), {})),
        placing=_placing(table.placing),
        people=_people(table.people),
        witness=tuple(map(_witness, table.witnesses)),
        max_pulses=table.max_pulses,
        refill_interval_h=table.refill_interval_h,
        battery_s=table.battery_minutes * 60,
        maintenance_s=60 * table.maintenance_min,
        selftest_hour=table.selftest_hour,
        miscount_ppm=table.miscount_ppm,
        scale_check_days=table.scale_check_days,
        scale_tolerance_divisions=table.scale_tolerance_divisions,
    )


def _authority(table: PolicyTable, area: str) -> AuthorityRules:
    """What this care area accepts as the word that something is taken on; an area without a row goes by orders alone."""
    rule = next((rule for rule in table.areas if rule.area == area), AreaRule(area=area))
    overrides: dict[ItemId, frozenset[Role]] = {}
    for row in table.overrides:
        if not row.areas or area in row.areas:
            named = frozenset(map(Role, row.roles or Role))
            overrides |= {ItemId(item): overrides.get(ItemId(item), frozenset()) | named for item in row.items}
    reviewed = "" if rule.overrides_reviewed is None else rule.overrides_reviewed.isoformat()
    return AuthorityRules(
        Mode(rule.mode), overrides, table.override_reasons, frozenset(map(ItemId, rule.no_order)), frozenset(map(ItemId, rule.emergency)),
        reviewed,
    )  # fmt: skip


def _witness(table: WitnessTable) -> WitnessRule:
    by, of = frozenset(map(Role, table.by)), frozenset(map(Role, table.of))
    return WitnessRule(frozenset(table.kinds), frozenset(map(ControlClass, table.classes)), by, of, table.may_be_owed, table.high_alert)


def _custody(table: CustodyTable) -> CustodyRules:
    return CustodyRules(
        purposes=table.purposes,
        waste_classes=frozenset(map(ControlClass, table.waste_classes)),
        waste_items=frozenset(map(ItemId, table.waste_items)),
        scan_classes=frozenset(map(ControlClass, table.scan_classes)),
        scan_items=frozenset(map(ItemId, table.scan_items)),
        scan_confirms=table.scan_confirms,
        pocket_return_classes=frozenset(map(ControlClass, table.pocket_return_classes)),
        return_places=table.return_places,
        waste_reasons=table.waste_reasons,
        listed_h=table.listed_h,
        own_item=None if table.own_item is None else ItemId(table.own_item),
        sheet_classes=frozenset(map(ControlClass, table.sheet_classes)),
        sheet_minutes=table.sheet_minutes,
        sheet_by_two=table.sheet_by_two,
        case_h=table.case_h,
        pick_h=table.pick_h,
    )


def _placing(table: Placing) -> PlacingRules:
    return PlacingRules(
        PlacingLevel(table.high_alert),
        PlacingLevel(table.look_alikes),
        table.short_dated_days,
        is_scan_needed=table.scan,
    )


def _discrepancy(table: DiscrepancyTable) -> DiscrepancyRules:
    return DiscrepancyRules(
        reasons=table.reasons,
        witness_classes=frozenset(map(ControlClass, table.witness_classes)),
        resolver_not_in_interval=table.resolver_not_in_interval,
        auto_resolve=table.auto_resolve,
        charge_nurse_s=table.charge_nurse_hours * HOUR_S,
        pharmacy_s=table.pharmacy_hours * HOUR_S,
        count_days=table.count_days,
    )


def _dosing(table: DosingTable, here: Mapping[WarningName, WarningLevel]) -> DosingRules:
    """The hospital's rules about doses, and what this care area lets warnings do."""
    return DosingRules(
        table.most_packages_m,
        table.least_package_m,
        table.paediatric_under_years,
        table.early_min,
        table.duplicate_min,
        table.weight_percent,
        WARNINGS | {name: Level(level) for name, level in {**table.warning, **here}.items()},
    )


def _downtime(table: DowntimeTable) -> DowntimeRules:
    return DowntimeRules(table.after_min, table.leave_after_min, table.critical_after_min, table.orders_age_min, table.late_hours)


def _people(table: PeopleTable) -> PersonRules:
    return PersonRules(
        locks=tuple(LockStep(step.failures, step.wait_s) for step in table.locks),
        alarm_failures=table.alarm_failures,
        alarm_s=60 * table.alarm_minutes,
        slow_s=table.slow_s,
        pin_digits=table.pin_digits,
        pin_s=3600 * table.pin_hours,
        no_limit_for=frozenset(table.no_limit_for),
        yields=frozenset(table.yields),
        covered_s=60 * table.covered_minutes,
        prove_again_s=60 * table.prove_again_minutes,
        take_over_s=table.take_over_s,
        read_s=table.read_s,
        temporary_roles=frozenset(map(Role, table.temporary_roles)),
        temporary_s=3600 * table.shift_hours,
        served_s=3600 * table.served_hours,
        competency_for=frozenset(table.competency_for) - {"emergency"},
    )
