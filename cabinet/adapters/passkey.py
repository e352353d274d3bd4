"""Passkeys: made at the kiosk for a person, and shown instead of badge and PIN (W3C Web Authentication, Level 3).

Alone knows: the library `webauthn`, the challenges that are open, and what an answer must prove: this cabinet, this page, this person's
own finger or PIN on the authenticator (user verification).
Must not know: who may have one made, or what a session is.

Browsers give passkeys to pages of localhost or https alone, so an address such as 127.0.0.1 is refused here as well.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, Protocol
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from cabinet.domain.vocabulary import StaffId
from cabinet.ports import Passkey, PasskeyRefused, Recognition

NAME = "Cabinet"
OPEN_AT_ONCE = 16
"""Challenges that wait for an answer; the oldest is forgotten first."""
SIGN_IN = ""


class Keys(Protocol):
    """Where passkeys are kept."""

    def passkeys(self, person: StaffId | None = None) -> tuple[Passkey, ...]:
        """A person's passkeys, or everybody's."""
        ...

    def owner_of(self, passkey: str) -> StaffId | None:
        """Whose passkey of this id it is."""
        ...

    def keep_passkey(self, person: StaffId, passkey: Passkey) -> None:
        """Keep a passkey, or how often it has signed by now."""
        ...


class WebauthnCeremony:
    """The PasskeyCeremony port."""

    def __init__(self, keys: Keys, draw: Callable[[], bytes]) -> None:
        """`draw` makes a challenge of chance."""
        self._keys, self._draw = keys, draw
        self._open: OrderedDict[bytes, str] = OrderedDict()

    def invite(self, person: StaffId, name: str, origin: str) -> str:
        """Options for making a passkey for a person. Raises PasskeyRefused where no browser would."""
        options = generate_registration_options(
            rp_id=_rp_of(origin), rp_name=NAME, user_name=person, user_id=person.encode(), user_display_name=name,
            challenge=self._challenge(person),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=_descriptors(self._keys.passkeys(person)),
        )  # fmt: skip
        return str(options_to_json(options))

    def register(self, person: StaffId, answer: str, origin: str) -> None:
        """Keep the passkey that was made. Raises PasskeyRefused."""
        challenge = self._answered(answer, person)
        try:
            made = verify_registration_response(
                credential=answer, expected_challenge=challenge, expected_rp_id=_rp_of(origin), expected_origin=origin,
                require_user_verification=True,
            )  # fmt: skip
        except WebAuthnException as problem:
            raise PasskeyRefused(str(problem)) from problem
        known = Passkey(bytes_to_base64url(made.credential_id), bytes_to_base64url(made.credential_public_key), made.sign_count)
        if self._keys.owner_of(known.id) not in {None, person}:
            raise PasskeyRefused("it is another person's")
        self._keys.keep_passkey(person, known)

    def ask(self, origin: str) -> str:
        """Options for showing a passkey, whoever's: the authenticator offers its owner's. Raises PasskeyRefused."""
        options = generate_authentication_options(
            rp_id=_rp_of(origin), challenge=self._challenge(SIGN_IN), user_verification=UserVerificationRequirement.REQUIRED
        )
        return str(options_to_json(options))

    def recognise(self, answer: str, origin: str) -> Recognition:
        """Who showed a passkey. Raises PasskeyRefused; an id that nobody has proves nothing and names nobody."""
        challenge, shown = self._answered(answer, SIGN_IN), str(_read(answer).get("id", ""))
        owner = self._keys.owner_of(shown)
        if owner is None:
            return Recognition(None, None, ())
        held = next(key for key in self._keys.passkeys(owner) if key.id == shown)
        try:
            proven = verify_authentication_response(
                credential=answer, expected_challenge=challenge, expected_rp_id=_rp_of(origin), expected_origin=origin,
                credential_public_key=base64url_to_bytes(held.public_key), credential_current_sign_count=held.signed,
                require_user_verification=True,
            )  # fmt: skip
        except WebAuthnException:
            return Recognition(None, owner, ())
        self._keys.keep_passkey(owner, Passkey(held.id, held.public_key, proven.new_sign_count))
        return Recognition(owner, owner, ("passkey",))

    def _challenge(self, what: str) -> bytes:
        challenge = self._draw()
        self._open[challenge] = what
        while len(self._open) > OPEN_AT_ONCE:
            self._open.popitem(last=False)
        return challenge

    def _answered(self, answer: str, what: str) -> bytes:
        """The open challenge that an answer is about, which it closes. Raises PasskeyRefused."""
        try:
            client = json.loads(base64url_to_bytes(_read(answer)["response"]["clientDataJSON"]))
            challenge: bytes = base64url_to_bytes(client["challenge"])
        except (KeyError, TypeError, ValueError) as problem:
            raise PasskeyRefused("it is no answer of an authenticator") from problem
        if self._open.pop(challenge, None) != what:
            raise PasskeyRefused("nobody asked for it, or too long ago")
        return challenge


def _read(answer: str) -> dict[str, Any]:
    try:
        told = json.loads(answer)
    except ValueError as problem:
        raise PasskeyRefused("it is no JSON") from problem
    if not isinstance(told, dict):
        raise PasskeyRefused("it is no object")
    return told


def _rp_of(origin: str) -> str:
    """The name under which a browser keeps passkeys of this page."""
    parts = urlsplit(origin)
    host = parts.hostname or ""
    if host != "localhost" and not (parts.scheme == "https" and "." in host and not host.replace(".", "").isdigit()):
        raise PasskeyRefused("passkeys take a page of localhost, or of https")
    return host


def _descriptors(keys: Iterable[Passkey]) -> list[Any]:

    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.id)) for key in keys]
