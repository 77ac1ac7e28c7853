# SPDX-License-Identifier: BSD-2-Clause
"""Network namespaces of a test: a link between two, what is dropped there, what their kernels count.

A namespace is held by a file of this process, and by no process of its own: it goes with the test.
"""

import ctypes
import os
import re
import shutil
import subprocess
import time

from kernel_case import CLONE_NEWNET, Failure, Recorder, Skip, expect_equal

LIBC = ctypes.CDLL(None, use_errno=True)
PATIENCE_S = 60  # with what must come, on a machine that has other things to do
NETWORK = {"4": ("10.99.0.1/24", "10.99.0.2/24", "10.99.0.77"),
           "6": ("fd99::1/64", "fd99::2/64", "fd99::77")}  # here, there, nowhere
PORTS = tuple(range(24000, 24032))  # of servers; below the range from which clients get theirs
LISTEN, TIME_WAIT_TIMER = "0A", "03"  # /proc/net/tcp: st and tr; what an orphan in FIN_WAIT2 leaves has this timer, too
ATTEMPTS = 4
RPS_CPUS = "class/net/lo/queues/rx-0/rps_cpus"  # in sysfs
UNSEEN = re.compile(r".*: the kernel left out changes of state that an interrupt brought")


def address(family, side):
    """That of a side of the link: 0 is here, 1 there; 2 is nobody's."""
    return NETWORK[family][side].split("/", maxsplit=1)[0]


def need(*commands):
    for command in commands:
        if not shutil.which(command):
            raise Skip(f"no {command} command")


def run(*command, stdin=""):
    result = subprocess.run(command, input=stdin, stderr=subprocess.PIPE, text=True, check=False)
    expect_equal(result.returncode, 0, f"status of {' '.join(command)} ({result.stderr.strip()})")


def await_that(condition, what):
    """Asks until it is so."""
    limit = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > limit:
            raise Failure(f"in {PATIENCE_S} s it did not come that {what}")
        time.sleep(0.005)


class Raced(Failure):
    """What the kernel's own figures differ by when two of its processors meet: to be tried again."""


class Namespace:
    """`with namespace:` what is done inside is done there: sockets that are made, commands that run."""

    def __init__(self, make=True):
        """A new one, or that in which this process is."""
        home = os.open("/proc/self/ns/net", os.O_RDONLY)
        if not make:
            self.fd = home
        elif LIBC.unshare(CLONE_NEWNET) != 0:
            raise Skip(f"no network namespace: {os.strerror(ctypes.get_errno())}")
        else:
            self.fd = os.open("/proc/self/ns/net", os.O_RDONLY)
            LIBC.setns(home, CLONE_NEWNET)
            os.close(home)
        self.path = f"/proc/{os.getpid()}/fd/{self.fd}"
        self.inode = os.fstat(self.fd).st_ino
        self.homes = []

    def __enter__(self):
        self.homes.append(os.open("/proc/self/ns/net", os.O_RDONLY))
        expect_equal(LIBC.setns(self.fd, CLONE_NEWNET), 0, "setns")
        return self

    def __exit__(self, *error):
        home = self.homes.pop()
        expect_equal(LIBC.setns(home, CLONE_NEWNET), 0, "setns")
        os.close(home)

    def run(self, *command, stdin=""):
        with self:
            run(*command, stdin=stdin)

    def set(self, name, value):
        """A sysctl, such as net/ipv4/tcp_sack. Those that this kernel does not have are left alone."""
        with self:
            if os.path.exists(f"/proc/sys/{name}"):
                with open(f"/proc/sys/{name}", "w", encoding="ascii") as file:
                    file.write(str(value))

    def filter(self, *rules):
        """What becomes of packets for this namespace. They are dropped where they arrive: of one that is
        dropped on its way out the sender's kernel is told, and it counts nothing as sent."""
        need("nft")
        rules = "\n".join(("type filter hook input priority 0;", *rules))
        with self:
            if subprocess.run(["nft", "list", "ruleset"], capture_output=True, check=False).returncode != 0:
                raise Skip("no nftables in this kernel")
            run("nft", "-f", "-", stdin="table inet test\ndelete table inet test\n"
                                        f"table inet test {{\nchain in {{\n{rules}\n}}\n}}\n")

    def counters(self):
        """What its kernel counts: the sums of /proc/net/snmp and netstat, such as ("Tcp", "RetransSegs")."""
        values = {}
        with self:
            for name in ("snmp", "netstat"):
                with open(f"/proc/self/net/{name}", encoding="ascii") as file:
                    lines = [line.split() for line in file]
                for names, numbers in zip(lines[::2], lines[1::2]):
                    values.update(((names[0][:-1], key), int(value)) for key, value in zip(names[1:], numbers[1:]))
        return values

    def has_sessions(self):
        """True while a session has not ended there."""
        with self:
            for name in ("tcp", "tcp6"):
                with open(f"/proc/self/net/{name}", encoding="ascii") as file:
                    lines = [line.split() for line in list(file)[1:]]
                if any(line[3] != LISTEN and not line[5].startswith(TIME_WAIT_TIMER) for line in lines):
                    return True
        return False


