# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of confinement share: the reporter, run with tests/confine/attempts.c inside.

Each is called with the paths of tcplife-report, of the module made from attempts.c and of the
fixtures, and with what is built in: "landlock,seccomp", one of them, "", or "instrumented".
"""

import ctypes
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

REPORT, ATTEMPTS = (os.path.abspath(path) for path in sys.argv[1:3])
COPIES = tempfile.TemporaryDirectory()  # to be tampered with
FIXTURES = pathlib.Path(shutil.copytree(sys.argv[3], COPIES.name + "/fixtures"))
BUILT = sys.argv[4]
SAMPLE = FIXTURES / "sample.tlz"
SECONDS = 60  # for one run


SYS_LANDLOCK_CREATE_RULESET = 444 if os.uname().machine != "alpha" else 554
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
PR_SET_NO_NEW_PRIVS = 38


class Filter(ctypes.Structure):
    """struct sock_fprog, of one instruction that allows every system call."""

    _fields_ = [("count", ctypes.c_ushort), ("instructions", ctypes.POINTER(ctypes.c_uint32))]

    def __init__(self):
        allow = (ctypes.c_uint32 * 2)(*((0x06, 0x7fff0000) if sys.byteorder == "little"
                                        else (0x06 << 16, 0x7fff0000)))
        super().__init__(1, allow)


def kernel_landlock():
    """The version of this kernel's Landlock; 0 when there is none."""
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, libc.syscall(SYS_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), 1))


def kernel_seccomp():
    """True when the kernel lets a process filter its system calls. Tried in a process of its own."""
    child = os.fork()
    if child == 0:
        libc = ctypes.CDLL(None)
        zero = ctypes.c_ulong(0)
        libc.prctl(PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), zero, zero, zero)
        os._exit(libc.prctl(PR_SET_SECCOMP, ctypes.c_ulong(SECCOMP_MODE_FILTER),
                            ctypes.byref(Filter()), zero, zero) != 0)
    return os.waitpid(child, 0)[1] == 0


def run(*arguments, **options):
    """The reporter, run to its end."""
    options = {"cwd": FIXTURES, "stdin": subprocess.DEVNULL, "capture_output": True,
               "timeout": SECONDS, "check": False} | options
    return subprocess.run([REPORT, *map(str, arguments)], **options)


def version_line(**environment):
    """What --version says of confinement, on a kernel as played by `environment`."""
    if environment:
        environment["LD_PRELOAD"] = ATTEMPTS
    environment = dict(os.environ, **environment)
    said = run("--version", env=environment).stdout.decode().splitlines()
    return said[2] if len(said) == 3 else f"{said}"


class Attempts:
    """One run of the reporter with the attempts inside. `before` and `after` are what came of each,
    an errno or 0; `denied` is what the program itself could not open."""

    def __init__(self, *arguments, play=None, **options):
        with tempfile.TemporaryDirectory() as folder, \
                socket.create_server(("127.0.0.1", 0), backlog=8) as tcp, \
                socket.socket(socket.AF_UNIX) as abstract:
            abstract.bind("")  # the kernel makes a name
            abstract.listen(8)
            self.prepare(folder)
            out, out_of_child = os.pipe()
            environment = dict(os.environ, LD_PRELOAD=ATTEMPTS, ATTEMPTS_DIR=folder,
                               ATTEMPTS_FD=str(out_of_child), ATTEMPTS_INPUT=str(SAMPLE),
                               ATTEMPTS_PORT=str(tcp.getsockname()[1]),
                               ATTEMPTS_SOCKET=abstract.getsockname()[1:].decode(),
                               **(play or {}))
            self.run = run(*arguments, env=environment, pass_fds=[out_of_child], **options)
            os.close(out_of_child)
            with os.fdopen(out) as lines:
                self.read(lines)

    @staticmethod
    def prepare(folder):
        for name in ("file", "remove-before", "remove-after", "program"):
            path = pathlib.Path(folder, name)
            path.write_text("this is no program\n", encoding="ascii")
            path.chmod(0o700)

    def read(self, lines):
        self.before, self.after, self.denied = {}, {}, {}
        for line in lines:
            kind, name, error = re.fullmatch(r"(\w+) (.*) (-?\d+)\n", line).groups()
            getattr(self, kind)[name] = int(error)


class Case(unittest.TestCase):
    """Knows what can be in force here; skips what needs more, and says why."""

    abi = kernel_landlock() if "landlock" in BUILT else 0
    seccomp = "seccomp" in BUILT and kernel_seccomp()

    def need(self, landlock=0, seccomp=False):
        if BUILT == "instrumented":
            self.skipTest("a build with sanitizers or for coverage does not confine itself")
        if landlock and "landlock" not in BUILT:
            self.skipTest("the reporter is built without Landlock")
        if seccomp and "seccomp" not in BUILT:
            self.skipTest("the reporter is built without libseccomp")
        if self.abi < landlock:
            self.skipTest(f"this kernel's Landlock is of version {self.abi}, not {landlock}")
        if seccomp and not self.seccomp:
            self.skipTest("seccomp is not allowed here")


def on_a_line(error):
    return " ".join(str(error).split())[:400]


class Lines(unittest.TextTestResult):
    """Prints a line a case."""

    skips = passes = 0

    def addSuccess(self, test):
        Lines.passes += 1
        print("PASS", test._testMethodName, flush=True)

    def addSkip(self, test, reason):
        Lines.skips += 1
        print(f"SKIP {test._testMethodName}: {reason}", flush=True)

    def addFailure(self, test, err):
        print(f"FAIL {test._testMethodName}: {on_a_line(err[1])}", flush=True)
        super().addFailure(test, err)

    def addSubTest(self, test, subtest, err):
        if err:
            print(f"FAIL {test._testMethodName}: {subtest._subDescription()}: {on_a_line(err[1])}", flush=True)
        super().addSubTest(test, subtest, err)

    def addError(self, test, err):
        print(f"FAIL {test._testMethodName}: {type(err[1]).__name__}: {on_a_line(err[1])}", flush=True)
        super().addError(test, err)


def main(*cases):
    """Runs them and exits: 0, 1, or 77 when all were skipped."""
    load = unittest.defaultTestLoader.loadTestsFromTestCase
    runner = unittest.TextTestRunner(resultclass=Lines, verbosity=0)
    outcome = runner.run(unittest.TestSuite(map(load, cases)))
    sys.exit(1 if not outcome.wasSuccessful() else 77 if Lines.skips and not Lines.passes else 0)
