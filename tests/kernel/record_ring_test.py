#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A ring of files: when the next one begins, what is in which, what they are called, and who goes on after whom.

usage: record_ring_test.py TCPLIFE_RECORD TCPLIFE_REPORT TRAFFIC STEPPED_CLOCK
"""

import ctypes
import fcntl
import os
import re
import signal
import socket
import stat
import struct
import subprocess
import sys

from kernel_case import TIME_LIMIT_S, Tools, enter_namespace, expect, expect_equal, run_cases
from ring_case import HOST, Ring, RingRecorder, await_that, expect_whole, record_as, rows_of
from survival_case import Batches, Shown, expect_made

PORT = 21941  # below the range from which clients get theirs
FLUSH = ("--flush", "5ms")
BY_SIGNAL = ("--rotate-time", "1d")
HIDDEN = re.compile(rf"\.tcplife-{re.escape(HOST)}-[0-9a-f]{{16}}\.new")


def run(tools, *options, **keywords):
    """The recorder run to its end by itself: (status, standard error)."""
    result = subprocess.run([tools.recorder, *options], stderr=subprocess.PIPE, text=True, timeout=TIME_LIMIT_S,
                            check=False, **keywords)
    return result.returncode, result.stderr


def contents(ring):
    data = {}
    for path in ring.paths():
        with open(path, "rb") as file:
            data[path] = file.read()
    return data


def try_size(tools):
    """Under traffic: each session is in one file, and in no other."""
    ring = Ring(tools, "size")
    recorder = RingRecorder(ring, PORT, "--rotate-size", "4K", *FLUSH)
    batches = Batches(tools, PORT)
    batches.make_until(lambda: len(ring.names()) >= 6)
    recorder.finish()
    shown = ring.shown()
    expect_whole(shown)
    expect_equal(len(rows_of(shown)), batches.made, "rows")
    expect_equal(recorder.sessions, batches.made, "sessions in the closing line")
    expect_made(rows_of(shown), batches.ledger)
    for path in ring.paths()[:-1]:
        expect(os.path.getsize(path) >= 4096, f"{path} is small")
    for path in ring.paths():
        expect_equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, "mode")


def try_long_beginning(tools):
    """A file is not full by what it says of itself."""
    ring = Ring(tools, "beginning")
    recorder = RingRecorder(ring, PORT, "--rotate-size", "4K", "--note", "x" * 4000, *FLUSH)
    recorder.rotate()
    Batches(tools, PORT).make(20)
    await_that(lambda: rows_of(ring.shown()), "sessions are written")
    recorder.finish()
    expect_equal(len(ring.names()), 2, "files")
    expect(os.path.getsize(ring.paths()[0]) > 4096, "the beginning is short")


def try_time(tools):
    """Without any traffic there are files all the same."""
    ring = Ring(tools, "time")
    recorder = RingRecorder(ring, PORT, "--rotate-time", "100ms")
    recorder.await_files(5)
    recorder.finish()
    shown = ring.shown()
    expect_whole(shown)
    expect_equal(rows_of(shown), [], "rows")
    begun = [each.capture["created_us"] for each in shown]
    expect_equal(begun, sorted(begun), "the order of names")
    for each in shown:
        expect_equal(each.capture["host"], os.uname().nodename, "host")


def try_align(tools):
    """Each begins in a second of its own. (record_rotation_test.c has the times.)"""
    ring = Ring(tools, "align")
    recorder = RingRecorder(ring, PORT, "--rotate-time", "1s", "--align")
    recorder.await_files(3)
    recorder.finish()
    shown = ring.shown()
    expect_whole(shown)
    seconds = {each.capture["created_us"] // 1000000 for each in shown}
    expect_equal(len(seconds), len(shown), "seconds in which a file began")


def try_signal(tools):
    """What ended before is in the file before. Each has the names that its own sessions need."""
    ring = Ring(tools, "signal")
    recorder = RingRecorder(ring, PORT, *BY_SIGNAL)
    batches = Batches(tools, PORT)
    for count in (20, 30, 40):
        batches.make(count)
        recorder.rotate()
    recorder.finish()
    shown = ring.shown()
    expect_whole(shown)
    expect_equal([len(each.rows) for each in shown], [20, 30, 40, 0], "rows in the files")
    expect_made(rows_of(shown), batches.ledger)
    for each in shown[:-1]:
        expect("user" in str(each.capture["names"]) or "uid" in str(each.capture["names"]), "no name of a user")


def try_session_across(tools):
    """It is in the file in which it ends, and was not open before the recording."""
    ring = Ring(tools, "across")
    recorder = RingRecorder(ring, PORT, *BY_SIGNAL)
    with socket.create_server(("127.0.0.1", PORT)) as listener:
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
        recorder.rotate()
        server.close()
        expect_equal(client.recv(1), b"", "the end")
        client.close()
    recorder.finish()
    shown = ring.shown()
    expect_whole(shown)
    expect_equal([len(each.rows) for each in shown], [0, 1], "rows in the files")
    expect(not shown[1].rows[0].get("before_start"), "it is said to be open before the recording")
    expect(shown[1].rows[0]["open_us"] < shown[1].capture["created_us"], "it began in the second file")


def try_count(tools):
    """Sessions of all files are counted."""
    ring = Ring(tools, "count")
    recorder = RingRecorder(ring, PORT, *BY_SIGNAL, "-n", "50")
    batches = Batches(tools, PORT)
    batches.make(20)
    recorder.rotate()
    batches.make(40)
    expect_equal(recorder.wait(), 0, "status")
    expect_equal([len(each.rows) for each in ring.shown()], [20, 30], "rows in the files")
    expect_equal(recorder.sessions, 50, "sessions in the closing line")


def try_restart(tools):
    """It goes on behind what is there, and leaves that as it is."""
    ring = Ring(tools, "restart")
    for turn in range(3):
        before = contents(ring)
        recorder = RingRecorder(ring, PORT, *BY_SIGNAL)
        recorder.rotate()
        recorder.finish()
        after = contents(ring)
        expect_equal({path: after[path] for path in before}, before, "the files of before")
        expect_equal(list(sorted(after))[:len(before)], list(sorted(before)), "the order of names")
        expect_equal(len(after), 2 * (turn + 1), "files")
    for each in ring.shown():
        each.expect_whole_blocks()


def try_kill(tools):
    """The file that was cut is there, can be read, and goes when it is the oldest."""
    ring = Ring(tools, "kill")
    recorder = RingRecorder(ring, PORT, *BY_SIGNAL, *FLUSH)
    batches = Batches(tools, PORT)
    batches.make(20)
    path, = ring.paths()
    await_that(lambda: len(Shown(tools, path).rows) == batches.made, "its sessions are written")
    recorder.kill()
    expect_equal(len(Shown(tools, path).rows), 20, "rows of the file that was cut")
    recorder = RingRecorder(ring, PORT, *BY_SIGNAL, "--keep", "2")
    expect_equal(len(ring.names()), 2, "files")
    cut = Shown(tools, path)
    cut.expect_sound()
    expect_equal((cut.status, len(cut.rows)), (3, 20), "status of the report, and rows")
    recorder.rotate()
    await_that(lambda: not os.path.exists(path), "the file that was cut is removed")
    recorder.finish()
    expect_whole(ring.shown())


class Watch:
    """What happens in a directory, in order: (what, name), the same once where it comes again and again."""

    # Of inotify(7).
    KINDS = {0x2: "modified", 0x40: "moved from", 0x80: "moved to", 0x100: "created"}

    def __init__(self, path):
        libc = ctypes.CDLL(None, use_errno=True)
        self.fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        expect(self.fd >= 0 and libc.inotify_add_watch(self.fd, os.fsencode(path), sum(self.KINDS)) >= 0, "inotify")

    def events(self):
        data, events = os.read(self.fd, 1 << 20), []
        while data:
            _, mask, _, size = struct.unpack_from("iIII", data)
            event = (self.KINDS.get(mask, f"{mask:#x}"), os.fsdecode(data[16:16 + size].rstrip(b"\0")))
            data = data[16 + size:]
            if event not in events[-1:]:
                events.append(event)
        return events


def try_beginning_before_name(tools):
    """Whenever the recorder is killed, no file of the ring is empty: each has its name once its beginning is in it."""
    ring = Ring(tools, "named")
    watch = Watch(ring.path)
    recorder = RingRecorder(ring, PORT, *BY_SIGNAL)
    recorder.rotate()
    recorder.rotate()
    recorder.finish()
    seen = [(what, "hidden" if HIDDEN.fullmatch(name) else name) for what, name in watch.events()]
    os.close(watch.fd)
    for name in ring.names():
        place = seen.index(("moved to", name))
        expect_equal(seen[place - 3:place], [("created", "hidden"), ("modified", "hidden"), ("moved from", "hidden")],
                     f"what comes before {name}")
        expect(("created", name) not in seen, f"{name} is made empty")
    expect_equal(len(ring.names()), 3, "files")


def try_left_behind(tools):
    """A recorder that is killed while it begins a file leaves it hidden; the next removes it, and none that is written."""
    ring = Ring(tools, "left")
    RingRecorder(ring, PORT, *BY_SIGNAL).finish()
    user = os.stat(ring.paths()[0])
    left, written = (os.path.join(ring.path, f".tcplife-{HOST}-{number:016x}.new") for number in (1, 2))
    for path in left, written:
        with open(path, "wb") as file:
            file.write(b"a beginning")
        os.chown(path, user.st_uid, user.st_gid)
    with open(written, "rb") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        RingRecorder(ring, PORT, *BY_SIGNAL).finish()
    expect_equal(sorted(os.listdir(ring.path)), sorted([os.path.basename(written), *ring.names()]), "what is there")
    expect_equal(len(ring.names()), 2, "files")


def try_clock_set_back(tools, library):
    """Names go on from the newest, whatever the clock says; nothing is overwritten."""
    ring = Ring(tools, "clock")
    recorder = RingRecorder(ring, PORT, *BY_SIGNAL, before=("env", f"LD_PRELOAD={library}", "STEPPED_CLOCK=-3600"))
    names = ring.names()
    recorder.process.send_signal(signal.SIGUSR1)
    for _ in range(3):
        recorder.rotate()
        expect_equal(ring.names()[:-1], names, "the names of before")
        names = ring.names()
    recorder.finish()
    shown = ring.shown()
    expect_whole(shown)
    expect(all(each.capture["created_us"] < shown[0].capture["created_us"] - 3500000000 for each in shown[2:]),
           "the clock was not set back")


def try_two_recorders(tools):
    """Neither removes the file that the other writes; it goes once that is over."""
    ring = Ring(tools, "two")
    idle = RingRecorder(ring, PORT, *BY_SIGNAL)
    file_of_idle, = ring.paths()
    busy = RingRecorder(ring, PORT + 1, *BY_SIGNAL, "--keep", "1")
    for _ in range(4):
        busy.rotate()
    await_that(lambda: len(ring.names()) == 2, "old files are removed")
    expect(os.path.exists(file_of_idle), "the other's file was removed")
    idle.rotate()
    await_that(lambda: len(ring.names()) == 3, "the other has a second file")
    idle.finish()
    expect(os.path.exists(file_of_idle), "it was removed by who keeps all")
    busy.rotate()
    await_that(lambda: len(ring.names()) == 1, "the other's files are removed")
    busy.finish()
    expect_whole(ring.shown())


def try_command(tools):
    """SIGHUP is for the ring, not for the command; the command's end is the end."""
    ring = Ring(tools, "command")
    status, text = run(tools, "-o", ring.path + "/", *BY_SIGNAL, "--", "sh", "-c",
                       f"kill -HUP $PPID; while [ $(ls {ring.path} | wc -l) -lt 2 ]; do sleep 0.01; done; exit 7")
    expect_equal(status, 7, f"status ({text})")
    shown = ring.shown()
    expect_whole(shown)
    expect_equal(shown[-1].capture["reason"], "command ended", "reason")


