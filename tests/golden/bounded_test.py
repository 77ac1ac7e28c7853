#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Captures that are made to cost much: memory stays within bounds, and time and what is printed grow with their size.

usage: bounded_test.py TCPLIFE_REPORT

Memory is limited by the kernel (RLIMIT_DATA), and what is printed must be the same as without a limit. Time is that of
the processor, and of a capture sixteen times as long as another of its kind: it may take 64 times as long, where it
would take 256 times if it grew with the square. tests/bench/hostile_cost shows the figures.
"""
import hashlib
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

import hostile_captures

REPORT = pathlib.Path(sys.argv[1]).resolve()
MIB = 1 << 20
FORMS = {
    "text": [], "csv": ["--csv"], "json": ["--json"], "lines": ["--jsonl", "--with-meta"], "flows": ["--flows"],
    "histogram": ["--histogram", "tx_bytes"], "values": ["--histogram", "raddr"], "times": ["--histogram", "close_us"],
    "timeline": ["--timeline", "1m"], "summary": ["--summary"],
    "pairs": ["--pairs"], "pairs-hosts": ["--pairs=hosts", "--json"],
    "sort": ["--sort", "ms"], "sort-json": ["--sort", "ms", "--jsonl"], "top": ["--sort", "ms", "--top", "10"],
    "info": ["--info"], "info-json": ["--info", "--json"], "verify": ["--verify"], "write": ["--write", "-"],
    "page": ["--html", "-"],
    "states": ["--states"], "both": ["--sessions", "--states", "--jsonl"],
}
LIMIT = {"write": 40 * MIB,  # a capture of a kilobyte; most of it is room for a block's sessions
         "page": 16 * MIB}  # ... for its texts
LIMIT_OF_OTHERS = 8 * MIB
LIMIT_OF_A_BLOCK = 64 * MIB  # of the largest block's columns, whatever the file's size
ROW_BY_ROW = ("text", "histogram", "states", "both", "csv", "json", "lines", "top", "info", "info-json", "verify")
MANY_ROWS = ("most_rows", "most_fields", "most_terms", "most_columns", "most_joint", "most_flows")
TIMED = ("text", "json", "flows", "values", "times", "timeline", "summary", "pairs", "sort", "info-json", "verify", "write", "page")
SMALL, TIMES, TOO_MUCH, TRIES = 1 << 18, 16, 64, 3
SMALL_OF_MANY_ROWS = 1 << 15
PRINTED = ("text", "csv", "json", "lines", "info", "info-json", "verify", "write")
SMALL_TO_PRINT, TOO_LONG = 1 << 15, 2 * TIMES  # as long as TIMES the file, and not as the square of it


def printed(capture, form, limit=None):
    """(exit status, what it prints); of a capture that is written, which has a time in it, the size."""
    def prepare():
        if limit:
            resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    done = subprocess.run([REPORT, *FORMS[form], capture], check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, preexec_fn=prepare)
    said = len(done.stdout) if form == "write" else hashlib.sha256(done.stdout).digest()
    return done.returncode, said


def over_limit(capture, size, forms, limit_of):
    """The kinds and forms that need more memory."""
    for kind, make in hostile_captures.HOSTILE.items():
        capture.write_bytes(make(size))
        for form in forms:
            if printed(capture, form) != printed(capture, form, limit_of(form)):
                yield f"{kind} as {form}"


def seconds(capture, form, most=None):
    """Of processor time; it is ended soon after that many."""
    child = os.fork()
    if child == 0:
        if most:
            resource.setrlimit(resource.RLIMIT_CPU, (int(most) + 1, int(most) + 2))
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        os.execv(REPORT, [REPORT, *FORMS[form], capture])
    usage = os.wait4(child, 0)[2]
    return usage.ru_utime + usage.ru_stime


def growth(small, large, form):
    """How many times as long the large one takes; the least of some tries, as others use the processor too."""
    least = None
    for _ in range(TRIES):
        once = max(seconds(small, form), 1e-6)
        times = seconds(large, form, 2 * TOO_MUCH * once) / once
        least = times if least is None else min(least, times)
        if least <= TOO_MUCH:
            break
    return least


def grows_too_fast(folder):
    small, large = folder / "small.tlz", folder / "large.tlz"
    for kind, make in hostile_captures.HOSTILE.items():
        size = SMALL_OF_MANY_ROWS if kind in MANY_ROWS else SMALL
        small.write_bytes(make(size))
        large.write_bytes(make(TIMES * size))
        for form in TIMED:
            times = growth(small, large, form)
            if times > TOO_MUCH:
                yield f"{kind} as {form}"


def length(capture, form):
    return len(subprocess.run([REPORT, *FORMS[form], capture], check=False, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL).stdout)


def prints_too_much(folder):
    small, large = folder / "small.tlz", folder / "large.tlz"
    for kind in ("most_sources", "shared_texts", "names", "texts"):
        small.write_bytes(hostile_captures.HOSTILE[kind](SMALL_TO_PRINT))
        large.write_bytes(hostile_captures.HOSTILE[kind](TIMES * SMALL_TO_PRINT))
        for form in PRINTED:
            if length(large, form) > TOO_LONG * length(small, form):
                yield f"{kind} as {form}"


def check(name, wrong):
    wrong = list(wrong)
    print(f"FAIL {name}: {', '.join(wrong)}" if wrong else f"PASS {name}", flush=True)
    return not wrong


def main():
    if not hostile_captures.can_hash():
        print("SKIP bounds: libxxhash.so.0 cannot be loaded")
        return 77
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        capture = folder / "x.tlz"
        good = [check("memory for a kilobyte", over_limit(capture, 1 << 10, FORMS, lambda form:
                                                          LIMIT.get(form, LIMIT_OF_OTHERS))),
                check("memory row by row", over_limit(capture, 1 << 16, ROW_BY_ROW, lambda _: LIMIT_OF_A_BLOCK)),
                check("what is printed grows with the size", prints_too_much(folder)),
                check("time grows with the size", grows_too_fast(folder))]
    return 0 if all(good) else 1


sys.exit(main())
