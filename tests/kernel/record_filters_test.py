#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The same words cut the same sessions in the recorder and in the report.

One mixed traffic is recorded without a filter, and at the same time with each filter. What the filter recorded must be
what the report selects with it from the capture of all.
"""

import collections
import json
import os
import pwd
import subprocess
import sys

from filter_case import NOBODY, OTHER_PORT, PORT, USER, Mixture, Recordings
from kernel_case import Recorder, Skip, Tools, expect, expect_equal, run_cases
from mixed_traffic import SESSIONS_A_PAIR

PAIRS = 5


class Sessions(Mixture):
    """Pairs in all these places."""

    def __init__(self):
        super().__init__("web", [("", 0, 0, OTHER_PORT + 10)])

    def filters(self):
        """Name: (options, what holds for each row)."""
        pids = (self.pairs[0].client, self.pairs[1].server, self.pairs[2].client, self.pairs[3].server)
        some = {
            "-p": (["-p", ",".join(map(str, pids))], lambda row: row.get("pid") in pids),
            "-u": (["-u", str(USER)], lambda row: row["uid"] == USER),
            "-u of root": (["--uid", "0"], lambda row: row["uid"] == 0),
            "-u by name": (["-u", f"{pwd.getpwuid(NOBODY).pw_name},{USER}"], lambda row: row["uid"] in (USER, NOBODY)),
            "--netns self": (["--netns", "self"], lambda row: row["netns"] == self.netns),
            "--netns by path": (["--netns", self.other.path], lambda row: row["netns"] == self.other.inode),
            "--netns by name": (["--netns", "web"], lambda row: row["netns"] == self.other.inode),
            "--netns by number": (["--netns", str(self.other.inode)], lambda row: row["netns"] == self.other.inode),
            "-L": (["-L", str(PORT)], lambda row: row["lport"] == PORT),
            "-D": (["-D", f"{PORT},{OTHER_PORT + 1}"], lambda row: row["rport"] in (PORT, OTHER_PORT + 1)),
            "-4": (["-4"], lambda row: row["family"] == 4),
            "-6": (["-6"], lambda row: row["family"] == 6),
            "-p -6": (["-p", str(pids[0]), "-6"], lambda row: row.get("pid") == pids[0] and row["family"] == 6),
            "-u --netns -4": (["-u", str(USER), "--netns", "self", "-4"],
                              lambda row: (row["uid"], row["netns"], row["family"]) == (USER, self.netns, 4)),
            "-p -u -D": (["-p", ",".join(map(str, pids)), "-u", f"0,{NOBODY}", "-D", str(PORT)],
                         lambda row: row.get("pid") in pids and row["rport"] == PORT and row["uid"] in (0, NOBODY)),
        }
        return some | ({} if self.groups.why_not else self.group_filters())

    def group_filters(self):
        groups = self.groups
        leaf, parent = groups.id("parent/leaf"), groups.id("parent")

        def within(*ids):
            return lambda row: row["cgroup"] in ids

        return {
            "--cgroup": (["--cgroup", groups.path("parent")], within(parent, leaf)),
            "--cgroup of a leaf": (["--cgroup", groups.path("parent/leaf") + "/"], within(leaf)),
            "--cgroup with the mount": (["--cgroup", groups.folder("parent")], within(parent, leaf)),
            "--cgroup by id": (["--cgroup", str(parent)], within(parent, leaf)),
            "--cgroup by a leaf's id": (["--cgroup", str(leaf)], within(leaf)),
            "--cgroup without sessions of its own": (["--cgroup", str(groups.id(""))],
                                                     within(parent, leaf, groups.id("other"))),
            "--cgroup -u -D": (["--cgroup", groups.path("parent"), "-u", str(USER), "-D", f"{PORT},{OTHER_PORT}"],
                               lambda row: (within(parent, leaf)(row) and row["uid"] == USER and
                                            row["rport"] in (PORT, OTHER_PORT))),
        }


def report(tools, capture, options, through_pipe=False):
    with open(capture, "rb") as file:
        source = ["-"] if through_pipe else [capture]
        feeder = subprocess.Popen(["cat"], stdin=file, stdout=subprocess.PIPE) if through_pipe else None
        result = subprocess.run([tools.reporter, "--jsonl", *source, *options], check=False, text=True,
                                stdin=feeder.stdout if feeder else None, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if feeder:
            feeder.stdout.close()
            feeder.wait()
    expect_equal(result.returncode, 0, f"status of the report ({result.stderr.strip()})")
    return [json.loads(line) for line in result.stdout.splitlines()]


def names_of(rows):
    """Sessions by what they have from the beginning to the end."""
    return collections.Counter(
        (None if row["end"] == "still-open" else row.get("cookie"), row["netns"], row["laddr"], row["lport"],
         row["raddr"], row["rport"]) for row in rows)


class Recording(Recordings):
    """What is recorded with a filter is what the report selects with it."""

    def __init__(self, tools, mixture):
        super().__init__(tools, mixture, "--flush", "50ms")
        self.all = self.mine(report(tools, self.captures["all"], []))

    def mine(self, rows):
        return [row for row in rows if self.mixture.has(row["netns"])]

    def try_filter(self, name):
        options, holds = self.filter(name)
        recorded = self.mine(report(self.tools, self.captures[name], []))
        expect(recorded, "nothing was recorded")
        expect(len(recorded) < len(self.all), "all was recorded")
        for row in recorded:
            expect(holds(row), f"recorded {row}")
        for through_pipe in False, True:
            selected = self.mine(report(self.tools, self.captures["all"], options, through_pipe))
            expect_equal(names_of(selected) - names_of(recorded), collections.Counter(), "selected and not recorded")
            expect_equal(names_of(recorded) - names_of(selected), collections.Counter(), "recorded and not selected")
        again = self.mine(report(self.tools, self.captures[name], options))
        expect_equal(names_of(again), names_of(recorded), "what its own filter selects")
        expect_equal(len(recorded), sum(map(holds, self.all)), "sessions for which it holds")


def try_mixture(recording):
    """It has what it should be mixed of."""
    rows = recording.all
    expect_equal(len(rows), SESSIONS_A_PAIR * PAIRS, "sessions")
    found = {key: {row.get(key) for row in rows} for key in ("end", "before_start", "family", "v6_socket", "uid")}
    expect({"closed-here", "closed-there", "reset-here", "reset-there", "refused", "still-open"} <= found["end"],
           f"ends are {found['end']}")
    expect_equal([len(found[key]) for key in ("before_start", "family", "v6_socket", "uid")], [2, 2, 2, 3], "kinds")


def try_noted(recording):
    """A capture says what was filtered, in numbers, and the recorder's namespace."""
    for name, text in (("-u --netns -4", f"-4 -u {USER} --netns {recording.mixture.netns}"),
                       ("--netns by name", f"--netns {recording.mixture.other.inode}")):
        line, = json_info(recording.tools, recording.captures[name])
        expect_equal((line["filters"], line["own_netns"]), (text, recording.mixture.netns), "what is noted")


