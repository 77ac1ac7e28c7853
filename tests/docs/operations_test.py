#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What docs/OPERATIONS.md and docs/FLEET.md tell people to type and to watch exists: options, metrics, causes of losses, files.

usage: operations_test.py SOURCE_ROOT PROGRAM...
"""
import pathlib
import re
import subprocess
import sys

from manual_test import options_of_help

ROOT = pathlib.Path(sys.argv[1])
PROGRAMS = {path.name: path.resolve() for path in map(pathlib.Path, sys.argv[2:])}
TEXT = "\n".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("OPERATIONS.md", "FLEET.md"))

# Of programs of others, and of tests/soak/soak.
OTHERS = {"--always-on", "--cgroupns", "--config", "--connections", "--create", "--idle", "--immutable", "--kill-every", "--multiquery",
          "--network", "--now", "--offline", "--pid", "--privileged", "--query", "--rate", "--rounds", "--seed", "--slack", "--time", "--timeout"}


def options():
    """Every option of our programs, by letter and name."""
    found = set()
    for program in PROGRAMS.values():
        text = subprocess.run([program, "--help"], check=True, capture_output=True, text=True).stdout
        for option in options_of_help(text).values():
            found |= {option.letter, option.name} - {None}
    return found


def breaches():
    known = options() | OTHERS
    for option in sorted(set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", TEXT)) - known):
        yield f"no program has {option}"
    for line in re.findall(r"^    [#$] (tcplife-\w+ .*)$", TEXT, re.M):
        for letter in set(re.findall(r" (-[A-Za-z0-9])(?= )", line)) - known:
            yield f"'{line}': no program has {letter}"
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "record").glob("*.c")))
    for name in sorted(set(re.findall(r"\btcplife_([a-z_]+)\b", TEXT))):
        if f'"{name}"' not in source:
            yield f"there is no metric tcplife_{name}"
    causes = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "format").glob("*.[ch]")))
    for cause in re.findall(r"^\| `([a-z][a-z-]+)` \|", TEXT, re.M):
        if f'"{cause}"' not in causes:
            yield f"there is no cause {cause}"
    for path in sorted(set(re.findall(r"`((?:docs|tests|systemd)/[\w/.-]+)`", TEXT))):
        if not (ROOT / path).exists():
            yield f"there is no {path}"


def main():
    found = list(breaches())
    print(f"FAIL docs/OPERATIONS.md: {'; '.join(found)}" if found else "PASS docs/OPERATIONS.md")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
