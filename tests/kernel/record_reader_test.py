#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A capture on standard output, and readers that go away, or do not read: nothing waits for ever."""

import fcntl
import os
import signal
import subprocess
import sys

from kernel_case import TIME_LIMIT_S, Tools, enter_namespace, expect, expect_equal, run_cases
from survival_case import Batches, Shown, Watched, expect_made

PORT = 21819  # below the range from which clients get theirs
FLUSH = ("--flush", "5ms")
F_SETPIPE_SZ = 1031  # Linux
STALLED = "its reader took nothing"


class Pipe:
    """A small pipe: the beginning of a capture fills it."""

    def __init__(self):
        self.read_end, self.write_end = os.pipe()
        fcntl.fcntl(self.write_end, F_SETPIPE_SZ, 4096)

    def start(self, tools, *options):
        recorder = Watched(tools, *options, stdout=self.write_end)
        os.close(self.write_end)
        return recorder

    def drain_into(self, path):
        """All that comes, until the recorder has closed it."""
        with open(self.read_end, "rb", buffering=0) as pipe, open(path, "wb") as file:
            while data := pipe.read(65536):
                file.write(data)


def try_reader_goes_away(tools):
    """It is over as soon as the reader is gone, at most with its closing line, and not by a signal."""
    # pylint: disable-next=consider-using-with
    reader = subprocess.Popen(["head", "-c", "1000"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    recorder = Watched(tools, "-L", str(PORT), *FLUSH, stdout=reader.stdin)
    reader.stdin.close()
    reader.stdin = None
    batches = Batches(tools, PORT)
    batches.make_until(lambda: recorder.process.poll() is not None, count=20)
    expect_equal(recorder.wait(), 1, "status")
    expect_equal(len(reader.communicate(timeout=TIME_LIMIT_S)[0]), 1000, "bytes that the reader got")
    lines = recorder.text.splitlines()
    expect(len(lines) == 2 and "recording to" in lines[0] and "incomplete" in lines[1], f"it says '{recorder.text}'")


def stall(tools, *options, count=200):
    """A recorder that has these sessions to write, and nobody reads them."""
    pipe = Pipe()
    recorder = pipe.start(tools, "-L", str(PORT), *FLUSH, *options)
    batches = Batches(tools, PORT)
    batches.make(count)
    return pipe, recorder, batches


def expect_given_up(recorder, batches, status=1):
    """It has ended and said what that cost: nothing fits into the pipe behind the beginning."""
    expect_equal(recorder.wait(), status, f"status ({recorder.text.strip()})")
    expect(STALLED in recorder.text, f"'{recorder.text}' does not say why")
    expect_equal((recorder.sessions, recorder.lost), (0, batches.made), "sessions and losses in the closing line")
    expect_equal(recorder.unwritten(), batches.made, "sessions that could not be written")


def try_stalled_reader(tools, number):
    """One signal: it waits for the reader for a time."""
    pipe, recorder, batches = stall(tools)
    recorder.process.send_signal(number)
    expect_given_up(recorder, batches)
    os.close(pipe.read_end)


def try_stalled_reader_and_duration(tools):
    """No signal: the time of the recording ends it also while it waits to write."""
    pipe, recorder, batches = stall(tools, "-d", "1s", count=100)
    expect_equal(recorder.wait(), 1, f"status ({recorder.text.strip()})")
    expect(STALLED in recorder.text, f"'{recorder.text}' does not say why")
    expect(0 < recorder.lost <= batches.made, f"{recorder.lost} lost of {batches.made}")
    os.close(pipe.read_end)


def try_second_signal(tools):
    """It waits no longer."""
    pipe, recorder, batches = stall(tools)
    recorder.process.send_signal(signal.SIGINT)
    recorder.process.send_signal(signal.SIGTERM)
    expect_given_up(recorder, batches)
    expect("a second signal" in recorder.text, f"'{recorder.text}' does not name the signal")
    os.close(pipe.read_end)


def try_late_reader(tools):
    """It begins to read when the recording was ended already: it gets everything."""
    pipe, recorder, batches = stall(tools)
    recorder.process.send_signal(signal.SIGINT)
    pipe.drain_into(tools.path("late.tlz"))
    expect_equal(recorder.wait(), 0, f"status ({recorder.text.strip()})")
    shown = Shown(tools, tools.path("late.tlz"))
    shown.expect_whole_blocks()
    expect_equal((len(shown.rows), shown.status), (batches.made, 0), "rows, and status of the report")
    expect_made(shown.rows, batches.ledger)


def try_full_ring_behind_reader(tools):
    """While the reader holds it up the kernel goes on into the ring, and counts what does not fit."""
    pipe, recorder, batches = stall(tools, "--ring", "4K", count=1000)
    recorder.process.send_signal(signal.SIGINT)
    pipe.drain_into(tools.path("ring.tlz"))
    expect_equal(recorder.wait(), 0, f"status ({recorder.text.strip()})")
    shown = Shown(tools, tools.path("ring.tlz"))
    shown.expect_whole_blocks()
    expect(recorder.lost > 0, "nothing was lost")
    expect_equal({loss["cause"] for loss in shown.losses}, {"ring-full"}, "causes of losses")
    expect_equal(sum(loss["count"] for loss in shown.losses), recorder.lost, "losses in the capture")
    expect_equal(len(shown.rows) + recorder.lost, batches.made, "recorded and lost together")


def try_stalled_reader_and_command(tools):
    """The command's signal is the first, then its end; its status is hidden by the failure."""
    pipe = Pipe()
    recorder = pipe.start(tools, "-L", str(PORT), *FLUSH, "--", "sh", "-c",
                          "trap 'exit 5' TERM; echo ready >&2; while kill -0 $PPID; do sleep 0.01; done")
    recorder.await_words("ready")
    batches = Batches(tools, PORT)
    batches.make(50)
    recorder.process.send_signal(signal.SIGTERM)
    expect_given_up(recorder, batches, status=125)
    os.close(pipe.read_end)


def main():
    tools = Tools(sys.argv)
    run_cases(tools, enter_namespace, [
        ("the reader goes away", lambda: try_reader_goes_away(tools)),
        ("nobody reads, SIGINT", lambda: try_stalled_reader(tools, signal.SIGINT)),
        ("nobody reads, a second signal", lambda: try_second_signal(tools)),
        ("nobody reads, the duration is over", lambda: try_stalled_reader_and_duration(tools)),
        ("nobody reads, a command ends", lambda: try_stalled_reader_and_command(tools)),
        ("a late reader", lambda: try_late_reader(tools)),
        ("the ring is full behind a reader", lambda: try_full_ring_behind_reader(tools)),
    ])


main()
