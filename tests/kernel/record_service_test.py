#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Under a service manager: what it is told and when, at a socket of the test's own; messages with priorities; and the unit,
which allows what the recorder does.

usage: record_service_test.py TCPLIFE_RECORD TCPLIFE_REPORT TRAFFIC UNIT NOTIFY
"""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys

from kernel_case import TIME_LIMIT_S, Failure, Recorder, Skip, Tools, enter_namespace, expect, expect_equal, run_cases
from ring_case import Ring, RingRecorder

PORT = 21719  # below the range from which clients get theirs


class Manager:
    """The socket that a service manager listens at, and who is told where it is."""

    def __init__(self, tools, name, **more):
        self.path = tools.path(name)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(TIME_LIMIT_S)
        self.before = ["env", f"NOTIFY_SOCKET={self.path}", *(f"{key}={value}" for key, value in more.items())]

    def next(self):
        """One message: its assignments."""
        try:
            lines = self.socket.recv(65536).decode().splitlines()
        except TimeoutError:
            raise Failure("the manager is not told any more") from None
        return dict(line.split("=", 1) for line in lines)

    def await_one(self, key):
        """The next that has it; those before are left out."""
        while True:
            message = self.next()
            if key in message:
                return message

    def rest(self):
        """What came since, without waiting."""
        self.socket.setblocking(False)
        messages = []
        try:
            while True:
                messages.append(self.socket.recv(65536).decode())
        except BlockingIOError:
            self.socket.settimeout(TIME_LIMIT_S)
        return messages


def try_begin_and_end(tools):
    """It is ready when it records, and says that it stops before the capture has its end."""
    manager = Manager(tools, "begin")
    recorder = Recorder(tools, "--netns", "self", before=manager.before)
    ready = manager.next()
    expect_equal(ready["READY"], "1", "the first message")
    expect_equal(ready["STATUS"][:23], "recording: 0 sessions, ", "status")
    tools.make_traffic("client-fin", "--port", str(PORT), "--count", "10")
    recorder.finish()
    expect_equal(manager.next()["STOPPING"], "1", "the last message")
    expect_equal(manager.rest(), [], "more")
    expect_equal(recorder.sessions, 20, "sessions")


def try_not_ready(tools):
    """A recording that cannot begin is never ready."""
    manager = Manager(tools, "not-ready")
    done = subprocess.run([*manager.before, tools.recorder, "-o", tools.path("no/such/directory")], stderr=subprocess.PIPE,
                          timeout=TIME_LIMIT_S, check=False)
    expect_equal((done.returncode, manager.rest()), (1, []), "status and messages")


def try_watchdog(tools):
    """The loop itself says that it lives, twice in the time; with it how much is recorded."""
    manager = Manager(tools, "watchdog", WATCHDOG_USEC=20000)
    recorder = Recorder(tools, "--netns", "self", "-L", str(PORT), "--flush", "1h", before=manager.before)
    expect_equal(manager.next()["READY"], "1", "the first message")
    for _ in range(5):
        expect_equal(manager.next()["WATCHDOG"], "1", "a later message")
    tools.make_traffic("client-fin", "--port", str(PORT), "--count", "10")
    recorder.process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, recorder.process.pid, os.WSTOPPED | os.WNOWAIT)
    manager.rest()
    try:
        manager.socket.settimeout(0.1)
        manager.socket.recv(1)
        raise Failure("it lives while it stands still")
    except TimeoutError:
        manager.socket.settimeout(TIME_LIMIT_S)
    recorder.process.send_signal(signal.SIGCONT)
    expect_equal(manager.next()["WATCHDOG"], "1", "a message when it goes on")
    recorder.finish()
    while "STOPPING" not in manager.next():
        pass


def try_others_watchdog(tools):
    """A watchdog of another process is none of its business."""
    manager = Manager(tools, "other", WATCHDOG_USEC=1000, WATCHDOG_PID=1)
    recorder = Recorder(tools, "--netns", "self", "-d", "100ms", before=manager.before)
    expect_equal(recorder.wait(), 0, "status")
    expect_equal([message.split("=")[0] for message in manager.rest()], ["READY", "STOPPING"], "messages")


def try_reload(tools):
    """SIGHUP is a reload: it is over when the next file is begun."""
    manager, ring = Manager(tools, "reload"), Ring(tools, "reload-files")
    recorder = RingRecorder(ring, PORT, "--rotate-time", "1d", before=manager.before)
    expect_equal(manager.next()["READY"], "1", "the first message")
    for files in (2, 3):
        recorder.process.send_signal(signal.SIGHUP)
        reloading = manager.next()
        expect_equal(reloading["RELOADING"], "1", "a message at SIGHUP")
        expect(int(reloading["MONOTONIC_USEC"]) > 0, "no time")
        expect_equal(manager.next()["READY"], "1", "the message behind it")
        expect_equal(len(ring.names()), files, "files")
    recorder.finish()
    expect_equal(manager.next()["STOPPING"], "1", "the last message")


def try_reload_fails(tools):
    """A file that cannot be begun does not leave it reloading for ever."""
    manager, ring = Manager(tools, "overdue"), Ring(tools, "overdue-files")
    recorder = RingRecorder(ring, PORT, "--rotate-time", "1d", before=manager.before)
    manager.await_one("READY")
    os.rename(ring.path, ring.path + "-gone")
    shutil.rmtree(ring.path + "-gone")
    recorder.process.send_signal(signal.SIGHUP)
    manager.await_one("RELOADING")
    manager.await_one("READY")
    recorder.await_words("cannot begin the next capture")
    recorder.stop()


def try_nobody_listens(tools):
    """A manager that is gone, or an address that is none, is nothing to the recording."""
    for path in (tools.path("nobody"), "@tcplife-nobody", "nonsense", ""):
        recorder = Recorder(tools, "--netns", "self", "-d", "1ms", before=["env", f"NOTIFY_SOCKET={path}"])
        expect_equal(recorder.wait(), 0, f"status with '{path}'")


def try_left_out(tools):
    """Without libsystemd it says so to who waits for it."""
    recorder = Recorder(tools, "--netns", "self", "-d", "1ms", before=["env", "NOTIFY_SOCKET=/nowhere"])
    expect_equal(recorder.wait(), 0, "status")
    expect("built without libsystemd" in recorder.text, f"'{recorder.text}' does not say so")


def try_unit_user(tools, unit):
    """As a user that is not root, with the two rights of the unit and no way to more, it records all the same."""
    if not shutil.which("setpriv"):
        raise Skip("there is no setpriv")
    capabilities, = {line.split("=")[1] for line in unit_lines(unit) if "Capabilit" in line and "=" in line}
    given = ",".join("+" + word.removeprefix("CAP_").lower() for word in capabilities.split())
    folder, nobody = tools.path("nobody-files"), 65534
    os.chmod(tools.root, 0o755)
    os.mkdir(folder)
    os.chown(folder, nobody, nobody)
    ring = Ring(tools, "nobody-files")
    recorder = RingRecorder(ring, PORT, "--rotate-time", "1d", "--metrics", os.path.join(folder, "x.prom"), before=[
        "setpriv", f"--reuid={nobody}", f"--regid={nobody}", "--clear-groups", "--bounding-set", f"-all,{given}",
        "--inh-caps", f"-all,{given}", "--ambient-caps", given, "--no-new-privs"])
    tools.make_traffic("client-fin", "--port", str(PORT), "--count", "10")
    recorder.rotate()
    recorder.finish()
    expect_equal((len(ring.names()), recorder.sessions), (2, 10), "files and sessions")
    expect_equal({os.stat(path).st_uid for path in ring.paths()}, {nobody}, "whose files they are")
    expect(os.path.exists(os.path.join(folder, "x.prom")), "there are no metrics")


class Journal:
    """A stream, as the journal gives one to a service's standard error."""

    def __init__(self):
        self.ours, self.theirs = socket.socketpair()

    def run(self, tools, *options, stream=None):
        st = os.fstat(self.theirs.fileno())
        environment = dict(os.environ, JOURNAL_STREAM=stream or f"{st.st_dev}:{st.st_ino}")
        subprocess.run([tools.recorder, *options], stderr=self.theirs, env=environment, timeout=TIME_LIMIT_S, check=False)
        return self.ours.recv(1 << 16).decode().splitlines()


