#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""tcplife-live and tcpstates-live: which command lines they make of theirs, and how they end. The recorder is a script
that does what is asked of it; the reporter is real where it says so.

usage: live_pipe_test.py TCPLIFE_LIVE TCPSTATES_LIVE TCPLIFE_REPORT FIXTURES
"""
import contextlib
import json
import os
import pathlib
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

LIVE, STATES, REPORT, FIXTURES = (pathlib.Path(path).resolve() for path in sys.argv[1:5])
CAPTURE = FIXTURES / "good-losses.tlz"
SECONDS = 30  # an answer later than that is none
HEADING = b"PID   COMM       LADDR           LPORT RADDR           RPORT TX_KB RX_KB MS\n"
FIRST_ROW, LAST_ROW = b" a ", b" b "

# Writes a capture up to its second row, does what PLAN says, and notes what it was called with and which signals came.
RECORDER = """#!{python}
# SPDX-License-Identifier: BSD-2-Clause
import json, os, pathlib, select, signal, sys
folder, plan = pathlib.Path(__file__).parent, os.environ.get("PLAN", "")
(folder / "recorder.json").write_text(json.dumps(["tcplife-record", *sys.argv[1:]]))
ENDS = [signal.SIGINT, signal.SIGTERM]
signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
(folder / "recorder.pid").write_text(str(os.getpid()))
if plan == "cannot begin":
    sys.exit("tcplife-record: needs rights")
data = pathlib.Path({capture!r}).read_bytes()
os.write(1, data[:-700])
if plan == "fails":
    print("tcplife-record: failed", file=sys.stderr)
    sys.exit(7)
reader = select.poll()
reader.register(1, 0)
signals = 0
while plan != "ends":
    if reader.poll(0):
        sys.exit(1)
    if signal.sigtimedwait(ENDS, 0.01):
        signals += 1
        (folder / "signals").write_text(str(signals))
        if plan != "does not end":
            break
os.write(1, data[-700:])
"""

# Notes what it was called with, and reads to the end.
REPORTER = """#!{python}
# SPDX-License-Identifier: BSD-2-Clause
import json, pathlib, sys
(pathlib.Path(__file__).parent / "reporter.json").write_text(json.dumps(["tcplife-report", *sys.argv[1:]]))
sys.stdin.buffer.read()
"""


class Failure(Exception):
    """The case failed; its text says why."""


def expect(condition, what):
    if not condition:
        raise Failure(what)


def expect_equal(found, wanted, what):
    if found != wanted:
        raise Failure(f"{what} is {found!r}, not {wanted!r}")


def wait_until(is_so, what):
    until = time.monotonic() + SECONDS
    while not is_so():
        if time.monotonic() > until:
            raise Failure(f"waited in vain until {what}")
        time.sleep(0.01)


def is_gone(pid):
    """Whether a process has ended, its parent's reading of its status left out."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return True
    return stat.rpartition(")")[2].split()[0] in "ZX"


class Place:
    """A folder with the two programs beside one of ours, as they are installed."""

    def __init__(self, folder, real_reporter):
        self.folder = pathlib.Path(folder)
        self.live = self.install(LIVE, "tcplife-live")
        self.states = self.install(STATES, "tcpstates-live")
        self.write("tcplife-record", RECORDER)
        if real_reporter:
            (self.folder / "tcplife-report").symlink_to(REPORT)
        else:
            self.write("tcplife-report", REPORTER)

    def install(self, program, name):
        """A copy: a link would be followed to where the program was built."""
        shutil.copy(program, self.folder / name)
        return self.folder / name

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text.format(python=sys.executable, capture=str(CAPTURE)))
        path.chmod(0o755)

    def called(self, name):
        return json.loads((self.folder / f"{name}.json").read_text())

    def signals(self):
        return int((self.folder / "signals").read_text())

    def recorder_pid(self):
        return int((self.folder / "recorder.pid").read_text())


