#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Blocks are passed over by the ranges behind their content (docs/FORMAT.md, section 6.5), and no row is missing for it:
filters and --top give what they give without ranges, and so they do when a block that cannot have such rows has lost its
content, but not when a block that can have them has.

usage: ranges_test.py TCPLIFE_REPORT

STEP in the environment, for a slow machine: above 1, few of the filters.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    import xxhash  # noqa: F401
    import zstandard  # noqa: F401
except ImportError as missing:
    print(f"SKIP ranges: {missing.name} is not there for {sys.executable}")
    sys.exit(77)

import mutants
import tlz
import tlz_ranges

REPORT = sys.argv[1]
IS_SLOW = int(os.environ.get("STEP", "1")) > 1
ROWS, BLOCKS = 16384, 4  # of a block, as full as it can be
TIME = 1777626000000000
HEAD = 48
ENDS = (("closed-here",), ("closed-here", "closed-there"), ("refused",), ("closed-here", 70))
# Which blocks can have rows that are let through, by hand; beside it whether that is known of a row.
QUERIES = [
    (["--filter", "tx_bytes > 2999"], {3}, lambda row: row.get("tx_bytes", 0) > 2999),
    (["--filter", "tx_bytes == 1500"], {1}, lambda row: row.get("tx_bytes") == 1500),
    (["--filter", "tx_bytes in (3, 2001, 2002)"], {0, 2}, lambda row: row.get("tx_bytes") in (3, 2001, 2002)),
    (["--filter", "tx_bytes != 7"], {0, 1, 2, 3}, lambda row: row.get("tx_bytes", 7) != 7),
    (["--filter", "error != 0"], {2}, lambda row: row.get("error", 0) != 0),
    (["--filter", "not tx_bytes < 3000"], {0, 1, 2, 3}, lambda row: not row.get("tx_bytes", 3000) < 3000),
    (["--filter", "ms < 100us"], {0}, lambda row: row["ms"] < 0.1),
    (["--filter", "end == refused"], {2, 3}, lambda row: row.get("end") == "refused"),
    (["--filter", "end == closed-there and tx_bytes < 3500"], {1, 3},
     lambda row: row.get("end") == "closed-there" and row.get("tx_bytes", 3500) < 3500),
    (["--filter", "end == refused or tx_bytes < 10"], {0, 2, 3},
     lambda row: row.get("end") == "refused" or row.get("tx_bytes", 10) < 10),
    (["--filter", "end == closed-here", "--filter", "tx_bytes > 2500"], {3},
     lambda row: row.get("end") == "closed-here" and row.get("tx_bytes", 0) > 2500),
    (["--filter", "rx_bytes > 1"], {0, 1, 2, 3}, lambda row: False),
    (["--filter", "mss > 1"], {0, 1, 2, 3}, lambda row: False),
]
# These need no block behind the first, which fills the list.
TOPS = [
    (["--sort", "ms:asc", "--top", "20"], {0}, lambda row: row["ms"]),
    (["--sort", "tx_bytes:asc", "--top", "5"], {0}, lambda row: row.get("tx_bytes", 1 << 64)),
    (["--sort", "retrans_segs", "--top", "7"], {0}, lambda row: -row["retrans_segs"]),
    (["--sort", "rx_bytes", "--top", "9"], {0, 1, 2, 3}, lambda row: 0),
]


def session(number):
    block, place = divmod(number, ROWS)
    row = {"close_us": TIME + number, "open_us": TIME + number - 10 - 100 * block, "laddr": "192.0.2.1", "lport": 40000,
           "raddr": "192.0.2.2", "rport": 443, "direction": "out", "end": ENDS[block][place % len(ENDS[block])],
           "retrans_segs": 100 - block, "error": 111 if block == 2 else 0, "cookie": number}
    if place % 3:
        row["tx_bytes"] = 1000 * block + place % 1000
    return row


def report(path, *arguments, status=0):
    """The cookies of the rows that are shown."""
    done = subprocess.run([REPORT, "-q", "--jsonl", "--columns", "cookie", *arguments, path], capture_output=True, text=True, check=False)
    assert done.returncode == status, f"{arguments}: exits {done.returncode} and not {status}: {done.stderr}"
    return [json.loads(line)["cookie"] for line in done.stdout.splitlines()]


