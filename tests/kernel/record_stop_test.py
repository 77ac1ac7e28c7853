#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""How a recording ends: by count, time, signal or command; where it goes; and when it cannot."""

import os
import pty
import signal
import stat
import subprocess
import sys
import time

from kernel_case import TIME_LIMIT_S, Recorder, Tools, drop_rights, enter_namespace, expect, expect_equal, run_cases

PORT = "21713"  # below the range from which clients get theirs


def run(tools, *options, **keywords):
    """The recorder run to its end by itself: (status, standard error)."""
    result = subprocess.run([tools.recorder, *options], stderr=subprocess.PIPE, text=True, timeout=TIME_LIMIT_S,
                            check=False, **keywords)
    return result.returncode, result.stderr


def server_rows(tools, capture):
    return [row for row in tools.rows(capture) if row["lport"] == int(PORT)]


def try_count(tools):
    recorder = Recorder(tools, "-L", PORT, "-n", "7")
    tools.make_traffic("client-fin", "--port", PORT, "--count", "50")
    expect_equal(recorder.wait(), 0, "status")
    expect_equal(len(tools.rows(recorder.capture)), 7, "rows")
    expect_equal((recorder.sessions, recorder.lost), (7, 0), "sessions and losses in the closing line")


def try_count_of_one_block(tools):
    """All of them come at once: the ring is read when it is over."""
    recorder = Recorder(tools, "-L", PORT, "-n", "7", "--flush", "1d")
    tools.make_traffic("client-fin", "--port", PORT, "--count", "50")
    expect_equal(recorder.stop(), 0, "status")
    expect_equal(len(tools.rows(recorder.capture)), 7, "rows")


def try_duration(tools):
    """It ends by itself."""
    recorder = Recorder(tools, "-d", "100ms")
    expect_equal(recorder.wait(), 0, "status")
    tools.rows(recorder.capture)


def try_signal(tools, number):
    recorder = Recorder(tools, "-L", PORT)
    tools.make_traffic("client-fin", "--port", PORT, "--count", "20")
    expect_equal(recorder.stop(number), 0, "status")
    expect_equal(len(tools.rows(recorder.capture)), 20, "rows")


def try_ignored_hangup(tools):
    """nohup(1) starts it with SIGHUP ignored."""
    recorder = Recorder(tools, "-L", PORT, before=("sh", "-c", "trap '' HUP; exec \"$@\"", "sh"))
    recorder.process.send_signal(signal.SIGHUP)
    tools.make_traffic("client-fin", "--port", PORT, "--count", "20")
    expect_equal(recorder.stop(), 0, "status")
    expect_equal(len(tools.rows(recorder.capture)), 20, "rows")


def try_flush(tools):
    """What was flushed can be read while the recording goes on."""
    recorder = Recorder(tools, "-L", PORT, "--flush", "10ms")
    tools.make_traffic("client-fin", "--port", PORT, "--count", "20")
    limit = time.monotonic() + TIME_LIMIT_S
    rows = b""
    while rows.count(b"\n") < 20 and time.monotonic() < limit:
        rows = subprocess.run([tools.reporter, "--jsonl", recorder.capture], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, check=False).stdout
    expect_equal(rows.count(b"\n"), 20, "rows before the end")
    expect_equal(recorder.stop(), 0, "status")


def try_status(tools, command, wanted):
    status, _ = run(tools, "-f", "-o", tools.path("cap.tlz"), "--", *command)
    expect_equal(status, wanted, "status")
    expect_equal(tools.rows(tools.path("cap.tlz")) is not None, True, "a capture that can be read")


def try_command(tools):
    """All that the command does is recorded, from its first session to its last."""
    prefix = tools.path("ledger")
    status, text = run(tools, "-f", "-o", tools.path("cap.tlz"), "-L", PORT, "--", tools.traffic, "--mode",
                       "client-fin", "--count", "300", "--port", PORT, "--ledger", prefix)
    expect_equal(status, 0, f"status ({text})")
    expect_equal(len(tools.rows(tools.path("cap.tlz"))), len(tools.ledger(prefix, ["server"])), "rows")


def try_command_output(tools):
    """What the command prints does not get into a capture on standard output."""
    capture = tools.path("output.tlz")
    with open(capture, "wb") as file:
        result = subprocess.run([tools.recorder, "-q", "-o", "-", "--", "echo", "printed"], stdout=file,
                                stderr=subprocess.PIPE, text=True, timeout=TIME_LIMIT_S, check=False)
    expect_equal(result.returncode, 0, "status")
    expect_equal(result.stderr, "printed\n", "standard error")
    tools.rows(capture)


