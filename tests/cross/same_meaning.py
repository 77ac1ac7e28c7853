# SPDX-License-Identifier: BSD-2-Clause
"""Two reporters, of this machine and of another kind of machine, are asked the same."""

import subprocess

EVERYTHING = ["--jsonl", "--with-meta", "--sessions", "--states"]


def run(report, *arguments, stdin=b""):
    """Status, standard output and standard error."""
    done = subprocess.run([report, *arguments], input=stdin, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr


def difference(native, other):
    """The first that differs of status, standard output, standard error."""
    for what, a, b in zip(("exit status", "standard output", "standard error"), native, other):
        if isinstance(a, bytes) and a != b:
            at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            return f"{what} from byte {at}: {a[at:at + 60]!r}, and there {b[at:at + 60]!r}"
        if a != b:
            return f"{what} {a}, and there {b}"
    return ""
