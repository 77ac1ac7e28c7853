#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--states beside libbpf-tools' tcpstates: every event that the peer shows is a row, with equal columns.

Both watch the whole machine at the same time. The peer says nothing of when it watches: it does when what a process
does on each processor, again and again, has shown in its output; and what it has shown comes in order, for each
processor. What its own buffer lost it says, too.
"""

import collections
import os
import re
import shutil
import signal
import socket
import subprocess
import sys

from kernel_case import Recorder, Skip, Tools, enter_namespace, expect, expect_equal, run_cases
from network_case import Namespace, await_that
from state_case import Changes, second_reader

PEER = "/usr/sbin/tcpstates"
MODES = ("client-fin", "server-fin", "half-close", "client-reset", "server-reset", "unaccepted", "killed", "refused")
FAMILIES = ("4", "6", "mapped")
MARK_PORT, LAST_MARK_PORT = 21600, 21700  # nobody listens there
# The wide form; the peer cuts a comm at 16, and an address at 25.
LINE = re.compile(r"([0-9a-f]+) +(\d+) +(.{16}) ([46]) +(\S+) +(\d+) +(\S+) +(\d+) +(\S+) +-> (\S+) +(\d+\.\d{3})$")
TRIES = 4  # other traffic on the machine may cost some changes
NEAR_MS = 0.05
# Both read the clock, one after the other; between, a virtual processor may be taken away.
NEAR_SHARE = 0.98

Event = collections.namedtuple("Event", "pid comm family laddr lport raddr rport old new")


def refuse_on_each_processor(port):
    """A connection that is refused, from each processor, to that port and those behind it."""
    processors = os.sched_getaffinity(0)
    for processor in processors:
        os.sched_setaffinity(0, {processor})
        with socket.socket() as s:
            s.connect_ex(("127.0.0.1", port + processor))
    os.sched_setaffinity(0, processors)
    return {port + processor for processor in processors}


class Peer:
    """tcpstates, from when it watches."""

    def __init__(self, tools):
        if not os.path.exists(PEER) or not shutil.which("stdbuf"):
            raise Skip(f"no {PEER}, or no stdbuf command")
        self.path = tools.path("peer.out")
        with open(self.path, "wb") as output:
            # pylint: disable-next=consider-using-with
            self.process = subprocess.Popen(["stdbuf", "-oL", PEER, "-w"], stdout=output, stderr=subprocess.PIPE,
                                            text=True)
        Recorder.running.append(self.process)
        wanted = set()

        def watches():
            if self.process.poll() is not None:
                raise Skip(f"{PEER} does not run: {self.process.stderr.read().strip()}")
            wanted.update(refuse_on_each_processor(MARK_PORT))
            return self.has_ended(wanted)

        await_that(watches, "the peer shows something")

    def text(self):
        with open(self.path, encoding="ascii", errors="replace") as file:
            return file.read()

    def has_ended(self, ports):
        """Whether it has shown the end of a connection to each."""
        lines = (LINE.match(line) for line in self.text().splitlines())
        return ports <= {int(line[8]) for line in lines if line and line[10] == "CLOSE"}

    def stop(self):
        wanted = refuse_on_each_processor(LAST_MARK_PORT)
        await_that(lambda: self.has_ended(wanted), "the peer shows the last")
        self.process.send_signal(signal.SIGINT)
        _, self.errors = self.process.communicate()

    def events(self):
        """(its socket, event, ms) of each line, but the first and those that are cut off."""
        for line in self.text().splitlines()[1:]:
            found = LINE.match(line)
            expect(found, f"the peer's line '{line}'")
            sk, pid, comm, family, laddr, lport, raddr, rport, old, new, ms = found.groups()
            yield sk, Event(int(pid), comm.rstrip(), int(family), laddr, int(lport), raddr, int(rport), old,
                            new), float(ms)


def our_events(changes):
    for row in changes.rows:
        yield row.socket, Event(row.pid, row.comm.rstrip(), 6 if row.v6_socket else 4, row.laddr, row.lport, row.raddr,
                                row.rport, row.old, row.new), (row.in_old_us or 0) / 1000


def by_socket(events):
    sockets = collections.defaultdict(list)
    for sk, event, ms in events:
        sockets[sk].append((event, ms))
    return sockets


def by_event(events):
    times = collections.defaultdict(list)
    for event, ms in events:
        times[event].append(ms)
    return times


def holds(mine, theirs):
    """The peer shows what different processors saw in any order."""
    return all(len(mine.get(event, ())) >= len(times) for event, times in theirs.items())


def distances(mine, theirs):
    """How far each of their times is from ours."""
    for event, times in theirs.items():
        free = list(mine[event])
        for ms in times:
            nearest = min(free, key=lambda own: abs(own - ms))
            free.remove(nearest)
            yield abs(nearest - ms)


def match(places):
    """A place of its own for each socket, the nearest that the others leave it: augmenting paths."""
    taken = {}

    def take(sk, tried):
        for place in places[sk]:
            if place not in tried:
                tried.add(place)
                if place not in taken or take(taken[place], tried):
                    taken[place] = sk
                    return True
        return False

    for sk in sorted(places, key=lambda sk: len(places[sk])):
        expect(take(sk, set()), f"the peer's {sk} is one of ours, {places[sk]}, that other sockets of the peer's are, too")
    return {sk: place for place, sk in taken.items()}


def compare(ours, theirs):
    """Each of the peer's sockets is one of ours: (events that are equal, those whose time is near)."""
    ours = {number: by_event(events) for number, events in by_socket(ours).items()}
    theirs = {sk: by_event(events) for sk, events in by_socket(theirs).items()}
    numbers = collections.defaultdict(set)
    for number, events in ours.items():
        for event in events:
            numbers[event].add(number)
    places = {}
    for sk, events in theirs.items():
        able = [number for number in numbers[next(iter(events))] if holds(ours[number], events)]
        expect(able, f"no socket of ours has what the peer's {sk} has: {events}")
        # Sockets that differ in nothing else, such as those that listen at one port in turn, are told apart by times.
        places[sk] = sorted(able, key=lambda place, events=events: sum(distances(ours[place], events)))
    compared = near = 0
    for sk, number in match(places).items():
        far = list(distances(ours[number], theirs[sk]))
        compared += len(far)
        near += sum(distance <= NEAR_MS for distance in far)
    return compared, near


