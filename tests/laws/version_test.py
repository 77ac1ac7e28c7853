#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The version stands in one place, meson.build: what cannot be made from it says the same, and nothing else names one.

usage: version_test.py SOURCE_ROOT VERSION
"""

import pathlib
import re
import sys

ROOT, VERSION = pathlib.Path(sys.argv[1]), sys.argv[2]
# Where the newest version is named, in the first line that matches.
NAMED = {"NEWS": r"^tcplife-record (\S+)", "debian/changelog": r"^tcplife-record \((\S+)\)"}
ROOMS = ("bpf", "format", "live", "record", "report", "util")


def version_in(name, pattern):
    found = re.search(pattern, (ROOT / name).read_text(encoding="utf-8"), re.M)
    return found[1] if found else "none"


def say(name, found, wanted):
    print(f"PASS {name}" if found == wanted else f"FAIL {name}: it is {found}, not {wanted}")
    return found == wanted


def named_in_code():
    """Files of the programs in which the version is written as text."""
    return [str(path.relative_to(ROOT)) for room in ROOMS for path in sorted((ROOT / room).rglob("*.[ch]"))
            if f'{VERSION}"' in path.read_text(encoding="utf-8")]


def main():
    good = [say(f"version in {name}", version_in(name, pattern), VERSION) for name, pattern in NAMED.items()]
    for kind, name in (("major", "VERSION"), ("minor", "MINOR")):
        good.append(say(f"{kind} version of the format in FORMAT.md",
                        version_in("docs/FORMAT.md", rf"^\|.*\| {kind} version: (\d+)"),
                        version_in("format/block.h", rf"^#define TLZ_FORMAT_{name} +(\d+)")))
    good.append(say("files of the programs with a version of their own", named_in_code(), []))
    return 0 if all(good) else 1


sys.exit(main())
