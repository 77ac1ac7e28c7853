#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Holds the laws of docs/DESIGN.md: who may know whom, what is linked, how the sources look.

usage: laws_test.py SOURCE_ROOT BUILD_ROOT CC

Each law is a function that yields a line for each breach. Each is tried on examples that break it
too, so that a law that cannot fail is seen.
"""

import os
import re
import subprocess
import sys
import tempfile
from fnmatch import fnmatchcase

SOURCE = (".c", ".h")
CODE = SOURCE + (".py", ".sh")
LINES_MAX = 400

# What each room may include of ours, as patterns. A name without a slash is of the room itself.
ROOMS = {
    "util": ("util/*",),
    "format": ("format/*",),
    "bpf": ("bpf/*",),
    "record": ("record/*", "format/*", "util/*", "bpf/event.h", "bpf/*.skel.h"),
    "report": ("report/*", "format/*", "util/*"),
    "live": ("live/*", "util/*"),
}

# Libraries' headers, as prefixes, and the rooms that may include them.
LIBRARIES = {
    "bpf/": ("bpf", "record"),
    "linux/bpf": ("bpf", "record"),
    "libelf.h": (),
    "gelf.h": (),
    "zlib.h": (),
    "zstd": ("format",),
    "xxhash.h": ("format",),
    "jansson.h": ("report",),
    "nettle/": ("report",),
    "seccomp.h": ("util",),
    "systemd/": ("record", "report"),
    "sodium": ("record",),
}

# What format/ may not call: it does no input or output of its own, and never ends the program.
FORBIDDEN_CALLS = set(
    """printf vprintf fprintf vfprintf dprintf vdprintf puts fputs putc fputc putchar fwrite perror
    error warn warnx vwarn err errx verr verrx syslog vsyslog psignal stdin stdout stderr
    exit _exit _Exit quick_exit abort atexit raise signal sigaction
    fopen fdopen open openat creat read write pread pwrite readv writev""".split())

REPORT_LIBRARIES = re.compile(r"lib(c|m|zstd|xxhash|jansson|nettle|seccomp|systemd)\.|ld-")

# Paths of the machine that a file was written on. In two parts, so that this file has none.
MACHINE_PATHS = re.compile(r"(?<![\w.-])/" + r"(work|root)/")


def files_below(root):
    """Paths of the tree's files from its root; build directories and repository data left out."""
    for folder, folders, files in os.walk(root):
        at_root = folder == root
        folders[:] = sorted(name for name in folders if name not in (".git", "__pycache__")
                            and not (at_root and name.startswith("build")))
        for name in sorted(files):
            path = os.path.relpath(os.path.join(folder, name), root)
            # A linked work tree has a file of this name.
            if path != ".git" and os.path.isfile(os.path.join(root, path)):
                yield path


def read(root, path):
    with open(os.path.join(root, path), "rb") as file:
        return file.read().decode("utf-8", "surrogateescape")


def includes_of_rooms(root):
    """(path, room, mark, name) of each #include of every C file in a room."""
    directive = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)
    for path in files_below(root):
        room = path.split(os.sep)[0]
        if room in ROOMS and path.endswith(SOURCE):
            for mark, name in directive.findall(read(root, path)):
                yield path, room, mark, name


def law_rooms_include_only_whom_they_may(root):
    for path, room, mark, name in includes_of_rooms(root):
        ours = mark == '"' or name.split("/")[0] in ROOMS.keys() - {"bpf"}
        allowed = "/" not in name or any(fnmatchcase(name, rule) for rule in ROOMS[room])
        if ours and (not allowed or ".." in name):
            yield f"{path} includes {name}"


def law_libraries_stay_in_their_rooms(root):
    for path, room, mark, name in includes_of_rooms(root):
        for prefix, rooms in LIBRARIES.items():
            if mark == "<" and name.startswith(prefix) and room not in rooms:
                yield f"{path} includes <{name}>"


def law_sources_name_their_licence(root):
    for path in files_below(root):
        name = os.path.basename(path)
        is_code = name.endswith(CODE) or name in ("meson.build", "meson_options.txt")
        text = read(root, path)
        if (is_code or text.startswith("#!")) and "SPDX-License-Identifier: " not in text[:200]:
            yield f"{path} has no SPDX line"


def law_sources_are_short(root):
    for path in files_below(root):
        lines = read(root, path).count("\n")
        if path.endswith(SOURCE) and lines > LINES_MAX:
            yield f"{path} has {lines} lines, over {LINES_MAX}"


