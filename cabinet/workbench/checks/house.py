"""The doctor's checks of pharmacy, kiosk, software, people and keys. Alone knows: these rows. Must not know: how evidence is gathered."""

from collections.abc import Iterator
from datetime import timedelta

from cabinet.domain.vocabulary import parse_utc
from cabinet.workbench.check import Check, Evidence

UNSENT_FOR = timedelta(hours=1)
OPEN_FOR = timedelta(hours=24)
WARN_BEFORE = timedelta(days=30)
LOOPBACK = ("127.", "localhost", "::1")


def _silent_broker(evidence: Evidence) -> Iterator[str]:
    if evidence.broker is not None and not evidence.broker.answers:
        yield evidence.broker.address


def _unsent(evidence: Evidence) -> Iterator[str]:
    record = evidence.record
    if record is not None and record.unsent_since is not None and evidence.now - record.unsent_since > UNSENT_FOR:
        yield f"{record.unsent} facts, the oldest of {record.unsent_since:%Y-%m-%d %H:%M}"


def _plain(evidence: Evidence) -> Iterator[str]:
    if evidence.loaded is not None:
        mqtt = evidence.loaded.site.mqtt
        if not mqtt.host.startswith(LOOPBACK) and not mqtt.ca_file:
            yield mqtt.host


def _down(evidence: Evidence) -> Iterator[str]:
    if evidence.health is None and not evidence.holder:
        yield "nobody writes the journal, and no kiosk answers"


def _deaf(evidence: Evidence) -> Iterator[str]:
    if evidence.health is None and evidence.holder:
        yield f"{evidence.holder} writes the journal"


def _starting(evidence: Evidence) -> Iterator[str]:
    if evidence.health is not None and evidence.health.get("mode") == "starting":
        yield "it is starting"


def _away(evidence: Evidence) -> Iterator[str]:
    held = None if evidence.core is None else evidence.core.state.maintenance
    if held is not None and evidence.health is not None:
        yield f"by {held.staff} since {held.since[:16]}"


def _other_software(evidence: Evidence) -> Iterator[str]:
    running = "" if evidence.core is None else evidence.core.state.software
    if evidence.health is not None and running and running != evidence.software:
        yield f"{running} runs, {evidence.software} is installed"


def _nobody(evidence: Evidence) -> Iterator[str]:
    if evidence.enrolled is not None and not evidence.enrolled:
        yield f"{evidence.state}/credentials.json"


def _damaged(evidence: Evidence) -> Iterator[str]:
    if evidence.enrolled is None:
        yield f"{evidence.state}/credentials.json"


def _no_technician(evidence: Evidence) -> Iterator[str]:
    if evidence.core is not None and evidence.enrolled:
        scene, world = evidence.core.scene, evidence.core.world
        known = [staff for one in evidence.enrolled if (staff := scene.staff(one)) is not None]
        if not any(world.policy.allows(staff.role, "maintain") for staff in known):
            yield f"roles that may: {', '.join(sorted(role for role in world.policy.may if world.policy.allows(role, 'maintain')))}"


def _strangers(evidence: Evidence) -> Iterator[str]:
    if evidence.core is not None:
        yield from (one for one in evidence.enrolled or () if evidence.core.scene.staff(one) is None)


def _demo(evidence: Evidence) -> Iterator[str]:
    if evidence.has_demo_pins:
        yield f"{evidence.state}/demo-pins.json"


def _readable(evidence: Evidence) -> Iterator[str]:
    yield from evidence.open_files


def _ending(evidence: Evidence) -> Iterator[str]:
    for one in evidence.certificates:
        if one.ends_at is not None and evidence.now > one.ends_at - WARN_BEFORE:
            yield f"{one.path}: {one.ends_at:%Y-%m-%d}"


def _unreadable(evidence: Evidence) -> Iterator[str]:
    yield from (f"{one.path}: {one.problem}" for one in evidence.certificates if one.problem)


def _unexplained(evidence: Evidence) -> Iterator[str]:
    if evidence.core is not None:
        for found in evidence.core.state.discrepancies.values():
            if found.is_open and evidence.now - parse_utc(found.at) > OPEN_FOR:
                yield f"{found.pocket}: since {found.at[:16]}"


