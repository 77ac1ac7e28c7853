#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The right process on both sides of every session, in each way to end one and to hand a socket on.

A row that claims to know its owner must be right, always. Beside it, for the reader of the output alone, is what
libbpf-tools tcplife says of the same sessions. OWNER_TEST_SESSIONS=N makes N sessions of each kind, for a quick run.
"""

import collections
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))
from bpf_peer import Peer, peer_rows  # noqa: E402
from kernel_case import (Failure, Recorder, Tools, by_tuple, enter_namespace, expect, expect_equal,  # noqa: E402
                         run_cases)

SESSIONS = int(os.environ.get("OWNER_TEST_SESSIONS", "1000"))
PEER = "/usr/sbin/tcplife"
FIRST_PORT = 20001  # below the range from which clients get theirs; each cell has its own
KNOWN = ("connect", "accept", "io", "close")  # owners that are never wrong
MISSING_SHARE = 0.001  # whose last change of state the kernel did not let be seen; they are counted as lost
UNKNOWN_SHARE = 0.001
UNKNOWN_SHARE_UNACCEPTED = 0.05
WORKERS = 4

# name: (mode of the traffic, processes that serve). The process that listens is never one of them.
CELLS = {
    "client FIN first": ("client-fin", 1),
    "server FIN first": ("server-fin", 1),
    "client reset": ("client-reset", 1),
    "server reset": ("server-reset", 1),
    "reset, no data": ("reset-accepted", 1),
    "reset before accept": ("reset-unaccepted", 1),
    "no data": ("empty", 1),
    "half-close": ("half-close", 1),
    "client killed": ("killed", 1),
    "server killed": ("server-killed", 1),
    "socket passed on": ("passed", 1),
    "prefork": ("prefork", WORKERS),
    "prefork, reset": ("prefork-reset", WORKERS),
    "threads": ("threads", 1),
    "io_uring": ("io-uring", 1),
    "io_uring, async": ("io-uring-async", 1),
}


class Cell:
    """One kind of sessions in one family: what was made, and what was said of it."""

    def __init__(self, name, family, port):
        self.name, self.family, self.port = name, family, port
        self.ledger, self.rows, self.lost = [], {}, 0

    def make(self, tools):
        mode, workers = CELLS[self.name]
        recorder = Recorder(tools, "--netns", "self")
        self.ledger = tools.make_traffic(mode, "--family", self.family, "--count", str(SESSIONS - SESSIONS % workers),
                                         "--port", str(self.port), "--workers", str(workers))
        expect_equal(recorder.stop(), 0, f"the recorder's status ({recorder.text.strip()})")
        self.lost = recorder.lost  # of the whole machine
        self.rows = by_tuple(row for row in tools.rows(recorder.capture) if self.port in (row["lport"], row["rport"]))

    def pairs(self):
        """Each line of the ledger with its row, or None. No row must be left."""
        groups = {key: collections.deque(rows) for key, rows in self.rows.items()}
        for line in self.ledger:
            group = groups.get(tuple(line[key] for key in ("laddr", "lport", "raddr", "rport")))
            yield line, group.popleft() if group else None
        expect(not any(groups.values()), "rows that no session made")

    def check(self):
        lines = collections.Counter(line["side"] for line in self.ledger)
        expect_equal(lines["client"], lines["server"], "sessions of the server")
        expect(lines["client"] > 0, "no session was made")
        unknown = collections.Counter()
        wrong, missing = [], []
        for line, row in self.pairs():
            if not row:
                missing.append(line)
            elif row["owner"] not in KNOWN:
                unknown[line["side"]] += 1
            elif not is_right(line, row):
                wrong.append((line, row))
        expect(not wrong, f"{len(wrong)} rows name the wrong process, the first is {wrong[:1]}")
        expect(len(missing) <= min(self.lost, MISSING_SHARE * len(self.ledger)),
               f"{len(missing)} rows are missing and {self.lost} counted as lost, the first is {missing[:1]}")
        share = UNKNOWN_SHARE_UNACCEPTED if CELLS[self.name][0] == "reset-unaccepted" else UNKNOWN_SHARE
        for side, count in unknown.items():
            expect(count <= share * lines[side], f"of {count} of the {lines[side]} rows of a {side} "
                   "the owner is not known")

    def summary(self, theirs):
        """A line a side: sessions, our rows, the right ones, and the peer's."""
        for side in ("client", "server"):
            lines = [line for line in self.ledger if line["side"] == side]
            pairs = [(line, row) for line, row in self.pairs() if line["side"] == side and row]
            right = sum(is_right(line, row) for line, row in pairs)
            owners = collections.Counter(row["owner"] for _, row in pairs)
            text = f"# {self.name:20} {self.family} {side:7}{len(lines):6} made{len(pairs):6} rows{right:6} right " \
                   f"({', '.join(f'{owner} {count}' for owner, count in owners.most_common())})"
            if theirs is not None:
                seen = [(line, theirs[ports_of(line)].popleft()) for line in lines if theirs[ports_of(line)]]
                text += f"; peer{len(seen):6} rows{sum(line['pid'] == pid for line, pid in seen):6} right"
            yield text


def ports_of(line):
    return line["lport"], line["rport"]


def is_right(line, row):
    return (row.get("pid"), row.get("comm")) == (line["pid"], line["comm"])


def start_peer(tools):
    """The peer at work, or None; then why is printed."""
    if not os.access(PEER, os.X_OK):
        print(f"# no peer beside it: there is no {PEER}")
        return None
    try:
        return Peer(PEER, tools)
    except SystemExit as reason:
        print(f"# no peer beside it: {reason}")
        return None


def print_summary(cells, peer):
    theirs = None
    if peer:
        theirs = collections.defaultdict(collections.deque)
        for ports, pid in peer_rows(peer.stop()):
            theirs[ports].append(pid)
    for cell in cells:
        try:
            for line in cell.summary(theirs):
                print(line, flush=True)
        except Failure as reason:
            print(f"# {cell.name}: {reason}", flush=True)


def main():
    tools = Tools(sys.argv)
    peers = []
    cells = [Cell(name, family, FIRST_PORT + 2 * i + (family == "6"))
             for i, name in enumerate(CELLS) for family in ("4", "6")]

    def setup():
        enter_namespace()
        peers.append(start_peer(tools))

    def try_cell(cell):
        cell.make(tools)
        cell.check()

    run_cases(tools, setup, [(f"{cell.name}, {cell.family}", lambda cell=cell: try_cell(cell)) for cell in cells],
              lambda: print_summary(cells, peers[0]))


main()