def json_info(tools, capture):
    return report(tools, capture, ["--info"])


def try_owner_io(tools, mixture):
    """With --owner-io the first that sent or received is known."""
    mixture.start()
    recorder = Recorder(tools, "--owner-io", "--netns", "self", "-L", str(PORT))
    for pair in mixture.pairs:
        pair.run()
    expect_equal(recorder.stop(), 0, f"status ({recorder.text.strip()})")
    line, = json_info(tools, recorder.capture)
    if "sock_send_length" not in line["hooks"]:
        raise Skip(recorder.text.splitlines()[0])
    rows = [row for row in tools.rows(recorder.capture) if row["direction"] == "in"]
    expect(rows, "no session")
    for row in rows:
        expect_equal((row["owner"], row["pid"], row["io_pid"]), ("io", mixture.pairs[0].server,
                                                                 mixture.pairs[0].server), "the owner")
    mixture.stop()


NAMES = ("-p", "-u", "-u of root", "-u by name", "--netns self", "--netns by path", "--netns by name",
         "--netns by number", "-L", "-D", "-4", "-6", "-p -6", "-u --netns -4", "-p -u -D", "--cgroup",
         "--cgroup of a leaf", "--cgroup with the mount", "--cgroup by id", "--cgroup by a leaf's id",
         "--cgroup without sessions of its own", "--cgroup -u -D")


def main():
    tools = Tools(sys.argv)
    made = []

    def mixture():
        return made[0]

    def recording():
        if len(made) == 1:
            made.append(Recording(tools, mixture()))
        return made[1]

    run_cases(tools, lambda: made.append(Sessions()), [
        ("the traffic", lambda: try_mixture(recording())),
        *((name, lambda name=name: recording().try_filter(name)) for name in NAMES),
        ("what is noted", lambda: try_noted(recording())),
        ("--owner-io", lambda: try_owner_io(tools, mixture())),
    ], lambda: mixture().end())


main()
