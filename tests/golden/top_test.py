#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--sort with --top shows the first rows of the same order without --top, however few rows are looked at for it.

usage: top_test.py TCPLIFE_REPORT MIX_CAPTURE

Blocks of more than 1,024 rows, which are passed over, or decoded in part, where none of their rows can be among the
first; sessions, of one capture and of several, and flows; of numbers that repeat, that rise, and that not all have.
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

import case_lines

REPORT, MIX_CAPTURE = sys.argv[1], sys.argv[2]
SECONDS = 120
ROWS, ROWS_A_BLOCK = 12000, 1500
JOBS = ("1", "3")
# Sizes, counts, durations and flags; a time, names and addresses, of which no bound is made.
FIELDS = ("ms", "tx_bytes", "rx_bytes", "rx_payload_bytes", "retrans_segs", "srtt_us", "syn_sent_us", "close_wait_us",
          "before_start", "close_us", "pid", "rport", "comm", "raddr", "end", "cookie")
FIGURES = ("sessions", "failed", "tx", "rx", "ms_min", "ms_mean", "ms_max", "first", "last", "comm", "raddr", "service")
COMPARED = ("score", "change", "sessions", "sessions_before", "sessions_ratio")
TOPS = (1, 7, 300, 5000, 100000)
FILTERS = ([], ["--filter", "rport == 443"], ["--filter", "not has(srtt_us) or end != closed-here"],
           ["--since", "2026-01-01", "--tz", "UTC"], ["-u", "www-data,33"])
COLUMNS = ([], ["--columns", "comm,raddr,rport,ms"], ["--columns", "cookie"])


def run_both(*arguments):
    """Lines of standard output, and of standard error."""
    done = subprocess.run([REPORT, *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False,
                          timeout=SECONDS, env=dict(os.environ, TZ="UTC", LC_ALL="C"))
    if done.returncode != 0:
        raise RuntimeError(f"{arguments}: status {done.returncode}: {done.stderr.decode(errors='replace')[:2000]}")
    return done.stdout.splitlines(), done.stderr.splitlines()


def run(*arguments):
    return run_both(*arguments)[0]


class Top(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.captures = []
        for seed in "1", "2", "3":
            path = pathlib.Path(folder.name) / f"{seed}.tlz"
            with open(path, "wb") as file:
                subprocess.run([MIX_CAPTURE, str(ROWS), seed, "0", str(ROWS_A_BLOCK)], stdout=file, check=True,
                               timeout=SECONDS)
            cls.captures.append(path)

    def check(self, fields, tops, jobs, *arguments):
        """CSV has a line of names, and then a row a line."""
        chance = random.Random(str(arguments))
        for field in fields:
            for order in "", ":asc":
                sort = ["--sort", field + order]
                whole = run("--csv", *sort, *arguments)
                self.assertGreater(len(whole), 1, arguments)
                for top in chance.sample(tops, 2):
                    few = run("--csv", *sort, "--top", str(top), "--jobs", chance.choice(jobs), *arguments)
                    self.assertEqual(few, whole[:top + 1], f"{sort} --top {top} {arguments}")

    def test_sessions(self):
        for rows in FILTERS:
            for columns in COLUMNS:
                self.check(FIELDS, TOPS, JOBS, *rows, *columns, self.captures[0])

    def test_sessions_of_several_captures(self):
        for columns in COLUMNS:
            self.check(FIELDS, TOPS, JOBS, *columns, *self.captures)

    def joined(self):
        """A capture of two recordings: its sessions are not in the order of their times."""
        path = self.captures[0].with_name("joined.tlz")
        if not path.exists():
            run("--quiet", "--write", path, *self.captures[:2])
        return path

    def test_sessions_that_are_not_in_order(self):
        self.check(FIELDS, TOPS, JOBS, self.joined())
        self.check(FIELDS, TOPS, JOBS, *COLUMNS[1], self.joined(), self.captures[2])
        self.check(FIELDS, TOPS, JOBS, *COLUMNS[1], self.captures[2], self.joined())

    def test_equal_sessions_of_several_captures_are_in_the_order_of_their_times(self):
        for files in self.captures, [self.joined(), self.captures[2]]:
            lines = run("--csv", "--columns", "close_us,retrans_segs", "--sort", "retrans_segs", *files)[1:]
            rows = [tuple(map(int, line.split(b","))) for line in lines if not line.endswith(b",")]
            self.assertGreater(len(rows), ROWS)
            self.assertEqual(rows, sorted(rows, key=lambda row: (-row[1], row[0])))

    def test_jobs(self):
        """What else is known of the captures stands at the same places, too."""
        for field in FIELDS[:8]:
            form = ["--jsonl", "--with-meta", "--sort", field, "--top", "40", self.joined(), *self.captures]
            one = run_both("--jobs", "1", *form)
            for jobs in "2", "4":
                self.assertEqual(run_both("--jobs", jobs, *form), one, form)

    def test_what_a_style_leaves_out_is_counted(self):
        for style in "bcc", "libbpf", "bpftrace":
            form = ["--style", style, "--sort", "tx_bytes", self.captures[0]]
            whole, said = run_both(*form)
            self.assertIn(b"left out", said[0])
            for jobs in JOBS:
                few, also_said = run_both("--top", "5", "--jobs", jobs, *form)
                self.assertEqual((few, also_said), (whole[:6], said), form)

    def test_sessions_whose_names_are_replaced(self):
        key = self.captures[0].with_name("key")
        key.write_bytes(bytes(range(32)))
        key.chmod(0o600)
        self.check(FIELDS, TOPS, JOBS, f"--anonymize={key}", *COLUMNS[1], self.captures[0])

    def test_flows(self):
        self.check(FIGURES, TOPS, JOBS, "--flows=comm,raddr,service", self.captures[0])
        self.check(("ms_p90", "srtt_us_count", "retrans_segs_max", "retrans_share"), TOPS, JOBS,
                   "--flows=raddr", "--columns", "raddr,ms_p90,srtt_us_count,retrans_segs_max,retrans_share",
                   *self.captures)

    def test_flows_that_are_compared(self):
        self.check(COMPARED, TOPS, JOBS, "--flows=comm,service", "--compare", self.captures[1], self.captures[0])

    def test_it_can_fail(self):
        rows = run("--csv", "--sort", "ms", self.captures[0])
        self.assertNotEqual(rows[:8], run("--csv", "--sort", "tx_bytes", "--top", "7", self.captures[0]))


if __name__ == "__main__":
    case_lines.main()
