#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A capture means the same on this machine and on another: two reporters print and write the same bytes.

usage: same_meaning_test.py NATIVE_REPORT OTHER_REPORT NATIVE_ZSTD OTHER_ZSTD

Compressed bytes depend on the version of libzstd: where the two have different ones, what is written
is only compared by what it says.
"""
import json
import pathlib
import sys
import tempfile

from same_meaning import EVERYTHING, difference, run

NATIVE, OTHER = sys.argv[1:3]
SAME_ZSTD = sys.argv[3] == sys.argv[4]
FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "fixtures"
COPIES = 100  # of the sample's sessions: its columns are then long enough to be compressed one by one


def column_names():
    listed = run(NATIVE, "--list-columns", "--json")[1]
    return ",".join(column["name"] for column in json.loads(listed)["columns"])


def forms():
    """What is asked of each capture, by the name of the case."""
    return {"everything": EVERYTHING, "text": ["-T", "-t"], "bcc's CSV": ["--csv"],
            "raw CSV": ["--csv", "--columns", column_names()], "JSON": ["--json"],
            "info": ["--info", "--json"], "flows": ["--flows", "--json"],
            "states": ["--states", "-T", "-t"], "states, CSV": ["--states", "--csv"]}


def many_sessions():
    """The sample's recipe with its sessions many times over, each a little different."""
    lines = [json.loads(line) for line in (FIXTURES / "sample.jsonl").open()]
    about = [line for line in lines if "type" in line]
    rows = [dict(row, close_us=row["close_us"] + 7000000 * i, cookie=row.get("cookie", 0) + 997 * i,
                 tx_bytes=row.get("tx_bytes", 0) + 65537 * i, rport=(row["rport"] + 257 * i) % 65536)
            for i in range(COPIES) for row in lines if "type" not in row]
    return "".join(json.dumps(line) + "\n" for line in about[:-1] + rows + about[-1:])


def check(name, ok, why):
    print(f"PASS {name}" if ok else f"FAIL {name}: {why}")
    return ok


def check_read(capture):
    """Each form of the capture is the same."""
    good = True
    for name, options in forms().items():
        native, other = run(NATIVE, *options, capture), run(OTHER, *options, capture)
        good &= check(f"{capture.name} {name}", native == other and native[1] != b"",
                      difference(native, other) or "nothing is printed")
    return good


def check_written(source, *options):
    """What both write of it has the same bytes, and says the same to both."""
    native, other = (run(report, "-q", *options, source, "--write", "-") for report in (NATIVE, OTHER))
    said = [run(report, *EVERYTHING, "-", stdin=written[1])
            for report in (NATIVE, OTHER) for written in (native, other)]
    good = check(f"{source.name} written, what it says", native[1] != b"" and all(says == said[0] for says in said),
                 next(filter(None, (difference(said[0], says) for says in said)), "nothing is written"))
    if SAME_ZSTD:
        good &= check(f"{source.name} written, its bytes", native == other, difference(native, other))
    return good


def main():
    good = True
    with tempfile.TemporaryDirectory() as folder:
        many = pathlib.Path(folder) / "many.jsonl"
        many.write_text(many_sessions())
        captures = sorted([*FIXTURES.glob("good-*.tlz"), FIXTURES / "sample.tlz"])
        for recipe in [*sorted(FIXTURES.glob("*.jsonl")), many]:
            good &= check_written(recipe, "--input", "jsonl")
        captures.append(many.with_suffix(".tlz"))
        captures[-1].write_bytes(run(NATIVE, "-q", "--input", "jsonl", many, "--write", "-")[1])
        for capture in captures:
            good &= check_read(capture)
            good &= check_written(capture)
    return 0 if good else 1


sys.exit(main())
