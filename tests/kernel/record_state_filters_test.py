#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--states with filters: each is asked of a change by what its own row says, so it selects in the kernel what the same
words select later from the rows of all.

One mixed traffic is recorded without a filter, and at the same time with each.
"""

import collections
import sys

from filter_case import NOBODY, OTHER_PORT, PORT, USER, Mixture, Recordings
from kernel_case import Tools, expect, expect_equal, run_cases
from state_case import Changes, second_reader


class States(Mixture):
    """Pairs in all these places."""

    def __init__(self):
        second_reader()
        super().__init__("states")

    def filters(self):
        """Name: (options, what holds for each row)."""
        pids = (self.pairs[0].client, self.pairs[1].server, self.pairs[2].client)
        some = {
            "-L": (["-L", str(PORT)], lambda row: row.lport == PORT),
            "-D": (["-D", f"{PORT},{OTHER_PORT}"], lambda row: row.rport in (PORT, OTHER_PORT)),
            "-L -D": (["-L", str(PORT), "-D", str(PORT)], lambda row: row.lport == row.rport == PORT),
            "-4": (["-4"], lambda row: row.family == 4),
            "-6": (["-6"], lambda row: row.family == 6),
            "-u": (["-u", f"{USER}"], lambda row: row.uid == USER),
            "-p": (["-p", ",".join(map(str, pids))], lambda row: row.owner in pids),
            "-p -L -4": (["-p", str(pids[1]), "-L", str(OTHER_PORT), "-4"],
                         lambda row: (row.owner, row.lport, row.family) == (pids[1], OTHER_PORT, 4)),
            "--netns": (["--netns", "self"], lambda row: row.netns == self.netns),
        }
        if not self.groups.why_not:
            ids = [self.groups.id(name) for name in ("parent", "parent/leaf")]
            some["--cgroup"] = (["--cgroup", self.groups.path("parent")], lambda row: row.cgroup in ids)
            some["--cgroup of a leaf"] = (["--cgroup", self.groups.path("parent/leaf")], lambda row: row.cgroup == ids[1])
        return some


def key_of(row):
    """All but the numbers of sockets and the times, which are a recorder's own."""
    return tuple(sorted((name, value) for name, value in row.items() if not name.endswith("_us") and name != "socket"))


class Recording(Recordings):
    """What is recorded with a filter is what holds of all."""

    def __init__(self, tools, mixture):
        super().__init__(tools, mixture, "--states")
        self.all = self.mine("all")

    def mine(self, name):
        return [row for row in Changes(self.captures[name]).rows if self.mixture.has(row.netns)]

    def try_filter(self, name):
        _, holds = self.filter(name)
        recorded = self.mine(name)
        for row in recorded:
            expect(holds(row), f"recorded {row}")
        found = collections.Counter(map(key_of, recorded))
        wanted = collections.Counter(key_of(row) for row in self.all if holds(row))
        expect_equal(wanted - found, collections.Counter(), "of all, and not recorded")
        expect_equal(found - wanted, collections.Counter(), "recorded, and not of all")
        if name != "-L -D":  # a port of both ends is nobody's here
            expect(0 < len(recorded) < len(self.all), f"{len(recorded)} of {len(self.all)} rows")


NAMES = ("-L", "-D", "-L -D", "-4", "-6", "-u", "-p", "-p -L -4", "--netns", "--cgroup", "--cgroup of a leaf")


def try_mixture(recording):
    """It has what filters are about."""
    rows = recording.all
    expect({("CLOSE", "SYN_SENT"), ("ESTABLISHED", "CLOSE"), ("SYN_SENT", "CLOSE"), ("LAST_ACK", "CLOSE")} <=
           {row.step() for row in rows}, "changes that are missing")
    expect_equal({row.family for row in rows}, {4, 6}, "families")
    expect({0, USER, NOBODY} == {row.uid for row in rows}, "users")
    expect(any(row.lport == 0 for row in rows), "no change before a port is chosen")


def main():
    tools = Tools(sys.argv)
    made = []

    def recording():
        if len(made) == 1:
            made.append(Recording(tools, made[0]))
        return made[1]

    run_cases(tools, lambda: made.append(States()), [
        ("the traffic", lambda: try_mixture(recording())),
        *((name, lambda name=name: recording().try_filter(name)) for name in NAMES),
    ], lambda: made[0].end())


main()
