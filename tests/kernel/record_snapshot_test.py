#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A flight recorder: nothing is on disk but the snapshots that were asked for, each a whole capture of the last sessions,
and the recording goes on.

usage: record_snapshot_test.py TCPLIFE_RECORD TCPLIFE_REPORT TRAFFIC
"""

import os
import signal
import socket
import stat
import subprocess
import sys

from disk_case import empty_disk, fill_disk, unmount_disks
from kernel_case import CLOSING_LINE, TIME_LIMIT_S, Tools, enter_namespace, expect, expect_equal, run_cases
from ring_case import Ring, RingRecorder, await_that, expect_whole, rows_of
from survival_case import UNSEEN, Batches, Shown, Watched, expect_made

PORT = 22117  # below the range from which clients get theirs
AT_EXIT = ("--snapshot-at-exit",)


class SnapshotRecorder(RingRecorder):
    """A recorder of one port into memory."""

    def __init__(self, ring, *options, size="16M", before=()):
        super().__init__(ring, PORT, "--snapshot", size, *options, before=before)

    def wait(self):
        """Of the closing lines, which each snapshot has, the recording's is the last."""
        status = super().wait()
        *_, last = CLOSING_LINE.finditer(self.text)
        self.sessions, self.lost = (int(number or 0) for number in last.groups()[:2])
        unseen = UNSEEN.search(self.text)
        self.lost -= int(unseen[1]) if unseen and self.lost else 0
        return status

    def snapshot(self):
        """One more file; what it shows."""
        count = len(self.ring.names())
        self.process.send_signal(signal.SIGUSR2)
        self.await_files(count + 1)
        return Shown(self.ring.tools, self.ring.paths()[-1])


def run(tools, *options):
    result = subprocess.run([tools.recorder, *options], stderr=subprocess.PIPE, text=True, timeout=TIME_LIMIT_S, check=False)
    return result.returncode, result.stderr


def expect_snapshots(shown, recordings=1):
    """Each is a whole capture, and they are of so many recordings."""
    for each in shown:
        each.expect_whole_blocks()
        expect(each.capture["clean_end"], "a snapshot has no end")
    expect_equal(len({each.capture["capture_id"] for each in shown}), recordings, "different capture ids")


def salt_of(path):
    """In the header of its first block: docs/FORMAT.md, section 3."""
    with open(path, "rb") as file:
        return file.read(40)[36:]


def try_signal(tools):
    """What ended before is in it, and each later one has more; nothing else is ever there. Each has a salt of its own,
    though they have one id."""
    ring = Ring(tools, "signal")
    recorder = SnapshotRecorder(ring)
    batches = Batches(tools, PORT)
    shown = []
    for number, count in enumerate((0, 20, 30)):
        if count:
            batches.make(count)
        expect_equal(sorted(os.listdir(ring.path)), ring.names(), "files")
        shown.append(recorder.snapshot())
        expect_equal(len(shown), number + 1, "snapshots")
    batches.make(10)
    recorder.finish()
    expect_equal(len({salt_of(path) for path in ring.paths()} - {bytes(4)}), 3, "different salts")
    expect_equal(len(os.listdir(ring.path)), 3, "files")
    expect_snapshots(shown)
    expect_equal([len(each.rows) for each in shown], [0, 20, 50], "rows")
    expect_made(shown[-1].rows, batches.ledger)
    expect_equal([each.capture["reason"] for each in shown], ["snapshot"] * 3, "reasons")
    expect("root" in str(shown[-1].capture["names"]), f"no name of root in {shown[-1].capture['names']}")
    expect_equal(recorder.sessions, 60, "sessions in the closing line")
    for path in ring.paths():
        expect_equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, "mode")


def try_exit(tools):
    """With it the last one is of the end: what is still open is in it."""
    ring = Ring(tools, "exit")
    recorder = SnapshotRecorder(ring, *AT_EXIT)
    batches = Batches(tools, PORT)
    batches.make(20)
    with socket.create_server(("127.0.0.1", PORT)) as listener, socket.create_connection(listener.getsockname()):
        with listener.accept()[0]:
            recorder.finish()
    shown, = ring.shown()
    expect_snapshots([shown])
    expect_equal(len(shown.rows), 21, "rows")
    expect_equal(shown.rows[-1]["end"], "still-open", "end of the last")
    expect_equal(shown.capture["reason"], "interrupted", "reason")