def watch(tools, family):
    """Both, while the traffic is made: the recorder, the peer, and the number of sides of sessions."""
    recorder = Recorder(tools, "--states", "--ring", "64M")
    peer = Peer(tools)
    made = 0
    for mode in MODES:
        made += len(tools.make_traffic(mode, "--family", family, "--count", "25"))
    here = Namespace(make=False)
    await_that(lambda: not here.has_sessions(), "all sessions have ended")
    os.close(here.fd)
    peer.stop()
    expect_equal(recorder.stop(), 0, f"the recorder's status ({recorder.text.strip()})")
    return recorder, peer, made


def try_peer(tools, family):
    for _ in range(TRIES):
        recorder, peer, made = watch(tools, family)
        if not recorder.lost_states:
            break
    expect_equal(recorder.lost_states, 0, "changes lost, anybody's on this machine")
    theirs = list(peer.events())
    changes = Changes(recorder.capture)
    expect(len(theirs) > 3 * made, f"the peer shows {len(theirs)} events of {made} sides of sessions")
    compared, near = compare(our_events(changes), theirs)
    expect_equal(compared, len(theirs), "events that were compared")
    expect(near >= NEAR_SHARE * compared, f"the times of {compared - near} of {compared} events are not within {NEAR_MS} ms")
    # And it shows all that we have of this namespace, from its first mark to its last.
    if "lost" not in peer.errors:
        ports = range(MARK_PORT, LAST_MARK_PORT + 100)
        mine = collections.Counter(event for row, (_, event, _) in zip(changes.rows, our_events(changes))
                                   if row.netns == NETNS[0] and row.rport not in ports)
        mine.subtract(event for _, event, _ in theirs)
        expect_equal(+mine, collections.Counter(), "rows that the peer has not")


NETNS = []


def main():
    tools = Tools(sys.argv)

    def setup():
        second_reader()
        NETNS.append(enter_namespace())

    run_cases(tools, setup, [(f"tcpstates, {family}", lambda family=family: try_peer(tools, family))
                             for family in FAMILIES])


main()
