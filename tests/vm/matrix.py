# SPDX-License-Identifier: BSD-2-Clause
"""What is recorded in each machine: by each of the recorder's paths into a kernel, sessions of each kind."""

from session_case import MODES

# A path's name, and options that make the recorder take it.
PATHS = {
    "default": "",
    "states": "--states --owner-io",
    "hash": "--storage hash",
    "tracepoint": "--hooks tracepoint --states",
    "kprobe": "--hooks kprobe --states",
    "perf": "--hooks tracepoint --transport perf --btf /sys/kernel/btf/vmlinux",
}
FAMILIES = ("4", "6", "mapped")
# All that the kernel tests make, where it is quick and the path is everybody's; otherwise one of each kind.
ALL = [(mode, family) for mode in MODES for family in FAMILIES]
FEW = [("client-fin", "4"), ("server-fin", "6"), ("client-reset", "mapped"), ("server-reset", "4"), ("refused", "6"),
       ("unaccepted", "4"), ("killed", "6"), ("disconnect", "4")]
FIRST_PORT = 20001  # below the range from which clients get theirs; each kind of sessions has its own
COUNT_MAX = 10


def traffic_of(arch, path):
    """{(mode, family): (how many sessions, their port)}"""
    kinds = ALL if (arch, path) == ("amd64", "default") else FEW
    return {(mode, family): (min(MODES[mode][0], COUNT_MAX), FIRST_PORT + i) for i, (mode, family) in enumerate(kinds)}


def tables_of(arch):
    """The guest's tables: texts by name."""
    tables = {"paths": "".join(f"{name} {options}\n" for name, options in PATHS.items())}
    for path in PATHS:
        tables[f"{path}.traffic"] = "".join(f"{mode} {family} {count} {port}\n" for (mode, family), (count, port)
                                            in traffic_of(arch, path).items())
    return tables