def try_no_exit(tools):
    ring = Ring(tools, "no-exit")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        recorder = SnapshotRecorder(ring)
        Batches(tools, PORT).make(5)
        expect_equal(recorder.stop(number), 0, f"status after {number.name} ({recorder.text.strip()})")
    recorder = SnapshotRecorder(ring)
    recorder.kill()
    expect_equal(os.listdir(ring.path), [], "files")


def try_signals_at_once(tools):
    """However many come while one is written: each file is whole, and the last has all."""
    ring = Ring(tools, "many")
    recorder = SnapshotRecorder(ring, "--flush", "5ms")
    batches = Batches(tools, PORT)
    for _ in range(5):
        for _ in range(20):
            recorder.process.send_signal(signal.SIGUSR2)
        batches.make(200)
    recorder.process.send_signal(signal.SIGUSR2)
    recorder.process.send_signal(signal.SIGTERM)
    expect_equal(recorder.wait(), 0, f"status ({recorder.text.strip()})")
    shown = ring.shown()
    last = shown[-1]
    expect_equal(len(shown), recorder.text.count(" nothing lost\n") - 1, "files, by what was said")
    expect_snapshots(shown)
    expect_equal(len(last.rows), batches.made, "rows")
    counts = [len(each.rows) for each in shown]
    expect_equal(counts, sorted(counts), "rows in the files")
    expect_made(last.rows, batches.ledger)


def try_time(tools):
    """What ended longer ago is forgotten."""
    ring = Ring(tools, "time")
    recorder = SnapshotRecorder(ring, "--flush", "20ms", size="1s")
    batches = Batches(tools, PORT)
    batches.make(20)
    first = recorder.snapshot()
    expect_equal(len(first.rows), 20, "rows")
    newest_us = max(row["close_us"] for row in first.rows)
    await_that(lambda: not recorder.snapshot().rows, "they are forgotten")
    expect(Shown(tools, ring.paths()[-1]).capture["ended_us"] - newest_us > 1000000, "they are forgotten too early")
    batches.make(30)
    expect_equal(len(recorder.snapshot().rows), 30, "rows of later")
    recorder.finish()
    expect_snapshots(ring.shown())


def try_states(tools):
    ring = Ring(tools, "states")
    recorder = SnapshotRecorder(ring, "--states", *AT_EXIT)
    Batches(tools, PORT).make(20)
    recorder.finish()
    path, = ring.paths()
    result = subprocess.run([tools.reporter, "--states", "--jsonl", path], stdout=subprocess.PIPE, timeout=TIME_LIMIT_S,
                            check=True)
    expect(len(result.stdout.splitlines()) > 5 * 20, "changes of state are missing")
    expect_equal(len(Shown(tools, path).rows), 20, "rows")


def try_user(tools):
    """Written without rights, by whom the recorder has become."""
    ring = Ring(tools, "user")
    os.chmod(tools.root, 0o711)
    os.chmod(tools.folder, 0o711)
    status, words = run(tools, "-o", ring.path, "--snapshot", "10m", "--user", "nobody", "-d", "1ms")
    expect_equal(status, 1, f"status ({words})")
    os.chmod(ring.path, 0o777)
    recorder = SnapshotRecorder(ring, "--user", "nobody")
    Batches(tools, PORT).make(20)
    shown = recorder.snapshot()
    recorder.finish()
    expect_equal(len(shown.rows), 20, "rows")
    expect_equal(os.stat(ring.paths()[0]).st_uid, 65534, "owner")


def try_full_disk(tools):
    """Said; nothing is left, nothing forgotten, no older snapshot removed; and then there is room."""
    empty_disk(tools)
    ring = Ring(tools, "disk")
    recorder = SnapshotRecorder(ring)
    batches = Batches(tools, PORT)
    batches.make(100)
    recorder.snapshot()
    filler = fill_disk(tools, "filler")
    before = sorted(os.listdir(ring.path))
    recorder.process.send_signal(signal.SIGUSR2)
    recorder.await_words("cannot write a snapshot into")
    expect_equal(sorted(os.listdir(ring.path)), before, "files")
    batches.make(100)
    os.unlink(filler)
    shown = recorder.snapshot()
    expect_equal(len(shown.rows), 200, "rows")
    recorder.finish()
    expect_snapshots(ring.shown())


