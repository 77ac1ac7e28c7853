#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A file that cannot be written: full disks, failing ones, limits. What was lost is counted exactly, what was
written can be read at any moment, and the recording goes on when it can.

usage: record_output_test.py TCPLIFE_RECORD TCPLIFE_REPORT TRAFFIC FAILING_WRITE
"""

import errno
import os
import resource
import subprocess
import sys

from disk_case import DISK_BYTES, empty_disk, fill_disk, unmount_disks
from kernel_case import TIME_LIMIT_S, Skip, Tools, enter_namespace, expect, expect_equal, run_cases
from survival_case import Batches, Shown, Watched, expect_made

PORT = 21817  # below the range from which clients get theirs
FLUSH = ("--flush", "5ms")
CANNOT_WRITE = "sessions are lost until"
WRITTEN_AGAIN = " is written again"
FOR_EVER = 1 << 40


def start(tools, capture="cap.tlz", plan=None, flush=FLUSH, **keywords):
    """A recorder of the port. plan: what of its writing fails, see failing_write.c; it writes the beginning first,
    three times, then sessions, then up to three names, and then sessions alone."""
    before = () if plan is None else ("env", f"LD_PRELOAD={tools.failing_write}",
                                      "FAILING_WRITE=" + ",".join(map(str, plan)))
    return Watched(tools, "-L", str(PORT), *flush, capture=capture, before=before, **keywords)


def expect_recovered(tools, recorder, batches):
    """It has ended well: all is in the capture, as a row or as a loss."""
    shown = Shown(tools, recorder.capture)
    expect(shown.capture["clean_end"], "the capture has no end")
    shown.expect_whole_blocks()
    expect_equal(len(shown.rows), recorder.sessions, "rows")
    expect_equal(recorder.sessions + recorder.lost, batches.made, "recorded and lost together")
    shown.expect_written_losses(recorder.lost)
    expect(recorder.lost > 0, "nothing was lost")
    expect(f"{recorder.lost} session" in recorder.text, f"'{recorder.text}' does not say why")
    expect_made(shown.rows, batches.ledger)


def expect_failed(tools, recorder, batches):
    """It has ended without an end in the capture: what is in it is good, what is not was said."""
    shown = Shown(tools, recorder.capture)
    expect(not shown.capture["clean_end"], "the capture has an end")
    shown.expect_sound()
    expect_equal(len(shown.rows), recorder.sessions, "rows")
    expect_equal(recorder.lost, recorder.unwritten(), "losses in the closing line")
    expect_equal(recorder.sessions + recorder.lost, batches.made, "recorded and lost together")
    expect("incomplete" in recorder.text, f"'{recorder.text}' says that it is whole")
    expect_made(shown.rows, batches.ledger)
    return shown


def expect_recovered_or_failed(tools, recorder, batches):
    """Whether its last block found room behind the others is left to the disk."""
    status = recorder.stop()
    expect(status in (0, 1), f"status is {status}")
    (expect_failed if status else expect_recovered)(tools, recorder, batches)


def try_full_disk(tools):
    """It gets room again, and the recording goes on."""
    empty_disk(tools)
    recorder = start(tools, "disk/cap.tlz")
    filler = fill_disk(tools, "filler", leave=DISK_BYTES // 8)
    batches = Batches(tools, PORT)
    batches.make_until(lambda: recorder.has_said(CANNOT_WRITE))
    expect("No space left on device" in recorder.text and recorder.capture in recorder.text,
           f"'{recorder.text}' does not say what failed")
    fill_disk(tools, "rest")
    batches.make(500)
    Shown(tools, recorder.capture).expect_whole_blocks()
    os.unlink(filler)
    batches.make_until(lambda: recorder.has_said(WRITTEN_AGAIN))
    batches.make(100)
    expect_equal(recorder.stop(), 0, f"status ({recorder.text.strip()})")
    expect_recovered(tools, recorder, batches)


def try_full_disk_to_the_end(tools):
    empty_disk(tools)
    recorder = start(tools, "disk/cap.tlz")
    fill_disk(tools, "filler", leave=DISK_BYTES // 8)
    batches = Batches(tools, PORT)
    batches.make_until(lambda: recorder.has_said(CANNOT_WRITE))
    fill_disk(tools, "rest")
    batches.make(500)
    expect_recovered_or_failed(tools, recorder, batches)


def try_file_size_limit(tools):
    """As try_full_disk_to_the_end(), with another error and a signal that would kill."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20000, before[1]))
    try:
        recorder = start(tools)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    batches = Batches(tools, PORT)
    batches.make_until(lambda: recorder.has_said(CANNOT_WRITE))
    expect("ulimit -f" in recorder.text, f"'{recorder.text}' does not name the limit")
    expect_recovered_or_failed(tools, recorder, batches)


