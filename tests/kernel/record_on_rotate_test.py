#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--on-rotate: a program gets each finished file of a ring, one at a time; whatever it does, the recording goes on."""

import os
import re
import signal
import subprocess
import sys
import time

from kernel_case import TIME_LIMIT_S, Tools, enter_namespace, expect, expect_equal, run_cases
from ring_case import Ring, RingRecorder, await_that
from survival_case import Shown

PORT = 21721  # below the range from which clients get theirs
NOTES = """#!/bin/sh
# What it was given, and what of it is there.
{{
    echo "arguments $#"
    echo "file $1"
    env | sed 's/^/environment /'
    echo "rights $(id -u) $(sed -n 's/^CapEff:.//p' /proc/self/status)"
    echo "input $(cat | wc -c)"
}} >>{folder}/notes
{more}
"""


class Program:
    """A script that notes what it is called with, in a directory of its own, and then does more."""

    def __init__(self, tools, name, more=""):
        self.folder = tools.path(name)
        os.mkdir(self.folder)
        self.path = os.path.join(self.folder, "program")
        with open(self.path, "w", encoding="ascii") as file:
            file.write(NOTES.format(folder=self.folder, more=more.format(folder=self.folder)))
        os.chmod(self.path, 0o755)
        self.option = ("--on-rotate", self.path)

    def notes(self, key):
        try:
            with open(os.path.join(self.folder, "notes"), encoding="utf-8") as file:
                return [line.split(" ", 1)[1].strip() for line in file if line.startswith(key + " ")]
        except FileNotFoundError:
            return []

    def has(self, name):
        return os.path.exists(os.path.join(self.folder, name))

    def make(self, name):
        with open(os.path.join(self.folder, name), "wb"):
            pass


class RotatingRecorder(RingRecorder):
    """A recorder that runs a program; its ring is new."""

    def __init__(self, tools, name, program, *options, before=()):
        super().__init__(Ring(tools, name), PORT, "--rotate-time", "1d", "--flush", "5ms", *program.option, *options,
                         before=before)

    def helpers(self):
        """Processes that the recorder has started."""
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]


def try_each_file(tools):
    """Each is whole when it comes, in its order, and the last one too; the program knows no more than its name."""
    program = Program(tools, "each", more='[ -s "$1" ] || echo "empty $1" >>{folder}/notes')
    recorder = RotatingRecorder(tools, "each-files", program, before=["env", "SECRET=1", f"HOME={tools.root}"])
    for files in (1, 2, 3):
        tools.make_traffic("client-fin", "--port", str(PORT), "--count", "5")
        recorder.rotate()
        await_that(lambda wanted=files: len(program.notes("input")) == wanted, "the program was run")
        expect_equal(Shown(tools, program.notes("file")[-1]).status, 0, "status of the report on a file that came")
    recorder.finish()
    expect_equal(program.notes("file"), recorder.ring.paths(), "files")
    expect_equal(set(program.notes("arguments")), {"1"}, "arguments")
    expect_equal(set(program.notes("input")), {"0"}, "bytes of standard input")
    names = {line.split("=")[0] for line in program.notes("environment")}
    expect_equal(names - {"PWD", "SHLVL", "_", "OLDPWD"}, {"PATH"}, "environment")  # those are the shell's
    expect_equal(program.notes("empty"), [], "empty files")
    expect_equal(set(program.notes("rights")), {f"{os.geteuid()} {0:016x}"}, "user and capabilities")


def try_as_user(tools):
    """With --user, as that user."""
    program, nobody = Program(tools, "user"), 65534
    os.chmod(tools.root, 0o755)
    for folder in (program.folder, Ring(tools, "user-files").path):
        os.chown(folder, nobody, nobody)
    recorder = RotatingRecorder(tools, "user-files", program, "--user", str(nobody))
    recorder.rotate()
    recorder.finish()
    expect_equal(program.notes("rights"), [f"{nobody} {0:016x}"] * 2, "user and capabilities")


def try_snapshots(tools):
    """Each snapshot, and the one at the end."""
    program, ring = Program(tools, "snapshots"), Ring(tools, "snapshots-files")
    recorder = RingRecorder(ring, PORT, "--snapshot", "4M", "--snapshot-at-exit", *program.option)
    for files in (1, 2):
        tools.make_traffic("client-fin", "--port", str(PORT), "--count", "5")
        recorder.process.send_signal(signal.SIGUSR2)
        await_that(lambda wanted=files: len(program.notes("input")) == wanted, "the program was run")
    expect_equal(recorder.stop(), 0, f"status ({recorder.text.strip()})")
    expect_equal((program.notes("file"), len(ring.names())), (ring.paths(), 3), "files")


