"""Items, staff and patients with their orders, as a file or a document of the pharmacy writes them -> the core's records.

Alone knows: how those words become records. Must not know: whether they came from a file or from the pharmacy.
"""

from datetime import datetime

from cabinet.domain.dose.amount import Amount, Dose
from cabinet.domain.dose.reading import parse
from cabinet.domain.formulary import ControlClass, CountMode, Item, Population
from cabinet.domain.kit.order_set import OrderSet
from cabinet.domain.orders import Order, Patient
from cabinet.domain.people import Role, Staff
from cabinet.domain.vocabulary import ItemId, OrderId, PatientId, StaffId, Units, utc_text
from config.schema import Item as ItemTable
from config.schema import Order as OrderTable
from config.schema import OrderSet as OrderSetTable
from config.schema import Patient as PatientTable
from config.schema import StaffMember as StaffTable


def item_of(table: ItemTable) -> Item:
    """One formulary entry."""
    return Item(
        id=ItemId(table.id),
        name=table.tall_man,
        generic=table.generic,
        brands=table.brands,
        strength=table.strength,
        form=table.form,
        ndc=table.ndc,
        control_class=ControlClass(table.control_class),
        count_mode=CountMode(table.count_mode),
        count_unit=table.count_unit,
        is_high_alert=table.high_alert,
        look_alikes=tuple(ItemId(other) for other in table.look_alikes),
        therapeutic_class=table.therapeutic_class,
        kit=tuple((ItemId(line.item), line.units) for line in table.kit),
        is_critical=table.critical,
        room_minutes=table.room_minutes,
        room_days=table.room_days,
        is_refrigerated=table.refrigerated,
        is_paralytic=table.paralytic,
        is_pinned=table.pinned,
        population=Population(table.population),
        codes=table.codes,
        unit_amount=tuple(_amount(text) for text in table.unit_amount),
        ingredient=table.ingredient,
        overfill_permille=table.overfill_permille,
        variance_units=table.variance_units,
        is_multi_dose=table.multi_dose,
        open_days=table.open_days,
        allergy_classes=table.allergy_classes,
        needs_indication=table.needs_indication,
        max_daily=None if table.max_daily is None else _amount(table.max_daily),
        min_interval_min=table.min_interval_min,
    )


def _amount(text: str) -> Amount:
    """The schema lets through only what can be read."""
    dose = parse(text)
    assert isinstance(dose, Dose), dose
    return dose.high


def order_set_of(table: OrderSetTable) -> OrderSet:
    """Several items that are chosen together."""
    return OrderSet(table.id, table.name, tuple((ItemId(line.item), Units(line.units)) for line in table.lines))


def staff_of(table: StaffTable) -> Staff:
    """A person."""
    until = None if table.until is None else utc_text(table.until)
    competent = None if table.competent_until is None else table.competent_until.isoformat()
    return Staff(StaffId(table.id), table.name, Role(table.role), table.areas, until, competent, table.active)


def patient_of(table: PatientTable) -> Patient:
    """A patient with their orders."""
    patient, born = PatientId(table.id), table.born if isinstance(table.born, str) else table.born.isoformat()
    return Patient(
        patient, table.name, born, table.record, table.bed, table.allergies, table.weight_g,
        tuple(_order(order, patient) for order in table.orders), None if table.weighed is None else table.weighed.isoformat(),
        table.weight_source, table.area or "", _moment(table.discharged_at),
    )  # fmt: skip


def _order(table: OrderTable, patient: PatientId) -> Order:
    return Order(
        OrderId(table.id), patient, ItemId(table.item), table.dose, Units(table.units), table.route, table.schedule, table.verified,
        table.interval_min, _moment(table.starts), _moment(table.stops), _moment(table.waiting_since), table.status, table.indication,
    )  # fmt: skip


def _moment(at: datetime | None) -> str | None:
    """As records write moments. The schema lets through none without its zone."""
    return None if at is None else utc_text(at)
