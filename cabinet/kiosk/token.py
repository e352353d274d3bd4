"""What is drawn for whoever comes: a token that only they hold, and ids.

Alone knows: how much chance is in a token, and in which form it is kept. Must not know: whose it is.
"""

import hashlib
import secrets
from uuid import uuid4

TOKEN_BYTES = 32


def draw_token() -> str:
    """256 bits of chance."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def draw_id() -> str:
    """A UUID."""
    return str(uuid4())


def kept(token: str) -> str:
    """What is kept of a token: nothing that could be sent back."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
