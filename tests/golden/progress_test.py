#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""How far the reading is: on a terminal that the report does not go to, after a second, and gone at the end.

usage: progress_test.py TCPLIFE_REPORT FIXTURES
"""
import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

REPORT = pathlib.Path(sys.argv[1]).resolve()
FIXTURES = pathlib.Path(sys.argv[2]).resolve()
MANY = FIXTURES / "v1" / "many.tlz"
BLOCKS = FIXTURES / "good-losses.tlz"
LAST_BLOCK = 300  # bytes that have the last of its blocks with rows, and what follows
REST = 30  # fewer, of what follows
COPIES = 12
SECONDS = 30  # an answer later than that is none
LINE = re.compile(rb"\r(\d+) % read, \d+ rows/s(, \d+ s left)?\x1b\[K")
LINE_OF_PIPE = re.compile(rb"\r\d+ MB read, \d+ rows/s\x1b\[K")
GONE = b"\r\x1b[K"


def check(name, ok, why=""):
    print(f"PASS {name}" if ok else f"FAIL {name}: {why}", flush=True)
    return bool(ok)


def waiting_bytes(descriptor):
    return struct.unpack("i", fcntl.ioctl(descriptor, termios.FIONREAD, b"\0" * 4))[0]


def terminal_says(terminal):
    """All that comes until the other side is closed."""
    said = b""
    while True:
        try:
            more = os.read(terminal, 65536)
        except OSError:
            return said
        if not more:
            return said
        said += more


def slow_run(*arguments, stderr=None):
    """A report that nobody reads for more than a second, since what it prints to is full; and then all of it: what the
    terminal of its standard error got."""
    ours, theirs = pty.openpty()
    run = subprocess.Popen([REPORT, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=theirs if stderr is None else stderr)
    os.close(theirs)
    until = time.monotonic() + SECONDS
    before = -1
    while waiting_bytes(run.stdout) != before or before < 60000:  # it is full
        before = waiting_bytes(run.stdout)
        if time.monotonic() > until:
            raise RuntimeError(f"only {before} bytes come")
        time.sleep(0.05)
    time.sleep(1.1)  # what is shown is shown after a second
    run.stdout.read()
    status = run.wait(SECONDS)
    said = terminal_says(ours)
    os.close(ours)
    return status, said


def test_files(captures):
    status, said = slow_run("--jsonl", *captures)
    good = check("shown while files are read", status == 0 and LINE.search(said), f"{status} {said!r}")
    good &= check("it is gone at the end", GONE in said[said.rfind(b"% read"):], said)
    shares = [int(share) for share, _ in LINE.findall(said)]
    return good & check("the share of the bytes grows", shares == sorted(shares) and all(0 <= s <= 100 for s in shares), shares)


def test_not_when_quiet(captures):
    status, said = slow_run("--jsonl", "--quiet", *captures)
    return check("not with --quiet", (status, said) == (0, b""), f"{status} {said!r}")


def test_not_without_a_terminal(captures):
    with tempfile.TemporaryFile() as errors:
        status, _ = slow_run("--jsonl", *captures, stderr=errors)
        errors.seek(0)
        said = errors.read()
    return check("not where standard error is no terminal", status == 0 and b"\r" not in said, f"{status} {said!r}")


def test_pipe_and_interrupts():
    """Of a pipe there is no share; the first Ctrl-C waits for its end."""
    ours, theirs = pty.openpty()
    data = BLOCKS.read_bytes()
    run = subprocess.Popen([REPORT, "--jsonl", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    run.stdin.write(data[:-LAST_BLOCK])
    run.stdin.flush()
    run.stdout.read(1)  # a row: it has begun
    drain = threading.Thread(target=run.stdout.read)
    drain.start()
    time.sleep(1.1)  # what is shown is shown after a second
    run.stdin.write(data[-LAST_BLOCK:-REST])
    run.stdin.flush()
    said = b""
    until = time.monotonic() + SECONDS
    while not LINE_OF_PIPE.search(said) and time.monotonic() < until and select.select([ours], [], [], SECONDS)[0]:
        said += os.read(ours, 65536)
    good = check("shown while a pipe is read", LINE_OF_PIPE.search(said), said)
    run.send_signal(signal.SIGINT)
    run.stdin.write(data[-REST:])
    run.stdin.close()
    status = run.wait(SECONDS)
    drain.join()
    run.stdout.close()
    said += terminal_says(ours)
    os.close(ours)
    return good & check("the first Ctrl-C waits for the pipe's end", status == 0 and GONE in said[said.rfind(b" read"):],
                        f"{status} {said!r}")


def test_interrupt(captures):
    """Reading files, Ctrl-C is the end, without a word."""
    ours, theirs = pty.openpty()
    run = subprocess.Popen([REPORT, "--jsonl", *captures], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    run.stdout.read(1)  # it has begun, and cannot come to its end
    run.send_signal(signal.SIGINT)
    status = run.wait(SECONDS)
    said = terminal_says(ours)
    os.close(ours)
    run.stdout.close()
    return check("Ctrl-C ends it at once", (status, re.sub(LINE, b"", said)) == (-signal.SIGINT, b""), f"{status} {said!r}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        captures = []
        for i in range(COPIES):
            captures.append(pathlib.Path(folder) / f"{i:02}.tlz")
            captures[-1].symlink_to(MANY)
        good = test_files(captures) & test_not_when_quiet(captures) & test_not_without_a_terminal(captures)
        good &= test_pipe_and_interrupts() & test_interrupt(captures)
    return 0 if good else 1


sys.exit(main())
