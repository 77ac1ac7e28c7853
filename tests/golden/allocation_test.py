#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes the n-th allocation of the reporter fail, for n = 1, 2, 3, ..., in every view and format.

usage: allocation_test.py TCPLIFE_REPORT FAIL_ALLOC_SO FIXTURES

However it goes: no crash and no hang. Exit status 1 with a message that says why, no row that is cut, and no
capture left behind; or the status and all that a run says in which nothing failed.
"""
import functools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

REPORT, PRELOAD, FIXTURES = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
EVERY = 300   # so many are tried one by one
STEP = 17     # and of those behind them one in so many
SECONDS = 20  # that one run may take
ROWS = 8000   # of the capture that makes tables grow
WORDS = b"Cannot allocate memory"
LOSSES_SO_FAR = re.compile(rb".*: the recorder lost (at most |about )?\d+ (sessions?|changes? of state) \(.*\)")

SAMPLE, TWO_HOSTS, BARE, HOSTILE, STATES = (FIXTURES / f"{name}.tlz" for name in (
    "sample", "good-two-hosts", "good-bare", "good-hostile", "good-states"))
LOSSES, FIGURES = FIXTURES / "good-losses.jsonl", FIXTURES / "good-figures.jsonl"
# Of the test's own: OUT is to be made, OLD to be replaced, MANY, DIRECTORY and KEY to be read.
CASES = {
    "text": [SAMPLE],
    "text, hostile": ["-Ttw", HOSTILE],
    "text of a peer, top": ["--style", "bpftrace", "--top", "3", "--sort", "ms", SAMPLE],
    "columns": ["--columns", "comm,raddr,close_us", SAMPLE],
    "csv": ["--csv", SAMPLE],
    "json": ["--json", TWO_HOSTS],
    "json lines": ["--jsonl", "--with-meta", TWO_HOSTS],
    "flows": ["--flows", SAMPLE],
    "flows, keys, quantiles": ["--flows=comm,raddr/24,close_us/1s", "--columns", "comm,ms_p50,ms_p99.5,sessions", SAMPLE],
    "flows, compared": ["--flows=comm", "--compare", BARE, SAMPLE],
    "flows, json, sorted": ["--flows", "--json", "--sort", "tx_bytes", SAMPLE],
    "histogram": ["--histogram", "ms", SAMPLE],
    "histogram of names": ["--histogram", "comm", "--json", "--sort", "sessions", SAMPLE],
    "histogram, many": ["--histogram", "raddr", "--top", "3", "MANY"],
    "histogram of times, many": ["--histogram", "close_us", "MANY"],
    "timeline": ["--timeline", "1s", SAMPLE],
    "timeline, json, losses": ["--timeline", "1d", "--json", "--tz", "Europe/Berlin", TWO_HOSTS],
    "timeline, window": ["--timeline", "1s", "--since", "2026-05-01 09:00", "--until", "2026-05-01T09:00:30Z", SAMPLE],
    "timeline, many": ["--timeline", "1s", "--top", "3", "--sort", "ms_p99", "MANY"],
    "summary": ["--summary", SAMPLE],
    "summary, json, filtered": ["--summary", "--json", "--filter", "ms > 1", "-4", "--top", "5", TWO_HOSTS],
    "rows": ["--rows", "duckdb", TWO_HOSTS],
    "rows, sorted": ["--rows", "duckdb", "--sort", "ms", SAMPLE],
    "pairs": ["--pairs", "--sort", "offset_us", SAMPLE],
    "pairs, hosts": ["--pairs=hosts", "--json", TWO_HOSTS],
    "info": ["--info", TWO_HOSTS],
    "info, csv": ["--info", "--csv", TWO_HOSTS],
    "sort": ["--sort", "ms:asc", SAMPLE],
    "top": ["--top", "3", "--sort", "rx_bytes", SAMPLE],
    "filters": ["-p", "1,2,3", "-L", "443", "-4", SAMPLE],
    "filters by name": ["-u", "www-data,1000", "--cgroup", "/system.slice", "--netns", "init", SAMPLE],
    "filter by a group's id": ["--cgroup", "4211", "--netns", "self", SAMPLE],
    "expressions": ["--filter", "comm ~ 'ng*' and (raddr in (10.0.0.0/8, ::/0) or end in (refused, 3, 9))", "--filter",
                    "not has(uid) or tx_bytes > rx_bytes and ms > 1s and owner ~ c*", SAMPLE],
    "times of a day": ["--since", "09:00:01", "--until", "2026-05-01 09:00:05", SAMPLE, FIXTURES / "good-two-hosts.tlz"],
    "times in a zone": ["--since", "2026-05-01", "--tz", "Europe/Berlin", "--until", "now", "-T", SAMPLE],
    "states": ["--states", STATES],
    "states, json, sorted": ["--states", "--json", "--sort", "in_old_us", "-L", "443", STATES],
    "states and sessions": ["--states", "--sessions", "--jsonl", "--with-meta", STATES],
    "write both": ["--write", "OUT", STATES],
    "anonymized": ["--jsonl", "--with-meta", "--anonymize=KEY", TWO_HOSTS],
    "anonymized, by names": ["--anonymize=KEY", "-u", "www-data", "--cgroup", "/system.slice", "--flows", SAMPLE],
    "anonymized, write both": ["--write", "OUT", "--anonymize=KEY", STATES],
    "list of columns": ["--list-columns", "--json"],
    "two captures": ["--jsonl", TWO_HOSTS, FIXTURES / "good-losses.tlz"],
    "directory": ["DIRECTORY"],
    "write": ["--write", "OUT", TWO_HOSTS],
    "write over": ["--force", "--write", "OLD", SAMPLE],
    "write merged": ["--write", "OUT", TWO_HOSTS, BARE],
    "write sorted, many": ["--write", "OUT", "--sort", "tx_bytes", "MANY"],
    "page": ["--html", "OUT", SAMPLE],
    "page over, of two": ["--force", "--html", "OLD", "--tz", "Europe/Berlin", "--filter", "lport > 0", TWO_HOSTS],
    "columns, many": ["--columns", "lport,raddr,close_us,ms", "MANY"],
    "flows, many": ["--flows", "MANY"],
    "from json lines": ["--input", "jsonl", "--jsonl", "--with-meta", LOSSES],
    "from json lines, figures": ["--input", "jsonl", FIGURES],
    "from json lines, write": ["--input", "jsonl", "--write", "OUT", LOSSES],
}


class Run:
    """One run of the reporter, in a folder of its own for what it writes."""

    def __init__(self, arguments, at, folder):
        given = folder.parent
        names = {"OUT": folder / "out.tlz", "OLD": folder / "old.tlz", "MANY": given / "many.tlz",
                 "DIRECTORY": given / "directory", "--anonymize=KEY": f"--anonymize={given / 'key'}"}
        names["OUT"].unlink(missing_ok=True)
        names["OLD"].write_bytes(b"old")
        reader, writer = os.pipe()
        environment = {"LD_PRELOAD": PRELOAD, "FAIL_ALLOC_AT": at, "FAIL_ALLOC_FD": str(writer), "TZ": "UTC"}
        try:
            done = subprocess.run([REPORT, *(names.get(a, a) for a in arguments)], stdin=subprocess.DEVNULL,
                                  capture_output=True, env=environment, pass_fds=[writer], timeout=SECONDS,
                                  check=False)
        finally:
            os.close(writer)
            with open(reader, "rb") as told:
                self.allocations = int(told.read() or 0)
        self.status, self.stdout = done.returncode, done.stdout
        # How small a capture got is no matter of right or wrong: what cannot be compressed is stored as it is.
        self.stderr = [line for line in done.stderr.splitlines() if not re.search(rb", \d+ bytes\b", line)]
        self.left = {path.name: path.read_bytes() for path in folder.iterdir()}

    def outcome(self):
        return self.status, self.stdout, self.stderr, {name: told(data) for name, data in self.left.items()}


@functools.lru_cache(maxsize=None)
def told(capture):
    """What a capture says; the name of a merged one, which is new each time, left out."""
    run = subprocess.run([REPORT, "-q", "--jsonl", "--with-meta", "-"], input=capture, capture_output=True,
                         check=False)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    return [{key: value for key, value in line.items() if key != "capture_id"} for line in lines] or capture


def what_is_wrong(run, good, alone):
    """None, or why this run is not as it should be. Alone, a failed allocation is said once."""
    if run.status == good.status:
        same = run.outcome() == good.outcome()
        return None if same else f"exit status {run.status}, and another outcome: {run.stderr}"
    if run.status != 1:
        return f"exit status {run.status}, not {good.status} or 1: {run.stderr}"
    said = [line for line in run.stderr if line not in good.stderr and not LOSSES_SO_FAR.fullmatch(line)]
    if not said or not all(line.endswith(WORDS) for line in said) or (alone and len(said) > 1):
        return f"says {said}"
    if run.stdout and not run.stdout.endswith(b"\n"):
        return "half a row"
    if run.left != {"old.tlz": b"old"}:
        return f"leaves {sorted(run.left)}"
    return None


def points(allocations):
    """The allocations to try, alone; and a part of them with all that follow."""
    alone = [*range(1, min(EVERY, allocations) + 1), *range(EVERY + STEP, allocations + 1, STEP)]
    return [str(n) for n in alone] + [f"{n}+" for n in alone[::5]]


def check(name, arguments, folder):
    good = Run(arguments, "0", folder)
    if good.status not in (0, 3) or not good.allocations:
        print(f"FAIL {name}: the good run ends with {good.status}: {good.stderr}")
        return False
    tried = points(good.allocations)
    for at in tried:
        try:
            wrong = what_is_wrong(Run(arguments, at, folder), good, at.isdigit())
        except subprocess.TimeoutExpired:
            wrong = "hangs"
        if wrong:
            print(f"FAIL {name}: allocation {at} of {good.allocations}: {wrong}")
            return False
    print(f"PASS {name}: {len(tried)} ways to fail in {good.allocations} allocations", flush=True)
    return True


def make_many(path):
    """A capture of many flows, so that what grows with them does."""
    zone = '{"type":"capture","time_zone":"Europe/Berlin"}\n'
    rows = "".join(json.dumps({"close_us": 1000000 * i, "established_us": 1000 * i, "laddr": "192.0.2.1",
                               "lport": i, "raddr": f"198.51.100.{i % 250}", "rport": i // 250,
                               "tx_bytes": i * i % 977, "direction": "in"}) + "\n" for i in range(1, ROWS))
    subprocess.run([REPORT, "-q", "--input", "jsonl", "--write", path, "-"], input=(zone + rows).encode(), check=True)


def main():
    good = True
    with tempfile.TemporaryDirectory() as given:
        folder, directory = pathlib.Path(given, "written"), pathlib.Path(given, "directory")
        folder.mkdir()
        directory.mkdir()
        for capture in SAMPLE, TWO_HOSTS, BARE, HOSTILE:
            (directory / capture.name).write_bytes(capture.read_bytes())
        make_many(pathlib.Path(given, "many.tlz"))
        pathlib.Path(given, "key").touch(0o600)
        pathlib.Path(given, "key").write_bytes(bytes(range(32)))
        for name, arguments in CASES.items():
            good &= check(name, arguments, folder)
    return 0 if good else 1


sys.exit(main())