def try_unbegun(tools):
    """A recording that does not begin leaves no file, and removes none."""
    ring = Ring(tools, "unbegun")
    for _ in range(2):
        expect_equal(run(tools, "-o", ring.path, *BY_SIGNAL, "-d", "1ms")[0], 0, "status")
    before = contents(ring)
    status, _ = run(tools, "-o", ring.path, *BY_SIGNAL, "--keep", "1", "--", tools.path("no-such-command"))
    expect_equal(status, 127, "status")
    expect_equal(contents(ring), before, "files")


def try_hostile_host(tools):
    """The host's name cannot lead out of the directory."""
    ring = Ring(tools, "host")
    record_as(ring, "../.x y")
    name, = os.listdir(ring.path)
    expect(name.startswith("_._.x_y-") and name.endswith("Z.tlz"), f"the file is called {name!r}")
    expect_equal(Shown(tools, os.path.join(ring.path, name)).capture["host"], "../.x y", "host")


def try_misuse(tools):
    path = tools.path("size")
    for word, *options in (("--rotate-size", "--rotate-size", "1K"), ("--rotate-size", "--rotate-size", "much"),
                           ("--rotate-time", "--rotate-time", "1ms"), ("--rotate-time", "--rotate-time", "soon"),
                           ("--align", "--align"), ("--align", "--align", "--rotate-size", "1M"),
                           ("--keep", "--keep", "3"), ("--keep", "--rotate-time", "1h", "--keep", "0"),
                           ("--keep-size", "--keep-size", "1G"), ("--keep-size", "--rotate-time", "1h", "--keep-size", "1K"),
                           ("--keep-size", "--rotate-size", "1G", "--keep-size", "1G"), ("--min-free", "--min-free", "1G"),
                           ("--min-free", "--rotate-time", "1h", "--min-free", "0"), ("--force", "--rotate-time", "1h", "-f"),
                           ("-o -", "--rotate-time", "1h", "-o", "-")):
        status, text = run(tools, "-o", path, *options)
        expect_equal(status, 2, f"status of {options}")
        expect_equal(text.count("\n"), 1, f"lines of '{text}'")
        expect(word in text and "--help" in text, f"'{text}' does not name {word} and --help")


