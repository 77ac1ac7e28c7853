# SPDX-License-Identifier: BSD-2-Clause
"""Changes of state in a capture, read by the second reader (tests/second_reader), which needs modules of the system's
own Python."""

import os
import socket
import sys

from kernel_case import STATES, Skip, expect, expect_equal

STATE_NAMES = (None, "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE",
               "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "NEW_SYN_RECV")
OWNERS = ("connect_pid", "io_pid", "closer_pid", "accept_pid", "listen_pid", "task_file_pid")  # best first
LOSS_CAUSES = (None, "ring-full", "no-storage", "write-error", "unseen")


def second_reader():
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "second_reader"))
    try:
        import tlz  # pylint: disable=import-outside-toplevel
    except ImportError as error:
        raise Skip(f"the second reader cannot be used: {error}") from None
    return tlz


def is_mapped(address):
    return address[:12] == bytes(10) + b"\xff\xff"


def address_text(address, v6_socket):
    """As the peers print it."""
    if not v6_socket:
        expect(is_mapped(address), f"an IPv4 socket has the address {address}")
        return socket.inet_ntop(socket.AF_INET, address[12:])
    return socket.inet_ntop(socket.AF_INET6, address)


class Change(dict):
    """A row; its fields are attributes, too, None where absent."""

    def __getattr__(self, name):
        return self.get(name)

    def __init__(self, row):
        super().__init__({key: value for key, value in row.items() if value is not None})
        self["old"], self["new"] = (STATE_NAMES[self.pop(name)] for name in ("old_state", "new_state"))
        self["family"] = 4 if is_mapped(self.laddr) else 6  # as the report derives it
        for name in ("laddr", "raddr"):
            self[name] = address_text(self[name], self.v6_socket)
        for name in [name for name in self if name.endswith("comm")]:
            self[name] = self[name].decode("ascii")
        self["owner"] = next((self[name] for name in OWNERS if name in self), None)

    def step(self):
        return self.old, self.new

    def place(self):
        return self.laddr, self.lport, self.raddr, self.rport


class Changes:
    """What a capture holds of changes of state."""

    def __init__(self, capture, netns=None):
        tlz = second_reader()
        self.rows, self.losses, self.end = [], {}, None
        with open(capture, "rb") as file:
            data = file.read()
        for item in tlz.read(data):
            expect(not isinstance(item, tlz.Damage), f"damage in the capture: {item}")
            if item.type == tlz.STATES:
                self.rows += [Change(row) for row in item.content.rows]
            elif item.type == tlz.STATES_LOSS:
                cause = LOSS_CAUSES[item.content.cause]
                self.losses[cause] = self.losses.get(cause, 0) + item.content.count
                expect(item.content.from_us <= item.content.to_us, "the time range of a loss")
            elif item.type == tlz.END:
                self.end = item.content
        expect_equal(self.end and self.end.get("states", 0), len(self.rows), "changes by the end block")
        expect_equal(self.end.get("states_lost", 0), self.lost(), "changes lost by the end block")
        if netns is not None:
            self.rows = [row for row in self.rows if row.netns == netns]

    def lost(self):
        return sum(self.losses.values())

    def lives(self):
        """The changes of each socket, in order; an address that is used again is another socket."""
        sockets, lives = {}, []
        for row in sorted(self.rows, key=lambda row: row.time_us):  # stable: of one time, as they were sent
            if row.old in ("CLOSE", "LISTEN") and row.new != "CLOSE" or row.socket not in sockets:
                sockets[row.socket] = []
                lives.append(sockets[row.socket])
            sockets[row.socket].append(row)
        return lives


def check_life(life, tolerance_us=0):
    """Each change begins where the one before it has ended, and tells how long ago that was. tolerance_us: of times of
    blocks that have clocks of their own, in a life of more than a second."""
    expect_equal(life[0].in_old_us, None, "the time before what was seen first")
    for before, row in zip(life, life[1:]):
        expect_equal(row.old, before.new, f"the state before {row}")
        if before.new == "CLOSE":
            continue
        off_us = abs(row.in_old_us - (row.time_us - before.time_us))
        expect(off_us <= tolerance_us, f"the time in {row.old} is {row.in_old_us}, off by {off_us}")
        for name in OWNERS:
            expect(before.get(name) in (None, row.get(name)), f"{name} is another than before {row}")
    for row in life:
        expect_equal((row.netns, row.v6_socket), (life[0].netns, life[0].v6_socket), "what never changes")


def check_session(life, sessions, tolerance_us=0):
    """The session's own row has the same times, to the microsecond, and the same end. tolerance_us: as in
    check_life()."""
    end = life[-1]
    row = min((row for row in sessions if (row["lport"], row["rport"]) == (end.lport, end.rport)),
              key=lambda row: abs(row["close_us"] - end.time_us), default=None)
    expect(row, f"no session ended with {end}")
    off_us = abs(row["close_us"] - end.time_us)
    expect(off_us <= tolerance_us, f"the last change's time is off by {off_us}")
    known = {STATES[change.old]: change.in_old_us for change in life[1:]}
    expect_equal({name: row[name] for name in STATES.values() if name in row}, known, "times in the states")
    expect_equal(row["last_state"], end.old, "the last state")
    for name in ("connect_pid", "listen_pid", "uid", "netns", "cgroup", "v6_socket"):
        expect_equal(end[name] if name in end else None, row.get(name), f"{name} of the last change")


def path_of(life):
    return tuple([life[0].old] + [row.new for row in life])
