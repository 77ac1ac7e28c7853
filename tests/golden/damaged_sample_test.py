#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A capture cut at each of its bytes, and with a bit of each changed: what the program prints, says and returns.

usage: damaged_sample_test.py TCPLIFE_REPORT

The sample is used; the library's own test (tests/unit/survival_test.c) goes further with more. STEP in the environment
makes it so many times fewer places (for emulation, and sanitizers).
"""
import os
import pathlib
import subprocess
import sys
import tempfile

FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "fixtures"
sys.path.insert(0, str(FIXTURES))
import capture_bytes  # noqa: E402

REPORT = pathlib.Path(sys.argv[1]).resolve()
SAMPLE = (FIXTURES / "sample.tlz").read_bytes()
STEP = int(os.environ.get("STEP", "1"))
END = 5  # type of the end block
NAME = "x.tlz"


def run(data, folder):
    """(exit status, rows, what is said) of these bytes."""
    (pathlib.Path(folder) / NAME).write_bytes(data)
    done = subprocess.run([REPORT, NAME, "--jsonl"], cwd=folder, check=False, capture_output=True,
                          env=dict(os.environ, LC_ALL="C"))
    return done.returncode, done.stdout.splitlines(), done.stderr.decode()


def block_at(at):
    """(offset, size, type) of the part of the sample that has that byte."""
    found = [(0, capture_bytes.PREAMBLE_SIZE, None)]
    found += [(start, size, kind) for start, kind, _, size in capture_bytes.blocks(SAMPLE)]
    return next(part for part in found if at < part[0] + part[1])


def are_some_of(rows, all_rows):
    """True when they stand among all rows in that order."""
    rest = iter(all_rows)
    return all(row in rest for row in rows)


def wrong_with_cut(at, got, all_rows):
    status, rows, said = got
    start, _, kind = block_at(at)
    if at < capture_bytes.PREAMBLE_SIZE:
        place = f"{NAME}: it ends at byte {at}, inside of its preamble" if at else f"{NAME}: empty"
        return None if (status, rows) == (1, []) and place in said else "not refused as it should be"
    skipped = f"damaged at byte {start}: the file ends inside a block; {at - start} byte{'s' * (at - start != 1)} skipped"
    if status != 3 or "it has no end" not in said or (at != start) != (skipped in said):
        return "not said as it should be"
    complete = at >= block_at(len(SAMPLE) - 1)[0]  # nothing but the end is cut
    return None if (rows == all_rows if complete else are_some_of(rows, all_rows)) else "wrong rows"


def wrong_with_bit(at, got, all_rows):
    status, rows, said = got
    start, size, kind = block_at(at)
    if status != 3 or f"damaged at byte {start}: " not in said or f"; {size} bytes skipped" not in said:
        return "not said as it should be"
    if ("it has no end" in said) != (kind == END):
        return "its end is not told as it should be"
    is_lost = kind == capture_bytes.TYPES["sessions"]
    return None if (are_some_of(rows, all_rows) if is_lost else rows == all_rows) else "wrong rows"


def check_everywhere(name, wound, wrong_with, all_rows, folder):
    """Each place in turn; the first that is wrong is said."""
    for at in range(0, len(SAMPLE), STEP):
        got = run(wound(at), folder)
        wrong = wrong_with(at, got, all_rows)
        if wrong:
            print(f"FAIL {name}: at byte {at}: {wrong}: {got}")
            return False
    print(f"PASS {name}")
    return True


def cut(at):
    return SAMPLE[:at]


def flipped(at):
    return SAMPLE[:at] + bytes([SAMPLE[at] ^ 1 << at % 8]) + SAMPLE[at + 1:]


def main():
    with tempfile.TemporaryDirectory() as folder:
        status, all_rows, _ = run(SAMPLE, folder)
        if status != 0 or len(all_rows) != 30:
            print(f"FAIL the sample: status {status}, {len(all_rows)} rows")
            return 1
        good = [check_everywhere("cut at every byte", cut, wrong_with_cut, all_rows, folder),
                check_everywhere("a bit of every byte", flipped, wrong_with_bit, all_rows, folder)]
    return 0 if all(good) else 1


sys.exit(main())