def try_priorities(tools):
    """Each line for the journal begins with its priority; for a file in its place none does."""
    journal = Journal()
    path = tools.path("journal.tlz")
    lines = journal.run(tools, "--netns", "self", "-o", path, "-d", "1ms")
    expect_equal([line[:18] for line in lines], ["<5>tcplife-record:"] * 2, "notices")
    expect_equal(journal.run(tools, "-o", path)[0][:18], "<3>tcplife-record:", "an error")
    expect_equal(journal.run(tools, "--nonsense")[0][:18], "<3>tcplife-record:", "bad usage")
    expect_equal(journal.run(tools, "--nonsense", stream="1:2")[0][:15], "tcplife-record:", "another stream")


def unit_lines(unit):
    return pathlib.Path(unit).read_text(encoding="utf-8").splitlines()


def try_unit(tools, unit):
    """systemd finds nothing wrong with it, and most of the machine out of its reach."""
    if not shutil.which("systemd-analyze"):
        raise Skip("there is no systemd-analyze")
    copy = tools.path("tcplife-record.service")
    with open(copy, "w", encoding="utf-8") as file:
        file.write(re.sub(r"^ExecStart=\S+", f"ExecStart={tools.recorder}", "\n".join(unit_lines(unit)), flags=re.M))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True,
                          timeout=TIME_LIMIT_S, check=False)
    expect_equal((done.returncode, done.stderr.strip()), (0, ""), "status and words of systemd-analyze verify")
    done = subprocess.run(["systemd-analyze", "security", "--offline=yes", copy], capture_output=True, text=True,
                          timeout=TIME_LIMIT_S, check=False)
    exposure = float(re.search(r"Overall exposure level.*: ([\d.]+)", done.stdout)[1])
    print(f"# exposure {exposure}", flush=True)
    expect(exposure < 2, f"exposure {exposure}")