class Link:
    """This process's network namespace, another one there, and a link between them."""

    def __init__(self):
        need("ip")
        self.here, self.there = Namespace(make=False), Namespace()
        if subprocess.run(["ip", "link", "add", "here", "type", "veth", "peer", "name", "there", "netns",
                           self.there.path], stderr=subprocess.DEVNULL, check=False).returncode != 0:
            raise Skip("no veth in this kernel")
        for side, name in enumerate(("here", "there")):
            namespace = self.both()[side]
            namespace.run("ip", "link", "set", name, "up")
            namespace.run("ip", "link", "set", "lo", "up")
            for family, addresses in NETWORK.items():
                # Duplicate address detection would take a second.
                nodad = ["nodad"] if family == "6" else []
                namespace.run("ip", "address", "add", addresses[side], "dev", name, *nodad)

    def both(self):
        return self.here, self.there

    def make_impatient(self):
        """Retransmits after milliseconds, and often; a segment is a packet, even here."""
        for namespace, name in zip(self.both(), ("here", "there")):
            namespace.run("ip", "link", "set", name, "gso_max_segs", "1")
            for route in ("10.99.0.0/24", "fd99::/64"):
                namespace.run("ip", "route", "replace", route, "dev", name, "metric", "1", "rto_min", "5ms")
            namespace.set("net/ipv4/tcp_orphan_retries", 100)
            namespace.set("net/ipv4/tcp_syn_retries", 20)
            namespace.set("net/ipv4/tcp_synack_retries", 20)
            namespace.set("net/ipv4/tcp_no_metrics_save", 1)
            namespace.set("net/ipv4/tcp_rto_max_ms", 1000)  # Linux 6.15: else a session may wait for minutes


def spread_interrupts(tools):
    """Loopback then delivers by interrupts of other processors, as a network card does. sysfs shows the namespace of
    the process that mounts it."""
    if os.cpu_count() < 2:
        raise Skip("one processor alone")
    folder = tools.path("sys")
    os.mkdir(folder)
    script = f"mount -t sysfs sysfs '{folder}' && {{ echo 3 > '{folder}/{RPS_CPUS}'; set=$?; umount '{folder}'; exit $set; }}"
    result = subprocess.run(["sh", "-c", script], stderr=subprocess.PIPE, text=True, check=False)
    if result.returncode != 0:
        raise Skip(f"{RPS_CPUS} cannot be set: {result.stderr.strip()}")


class Recording:
    """Records the sessions of a link, whose servers have PORTS, by a recorder for each side: what else happens on
    the machine is none of it, and its losses are not these."""

    unseen = 0  # of the last one, at most so many sessions lack a change of state, or are missing

    def __init__(self, tools, link, *options, before=()):
        Recording.unseen = 0
        self.tools = tools
        self.inodes = [namespace.inode for namespace in link.both()]
        ports = ",".join(str(port) for port in PORTS)
        self.recorders = [Recorder(tools, side, ports, *options, capture=f"sessions{side}.tlz", before=before)
                          for side in ("-L", "-D")]

    def rows(self, status=0):
        """Those of both sides."""
        return [row for recorder in self.recorders for row in self.tools.rows(recorder.capture, status)
                if row["netns"] in self.inodes]

    def finish(self):
        """Stops it; the rows."""
        for recorder in self.recorders:
            expect_equal(recorder.stop(), 0, f"the recorder's status ({recorder.text.strip()})")
        words = [line for recorder in self.recorders for line in recorder.text.splitlines()[2:]]
        Recording.unseen = sum(recorder.lost for recorder in self.recorders)
        if not all(UNSEEN.match(line) for line in words):
            expect_equal(Recording.unseen, 0, f"sessions lost ({words})")
        return self.rows()


def until_seen(function, *arguments):
    """What the kernel does not show to a recorder, an interrupt's change of state while it sees another, is counted
    and said (of other sessions on the machine, too). When it fails with such a count, it is tried again, and when the
    kernel's figures have raced."""
    for _ in range(ATTEMPTS):
        Recording.unseen = 0
        try:
            return function(*arguments)
        except Failure as reason:
            if not Recording.unseen and not isinstance(reason, Raced):
                raise
            print(f"# again, {Recording.unseen} unseen: {reason}", flush=True)
    raise Failure(f"changes of state were not seen, or figures raced, {ATTEMPTS} times")
