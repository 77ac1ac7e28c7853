# SPDX-License-Identifier: BSD-2-Clause
"""What the kernel tests share: a private network namespace, the recorder, the traffic, the rows.

Every test is called with the paths of tcplife-record, tcplife-report and traffic. A case is a function
that raises Failure, or returns; Skip leaves it out.
"""

import ctypes
import fcntl
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

CLONE_NEWNET = 0x40000000
PR_CAPBSET_DROP, CAP_SYS_ADMIN, CAP_PERFMON, CAP_BPF = 24, 21, 38, 39
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
TIME_LIMIT_S = 300
STATES = {"SYN_SENT": "syn_sent_us", "SYN_RECV": "syn_recv_us", "ESTABLISHED": "in_established_us",
          "FIN_WAIT1": "fin_wait1_us", "FIN_WAIT2": "fin_wait2_us", "CLOSE_WAIT": "close_wait_us",
          "LAST_ACK": "last_ack_us", "CLOSING": "closing_us"}
CLOCK_TOLERANCE_US = 50000  # between a test's reads of the clock and the recorder's
CLOSING_LINE = re.compile(r": (?:(\d+) sessions?|no sessions), .*?"
                          r"(?:nothing lost|incomplete|"
                          r"(\d+)(?: sessions? and (\d+) changes? of state)? LOST(?:, incomplete)?)$", re.M)
# The recorder's words of changes of state that the kernel kept from it: anybody's on this machine.
UNSEEN = re.compile(r"at most (\d+) sessions? lost, or without one of their states")
# Options of every recorder of a test: the same cases by another way into the kernel (tests/kernel/meson.build).
WAY = os.environ.get("RECORDER_WAY", "").split()
# What not every way tells.
SOURCES = () if WAY else ("cookie",)
ATTEMPTS = 5  # of a case in which there were some
# The recorder's words when rights or the kernel are at fault, and not the recorder.
MISSING = re.compile(r"needs CAP_|CONFIG_|locked down|this kernel")


# Where this process began: sessions there are the machine's own, and nothing that a test has made.
MACHINE_NETNS = os.stat("/proc/self/ns/net").st_ino


class Failure(Exception):
    """The case failed; its text says why."""


class Unseen(Failure):
    """Nothing is lost but what the kernel does not show to a recorder: of this machine's sessions, whosever they are."""


class Skip(Exception):
    """The case cannot be tried here; its text says why."""


def expect(condition, what):
    if not condition:
        raise Failure(what)


def expect_equal(found, wanted, what):
    expect(found == wanted, f"{what} is {found!r}, not {wanted!r}")


def check_times(row):
    """All times are in order, and those in the states add up to the lifespan."""
    known = [row[name] for name in ("open_us", "established_us", "fin_us", "close_us") if name in row]
    expect_equal(known, sorted(known), "order of times")
    in_states = sum(row.get(name, 0) for name in STATES.values())
    if "open_us" in row:
        expect_equal(in_states, row["close_us"] - row["open_us"], "time in all states")
    if "established_us" in row:
        expect_equal(round(row["ms"] * 1000), row["close_us"] - row["established_us"], "ms")


def check_counts(row):
    """How the counters hang together. tcplife's count the SYN of a connect(), and each FIN; of a session from before the
    start it is not known in which states it was."""
    expect_equal(row["sent_bytes"] - row["retrans_bytes"], row["tx_payload_bytes"], "sent_bytes less retrans_bytes")
    expect_equal(row["rx_bytes"], row["rx_payload_bytes"] + row["fin_received"], "rx_bytes")
    most = row["tx_payload_bytes"] + (row["direction"] != "in") + (row["before_start"] or any(
        STATES[state] in row for state in ("FIN_WAIT1", "FIN_WAIT2", "LAST_ACK", "CLOSING")))
    expect(row["tx_bytes"] <= most, f"tx_bytes is {row['tx_bytes']} of {row['tx_payload_bytes']} sent")
    # A SYN-ACK counts among those sent again, but is sent before there is a socket to count what was sent.
    expect(row["segs_out"] >= row["retrans_segs"] or row["direction"] == "in" or row["before_start"],
           "more segments sent again than sent")


