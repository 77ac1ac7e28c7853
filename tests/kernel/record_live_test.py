#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""tcplife-live and tcpstates-live beside real sockets: rows while they run, the rest at the end, and quiet ends.

usage: record_live_test.py TCPLIFE_RECORD TCPLIFE_REPORT TRAFFIC TCPLIFE_LIVE TCPSTATES_LIVE
"""

import os
import select
import signal
import subprocess
import sys
import time

from kernel_case import (TIME_LIMIT_S, Failure, Recorder, Skip, Tools, drop_rights, enter_namespace, expect, expect_equal,
                         run_cases)

FIRST_PORT, PORT = "21715", "21717"  # below the range from which clients get theirs
PORTS = f"{FIRST_PORT},{PORT}"
HEADING = b"PID   COMM       LADDR           LPORT RADDR           RPORT TX_KB RX_KB MS\n"
ROWS = 50


class Live:
    """One of the two, running, its output in a pipe; in a process group of its own."""

    def __init__(self, tools, program, *options, **keywords):
        folders = [os.path.dirname(os.path.abspath(name)) for name in (tools.recorder, tools.reporter)]
        path = ":".join([*folders, os.environ["PATH"]])
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen([program, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        start_new_session=True, env=dict(os.environ, PATH=path), **keywords)
        Recorder.running.append(self.process)
        self.said = b""

    def read_on(self, seconds):
        """Takes what is printed within that time. False when nothing was."""
        if not select.select([self.process.stdout], [], [], seconds)[0]:
            return False
        more = os.read(self.process.stdout.fileno(), 65536)
        if not more:
            raise Failure(f"it ended: {self.process.stderr.read()!r}")
        self.said += more
        return True

    def rows_of(self, port):
        """How many whole lines have that port."""
        return sum(port.encode() in line.replace(b",", b" ").split() for line in self.said.split(b"\n")[:-1])

    def await_row(self, tools):
        """Makes sessions until it shows one: then it records, and everything that follows."""
        limit = time.monotonic() + TIME_LIMIT_S
        while not self.rows_of(FIRST_PORT):
            expect(time.monotonic() < limit, f"no row is shown: {self.said!r}")
            tools.make_traffic("client-fin", "--port", FIRST_PORT, "--count", "1")
            while self.read_on(0.1):
                pass

    def end(self):
        """Waits: status and standard error."""
        rest, errors = self.process.communicate(timeout=TIME_LIMIT_S)
        self.said += rest or b""
        return self.process.returncode, errors.decode()


def try_rows(tools, program, options, interrupt, rows_a_session=1):
    """A row comes while it records. Interrupted, it shows all that ended before, though not yet flushed."""
    live = Live(tools, program, *options, "-L", PORTS)
    live.await_row(tools)
    tools.make_traffic("client-fin", "--port", PORT, "--count", str(ROWS))
    interrupt(live.process.pid)
    expect_equal(live.end(), (0, ""), "the end")
    found = live.rows_of(PORT)
    expect(found >= ROWS * rows_a_session if rows_a_session > 1 else found == ROWS, f"{found} rows of {ROWS} sessions")
    return live


def try_text(tools, program):
    live = try_rows(tools, program, [], lambda pid: os.kill(pid, signal.SIGINT))
    expect(live.said.startswith(HEADING), f"it begins with {live.said[:80]!r}")


def try_terminated(tools, program):
    """timeout(1) of a script has it so."""
    live = try_rows(tools, program, ["-T"], lambda pid: os.killpg(pid, signal.SIGTERM))
    expect(live.said.startswith(b"TIME     " + HEADING), f"it begins with {live.said[:80]!r}")


def try_csv(tools, program):
    live = try_rows(tools, program, ["-stT", "-4"], lambda pid: os.killpg(pid, signal.SIGINT))
    expect(live.said.startswith(b"TIME,TIME(s),PID,COMM,IP,"), f"it begins with {live.said[:80]!r}")


def try_reader_that_goes(tools, program):
    """| head -n 1: the end, without a word, though there is no row to write."""
    live = Live(tools, program, "-L", PORT)
    limit = time.monotonic() + TIME_LIMIT_S
    while b"\n" not in live.said and time.monotonic() < limit:
        live.read_on(1)
    expect_equal(live.said, HEADING, "what it printed")
    live.process.stdout.close()
    expect_equal((live.process.stderr.read(), live.process.wait(TIME_LIMIT_S)), (b"", 0), "the end")


def try_without_rights(tools, program):
    """The recorder's message, and no other."""
    live = Live(tools, program, preexec_fn=drop_rights)
    status, text = live.end()
    expect_equal((status, live.said, text.count("\n")), (1, b"", 1), f"status, output, lines of the message ({text})")
    expect("CAP_BPF" in text, f"'{text}' does not name the rights")


def try_misuse(tools, program):
    """What only the two programs can judge."""
    for options, name in ((["-p", "0"], "tcplife-record"), (["--style", "nobody"], "tcplife-report")):
        status, text = Live(tools, program, *options).end()
        expect_equal((status, text.count("\n")), (2, 1), f"status and lines with {options} ({text})")
        expect(text.startswith(f"{name}: "), f"'{text}' is not of {name}")


def try_states(tools, program):
    """Several changes of state for each session."""
    for name in (tools.recorder, tools.reporter):
        text = subprocess.run([name, "--help"], check=True, stdout=subprocess.PIPE, text=True).stdout
        if " --states" not in text:
            raise Skip(f"{os.path.basename(name)} has no --states yet")
    live = try_rows(tools, program, ["-T"], lambda pid: os.kill(pid, signal.SIGINT), rows_a_session=2)
    expect(b" -> " in live.said, f"there is no change of state in {live.said[:400]!r}")


def main():
    tools = Tools(sys.argv)
    tcplife, tcpstates = sys.argv[4:6]
    run_cases(tools, enter_namespace, [
        ("text, interrupted", lambda: try_text(tools, tcplife)),
        ("text with times, its group terminated", lambda: try_terminated(tools, tcplife)),
        ("CSV, its group interrupted", lambda: try_csv(tools, tcplife)),
        ("a reader that goes", lambda: try_reader_that_goes(tools, tcplife)),
        ("without rights", lambda: try_without_rights(tools, tcplife)),
        ("misuse", lambda: try_misuse(tools, tcplife)),
        ("tcpstates", lambda: try_states(tools, tcpstates)),
    ])


main()
