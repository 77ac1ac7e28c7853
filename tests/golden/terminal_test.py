#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""CSV on a terminal is escaped, and in a pipe it is the bytes themselves.

usage: terminal_test.py TCPLIFE_REPORT
"""
import os
import pty
import subprocess
import sys

REPORT = sys.argv[1]
ROW = rb"""{"close_us":1,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2,""" \
      rb""""connect_pid":5,"connect_comm":"a\\x1b[31m,\\x9b\\x0ab"}""" + b"\n"
ESCAPED = rb'"a\x1b[31m,\x9b\x0ab"'


def on_terminal(*options):
    """What a terminal gets, its CR before each LF taken off."""
    ours, theirs = pty.openpty()
    run = subprocess.Popen([REPORT, "-q", "--input", "jsonl", *options, "-"], stdin=subprocess.PIPE, stdout=theirs)
    os.close(theirs)
    run.stdin.write(ROW)
    run.stdin.close()
    got = b""
    while True:
        try:
            more = os.read(ours, 65536)
        except OSError:  # the other side is closed
            break
        if not more:
            break
        got += more
    os.close(ours)
    run.wait()
    return got.replace(b"\r\n", b"\n")


def in_pipe(*options):
    return subprocess.run([REPORT, "-q", "--input", "jsonl", *options, "-"], input=ROW, capture_output=True,
                          check=True).stdout


def check(name, got, wanted):
    print(f"PASS {name}" if got == wanted else f"FAIL {name}: {ascii(got)}")
    return got == wanted


def main():
    raw = b'comm\n"a\x1b[31m,\x9b\nb"\n'
    heading = b"PID,COMM,IP,LADDR,LPORT,RADDR,RPORT,TX_KB,RX_KB,MS\n"
    good = [check("columns on a terminal", on_terminal("--csv", "--columns", "comm"), b"comm\n" + ESCAPED + b"\n"),
            check("columns in a pipe", in_pipe("--csv", "--columns", "comm"), raw),
            check("bcc's on a terminal", on_terminal("--csv"),
                  heading + b"5," + ESCAPED + b",4,192.0.2.1,1,192.0.2.2,2,,,\n")]
    return 0 if all(good) else 1


sys.exit(main())
