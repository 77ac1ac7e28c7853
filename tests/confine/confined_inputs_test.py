#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Whatever names an input, and wherever time zones are: what a report needs is not given up.

usage: confined_inputs_test.py TCPLIFE_REPORT ATTEMPTS_MODULE FIXTURES BUILT
"""

import datetime
import os
import pathlib
import pty
import shutil
import subprocess
import tempfile
import threading
import unittest

from confine_case import FIXTURES, REPORT, SAMPLE, SECONDS, main, run

ZONES = pathlib.Path("/usr/share/zoneinfo")
TOKYO = datetime.timedelta(hours=9)


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.plain = run(SAMPLE).stdout

    def check(self, *arguments, **options):
        """They show the sample."""
        got = run(*arguments, **options)
        self.assertEqual((got.returncode, got.stderr, got.stdout), (0, b"", self.plain))


class Inputs(Folder):
    def test_relative_paths(self):
        self.check(SAMPLE.name)
        self.check(f"../{FIXTURES.name}/./{SAMPLE.name}")

    def test_a_link(self):
        (self.folder / "link").symlink_to(SAMPLE)
        (self.folder / "of").symlink_to("link")
        self.check(self.folder / "of")

    def test_a_directory_of_links(self):
        (self.folder / "x.tlz").symlink_to(SAMPLE)
        self.check(self.folder)

    def test_the_current_directory(self):
        shutil.copy(SAMPLE, self.folder)
        self.check(".", cwd=self.folder)

    def test_a_directory_that_is_a_link(self):
        shutil.copy(SAMPLE, self.folder)
        (self.folder / "link").symlink_to(".")
        self.check(self.folder / "link")

    def test_a_key_in_another_place(self):
        """It is read before; so the inputs' folder is enough."""
        key = self.folder / "key"
        key.write_bytes(bytes(range(32)))
        key.chmod(0o400)
        got = run(SAMPLE, f"--anonymize={key}", "--filter", "comm == 'nginx'")
        self.assertEqual((got.returncode, got.stderr), (0, b""))
        self.assertNotIn(b"nginx", got.stdout)
        self.assertGreater(len(got.stdout.splitlines()), 1)

    def test_standard_input_by_its_names(self):
        for name in ("-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"):
            with self.subTest(name=name), open(SAMPLE, "rb") as file:
                self.check(name, stdin=file)

    def test_a_pipe_by_its_names(self):
        for name in ("-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"):
            with self.subTest(name=name):
                self.check(name, stdin=None, input=SAMPLE.read_bytes())

    def test_process_substitution(self):
        if not shutil.which("bash"):
            self.skipTest("there is no bash")
        got = subprocess.run(["bash", "-c", '"$0" <(cat "$1")', REPORT, SAMPLE], check=False,
                             capture_output=True, timeout=SECONDS)
        self.assertEqual((got.stderr, got.stdout), (b"", self.plain))

    def test_a_file_that_was_removed(self):
        shutil.copy(SAMPLE, self.folder / "x")
        with open(self.folder / "x", "rb") as file:
            os.unlink(self.folder / "x")
            self.check("/dev/stdin", stdin=file)

    def test_a_file_in_memory(self):
        with os.fdopen(os.memfd_create("x"), "r+b") as file:
            file.write(SAMPLE.read_bytes())
            file.seek(0)
            self.check(f"/dev/fd/{file.fileno()}", pass_fds=[file.fileno()])

    def test_a_named_pipe(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        threading.Thread(target=pipe.write_bytes, args=[SAMPLE.read_bytes()], daemon=True).start()
        self.check(pipe)

    def test_a_file_on_overlayfs(self):
        names = ("lower", "upper", "work", "merged")
        lower, upper, work, merged = (self.folder / name for name in names)
        for path in (lower, upper, work, merged):
            path.mkdir()
        shutil.copy(SAMPLE, lower)
        script = 'mount -t overlay -o "lowerdir=$1,upperdir=$2,workdir=$3" x "$4" || exit 77\n' \
                 '"$0" "$4/sample.tlz" && "$0" -q "$4/sample.tlz" --write "$4/new.tlz"'
        got = subprocess.run(["unshare", "--mount", "--map-root-user", "sh", "-c", script, REPORT,
                              lower, upper, work, merged],
                             check=False, capture_output=True, timeout=SECONDS)
        if b"unshare: " in got.stderr or got.returncode == 77:
            self.skipTest(f"overlayfs cannot be mounted: {got.stderr.decode().strip()}")
        self.assertEqual((got.stderr, got.stdout), (b"", self.plain))
        self.assertEqual(run(upper / "new.tlz").stdout, self.plain)

    def test_a_terminal_is_known_as_one(self):
        ours, theirs = pty.openpty()
        got = run(os.ttyname(theirs), SAMPLE)
        os.close(ours)
        os.close(theirs)
        self.assertIn(b"a terminal, and nobody types a capture", got.stderr)
        self.assertEqual(got.stdout, self.plain)

    def test_what_cannot_be_opened_says_why(self):
        got = run("missing.tlz", SAMPLE)
        self.assertEqual(got.stderr, b"tcplife-report: missing.tlz: No such file or directory\n")
        got = run(f"{SAMPLE}/x", SAMPLE)
        self.assertIn(b"Not a directory\n", got.stderr)

    def test_more_inputs_than_descriptors(self):
        for i in range(64):
            (self.folder / f"{i}.tlz").symlink_to(SAMPLE)
        script = 'ulimit -S -n 32; exec "$0" -q --csv "$1"'
        got = subprocess.run(["sh", "-c", script, REPORT, self.folder], check=False,
                             capture_output=True, timeout=SECONDS)
        self.assertEqual((got.returncode, got.stderr), (0, b""))
        self.assertEqual(len(got.stdout.splitlines()) - 1, 64 * (len(self.plain.splitlines()) - 1))


class Zones(Folder):
    """Times are shown in the capture's zone, or in this machine's, which the C library finds."""

    BARE = FIXTURES / "good-bare.tlz"  # names no zone

    def setUp(self):
        super().setUp()
        if not (ZONES / "Asia/Tokyo").is_file():
            self.skipTest("no time zones are installed")

    def clock(self, *arguments, **environment):
        """The time of day of the first session."""
        got = run("-T", *arguments, env=dict(os.environ, **environment))
        self.assertEqual((got.returncode, got.stderr), (0, b""))
        return datetime.datetime.strptime(got.stdout.decode().split("\n")[1][:8], "%H:%M:%S")

    def check_tokyo(self, *arguments, **environment):
        shift = self.clock(*arguments, **environment) - self.clock(self.BARE, TZ="UTC0")
        self.assertEqual(shift % datetime.timedelta(days=1), TOKYO)

    def recorded_in_tokyo(self):
        recipe = self.folder / "x.jsonl"
        recipe.write_text('{"type":"capture","time_zone":"Asia/Tokyo"}\n'
                          + (FIXTURES / "good-bare.jsonl").read_text())
        return ["--input", "jsonl", recipe]

    def test_a_name(self):
        self.check_tokyo(self.BARE, TZ="Asia/Tokyo")

    def test_a_rule(self):
        self.check_tokyo(self.BARE, TZ="JST-9")

    def test_a_file_elsewhere(self):
        shutil.copy(ZONES / "Asia/Tokyo", self.folder / "here")
        self.check_tokyo(self.BARE, TZ=f":{self.folder}/here")

    def test_the_zone_of_the_capture(self):
        self.check_tokyo(*self.recorded_in_tokyo(), TZ="UTC0")

    def test_zones_elsewhere(self):
        (self.folder / "Asia").mkdir()
        shutil.copy(ZONES / "Asia/Tokyo", self.folder / "Asia")
        self.check_tokyo(self.BARE, TZ="Asia/Tokyo", TZDIR=str(self.folder))
        self.check_tokyo(*self.recorded_in_tokyo(), TZ="UTC0", TZDIR=str(self.folder))


if __name__ == "__main__":
    main(Inputs, Zones)
