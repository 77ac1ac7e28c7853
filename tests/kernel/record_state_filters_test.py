#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--states with filters: each is asked of a change by what its own row says, so it selects in the kernel what the same
words select later from the rows of all.

One mixed traffic is recorded without a filter, and at the same time with each.
"""

import collections
import signal
import sys

from kernel_case import Recorder, Skip, Tools, enter_namespace, expect, expect_equal, run_cases
from mixed_traffic import Groups, Namespace, Pair, hide_run
from state_case import Changes, second_reader

USER, NOBODY = 1001, 65534
PORT, OTHER_PORT = 21820, 21830
TRIES = 4  # other traffic on the machine may cost some changes


class Mixture:
    """Processes of three users, in two namespaces and three control groups."""

    def __init__(self):
        second_reader()
        self.netns = enter_namespace()
        hide_run()
        self.other = Namespace("states")
        self.groups = Groups()
        self.pairs = []

    def start(self):
        for namespace, group, client, server, port in (
                (None, "parent", 0, USER, PORT), (None, "parent/leaf", USER, USER, OTHER_PORT),
                (self.other.path, "parent/leaf", NOBODY, 0, PORT), (self.other.path, "other", USER, NOBODY, OTHER_PORT)):
            folder = None if self.groups.why_not else self.groups.folder(group)
            self.pairs.append(Pair(namespace, folder, client, server, port))

    def stop(self):
        while self.pairs:
            self.pairs.pop().stop()

    def end(self):
        self.stop()
        self.other.stop()
        self.groups.remove()

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


class Recording:
    """The captures: of all, and of each filter."""

    def __init__(self, tools, mixture):
        self.tools, self.mixture = tools, mixture
        for _ in range(TRIES):
            mixture.start()
            self.filters = mixture.filters()
            if self.record():
                break
            mixture.stop()
        self.all = self.mine("all")

    def record(self):
        """False when something was lost."""
        recorders = {"all": Recorder(self.tools, "--states", "--ring", "64M", capture="all.tlz")}
        for i, (name, (options, _)) in enumerate(self.filters.items()):
            recorders[name] = Recorder(self.tools, "--states", *options, capture=f"{i}.tlz")
        for pair in self.mixture.pairs:
            pair.run()
        for recorder in recorders.values():
            recorder.process.send_signal(signal.SIGINT)
        for name, recorder in recorders.items():
            expect_equal(recorder.wait(), 0, f"status of {name} ({recorder.text.strip()})")
        self.captures = {name: recorder.capture for name, recorder in recorders.items()}
        return not any(recorder.lost or recorder.lost_states for recorder in recorders.values())

    def mine(self, name):
        """Others use this machine, too."""
        return [row for row in Changes(self.captures[name]).rows
                if row.netns in (self.mixture.netns, self.mixture.other.inode)]

    def try_filter(self, name):
        if self.mixture.groups.why_not and name.startswith("--cgroup"):
            raise Skip(self.mixture.groups.why_not)
        _, holds = self.filters[name]
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
            made[0].stop()
        return made[1]

    run_cases(tools, lambda: made.append(Mixture()), [
        ("the traffic", lambda: try_mixture(recording())),
        *((name, lambda name=name: recording().try_filter(name)) for name in NAMES),
    ], lambda: made[0].end())


main()
