"""The codes that packages of one item bear: GTIN, NDC in all its layouts, HIBC; and the same from a scan, so that one finds the other.

Alone knows: what makes two ways of writing one code the same code. Must not know: any item, or how a bar code is read (`barcode.py`).

A key is `gtin:` with 14 digits, `ndc:` with ten, or `hibc:` with labeler and product. A US GTIN carries an NDC, so a code may have two.
"""

import re

from cabinet.domain.package.ndc import digits_in_gtin, ten_digits
from cabinet.domain.vocabulary import ScannedCode

_GTIN = re.compile(r"[0-9]{8}|[0-9]{12,14}")
_PADDED = re.compile(r"[0-9]{11}")
_NDC = re.compile(r"[0-9]{4,6}-[0-9]{3,4}-[0-9]{1,2}")
_HIBC = re.compile(r"\+?([A-Z][A-Z0-9]{3}[A-Z0-9]{1,18})[0-9]")
KEY = re.compile(r"gtin:[0-9]{14}|ndc:[0-9]{10}|hibc:[A-Z][A-Z0-9]{4,21}")


def keys_of(text: str) -> frozenset[str]:
    """The keys of a code as a person writes it; none where it is no code. HIBC stands with its unit-of-measure digit, as printed."""
    text = text.strip()
    if KEY.fullmatch(text):
        return frozenset({text})
    if _GTIN.fullmatch(text):
        return _of_gtin(text.zfill(14))
    if _PADDED.fullmatch(text):
        return frozenset(f"ndc:{ten}" for ten in ten_digits(f"{text[:5]}-{text[5:9]}-{text[9:]}"))
    if _NDC.fullmatch(text):
        return frozenset(f"ndc:{ten}" for ten in ten_digits(text))
    found = _HIBC.fullmatch(text.upper())
    return frozenset({f"hibc:{found[1]}"}) if found else frozenset()


def keys_of_scan(code: ScannedCode) -> frozenset[str]:
    """The keys of what was scanned."""
    named = (("gtin", code.gtin), ("ndc", code.ndc), ("hibc", code.product))
    return frozenset(f"{kind}:{text}" for kind, text in named if text)


def main_key(code: ScannedCode) -> str | None:
    """The one key under which a code that nobody knows is parked; None where it names no product."""
    keys = keys_of_scan(code)
    return min(keys) if keys else None


def _of_gtin(gtin: str) -> frozenset[str]:
    ndc = digits_in_gtin(gtin)
    return frozenset({f"gtin:{gtin}"} | ({f"ndc:{ndc}"} if ndc else set()))
