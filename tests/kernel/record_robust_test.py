#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What happens around a recorder that runs for long: it is stopped and goes on, network namespaces come and go, others
record beside it."""

import collections
import os
import signal
import subprocess
import sys

from kernel_case import TIME_LIMIT_S, Tools, enter_namespace, expect, expect_equal, run_cases
from ring_case import Ring, RingRecorder
from survival_case import Batches, Shown, Watched, expect_made

PORT, OTHER_PORT = 22217, 22218  # below the range from which clients get theirs
NAMESPACES = 24
AT_ONCE = 4
SESSIONS_EACH = 25


def stop_and_go(recorder, batches, turns):
    """While it is stopped more ends than its ring holds."""
    for _ in range(turns):
        recorder.process.send_signal(signal.SIGSTOP)
        batches.make(800)
        recorder.process.send_signal(signal.SIGCONT)
        batches.make(50)


def try_stopped(tools):
    """What the ring does not hold is lost, and counted; all else is there."""
    recorder = Watched(tools, "-L", str(PORT), "--ring", "64K", "--flush", "10ms")
    batches = Batches(tools, PORT)
    stop_and_go(recorder, batches, 4)
    expect_equal(recorder.stop(), 0, "status")
    shown = Shown(tools, recorder.capture)
    shown.expect_whole_blocks()
    expect(recorder.lost > 0, "nothing was lost")
    expect_equal({loss["cause"] for loss in shown.losses}, {"ring-full"}, "causes")
    expect_equal(sum(loss["count"] for loss in shown.losses), recorder.lost, "losses in the capture")
    expect_equal(len(shown.rows) + recorder.lost, batches.made, "recorded and lost together")
    expect_made(shown.rows, batches.ledger)


def try_stopped_in_ring_of_files(tools):
    """Each loss is in the file of its time, once."""
    ring = Ring(tools, "stopped")
    recorder = RingRecorder(ring, PORT, "--rotate-size", "8K", "--ring", "64K", "--flush", "10ms")
    batches = Batches(tools, PORT)
    stop_and_go(recorder, batches, 4)
    expect_equal(recorder.stop(), 0, "status")
    shown = ring.shown()
    lost = sum(loss["count"] for each in shown for loss in each.losses)
    rows = [row for each in shown for row in each.rows]
    expect(lost > 0, "nothing was lost")
    expect_equal(lost, recorder.lost, "losses in the files")
    expect_equal(len(rows) + lost, batches.made, "recorded and lost together")


def try_namespaces(tools):
    """Of those that are gone when the session is written too."""
    recorder = Watched(tools, "-L", str(PORT), "--flush", "5ms")
    command = ["unshare", "--net", "sh", "-c", 'ip link set lo up && readlink /proc/self/ns/net && exec "$@"', "sh", tools.traffic,
               "--mode", "client-fin", "--port", str(PORT), "--count", str(SESSIONS_EACH), "--ledger"]
    inodes = []
    for begin in range(0, NAMESPACES, AT_ONCE):
        # pylint: disable-next=consider-using-with
        running = [subprocess.Popen([*command, tools.path(f"of-{number}")], stdout=subprocess.PIPE, text=True)
                   for number in range(begin, begin + AT_ONCE)]
        for process in running:
            text, _ = process.communicate(timeout=TIME_LIMIT_S)
            expect_equal(process.returncode, 0, "status of the traffic")
            inodes.append(int(text.split("[")[1].split("]")[0]))
    recorder.finish()
    shown = Shown(tools, recorder.capture)
    shown.expect_whole_blocks()
    ledger = [line for number in range(NAMESPACES) for line in tools.ledger(tools.path(f"of-{number}"))]
    expect_made(shown.rows, ledger)
    found = collections.Counter(row["netns"] for row in shown.rows)
    expect_equal(found, {inode: SESSIONS_EACH * count for inode, count in collections.Counter(inodes).items()},
                 "sessions of each namespace")


def cookies(tools, recorder):
    return sorted(row["cookie"] for row in Shown(tools, recorder.capture).rows)


def try_two_recorders(tools):
    """Each has what it was asked for, whatever the others do; one that ends takes nothing with it."""
    first = Watched(tools, "-L", str(PORT), capture="first.tlz")
    second = Watched(tools, "-L", str(PORT), "--states", capture="second.tlz")
    other = Watched(tools, "-L", str(OTHER_PORT), capture="other.tlz")
    all_of_them = Watched(tools, "-L", f"{PORT},{OTHER_PORT}", capture="all.tlz")
    batches, others = Batches(tools, PORT), Batches(tools, OTHER_PORT)
    batches.make(200)
    others.make(100)
    first.finish()
    other.process.kill()
    other.process.wait()
    batches.make(50)
    second.finish()
    all_of_them.finish()
    of_first, of_second = cookies(tools, first), cookies(tools, second)
    expect_equal((len(of_first), len(of_second)), (200, 250), "rows of those with the same filter")
    expect_equal(set(of_first) - set(of_second), set(), "sessions that only the first has")
    rows = Shown(tools, all_of_them.capture).rows
    expect_equal(collections.Counter(row["lport"] for row in rows), {PORT: 250, OTHER_PORT: 100}, "rows of who has both")
    expect_equal(sorted(row["cookie"] for row in rows if row["lport"] == PORT), of_second, "sessions of who has both")
    expect_made(rows, batches.ledger + others.ledger)


def main():
    tools = Tools(sys.argv)
    tools.traffic = os.path.abspath(tools.traffic)
    run_cases(tools, enter_namespace, [
        ("stopped under load", lambda: try_stopped(tools)),
        ("stopped under load, into a ring of files", lambda: try_stopped_in_ring_of_files(tools)),
        ("network namespaces come and go", lambda: try_namespaces(tools)),
        ("several recorders at once", lambda: try_two_recorders(tools)),
    ])


main()
