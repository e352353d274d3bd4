"""What a folder lies on is told from what the kernel says and never as more than that: made trees of /proc and /sys, and this machine."""

from pathlib import Path

import pytest

from cabinet.workbench.volume import Volume, volume_of

CRYPT = "CRYPT-LUKS2-3e1f-luks"


def machine(root: Path, source: str, kind: str = "ext4") -> Path:
    """A machine that has one file system at /srv, and nothing else below it yet."""
    (root / "proc/self").mkdir(parents=True)
    rows = ("22 1 0:20 / / rw - overlay overlay rw", f"36 22 8:2 / /srv rw,relatime shared:1 - {kind} {source} rw")
    (root / "proc/self/mountinfo").write_text("\n".join(rows) + "\n")
    (root / "dev/mapper").mkdir(parents=True)
    (root / "sys/class/block").mkdir(parents=True)
    return root


def block(root: Path, name: str, *, uuid: str = "", on: tuple[str, ...] = (), disk: str = "") -> None:
    """A block device: of device mapper where it has a uuid, `on` other devices, or a partition of a `disk`."""
    node = root / "sys/devices" / disk / name
    (node / "slaves").mkdir(parents=True)
    if uuid:
        (node / "dm").mkdir()
        (node / "dm/uuid").write_text(f"{uuid}\n")
    if disk:
        (node / "partition").write_text("2\n")
    (root / "sys/class/block" / name).symlink_to(node)
    for below in on:
        (node / "slaves" / below).symlink_to((root / "sys/class/block" / below).resolve())


def test_a_plain_partition_is_not_enciphered(tmp_path: Path) -> None:
    """The disk that a thief takes is readable."""
    root = machine(tmp_path, "/dev/sda2")
    block(root, "sda")
    block(root, "sda2", disk="sda")
    assert volume_of(Path("/srv/state"), root) == Volume("ext4", "/dev/sda2", False)


def test_a_volume_on_dm_crypt_is_in_whichever_layer(tmp_path: Path) -> None:
    """LVM on LUKS on a partition, by its name in /dev/mapper."""
    root = machine(tmp_path, "/dev/mapper/ward-state")
    block(root, "sda")
    block(root, "sda2", disk="sda")
    block(root, "dm-0", uuid=CRYPT, on=("sda2",))
    block(root, "dm-1", uuid="LVM-abc", on=("dm-0",))
    (root / "dev/dm-1").touch()
    (root / "dev/mapper/ward-state").symlink_to(root / "dev/dm-1")
    found = volume_of(Path("/srv/state"), root)
    assert (found.device, found.is_enciphered) == ("/dev/mapper/ward-state", True)
    assert found.in_words == "ext4 on /dev/mapper/ward-state: dm-crypt is below it"


def test_a_volume_of_which_one_part_is_plain_is_plain(tmp_path: Path) -> None:
    """Half of the journal in clear is the journal in clear."""
    root = machine(tmp_path, "/dev/md0", "btrfs")
    block(root, "sdb")
    block(root, "dm-0", uuid=CRYPT, on=("sdb",))
    block(root, "sdc")
    block(root, "md0", on=("dm-0", "sdc"))
    assert volume_of(Path("/srv/state"), root).is_enciphered is False


@pytest.mark.parametrize(("source", "kind"), [("tmpfs", "tmpfs"), ("server:/export", "nfs4"), ("pool/state", "zfs"), ("/dev/gone", "ext4")])
def test_of_what_cannot_be_asked_nothing_is_claimed(tmp_path: Path, source: str, kind: str) -> None:
    """Neither that it is enciphered, nor that it is not."""
    found = volume_of(Path("/srv/state"), machine(tmp_path, source, kind))
    assert (found.file_system, found.is_enciphered) == (kind, None)


def test_a_mount_with_a_space_in_its_name_is_found(tmp_path: Path) -> None:
    """The kernel writes it as an octal number."""
    root = machine(tmp_path, "/dev/sda2")
    (root / "proc/self/mountinfo").write_text("36 22 8:2 / /srv/ward\\0403 rw - ext4 /dev/sda2 rw\n")
    block(root, "sda2")
    assert volume_of(Path("/srv/ward 3/state"), root).device == "/dev/sda2"


def test_this_machine_says_something_or_nothing_and_never_fails(tmp_path: Path) -> None:
    """Whatever it is that the tests run on."""
    assert volume_of(tmp_path).is_enciphered in {True, False, None}
    assert volume_of(tmp_path, tmp_path / "nowhere") == Volume()
