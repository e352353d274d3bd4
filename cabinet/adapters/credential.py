"""The file in the state folder that says by what each person proves who they are.

Alone knows: that file and its form. Must not know: how a digest or a mark is made (`secrets.py`), or how anybody is recognised.

No secret and no badge's number is in it: digests, keyed marks and public keys. It is written whole under another name first, so a power
cut leaves the one before or this one.
"""

import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from cabinet.domain.vocabulary import StaffId
from cabinet.ports import Passkey

CREDENTIALS = "credentials.json"
FORM = 2
"""Raised when the file's form changes; the first form held badges' numbers."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What proves that somebody is `staff`: the mark of a badge, digests of a PIN and of one that is good for some hours, passkeys.

    What is empty there is none of.
    """

    staff: StaffId
    badge: str
    digest: str
    temporary: str = ""
    passkeys: tuple[Passkey, ...] = ()


class CredentialsDamaged(Exception):
    """The file that says who may sign in is not what it must be; says how."""


def read_credentials(state: Path) -> list[Credential]:
    """Who may sign in, from `<state>/credentials.json`; nobody where there is none. Raises CredentialsDamaged."""
    path = state / CREDENTIALS
    if not path.exists():
        return []
    try:
        told = json.loads(path.read_text())
        if told["form"] != FORM:
            raise CredentialsDamaged(f"{path}: is of form {told['form']}, and {FORM} was expected")
        return [_credential(row) for row in told["staff"]]
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise CredentialsDamaged(f"{path}: expected a list 'staff' of staff, badge and digest ({problem!r})") from problem


def _credential(row: dict[str, object]) -> Credential:
    keys = row["passkeys"]
    if not isinstance(keys, list):
        raise TypeError("passkeys is a list")
    texts = [row[name] for name in ("staff", "badge", "digest", "temporary")]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("staff, badge, digest and temporary are texts")
    staff, badge, digest, temporary = map(str, texts)
    return Credential(StaffId(staff), badge, digest, temporary, tuple(Passkey(**key) for key in keys))


def write_credentials(state: Path, credentials: Iterable[Credential]) -> None:
    """Let these people sign in, and nobody else. Only the cabinet's own user may read the file."""
    handle, fresh = tempfile.mkstemp(dir=state, prefix=CREDENTIALS)
    with os.fdopen(handle, "w") as file:
        json.dump({"form": FORM, "staff": [asdict(credential) for credential in credentials]}, file)
        file.flush()
        os.fsync(file.fileno())
    Path(fresh).replace(state / CREDENTIALS)
