# SPDX-License-Identifier: BSD-2-Clause
"""A place for a journal's socket that is no other program's: /run of a mount namespace of our own; and what comes to a
socket there, by the journal's native protocol."""
import os
import pathlib
import socket
import struct
import subprocess
import sys
import threading

SOCKET = pathlib.Path("/run/systemd/journal/socket")
INSIDE = "JOURNAL_NAMESPACE"
UNSHARE = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
MOUNT = ["mount", "-t", "tmpfs", "none", "/run"]


def enter():
    """Runs this program again in such a namespace; goes on there. Ends it when there can be none."""
    if os.environ.get(INSIDE):
        subprocess.run(MOUNT, check=True)
        SOCKET.parent.mkdir(parents=True)
        return
    try:
        tried = subprocess.run([*UNSHARE, *MOUNT], capture_output=True, check=False)
        why = "" if tried.returncode == 0 else tried.stderr.decode().strip()
    except FileNotFoundError as missing:
        why = str(missing)
    if why:
        print(f"SKIP journal: no mount namespace with a file system of its own can be had: {why}")
        sys.exit(77)
    os.execvpe(UNSHARE[0], [*UNSHARE, sys.executable, *sys.argv], dict(os.environ, **{INSIDE: "1"}))


def fields_of(datagram):
    """The fields of an entry: NAME=VALUE and a line feed; or NAME, a line feed, the value's length, it, a line feed."""
    fields = {}
    while datagram:
        line, _, rest = datagram.partition(b"\n")
        name, equals, value = line.partition(b"=")
        if equals:
            datagram = rest
        else:
            size, = struct.unpack_from("<Q", rest)
            value, end, datagram = rest[8:8 + size], rest[8 + size:9 + size], rest[9 + size:]
            assert len(value) == size and end == b"\n", rest
        assert name.decode() not in fields, name
        fields[name.decode()] = value
    return fields


class Receiver:
    """A socket that takes entries, until it is closed."""

    def __init__(self, queue=None):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(SOCKET))
        if queue:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, queue)
        self.entries = []
        self.thread = threading.Thread(target=self.take, daemon=True)
        self.thread.start()

    def take(self):
        while True:
            datagram = self.socket.recv(1 << 20)
            if not datagram:
                return
            self.entries.append(fields_of(datagram))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
            end.sendto(b"", str(SOCKET))
        self.thread.join()
        self.socket.close()
        SOCKET.unlink()