class Tools:
    """The programs under test, and a directory for what they write."""

    def __init__(self, argv):
        self.recorder, self.reporter, self.traffic = argv[1:4]
        self.root = self.folder = tempfile.mkdtemp(prefix="tcplife-test-")

    def begin_anew(self):
        """What is written from now on has a directory of its own, and finds nothing there."""
        self.folder = tempfile.mkdtemp(prefix="again-", dir=self.root)

    def path(self, name):
        return os.path.join(self.folder, name)

    def rows(self, capture, status=0):
        """The capture's sessions, as the report's JSON names them, each with what holds for every row.
        status: 3 when it has no end."""
        result = subprocess.run([self.reporter, "--jsonl", capture], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, timeout=TIME_LIMIT_S, check=False)
        expect_equal(result.returncode, status, f"status of the report ({result.stderr.strip()})")
        rows = [json.loads(line) for line in result.stdout.splitlines()]
        for row in rows:
            if row["netns"] != MACHINE_NETNS:
                check_times(row)
                check_counts(row)
        return rows

    def ledger(self, prefix, sides=("client", "server")):
        """What each side of each session did, in order: a dictionary a line."""
        lines = []
        for side in sides:
            with open(f"{prefix}.{side}", encoding="ascii") as file:
                lines += [dict(word.split("=") for word in line.split()) for line in file]
        return [{key: int(value) if value.isdigit() else value for key, value in line.items()} for line in lines]

    def start_traffic(self, mode, *options, name="ledger"):
        """Traffic that runs; a function that waits for its end and returns its ledger."""
        prefix = self.path(name)
        # pylint: disable-next=consider-using-with
        process = subprocess.Popen([self.traffic, "--mode", mode, "--ledger", prefix, *options],
                                   stderr=subprocess.PIPE, text=True)

        def wait():
            _, text = process.communicate(timeout=TIME_LIMIT_S)
            expect_equal(process.returncode, 0, f"status of traffic {mode} ({text.strip()})")
            return self.ledger(prefix)

        return wait

    def make_traffic(self, mode, *options, name="ledger"):
        """Runs the traffic to its end; its ledger."""
        return self.start_traffic(mode, *options, name=name)()


class Recorder:
    """A running tcplife-record, from the moment at which it records."""

    running = []
    of_case = []  # all that the case has started

    def __init__(self, tools, *options, capture="cap.tlz", before=(), stdout=None):
        self.capture = tools.path(capture)
        target = ["-o", "-"] if stdout is not None else self.target()
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen([*before, tools.recorder, *target, *WAY, *options], stdout=stdout,
                                        stderr=subprocess.PIPE, text=True)
        self.running.append(self.process)
        self.of_case.append(self)
        self.text = ""
        while ": recording to" not in self.text:
            line = self.process.stderr.readline()
            if not line:
                raise Failure(f"the recorder did not start: {self.text.strip()}")
            self.text += line

    def target(self):
        return ["-f", "-o", self.capture]

    def wait(self):
        """The exit status; then sessions, lost and lost_states are what the closing line says."""
        self.text += self.process.stderr.read()
        status = self.process.wait(TIME_LIMIT_S)
        found = CLOSING_LINE.search(self.text)
        self.sessions = int(found.group(1) or 0) if found else None
        self.lost = int(found.group(2) or 0) if found else None
        self.lost_states = int(found.group(3) or 0) if found else None
        return status

    def stop(self, with_signal=signal.SIGINT):
        self.process.send_signal(with_signal)
        return self.wait()

    def finish(self):
        """Stops it; it must end well and have lost nothing."""
        expect_equal(self.stop(), 0, f"the recorder's status ({self.text.strip()})")
        unseen = UNSEEN.search(self.text)
        if unseen and int(unseen[1]) == self.lost and not self.lost_states:
            raise Unseen(self.text.strip())
        expect_equal((self.lost, self.lost_states), (0, 0), f"sessions and changes lost ({self.text.strip()})")


def kill_recorders():
    """Ends those that a failed case has left."""
    for process in Recorder.running:
        if process.poll() is None:
            process.kill()
            process.wait()
    Recorder.running.clear()


