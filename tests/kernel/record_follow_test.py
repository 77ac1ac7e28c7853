#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A report that follows a recorder shows each session once, over rotations and removals.

usage: record_follow_test.py TCPLIFE_RECORD TCPLIFE_REPORT TRAFFIC
"""

import json
import os
import signal
import subprocess
import sys

from kernel_case import TIME_LIMIT_S, Tools, enter_namespace, expect, expect_equal, run_cases
from ring_case import Ring, RingRecorder, await_that
from survival_case import Batches, expect_made

PORT = 21957  # below the range from which clients get theirs
FLUSH = ("--flush", "5ms")


class Follower:
    """A report that follows, as JSON lines into a file."""

    def __init__(self, tools, name, path):
        self.said, self.warned = tools.path(name + ".jsonl"), tools.path(name + ".stderr")
        with open(self.said, "wb") as said, open(self.warned, "wb") as warned:
            self.process = subprocess.Popen([tools.reporter, "--follow", path, "--jsonl"], stdin=subprocess.DEVNULL,
                                            stdout=said, stderr=warned)

    def rows(self):
        with open(self.said, "rb") as file:
            return [json.loads(line) for line in file.read().split(b"\n")[:-1]]

    def await_rows(self, count):
        await_that(lambda: len(self.rows()) >= count, f"{count} rows", lambda: self.process.poll() is None)

    def end(self):
        """(status, standard error)"""
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(TIME_LIMIT_S)
        with open(self.warned, encoding="utf-8") as file:
            return status, file.read()


def expect_followed(follower, batches):
    """All of it, once, before it was interrupted."""
    follower.await_rows(batches.made)
    expect_equal(follower.end(), (0, ""), "the end")
    expect_equal(len(follower.rows()), batches.made, "rows")
    expect_made(follower.rows(), batches.ledger)


def try_ring(tools):
    ring = Ring(tools, "ring")
    follower = Follower(tools, "ring", ring.path)
    recorder = RingRecorder(ring, PORT, "--rotate-size", "4K", "--keep", "2", *FLUSH)
    batches, seen = Batches(tools, PORT), set()

    def has_rotated():
        seen.update(ring.names())
        follower.await_rows(batches.made)  # so that none is removed unseen
        return len(seen) >= 8

    batches.make_until(has_rotated)
    recorder.finish()
    expect(len(ring.names()) <= 2, "none was removed")
    expect_followed(follower, batches)


def try_file(tools):
    """While it is still being written."""
    ring = Ring(tools, "file")
    recorder = RingRecorder(ring, PORT, "--rotate-time", "1d", *FLUSH)
    follower = Follower(tools, "file", ring.paths()[0])
    batches = Batches(tools, PORT)
    batches.make(20)
    follower.await_rows(20)
    recorder.rotate()
    batches.make(20)
    expect_followed(follower, batches)
    recorder.finish()


def try_killed(tools):
    """What its recorder could not end is told of, and the next one's rows come."""
    ring = Ring(tools, "killed")
    follower = Follower(tools, "killed", ring.path)
    recorder = RingRecorder(ring, PORT, "--rotate-time", "1d", *FLUSH)
    batches = Batches(tools, PORT)
    batches.make(20)
    follower.await_rows(20)
    recorder.kill()
    recorder = RingRecorder(ring, PORT, "--rotate-time", "1d", *FLUSH)
    batches.make(20)
    follower.await_rows(40)
    recorder.finish()
    os.unlink(ring.paths()[0])
    await_that(lambda: "it has no end" in open(follower.warned, encoding="utf-8").read(), "a warning",
               lambda: follower.process.poll() is None)
    expect_equal(follower.end()[0], 3, "status")
    expect_made(follower.rows(), batches.ledger)


def main():
    tools = Tools(sys.argv)
    run_cases(tools, enter_namespace, [
        ("a ring", lambda: try_ring(tools)),
        ("a file", lambda: try_file(tools)),
        ("kill -9", lambda: try_killed(tools)),
    ])


main()
