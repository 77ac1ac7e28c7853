#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A recorder that is killed under load, and a file that is read while it is written: what is there is good, and
what was once there stays."""

import os
import shutil
import signal
import subprocess
import sys
import time

from kernel_case import TIME_LIMIT_S, Recorder, Skip, Tools, enter_namespace, expect, expect_equal, run_cases
from survival_case import Shown, Watched, copy_of, expect_made

PORT = 21818  # below the range from which clients get theirs
KILLS = 10
SESSIONS = 3000
FLUSH = ("--flush", "2ms")
GROWTH = 1500  # bytes that the capture grows from one kill to the next


class Load:
    """Traffic beside the test, and its ledger when it is over."""

    def __init__(self, tools, count):
        self.tools, self.prefix = tools, tools.path("load")
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen([tools.traffic, "--mode", "client-fin", "--ledger", self.prefix, "--port",
                                         str(PORT), "--count", str(count)])

    def is_running(self):
        return self.process.poll() is None

    def finish(self):
        expect_equal(self.process.wait(TIME_LIMIT_S), 0, "status of the traffic")
        return self.tools.ledger(self.prefix, ["server"])


def await_size(path, size, load):
    """The file has that size while the load runs."""
    while os.path.getsize(path) < size:
        expect(load.is_running(), f"{path} has not got {size} bytes")
        time.sleep(0.0005)


def try_kill(tools, turn):
    recorder = Recorder(tools, "-L", str(PORT), *FLUSH, capture=f"killed-{turn}.tlz")
    load = Load(tools, SESSIONS)
    await_size(recorder.capture, GROWTH * (turn + 1), load)
    copied = copy_of(recorder.capture, tools.path("copy.tlz"))
    under_load = load.is_running()
    recorder.process.kill()
    recorder.process.wait()
    ledger = load.finish()
    expect(under_load, "the traffic was over")
    left = copy_of(recorder.capture, tools.path("left.tlz"))
    before, after = Shown(tools, tools.path("copy.tlz")), Shown(tools, recorder.capture)
    for shown in (before, after):
        shown.expect_sound()
        expect_equal(shown.status, 3, "status of the report")
    expect(before.rows, "nothing was flushed before")
    expect_equal(after.rows[:len(before.rows)], before.rows, "what was there before the kill")
    expect(len(copied) <= len(left), "the file has become shorter")
    expect_made(after.rows, ledger)


def programs_of(pid):
    """The BPF programs, links and maps that a process holds: words that bpftool(8) takes."""
    found = set()
    for name in os.listdir(f"/proc/{pid}/fdinfo"):
        with open(f"/proc/{pid}/fdinfo/{name}", encoding="ascii") as file:
            values = dict(line.split(":", 1) for line in file if ":" in line)
        found |= {("prog", values["prog_id"].strip())} if "prog_id" in values else set()
        found |= {("link", values["link_id"].strip())} if "link_id" in values else set()
        found |= {("map", values["map_id"].strip())} if "map_id" in values else set()
    return found


def is_there(bpftool, kind, number):
    return subprocess.run([bpftool, kind, "show", "id", number], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          check=False).returncode == 0


def try_nothing_stays(tools):
    """The kernel takes the program away, a little after the process is gone."""
    bpftool = shutil.which("bpftool", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if not bpftool:
        raise Skip("no bpftool")
    recorder = Recorder(tools, "-L", str(PORT))
    programs = programs_of(recorder.process.pid)
    expect_equal({kind for kind, _ in programs}, {"prog", "link", "map"}, "what the recorder has in the kernel")
    expect(all(is_there(bpftool, *program) for program in programs), "bpftool does not see the recorder's program")
    recorder.process.send_signal(signal.SIGKILL)
    recorder.process.wait()
    limit = time.monotonic() + TIME_LIMIT_S
    while any(is_there(bpftool, *program) for program in programs):
        expect(time.monotonic() < limit, f"{programs} stay in the kernel")


def try_growing_file(tools):
    """Read again and again: what was shown before is shown first, and more behind it."""
    recorder = Watched(tools, "-L", str(PORT), *FLUSH)
    load = Load(tools, SESSIONS)
    seen, turns, grown = [], 0, 0
    try:
        while load.is_running():
            path = tools.path("copy.tlz") if turns % 2 else recorder.capture
            if path != recorder.capture:
                copy_of(recorder.capture, path)
            shown = Shown(tools, path)
            shown.expect_sound()
            expect_equal(shown.rows[:len(seen)], seen, "what was shown before")
            turns, grown, seen = turns + 1, grown + (len(shown.rows) > len(seen)), shown.rows
    finally:
        ledger = load.finish()
    expect(grown > 1, f"it grew {grown} times in {turns} turns")
    recorder.finish()
    last = Shown(tools, recorder.capture)
    last.expect_whole_blocks()
    expect_equal(last.status, 0, "status of the report")
    expect_equal(last.rows[:len(seen)], seen, "what was shown before")
    expect_equal(len(last.rows), SESSIONS, "rows")
    expect_made(last.rows, ledger)


def main():
    tools = Tools(sys.argv)
    kills = [(f"kill -9 under load, {turn + 1}", lambda turn=turn: try_kill(tools, turn)) for turn in range(KILLS)]
    run_cases(tools, enter_namespace, kills + [
        ("a killed recorder leaves nothing in the kernel", lambda: try_nothing_stays(tools)),
        ("a growing file is read", lambda: try_growing_file(tools)),
    ])


main()
