# SPDX-License-Identifier: BSD-2-Clause
"""A Debian of the smallest kind below a directory: made once, unpacked for each run, and looked at as a list of files."""

import os
import pathlib
import stat
import subprocess

SECONDS = 600
# Its own mounts, which go with the process; the host's kernel, with all that BPF needs; a network of its own.
ENTER = """set -e
mount --rbind /sys "$0/sys"
mount --bind /dev "$0/dev"
mount -t proc proc "$0/proc"
[ "$1" = shared ] || ip link set lo up
shift
exec "$@"
"""
# What dpkg and apt leave of any package, and the copies that programs for users make before they write.
NOT_OURS = ("var/lib/dpkg/", "var/lib/apt/", "var/cache/", "var/log/", "proc/", "sys/", "dev/", "tmp/")
BACKUPS = ("etc/passwd-", "etc/group-", "etc/shadow-", "etc/gshadow-", "etc/subuid-", "etc/subgid-")
ACCOUNTS = ("etc/passwd", "etc/group", "etc/shadow", "etc/gshadow")


class Missing(Exception):
    """It is not to be had; the text says why."""


def reason_of(done):
    """What a program that failed said last."""
    lines = (done.stderr + done.stdout).strip().splitlines()
    return lines[-1] if lines else f"status {done.returncode}"


def run(*command, **how):
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS, **how)


def chroot_command(root, *command, network="own", user=None):
    namespaces = ["unshare", "--mount", "--propagation", "private"] + (["--net"] if network == "own" else [])
    as_whom = [f"--userspec={user}"] if user else []
    return [*namespaces, "sh", "-c", ENTER, str(root), network,
            "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive",
            "chroot", *as_whom, str(root), *command]


class BareRoot:
    """One such root. Its processes see the host's kernel, and no network but their own loopback."""

    def __init__(self, path):
        self.path = path

    def run(self, *command, **how):
        """Runs a command in it."""
        return run(*chroot_command(self.path, *command, **how))

    def start(self, *command, **how):
        """Starts one; its output comes in pipes."""
        return subprocess.Popen(chroot_command(self.path, *command, **how), stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def listing(self):
        """What is in it: files by name, kind and rights; accounts by name."""
        found = set()
        for folder, folders, files in os.walk(self.path):
            for name in folders + files:
                path = os.path.join(folder, name)
                short = os.path.relpath(path, self.path)
                if not short.startswith(NOT_OURS) and short not in BACKUPS:
                    found.add(f"{short} {stat.filemode(os.lstat(path).st_mode)}")
        for name in ACCOUNTS:
            lines = (self.path / name).read_text(encoding="utf-8").splitlines()
            found.update(f"{name}: {line.split(':')[0]}" for line in lines)
        return found


def release():
    """(system, its release's name), as /etc/os-release has them."""
    lines = pathlib.Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    about = dict(line.replace('"', "").split("=", 1) for line in lines if "=" in line)
    return about.get("ID", ""), about.get("VERSION_CODENAME", "")


def make(path, packages, files):
    """A new root at path with packages in it, and the files of others, not installed, in its /peers."""
    system, name = release()
    components = "main,universe" if system == "ubuntu" else "main"
    # It mounts what it then unmounts, unless it is killed.
    done = run("unshare", "--mount", "--propagation", "private", "debootstrap", "--variant=minbase", f"--components={components}", name, str(path))
    if done.returncode:
        raise Missing(f"debootstrap {name}: {reason_of(done)}")
    root = BareRoot(path)
    # It is thrown away: nothing has to be on the disk.
    (path / "etc/dpkg/dpkg.cfg.d/fast").write_text("force-unsafe-io\n")
    (path / "peers").mkdir()
    for command in (["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages],
                    ["apt-get", "-qq", "clean"],
                    ["sh", "-c", 'cd /peers && chmod 777 . && apt-get -qq download "$@"', "sh", *files]):
        done = root.run(*command, network="shared")
        if done.returncode:
            raise Missing(f"{' '.join(command[:3])} in a bare root: {reason_of(done)}")


def copy_of_base(cache, target, packages, files):
    """A fresh root at target, of the archive in cache, which is made when it is not there or of other packages."""
    archive, note = cache / "base.tar", cache / "packages"
    wanted = " ".join([*release(), *packages, *files])
    if note.exists() and note.read_text() == wanted:
        task = ["--extract"]
    else:
        note.unlink(missing_ok=True)
        cache.mkdir(parents=True, exist_ok=True)
        target.mkdir()
        make(target, packages, files)
        task = ["--create", "--one-file-system", target.name]
    done = run("tar", f"--file={archive}", "--numeric-owner", f"--directory={target.parent}", *task)
    if done.returncode:
        raise OSError(f"tar: {reason_of(done)}")
    note.write_text(wanted)
    return BareRoot(target)
