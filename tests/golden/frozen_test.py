#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Every version of the reporter reads the first captures of version 1 of the format, and tells what they tell.

usage: frozen_test.py TCPLIFE_REPORT

The captures and what must be told of them are in tests/fixtures/v1, and are never made again. A later version may tell
more, and in another order within a line.
"""
import hashlib
import json
import pathlib
import subprocess
import sys

CAPTURES = pathlib.Path(__file__).resolve().parents[1] / "fixtures" / "v1"


def told(report, name, *arguments):
    """What it prints of a capture, which must be whole. In a pipe, where rows come in the order of the file."""
    done = subprocess.run([report, "--quiet", "-", *arguments], input=(CAPTURES / name).read_bytes(), check=True,
                          capture_output=True)
    return done.stdout.replace(b'"file":"-"', b'"file":"%s"' % name.encode())


def wrong_line(wanted, got):
    """What of a line that must be told is not: numbers as they are written."""
    wanted, got = (json.loads(line, parse_float=str, parse_int=str) for line in (wanted, got))
    return next((f"{key} is {got.get(key)} and was {value}" for key, value in wanted.items() if got.get(key) != value),
                None)


def wrong_with_lines(report, expected):
    wanted = expected.read_text().splitlines()
    got = told(report, expected.stem + ".tlz", "--jsonl", "--with-meta").decode().splitlines()
    if len(wanted) != len(got):
        return f"{len(got)} lines, and there were {len(wanted)}"
    wrong = (wrong_line(*lines) for lines in zip(wanted, got))
    return next((f"line {number}: {what}" for number, what in enumerate(wrong, 1) if what), None)


def wrong_with_digest(report, expected):
    columns = expected.with_suffix(".columns").read_text().strip()
    got = hashlib.sha256(told(report, expected.stem + ".tlz", "--csv", "--columns", columns)).hexdigest()
    return None if got == expected.read_text().strip() else f"the digest is {got}"


def main():
    report = pathlib.Path(sys.argv[1]).resolve()
    captures = sorted(CAPTURES.glob("*.tlz"))
    failed = not captures
    for capture in captures:
        expected = capture.with_suffix(".expected")
        is_digest = capture.with_suffix(".columns").exists()
        try:
            wrong = (wrong_with_digest if is_digest else wrong_with_lines)(report, expected)
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            wrong = str(error)
        print(f"FAIL {capture.name}: {wrong}" if wrong else f"PASS {capture.name}")
        failed |= wrong is not None
    return 1 if failed else 0


sys.exit(main())
