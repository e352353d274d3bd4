"""Webhooks out: one POST of JSON, signed, so that whoever takes it knows whose it is and that it is not an old one.

Alone knows: httpx, and how a call is signed. Must not know: alerts, retries.

`X-Pharmacy-Signature` is `v1=` and the hex of HMAC-SHA256 over `<X-Pharmacy-Time>.<X-Pharmacy-Letter>.<body>`; a receiver refuses what is
older than a few minutes and what it has had under the same letter's number.
"""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

import httpx

from central.watch.channel import NotTaken

WAIT_S = 10.0
MAY_HELP = {408, 425, 429}
"""Refusals that another try may get over; those of 500 and above as well."""


def signature(secret: str, at_s: int, number: int, body: bytes) -> str:
    """What stands in the header."""
    said = f"{at_s}.{number}.".encode() + body
    return "v1=" + hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()


async def post(client: httpx.AsyncClient, url: str, secret: str, number: int, letter: dict[str, Any], now: datetime) -> None:
    """One call. Raises NotTaken."""
    body = json.dumps(letter, sort_keys=True).encode()
    at_s = int(now.timestamp())
    headers = {"Content-Type": "application/json", "X-Pharmacy-Time": str(at_s), "X-Pharmacy-Letter": str(number)}
    if secret:
        headers["X-Pharmacy-Signature"] = signature(secret, at_s, number, body)
    try:
        answer = await client.post(url, content=body, headers=headers, timeout=WAIT_S)
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise NotTaken(str(problem) or type(problem).__name__) from problem
    if not answer.is_success:
        is_final = answer.is_client_error and answer.status_code not in MAY_HELP
        raise NotTaken(f"answered {answer.status_code}", is_final=is_final)