def try_error_for_a_time(tools, half, truncates):
    """Three writes fail, with the file cut back at once, or later."""
    recorder = start(tools, plan=(10, 3, half, errno.EIO, truncates))
    batches = Batches(tools, PORT)
    batches.make_until(lambda: recorder.has_said(CANNOT_WRITE), count=20)
    expect("Input/output error" in recorder.text, f"'{recorder.text}' does not name the error")
    Shown(tools, recorder.capture).expect_sound()
    batches.make_until(lambda: recorder.has_said(WRITTEN_AGAIN), count=20)
    expect_equal(recorder.stop(), 0, f"status ({recorder.text.strip()})")
    expect_recovered(tools, recorder, batches)


def names_in(shown):
    return sorted((name["kind"], name["id"], name["name"]) for name in shown.capture["names"])


def try_error_of_a_name(tools):
    """It is written later, and costs no session."""
    wanted = None
    for plan in (None, (5, 1, 1, errno.EIO, 0)):
        recorder = start(tools, plan=plan, flush=("--flush", "1d"))
        batches = Batches(tools, PORT)
        batches.make(20)
        expect_equal(recorder.stop(), 0, f"status ({recorder.text.strip()})")
        shown = Shown(tools, recorder.capture)
        shown.expect_whole_blocks()
        expect_equal((len(shown.rows), recorder.lost), (batches.made, 0), "rows, and sessions lost")
        wanted = wanted or names_in(shown)
        if len(wanted) < 2:
            raise Skip("only the user has a name here")
    expect_equal(names_in(shown), wanted, "names")


def try_error_at_the_end(tools):
    """The first name and the last block cannot be written, but what was lost and the end can."""
    recorder = start(tools, plan=(4, 2, 1, errno.EIO, 0), flush=("--flush", "1d"))
    batches = Batches(tools, PORT)
    batches.make(20)
    expect_equal(recorder.stop(), 0, f"status ({recorder.text.strip()})")
    expect_recovered(tools, recorder, batches)
    expect_equal(recorder.lost, batches.made, "sessions lost")


def try_error_for_ever(tools, half, truncates, has_part):
    """has_part: the half of a block could not be cut off; nothing is written behind it."""
    recorder = start(tools, plan=(10, FOR_EVER, half, errno.EIO, truncates))
    batches = Batches(tools, PORT)
    batches.make_until(lambda: recorder.has_said(CANNOT_WRITE), count=20)
    batches.make(300)
    expect_equal(recorder.stop(), 1, f"status ({recorder.text.strip()})")
    shown = expect_failed(tools, recorder, batches)
    expect_equal(bool(shown.capture["damage"]), has_part, "having a part of a block")


def try_error_with_command(tools):
    """The command ran well, and its status is not passed on: not all that it did is recorded."""
    status = subprocess.run([tools.recorder, "-q", "-o", tools.path("command.tlz"), *FLUSH, "--", "sh", "-c", "exit 0"],
                            stderr=subprocess.PIPE, timeout=TIME_LIMIT_S, check=False,
                            env=dict(os.environ, LD_PRELOAD=tools.failing_write,
                                     FAILING_WRITE=f"4,{FOR_EVER},1,{errno.EIO},0")).returncode
    expect_equal(status, 125, "status")
    Shown(tools, tools.path("command.tlz")).expect_whole_blocks()


