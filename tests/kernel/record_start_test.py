#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A recording that cannot start keeps the capture that it was to replace, and leaves none behind; a command is told
of signals as long as it runs."""

import ctypes
import os
import signal
import subprocess
import sys

from kernel_case import TIME_LIMIT_S, Tools, enter_namespace, expect, expect_equal, run_cases
from survival_case import Shown, Watched

PR_CAPBSET_DROP, CAP_SYS_ADMIN, CAP_PERFMON, CAP_BPF = 24, 21, 38, 39
OLD = b"an old capture"


class Folder:
    """A directory, with or without an old capture in it."""

    def __init__(self, tools, name, has_old):
        self.path, self.has_old = tools.path(name), has_old
        os.mkdir(self.path)
        self.capture = os.path.join(self.path, "cap.tlz")
        if has_old:
            with open(self.capture, "wb") as file:
                file.write(OLD)

    def expect_untouched(self):
        expect_equal(os.listdir(self.path), ["cap.tlz"] if self.has_old else [], "files")
        if self.has_old:
            with open(self.capture, "rb") as file:
                expect_equal(file.read(), OLD, "the old capture")


def run(tools, *options, **keywords):
    """The recorder run to its end by itself: (status, standard error)."""
    result = subprocess.run([tools.recorder, *options], stderr=subprocess.PIPE, text=True, timeout=TIME_LIMIT_S,
                            check=False, **keywords)
    return result.returncode, result.stderr


def drop_rights():
    libc = ctypes.CDLL(None)
    for capability in (CAP_SYS_ADMIN, CAP_PERFMON, CAP_BPF):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def try_without_rights(tools, has_old):
    folder = Folder(tools, f"rights-{has_old}", has_old)
    status, text = run(tools, "-f", "-o", folder.capture, "-d", "1ms", preexec_fn=drop_rights)
    expect_equal(status, 1, f"status ({text})")
    folder.expect_untouched()


def try_without_room(tools, has_old):
    """The beginning of the capture cannot be written."""
    folder = Folder(tools, f"room-{has_old}", has_old)
    status, text = run(tools, "-f", "-o", folder.capture, "--", "touch", os.path.join(folder.path, "made"),
                       env=dict(os.environ, LD_PRELOAD=tools.failing_write, FAILING_WRITE="2,1,1,28,0"))
    expect_equal(status, 125, f"status ({text})")
    expect("No space left" in text, f"'{text}' does not say why")
    folder.expect_untouched()


def try_no_command(tools, has_old, command, wanted):
    folder = Folder(tools, f"command-{has_old}-{wanted}", has_old)
    status, text = run(tools, "-f", "-o", folder.capture, "--", command)
    expect_equal(status, wanted, f"status ({text})")
    expect_equal(text.count(f"cannot run {command}"), 1, f"times that '{text}' names the command")
    folder.expect_untouched()


def try_no_command_to_pipe(tools):
    """The reader gets a capture that is whole, and has nothing in it."""
    path = tools.path("nothing.tlz")
    with open(path, "wb") as file:
        status, text = run(tools, "-o", "-", "--", tools.path("no-such-command"), stdout=file)
    expect_equal(status, 127, f"status ({text})")
    shown = Shown(tools, path)
    expect_equal((shown.status, shown.rows), (0, []), "status of the report, and rows")


def try_replaced(tools):
    """Once it records the new capture has taken the place of the old one, and nothing is beside it."""
    folder = Folder(tools, "replaced", True)
    for command, options in ((), ("-d", "1ms")), (("--", "true"), ()):
        status, text = run(tools, "-f", "-o", folder.capture, *options, *command)
        expect_equal(status, 0, f"status ({text})")
        expect_equal(os.listdir(folder.path), ["cap.tlz"], "files")
        expect_equal(Shown(tools, folder.capture).status, 0, "status of the report")


def try_relative(tools):
    """A name without a directory is replaced in the current one."""
    folder = Folder(tools, "relative", True)
    status, text = run(tools, "-f", "-o", "cap.tlz", "-d", "1ms", cwd=folder.path)
    expect_equal(status, 0, f"status ({text})")
    expect_equal(os.listdir(folder.path), ["cap.tlz"], "files")
    expect_equal(Shown(tools, folder.capture).status, 0, "status of the report")


def try_signal_after_the_end(tools, number, wanted):
    """The recording is over, the command still runs."""
    recorder = Watched(tools, "-d", "1ms", "--", "sh", "-c",
                       f"trap 'exit {wanted}' {number.name[3:]}; echo ready >&2; while kill -0 $PPID; do sleep 0.01; done")
    recorder.await_words("ready")
    recorder.await_words(" bytes, ")
    recorder.process.send_signal(number)
    expect_equal(recorder.wait(), wanted, f"status ({recorder.text.strip()})")
    expect_equal(Shown(tools, recorder.capture).status, 0, "status of the report")


def main():
    tools = Tools(sys.argv)
    tools.recorder = os.path.abspath(tools.recorder)
    tools.failing_write = os.path.abspath(sys.argv[4])
    script = tools.path("not-executable")
    with open(script, "w", encoding="ascii"):
        pass
    cases = []
    for has_old, what in ((True, "an old capture is kept"), (False, "no capture is left")):
        cases += [
            (f"without rights {what}", lambda old=has_old: try_without_rights(tools, old)),
            (f"without room {what}", lambda old=has_old: try_without_room(tools, old)),
            (f"without a command {what}",
             lambda old=has_old: try_no_command(tools, old, tools.path("no-such-command"), 127)),
            (f"with a command that cannot run {what}", lambda old=has_old: try_no_command(tools, old, script, 126)),
        ]
    run_cases(tools, enter_namespace, cases + [
        ("without a command a pipe gets a whole capture", lambda: try_no_command_to_pipe(tools)),
        ("an old capture is replaced", lambda: try_replaced(tools)),
        ("an old capture is replaced here", lambda: try_relative(tools)),
        ("SIGTERM after the recording", lambda: try_signal_after_the_end(tools, signal.SIGTERM, 6)),
        ("SIGINT after the recording", lambda: try_signal_after_the_end(tools, signal.SIGINT, 7)),
        ("SIGHUP after the recording", lambda: try_signal_after_the_end(tools, signal.SIGHUP, 8)),
    ])


main()
