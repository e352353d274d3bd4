"""Facts, reports and documents <-> versioned JSON: the whole contract with the pharmacy server, and the journal's canonical form.

Alone knows: that these files together are the contract. Must not know: who sends, stores or shows a message.
"""

from cabinet.messages.canonical import SAFE_INTEGER, Malformed, canonical, convert, decode, encode
from cabinet.messages.document import (
    DOCUMENTS,
    Document,
    DocumentsReport,
    DocumentState,
    Record,
    is_signed_by,
    key_id_of,
    sign,
    table_sha256,
)
from cabinet.messages.fact import CONTRACT, body_of, entry_of, envelope_of, fact_of, hash_of, hash_of_text, seal
from cabinet.messages.report import (
    Ack,
    FridgeHealth,
    HealthReport,
    ItemSummary,
    JournalReport,
    LockCycles,
    Need,
    PartHealth,
    PowerHealth,
    RestockReport,
    StateReport,
    StockReport,
    topic,
)

__all__ = [
    "CONTRACT", "DOCUMENTS", "SAFE_INTEGER", "Ack", "Document", "DocumentState", "DocumentsReport", "FridgeHealth", "HealthReport",
    "ItemSummary", "JournalReport", "LockCycles", "Malformed", "Need", "PartHealth", "PowerHealth", "Record", "RestockReport",
    "StateReport", "StockReport", "body_of", "canonical", "convert", "decode", "encode", "entry_of", "envelope_of", "fact_of", "hash_of",
    "hash_of_text", "is_signed_by", "key_id_of", "seal", "sign", "table_sha256", "topic",
]  # fmt: skip
