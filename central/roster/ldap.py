"""A directory asked by LDAP for everybody: pages of entries become people in its words.

Alone knows: ldap3, binds, searches, and how a directory says that an account is off. Must not know: what becomes of the list.

The one use of ldap3, imported where a directory is asked. Everything here blocks: it is called on a thread of its own.
"""

import ssl
import warnings
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from central.roster.line import DirectoryUnusable, Entry, Said
from config.roster import LdapTable

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it asks pyasn1 for names of old, which still answer
    from ldap3 import AUTO_BIND_NONE, NONE, SUBTREE, Connection, Server, Tls
    from ldap3.core.exceptions import LDAPException

PAGE = 500
WAIT_S = 10
LONGEST_NUMBER = 20
"""Digits of 64 bits."""
SWITCHED_OFF = 0x2
"""Active Directory's flag in userAccountControl (ADS_UF_ACCOUNTDISABLE)."""
FILETIME_START = datetime(1601, 1, 1, tzinfo=UTC)
NEVER = frozenset({0, 0x7FFFFFFFFFFFFFFF})
"""accountExpires of an account without an end."""


def ask(table: LdapTable) -> list[Entry]:
    """Everybody whom the directory names. Raises DirectoryUnusable."""
    try:
        connection = _connection(table)
    except (OSError, ValueError, LDAPException) as problem:
        raise DirectoryUnusable(f"{table.url}: {problem}") from problem
    try:
        connection.open()
        if table.start_tls:
            connection.start_tls()
        connection.bind()
        return [Entry(str(row["dn"]), _said(row["raw_attributes"], table)) for row in _rows(connection, table)]
    except LDAPException as problem:
        raise DirectoryUnusable(f"{table.url}: {problem}") from problem
    finally:
        connection.unbind()
        if connection.socket is not None:
            connection.socket.close()  # it forgets to where nobody listened


def _connection(table: LdapTable) -> Connection:
    """Not opened yet. Nobody is followed to another server: the password would go along."""
    server = Server(table.url, get_info=NONE, tls=_tls(table), connect_timeout=WAIT_S)
    password = Path(table.password_file).read_text(encoding="utf-8").strip() if table.password_file else None
    return Connection(
        server, table.bind_dn or None, password, auto_bind=AUTO_BIND_NONE, receive_timeout=WAIT_S, read_only=True, raise_exceptions=True,
        auto_referrals=False,
    )  # fmt: skip


def _tls(table: LdapTable) -> Tls:
    return Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=table.ca_file)


def _rows(connection: Connection, table: LdapTable) -> Iterator[Mapping[str, Any]]:
    names = [name for name in (table.id, table.name, table.role, table.areas, table.until, table.off) if name]
    found = connection.extend.standard.paged_search(table.base, table.filter, SUBTREE, attributes=names, paged_size=PAGE, generator=True)
    yield from (row for row in found if row["type"] == "searchResEntry")


def _said(raw: Mapping[str, list[bytes]], table: LdapTable) -> Said:
    folded = {name.lower(): [value.decode("utf-8", "replace") for value in values] for name, values in raw.items()}

    def values(name: str) -> list[str]:
        return folded.get(name.lower(), [])

    def first(name: str) -> str:
        return next(iter(values(name)), "")

    key = first(table.id)
    return Said(
        key, first(table.name) or key, tuple(values(table.role)), tuple(values(table.areas)), _until(first(table.until)),
        is_active=not _is_off(first(table.off)),
    )  # fmt: skip


def _is_off(said: str) -> bool:
    flags = _number(said)
    return said.lower() == "true" if flags is None else bool(flags & SWITCHED_OFF)


def _number(said: str) -> int | None:
    """What a directory writes as a number; anything may stand in an attribute."""
    return int(said) if said.isdecimal() and len(said) <= LONGEST_NUMBER else None


def _until(said: str) -> datetime | None:
    """A FILETIME (hundreds of nanoseconds since 1601), or a generalized time such as 20261231235959Z."""
    if not said or _number(said) in NEVER:
        return None
    try:
        if said.endswith("Z"):
            return datetime.strptime(said.partition(".")[0].rstrip("Z"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return FILETIME_START + timedelta(microseconds=int(said) // 10)
    except (ValueError, OverflowError):
        return None