@contextlib.contextmanager
def place(real_reporter=True):
    with tempfile.TemporaryDirectory() as folder:
        yield Place(folder, real_reporter)


class Run:
    """One of ours, running; in a process group of its own."""

    def __init__(self, where, plan="", options=(), program=None, path=None):
        environment = dict(os.environ, PLAN=plan, TZ="UTC")
        if path is not None:
            environment["PATH"] = str(path)
        self.process = subprocess.Popen([program or where.live, *options], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
                                        env=environment)
        self.said = b""

    def shows(self, text):
        """Returns once it has printed that."""
        until = time.monotonic() + SECONDS
        while text not in self.said:
            ready = select.select([self.process.stdout], [], [], max(0, until - time.monotonic()))[0]
            more = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not more:
                raise Failure(f"it printed {self.said!r}, without {text!r}")
            self.said += more

    def end(self):
        """Waits for its end: the status, and what it said on standard error."""
        rest, errors = self.process.communicate(timeout=SECONDS)
        self.said += rest or b""
        return self.process.returncode, errors


RECORD_WORDS, STATES_WORDS = ["tcplife-record", "-q", "-o", "-"], ["tcplife-record", "-q", "-o", "-", "--states"]
REPORT_WORDS, REPORT_STATES = ["tcplife-report", "-"], ["tcplife-report", "-", "--states"]
COMMAND_LINES = [
    # What is typed, and what the recorder and the reporter get behind the words above.
    (LIVE, "", "", ""),
    (LIVE, "-T", "", "-T"),
    (LIVE, "-stT", "", "-T -t -s"),
    (LIVE, "-w", "", "-w"),
    (LIVE, "-p 181", "-p 181", ""),
    (LIVE, "-p181 -4", "-p 181 -4", ""),
    (LIVE, "-L 80,81 -D 443 -6 -T", "-L 80,81 -D 443 -6", "-T"),
    (LIVE, "--time --timestamp --wide --csv", "", "-T -t -w -s"),
    (LIVE, "--pid 1 --localport=2 --remoteport 3 --ipv4", "-p 1 -L 2 -D 3 -4", ""),
    (LIVE, "--ipv6", "-6", ""),
    (LIVE, "--style libbpf", "", "--style libbpf"),
    (LIVE, "-L 1 -L 2", "-L 2", ""),
    (STATES, "", "", ""),
    (STATES, "-T -t -w -s -Y", "", "-T -t -w -s --journal"),
    (STATES, "-L 80 -D 443 -4", "-L 80 -D 443 -4", ""),
    (STATES, "--time --timestamp --wide --csv --journal", "", "-T -t -w -s --journal"),
    (STATES, "--localport 2 --remoteport 3 --ipv6 --style bcc", "-L 2 -D 3 -6", "--style bcc"),
]


def test_command_lines():
    with place(real_reporter=False) as where:
        for program, typed, recorder, reporter in COMMAND_LINES:
            states = program == STATES
            run = Run(where, "ends", typed.split(), where.states if states else where.live)
            expect_equal(run.end(), (0, b""), f"the end with {typed}")
            expect_equal(where.called("recorder"), (STATES_WORDS if states else RECORD_WORDS) + recorder.split(),
                         f"the recorder's command line of {typed!r}")
            expect_equal(where.called("reporter"), (REPORT_STATES if states else REPORT_WORDS) + reporter.split(),
                         f"the reporter's command line of {typed!r}")


def test_misuse():
    with place() as where:
        for program, word, *typed in ((where.live, "-Y", "-Y"), (where.live, "--nonsense", "--nonsense"),
                                      (where.live, "--pid", "--pid"), (where.live, "-p", "-p"),
                                      (where.live, "--csv=1", "--csv=1"), (where.live, "stray", "stray"),
                                      (where.states, "-p", "-p", "1")):
            status, text = Run(where, "ends", typed, program).end()
            expect_equal((status, text.count(b"\n")), (2, 1), f"status and lines of {typed} ({text!r})")
            if word.encode() not in text or b"--help" not in text:
                raise Failure(f"{text!r} does not name {word} and --help")
        if (where.folder / "recorder.json").exists():
            raise Failure("the recorder was started")