def try_full_disk_at_exit(tools):
    empty_disk(tools)
    ring = Ring(tools, "disk")
    recorder = SnapshotRecorder(ring, *AT_EXIT)
    fill_disk(tools, "filler")
    expect_equal(recorder.stop(), 1, f"status ({recorder.text.strip()})")
    expect_equal(os.listdir(ring.path), ["filler"], "files")


def try_keep(tools):
    ring = Ring(tools, "keep")
    recorder = SnapshotRecorder(ring, "--keep", "2")
    for count in range(1, 4):
        Batches(tools, PORT).make(count)
        name = ring.names()[-1:]
        recorder.process.send_signal(signal.SIGUSR2)
        await_that(lambda name=name: ring.names()[-1:] > name, "a snapshot")
    recorder.finish()
    expect_equal([len(each.rows) for each in ring.shown()], [3, 6], "rows")


def try_command(tools):
    """It may ask for one; that signal is not for it."""
    ring = Ring(tools, "command")
    status, text = run(tools, "-o", ring.path, "--snapshot", "4M", "--snapshot-at-exit", "--", "sh", "-c",
                       f"kill -USR2 $PPID; while [ $(ls {ring.path} | wc -l) -lt 1 ]; do sleep 0.01; done; exit 7")
    expect_equal(status, 7, f"status ({text})")
    expect_equal([each.capture["reason"] for each in ring.shown()], ["snapshot", "command ended"], "reasons")


def try_without(tools):
    """Without --snapshot the signal is what it was."""
    recorder = Watched(tools)
    recorder.process.send_signal(signal.SIGUSR2)
    expect_equal(recorder.wait(), -signal.SIGUSR2, "status")


def try_misuse(tools):
    ring = Ring(tools, "misuse")
    for word, *options in (("--snapshot", "--snapshot", ""), ("--snapshot", "--snapshot", "64"), ("--snapshot", "--snapshot", "1M"),
                           ("--snapshot", "--snapshot", "1ms"), ("--snapshot", "--snapshot", "much"),
                           ("--snapshot", "--snapshot", "65G"), ("--snapshot", "--snapshot", "99999999999999999999M"),
                           ("--snapshot-at-exit", "--snapshot-at-exit"),
                           ("--rotate-time", "--snapshot", "64M", "--rotate-time", "1h"), ("-o -", "--snapshot", "64M", "-o", "-"),
                           ("--force", "--snapshot", "64M", "-f"), ("--align", "--snapshot", "64M", "--align")):
        status, text = run(tools, "-o", ring.path, *options)
        expect_equal(status, 2, f"status of {options}")
        expect_equal(text.count("\n"), 1, f"lines of '{text}'")
        expect(word in text and "--help" in text, f"'{text}' does not name {word} and --help")
    status, text = run(tools, "-o", tools.path("no-directory"), "--snapshot", "64M")
    expect_equal((status, text.count("no-directory")), (1, 1), f"status, and times that '{text}' names it")


def try_after_each_other(tools):
    """Names go on from those that are there."""
    ring = Ring(tools, "again")
    for _ in range(3):
        recorder = SnapshotRecorder(ring, *AT_EXIT)
        Batches(tools, PORT).make(5)
        recorder.finish()
    shown = ring.shown()
    expect_snapshots(shown, 3)
    expect_equal(len(rows_of(shown)), 15, "rows")
    expect_whole(shown[-1:])


def main():
    tools = Tools(sys.argv)
    tools.recorder = os.path.abspath(tools.recorder)
    run_cases(tools, enter_namespace, [
        ("by a signal", lambda: try_signal(tools)),
        ("at the end", lambda: try_exit(tools)),
        ("not at the end", lambda: try_no_exit(tools)),
        ("many signals at once", lambda: try_signals_at_once(tools)),
        ("by time", lambda: try_time(tools)),
        ("changes of state", lambda: try_states(tools)),
        ("as another user", lambda: try_user(tools)),
        ("a full disk", lambda: try_full_disk(tools)),
        ("a full disk at the end", lambda: try_full_disk_at_exit(tools)),
        ("so many are kept", lambda: try_keep(tools)),
        ("a command", lambda: try_command(tools)),
        ("without --snapshot", lambda: try_without(tools)),
        ("misuse", lambda: try_misuse(tools)),
        ("one after the other", lambda: try_after_each_other(tools)),
    ], unmount_disks)


main()
