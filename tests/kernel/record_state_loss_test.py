#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Changes of state that cannot be recorded are counted, apart from sessions: recorded and lost are what was made.

usage: record_state_loss_test.py TCPLIFE_RECORD TCPLIFE_REPORT TRAFFIC FAILING_WRITE
"""

import errno
import os
import signal
import sys

from kernel_case import Recorder, Tools, enter_namespace, expect, expect_equal, run_cases
from network_case import Namespace, await_that, spread_interrupts
from state_case import Changes, second_reader
from survival_case import Batches, Watched

PORT = 21714  # below the range from which clients get theirs


def await_end():
    here = Namespace(make=False)
    await_that(lambda: not here.has_sessions(), "all sessions have ended")
    os.close(here.fd)


def start(tools, *options, kind=Recorder, capture, before=()):
    return kind(tools, "--states", "--netns", "self", "-L", str(PORT), *options, capture=capture, before=before)


def check_ledger(tools, recorder, cause, made, sessions):
    """made: the changes of a recorder that has lost none."""
    changes = Changes(recorder.capture)
    lost = recorder.lost_states
    expect(lost > 0, "nothing was lost")
    expect_equal(changes.losses, {cause: lost}, "losses in the capture")
    expect_equal(len(changes.rows) + lost, made, "changes recorded and lost together")
    expect(f"{lost} changes of state lost: " in recorder.text, f"no word of it in: {recorder.text.strip()}")
    expect_equal(len(tools.rows(recorder.capture)), recorder.sessions, "rows of sessions")
    expect_equal(recorder.sessions + recorder.lost, sessions, "sessions recorded and lost together")


def make_unread(tools, recorder, mode, count):
    """Sessions while the recorder does not read its ring."""
    recorder.process.send_signal(signal.SIGSTOP)
    try:
        tools.make_traffic(mode, "--port", str(PORT), "--count", str(count))
        await_end()
    finally:
        recorder.process.send_signal(signal.SIGCONT)


def try_full_ring(tools, mode, unread, read=0, rounds=1):
    """In each round it fills, since nobody reads it; and then is read again."""
    roomy = start(tools, "--ring", "64M", capture="roomy.tlz")
    recorder = start(tools, "--ring", "4K", capture="small.tlz")
    for _ in range(rounds):
        make_unread(tools, recorder, mode, unread)
        if read:
            tools.make_traffic(mode, "--port", str(PORT), "--count", str(read))
            await_end()
    expect_equal(recorder.stop(), 0, "the recorder's status")
    roomy.finish()
    all_changes = Changes(roomy.capture)
    count = rounds * (unread + read)
    expect(len(all_changes.rows) > 2 * count, f"{len(all_changes.rows)} changes of {count} sessions")
    if not read:
        expect(len(Changes(recorder.capture).rows) < 100, "more changes than a ring of 4 KB holds")
    check_ledger(tools, recorder, "ring-full", len(all_changes.rows), count)


def try_failing_disk(tools):
    """What was to be in blocks that could not be written is counted."""
    roomy = start(tools, "--ring", "64M", capture="roomy.tlz")
    recorder = start(tools, "--flush", "5ms", kind=Watched, capture="failing.tlz",
                     before=("env", f"LD_PRELOAD={tools.failing_write}", f"FAILING_WRITE=10,8,1,{errno.EIO},0"))
    batches = Batches(tools, PORT)
    batches.make_until(lambda: recorder.has_said(" is written again"), count=50)
    await_end()
    expect_equal(recorder.stop(), 0, f"the recorder's status ({recorder.text.strip()})")
    roomy.finish()
    check_ledger(tools, recorder, "write-error", len(Changes(roomy.capture).rows), batches.made)


def try_interrupts(tools):
    """What the kernel does not show is counted, as far as what is shown tells of it."""
    count = 20000
    spread_interrupts(tools)
    recorder = start(tools, "--ring", "64M", capture="unseen.tlz")
    tools.make_traffic("client-fin", "--port", str(PORT), "--count", str(count))
    await_end()
    expect_equal(recorder.stop(), 0, "the recorder's status")
    changes = Changes(recorder.capture)
    shown = len([row for row in changes.rows if row.old != "LISTEN" and row.new != "LISTEN"])
    made = 4 * count  # the first is still of the listener's port, too, or of none
    print(f"# {shown} of {made} changes were shown, {changes.lost()} are known to be missing", flush=True)
    expect(set(changes.losses) <= {"unseen"}, f"losses are {changes.losses}")
    expect(shown <= made, f"{shown} changes of {count} sessions")
    expect(made - shown <= 2 * changes.lost() + count // 100, f"{shown} of {made}, {changes.lost()} counted as lost")


def main():
    tools = Tools(sys.argv)
    tools.failing_write = os.path.abspath(sys.argv[4])
    run_cases(tools, lambda: (second_reader(), enter_namespace()), [
        ("the ring is full, FIN", lambda: try_full_ring(tools, "client-fin", 500)),
        ("the ring is full, reset", lambda: try_full_ring(tools, "server-reset", 500)),
        ("the ring is full now and then", lambda: try_full_ring(tools, "client-fin", 500, 500, rounds=5)),
        ("a disk that fails for a time", lambda: try_failing_disk(tools)),
        ("interrupts", lambda: try_interrupts(tools)),
    ])


main()