def allowed_calls(unit):
    """The system calls that the unit's filter lets through."""
    groups, group = {}, None
    text = subprocess.run(["systemd-analyze", "syscall-filter"], capture_output=True, text=True, check=True).stdout
    for line in text.splitlines():
        word = line.strip().split(" ")[0]
        if line.startswith("@"):
            group = groups.setdefault(word, set())
        elif word and not word.startswith("#") and group is not None:
            group.add(word)

    def expand(word):
        return set().union(*map(expand, groups[word])) if word.startswith("@") else {word}

    allowed = set()
    for line in unit_lines(unit):
        if line.startswith("SystemCallFilter="):
            words = line.removeprefix("SystemCallFilter=")
            named = set().union(*map(expand, words.removeprefix("~").split()))
            # What starts a process is always allowed.
            allowed = allowed - named | expand("@default") if words.startswith("~") else allowed | named
    return allowed


def try_unit_options(tools, unit):
    """The command line of the unit records, and makes no system call that its filter denies."""
    if not shutil.which("systemd-analyze") or not shutil.which("strace"):
        raise Skip("there is no systemd-analyze, or no strace")
    folder, trace = tools.path("unit"), tools.path("trace")
    os.mkdir(folder)
    line, = [line for line in unit_lines(unit) if line.startswith("ExecStart=")]
    ring, = re.findall(r'"TCPLIFE_RING=([^"]+)"', "\n".join(unit_lines(unit)))
    words = line.split()[1:]
    words = " ".join(words).replace("%S/tcplife", folder).replace("%t/tcplife", folder)
    words = words.replace("$TCPLIFE_RING", ring.replace("--min-free 1G", "")).replace("$TCPLIFE_OPTIONS", "").split()
    manager = Manager(tools, "unit-socket", WATCHDOG_USEC=100000)
    with subprocess.Popen([*manager.before, "strace", "-f", "-qq", "-o", trace, tools.recorder, *words],
                          stderr=subprocess.PIPE, text=True) as process:
        manager.await_one("READY")
        tools.make_traffic("client-fin", "--port", str(PORT), "--count", "10")
        manager.await_one("WATCHDOG")
        with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as file:
            recorder = int(file.read().split()[0])
        os.kill(recorder, signal.SIGHUP)
        manager.await_one("RELOADING")
        os.kill(recorder, signal.SIGTERM)
        manager.await_one("STOPPING")
        words = process.stderr.read()
        expect_equal(process.wait(TIME_LIMIT_S), 0, f"status ({words.strip()})")
    with open(trace, encoding="utf-8", errors="replace") as file:
        made = set(re.findall(r"^\d+ +([a-z_0-9]+)\(", file.read(), re.M))
    expect("bpf" in made, "strace has seen nothing")
    expect_equal(sorted(made - allowed_calls(unit) - {"execve"}), [], "system calls that the unit denies")
    expect_equal(sorted(name.rpartition(".")[2] for name in os.listdir(folder)), ["prom", "tlz", "tlz"], "files")


def main():
    tools = Tools(sys.argv)
    tools.recorder = os.path.abspath(tools.recorder)
    unit, notify = sys.argv[4:6]
    told = [
        ("it is told of begin and end", lambda: try_begin_and_end(tools)),
        ("it is not told of what does not begin", lambda: try_not_ready(tools)),
        ("watchdog", lambda: try_watchdog(tools)),
        ("another's watchdog", lambda: try_others_watchdog(tools)),
        ("reload", lambda: try_reload(tools)),
        ("a reload that fails", lambda: try_reload_fails(tools)),
        ("nobody listens", lambda: try_nobody_listens(tools)),
        ("the unit's command line, under its filter", lambda: try_unit_options(tools, unit)),
    ]
    run_cases(tools, enter_namespace, (told if notify == "notify" else [("left out", lambda: try_left_out(tools))]) + [
        ("as the unit's user", lambda: try_unit_user(tools, unit)),
        ("priorities in the journal", lambda: try_priorities(tools)),
        ("the unit", lambda: try_unit(tools, unit)),
    ])


main()
