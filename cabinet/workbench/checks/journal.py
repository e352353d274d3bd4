"""The doctor's checks of disk, journal and clock. Alone knows: these rows. Must not know: how evidence is gathered."""

from collections.abc import Iterator

from cabinet.workbench.check import Check, Evidence

LEAST_BYTES = 1_000_000_000
FOREIGN = ("nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "vboxsf")
PASSING = ("tmpfs", "ramfs")
MOST_STARTS = 5


def _no_state(evidence: Evidence) -> Iterator[str]:
    if not evidence.is_state_there:
        yield evidence.state


def _unwritable(evidence: Evidence) -> Iterator[str]:
    if evidence.is_state_there and not evidence.is_state_writable:
        yield evidence.state


def _full(evidence: Evidence) -> Iterator[str]:
    if evidence.free_bytes is not None and evidence.free_bytes < LEAST_BYTES:
        yield f"{evidence.free_bytes // 1_000_000} MB are free"


def _foreign(evidence: Evidence) -> Iterator[str]:
    if evidence.volume is not None and evidence.volume.file_system in FOREIGN:
        yield f"{evidence.state} is on {evidence.volume.file_system}"


def _passing(evidence: Evidence) -> Iterator[str]:
    if evidence.volume is not None and evidence.volume.file_system in PASSING:
        yield f"{evidence.state} is on {evidence.volume.file_system}"


def _plain(evidence: Evidence) -> Iterator[str]:
    if evidence.volume is not None and not evidence.volume.is_enciphered:
        yield f"{evidence.state} is on {evidence.volume.in_words}"


def _no_journal(evidence: Evidence) -> Iterator[str]:
    if evidence.is_state_there and evidence.record is None:
        yield f"{evidence.state}/journal.db"


def _broken(evidence: Evidence) -> Iterator[str]:
    if evidence.record is not None and evidence.record.broken:
        yield evidence.record.broken


def _unset(evidence: Evidence) -> Iterator[str]:
    if evidence.now < evidence.built:
        yield f"it is {evidence.now:%Y-%m-%d} here, and this software is of {evidence.built:%Y-%m-%d}"


def _behind(evidence: Evidence) -> Iterator[str]:
    newest = None if evidence.record is None else evidence.record.newest_at
    if newest is not None and evidence.now < newest:
        yield f"by {(newest - evidence.now).total_seconds():.0f} s"


def _alone(evidence: Evidence) -> Iterator[str]:
    if evidence.is_synchronised is False:
        yield "the system says that it is not"


def _restless(evidence: Evidence) -> Iterator[str]:
    if evidence.record is not None and evidence.record.starts_in_a_day > MOST_STARTS:
        yield f"{evidence.record.starts_in_a_day} starts in 24 hours"


CHECKS = (
    Check(
        "doctor.state_missing",
        "Is there a state folder?",
        "The folder that --state or the site names.",
        "The cabinet has never run here, or the folder's disk is not mounted.",
        "Mount the disk, or name the folder with --state.",
        _no_state,
    ),
    Check(
        "doctor.state_unwritable",
        "May the cabinet write its state?",
        "A right that the system is asked for.",
        "The folder belongs to somebody else, or its disk is mounted read-only after an error.",
        "Look at `dmesg` for the disk; give the folder to the cabinet's user.",
        _unwritable,
    ),
    Check(
        "doctor.disk_full",
        "Is there room for the journal?",
        f"Free bytes of its disk; at least {LEAST_BYTES // 1_000_000} MB.",
        "Logs or copies fill the disk. A journal that cannot be written stops the cabinet.",
        "Make room; never delete the journal.",
        _full,
    ),
    Check(
        "doctor.disk_foreign",
        "Is the journal on a disk of this machine?",
        "The kind of its file system.",
        "Network file systems promise a durability and locks that they do not keep.",
        "Move the state folder to a local disk.",
        _foreign,
    ),
    Check(
        "doctor.disk_passing",
        "Does the journal outlive a power cut?",
        "The kind of its file system.",
        "The folder lies in memory: everything is lost at the next start.",
        "Move the state folder to a disk.",
        _passing,
        is_warning=True,
    ),
    Check(
        "doctor.disk_plain",
        "Is the journal enciphered where it lies?",
        "The device below its file system: dm-crypt, as LUKS uses it, in whichever layer. No other way of enciphering is seen from here.",
        "Patients and people stand in it by name: whoever takes the disk, or a copy of it, reads them.",
        "Put the state folder on a LUKS volume; or know that the drive enciphers by itself, and who holds its key.",
        _plain,
        is_warning=True,
    ),
    Check(
        "doctor.journal_missing",
        "Is there a journal?",
        "The file journal.db of the state folder.",
        "The cabinet has never run with this folder.",
        "`adc run` begins one; put a copy back where one was lost.",
        _no_journal,
    ),
    Check(
        "doctor.journal_broken",
        "Does the journal verify?",
        "The hashes of its newest facts, and whether it can be read.",
        "The file was changed by something else than the cabinet, or its disk is failing.",
        "Stop the cabinet, keep the file, `adc journal verify`, and put a copy back.",
        _broken,
    ),
    Check(
        "doctor.clock_unset",
        "Is the clock set?",
        "The time here, against the day that this software was made.",
        "The clock's battery is empty, or the machine has never been told the time.",
        "Set the clock; the cabinet begins no journal before.",
        _unset,
    ),
    Check(
        "doctor.clock_behind",
        "Is the clock ahead of the journal?",
        "The time here, against the newest fact.",
        "The clock was turned back, or was wrong while facts were written.",
        "Set the clock by a time server.",
        _behind,
    ),
    Check(
        "doctor.clock_alone",
        "Is the clock kept by a time server?",
        "What the system says of its clock.",
        "No time server is set up or reached.",
        "Set up chrony or systemd-timesyncd with the hospital's time server.",
        _alone,
        is_warning=True,
    ),
    Check(
        "doctor.restless",
        "Does the controller stay up?",
        f"Starts in the journal's last 24 hours; more than {MOST_STARTS} are too many.",
        "It ends by itself, or its supply is interrupted.",
        "Look at its log and at the power supply.",
        _restless,
    ),
)