CHECKS = (
    Check(
        "doctor.broker_silent",
        "Does the broker take a connection?",
        "A connection is opened and closed.",
        "The broker or the network is down, or the site names another host or port. The cabinet works on, and keeps what it has to say.",
        "Look at the network first, then at the broker.",
        _silent_broker,
    ),
    Check(
        "doctor.outbox_old",
        "Does the pharmacy hold every fact?",
        "The oldest fact that it has not acknowledged; at most an hour old.",
        "The pharmacy server, the broker or the network between is down.",
        "Nothing is lost. Look at the broker, then at the pharmacy server.",
        _unsent,
    ),
    Check(
        "doctor.broker_plain",
        "Is what goes to the broker enciphered?",
        "The broker's host and `ca_file` in the site.",
        "Everybody on the network can read it, and pretend to be the pharmacy.",
        "Set ca_file, cert_file and key_file in [mqtt].",
        _plain,
    ),
    Check(
        "doctor.controller_down",
        "Does the controller run?",
        "The lock of the journal, and the kiosk.",
        "It was stopped, or ended by itself.",
        "`adc run`, or `systemctl start` where it is a service; its log says why it ended.",
        _down,
    ),
    Check(
        "doctor.kiosk_silent",
        "Does the kiosk answer?",
        "Its health page, while somebody writes the journal.",
        "It listens on another port, or the controller hangs.",
        "Name the port with --kiosk-port; else look at the controller's log.",
        _deaf,
    ),
    Check(
        "doctor.still_starting",
        "Has the cabinet started?",
        "The mode that the kiosk names.",
        "A door's board answers and its contact settles nowhere, or it has just been started.",
        "Wait a minute; then `adc hw read`.",
        _starting,
        is_warning=True,
    ),
    Check(
        "doctor.in_maintenance",
        "Is the cabinet the ward's?",
        "The mode in the journal.",
        "A technician has it; it goes back by itself when the policy's time is over.",
        "Sign in and choose Give back, if the ward needs it.",
        _away,
        is_warning=True,
    ),
    Check(
        "doctor.software_differs",
        "Does the installed software run?",
        "The version of the last start, against the one installed here.",
        "It was updated, and not started again.",
        "Start the controller again when nobody is at the cabinet.",
        _other_software,
        is_warning=True,
    ),
    Check(
        "doctor.nobody_enrolled",
        "Can somebody sign in?",
        "The state folder's credentials.",
        "Nobody was enrolled: the cabinet opens for nobody.",
        "Enrol the first administrator at the cabinet's screen, with the code that `adc staff setup-code` tells.",
        _nobody,
    ),
    Check(
        "doctor.credentials_damaged",
        "Can the credentials be read?",
        "The state folder's credentials.",
        "The file is cut or was edited.",
        "Put it back from a copy, or enrol again.",
        _damaged,
    ),
    Check(
        "doctor.no_technician",
        "Can somebody serve the cabinet?",
        "Roles of those who can sign in, against the policy.",
        "Nobody enrolled here has a role that may take it into maintenance.",
        "Enrol a technician, or let another role 'maintain' in the policy.",
        _no_technician,
    ),
    Check(
        "doctor.stranger_enrolled",
        "Is everybody who can sign in on the staff list?",
        "Credentials, against the people that the cabinet knows.",
        "Somebody left, and their badge still stands in the file; they are refused.",
        "Enrol anew without them.",
        _strangers,
        is_warning=True,
    ),
    Check(
        "doctor.demo_pins",
        "Is this no demonstration?",
        "The demo's file of PINs in the state folder.",
        "The folder was made by `adc demo`: PINs lie in it in clear.",
        "Never put real medicines into it; begin another state folder.",
        _demo,
        is_warning=True,
    ),
    Check(
        "doctor.secret_readable",
        "Are the secrets kept to the cabinet?",
        "The modes of keys and credentials in the state folder.",
        "Others on this machine may read them.",
        "`chmod 600` what is named; draw a new key if anybody else works here.",
        _readable,
    ),
    Check(
        "doctor.certificate_ends",
        "Are the certificates good for another month?",
        "The dates in them.",
        "A certificate ends, and with it the connection to the pharmacy, or that of phones on the ward.",
        "Have it renewed.",
        _ending,
    ),
    Check(
        "doctor.certificate_unreadable",
        "Can the certificates be read?",
        "The files that [mqtt] and [ward] name.",
        "A file is missing, unreadable or no certificate: the courier cannot connect, or nobody looks in from the ward.",
        "Correct the path, or put the file back.",
        _unreadable,
    ),
    Check(
        "doctor.discrepancy_old",
        "Is every discrepancy explained within a day?",
        "Open discrepancies in the journal.",
        "Nobody has looked into it.",
        "The charge nurse or the pharmacy resolves it.",
        _unexplained,
        is_warning=True,
    ),
)
