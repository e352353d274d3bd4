"""Settings -> the values that the interfaces work with.

Alone knows: which key of `[hl7]` becomes which value. Must not know: what is done with it.
"""

import ssl
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from central.formulary.view import Items, View
from central.hl7.alert import AlertRules
from central.hl7.book import Book, items_of
from central.hl7.grammar import Delimiters
from central.hl7.outward import Charging, ItemName, Peer
from central.hl7.sender import Calling
from central.hl7.server import Listening
from central.hl7.telling import Link
from config.interface import Interfaces, Listen, Tell
from config.schema import Item


def book_of(settings: Interfaces, formulary: Iterable[Item]) -> Book:
    """What the hospital's words mean."""
    return Book(
        items_of(((item.id, [code for code in (item.ndc, *item.codes) if code]) for item in formulary), settings.items),
        {ward.upper(): area for ward, area in settings.areas.items()}, ZoneInfo(settings.zone), settings.identifiers, settings.authority,
        settings.order_number == "filler", settings.encoded_is_verified, settings.processing, settings.unknown_types == "accept",
    )  # fmt: skip


def names_of(formulary: Items, tell: Tell) -> Mapping[str, ItemName]:
    """What a peer calls each item."""

    def named(item: Item) -> ItemName:
        return ItemName(tell.codes.get(item.id, item.ndc or item.id), item.title, item.count_unit or "each", item.control_class)

    return View(formulary, named)


def listening_of(listen: Listen) -> Listening:
    """How a port listens."""
    return Listening(
        listen.name, listen.host, listen.port, listen.longest_bytes, listen.half_s, listen.most_connections, listen.peers
    )  # fmt: skip


def calling_of(tell: Tell) -> Calling:
    """Where a peer is called."""
    return Calling(tell.name, tell.host, tell.port, tell.answer_s)


def link_of(tell: Tell, settings: Interfaces) -> Link:
    """What a peer is told, and how."""
    peer = Peer(
        tell.application, tell.facility, tell.our_application, tell.our_facility, tell.system, tell.authority, tell.identifier,
        ZoneInfo(tell.zone or settings.zone), Delimiters("|", *tell.encoding), tell.processing, tell.version,
    )  # fmt: skip
    return Link(tell.name, tell.tells, peer, Charging(tell.charge_at), frozenset(tell.cabinets))


def alert_rules_of(settings: Interfaces) -> AlertRules | None:
    """Whom to tell of what was taken without an order; None: nobody."""
    rules = settings.without_order
    if rules is None:
        return None
    return AlertRules(
        rules.cabinets, rules.areas, rules.area_groups, rules.everybody, settings.cabinets, rules.group_of, frozenset(rules.silent)
    )  # fmt: skip


def guard_of(listen: Listen) -> ssl.SSLContext | None:
    """TLS of a port; with an authority, senders show a certificate of it. Raises OSError for files that cannot be read."""
    if not listen.cert_file:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=listen.ca_file or None)
    context.load_cert_chain(listen.cert_file, listen.key_file or None)
    if listen.ca_file:
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def shield_of(tell: Tell) -> ssl.SSLContext | None:
    """TLS towards a peer; with a certificate of ours where it asks for one. Raises OSError."""
    if not tell.ca_file:
        return None
    context = ssl.create_default_context(cafile=tell.ca_file)
    if tell.cert_file:
        context.load_cert_chain(tell.cert_file, tell.key_file or None)
    return context