def enter_namespace():
    """Moves this process into a network namespace of its own, with loopback up; its inode number."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise Skip(f"no network namespace: {os.strerror(ctypes.get_errno())}")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        request = bytearray(struct.pack("16sh14x", b"lo", 0))
        fcntl.ioctl(s, SIOCGIFFLAGS, request)
        flags, = struct.unpack_from("h", request, 16)
        struct.pack_into("h", request, 16, flags | IFF_UP)
        fcntl.ioctl(s, SIOCSIFFLAGS, request)
    return os.stat("/proc/self/ns/net").st_ino


def processor_time():
    """What the processors' time went to, in ticks (proc_stat(5))."""
    with open("/proc/stat", encoding="ascii") as file:
        return [int(word) for word in file.readline().split()[1:9]]


def stolen_share(before):
    """The share of it since then that the host of this machine kept to itself."""
    spent = [now - then for now, then in zip(processor_time(), before)]
    return spent[-1] / max(1, sum(spent))


def drop_rights():
    """Before a program that is to do without what BPF needs."""
    libc = ctypes.CDLL(None)
    for capability in (CAP_SYS_ADMIN, CAP_PERFMON, CAP_BPF):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def probe(tools):
    """Skips when this machine cannot record at all."""
    result = subprocess.run([tools.recorder, "-f", "-o", tools.path("probe.tlz"), "-d", "1ms", *WAY],
                            stderr=subprocess.PIPE, text=True, timeout=TIME_LIMIT_S, check=False)
    if result.returncode != 0 and MISSING.search(result.stderr):
        raise Skip(result.stderr.splitlines()[0])
    expect_equal(result.returncode, 0, f"status of the recorder ({result.stderr.strip()})")


def by_tuple(rows):
    """Rows of each pair of addresses and ports, in the order of their beginning."""
    groups = {}
    for row in sorted(rows, key=lambda row: row.get("open_us", 0)):
        groups.setdefault(tuple(row[key] for key in ("laddr", "lport", "raddr", "rport")), []).append(row)
    return groups


def attempt(function):
    """What the case was: its outcome and why. A failure when the kernel kept changes from a recorder proves nothing."""
    try:
        function()
        return "PASS", ""
    except Skip as reason:
        return "SKIP", f": {reason}"
    except Failure as reason:
        words = f": {reason}"
    except Exception as error:  # pylint: disable=broad-exception-caught
        words = f": {type(error).__name__}: {error}"
    finally:
        kill_recorders()
    said = [recorder.text.strip() for recorder in Recorder.of_case]
    return "UNSEEN" if any(map(UNSEEN.search, said)) else "FAIL", "\n# it said: ".join([words, *said])


def run_case(tools, function):
    """As attempt(), tried again as long as the kernel keeps changes from the recorder; but not for ever."""
    for number in range(1, ATTEMPTS + 1):
        Recorder.of_case.clear()
        outcome, words = attempt(function)
        if outcome != "UNSEEN":
            return outcome, words
        print(f"# attempt {number} of {ATTEMPTS}{words}", flush=True)
        tools.begin_anew()
    return "FAIL", f": in each of {ATTEMPTS} attempts{words}"


def run_cases(tools, setup, cases, teardown=lambda: None):
    """Runs (name, function) between setup() and teardown(); prints a line a case and exits."""
    outcomes = []
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup(1) has it ignored, here and in what is started
    try:
        probe(tools)
        setup()
    except Skip as reason:
        print(f"SKIP {os.path.basename(sys.argv[0])}: {reason}")
        shutil.rmtree(tools.root)
        sys.exit(77)
    except Failure as reason:
        print(f"FAIL {os.path.basename(sys.argv[0])}: {reason}")
        sys.exit(1)
    for name, function in cases:
        begin = time.monotonic()
        outcome, words = run_case(tools, function)
        outcomes.append(outcome)
        print(f"{outcome} {name}{words}", flush=True)
        if os.environ.get("KERNEL_TEST_TIMES"):
            print(f"# {name}: {time.monotonic() - begin:.2f} s", flush=True)
    teardown()
    if "FAIL" not in outcomes:
        shutil.rmtree(tools.root)
    else:
        print(f"# the captures are in {tools.root}", flush=True)
    sys.exit(1 if "FAIL" in outcomes else 0 if "PASS" in outcomes else 77)