def try_short_writes(tools):
    """The kernel takes half of each block, and then the rest: that is no error."""
    recorder = start(tools, plan=(1, FOR_EVER, 1, 0, 0))
    batches = Batches(tools, PORT)
    batches.make(300)
    recorder.finish()
    shown = Shown(tools, recorder.capture)
    shown.expect_whole_blocks()
    expect_equal((len(shown.rows), shown.status), (batches.made, 0), "rows, and status of the report")


def try_error_while_starting(tools):
    """Nothing could be written at all: there is no file, and the message says so once."""
    for plan in ((1, 1, 1, errno.EIO, 0), (3, 1, 0, errno.ENOSPC, 0)):
        path = tools.path("start.tlz")
        result = subprocess.run([tools.recorder, "-o", path, "-d", "1ms"], stderr=subprocess.PIPE, text=True,
                                timeout=TIME_LIMIT_S, check=False,
                                env=dict(os.environ, LD_PRELOAD=tools.failing_write,
                                         FAILING_WRITE=",".join(map(str, plan))))
        expect_equal(result.returncode, 1, "status")
        expect(path in result.stderr and result.stderr.count("\n") == 1, f"it says '{result.stderr}'")
        expect(not os.path.exists(path), "the file is still there")


def try_full_standard_output(tools):
    """What goes to standard output may not be cut off: that is the end of the recording."""
    empty_disk(tools)
    path = tools.path("disk/stdout.tlz")
    with open(path, "wb") as file:
        recorder = start(tools, "disk/stdout.tlz", stdout=file)
    fill_disk(tools, "filler", leave=DISK_BYTES // 8)
    batches = Batches(tools, PORT)
    batches.make_until(lambda: recorder.process.poll() is not None)
    expect_equal(recorder.wait(), 1, "status")
    shown = Shown(tools, path)
    shown.expect_sound()
    expect("cannot write standard output" in recorder.text and "No space left" in recorder.text,
           f"'{recorder.text}' does not say what failed")
    expect_equal(len(shown.rows), recorder.sessions, "rows")
    expect(recorder.unwritten() > 0, "nothing was lost")


def try_dev_full(tools):
    with open("/dev/full", "wb") as file:
        result = subprocess.run([tools.recorder, "-o", "-", "-d", "1ms"], stdout=file, stderr=subprocess.PIPE,
                                text=True, timeout=TIME_LIMIT_S, check=False)
    expect_equal(result.returncode, 1, "status")
    expect("No space left" in result.stderr and result.stderr.count("\n") == 1, f"it says '{result.stderr}'")


def main():
    tools = Tools(sys.argv)
    tools.failing_write = os.path.abspath(sys.argv[4])

    run_cases(tools, enter_namespace, [
        ("a full disk gets room again", lambda: try_full_disk(tools)),
        ("a disk full to the end", lambda: try_full_disk_to_the_end(tools)),
        ("a limit on the file's size", lambda: try_file_size_limit(tools)),
        ("errors for a time", lambda: try_error_for_a_time(tools, 0, 0)),
        ("errors for a time, blocks half written", lambda: try_error_for_a_time(tools, 1, 0)),
        ("errors for a time, half written and not cut at once", lambda: try_error_for_a_time(tools, 1, 4)),
        ("an error of a name", lambda: try_error_of_a_name(tools)),
        ("an error at the end", lambda: try_error_at_the_end(tools)),
        ("errors for ever", lambda: try_error_for_ever(tools, 0, 0, False)),
        ("errors for ever, blocks half written", lambda: try_error_for_ever(tools, 1, 0, False)),
        ("errors for ever, half written and never cut", lambda: try_error_for_ever(tools, 1, FOR_EVER, True)),
        ("errors for ever, with a command", lambda: try_error_with_command(tools)),
        ("short writes", lambda: try_short_writes(tools)),
        ("errors while starting", lambda: try_error_while_starting(tools)),
        ("a full disk behind standard output", lambda: try_full_standard_output(tools)),
        ("/dev/full", lambda: try_dev_full(tools)),
    ], unmount_disks)


main()
