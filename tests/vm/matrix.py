# SPDX-License-Identifier: BSD-2-Clause
"""What is recorded in each machine: the recorder's ways into a kernel, and the traffic of each."""

from session_case import MODES

# A name, and options that make the recorder take that way.
PATHS = [
    ("default", ""),
    ("states", "--states --owner-io"),
]
FIRST_PORT = 20001  # below the range from which clients get theirs; each mode has its own
FAMILIES = ("4", "6", "mapped")
# All that the kernel tests make, on amd64; an emulated machine of another kind is slower.
ALL = [(mode, family) for mode in MODES for family in FAMILIES]
FEW = [("client-fin", "4"), ("server-fin", "6"), ("client-reset", "mapped"), ("refused", "4"), ("unaccepted", "6"),
       ("killed", "4")]


def traffic_of(arch):
    """(mode, family): its port."""
    return {key: FIRST_PORT + i for i, key in enumerate(ALL if arch == "amd64" else FEW)}


def tables_of(arch):
    """The guest's tables: texts by name."""
    return {"paths": "".join(f"{name} {options}\n" for name, options in PATHS),
            "traffic": "".join(f"{mode} {family} {MODES[mode][0]} {port}\n"
                               for (mode, family), port in traffic_of(arch).items())}