def try_slow(tools):
    """One at a time, in order; the recording does not wait for it, nor lose anything."""
    program = Program(tools, "slow", more="""mkdir {folder}/alone || echo two >>{folder}/twice
while [ ! -e {folder}/go ]; do sleep 0.01; done
rmdir {folder}/alone""")
    recorder = RotatingRecorder(tools, "slow-files", program)
    for _ in range(8):
        tools.make_traffic("client-fin", "--port", str(PORT), "--count", "5")
        recorder.rotate()
    await_that(lambda: program.has("alone"), "the program runs")
    expect_equal(len(program.notes("file")), 1, "times that it was run")
    program.make("go")
    recorder.finish()
    expect_equal(recorder.sessions, 40, "sessions")
    expect_equal((program.notes("file"), program.has("twice")), (recorder.ring.paths(), False), "files")


def try_fails(tools, name, more, words):
    """That is said, with the file, for each; and is nothing to the recording."""
    program = Program(tools, name, more=more)
    recorder = RotatingRecorder(tools, name + "-files", program)
    recorder.rotate()
    recorder.await_words(words)
    recorder.finish()
    for path in recorder.ring.paths():
        expect_equal(recorder.text.count(f"{path} {words}"), 1, f"times that '{recorder.text}' tells of {path}")


def try_speaks(tools):
    """What it says goes where the recorder's messages go."""
    recorder = RotatingRecorder(tools, "speaks-files", Program(tools, "speaks", more="echo heard; echo too >&2"))
    recorder.rotate()
    recorder.finish()
    expect_equal((recorder.text.count("heard\n"), recorder.text.count("too\n")), (2, 2), "what it said")


def try_vanishes(tools):
    """A program that is there no more when a file is finished."""
    program = Program(tools, "vanishes")
    recorder = RotatingRecorder(tools, "vanishes-files", program)
    os.unlink(program.path)
    recorder.rotate()
    recorder.await_words(f"cannot run {program.path}: No such file")
    recorder.finish()


def try_not_found(tools):
    """That is said before anything is made."""
    ring = Ring(tools, "not-found-files")
    script = tools.path("not-executable")
    with open(script, "w", encoding="ascii"):
        pass
    for program, words in (("tcplife-no-such-program", "No such file"), (tools.path("nothing"), "No such file"),
                           (script, "Permission denied")):
        done = subprocess.run([tools.recorder, "-o", ring.path, "--rotate-time", "1d", "--on-rotate", program],
                              stderr=subprocess.PIPE, text=True, timeout=TIME_LIMIT_S, check=False)
        expect_equal((done.returncode, ring.names()), (1, []), f"status and files ({done.stderr})")
        expect(program in done.stderr and words in done.stderr, f"'{done.stderr}' does not say why")


def try_by_path(tools):
    """A name without a slash is looked for where the program's own PATH leads."""
    ring = Ring(tools, "by-path-files")
    recorder = RingRecorder(ring, PORT, "--rotate-time", "1d", "--on-rotate", "rm", before=["env", "PATH=/nowhere"])
    recorder.rotate()
    recorder.finish()
    expect_equal(ring.names(), [], "files")


def try_hyphen(tools):
    """A directory whose name begins like an option."""
    os.mkdir(tools.path("-rf"))
    program = Program(tools, "hyphen")
    done = subprocess.run([tools.recorder, "-o", "-rf", "--rotate-time", "1d", "-d", "1ms", *program.option],
                          cwd=tools.folder, stderr=subprocess.PIPE, text=True, timeout=TIME_LIMIT_S, check=False)
    expect_equal(done.returncode, 0, f"status ({done.stderr})")
    expect_equal([path.startswith("./-rf/") for path in program.notes("file")], [True], "files")


def try_interrupted(tools):
    """Ctrl-C, which the terminal sends to all: the program goes on, and is waited for until the next one."""
    program = Program(tools, "interrupted", more="""echo >{folder}/runs
while [ ! -e {folder}/go ]; do sleep 0.01; done
echo >{folder}/ended""")
    recorder = RotatingRecorder(tools, "interrupted-files", program, before=["setsid"])
    recorder.rotate()
    await_that(lambda: program.has("runs"), "the program runs")
    os.killpg(recorder.process.pid, signal.SIGINT)
    recorder.await_words("nothing lost")
    expect_equal((recorder.process.poll(), program.has("ended")), (None, False), "status, and that the program ended")
    os.killpg(recorder.process.pid, signal.SIGINT)
    expect_equal(recorder.process.wait(TIME_LIMIT_S), 0, "status")
    expect("goes on without the recorder" in recorder.text, f"'{recorder.text}' does not say so")
    program.make("go")
    await_that(lambda: len(program.notes("input")) == 2, "the program has the last file too")