def law_file_names_are_unique(root):
    seen = {}
    for path in files_below(root):
        name = os.path.basename(path)
        if name.endswith(CODE) and seen.setdefault(name, path) != path:
            yield f"{path} and {seen[name]}"


def law_no_path_of_a_machine(root):
    for path in files_below(root):
        found = MACHINE_PATHS.search(read(root, path))
        if found:
            yield f"{path} has {found[0]}"


def output_of(*command):
    environment = dict(os.environ, LC_ALL="C")
    return subprocess.run(command, check=True, capture_output=True, text=True,
                          env=environment).stdout


def law_format_calls_nothing_that_prints_or_exits(library):
    for line in output_of("nm", "--undefined-only", library).splitlines():
        symbol = line.split()[-1] if line.split() else ""
        # The checked forms of -D_FORTIFY_SOURCE, and those of large files.
        plain = re.sub(r"64(_2)?$", "", re.sub(r"^__(.*)_chk$", r"\1", symbol))
        if plain in FORBIDDEN_CALLS:
            yield f"{os.path.basename(library)} uses {symbol}"


def law_format_has_no_globals(library):
    section = re.compile(r"\[ *\d+\] (\S+) +(?:PROGBITS|NOBITS) +[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) "
                         r"[0-9a-f]+ +(\w+)")
    for line in output_of("readelf", "--section-headers", "--wide", library).splitlines():
        found = section.search(line)
        # Read-only once it is relocated.
        if found and not found[1].startswith(".data.rel.ro"):
            if "W" in found[3] and int(found[2], 16) > 0:
                yield f"{os.path.basename(library)} has {int(found[2], 16)} bytes of {found[1]}"
    for line in output_of("nm", "--defined-only", library).splitlines():
        if re.search(r" [Cc] ", line):
            yield f"{os.path.basename(library)} has a common symbol {line.split()[-1]}"


def law_reporter_links_only_what_it_may(program):
    for line in output_of("readelf", "--dynamic", "--wide", program).splitlines():
        found = re.search(r"\(NEEDED\).*\[(.*)\]", line)
        if found and not REPORT_LIBRARIES.match(found[1]):
            yield f"{os.path.basename(program)} links {found[1]}"


TREE_LAWS = {
    # The law, and files that break it: every breach must be told.
    law_rooms_include_only_whom_they_may: {
        "report/bad_a.c": '#include "bpf/event.h"\n',
        "report/bad_b.c": '#include "record/ring.h"\n',
        "record/bad_c.c": ' # include "report/sink/sink.h"\n',
        "record/bad_d.c": '#include "bpf/kernel_types.h"\n',
        "format/bad_e.c": '#include "util/message.h"\n',
        "format/bad_f.c": "#include <util/message.h>\n",
        "util/bad_g.h": '#include "format/tlz.h"\n',
        "bpf/bad_h.c": '#include "format/field.h"\n',
        "report/bad_i.c": '#include "report/../record/ring.h"\n',
    },
    law_libraries_stay_in_their_rooms: {
        "report/bad_a.c": "#include <bpf/libbpf.h>\n",
        "format/bad_b.c": "#include <jansson.h>\n",
        "report/bad_c.c": "#include <zstd.h>\n",
        "util/bad_d.c": "#include <zlib.h>\n",
        "live/bad_g.c": "#include <systemd/sd-journal.h>\n",
        "format/bad_h.c": "#include <nettle/aes.h>\n",
        "format/bad_e.c": "#include <sodium.h>\n",
        "report/bad_f.c": "#include <sodium/crypto_shorthash.h>\n",
    },
    law_sources_name_their_licence: {
        "util/bad_a.c": "int main(void)\n",
        "tools/bad_b": "#!/bin/sh\n",
        "tests/meson.build": "\n",
    },
    law_sources_are_short: {"util/bad_a.c": "\n" * (LINES_MAX + 1)},
    law_file_names_are_unique: {"format/reader.c": "", "record/reader.c": ""},
    law_no_path_of_a_machine: {"docs/bad_a.md": "in /" + "work/x\n", "bad_b": "in /" + "root/x\n"},
}
# Files that break no law, beside the bad ones.
GOOD_TREE = {
    "record/good.c": '/* SPDX-License-Identifier: x */\n#include <bpf/libbpf.h>\n'
                     '#include "bpf/event.h"\n#include "bpf/x.skel.h"\n'
                     '#include "util/parse.h"\n#include "format/tlz.h"\n',
    "report/fine.c": '/* SPDX-License-Identifier: x */\n#include <stdio.h>\n#include "sink.h"\n'
                     '#include "report/view/view.h"\n',
    "format/well.c": "/* SPDX-License-Identifier: x */\n#include <zstd.h>\n",
    "meson.build": "# SPDX-License-Identifier: x\n",
    "build-x/report/bad.c": '#include "record/ring.h"\n',
}

