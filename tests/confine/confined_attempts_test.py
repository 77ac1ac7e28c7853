#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Tries from inside of the reporter what it gives up: with all in force, with parts, with nothing.

usage: confined_attempts_test.py TCPLIFE_REPORT ATTEMPTS_MODULE FIXTURES BUILT
"""

import errno
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time

from confine_case import (ATTEMPTS, BUILT, REPORT, SAMPLE, SECONDS, Attempts, Case, main, run,
                          version_line)

# What is tried, and the version of Landlock that denies it; 0 = only seccomp does.
LANDLOCK = {
    "read_file": 1, "read_folder": 1, "write_file": 1, "write_input": 1, "make_file": 1,
    "truncate_file": 3, "make_folder": 1, "make_link": 1, "rename_file": 1, "remove_file": 1,
    "change_mode": 0, "run_program": 1, "make_process": 0, "signal_parent": 6, "read_memory": 0,
    "make_memory_file": 0, "unshare_folder": 0, "other_ioctl": 0, "make_socket": 0,
    "connect_tcp": 4, "bind_tcp": 4, "connect_abstract": 6,
}
# What seccomp lets pass: it does not see which file is meant.
NOT_SECCOMP = {"read_file", "read_folder"}
NEWEST = max(LANDLOCK.values())

NO_LANDLOCK = {"ATTEMPTS_LANDLOCK": str(-errno.ENOSYS)}
NO_SECCOMP = {"ATTEMPTS_SECCOMP": str(-errno.EPERM)}


class Confinement(Case):
    def attempt(self, *arguments, play=None):
        """A run that shows what it should, in which everything was possible before."""
        arguments = arguments or [SAMPLE]
        attempts = Attempts(*arguments, play=play)
        plain = run(*[argument for argument in arguments if argument != "--force"])
        self.assertEqual(attempts.run.returncode, 0, attempts.run.stderr)
        self.assertEqual(attempts.run.stdout, plain.stdout)
        self.assertEqual(attempts.denied, {})
        before = dict(attempts.before)
        self.assertEqual([before.pop("NoNewPrivs"), before.pop("Seccomp")], [0, 0])
        self.assertEqual(before, dict.fromkeys(LANDLOCK, 0))
        return attempts.after

    def check(self, after, denied):
        """Of what is tried, `denied` failed and nothing else."""
        self.assertEqual({name for name in LANDLOCK if after[name] != 0}, denied)

    def test_nothing_is_possible_but_to_report(self):
        self.need(landlock=1, seccomp=True)
        after = self.attempt()
        self.check(after, set(LANDLOCK))
        self.assertEqual([after["NoNewPrivs"], after["Seccomp"]], [1, 2])

    def test_landlock_alone(self):
        self.need(landlock=1)
        after = self.attempt(play=NO_SECCOMP)
        self.check(after, {name for name, abi in LANDLOCK.items() if 1 <= abi <= self.abi})
        self.assertEqual([after["NoNewPrivs"], after["Seccomp"]], [1, 0])

    def test_seccomp_alone(self):
        self.need(seccomp=True)
        after = self.attempt(play=NO_LANDLOCK)
        self.check(after, set(LANDLOCK) - NOT_SECCOMP)
        self.assertEqual([after["NoNewPrivs"], after["Seccomp"]], [1, 2])
        # As a kernel that has none of it: libraries know what to do then.
        self.assertEqual({after[name] for name in set(LANDLOCK) - NOT_SECCOMP}, {errno.ENOSYS})

    def test_without_both_the_report_is_made(self):
        self.need()
        after = self.attempt(play=NO_LANDLOCK | NO_SECCOMP)
        self.check(after, set())
        self.assertEqual([after["NoNewPrivs"], after["Seccomp"]], [1, 0])

    def test_older_versions_of_landlock(self):
        self.need(landlock=1)
        for version in range(1, min(self.abi, NEWEST) + 1):
            with self.subTest(version=version):
                play = NO_SECCOMP | {"ATTEMPTS_LANDLOCK": str(version)}
                self.check(self.attempt(play=play),
                           {name for name, abi in LANDLOCK.items() if 1 <= abi <= version})

    def test_newer_versions_of_landlock(self):
        self.need(landlock=NEWEST)
        self.check(self.attempt(play=NO_SECCOMP | {"ATTEMPTS_LANDLOCK": "99"}),
                   {name for name, abi in LANDLOCK.items() if abi})

    def test_an_input_that_landlock_has_no_rule_for(self):
        self.need(landlock=1, seccomp=True)
        attempts = Attempts("/dev/stdin", stdin=None, input=SAMPLE.read_bytes())
        self.assertEqual(attempts.run.stdout, run(SAMPLE).stdout)
        self.check(attempts.after, set(LANDLOCK))

    def test_what_is_written_is_all_that_can_be(self):
        self.need(landlock=1, seccomp=True)
        for force in ([], ["--force"]):
            with self.subTest(force=force), tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder, "x.tlz")
                if force:
                    path.write_text("old")
                self.check(self.attempt("-q", SAMPLE, "--write", path, *force), set(LANDLOCK))
                self.assertEqual(run(path).stdout, run(SAMPLE).stdout)
                self.assertEqual(os.listdir(folder), ["x.tlz"])

    def test_a_page_that_is_written_is_all_that_can_be(self):
        self.need(landlock=1, seccomp=True)
        for force in ([], ["--force"]):
            with self.subTest(force=force), tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder, "x.html")
                if force:
                    path.write_text("old")
                self.check(self.attempt("-q", SAMPLE, "--html", path, *force), set(LANDLOCK))
                self.assertEqual(path.read_bytes(), run("-q", SAMPLE, "--html", "-").stdout)
                self.assertEqual(os.listdir(folder), ["x.html"])

    def test_names_change_only_where_the_output_lies(self):
        self.need(landlock=1)
        with tempfile.TemporaryDirectory() as folder:
            after = self.attempt("-q", SAMPLE, "--write", pathlib.Path(folder, "x.tlz"))
        self.assertEqual({after["rename_file"], after["remove_file"]}, {errno.EACCES})

    def test_json_lines_open_nothing_else(self):
        self.need(landlock=1, seccomp=True)
        self.check(self.attempt("--input", "jsonl", SAMPLE.with_suffix(".jsonl")), set(LANDLOCK))

    def test_a_fault_of_its_own_is_seen_as_one(self):
        self.need(seccomp=True)
        got = run(SAMPLE, env=dict(os.environ, LD_PRELOAD=ATTEMPTS, ATTEMPTS_ABORT="1"))
        self.assertEqual(got.returncode, -signal.SIGABRT)

    def test_threads_are_confined_too(self):
        self.need(landlock=1, seccomp=True)
        self.check(self.attempt("--jobs", "3", "--csv", SAMPLE), set(LANDLOCK))
        with tempfile.TemporaryDirectory() as folder:
            pipe = pathlib.Path(folder, "pipe")
            os.mkfifo(pipe)
            with subprocess.Popen([REPORT, "--jobs", "3", SAMPLE, pipe], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL) as report:
                self.addCleanup(report.kill)
                threads = pathlib.Path(f"/proc/{report.pid}/task")
                until = time.monotonic() + SECONDS
                while "\nSeccomp:\t2\n" not in (threads / str(report.pid) / "status").read_text() and \
                        time.monotonic() < until:
                    time.sleep(0.01)
                statuses = [path.read_text() for path in threads.glob("*/status")]
                report.kill()
        self.assertEqual(len(statuses), 3)
        for status in statuses:
            self.assertIn("\nNoNewPrivs:\t1\nSeccomp:\t2\n", status)

    def test_what_follows_is_confined_too(self):
        """It reads what comes into the directory, but not what a link there leads to."""
        self.need(landlock=1, seccomp=True)
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "a.tlz").symlink_to(SAMPLE)
            pathlib.Path(folder, "b.tlz").write_bytes(pathlib.Path(SAMPLE).read_bytes())
            with subprocess.Popen([REPORT, "--follow", folder, "--csv"], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE) as report:
                self.addCleanup(report.kill)
                shown = [report.stdout.readline() for _ in range(2)]
                status = pathlib.Path(f"/proc/{report.pid}/status").read_text()
                report.send_signal(signal.SIGINT)
                rest, errors = report.stdout.read(), report.stderr.read()
        self.assertIn("\nNoNewPrivs:\t1\nSeccomp:\t2\n", status)
        self.assertEqual((report.returncode, errors),
                         (1, f"tcplife-report: {folder}/a.tlz: Permission denied\n".encode()))
        self.assertEqual(b"".join(shown) + rest, run("--csv", SAMPLE).stdout)

    def test_confined_before_the_first_input_is_opened(self):
        self.need(seccomp=True)
        with tempfile.TemporaryDirectory() as folder:
            pipe = pathlib.Path(folder, "pipe")
            os.mkfifo(pipe)
            with subprocess.Popen([REPORT, "-q", pipe], stdout=subprocess.PIPE) as report:
                # It waits for somebody to open the other end.
                status = pathlib.Path(f"/proc/{report.pid}/status")
                until = time.monotonic() + SECONDS
                while "\nSeccomp:\t2\n" not in status.read_text() and time.monotonic() < until:
                    time.sleep(0.001)
                confined = status.read_text()
                threading.Thread(target=pipe.write_bytes, args=[SAMPLE.read_bytes()],
                                 daemon=True).start()
                said = report.stdout.read()
        self.assertRegex(confined, r"\nNoNewPrivs:\t1\nSeccomp:\t2\n")
        self.assertEqual(said, run(SAMPLE).stdout)


class Version(Case):
    def test_version_tells_what_is_in_force(self):
        why = "instrumented build" if BUILT == "instrumented" else "not built in"
        words = {"landlock": f"landlock (ABI {self.abi})" if self.abi else "no landlock",
                 "seccomp": "seccomp" if self.seccomp else "no seccomp"}
        for name in words:
            if name not in BUILT:
                words[name] = f"no {name} ({why})"
        # Why this kernel might have none is another's to test.
        said = re.sub(r"(no \w+) \((?!not built|instrumented).*?\)", r"\1", version_line())
        self.assertEqual(said, f"confinement: {words['landlock']}, {words['seccomp']}")

    def test_version_tells_what_is_not_and_why(self):
        self.need(landlock=1, seccomp=True)
        for error, reason in ((errno.ENOSYS, "not in this kernel"),
                              (errno.EINVAL, "not in this kernel"),
                              (errno.EOPNOTSUPP, "turned off in this kernel"),
                              (errno.EPERM, "not permitted"),
                              (errno.E2BIG, os.strerror(errno.E2BIG))):
            with self.subTest(error=error):
                self.assertEqual(version_line(ATTEMPTS_LANDLOCK=str(-error)),
                                 f"confinement: no landlock ({reason}), seccomp")
                self.assertEqual(version_line(ATTEMPTS_SECCOMP=str(-error)),
                                 f"confinement: landlock (ABI {self.abi}), no seccomp ({reason})")


if __name__ == "__main__":
    main(Confinement, Version)
