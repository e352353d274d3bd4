"""Reference data on its way from the pharmacy to a cabinet: a document is a table of records by id, sent whole or as what changed.

Alone knows: the shape of a document, what is signed and how, and the digest that both ends know a version by.
Must not know: what a record means, who approved it, when it is sent.

Signed are the canonical bytes (RFC 8785) of everything but `signature`, with Ed25519 (RFC 8032), in lower-case hexadecimal. `key_id` is
the first 16 digits of the SHA-256 of the public key.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cabinet.messages.canonical import canonical, decode

DOCUMENTS = ("recall", "staff", "formulary", "policy", "pars", "orders", "sheets", "codes", "deliveries")
"""Every document there is, in the order in which they are sent: an order names items, a par a pocket of one."""

Record = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """`down/<document>`: one version of one document for one cabinet.

    `from_version` null: `records` are all there are. Else they are those that are new or changed since that version, and `gone` names
    those that are no more. `sha256` is the digest of the whole table as it is at `version`.
    """

    document: str
    version: int
    from_version: int | None
    target: str
    issued_at: str
    expires_at: str
    sha256: str
    records: list[Record]
    gone: list[str]
    key_id: str | None = None
    signature: str | None = None


@dataclass(frozen=True)
class DocumentState:
    """What a cabinet has of one document: the version that is applied (0: none), and why the last one that came was refused."""

    version: int = 0
    sha256: str = ""
    state: str = "missing"
    reason: str = ""
    at: str = ""
    refused_version: int = 0


@dataclass(frozen=True)
class DocumentsReport:
    """`up/documents`, retained: every document as of fact (`epoch`, `seq`). `key_id`: of the pinned key; null where none is pinned."""

    recall: DocumentState
    staff: DocumentState
    formulary: DocumentState
    policy: DocumentState
    pars: DocumentState
    orders: DocumentState
    sheets: DocumentState
    codes: DocumentState
    deliveries: DocumentState
    epoch: int
    seq: int
    at: str
    key_id: str | None


def table_sha256(records: Mapping[str, Record]) -> str:
    """The digest of a whole table. Raises Malformed where a record holds what no document may."""
    return hashlib.sha256(canonical(dict(records))).hexdigest()


def key_id_of(key: Ed25519PublicKey) -> str:
    """The short name of a public key."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def sign(document: Document, key: Ed25519PrivateKey) -> Document:
    """The same document, signed. Raises Malformed where it holds what no document may."""
    named = replace(document, key_id=key_id_of(key.public_key()))
    return replace(named, signature=key.sign(_signed_bytes(msgspec.to_builtins(named))).hex())


def is_signed_by(payload: bytes, key: Ed25519PublicKey) -> bool:
    """Whether a document as it came bears this key's signature, over all that it says. Raises Malformed where it is none."""
    fields = decode(payload, dict[str, Any])
    signed = _signed_bytes(fields)
    try:
        key.verify(bytes.fromhex(fields["signature"]), signed)
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    return True


def _signed_bytes(fields: Record) -> bytes:
    """Fields that this software does not know are signed as well."""
    return canonical({name: value for name, value in fields.items() if name != "signature"})