def try_killed(tools):
    """kill -9: the files that were handed over are worked off, and then nothing is left."""
    program = Program(tools, "killed", more="while [ ! -e {folder}/go ]; do sleep 0.01; done")
    recorder = RotatingRecorder(tools, "killed-files", program)
    for _ in range(3):
        recorder.rotate()  # the file before was handed over when the next one is begun
    helpers = recorder.helpers()
    recorder.process.kill()
    program.make("go")
    await_that(lambda: len(program.notes("input")) >= 2, "both files")
    await_that(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in helpers), "the processes end")
    recorder.process.wait(TIME_LIMIT_S)


def try_too_many(tools):
    """Nobody takes them: that is said, not for each, and the files are recorded all the same."""
    program = Program(tools, "many", more="while [ ! -e {folder}/go ]; do sleep 0.01; done")
    recorder = RotatingRecorder(tools, "many-files", program)
    files = 0
    while not recorder.has_said("too many files wait"):
        recorder.rotate()
        files += 1
        expect(files < 2000, "it takes any number")
    for _ in range(5):
        recorder.rotate()
    program.make("go")
    recorder.finish()
    # Once more, if there was room for one as soon as the program went on, and then none again.
    expect(recorder.text.count("too many files wait") <= 2, f"it was said again and again: {recorder.text}")
    expect_equal(len(recorder.ring.names()), files + 6, "files")
    left_out = re.search(r"is not run for (\S+):", recorder.text)[1]
    got, paths = program.notes("file"), recorder.ring.paths()
    before = paths.index(left_out)
    expect(before > 100 and got[:before] == paths[:before], f"it got {len(got)} files, not the first {before}")
    expect(left_out not in got, "it got the one that was left out")


def try_reaped(tools):
    """No process is left behind while it records."""
    program = Program(tools, "reaped")
    recorder = RotatingRecorder(tools, "reaped-files", program)
    for files in (1, 2, 3):
        recorder.rotate()
        await_that(lambda wanted=files: len(program.notes("input")) == wanted, "the program was run")
    limit = time.monotonic() + TIME_LIMIT_S
    for pid in recorder.helpers():
        children = f"/proc/{pid}/task/{pid}/children"
        while open(children, encoding="ascii").read().strip():  # pylint: disable=consider-using-with
            expect(time.monotonic() < limit, "a child is left")
    recorder.finish()


def try_usage(tools):
    ring = Ring(tools, "usage-files")
    for options in (["-o", tools.path("x.tlz"), "--on-rotate", "rm"],
                    ["-o", ring.path, "--rotate-time", "1d", "--on-rotate", ""]):
        done = subprocess.run([tools.recorder, *options], stderr=subprocess.PIPE, text=True, timeout=TIME_LIMIT_S,
                              check=False)
        expect_equal(done.returncode, 2, f"status of {options}")
        expect("--on-rotate" in done.stderr, f"'{done.stderr}' does not name it")


def main():
    tools = Tools(sys.argv)
    tools.recorder = os.path.abspath(tools.recorder)
    run_cases(tools, enter_namespace, [
        ("it gets each file", lambda: try_each_file(tools)),
        ("as another user", lambda: try_as_user(tools)),
        ("snapshots", lambda: try_snapshots(tools)),
        ("a slow one", lambda: try_slow(tools)),
        ("one that fails", lambda: try_fails(tools, "fails", "exit 3", "ended with status 3")),
        ("one that is killed", lambda: try_fails(tools, "dies", "kill -9 $$", "was ended by signal 9")),
        ("what it says", lambda: try_speaks(tools)),
        ("one that vanishes", lambda: try_vanishes(tools)),
        ("one that is not there", lambda: try_not_found(tools)),
        ("one in the path", lambda: try_by_path(tools)),
        ("a name like an option", lambda: try_hyphen(tools)),
        ("Ctrl-C while it runs", lambda: try_interrupted(tools)),
        ("the recorder is killed", lambda: try_killed(tools)),
        ("too many files", lambda: try_too_many(tools)),
        ("no process is left", lambda: try_reaped(tools)),
        ("bad usage", lambda: try_usage(tools)),
    ])


main()
