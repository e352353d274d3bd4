"""What proves who somebody is, as it lies on the disk: no badge, no secret, whole or not at all; the setup code; a passkey's answers."""

import json
import stat
from pathlib import Path

import pytest

from cabinet.adapters.credential import CREDENTIALS, Credential, CredentialsDamaged, read_credentials, write_credentials
from cabinet.adapters.directory import StaffDirectory
from cabinet.adapters.secrets import ArgonSecrets, InlineSecrets
from cabinet.adapters.setup_code import SetupCodeFile
from cabinet.domain.vocabulary import StaffId
from cabinet.ports import BadgeTaken, Passkey, PasskeyRefused, Recognition

ANA, BEN = StaffId("ana"), StaffId("ben")
HERE = "http://localhost:8080"


def directory(state: Path) -> StaffDirectory:
    """A directory that writes down whatever changes."""
    return StaffDirectory(read_credentials(state), InlineSecrets(), lambda known: write_credentials(state, known))


async def test_what_is_set_is_on_the_disk_and_read_back(tmp_path: Path) -> None:
    """A restart must know everybody; badge and PIN are in no file."""
    known = directory(tmp_path)
    known.set_badge(ANA, "4471100")
    await known.set_pin(ANA, "271828")
    await known.set_pin(ANA, "604937", is_temporary=True)
    known.keep_passkey(ANA, Passkey("id-1", "key-1", 7))
    path = tmp_path / CREDENTIALS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not {"4471100", "271828", "604937"} & set(path.read_text().split('"'))
    again = directory(tmp_path)
    assert await again.recognise(badge="4471100", staff_id=None, secret="271828") == Recognition(ANA, ANA, ("badge", "secret"))
    shift = await again.recognise(badge="4471100", staff_id=None, secret="604937")
    assert shift == Recognition(ANA, ANA, ("badge", "secret"), is_temporary=True)
    assert again.owner_of("id-1") == ANA
    assert again.passkeys(ANA) == (Passkey("id-1", "key-1", 7),)


async def test_a_pin_that_is_set_anew_ends_the_one_for_the_shift(tmp_path: Path) -> None:
    """Two ways in are one too many once the first works again."""
    known = directory(tmp_path)
    await known.set_pin(ANA, "604937", is_temporary=True)
    await known.set_pin(ANA, "271828")
    assert (await known.recognise(badge=None, staff_id="ana", secret="604937")).staff is None


def test_a_badge_belongs_to_one_person(tmp_path: Path) -> None:
    """Else one of them signs in as the other."""
    known = directory(tmp_path)
    known.set_badge(ANA, "1")
    with pytest.raises(BadgeTaken):
        known.set_badge(BEN, "1")
    known.set_badge(ANA, None)
    known.set_badge(BEN, "1")


def test_marks_differ_with_the_pepper_and_are_no_digest_of_a_secret() -> None:
    """A stolen file tells no badge, and a badge whose number is somebody's PIN tells no PIN."""
    one, other = ArgonSecrets(b"a" * 32), ArgonSecrets(b"b" * 32)
    assert one.mark("4471100") != other.mark("4471100")
    twin = InlineSecrets()
    assert twin.mark("4471100") not in twin.digest_now("4471100")


@pytest.mark.parametrize(
    "told", ["{", "[]", '{"staff": []}', '{"form": 1, "staff": []}', '{"form": 2, "staff": [{"staff": "a"}]}',
             '{"form": 2, "staff": [{"staff": "a", "badge": 1, "digest": "", "temporary": "", "passkeys": []}]}'],
)  # fmt: skip
def test_a_file_that_is_not_what_it_must_be_is_said_so(tmp_path: Path, told: str) -> None:
    """Nobody is let in by a file that cannot be read, and nobody is forgotten silently."""
    (tmp_path / CREDENTIALS).write_text(told)
    with pytest.raises(CredentialsDamaged):
        read_credentials(tmp_path)


def test_a_write_that_fails_leaves_the_file_before(tmp_path: Path) -> None:
    """A power cut while one PIN is set must not forget everybody."""
    write_credentials(tmp_path, [Credential(ANA, "", "digest")])
    before = (tmp_path / CREDENTIALS).read_text()
    with pytest.raises(TypeError):
        write_credentials(tmp_path, [Credential(BEN, "", b"no text")])  # type: ignore[arg-type]
    assert (tmp_path / CREDENTIALS).read_text() == before


def test_the_setup_code_is_its_own_users_alone_and_changes_when_guessed_at(tmp_path: Path) -> None:
    """Whoever can read the state folder may enrol; whoever guesses never comes nearer."""
    code = SetupCodeFile(tmp_path)
    first = code.needed()
    assert stat.S_IMODE(code.path.stat().st_mode) == 0o600
    assert SetupCodeFile(tmp_path).needed() == first
    assert code.is_right(f" {first[:5].lower()}-{first[5:]} ")
    for _ in range(5):
        assert not code.is_right("WRONG")
    assert code.needed() != first
    code.spend()
    assert not code.path.exists()


def test_a_passkeys_answer_must_be_to_a_question_that_is_open(tmp_path: Path) -> None:
    """A recorded answer, one to another person's invitation or none at all proves nothing."""
    ceremony = directory(tmp_path).ceremony
    for nonsense in ("", "[]", "{}", '{"response": {"clientDataJSON": "e30"}}'):
        with pytest.raises(PasskeyRefused):
            ceremony.recognise(nonsense, HERE)
    with pytest.raises(PasskeyRefused):
        ceremony.ask("http://127.0.0.1:8080")
    challenge = json.loads(ceremony.invite(ANA, "Ana", HERE))["challenge"]
    client = json.dumps({"type": "webauthn.create", "challenge": challenge, "origin": HERE})
    from webauthn.helpers import bytes_to_base64url

    answer = json.dumps({"id": "x", "response": {"clientDataJSON": bytes_to_base64url(client.encode())}})
    for person in (BEN, ANA):
        with pytest.raises(PasskeyRefused):
            ceremony.register(person, answer, HERE)
