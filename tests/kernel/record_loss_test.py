#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What cannot be recorded is counted: recorded and lost together are what was made, exactly."""

import json
import os
import resource
import signal
import socket
import subprocess
import sys

from kernel_case import Recorder, Skip, Tools, enter_namespace, expect, expect_equal, run_cases
from network_case import spread_interrupts

PORT = 21713  # below the range from which clients get theirs
OPTMEM_MAX = "/proc/sys/net/core/optmem_max"
ADVICE = {"ring-full": "--ring", "no-storage": "net.core.optmem_max"}  # what helps, and is said


def check_ledger(tools, recorder, made, cause):
    """In the recorder's words, in the rows and in the losses that the capture holds."""
    rows = [row for row in tools.rows(recorder.capture) if row["lport"] == PORT]
    expect_equal(recorder.sessions, len(rows), "sessions in the closing line")
    expect_equal(recorder.sessions + recorder.lost, made, "recorded and lost together")
    document = json.loads(subprocess.run([tools.reporter, "--json", recorder.capture], check=False,
                                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)
    losses = document["losses"]
    expect_equal(sum(loss["count"] for loss in losses), recorder.lost, "losses in the capture")
    expect_equal({loss["cause"] for loss in losses}, {cause}, "their cause")
    expect(ADVICE[cause] in recorder.text, f"no word of {ADVICE[cause]} in: {recorder.text.strip()}")
    for loss in losses:
        expect(loss["from_us"] <= loss["to_us"], "the time range of a loss")


def try_full_ring(tools, mode):
    """Nobody reads the ring while it fills."""
    count = 2000
    recorder = Recorder(tools, "--netns", "self", "-L", str(PORT), "--ring", "4K")
    recorder.process.send_signal(signal.SIGSTOP)
    try:
        tools.make_traffic(mode, "--port", str(PORT), "--count", str(count))
    finally:
        recorder.process.send_signal(signal.SIGCONT)
    expect_equal(recorder.stop(), 0, "the recorder's status")
    expect(0 < recorder.sessions < 100, f"{recorder.sessions} sessions in a ring of 4 KB")
    check_ledger(tools, recorder, count, "ring-full")


def try_racing_ring(tools):
    """It is read as fast as can be, and is far too small."""
    count = 10000
    recorder = Recorder(tools, "--netns", "self", "-L", str(PORT), "--ring", "4K")
    tools.make_traffic("client-reset", "--port", str(PORT), "--count", str(count))
    expect_equal(recorder.stop(), 0, "the recorder's status")
    expect_equal(recorder.sessions + recorder.lost, count, "recorded and lost together")
    expect_equal(recorder.sessions, sum(row["lport"] == PORT for row in tools.rows(recorder.capture)), "rows")


def swap_limit(limit):
    """Sets how much memory a socket may have for options and storage; the limit before."""
    try:
        with open(OPTMEM_MAX, encoding="ascii") as file:
            before = file.read()
        with open(OPTMEM_MAX, "w", encoding="ascii") as file:
            file.write(limit)
    except OSError as error:
        raise Skip(f"{OPTMEM_MAX} is not the namespace's own: {error}") from None
    return before


def open_sessions(count, listener):
    """So many sessions; their sockets on both sides."""
    sockets = []
    for _ in range(count):
        client = socket.create_connection(listener.getsockname())
        sockets += [client, listener.accept()[0]]
    return sockets


def try_no_storage(tools):
    """More sessions are open than the table has places for, and the kernel refuses the storage of sockets; sessions
    then are no sessions from before the start."""
    count = 9000  # of two sides each; the table has 16,384 places
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits[1], limits[1]))
    if limits[1] < 2 * count + 100:
        raise Skip(f"no more than {limits[1]} files may be open")
    before = swap_limit("1")
    try:
        recorder = Recorder(tools, "--netns", "self", "-L", str(PORT))
        with socket.create_server(("127.0.0.1", PORT), backlog=128) as listener:
            for s in open_sessions(count, listener):
                s.close()
        expect_equal(recorder.stop(), 0, "the recorder's status")
    finally:
        swap_limit(before)
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    expect(0 < recorder.lost < count, f"{recorder.lost} sessions lost of {count}")
    check_ledger(tools, recorder, count, "no-storage")
    rows = tools.rows(recorder.capture)
    expect_equal({row["before_start"] for row in rows if row["lport"] == PORT}, {False}, "before_start")


def try_interrupts(tools):
    """What the kernel does not show, since an interrupt brought it while another change was seen, is counted."""
    count = 20000
    spread_interrupts(tools)
    recorder = Recorder(tools, "--netns", "self", "--ring", "64M", "-L", str(PORT))
    tools.make_traffic("client-fin", "--port", str(PORT), "--count", str(count))
    expect_equal(recorder.stop(), 0, "the recorder's status")
    rows = [row for row in tools.rows(recorder.capture) if row["lport"] == PORT]
    expect(len(rows) + recorder.lost >= count, f"{len(rows)} of {count} recorded, {recorder.lost} counted as lost")
    whole = sum({"syn_recv_us", "in_established_us", "close_wait_us", "last_ack_us"} <= row.keys() for row in rows)
    expect(whole + recorder.lost >= count, f"{whole} of {count} have all states, {recorder.lost} counted as lost")
    unseen = [row for row in rows if not row["before_start"] and "syn_recv_us" not in row]
    expect_equal(unseen, [], "rows that claim a beginning which was not seen")


def main():
    tools = Tools(sys.argv)
    run_cases(tools, enter_namespace, [
        ("the ring is full, FIN", lambda: try_full_ring(tools, "client-fin")),
        ("the ring is full, reset", lambda: try_full_ring(tools, "server-reset")),
        ("the ring is full now and then", lambda: try_racing_ring(tools)),
        ("no storage", lambda: try_no_storage(tools)),
        ("interrupts", lambda: try_interrupts(tools)),
    ])


main()
