# SPDX-License-Identifier: BSD-2-Clause
"""What else is built from a source tarball: the reporter alone with its tests, and the reporter as one static file."""

import os
import pathlib
import shutil

from bare_root import reason_of, run

# Those that are over soon: each of the suites runs whole elsewhere, of a clone.
TESTS = """case_count laws version util_wide local_time written follow field metadata block_column capture states index damage util_parse report_text scale view_plan
    format_document magic fixtures recipes verdicts frozen json_document bcc_text style""".split()
STATIC = ["--buildtype=release", "-Djournal=disabled", "-Dtests=disabled", "--prefer-static", "-Dc_link_args=-static"]
# What both reporters are asked, of the same capture.
ASKED = [[], ["-T"], ["--json"], ["--flows"], ["--summary"], ["--csv"], ["--info"],
         ["--jsonl", "--with-meta", "--sessions", "--states"]]


class Broken(Exception):
    """It does not build, or does not do; the text says why."""


def build(tree, folder, *options):
    """Without the recorder."""
    environment = dict(os.environ, CC="gcc")
    for command in (["meson", "setup", str(folder), str(tree), "-Drecord=disabled", *options],
                    ["ninja", "-C", str(folder)]):
        done = run(*command, env=environment)
        if done.returncode:
            raise Broken(f"{command[0]}: {reason_of(done)}")


def test(tree, folder):
    """Runs some of each of the suites. With nothing but POSIX declared to the reporter, its own replacements are tried."""
    build(tree, folder, "-Dtests=enabled", "-Dposix=true", "-Djournal=disabled")
    done = run("meson", "test", "-C", str(folder), "--no-rebuild", *TESTS)
    failed = [line for line in done.stdout.splitlines() if "FAIL" in line or "TIMEOUT" in line]
    if done.returncode:
        raise Broken(f"{failed or reason_of(done)}")
    return f"{len(TESTS)} tests"


def static_reporter(tree, folder):
    """Path of one, as small as it gets."""
    build(tree, folder, *STATIC)
    reporter = pathlib.Path(folder) / "report/tcplife-report"
    run("strip", str(reporter))
    headers = run("readelf", "--program-headers", "--dynamic", str(reporter))
    if headers.returncode or "INTERP" in headers.stdout or "NEEDED" in headers.stdout:
        raise Broken("it is not static")
    return reporter


def compare(reporter, ordinary, captures, empty):
    """What it says in a directory of nothing but itself and captures, beside what the ordinary one says there."""
    shutil.copy(reporter, empty / "tcplife-report")
    for capture in captures:
        shutil.copy(capture, empty / capture.name)
        for asked in ASKED:
            found = run("chroot", str(empty), "/tcplife-report", capture.name, *asked)
            wanted = run(str(ordinary), capture.name, *asked, cwd=empty)
            if (found.returncode, found.stdout, found.stderr) != (wanted.returncode, wanted.stdout, wanted.stderr):
                raise Broken(f"of {capture.name} {asked} it says {reason_of(found)}, not {reason_of(wanted)}")
    confined = run("chroot", str(empty), "/tcplife-report", "--version").stdout.splitlines()
    if confined != run(str(ordinary), "--version").stdout.splitlines():
        raise Broken(f"--version says {confined}")
