#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Reading a pipe: rows come at once, the first Ctrl-C waits for the end, the second does not.

usage: live_test.py TCPLIFE_REPORT FIXTURES
"""
import os
import pathlib
import select
import signal
import subprocess
import sys
import time

REPORT = sys.argv[1]
CAPTURE = (pathlib.Path(sys.argv[2]) / "good-losses.tlz").read_bytes()
RECIPE = (pathlib.Path(sys.argv[2]) / "good-bare.jsonl").read_bytes()
SECONDS = 20  # an answer later than that is none


class Live:
    """A reporter that reads a pipe of ours."""

    def __init__(self, *options):
        self.run = subprocess.Popen([REPORT, "-q", *options, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.said = b""

    def feed(self, data):
        self.run.stdin.write(data)
        self.run.stdin.flush()

    def shows(self, text):
        """True once it has printed that."""
        until = time.monotonic() + SECONDS
        while text not in self.said and time.monotonic() < until:
            if select.select([self.run.stdout], [], [], 0.1)[0]:
                more = os.read(self.run.stdout.fileno(), 65536)
                if not more:
                    break
                self.said += more
        return text in self.said

    def end(self):
        self.run.stdin.close()
        self.said += self.run.stdout.read()
        self.run.stdout.close()
        return self.run.wait(SECONDS)


def check(name, ok, why=""):
    print(f"PASS {name}" if ok else f"FAIL {name}: {why}")
    return ok


def test_rows_come_at_once():
    live = Live("--columns", "comm", "--jsonl")
    live.feed(CAPTURE[:-300])
    first = live.shows(b'{"comm":"a"}')
    live.feed(CAPTURE[-300:])
    status = live.end()
    return check("a row is shown before the pipe ends", first and status == 0 and b'"b"' in live.said,
                 f"{first} {status} {live.said}")


def test_the_heading_comes_first():
    live = Live()
    live.feed(CAPTURE[:200])
    shown = live.shows(b"MS\n")
    live.feed(CAPTURE[200:])
    status = live.end()
    return check("the heading is shown before there is a row", shown and status == 0, f"{status} {live.said}")


def test_json_lines_come_at_once():
    live = Live("--input", "jsonl", "--columns", "lport", "--csv")
    live.feed(RECIPE)
    shown = live.shows(b"lport\n1\n65535\n")
    status = live.end()
    return check("JSON lines are shown before the pipe ends", shown and status == 0, f"{status} {live.said}")


def test_first_interrupt_waits():
    live = Live("--columns", "comm", "--csv")
    live.feed(CAPTURE[:-300])
    shown = live.shows(b"comm\na\n")
    live.run.send_signal(signal.SIGINT)  # which it takes before it reads more
    live.feed(CAPTURE[-300:])
    status = live.end()
    return check("the first interrupt waits for the end", shown and status == 0 and live.said.endswith(b"b\n"),
                 f"{shown} {status} {live.said}")


def test_second_interrupt_ends():
    live = Live()
    live.feed(CAPTURE[:200])
    shown = live.shows(b"MS\n")
    sent = 0
    until = time.monotonic() + SECONDS
    # Two at once may be one to it: that it is not the first that ends it, the test before this one shows.
    while live.run.poll() is None and time.monotonic() < until:
        live.run.send_signal(signal.SIGINT)
        sent += 1
        time.sleep(0.05)
    status = live.run.poll()
    live.run.kill()
    live.end()
    return check("another interrupt ends it", shown and sent > 1 and status == -signal.SIGINT, f"{shown} {sent} {status}")


def main():
    tests = [test_rows_come_at_once, test_the_heading_comes_first, test_json_lines_come_at_once,
             test_first_interrupt_waits, test_second_interrupt_ends]
    return 0 if all([test() for test in tests]) else 1


sys.exit(main())
