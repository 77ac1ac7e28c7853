# SPDX-License-Identifier: BSD-2-Clause
"""A small disk, which tests can fill."""

import ctypes
import errno
import os
import subprocess

from kernel_case import Skip, expect_equal

CLONE_NEWNS = 0x00020000
DISK_BYTES = 1 << 18
mounted = []


def mount_disk(tools):
    """A small disk, in a mount namespace of this process's own."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        raise Skip(f"no mount namespace: {os.strerror(ctypes.get_errno())}")
    os.mkdir(tools.path("disk"))
    for command in (["mount", "--make-rprivate", "/"],
                    ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", tools.path("disk")]):
        result = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
        if result.returncode != 0:
            os.rmdir(tools.path("disk"))
            raise Skip(f"no tmpfs: {result.stderr.strip()}")
    mounted.append(tools.path("disk"))


def empty_disk(tools):
    """Mounts it first, once."""
    if not os.path.exists(tools.path("disk")):
        mount_disk(tools)
    for name in os.listdir(tools.path("disk")):
        os.unlink(tools.path(os.path.join("disk", name)))


def unmount_disks():
    while mounted:
        subprocess.run(["umount", mounted.pop()], check=False)


def fill_disk(tools, name, leave=0):
    """Writes a file that leaves so many bytes free; its path."""
    path = tools.path(os.path.join("disk", name))
    free = os.statvfs(tools.path("disk"))
    rest = max(free.f_bavail * free.f_frsize - leave, 0)
    with open(path, "wb", buffering=0) as file:
        try:
            while rest > 0:
                rest -= file.write(bytes(min(rest, 4096)))
        except OSError as error:
            expect_equal(error.errno, errno.ENOSPC, "error of filling the disk")
    return path


def free_bytes(tools):
    free = os.statvfs(tools.path("disk"))
    return free.f_bavail * free.f_frsize
