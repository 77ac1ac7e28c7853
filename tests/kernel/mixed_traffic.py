# SPDX-License-Identifier: BSD-2-Clause
"""Sessions of several users, control groups, network namespaces, families and processes, some of them open from
before a moment until after another one."""

import ctypes
import encodings.idna  # noqa: F401  # pylint: disable=unused-import  # of connect(); not readable for every user
import os
import select
import signal
import socket

from kernel_case import CLONE_NEWNET, Failure, Skip, enter_namespace, expect_equal

ADDRESS = {"4": "127.0.0.1", "6": "::1", "mapped": "::ffff:127.0.0.1"}
CLONE_NEWNS, MS_BIND, MS_REC, MS_PRIVATE = 0x20000, 4096, 16384, 1 << 18
NETNS_FOLDER = "/run/netns"
OLD_A_FAMILY = 3  # sessions that are open before the start
# Both sides of those, and of four more, and one that is refused.
SESSIONS_A_PAIR = len(ADDRESS) * (2 * (OLD_A_FAMILY + 4) + 1)


def make_socket(family):
    s = socket.socket(socket.AF_INET if family == "4" else socket.AF_INET6, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return s


def start_process(function):
    """Runs it in another process, which it never leaves; the process's number."""
    pid = os.fork()
    if pid == 0:
        try:
            function()
            signal.pause()
        finally:
            os._exit(1)
    return pid


def mount(*arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(*arguments) != 0:
        raise Skip(f"cannot mount: {os.strerror(ctypes.get_errno())}")


def hide_run():
    """A /run of this process's own, so that namespaces can be named as ip-netns(8) does."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        raise Skip(f"no mount namespace: {os.strerror(ctypes.get_errno())}")
    mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)
    mount(b"none", b"/run", b"tmpfs", 0, None)
    os.mkdir(NETNS_FOLDER)


class Namespace:
    """Another network namespace, kept by a process, with a file of that name."""

    def __init__(self, name):
        ready, write_end = os.pipe()
        self.pid = start_process(lambda: (enter_namespace(), os.write(write_end, b"x")))
        os.close(write_end)
        expect_equal(os.read(ready, 1), b"x", "the other namespace")
        os.close(ready)
        self.inode = os.stat(f"/proc/{self.pid}/ns/net").st_ino
        self.path = os.path.join(NETNS_FOLDER, name)
        with open(self.path, "xb"):
            pass
        mount(f"/proc/{self.pid}/ns/net".encode(), self.path.encode(), None, MS_BIND, None)

    def stop(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


class Groups:
    """Three control groups: parent, parent/leaf, other; or why there are none."""

    NAMES = ("parent", "parent/leaf", "other")

    def __init__(self):
        self.why_not = ""
        self.mount = None
        with open("/proc/self/mounts", encoding="utf-8") as file:
            for line in file:
                if line.split()[2] == "cgroup2":
                    self.mount = self.mount or line.split()[1]
        self.below = f"/tcplife-test-{os.getpid()}"
        try:
            if not self.mount:
                raise OSError("control groups of version 2 are not mounted")
            os.mkdir(self.folder())
            for name in self.NAMES:
                os.mkdir(self.folder(name))
        except OSError as error:
            self.why_not = f"no control group can be made: {error}"

    def folder(self, name=""):
        return os.path.join(self.mount + self.below, name)

    def path(self, name):
        return os.path.join(self.below, name)

    def id(self, name):
        return os.stat(self.folder(name)).st_ino

    def remove(self):
        """When nothing runs in them."""
        for name in (*reversed(self.NAMES), ""):
            if not self.why_not:
                os.rmdir(self.folder(name))


class Pair:
    """A client and a server, each a process of its own."""

    def __init__(self, namespace, group, client_uid, server_uid, port):
        self.port = port
        self.place = (namespace, group)
        self.closed, closed = os.pipe()
        self.told, self.tell = os.pipe()
        self.went, self.go = os.pipe()
        self.server = start_process(lambda: self.serve(server_uid, closed))
        os.close(closed)
        self.wait_for_server()
        self.client = start_process(lambda: self.make_sessions(client_uid))
        self.wait_for_client()

    def settle(self, uid):
        namespace, group = self.place
        if group:
            with open(os.path.join(group, "cgroup.procs"), "w", encoding="ascii") as file:
                file.write(str(os.getpid()))
        if namespace:
            with open(namespace, "rb") as file:
                expect_equal(ctypes.CDLL(None).setns(file.fileno(), CLONE_NEWNET), 0, "setns")
        os.setgid(uid)
        os.setuid(uid)

    def at(self, family):
        return ADDRESS[family], self.port + (family == "mapped")

    def serve(self, uid, closed):
        """Answers each session's first byte; closes at once after a 'c', else after the client."""
        self.settle(uid)
        listeners = [make_socket(family) for family in ADDRESS]
        for listener, family in zip(listeners, ADDRESS):
            listener.bind(self.at(family))
            listener.listen()
        os.write(closed, b"x")
        sockets = list(listeners)
        while True:
            for s in select.select(sockets, [], [])[0]:
                if s in listeners:
                    sockets.append(s.accept()[0])
                elif self.take(s):
                    sockets.remove(s)
                    s.close()
                    os.write(closed, b"x")

    @staticmethod
    def take(s):
        """True when the session is to be closed."""
        try:
            word = s.recv(1)
            if word:
                s.sendall(word)
            return word in (b"", b"c")
        except ConnectionResetError:
            return True

    def connect(self, family, word=b"k"):
        """A session that the server has accepted."""
        s = make_socket(family)
        s.connect(self.at(family))
        s.sendall(word)
        s.recv(1)
        return s

    def wait_for_server(self):
        expect_equal(os.read(self.closed, 1), b"x", "the server's word")

    def wait_for_client(self):
        expect_equal(select.select([self.told], [], [], 60)[0], [self.told], "a client within a minute")
        expect_equal(os.read(self.told, 1), b"x", "the client's word")

    def end(self, s, reset=False):
        if reset:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        s.close()
        self.wait_for_server()

    def refuse(self, family):
        s = make_socket(family)
        address, port = self.at(family)
        try:
            s.connect((address, port + 2))
        except ConnectionRefusedError:
            s.close()
            return
        raise Failure("nobody refused")

    def make_sessions(self, uid):
        self.settle(uid)
        old = [self.connect(family) for family in ADDRESS for _ in range(OLD_A_FAMILY)]
        os.write(self.tell, b"x")
        os.read(self.went, 1)
        kept = []
        for family in ADDRESS:
            self.end(self.connect(family))
            self.end(self.connect(family, b"c"))
            self.end(self.connect(family), reset=True)
            self.refuse(family)
            kept.append(self.connect(family))
        for i, s in enumerate(old):  # of each family one is closed, one is reset, one stays open
            if i % OLD_A_FAMILY:
                self.end(s, reset=i % OLD_A_FAMILY == 1)
        os.write(self.tell, b"x")
        signal.pause()

    def run(self):
        os.write(self.go, b"x")
        self.wait_for_client()

    def stop(self):
        for pid in (self.client, self.server):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        for fd in (self.closed, self.told, self.tell, self.went, self.go):
            os.close(fd)
