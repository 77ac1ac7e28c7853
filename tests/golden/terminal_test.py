#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""CSV on a terminal is escaped, and in a pipe it is the bytes themselves; bars are as wide as the terminal lets them be.

usage: terminal_test.py TCPLIFE_REPORT
"""
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

REPORT = sys.argv[1]
ROW = rb"""{"close_us":1,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2,""" \
      rb""""connect_pid":5,"connect_comm":"a\\x1b[31m,\\x9b\\x0ab"}""" + b"\n"
ESCAPED = rb'"a\x1b[31m,\x9b\x0ab"'


def on_terminal(*options, columns=0, locale="C"):
    """What a terminal gets, its CR before each LF taken off."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    run = subprocess.Popen([REPORT, "-q", "--input", "jsonl", *options, "-"], stdin=subprocess.PIPE, stdout=theirs,
                           env=dict(os.environ, LC_ALL=locale))
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


def bar_of(columns, locale="C"):
    """The width of the bar in a line, and of the line."""
    line = on_terminal("--histogram", "lport", columns=columns, locale=locale).decode().splitlines()[1]
    return line.count("#") + line.count("\u2588"), len(line)


def check_bars():
    """LPORT 1, SESSIONS 1, SHARE 100.0%, CUMULATIVE 100.0% and a space take 33 columns; a bar takes 40 at most and 4 at
    least. A terminal of no width, or of next to none, is taken for one of 80."""
    wanted = {0: (40, 73), 1: (40, 73), 40: (7, 40), 42: (9, 42), 60: (27, 60), 72: (39, 72), 73: (40, 73), 200: (40, 73)}
    return [check(f"bar on {columns} columns, {locale}", bar_of(columns, locale), size)
            for columns, size in wanted.items() for locale in ("C", "C.UTF-8")]


def main():
    raw = b'comm\n"a\x1b[31m,\x9b\nb"\n'
    heading = b"PID,COMM,IP,LADDR,LPORT,RADDR,RPORT,TX_KB,RX_KB,MS\n"
    good = [check("columns on a terminal", on_terminal("--csv", "--columns", "comm"), b"comm\n" + ESCAPED + b"\n"),
            check("columns in a pipe", in_pipe("--csv", "--columns", "comm"), raw),
            check("bcc's on a terminal", on_terminal("--csv"),
                  heading + b"5," + ESCAPED + b",4,192.0.2.1,1,192.0.2.2,2,,,\n")]
    return 0 if all(good + check_bars()) else 1


sys.exit(main())