# The law, C sources that each break it, and one that does not.
LIBRARY_LAWS = {
    law_format_calls_nothing_that_prints_or_exits: (
        ["#include <stdio.h>\nvoid f(int x) { printf(\"%d\", x); }",
         "#include <stdio.h>\nvoid f(void) { fputs(\"x\", stderr); }",
         "#include <stdlib.h>\nvoid f(void) { exit(1); }",
         "#include <unistd.h>\nvoid f(void) { (void)!write(2, \"x\", 1); }"],
        "#include <stdio.h>\nvoid f(char *p, int x) { snprintf(p, 9, \"%d\", x); }"),
    law_format_has_no_globals: (
        ["int x = 7;", "static int x; int f(void) { return x++; }",
         "_Thread_local int x; int f(void) { return x++; }",
         "int f(void) { static char a[9] = \"x\"; return a[0]++; }"],
        "const char *const names[] = {\"a\", \"b\"}; const int numbers[] = {1, 2};"),
}


def write_tree(root, files):
    for path, text in files.items():
        path = os.path.join(root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def compile_library(folder, cc, text):
    """A static library of one C source."""
    source, made, library = (os.path.join(folder, name) for name in ("x.c", "x.o", "x.a"))
    write_tree(folder, {"x.c": text})
    output_of(*cc, "-O1", "-fPIC", "-c", source, "-o", made)
    if os.path.exists(library):
        os.remove(library)
    output_of("ar", "rcs", library, made)
    return library


def link_program(folder, cc):
    """A program that links a library which the reporter may not."""
    write_tree(folder, {"other.c": "int other(void) { return 0; }",
                        "main.c": "int other(void); int main(void) { return other(); }"})
    other, program = os.path.join(folder, "libelf.so.1"), os.path.join(folder, "main")
    output_of(*cc, "-shared", "-fPIC", "-Wl,-soname,libelf.so.1",
              os.path.join(folder, "other.c"), "-o", other)
    output_of(*cc, os.path.join(folder, "main.c"), other, "-o", program)
    return program


def missed_in_tree(law, bad):
    """Which breaches a law misses, and what it finds where there is none."""
    with tempfile.TemporaryDirectory() as root:
        write_tree(root, GOOD_TREE)
        yield from (f"a good tree: {breach}" for breach in law(root))
        write_tree(root, bad)
        breaches = list(law(root))
        if law is law_file_names_are_unique:
            bad = list(bad)[1:]  # a pair is one breach
        yield from (path for path in bad if not any(path in breach for breach in breaches))


def missed_in_libraries(law, bad, good, cc):
    with tempfile.TemporaryDirectory() as folder:
        yield from (f"a good library: {b}" for b in law(compile_library(folder, cc, good)))
        for text in bad:
            if not list(law(compile_library(folder, cc, text))):
                yield text.replace("\n", " ")


def missed_in_program(cc):
    with tempfile.TemporaryDirectory() as folder:
        if not list(law_reporter_links_only_what_it_may(link_program(folder, cc))):
            yield "a program that links libelf"


def cases(root, build, cc):
    """(name, breaches) of every case."""
    library = os.path.join(build, "format", "libtlz.a")
    program = os.path.join(build, "report", "tcplife-report")
    for law, bad in TREE_LAWS.items():
        yield law.__name__, law(root)
        yield law.__name__ + " can fail", missed_in_tree(law, bad)
    for law, (bad, good) in LIBRARY_LAWS.items():
        yield law.__name__, law(library)
        yield law.__name__ + " can fail", missed_in_libraries(law, bad, good, cc)
    law = law_reporter_links_only_what_it_may
    yield law.__name__, law(program)
    yield law.__name__ + " can fail", missed_in_program(cc)


def verdict_of(breaches):
    """The list of breaches, one too when the law could not be tried."""
    try:
        return list(breaches)
    except (OSError, subprocess.CalledProcessError) as error:
        return [getattr(error, "stderr", None) or str(error)]


def main():
    root, build, *cc = sys.argv[1:]
    failed = False
    for name, breaches in cases(root, build, cc):
        found = verdict_of(breaches)
        failed = failed or bool(found)
        name = name.removeprefix("law_").replace("_", " ")
        print(f"FAIL {name}: {'; '.join(found)}" if found else f"PASS {name}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main())
