#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A hundred thousand sessions open at once: all recorded when they close, or as still open when the recorder stops.

The session table has places for a part of them only. The recorder's memory stays within bounds, to its very end.
CROWD_TEST_SESSIONS=N makes N sessions, for a quick run.
"""

import collections
import ctypes
import json
import os
import signal
import subprocess
import sys

from kernel_case import (Failure, Recorder, Skip, Tools, enter_namespace, expect, expect_equal, processor_time, run_cases,
                         stolen_share)
from network_case import await_that

PROCESSES = 16
SESSIONS = int(os.environ.get("CROWD_TEST_SESSIONS", "100000"))
MEMORY_LIMIT_KIB = 32 * 1024
STOLEN_MUCH = 0.05  # of the processors' time: then nobody can keep up with sessions as fast as the machine makes them
# Changes of state that the kernel does not let be seen: such sessions are counted.
UNSEEN_SHARE = 0.0001
PTRACE_CONT, PTRACE_SEIZE, PTRACE_O_TRACEEXIT, PTRACE_EVENT_EXIT = 7, 0x4206, 0x40, 6


class Crowd:
    """The processes that make the sessions, one step after the other."""

    def __init__(self, program):
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen([program, str(SESSIONS), str(PROCESSES)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        word, *pids = self.read().split()
        expect_equal(word, "ready", "the crowd's first word")
        self.pids = [int(pid) for pid in pids]

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise Failure(f"the crowd ended: {self.process.stderr.read().strip()}")
        return line.strip()

    def step(self, name):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        expect_equal(self.read(), name, "the crowd's word")

    def stop(self):
        """Its processes go with it."""
        self.process.kill()
        self.process.communicate()


class Watched:
    """The recorder, stopped at the end of its life to look at its memory."""

    def __init__(self, recorder):
        self.recorder, self.pid = recorder, recorder.process.pid
        self.ptrace = ctypes.CDLL(None, use_errno=True).ptrace
        self.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
        self.ptrace.restype = ctypes.c_long
        if self.ptrace(PTRACE_SEIZE, self.pid, None, PTRACE_O_TRACEEXIT) != 0:
            raise Skip(f"a process cannot be watched here: {os.strerror(ctypes.get_errno())}")

    def stop(self):
        """Ends the recorder; the most memory that it ever had, in KiB."""
        os.kill(self.pid, signal.SIGINT)
        while True:
            _, status = os.waitpid(self.pid, 0)
            expect(os.WIFSTOPPED(status), f"it ended unseen, with {status}")
            if status >> 16 == PTRACE_EVENT_EXIT:
                break
            self.ptrace(PTRACE_CONT, self.pid, None, 0 if status >> 16 else os.WSTOPSIG(status))
        most = memory_kib(self.pid)
        self.ptrace(PTRACE_CONT, self.pid, None, 0)
        expect_equal(self.recorder.wait(), 0, f"the recorder's status ({self.recorder.text.strip()})")
        return most


def record(tools, pids):
    """What is lost of other sessions of this machine is none of this. The crowd must not keep it from running."""
    return Recorder(tools, "-p", ",".join(map(str, pids)), capture=f"of-{len(pids)}.tlz", before=["nice", "-n", "-20"])


def memory_kib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:"))


def count_rows(tools, capture):
    """How many rows have the same process, side and end."""
    counts = collections.Counter()
    cookies = set()
    with subprocess.Popen([tools.reporter, "--jsonl", capture], stdout=subprocess.PIPE) as report:
        for line in report.stdout:
            row = json.loads(line)
            counts[row["pid"], row["direction"], row["end"], row["before_start"]] += 1
            cookies.add(row["cookie"])
    expect_equal(report.returncode, 0, "status of the report")
    expect_equal(len(cookies), sum(counts.values()), "sockets")
    return counts


def overflows():
    """How many sockets had no place among those in TIME_WAIT, as when a case is tried again: the peer's last FIN is answered
    with a reset then (tcp_time_wait(), net/ipv4/tcp_minisocks.c, Linux 6.18)."""
    with open("/proc/net/netstat", encoding="ascii") as file:
        names, values = (line.split() for line in file if line.startswith("TcpExt:"))
    return int(values[names.index("TCPTimeWaitOverflow")])


def has_ended():
    listed = subprocess.run(["ss", "-Htn", "state", "connected", "exclude", "time-wait"], capture_output=True, text=True,
                            check=True)
    return not listed.stdout


def without_overflows(found, count):
    """The rows as they were if there had been room."""
    resets = collections.Counter({key: number for key, number in found.items() if key[1:] == ("in", "reset-there", False)})
    expect(resets.total() <= count, f"{resets.total()} sessions were reset, and {count} had no place in TIME_WAIT")
    closed = collections.Counter({(pid, "in", "closed-there", False): number for (pid, *_), number in resets.items()})
    return found - resets + closed


def check_recording(tools, recorder, most, wanted, before, overflown=0):
    """wanted: what the rows of each process say, in equal numbers."""
    print(f"# {recorder.sessions} sessions, {recorder.lost} lost, {most} KiB", flush=True)
    found = count_rows(tools, recorder.capture)
    expect_equal(sum(found.values()), recorder.sessions, "rows")
    found = without_overflows(found, overflown)
    expect_equal(found - wanted, collections.Counter(), "rows that no session made")
    # A row that lacks one of its states counts as lost, too.
    expect((wanted - found).total() <= recorder.lost, f"{(wanted - found).total()} rows are missing, and "
           f"{recorder.lost} counted as lost: {recorder.text}")
    expect(most <= MEMORY_LIMIT_KIB, f"the recorder had {most} KiB of memory")
    share = stolen_share(before)
    if recorder.lost > UNSEEN_SHARE * wanted.total() and share >= STOLEN_MUCH:
        raise Skip(f"{recorder.lost} sessions are lost and counted, and all others there; the host took {share:.0%} of the "
                   "processors' time away meanwhile")
    expect(recorder.lost <= UNSEEN_SHARE * wanted.total(), f"sessions are lost: {recorder.text}")


def wanted_rows(pids, *kinds):
    return collections.Counter({(pid, *kind): SESSIONS // PROCESSES for pid in pids for kind in kinds})


def try_closed(tools, program):
    crowd, without_place, before = Crowd(program), overflows(), processor_time()
    try:
        recorder = record(tools, crowd.pids)
        watched = Watched(recorder)
        crowd.step("open")
        crowd.step("closed")
        await_that(has_ended, "the last FIN of each session is acknowledged")
        most = watched.stop()
    finally:
        crowd.stop()
    check_recording(tools, recorder, most, wanted_rows(
        crowd.pids, ("out", "closed-here", False), ("in", "closed-there", False)), before, overflows() - without_place)


def try_still_open(tools, program):
    """A second recorder wants the sessions of one process: the others are none that it has lost."""
    crowd, before = Crowd(program), processor_time()
    kinds = ("out", "still-open", False), ("in", "still-open", False)
    try:
        recorder, second = record(tools, crowd.pids), record(tools, crowd.pids[:1])
        watched = Watched(recorder)
        crowd.step("open")
        most = watched.stop()
        expect_equal(second.stop(), 0, f"the second recorder's status ({second.text.strip()})")
    finally:
        crowd.stop()
    check_recording(tools, recorder, most, wanted_rows(crowd.pids, *kinds), before)
    check_recording(tools, second, 0, wanted_rows(crowd.pids[:1], *kinds), before)


def main():
    program = sys.argv[4]
    tools = Tools(sys.argv)
    run_cases(tools, enter_namespace, [
        (f"{SESSIONS} sessions open at once, and closed", lambda: try_closed(tools, program)),
        (f"{SESSIONS} sessions open at once, and still open", lambda: try_still_open(tools, program)),
    ])


main()