def try_no_directory(tools):
    """It is not made, since a disk that is not mounted would be one; a file is none."""
    path, file = tools.path("no-directory"), tools.path("file.tlz")
    with open(file, "wb"):
        pass
    for target in (path, file, file + "/"):
        status, text = run(tools, "-o", target, *BY_SIGNAL)
        expect_equal(status, 1, f"status ({text})")
        expect(target in text and "directory" in text and text.count("\n") == 1, f"it says '{text}'")
        expect_equal(run(tools, "-o", target, *BY_SIGNAL, "--", "true")[0], 125, "status with a command")
    expect(not os.path.exists(path), "it was made")


def try_report(tools):
    """The directory is one report, of a recorder that still runs, too."""
    ring = Ring(tools, "report")
    recorder = RingRecorder(ring, PORT, *BY_SIGNAL)
    batches = Batches(tools, PORT)
    for count in (10, 15):
        batches.make(count)
        recorder.rotate()
    recorder.finish()
    expect_equal(len(tools.rows(ring.path)), batches.made, "rows")
    expect(all(name.startswith(HOST + "-") for name in os.listdir(ring.path)), "there are other files")


def main():
    tools = Tools(sys.argv)
    library = os.path.abspath(sys.argv[4])
    run_cases(tools, enter_namespace, [
        ("--rotate-size", lambda: try_size(tools)),
        ("a beginning larger than a file", lambda: try_long_beginning(tools)),
        ("--rotate-time without traffic", lambda: try_time(tools)),
        ("--align", lambda: try_align(tools)),
        ("SIGHUP", lambda: try_signal(tools)),
        ("a session across files", lambda: try_session_across(tools)),
        ("--count", lambda: try_count(tools)),
        ("a restart", lambda: try_restart(tools)),
        ("kill -9", lambda: try_kill(tools)),
        ("no file is empty", lambda: try_beginning_before_name(tools)),
        ("what is left behind", lambda: try_left_behind(tools)),
        ("the clock is set back", lambda: try_clock_set_back(tools, library)),
        ("two recorders", lambda: try_two_recorders(tools)),
        ("a command", lambda: try_command(tools)),
        ("a recording that does not begin", lambda: try_unbegun(tools)),
        ("a hostile host's name", lambda: try_hostile_host(tools)),
        ("misuse", lambda: try_misuse(tools)),
        ("no directory", lambda: try_no_directory(tools)),
        ("a report of the directory", lambda: try_report(tools)),
    ])


main()
