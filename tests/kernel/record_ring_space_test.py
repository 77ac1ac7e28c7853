#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A ring of files is bounded: what is removed, in which order, and what never; and what happens when nothing is left
to remove.

usage: record_ring_space_test.py TCPLIFE_RECORD TCPLIFE_REPORT TRAFFIC FAILING_WRITE
"""

import errno
import os
import shutil
import signal
import subprocess
import sys

from disk_case import DISK_BYTES, empty_disk, fill_disk, free_bytes, unmount_disks
from kernel_case import TIME_LIMIT_S, Tools, enter_namespace, expect, expect_equal, run_cases
from ring_case import HOST, Ring, RingRecorder, await_that, expect_whole, record_as, rows_of, sum_of_losses
from survival_case import Batches, Shown, expect_made

PORT = 21951  # below the range from which clients get theirs
FLUSH = ("--flush", "5ms")
BY_SIGNAL = ("--rotate-time", "1d")
PAGE = 4096  # in which a tmpfs gives out its space
CANNOT_WRITE = "sessions are lost until"
CANNOT_BEGIN = "cannot begin the next capture"
WRITTEN_AGAIN = " is written again"


def disk_ring(tools):
    empty_disk(tools)
    return Ring(tools, "disk")


def make_old(ring, count):
    """So many files of a recorder of this host that is gone; their names."""
    for _ in range(count):
        recorder = RingRecorder(ring, PORT, *BY_SIGNAL)
        recorder.finish()
    return ring.names()


def place(ring, date, data=None, source=None):
    """A file with a name that the recorder gives; its path."""
    path = os.path.join(ring.path, f"{HOST}-{date}T000000.000Z.tlz")
    if source:
        shutil.copy(source, path)
    elif data is not None:
        with open(path, "wb") as file:
            file.write(data)
    return path


def capture_of_another_host(tools):
    """Its path, elsewhere."""
    ring = Ring(tools, "elsewhere")
    record_as(ring, "elsewhere")
    name, = os.listdir(ring.path)
    return os.path.join(ring.path, name)


def capture_of_another_program(tools, source):
    """The same sessions, as the report writes them; its path, elsewhere."""
    path = tools.path("written.tlz")
    lines = subprocess.run([tools.reporter, "--jsonl", "--with-meta", source], stdout=subprocess.PIPE, check=True).stdout
    changed = lines.replace(b'"program":"tcplife-record"', b'"program":"another"')
    expect(changed != lines, "the capture does not name its program")
    subprocess.run([tools.reporter, "--input", "jsonl", "-", "--write", path], input=changed, check=True,
                   stderr=subprocess.DEVNULL)
    return path


def place_foreign(tools, ring, own):
    """All that is old, and not a file of this ring; what stands where."""
    outside = tools.path("outside.tlz")
    shutil.copy(own, outside)
    place(ring, "20200101", data=b"no capture")
    place(ring, "20200102", data=b"")
    place(ring, "20200103", source=capture_of_another_host(tools))
    place(ring, "20200111", source=capture_of_another_program(tools, own))
    os.symlink(outside, place(ring, "20200104"))
    os.link(outside, place(ring, "20200105"))
    os.mkdir(place(ring, "20200106"))
    os.mkfifo(place(ring, "20200107"))
    os.chown(place(ring, "20200108", source=own), 12345, -1)
    with open(own, "rb") as file:
        data = file.read()
    place(ring, "20200109", data=data[:60])  # before it says of which host it is
    place(ring, "20200110", data=b"\0" * 16 + data[16:])
    for name in ("elsewhere-20200111T000000.000Z.tlz", f"{HOST}-20200112T000000Z.tlz", f"{HOST}-20200113T000000.000Z.tlz.bak",
                 f"{HOST}-20201313T000000.000Z.tlz", "keep-me.tlz"):
        shutil.copy(own, os.path.join(ring.path, name))
    return state_of(ring)


def state_of(ring):
    return {name: (os.lstat(os.path.join(ring.path, name)).st_ino, os.lstat(os.path.join(ring.path, name)).st_size)
            for name in os.listdir(ring.path)}


def try_keep(tools):
    """Oldest first, what another run has left included, and nothing that is not of this ring."""
    ring = Ring(tools, "keep")
    own = os.path.join(ring.path, make_old(ring, 1)[0])
    foreign = place_foreign(tools, ring, own)
    del foreign[os.path.basename(own)]
    oldest = place(ring, "20191231", source=own)
    recorder = RingRecorder(ring, PORT, *BY_SIGNAL, "--keep", "3")
    await_that(lambda: os.path.exists(oldest) and os.path.exists(own), "three of the ring are there")
    recorder.rotate()
    await_that(lambda: not os.path.exists(oldest), "the oldest is removed")
    expect(os.path.exists(own), "the one after the oldest is removed")
    made = []
    for _ in range(4):
        recorder.rotate()
        made = [name for name in ring.names() if name not in foreign]
        await_that(lambda: len([name for name in ring.names() if name not in foreign]) == 3, "three are left")
    recorder.finish()
    left = [name for name in ring.names() if name not in foreign]
    expect_equal(left, made[-3:], "the files of the ring")
    now = state_of(ring)
    expect_equal({name: now.get(name) for name in foreign}, foreign, "what is not of the ring")
    expect_whole([Shown(tools, os.path.join(ring.path, name)) for name in left])


def try_keep_at_the_start(tools):
    """A ring that is too large is cut once the recording has begun."""
    ring = Ring(tools, "start")
    old = make_old(ring, 4)
    recorder = RingRecorder(ring, PORT, *BY_SIGNAL, "--keep", "3")
    expect_equal(ring.names()[:-1], old[2:], "the old files that are left")
    recorder.finish()


def try_keep_size(tools):
    ring = Ring(tools, "keep-size")
    recorder = RingRecorder(ring, PORT, "--rotate-size", "4K", "--keep-size", "32K", *FLUSH)
    batches = Batches(tools, PORT)
    seen = set()

    def are_many():
        seen.update(ring.names())
        expect(ring.bytes() <= 32768, f"the ring has {ring.bytes()} bytes")
        return len(seen) >= 20

    batches.make_until(are_many)
    recorder.finish()
    seen.update(ring.names())
    expect(ring.bytes() <= 32768, f"the ring has {ring.bytes()} bytes")
    expect_equal(ring.names(), sorted(seen)[-len(ring.names()):], "the newest of all")
    expect(len(ring.names()) >= 3, "too much was removed")
    expect_whole(ring.shown())
    expect_equal(recorder.sessions, batches.made, "sessions in the closing line")


def try_default_size(tools):
    """With --keep-size alone a file has an eighth."""
    ring = Ring(tools, "default-size")
    recorder = RingRecorder(ring, PORT, *BY_SIGNAL, "--keep-size", "64K", *FLUSH)
    Batches(tools, PORT).make_until(lambda: len(ring.names()) >= 3)
    recorder.finish()
    expect(all(os.path.getsize(path) >= 8192 for path in ring.paths()[:-1]), "a file is smaller")
    expect_whole(ring.shown())


def try_min_free(tools):
    """The ring makes room for itself, and for others; when it has none to give, it waits."""
    ring = disk_ring(tools)
    floor = DISK_BYTES // 2
    recorder = RingRecorder(ring, PORT, "--rotate-size", "8K", "--min-free", str(floor), *FLUSH)
    batches = Batches(tools, PORT)
    first = ring.names()[0]

    def is_gone():
        expect(free_bytes(tools) > floor - PAGE, f"{free_bytes(tools)} bytes are free")
        return first not in ring.names()

    batches.make_until(is_gone)
    expect(not recorder.has_said(CANNOT_WRITE), "it waits while there is something to remove")
    filler = fill_disk(tools, "filler")
    batches.make_until(lambda: recorder.has_said(CANNOT_WRITE))
    expect("--min-free" in recorder.text, f"'{recorder.text}' does not name the limit")
    expect_equal(len(ring.names()), 1, "files that are left")
    free = free_bytes(tools)
    batches.make(200)
    expect_equal(free_bytes(tools), free, "bytes that are free")
    os.unlink(filler)
    batches.make_until(lambda: recorder.has_said(WRITTEN_AGAIN))
    expect_equal(recorder.stop(), 0, f"status ({recorder.text.strip()})")
    expect(recorder.lost > 0, "nothing was lost")
    expect_equal(recorder.sessions + recorder.lost, batches.made, "recorded and lost together")
    shown = ring.shown()
    expect_whole(shown)
    expect_made(rows_of(shown), batches.ledger)


def try_min_free_to_the_end(tools):
    """What --min-free keeps free is enough for the end, which says what was lost."""
    ring = disk_ring(tools)
    recorder = RingRecorder(ring, PORT, *BY_SIGNAL, "--min-free", str(DISK_BYTES // 2), *FLUSH)
    fill_disk(tools, "filler", leave=DISK_BYTES // 4)
    batches = Batches(tools, PORT)
    batches.make_until(lambda: recorder.has_said(CANNOT_WRITE))
    expect_equal(recorder.stop(), 0, f"status ({recorder.text.strip()})")
    shown, = ring.shown()
    expect_whole([shown])
    expect(recorder.lost > 0, "nothing was lost")
    expect_equal((len(shown.rows), sum_of_losses([shown])), (recorder.sessions, recorder.lost), "rows and losses")
    expect_equal(recorder.sessions + recorder.lost, batches.made, "recorded and lost together")


def try_full_disk(tools):
    """As long as there are old files, nothing is lost."""
    ring = disk_ring(tools)
    recorder = RingRecorder(ring, PORT, "--rotate-size", "8K", *FLUSH)
    batches = Batches(tools, PORT)
    names = set(ring.names())

    def are_gone():
        names.update(ring.names())
        return len(names) - len(ring.names()) >= 5

    batches.make_until(are_gone)
    recorder.finish()
    names.update(ring.names())
    expect_equal(recorder.sessions, batches.made, "sessions")
    expect_equal(ring.names(), sorted(names)[-len(ring.names()):], "the newest of all")
    expect(len(ring.names()) > 10, "too much was removed")
    expect_whole(ring.shown())


def try_pause(tools):
    """With nothing to remove it pauses, counts, and goes on; the next file waits for room as well. It writes when the
    test tells it, so that the disk is full to the last page."""
    ring = disk_ring(tools)
    recorder = RingRecorder(ring, PORT, *BY_SIGNAL, "--flush", "1d")
    filler = fill_disk(tools, "filler")
    batches = Batches(tools, PORT)
    batches.make(2000)
    recorder.process.send_signal(signal.SIGHUP)
    recorder.await_words(CANNOT_BEGIN)
    recorder.await_words(CANNOT_WRITE)
    path, = ring.paths()
    Shown(tools, path).expect_whole_blocks()
    os.unlink(filler)
    recorder.rotate()
    batches.make(100)
    expect_equal(recorder.stop(), 0, f"status ({recorder.text.strip()})")
    expect_equal(recorder.text.count(CANNOT_BEGIN), 1, "times that it says that it cannot begin the next")
    shown = ring.shown()
    expect_whole(shown)
    expect_equal(len(shown), 2, "files")
    expect_equal((recorder.sessions, recorder.lost), (100, 2000), "sessions and losses in the closing line")
    expect_equal((len(rows_of(shown)), sum_of_losses(shown)), (recorder.sessions, recorder.lost), "rows and losses")
    expect_made(rows_of(shown), batches.ledger)


def fill_inodes(tools):
    """Makes empty files until there can be no more; the path of one."""
    count = 0
    try:
        while True:
            with open(tools.path(f"disk/empty-{count}"), "xb"):
                count += 1
    except OSError as error:
        expect_equal(error.errno, errno.ENOSPC, "error of making files")
    return tools.path("disk/empty-0")


def try_no_next_file(tools):
    """The one that is there goes on, and nothing is lost."""
    ring = disk_ring(tools)
    recorder = RingRecorder(ring, PORT, *BY_SIGNAL, *FLUSH)
    subprocess.run(["mount", "-o", "remount,nr_inodes=16", tools.path("disk")], check=True)
    empty = fill_inodes(tools)
    batches = Batches(tools, PORT)
    recorder.process.send_signal(signal.SIGHUP)
    recorder.await_words(CANNOT_BEGIN)
    batches.make(100)
    os.unlink(empty)
    recorder.await_files(2)
    recorder.finish()
    shown = ring.shown()
    expect_whole(shown)
    expect_equal((len(shown), len(rows_of(shown))), (2, batches.made), "files and rows")


def try_full_at_the_start(tools):
    """There is nothing to record into: it says so and ends, and leaves no file."""
    ring = disk_ring(tools)
    for options in (("--min-free", str(DISK_BYTES)), ()):
        if not options:
            fill_disk(tools, "filler")
        result = subprocess.run([tools.recorder, "-o", ring.path, *BY_SIGNAL, *options, "-d", "1ms"],
                                stderr=subprocess.PIPE, text=True, timeout=TIME_LIMIT_S, check=False)
        expect_equal(result.returncode, 1, f"status ({result.stderr})")
        expect(result.stderr.count("\n") == 1 and ring.path in result.stderr, f"it says '{result.stderr}'")
        expect_equal(ring.names(), [], "files")


def failing_rename(tools, first, count):
    """What a recorder is run by whose disk is full for so many renamings from that one on."""
    return ("env", f"LD_PRELOAD={tools.failing_write}", f"FAILING_RENAME={first},{count},{errno.ENOSPC}")


def try_full_when_named(tools):
    """The directory itself needs room: the oldest file gives it, and what is there is not replaced."""
    ring = Ring(tools, "named")
    old = make_old(ring, 3)
    for path in ring.paths():
        os.truncate(path, 2 * PAGE)  # so that one is enough
    recorder = RingRecorder(ring, PORT, *BY_SIGNAL, before=failing_rename(tools, 2, 1))
    expect_equal(ring.names()[:-1], old, "the old files when there was room")
    recorder.rotate()
    expect_equal(ring.names()[:-2], old[1:], "the old files after one had to go")
    recorder.finish()
    expect_whole(ring.shown()[-2:])


def try_no_room_for_a_name(tools):
    """With nothing to remove the file that is there goes on, and nothing is lost; at the start there is none."""
    ring = Ring(tools, "nameless")
    recorder = RingRecorder(ring, PORT, *BY_SIGNAL, *FLUSH, before=failing_rename(tools, 2, 2))
    batches = Batches(tools, PORT)
    recorder.process.send_signal(signal.SIGHUP)
    recorder.await_words(CANNOT_BEGIN)
    batches.make(100)
    recorder.await_files(2)
    batches.make(100)
    recorder.finish()
    shown = ring.shown()
    expect_whole(shown)
    expect_equal((len(shown), len(rows_of(shown))), (2, batches.made), "files and rows")
    empty = Ring(tools, "refused")
    result = subprocess.run([*failing_rename(tools, 1, 1000), tools.recorder, "-o", empty.path, *BY_SIGNAL, "-d", "1ms"],
                            stderr=subprocess.PIPE, text=True, timeout=TIME_LIMIT_S, check=False)
    expect_equal(result.returncode, 1, f"status ({result.stderr})")
    expect(result.stderr.count("\n") == 1 and empty.path in result.stderr, f"it says '{result.stderr}'")
    expect_equal(os.listdir(empty.path), [], "files")


def main():
    tools = Tools(sys.argv)
    tools.failing_write = os.path.abspath(sys.argv[4])
    run_cases(tools, enter_namespace, [
        ("--keep", lambda: try_keep(tools)),
        ("--keep at the start", lambda: try_keep_at_the_start(tools)),
        ("--keep-size", lambda: try_keep_size(tools)),
        ("--keep-size without --rotate-size", lambda: try_default_size(tools)),
        ("--min-free", lambda: try_min_free(tools)),
        ("--min-free to the end", lambda: try_min_free_to_the_end(tools)),
        ("a full disk with old files", lambda: try_full_disk(tools)),
        ("a full disk without any", lambda: try_pause(tools)),
        ("no next file", lambda: try_no_next_file(tools)),
        ("no room at the start", lambda: try_full_at_the_start(tools)),
        ("a full disk when the file gets its name", lambda: try_full_when_named(tools)),
        ("no room for a name", lambda: try_no_room_for_a_name(tools)),
    ], unmount_disks)


main()
