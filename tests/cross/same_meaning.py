# SPDX-License-Identifier: BSD-2-Clause
"""Two reporters, of this machine and of another kind of machine, are asked the same."""

import json
import subprocess

EVERYTHING = ["--jsonl", "--with-meta", "--sessions", "--states"]


def run(report, *arguments, stdin=b""):
    """Status, standard output and standard error."""
    done = subprocess.run([report, *arguments], input=stdin, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr


def column_names(report):
    listed = run(report, "--list-columns", "--json")[1]
    return ",".join(column["name"] for column in json.loads(listed)["columns"])


def forms(report):
    """What is asked of each capture, by the name of the case."""
    return {"everything": EVERYTHING, "text": ["-T", "-t"], "bcc's CSV": ["--csv"],
            "raw CSV": ["--csv", "--columns", column_names(report)], "JSON": ["--json"],
            "info": ["--info", "--json"], "flows": ["--flows", "--json"],
            "states": ["--states", "-T", "-t"], "states, CSV": ["--states", "--csv"]}


def difference(native, other):
    """The first that differs of status, standard output, standard error."""
    for what, a, b in zip(("exit status", "standard output", "standard error"), native, other):
        if isinstance(a, bytes) and a != b:
            at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            return f"{what} from byte {at}: {a[at:at + 60]!r}, and there {b[at:at + 60]!r}"
        if a != b:
            return f"{what} {a}, and there {b}"
    return ""


def differences(native, other, capture):
    """Yields, of each form of the capture, its name and what differs; nothing when it is the same."""
    for name, options in forms(native).items():
        one, two = run(native, *options, capture), run(other, *options, capture)
        yield name, difference(one, two) or ("" if one[1] else "nothing is printed")