def try_value_of_dashes(tools):
    """A -- that is an option's value does not begin a command."""
    made = tools.path("made-by-value")
    status, text = run(tools, "-o", tools.path("value.tlz"), "--note", "--", "touch", made)
    expect_equal(status, 2, f"status ({text})")
    expect(not os.path.exists(made), "the words behind it were run")


def try_command_signal(tools):
    """A signal for the recorder is for the command; the recording ends with it."""
    recorder = Recorder(tools, "--", "sh", "-c", "trap 'exit 5' TERM; echo ready >&2; while :; do sleep 0.01; done")
    recorder.text += recorder.process.stderr.readline()
    expect_equal(recorder.stop(signal.SIGTERM), 5, "status")
    tools.rows(recorder.capture)


def try_own_failure(tools):
    """Then the command does not run."""
    made = tools.path("made-by-command")
    with open(tools.path("kept.tlz"), "wb") as file:
        file.write(b"something")
    status, _ = run(tools, "-o", tools.path("kept.tlz"), "--", "touch", made)
    expect_equal(status, 125, "status")
    expect(not os.path.exists(made), "the command ran")


def try_existing(tools):
    path, link, name = tools.path("old.tlz"), tools.path("link.tlz"), tools.path("hard.tlz")
    with open(path, "wb") as file:
        file.write(b"something")
    os.symlink(path, link)
    os.link(path, name)
    for target, options in ((path, []), (link, []), (link, ["-f"])):
        status, text = run(tools, *options, "-o", target, "-d", "1ms")
        expect_equal(status, 1, f"status with {target} {options}")
        expect(target in text, f"'{text}' does not name the file")
        with open(path, "rb") as file:
            expect_equal(file.read(), b"something", "the old file")
    expect_equal(run(tools, "-f", "-o", path, "-d", "1ms")[0], 0, "status with -f")
    with open(name, "rb") as file:
        expect_equal(file.read(), b"something", "another name of the old file")
    expect_equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, "mode of the new file")
    expect_equal(run(tools, "-f", "-o", "/dev/null", "-d", "1ms")[0], 1, "status with a device")


