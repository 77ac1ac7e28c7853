#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The reader that was written from docs/FORMAT.md alone agrees with tcplife-report, row by row and value by value: on
every fixture, whole and damaged, on what --write makes of them, and on a large capture in which all that the format
has occurs. It decodes the document's examples, and has the document's tables.

usage: agree_test.py TCPLIFE_REPORT

STEP in the environment, for a slow machine: every so manieth of the damaged files.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    import xxhash  # noqa: F401
    import zstandard
except ImportError as missing:
    print(f"SKIP second reader: {missing.name} is not there for {sys.executable}")
    sys.exit(77)
if not hasattr(zstandard.ZstdDecompressor().decompressobj(), "eof"):
    print(f"SKIP second reader: zstandard {zstandard.__version__} cannot tell where a frame ends")
    sys.exit(77)

import document
import many_kinds
import mutants
import tlz
import tlz_data
import tlz_index
import tlz_ranges
from two_readers import disagreement, disorder

REPORT = sys.argv[1]
STEP = int(os.environ.get("STEP", "1"))
FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "fixtures"
CUT_EVERY, FLIPS, CONTENTS = 7, 100, 50     # of what the reporter made
BY_HAND = 211, 5, 0                         # of the many that differ little from each other
DAMAGED_MOST = 8192                         # bytes: a greater one is only read whole
INDEX_COLUMNS = ["bad-index-" + name for name in ("backwards", "first-beyond", "out-of-range", "twice")]
WRITTEN = {"as it is": [], "IPv4": ["-4"], "IPv6": ["-6"], "a port": ["-D", "443"], "level 19": ["--level", "19"],
           "the greatest": ["--sort", "tx_bytes", "--top", "5"], "states alone": ["--states"]}


def check(name, why):
    print(f"FAIL {name}: {why}" if why else f"PASS {name}", flush=True)
    return not why


def damaged(data, cut_every, flips, contents):
    """Every damaged variant of a capture."""
    yield from mutants.cut(data, cut_every * STEP)
    yield from mutants.flipped(data, max(flips // STEP, 1))
    yield from mutants.with_right_sums(data, contents // STEP)


def check_damaged(name, data, cut_every=CUT_EVERY, flips=FLIPS, contents=CONTENTS):
    """That both readers make the same of every damaged variant."""
    wrong, count = [], 0
    for what, variant in damaged(data, cut_every, flips, contents):
        why = disagreement(REPORT, variant)
        wrong += [f"{what}: {why}"] if why else []
        count += 1
    return check(f"{name}, {count} damaged variants", f"{len(wrong)} wrong, {wrong[0]}" if wrong else "")


def index_of(data):
    """(levels of the index, what is wrong with it); no levels where there is none, or where the blocks are damaged."""
    try:
        events = list(tlz.read(data))
        end = tlz_index.find_end(data)
        if any(isinstance(event, tlz.Damage) for event in events) or not end or not tlz_index.root_of(end):
            return 0, ""
        return tlz_index.check_index(data, events), ""
    except tlz.Refused:
        return 0, ""
    except tlz.Broken as broken:
        return 0, str(broken)


def ranges_of(data):
    """What the ranges of blocks say that is not so."""
    try:
        blocks = [event for event in tlz.read(data) if isinstance(event, tlz.Block) and event.type in tlz.ROWS]
        return next(filter(None, (tlz_ranges.check_ranges(block.content) for block in blocks)), "")
    except tlz.Refused:
        return ""


def check_capture(name, path, index_is_bad=False):
    """A file as it is: what it says, and whether its index says the same as its blocks."""
    data = path.read_bytes()
    good = check(name, disagreement(REPORT, data) or disorder(REPORT, path, data))
    why = ranges_of(data)
    good &= check(f"{name}, its ranges", ("" if why else "they are right") if name.startswith("bad-ranges-") else why)
    levels, why = index_of(data)
    if index_is_bad:
        good &= check(f"{name}, its index is found to be wrong", "" if why else "it is not")
    elif levels or why:
        good &= check(f"{name}, its index", why)
    return good


def check_fixtures():
    """Each of them, and what is damaged of it."""
    good, captures = True, sorted(FIXTURES.rglob("*.tlz"))
    for path in captures:
        name, data = str(path.relative_to(FIXTURES).with_suffix("")), path.read_bytes()
        good &= check_capture(name, path, name.startswith("bad-index-") and name not in INDEX_COLUMNS)
        if 0 < len(data) <= DAMAGED_MOST:
            good &= check_damaged(name, data, *(() if path.with_suffix(".jsonl").exists() else BY_HAND))
    return good & check("there are fixtures", "" if captures else "none")


def write(path, *arguments):
    """Has the reporter write a capture."""
    done = subprocess.run([REPORT, "-q", *arguments, "--force", "--write", path], check=False)
    assert done.returncode == 0, arguments
    return path.read_bytes()


def check_written(folder):
    """What the reporter makes of several captures."""
    good, written = True, folder / "written.tlz"
    whole = [*sorted(FIXTURES.glob("good-[!f]*.tlz")), FIXTURES / "sample.tlz"]
    for name, options in WRITTEN.items():
        write(written, *options, *whole)
        good &= check_capture(f"all good fixtures merged, {name}", written)
    merged = write(written, FIXTURES / "sample.tlz", FIXTURES / "good-two-hosts.tlz")
    return good & check_damaged("two fixtures merged", merged)


def seen_in(data):
    """Names for all that occurs in the blocks of rows."""
    seen = set()
    for block in tlz.read(data):
        if not isinstance(block, tlz.Block) or block.type not in tlz.ROWS:
            continue
        seen.add("joint" if block.content.joint else "not joint")
        seen |= {f"range {'set' if isinstance(told, set) else 'span'}" for told in (block.content.ranges or {}).values()}
        for column in block.content.columns:
            seen |= {f"kind {column.kind}", f"table {column.table}", f"compressed {column.stored & 1}"}
            seen |= {f"flag {1 << bit}" for bit in range(8) if column.flags >> bit & 1}
            seen |= {f"term {sign:+}" for _, sign in column.terms}
            if column.kind != tlz_data.BITMAP:
                seen.add("presence " + ("all" if not column.presence else "which" if column.presence & 1 else "not"))
    return seen


EXPECTED = {"joint", "not joint", "compressed 0", "compressed 1", "presence all", "presence which", "presence not",
            "term +1", "term -1", *(f"kind {kind}" for kind in range(1, 5)), *(f"table {table}" for table in range(6)),
            *(f"flag {1 << bit}" for bit in range(5)), "range set", "range span"}


def check_many_kinds(folder):
    """A large capture, of all that the format has."""
    recipe, capture = folder / "many.jsonl", folder / "many.tlz"
    recipe.write_text(many_kinds.text())
    data = write(capture, "--input", "jsonl", recipe)
    good, (levels, _) = check_capture("a large capture", capture), index_of(data)
    good &= check("the large capture has two levels of index", "" if levels == 2 else f"it has {levels}")
    lacking = ", ".join(sorted(EXPECTED - seen_in(data)))
    return good & check("every kind, flag, table and presence occurs in it", lacking and f"not {lacking}")


def main():
    good = True
    for name, why in document.checks():
        good &= check(name, why)
    with tempfile.TemporaryDirectory() as name:
        good &= check_fixtures()
        good &= check_written(pathlib.Path(name))
        good &= check_many_kinds(pathlib.Path(name))
    return 0 if good else 1


sys.exit(main())