def test_help():
    with place() as where:
        for program in (where.live, where.states):
            run = Run(where, options=["--help"], program=program)
            expect_equal(run.end(), (0, b""), "the end of --help")
            if max(map(len, run.said.splitlines())) > 80:
                raise Failure("a line of the help is too long")


def test_beside_and_on_the_path():
    """The program beside it comes before the one on the PATH; a link to it changes nothing."""
    with place(real_reporter=False) as where, place(real_reporter=False) as other:
        link = other.folder / "tcplife"
        link.symlink_to(where.live)
        expect_equal(Run(where, "ends", program=link, path=other.folder).end(), (0, b""), "the end")
        where.called("recorder"), where.called("reporter")
        if (other.folder / "recorder.json").exists():
            raise Failure("the one on the PATH was taken")
        for name in ("tcplife-record", "tcplife-report"):
            (where.folder / name).unlink()
        expect_equal(Run(where, "ends", path=other.folder).end(), (0, b""), "the end with a PATH")
        other.called("recorder"), other.called("reporter")
        status, text = Run(where, path="/nonexistent").end()
        expect_equal((status, text.count(b"\n"), b"tcplife-record" in text), (1, 1, True), f"the end without ({text!r})")


def test_beside_in_bin():
    """The recorder is installed in sbin and the reporter in bin."""
    with place(real_reporter=False) as where:
        for folder in ("bin", "sbin"):
            (where.folder / folder).mkdir()
        for name in ("tcplife-live", "tcplife-record"):
            (where.folder / name).rename(where.folder / "sbin" / name)
        (where.folder / "tcplife-report").rename(where.folder / "bin" / "tcplife-report")
        expect_equal(Run(where, "ends", program=where.folder / "sbin" / "tcplife-live", path="/nonexistent").end(),
                     (0, b""), "the end")


def test_cannot_begin():
    """The recorder says why, and nobody says more."""
    with place() as where:
        run = Run(where, "cannot begin")
        expect_equal(run.end(), (1, b"tcplife-record: needs rights\n"), "the end")
        expect_equal(run.said, b"", "what it printed")


def interrupt_and_end(where, interrupt):
    """A row is shown while the recorder runs; interrupted, it ends well, and the rest is shown."""
    run = Run(where)
    run.shows(FIRST_ROW)
    interrupt(run)
    status, _ = run.end()  # the reporter tells of the losses in this capture
    expect_equal(status, 0, "status")
    if LAST_ROW not in run.said:
        raise Failure(f"the rest was not shown: {run.said!r}")
    expect_equal(where.signals(), 1, "signals that the recorder got")
    return run


def test_interrupted_alone():
    """kill -INT and kill -TERM of it reach the recorder."""
    for number in (signal.SIGINT, signal.SIGTERM):
        with place() as where:
            run = interrupt_and_end(where, lambda run, number=number: run.process.send_signal(number))
            if not run.said.startswith(HEADING):
                raise Failure(f"it printed {run.said!r}")


def test_interrupted_group():
    """As a shell's kill %1 does, and timeout(1); the reporter reads on."""
    for number in (signal.SIGINT, signal.SIGTERM):
        with place() as where:
            interrupt_and_end(where, lambda run, number=number: os.killpg(run.process.pid, number))