def try_pipe(tools):
    """Live, and the same rows as a file would have."""
    # pylint: disable-next=consider-using-with
    reporter = subprocess.Popen([tools.reporter, "--jsonl", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    recorder = Recorder(tools, "-L", PORT, "-n", "20", stdout=reporter.stdin)
    reporter.stdin.close()
    reporter.stdin = None
    tools.make_traffic("client-fin", "--port", PORT, "--count", "20")
    expect_equal(recorder.wait(), 0, "the recorder's status")
    rows, _ = reporter.communicate(timeout=TIME_LIMIT_S)
    expect_equal(reporter.returncode, 0, "the report's status")
    expect_equal(rows.count(b"\n"), 20, "rows")


def try_closed_pipe(tools):
    """The reader goes away while nothing is written: that is the end, without noise."""
    read_end, write_end = os.pipe()
    recorder = Recorder(tools, "--flush", "1d", stdout=write_end)
    os.close(write_end)
    os.close(read_end)
    expect_equal(recorder.wait(), 1, "status")
    expect("Broken pipe" not in recorder.text, f"'{recorder.text}' complains of the pipe")


def try_terminal(tools):
    terminal, end = pty.openpty()
    status, text = run(tools, "-o", "-", "-d", "1ms", stdout=end)
    os.close(end)
    os.close(terminal)
    expect_equal(status, 2, "status")
    expect("terminal" in text, f"'{text}' does not say why")


def try_without_rights(tools):
    status, text = run(tools, "-o", tools.path("rights.tlz"), "-d", "1ms", preexec_fn=drop_rights)
    expect_equal(status, 1, "status")
    expect("CAP_BPF" in text and "CAP_PERFMON" in text, f"'{text}' does not name the rights")
    expect_equal(text.count("\n"), 1, "lines of the message")
    expect(not os.path.exists(tools.path("rights.tlz")), "a file was made")


def try_misuse(tools):
    path = tools.path("misuse.tlz")
    for word, *options in (("-o",), ("-o", "-o"), ("-4", "-o", path, "-4", "-6"), ("--nonsense", "-o", path, "--nonsense"),
                           ("-z", "-o", path, "-z"), ("--pid", "-o", path, "-p", "0"),
                           ("--localport", "-o", path, "-L", "65536"), ("--remoteport", "-o", path, "-D", "80,"),
                           ("--uid", "-o", path, "-u", "0,,1"), ("--uid", "-o", path, "-u", "4294967295"),
                           ("--cgroup", "-o", path, "--cgroup", ""), ("--cgroup", "-o", path, "--cgroup", "0"),
                           ("--netns", "-o", path, "--netns", "4294967296"), ("--netns", "-o", path, "--netns", ""),
                           ("--duration", "-o", path, "-d", "ten"), ("--count", "-o", path, "-n", "0"),
                           ("--level", "-o", path, "--level", "20"), ("--ring", "-o", path, "--ring", "0"),
                           ("--flush", "-o", path, "--flush", "0"), ("stray", "-o", path, "stray"),
                           ("--", "-o", path, "--"), ("--quiet", "-o", path, "--quiet=1")):
        status, text = run(tools, *options)
        expect_equal(status, 2, f"status of {options}")
        expect_equal(text.count("\n"), 1, f"lines of '{text}'")
        expect(word in text and "--help" in text, f"'{text}' does not name {word} and --help")
    expect(not os.path.exists(path), "a file was made")


def try_names_that_are_none(tools):
    """What a filter names and this machine does not have: said, and nothing is recorded."""
    path = tools.path("none.tlz")
    for option, value in (("-u", "no-such-user"), ("-u", "0,no-such-user"), ("--cgroup", "/no/such/group"),
                          ("--cgroup", str(2**63)), ("--netns", "no-such-namespace"), ("--netns", "/no/such/file"),
                          ("--netns", "/dev/null")):
        status, text = run(tools, "-o", path, option, value)
        expect_equal(status, 1, f"status of {option} {value}")
        expect_equal(text.count("\n"), 1, f"lines of '{text}'")
        expect({"-u": "--uid"}.get(option, option) in text, f"'{text}' does not name {option}")
        expect_equal(run(tools, "-o", path, option, value, "--", "true")[0], 125, f"status of {option} with a command")
    expect(not os.path.exists(path), "a file was made")


def try_help(tools):
    result = subprocess.run([tools.recorder, "--help"], stdout=subprocess.PIPE, text=True, check=False)
    expect_equal(result.returncode, 0, "status")
    expect(max(map(len, result.stdout.splitlines())) <= 80, "a line is too long")
    version = subprocess.run([tools.recorder, "--version"], stdout=subprocess.PIPE, text=True, check=False)
    expect_equal(version.returncode, 0, "status of --version")
    expect(version.stdout.startswith("tcplife-record "), f"the version is '{version.stdout}'")


def main():
    tools = Tools(sys.argv)

    def status_case(name, command, wanted):
        return f"the command's status: {name}", lambda: try_status(tools, command, wanted)

    run_cases(tools, enter_namespace, [
        ("--count", lambda: try_count(tools)),
        ("--count, all at once", lambda: try_count_of_one_block(tools)),
        ("--duration", lambda: try_duration(tools)),
        ("SIGINT", lambda: try_signal(tools, signal.SIGINT)),
        ("SIGTERM", lambda: try_signal(tools, signal.SIGTERM)),
        ("SIGHUP, ignored", lambda: try_ignored_hangup(tools)),
        ("--flush", lambda: try_flush(tools)),
        status_case("0", ["true"], 0),
        status_case("7", ["sh", "-c", "exit 7"], 7),
        status_case("killed", ["sh", "-c", "kill -9 $$"], 137),
        status_case("interrupts itself", ["sh", "-c", "kill -INT $$; exit 3"], 130),
        ("a command's sessions", lambda: try_command(tools)),
        ("a command's output", lambda: try_command_output(tools)),
        ("-- as a value", lambda: try_value_of_dashes(tools)),
        ("a signal while a command runs", lambda: try_command_signal(tools)),
        ("own failure with a command", lambda: try_own_failure(tools)),
        ("existing files", lambda: try_existing(tools)),
        ("through a pipe", lambda: try_pipe(tools)),
        ("a pipe whose reader goes away", lambda: try_closed_pipe(tools)),
        ("a terminal", lambda: try_terminal(tools)),
        ("without rights", lambda: try_without_rights(tools)),
        ("misuse", lambda: try_misuse(tools)),
        ("names of a filter that there are not", lambda: try_names_that_are_none(tools)),
        ("--help and --version", lambda: try_help(tools)),
    ])


main()
