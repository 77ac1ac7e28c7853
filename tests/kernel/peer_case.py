# SPDX-License-Identifier: BSD-2-Clause
"""libbpf-tools' tcplife at work beside the recorder, and its rows beside ours."""

import atexit
import os
import re
import shutil
import signal
import socket
import subprocess

from kernel_case import Failure, Skip, expect, expect_equal
from network_case import await_that, need, run

PEER = "/usr/sbin/tcplife"
MARKERS = range(1000, 30000)  # ports at which nobody listens, and no session of a test has
NAME_WIDTH = 8 + 17  # of PID and COMM, with the spaces behind them
TIME_WIDTH = 9
NOISE_SHARE = 0.25  # of the rows: if more of them differ it is not that
ADDRESSES_OF_026 = 26  # Debian 12's libbpf-tools 0.26 pads the addresses of -w to so many columns, not to 39


class Noise(Exception):
    """MS of a few rows differed by more than usual: an interrupt came between the two programs, which run one behind the
    other. sessions: which of those that were made."""

    def __init__(self, text, sessions):
        super().__init__(text)
        self.sessions = sessions


def own_addresses():
    """Of this process alone, so that of what the peer sees of the whole machine our sessions are told apart."""
    need("ip")
    pid = os.getpid()
    v4 = f"127.{100 + (pid >> 16) % 100}.{pid >> 8 & 255}.{pid & 255}"
    v6 = f"fd00::1:{pid >> 16 | 1 << 15:x}:{pid & 65535 | 1:x}"
    run("ip", "address", "add", v6 + "/128", "dev", "lo", "nodad")
    return {"4": v4, "6": v6, "mapped": "::ffff:" + v4}


class Peer:
    """Running with those options, and attached; it writes a line at a time."""

    markers = iter(MARKERS)

    def __init__(self, tools, addresses, *options):
        need("stdbuf")
        if not os.access(PEER, os.X_OK):
            raise Skip(f"libbpf-tools are not installed: there is no {PEER}")
        if not os.path.exists("/sys/kernel/tracing/events/sock/inet_sock_set_state"):
            raise Skip("tracefs is not mounted on /sys/kernel/tracing, which libbpf-tools need")
        self.addresses, self.options = addresses, options
        self.has_time, self.is_wide = "-T" in options, "-w" in options
        self.path, self.errors = (tools.path("".join((name, *options))) for name in ("peer", "peer-errors"))
        with open(self.path, "wb") as output, open(self.errors, "wb") as errors:
            # pylint: disable-next=consider-using-with
            self.process = subprocess.Popen([shutil.which("stdbuf"), "-oL", PEER, *options], stdout=output,
                                            stderr=errors)
        atexit.register(self.process.kill)
        self.read_to = 0
        await_that(self.has_shown_marker, f"{PEER} shows a session")
        self.header = self.lines()[0]
        self.take_rows()

    def has_shown_marker(self):
        if self.process.poll() is not None:
            with open(self.errors, encoding="utf-8", errors="replace") as file:
                raise Skip(f"{PEER} ended with status {self.process.returncode}: {file.read().strip()[:200]}")
        self.mark()
        return len(self.lines()) > 1

    def lines(self):
        with open(self.path, "rb") as file:
            return [line for line in file.read().splitlines(keepends=True) if line.endswith(b"\n")]

    def mark(self):
        """A session that is refused; its port."""
        port = next(self.markers)
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            expect(s.connect_ex((self.addresses["4"], port)) != 0, "nobody refused")
        return str(port)

    def has_shown(self, ports):
        return ports <= {places(line)[3] for line in self.lines()[self.read_to:]}

    def take_rows(self):
        """Its rows of our sessions since the last time. Those of a processor come in their order, so behind a mark on
        each of them nothing is missing."""
        home, ports = os.sched_getaffinity(0), set()
        for cpu in home:
            os.sched_setaffinity(0, {cpu})
            ports.add(self.mark())
        os.sched_setaffinity(0, home)
        await_that(lambda: self.has_shown(ports), f"{PEER} has shown all")
        lines = self.lines()
        rows = [line for line in lines[self.read_to:] if self.is_ours(line)]
        self.read_to = len(lines)
        return [self.widened(self.without_time(line)) for line in rows]

    def without_time(self, line):
        if not self.has_time:
            return line
        expect(re.match(rb"\d\d:\d\d:\d\d ", line), f"no time in {line!r}")
        return line[TIME_WIDTH:]

    def is_ours(self, line):
        laddr, _, raddr, rport = places(line)
        return bool({laddr, raddr} & set(self.addresses.values())) and int(rport) not in MARKERS

    def widened(self, line):
        """As upstream's would be."""
        if not self.is_026():
            return line
        names, rest = line[:NAME_WIDTH], line[NAME_WIDTH:]
        found = re.fullmatch(rb"((\S+) +)(\d+ +)((\S+) +)(\d.*\n)", rest)
        for padded, address in ((found[1], found[2]), (found[4], found[5])):
            expect_equal(padded, b"%-*s " % (ADDRESSES_OF_026, address), "an address of -w")
        return names + b"%-39s %s%-39s %s" % (found[2], found[3], found[5], found[6])

    def is_026(self):
        return self.is_wide and self.header.split(b"LPORT")[0].endswith(b"LADDR" + b" " * (ADDRESSES_OF_026 - 4))

    def lost(self):
        with open(self.errors, encoding="utf-8", errors="replace") as file:
            return sum(int(number) for number in re.findall(r"lost (\d+) events", file.read()))

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()


