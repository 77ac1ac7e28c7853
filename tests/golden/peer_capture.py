# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of the peers' text share: a capture of made rows, and where two texts part."""

import json
import pathlib
import subprocess


def first_difference(wanted, got, seed):
    for a, b in zip(wanted.split(b"\n"), got.split(b"\n")):
        if a != b:
            return f"wanted {a!r}, got {b!r}, seed {seed}"
    return f"{len(wanted)} bytes wanted, {len(got)} got, seed {seed}"


class Report:
    """The reporter that is tested."""

    def __init__(self, program):
        self.program = program

    def run(self, *arguments):
        return subprocess.run([self.program, *arguments], check=True, capture_output=True)

    def write_capture(self, folder, name, rows, *view):
        """The capture, and its rows as that view shows them."""
        lines, capture = pathlib.Path(folder) / f"{name}.jsonl", str(pathlib.Path(folder) / f"{name}.tlz")
        lines.write_text('{"type":"capture","time_zone":"UTC"}\n' + "".join(json.dumps(row) + "\n" for row in rows))
        self.run("-q", "--input", "jsonl", str(lines), "--write", capture)
        return capture, [json.loads(line) for line in self.run(capture, *view, "--jsonl").stdout.splitlines()]
