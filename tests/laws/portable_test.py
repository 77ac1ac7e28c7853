#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Every file of format/, util/ and report/ compiles elsewhere: for another C library, for 32 bits, with nothing declared but
POSIX. Nothing is linked; a build with -Dposix=true is, and tests/packages runs its tests.

usage: portable_test.py SOURCE_ROOT CC
"""

import os
import pathlib
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(sys.argv[1])
CC = sys.argv[2:]
ROOMS = ("format", "util", "report")
FUNCTIONS = """explicit_bzero memmem mkostemp qsort_r reallocarray renameat2 sched_getaffinity statx strerrordesc_np timegm
    vasprintf program_invocation_short_name""".split()
# What musl 1.2.3 has not.
NOT_IN_MUSL = {"renameat2", "statx", "strerrordesc_np"}
# What Linux has and POSIX has not: left out as meson.build leaves it out.
LINUX = ("-DCONFINE_LANDLOCK=1", "-DCONFINE_SECCOMP=1")
ELSEWHERE = ("-DCONFINE_LANDLOCK=0", "-DCONFINE_SECCOMP=0")
ALWAYS = ("-fsyntax-only", "-std=gnu17", "-Werror", "-Wall", f"-I{ROOT}", "-DREPORT_JOURNAL=0", '-DPROGRAM_VERSION="0"',
          '-DCONFINE_LEFT_OUT="not built in"')


def have(names):
    return [f"-DHAVE_{name.upper()}={int(name in names)}" for name in FUNCTIONS]


def headers():
    """Where this machine's headers are; libraries' do not differ by what is tried here."""
    multiarch = subprocess.run([*CC, "-print-multiarch"], capture_output=True, text=True, check=False).stdout.strip()
    return [word for folder in ("/usr/include", f"/usr/include/{multiarch}") for word in ("-idirafter", folder)]


def what_is_said(command, path):
    """The first complaint about a file; nothing when it compiles."""
    done = subprocess.run([*command, *ALWAYS, str(path)], capture_output=True, text=True, check=False)
    lines = [line for line in done.stderr.splitlines() if "error" in line]
    return (lines or [f"{path.name}: {done.stderr.strip()[:200]}"])[0] if done.returncode else ""


def try_all(name, command):
    """Whether all of them compile."""
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.c"))]
    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        said = [line for line in pool.map(lambda path: what_is_said(command, path), paths) if line]
    if said or not paths:
        print(f"FAIL {name}: {len(said)} of {len(paths)} files: {said[:2]}", flush=True)
        return False
    print(f"PASS {name}", flush=True)
    return True


def can_compile(command):
    done = subprocess.run([*command, "-fsyntax-only", "-x", "c", "-"], input="#include <stdlib.h>\n", text=True,
                          capture_output=True, check=False)
    return done.returncode == 0


def main():
    gnu, posix = "-D_GNU_SOURCE", "-D_XOPEN_SOURCE=700"  # which says _POSIX_C_SOURCE=200809L, too
    wide = [*CC, "-m32", *headers()]
    cases = [("nothing declared but POSIX", [*CC, posix, *have(()), *ELSEWHERE], True),
             ("32 bits", [*wide, gnu, *have(FUNCTIONS), *LINUX], can_compile(wide)),
             ("musl", ["musl-gcc", *headers(), gnu, *have(set(FUNCTIONS) - NOT_IN_MUSL), *LINUX], shutil.which("musl-gcc"))]
    good = True
    for name, command, can in cases:
        if can:
            good &= try_all(name, command)
        else:
            print(f"SKIP {name}: there is no C library for it (tools/setup)", flush=True)
    return 0 if good else 1


sys.exit(main())
