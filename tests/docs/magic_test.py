#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""file(1) knows captures by docs/tlz.magic: each fixture, by its first bytes.

usage: magic_test.py
"""
import pathlib
import shutil
import struct
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SIGNATURE = b"\xf4TLZ\r\n\x1a\n"


def file(*arguments):
    """What file(1) says of each, by name."""
    done = subprocess.run(["file", "-m", ROOT / "docs" / "tlz.magic", "-F", "\t", *arguments], check=True,
                          capture_output=True, text=True)
    return {name: said.strip() for name, said in (line.split("\t", 1) for line in done.stdout.splitlines())}


def is_right(capture, said, mime):
    """Whether a capture is called one, with its version, and nothing else is."""
    data = capture.read_bytes()
    if data[:8] != SIGNATURE or len(data) < 12:
        return "tcplife" not in said and mime != "application/x-tlz"
    version = "tcplife capture, version %d.%d" % struct.unpack_from("<HH", data, 8)
    is_good = capture.name.startswith(("good-", "sample")) and capture.stem != "good-future-minor"
    return said == version and mime == "application/x-tlz" and (not is_good or version.endswith((" 1.0", " 1.1", " 1.2")))


def main():
    if not shutil.which("file"):
        print("SKIP file(1): it is not installed")
        return 77
    captures = sorted((ROOT / "tests" / "fixtures").rglob("*.tlz"))
    said, mime = file(*captures), file("--mime-type", *captures)
    wrong = [f"{capture.name} is '{said[str(capture)]}', {mime[str(capture)]}" for capture in captures
             if not is_right(capture, said[str(capture)], mime[str(capture)])]
    bad = sum("tcplife" not in text for text in said.values())
    if not wrong and 0 < bad < len(captures):
        print(f"PASS file(1) of {len(captures)} fixtures, {bad} of which are no captures")
        return 0
    print(f"FAIL file(1): {'; '.join(wrong) or 'all of them are the same'}")
    return 1


sys.exit(main())
