# SPDX-License-Identifier: BSD-2-Clause
"""A virtual machine with another kernel, emulated: its initial files, and what it wrote when it has ended.

usage: machine.py NEEDS ARCH KERNEL PROGRAM... begins one with a shell, on this terminal. tests/vm/run calls it so.
"""

import base64
import binascii
import gzip
import io
import os
import pathlib
import re
import stat
import subprocess
import sys
import tarfile
import tempfile

GUEST = pathlib.Path(__file__).resolve().parent / "guest"
TIME_LIMIT_S = 1200  # as long as no machine takes that has not come to a halt, on a host with much else to do
TAIL_LINES = 25
OUT = re.compile(rb"^VM-OUT-BEGIN\r?\n(.*?)^VM-OUT-END\r?$", re.M | re.S)

# What is special about an architecture: the emulator with its machine, and the console.
MACHINES = {
    "amd64": (["qemu-system-x86_64", "-cpu", "max"], "ttyS0"),
    "arm64": (["qemu-system-aarch64", "-machine", "virt", "-cpu", "cortex-a72"], "ttyAMA0"),
}


class NoOutput(Exception):
    """It did not come to its end; the text says so, with the last lines of its console."""


class Archive:
    """An initial file system, as the kernel unpacks it (cpio's format "newc")."""

    def __init__(self):
        self.data = io.BytesIO()
        self.count = 0
        self.folders = set()

    def _add(self, name, mode, content=b"", device=(0, 0)):
        self.count += 1
        encoded = name.encode() + b"\0"
        numbers = (self.count, mode, 0, 0, 1, 0, len(content), 0, 0, *device, len(encoded), 0)
        self.data.write(b"070701" + b"".join(b"%08X" % number for number in numbers) + encoded)
        self._pad()
        self.data.write(content)
        self._pad()

    def _pad(self):
        self.data.write(bytes(-self.data.tell() % 4))

    def _add_folders(self, name):
        for folder in reversed(pathlib.PurePath(name).parents[:-1]):
            if folder not in self.folders:
                self.folders.add(folder)
                self._add(str(folder), stat.S_IFDIR | 0o755)

    def add_file(self, name, content):
        self._add_folders(name)
        self._add(name, stat.S_IFREG | 0o755, content)

    def add_console(self):
        self._add_folders("dev/console")
        self._add("dev/console", stat.S_IFCHR | 0o600, device=(5, 1))

    def close(self):
        self._add("TRAILER!!!", 0)
        return self.data.getvalue()


def make_archive(needs, programs, tables):
    """Initial files: our own scripts, Debian's busybox, the programs (paths), and tables (texts by name)."""
    archive = Archive()
    archive.add_console()
    archive.add_file("init", (GUEST / "init").read_bytes())
    archive.add_file("bin/busybox", (pathlib.Path(needs) / "busybox").read_bytes())
    for program in programs:
        archive.add_file("bin/" + os.path.basename(program), pathlib.Path(program).read_bytes())
    for script in GUEST.iterdir():
        archive.add_file("guest/" + script.name, script.read_bytes())
    for name, text in tables.items():
        archive.add_file("guest/" + name, text.encode())
    return archive.close()


def command(arch, needs, kernel, archive, words="", serial="stdio"):
    """That starts the machine, its console on standard input and output; it ends with the kernel, whichever way."""
    emulator, console = MACHINES[arch]
    return [*emulator, "-accel", "tcg", "-m", "768", "-smp", "2", "-nographic", "-nodefaults", "-no-reboot",
            "-serial", serial, "-kernel", os.path.join(needs, "kernel-" + kernel), "-initrd", archive,
            "-append", f"console={console} quiet panic=-1 {words}"]


def unpack(console, folder):
    """What the guest has sent, in the folder."""
    found = OUT.search(console)
    if not found:
        return False
    try:
        data = gzip.decompress(base64.b64decode(found[1]))
    except (binascii.Error, EOFError, OSError):
        return False
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        archive.extractall(folder)
    return True


def run(arch, needs, kernel, archive, folder):
    """Runs a machine to its end; what it wrote is in the folder then. Raises NoOutput."""
    path = os.path.join(folder, "initrd")
    pathlib.Path(path).write_bytes(archive)
    how = "ended"
    try:
        console = subprocess.run(command(arch, needs, kernel, path), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, timeout=TIME_LIMIT_S, check=False).stdout
    except subprocess.TimeoutExpired as expired:
        console, how = expired.stdout or b"", f"hung for {TIME_LIMIT_S} s"
    if not unpack(console, folder):
        tail = "\n# ".join(console.decode(errors="replace").splitlines()[-TAIL_LINES:])
        raise NoOutput(f"the machine {how} without results; its console's last lines:\n# {tail}")


def main():
    needs, arch, kernel, *programs = sys.argv[1:]
    sys.path.append(str(GUEST.parents[1] / "kernel"))
    from matrix import tables_of  # pylint: disable=import-outside-toplevel
    with tempfile.NamedTemporaryFile() as file:
        file.write(make_archive(needs, programs, tables_of(arch)))
        file.flush()
        # Ctrl-C is for the guest; Ctrl-A X ends the machine.
        subprocess.run(command(arch, needs, kernel, file.name, "shell", "mon:stdio"), check=False)


if __name__ == "__main__":
    main()
