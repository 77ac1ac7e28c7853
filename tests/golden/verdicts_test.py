#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the reporter makes of each capture that was made by hand, beside what is kept in verdicts/NAME.txt.

usage: tests/golden/verdicts_test.py [--update] TCPLIFE_REPORT

Each is asked for everything, and for what it says of itself with its index and after reading all of it. What is kept
is what was printed, each line of standard error behind "2> ", and the exit status. A pipe must give the same rows as
the file. --update rewrites what is kept; read the difference before you commit it.
"""
import difflib
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent / "fixtures"
VERDICTS = HERE / "verdicts"
EVERYTHING = ["--jsonl", "--with-meta"]
FOUND = ["--jsonl", "--columns", "source,clean_end,sessions,first_us,last_us,lost,name_count,blocks,damage_count,"
         "damaged_bytes,missing_blocks,unknown_count,checked"]
FORMS = [EVERYTHING, ["--info", *FOUND], ["--verify", *FOUND]]
SECONDS = 300  # under emulation, too


def run(report, arguments, stdin=b""):
    done = subprocess.run([report, *arguments], input=stdin, cwd=FIXTURES, check=False, capture_output=True,
                          env=dict(os.environ, TZ="UTC", LC_ALL="C"), timeout=SECONDS)
    if done.returncode < 0 or done.returncode >= 128 or b"Sanitizer" in done.stderr or b"runtime error" in done.stderr:
        raise RuntimeError(f"{' '.join(arguments)}: it crashed: {done.stderr.decode(errors='replace')[:2000]}")
    return done


def verdict(report, capture):
    """All that is kept of a capture."""
    text = ""
    for form in FORMS:
        done = run(report, [capture.name, *form])
        errors = "".join(f"2> {line}\n" for line in done.stderr.decode().splitlines())
        text += f"$ tcplife-report {' '.join([capture.name, *form])}\n{done.stdout.decode()}{errors}exit {done.returncode}\n\n"
    return text


def rows(lines):
    return [line for line in lines.splitlines() if not line.startswith(b'{"type":')]


def wrong_with(report, capture):
    """None, or what is wrong, and how."""
    kept = VERDICTS / (capture.stem + ".txt")
    got = verdict(report, capture)
    if not kept.exists() or kept.read_text() != got:
        wanted = kept.read_text() if kept.exists() else ""
        return "another verdict\n" + "\n".join(difflib.unified_diff(wanted.splitlines(), got.splitlines(), "wanted", "got",
                                                                   lineterm=""))
    file = run(report, [capture.name, *EVERYTHING])
    pipe = run(report, ["-", *EVERYTHING], capture.read_bytes())
    if (rows(file.stdout), file.returncode) != (rows(pipe.stdout), pipe.returncode):
        return "a pipe gives other rows, or another status, than the file"
    return None


def main():
    arguments = sys.argv[1:]
    update = arguments[:1] == ["--update"]
    if len(arguments) != 1 + update:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    report = pathlib.Path(arguments[-1]).resolve()
    captures = sorted(path.with_suffix(".tlz") for path in FIXTURES.glob("*.recipe"))
    failed = not captures
    for capture in captures:
        if update:
            (VERDICTS / (capture.stem + ".txt")).write_text(verdict(report, capture))
            continue
        wrong = wrong_with(report, capture)
        print(f"FAIL {capture.stem}: {wrong}" if wrong else f"PASS {capture.stem}")
        failed |= wrong is not None
    return 1 if failed else 0


sys.exit(main())