def test_interrupted_terminal():
    """Ctrl-C. A shell has the terminal, as at home: when who has it ends, what is still on its way there is lost."""
    with place() as where:
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ["PLAN"] = ""
            os.execv("/bin/sh", ["sh", "-c", 'trap : INT; "$0"; echo "status $?."; read line', where.live])
        said = b""
        sent = False
        while b"status" not in said or not said.rstrip().endswith(b"."):
            expect(select.select([terminal], [], [], SECONDS)[0], f"nothing more comes after {said!r}")
            said += os.read(terminal, 65536)
            if FIRST_ROW in said and not sent:
                os.write(terminal, b"\x03")
                sent = True
        os.write(terminal, b"\n")
        os.waitpid(pid, 0)
        os.close(terminal)
        expect(b"status 0." in said, f"status ({said!r})")
        expect_equal((LAST_ROW in said, where.signals()), (True, 1), f"whether the rest is shown, and signals ({said!r})")


def test_second_interrupt():
    """It ends all, whatever the recorder does; and itself as one that was interrupted."""
    with place() as where:
        run = Run(where, "does not end")
        run.shows(FIRST_ROW)
        run.process.send_signal(signal.SIGINT)
        wait_until((where.folder / "signals").exists, "the recorder got the signal")
        expect_equal(run.process.poll(), None, "its end after the first")

        def interrupt_again():
            run.process.send_signal(signal.SIGINT)
            return run.process.poll() is not None

        wait_until(interrupt_again, "it ended")
        expect_equal(run.end(), (-signal.SIGINT, b""), "the end")
        wait_until(lambda: is_gone(where.recorder_pid()), "the recorder ended")


def test_reader_goes():
    """| head -n 1, and no row comes any more: the end, without a word."""
    with place() as where:
        run = Run(where)
        run.shows(HEADING)
        run.process.stdout.close()
        errors = run.process.stderr.read()
        expect_equal((run.process.wait(SECONDS), errors), (0, b""), "the end")
        run.process.stderr.close()
        wait_until(lambda: is_gone(where.recorder_pid()), "the recorder ended")


def test_recorder_fails():
    """What it recorded is shown, and its status passed on."""
    with place() as where:
        run = Run(where, "fails")
        status, errors = run.end()
        expect_equal((status, FIRST_ROW in run.said, errors.count(b"tcplife-record: failed\n")), (7, True, 1),
                     f"status, whether a row is shown, messages ({errors!r})")


def test_recorder_killed():
    with place() as where:
        run = Run(where)
        run.shows(FIRST_ROW)
        os.kill(where.recorder_pid(), signal.SIGKILL)
        expect_equal(run.end()[0], 128 + signal.SIGKILL, "status")


def test_reporter_fails():
    """The recorder, whose reader is gone, is not what failed."""
    with place() as where:
        (where.folder / "tcplife-report").unlink()
        where.write("tcplife-report", "#!/bin/sh\n# SPDX-License-Identifier: BSD-2-Clause\necho bad >&2\nexit 2\n")
        expect_equal(Run(where).end(), (2, b"bad\n"), "the end")


def test_killed():
    """Neither of the two goes on without it."""
    with place() as where:
        run = Run(where)
        run.shows(FIRST_ROW)
        run.process.kill()
        run.end()  # which waits for the reporter to close what it prints to
        wait_until(lambda: is_gone(where.recorder_pid()), "the recorder ended")


def main():
    failed = False
    for test in (test_command_lines, test_misuse, test_help, test_beside_and_on_the_path, test_beside_in_bin,
                 test_cannot_begin, test_interrupted_alone, test_interrupted_group, test_interrupted_terminal,
                 test_second_interrupt, test_reader_goes, test_recorder_fails, test_recorder_killed,
                 test_reporter_fails, test_killed):
        name = test.__name__.removeprefix("test_").replace("_", " ")
        try:
            test()
            print(f"PASS {name}", flush=True)
        except Exception as error:  # pylint: disable=broad-exception-caught
            print(f"FAIL {name}: {'' if isinstance(error, Failure) else type(error).__name__} {error}", flush=True)
            failed = True
    return 1 if failed else 0


sys.exit(main())
