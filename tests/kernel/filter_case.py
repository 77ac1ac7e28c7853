# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of the kernel's filters share: one mixed traffic, recorded without a filter, and at the same time with
each."""

import signal

from kernel_case import Recorder, Skip, enter_namespace, expect_equal
from mixed_traffic import Groups, Namespace, Pair, hide_run

USER, NOBODY = 1001, 65534
TRIES = 4  # other traffic on the machine may cost some sessions
PORT, OTHER_PORT = 21800, 21810


class Mixture:
    """The places and the processes of the traffic: of several users, in two namespaces and three control groups."""

    def __init__(self, name, more=()):
        """name: the other namespace's. more: (control group, client's user, server's user, port) of pairs besides."""
        self.netns = enter_namespace()
        hide_run()
        self.other = Namespace(name)
        self.groups = Groups()
        self.more = more
        self.pairs = []

    def folder(self, name):
        return self.groups.folder(name) if name and not self.groups.why_not else None

    def start(self):
        """Their first sessions are open when this returns."""
        here, there = None, self.other.path
        for namespace, group, client, server, port in (
                (here, "parent", 0, USER, PORT), (here, "parent/leaf", USER, USER, OTHER_PORT),
                (there, "parent/leaf", NOBODY, 0, PORT), (there, "other", USER, NOBODY, OTHER_PORT),
                *((here, *pair) for pair in self.more)):
            self.pairs.append(Pair(namespace, self.folder(group), client, server, port))

    def stop(self):
        while self.pairs:
            self.pairs.pop().stop()

    def end(self):
        self.stop()
        self.other.stop()
        self.groups.remove()

    def has(self, netns):
        """Others use this machine, too."""
        return netns in (self.netns, self.other.inode)


class Recordings:
    """The captures: of all, and of each filter; with the mixture that they are of, which has ended."""

    def __init__(self, tools, mixture, *options):
        """The mixture's filters() gives name: (options, what holds for each row)."""
        self.tools, self.mixture, self.options = tools, mixture, options
        for _ in range(TRIES):
            mixture.start()
            self.filters = mixture.filters()
            if self.record():
                break
            mixture.stop()
        mixture.stop()

    def record(self):
        """False when something was lost."""
        recorders = {"all": Recorder(self.tools, *self.options, "--ring", "64M", capture="all.tlz")}
        for i, (name, (options, _)) in enumerate(self.filters.items()):
            recorders[name] = Recorder(self.tools, *self.options, *options, capture=f"{i}.tlz")
        for pair in self.mixture.pairs:
            pair.run()
        for recorder in recorders.values():
            recorder.process.send_signal(signal.SIGINT)
        for name, recorder in recorders.items():
            expect_equal(recorder.wait(), 0, f"status of {name} ({recorder.text.strip()})")
        self.captures = {name: recorder.capture for name, recorder in recorders.items()}
        return not any(recorder.lost or recorder.lost_states for recorder in recorders.values())

    def filter(self, name):
        """Its options, and what holds for each row."""
        if self.mixture.groups.why_not and name.startswith("--cgroup"):
            raise Skip(self.mixture.groups.why_not)
        return self.filters[name]
