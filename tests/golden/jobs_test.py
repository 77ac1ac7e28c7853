#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--jobs changes nothing but the time: the same bytes, messages and exit status with one job and with several.

usage: jobs_test.py TCPLIFE_REPORT MIX_CAPTURE FIXTURES SEEDS

Of the fixtures, the seeds of the fuzzers, a capture of many blocks, and many copies of it that are damaged in
places which a seed chooses.
"""
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import unittest

import case_lines

REPORT, MIX_CAPTURE, FIXTURES, SEEDS = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
JOBS = ("2", "4")
SECONDS = 120
ROWS, ROWS_A_BLOCK = 6000, 200
DAMAGED = int(40 / int(os.environ.get("STEP", "1"))) or 1

EVERYTHING = ["--jsonl", "--with-meta"]
# Rows that are written in parts, one by one, sorted, cut; views that gather; times; what needs names.
FORMS = [
    EVERYTHING,
    ["--json"],
    ["--csv"],
    ["--csv", "-T", "-t"],
    ["-Tw"],
    ["--csv", "--style", "bcc"],
    ["--columns", "comm,raddr,ms", "--sort", "ms", "--top", "7"],
    ["--top", "1000", "--csv"],
    ["--flows", "--csv"],
    ["--flows=comm,service", "--json"],
    ["--histogram", "ms", "--csv"],
    ["--timeline", "1s", "--csv"],
    ["--summary"],
    ["--rows", "clickhouse"],
    ["--rows", "duckdb", "--filter", "rport == 443"],
    ["--pairs", "--jsonl"],
    ["--pairs=hosts", "--csv"],
    ["--states", "--sessions", "--jsonl"],
    ["--filter", "comm ~ 'n*' and rport > 1000 or ms > 1s", "--jsonl"],
    ["--filter", "service == 22 and tx_bytes > 1M", "--jsonl", "--with-meta"],
    ["--filter", "ms < 0", "--csv"],
    ["-u", "www-data,33,1000", "--cgroup", "/", "--csv"],
    ["--since", "2026-01-01", "--until", "2026-01-01 00:00:01", "--tz", "UTC", "--jsonl"],
    ["--info", "--json"],
    ["--verify", "--json"],
]


def run(arguments, files):
    done = subprocess.run([REPORT, *arguments, *files], stdin=subprocess.DEVNULL, capture_output=True, check=False,
                          timeout=SECONDS, env=dict(os.environ, TZ="UTC", LC_ALL="C"))
    if done.returncode < 0 or b"Sanitizer" in done.stderr or b"runtime error" in done.stderr:
        raise RuntimeError(f"{arguments} {files}: it crashed: {done.stderr.decode(errors='replace')[:2000]}")
    return done.returncode, done.stdout, done.stderr


class Jobs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def check(self, form, *files):
        one = run(["--jobs", "1", *form], files)
        for jobs in JOBS:
            several = run(["--jobs", jobs, *form], files)
            for got, wanted, what in zip(several, one, ("exit status", "standard output", "standard error")):
                if got != wanted:
                    self.fail(f"--jobs {jobs} {' '.join(form)} {' '.join(map(str, files))}: another {what}")
        return one

    def many(self, seed=1):
        """A capture of many blocks."""
        path = self.folder / f"many-{seed}.tlz"
        if not path.exists():
            with open(path, "wb") as file:
                subprocess.run([MIX_CAPTURE, str(ROWS), str(seed), "0", str(ROWS_A_BLOCK)], stdout=file, check=True,
                               timeout=SECONDS)
        return path

    def test_fixtures(self):
        for path in sorted(FIXTURES.glob("*.tlz")):
            self.check(EVERYTHING, path)
        for path in sorted(FIXTURES.glob("*.jsonl")):
            self.check(["--input", "jsonl", *EVERYTHING], path)

    def test_seeds(self):
        for path in sorted(path for path in SEEDS.rglob("*") if path.is_file()):
            self.check(EVERYTHING, path)

    def test_many_blocks(self):
        for form in FORMS:
            status, output, _ = self.check(form, self.many())
            self.assertEqual(status, 0, form)
            self.assertNotEqual(output if "ms < 0" not in form else b"-", b"", form)

    def test_filters_leave_the_same_rows_whatever_is_decoded(self):
        """Blocks are decoded in part before they are decoded as a whole, where many fields are shown."""
        for text in ("rport == 443", "raddr in (10.0.2.0/24) and ms > 1ms", "comm ~ 'ssh*'", "not has(srtt_us)"):
            few = run(["--jsonl", "--columns", "cookie", "--filter", text], [self.many()])
            self.assertEqual(few[0], 0, few[2])
            many = run(["--jsonl", "--filter", text], [self.many()])
            cookies = [json.loads(line)["cookie"] for line in few[1].splitlines()]
            self.assertEqual([json.loads(line)["cookie"] for line in many[1].splitlines()], cookies)
            self.assertGreater(len(cookies), 0, text)
            self.check(["--jsonl", "--filter", text], self.many(), FIXTURES / "good-two-hosts.tlz")

    def test_rows_are_all_there(self):
        _, output, _ = self.check(["--jsonl"], self.many())
        self.assertEqual(output.count(b"\n"), ROWS)

    def test_several_captures(self):
        files = [self.many(1), self.many(2), FIXTURES / "good-two-hosts.tlz", FIXTURES / "good-states.tlz"]
        for form in FORMS:
            self.check(form, *files)

    def test_damage(self):
        whole = self.many().read_bytes()
        chance = random.Random(7)
        for i in range(DAMAGED):
            damaged = bytearray(whole)
            for _ in range(chance.randrange(1, 6)):
                damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
            if i % 5 == 0:
                del damaged[chance.randrange(len(damaged)):]
            if i % 7 == 0:
                place = chance.randrange(len(damaged))
                del damaged[place:place + 5000]
            path = self.folder / "damaged.tlz"
            path.write_bytes(damaged)
            self.check(EVERYTHING, path)
            self.check(["--csv"], path)

    def test_written_again(self):
        rows = []
        for jobs in ("1", *JOBS):
            copy = self.folder / f"copy-{jobs}.tlz"
            self.assertEqual(run(["--jobs", jobs, "--write", copy], [self.many()])[0], 0)
            rows.append(run(["--jsonl"], [copy]))
        self.assertEqual(rows[0], run(["--jsonl"], [self.many()]))
        self.assertEqual(rows[1:], rows[:1] * len(JOBS))

    def test_a_pipe_is_read_as_it_comes(self):
        data = self.many().read_bytes()
        done = subprocess.run([REPORT, "--jobs", "4", "--csv", "-"], input=data, capture_output=True, check=False,
                              timeout=SECONDS)
        self.assertEqual((done.returncode, done.stdout), run(["--csv"], [self.many()])[:2])

    def test_numbers(self):
        for wrong in ("0", "65", "-1", "x", "", "1.5"):
            status, _, message = run(["--jobs", wrong], [FIXTURES / "sample.tlz"])
            self.assertEqual(status, 2, wrong)
            self.assertIn(b"--jobs wants a number from 1 to 64", message)

    def test_a_reader_that_goes_away(self):
        """Threads end, whatever they were doing."""
        for jobs in JOBS:
            with subprocess.Popen([REPORT, "--jobs", jobs, "--jsonl", self.many()], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE) as process:
                process.stdout.read(10)
                process.stdout.close()
                self.assertEqual((process.stderr.read(), process.wait(timeout=SECONDS)), (b"", -signal.SIGPIPE))


if __name__ == "__main__":
    case_lines.main()