def places(line):
    """(laddr, lport, raddr, rport) of a line of text; the name before them may hold anything."""
    words = line.decode(errors="replace").split()
    return tuple(words[-7:-3]) if len(words) >= 9 else ("", "", "", "")


def ms_hundredths(line):
    return round(float(line.split()[-1]) * 100)


def without_ms(line):
    return line[:line.rindex(b" ")]


def name_of(line):
    pid, comm = line[:NAME_WIDTH].decode().split(maxsplit=1)
    return int(pid), comm.rstrip()


class Comparison:
    """Our lines beside the peer's. What differs must be a fault of the peer's that has a name (`faults`)."""

    def __init__(self, ours, theirs, owners, lost, tolerance):
        """owners: (pid, comm) that is right, and whether the session was accepted, by the places of its row; lost:
        events that the peer says it has lost; tolerance of MS, in hundredths."""
        self.owners, self.tolerance = owners, tolerance
        self.faults = {"it names the wrong process of an accepted session": 0, "it lost the session": 0}
        self.rows, self.noise = len(ours), []
        groups = {}
        for line in theirs:
            groups.setdefault(places(line), []).append(line)
        for line in ours:
            group = groups.get(places(line))
            if group:
                self.compare(line, group.pop(0))
            else:
                self.faults["it lost the session"] += 1
        left = [line for group in groups.values() for line in group]
        expect_equal(left, [], "rows that only the peer has")
        missing = self.faults["it lost the session"]
        expect(missing <= lost, f"{missing} rows that only we have, and the peer says that it lost {lost} events")

    def compare(self, ours, theirs):
        if abs(ms_hundredths(ours) - ms_hundredths(theirs)) > self.tolerance:
            self.noise.append((ours, theirs))
        if without_ms(ours) == without_ms(theirs):
            return
        expect_equal(without_ms(theirs)[NAME_WIDTH:], without_ms(ours)[NAME_WIDTH:], "the peer's row behind its names")
        right, is_accepted = self.owners[places(ours)]
        if not is_accepted or name_of(ours) != right:
            raise Failure(f"{right} has the session; the row is {ours!r}, and the peer's {theirs!r}")
        self.faults["it names the wrong process of an accepted session"] += 1

    def check_ms(self, is_stolen):
        """is_stolen: the host of this machine took the processors away meanwhile, so more rows may differ."""
        if not self.noise:
            return
        text = f"MS of {len(self.noise)} of {self.rows} rows differs, as in {self.noise[0]}"
        made = list(self.owners)
        if len(self.noise) > NOISE_SHARE * self.rows and not is_stolen:
            raise Failure(text)
        raise Noise(text, {made.index(places(ours)) for ours, _ in self.noise})
