# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of rings of files share: a recorder that writes into a directory, and what is there afterwards."""

import collections
import os
import re
import signal
import subprocess
import time

from kernel_case import TIME_LIMIT_S, Recorder, expect, expect_equal
from survival_case import Shown, Watched

HOST = re.sub(r"^[.-]|[^A-Za-z0-9_.-]", "_", os.uname().nodename)
NAME = re.compile(re.escape(HOST) + r"-\d{8}T\d{6}\.\d{3}Z\.tlz")


def await_that(condition, what, alive=lambda: True):
    limit = time.monotonic() + TIME_LIMIT_S
    while not condition():
        expect(alive(), f"the recorder has ended before: {what}")
        expect(time.monotonic() < limit, f"it never happens: {what}")
        time.sleep(0.002)


class Ring:
    """A directory, new and empty unless it is there."""

    def __init__(self, tools, name):
        self.tools, self.path = tools, tools.path(name)
        os.makedirs(self.path, exist_ok=True)

    def names(self):
        return sorted(name for name in os.listdir(self.path) if NAME.fullmatch(name))

    def paths(self):
        return [os.path.join(self.path, name) for name in self.names()]

    def bytes(self):
        total = 0
        for path in self.paths():
            try:
                total += os.path.getsize(path)
            except FileNotFoundError:
                pass
        return total

    def shown(self):
        return [Shown(self.tools, path) for path in self.paths()]


class RingRecorder(Watched):
    """A recorder of one port that writes into a ring."""

    def __init__(self, ring, port, *options, before=()):
        self.ring = ring
        super().__init__(ring.tools, "-L", str(port), *options, before=before)

    def target(self):
        return ["-o", self.ring.path]

    def await_files(self, count):
        """That so many are there, now or since it was asked."""
        await_that(lambda: len(self.ring.names()) >= count, f"{count} files", lambda: self.process.poll() is None)

    def await_newer(self, name):
        """That a file later than that one is there."""
        await_that(lambda: self.ring.names()[-1] > name, f"a file after {name}", lambda: self.process.poll() is None)

    def rotate(self):
        """By a signal; until there is a newer file. That of before may not have its end yet."""
        name = self.ring.names()[-1]
        self.process.send_signal(signal.SIGHUP)
        self.await_newer(name)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(TIME_LIMIT_S)
        Recorder.running.remove(self.process)


def record_as(ring, host):
    """A file of a host that is called so."""
    result = subprocess.run(["unshare", "--uts", "sh", "-c", 'echo "$0" >/proc/sys/kernel/hostname && exec "$@"', host,
                             ring.tools.recorder, "-o", ring.path, "--rotate-time", "1d", "-d", "1ms"],
                            stderr=subprocess.PIPE, text=True, timeout=TIME_LIMIT_S, check=False)
    expect_equal(result.returncode, 0, f"status ({result.stderr})")


def expect_whole(shown):
    """Each is a capture of its own that ended well, and none is another."""
    for each in shown:
        each.expect_whole_blocks()
        expect(each.capture["clean_end"], "a file has no end")
    ids = collections.Counter(each.capture["capture_id"] for each in shown)
    expect_equal(len(ids), len(shown), "different capture ids")
    for each in shown[:-1]:
        expect_equal(each.capture["reason"], "rotated", "reason")


def sum_of_losses(shown):
    return sum(loss["count"] for each in shown for loss in each.losses)


def rows_of(shown):
    return [row for each in shown for row in each.rows]