def cookies(rows):
    return [row["cookie"] for row in rows]


def without_content(block):
    """The block, its content zeros, its sums right: what is behind the content stays."""
    size = int.from_bytes(block.body[HEAD - 4:HEAD], "little")
    body = block.body[:HEAD] + bytes(size) + block.body[HEAD + size:]
    return mutants.with_sums(block, body)


class Capture:
    def __init__(self, folder):
        self.folder, self.path = folder, folder / "all.tlz"
        recipe = folder / "all.jsonl"
        recipe.write_text("".join(json.dumps(session(number)) + "\n" for number in range(ROWS * BLOCKS)))
        subprocess.run([REPORT, "-q", "--input", "jsonl", "--write", self.path, recipe], check=True)
        self.data = self.path.read_bytes()
        self.blocks = [event for event in tlz.read(self.data) if isinstance(event, tlz.Block) and event.type == tlz.SESSIONS]
        self.rows = [json.loads(line) for line in subprocess.run([REPORT, "-q", "--jsonl", self.path], check=True,
                                                                 capture_output=True).stdout.splitlines()]

    def only(self, kept):
        """A copy in which the other blocks have no content any more."""
        data = bytearray(self.data)
        for place, block in enumerate(self.blocks):
            if place not in kept:
                data[block.offset:block.end] = without_content(block)
        path = self.folder / "only.tlz"
        path.write_bytes(data)
        return path


def try_written(capture):
    """Each block tells of just what is in it."""
    assert len(capture.blocks) == BLOCKS, f"{len(capture.blocks)} blocks"
    for block in capture.blocks:
        assert not tlz_ranges.check_ranges(block.content), tlz_ranges.check_ranges(block.content)
        told = set(block.content.ranges)
        assert told == {"ms", "end", "error", "direction", "tx_bytes", "retrans_segs"}, f"it tells of {told}"
    subprocess.run([REPORT, "--verify", capture.path], check=True, capture_output=True)


def try_queries(capture):
    for options, blocks, is_wanted in QUERIES[::6] if IS_SLOW else QUERIES:
        wanted = cookies(row for row in capture.rows if is_wanted(row))
        for jobs in ("1", "3"):
            assert report(capture.path, *options, "--jobs", jobs) == wanted, f"{options} on the whole capture"
            assert report(capture.only(blocks), *options, "--jobs", jobs) == wanted, f"{options} reads other blocks"
        for lacking in blocks:
            report(capture.only(blocks - {lacking}), *options, status=3)


def try_tops(capture):
    for options, blocks, key in TOPS:
        wanted = cookies(sorted(capture.rows, key=key))[:int(options[-1])]
        assert report(capture.path, *options) == wanted, f"{options} on the whole capture"
        assert report(capture.only(blocks), *options) == wanted, f"{options} reads other blocks"


def try_lie(capture):
    """Who verifies compares them."""
    block = capture.blocks[1]
    at = block.body.rindex(tlz_ranges.RANGES)
    body = block.body[:at] + block.body[at:].replace(b"\x58\xe8\x07\xe7\x07", b"\x58\xe8\x07\xe6\x07")
    assert body != block.body, "the range of tx_bytes is not where it should be"
    path = capture.folder / "lie.tlz"
    data = bytearray(capture.data)
    data[block.offset:block.end] = mutants.with_sums(block, body)
    path.write_bytes(data)
    assert report(path) == cookies(capture.rows), "rows of a capture whose ranges lie"
    done = subprocess.run([REPORT, "--verify", path], check=False, capture_output=True)
    assert (done.returncode, b"the ranges of a block" in done.stderr) == (3, True), done.stderr


CASES = (try_written, try_queries, try_tops, try_lie)


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        capture = Capture(pathlib.Path(name))
        for case in CASES:
            try:
                case(capture)
                print(f"PASS {case.__name__}", flush=True)
            except AssertionError as error:
                failed = 1
                print(f"FAIL {case.__name__}: {error}", flush=True)
    return failed


sys.exit(main())
