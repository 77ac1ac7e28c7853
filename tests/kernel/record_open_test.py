#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sessions that are open when the recording starts, or when it ends: in this network namespace and in another."""

import ctypes
import os
import socket
import sys

from kernel_case import CLONE_NEWNET, SOURCES, Tools, enter_namespace, expect, expect_equal, run_cases
from unusual_case import (Recording, all_sockets, await_that, connect, connect_pair, expect_me, expect_payload,
                          expect_reset, expect_row, listen, receive, reset, rows_of, state_of)


class Namespace:
    """A network namespace that this process can be in; sockets stay in the one in which they were made."""

    def __init__(self):
        self.inode = enter_namespace()
        self.fd = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)

    def enter(self):
        expect_equal(ctypes.CDLL(None).setns(self.fd, CLONE_NEWNET), 0, "setns()")


def exchange(client, server, sent, received):
    client.sendall(b"q" * sent)
    receive(server, sent)
    server.sendall(b"r" * received)
    receive(client, received)


def settle():
    """Until all sockets of this network namespace are closed, so that the next case starts with none."""
    await_that(lambda: not all_sockets(), f"all sockets are closed: {all_sockets()}")


def record(tools, home, place):
    """A recorder in the home namespace that looks at the sessions of the place."""
    home.enter()
    recording = Recording(tools, place.inode)
    place.enter()
    return recording


def both_rows(rows, name, peer):
    expect_equal(len(rows), 2, "rows")
    here, = rows_of(rows, name, peer)
    there, = rows_of(rows, peer, name)
    return here, there


def expect_from_before(row):
    expect_row(row, before_start=True, open_us=None, established_us=None, in_established_us=None)


def try_open_before(tools, home, place):
    """It was open at the start and ends: its times from before are not known, all its bytes are."""
    place.enter()
    with listen() as listener:
        client, server = connect_pair(listener)
        exchange(client, server, 100, 200)
        recording = record(tools, home, place)
        exchange(client, server, 10, 20)
        name, peer = client.getsockname(), server.getsockname()
        client.close()
        expect_equal(server.recv(1), b"", "the end")
        server.close()
    settle()
    here, there = both_rows(recording.rows(), name, peer)
    for row in (here, there):
        expect_from_before(row)
        expect_me(row, "close")
        expect_row(row, task_file_pid=os.getpid())
    expect_row(here, end="closed-here")
    expect_row(there, end="closed-there", last_state="LAST_ACK")
    expect_payload(here, 110, 220)
    expect_payload(there, 220, 110)


def try_open_throughout(tools, home, place):
    """From before the start to after the end."""
    place.enter()
    with listen() as listener:
        client, server = connect_pair(listener)
        exchange(client, server, 100, 200)
        recording = record(tools, home, place)
        exchange(client, server, 10, 20)
        name, peer = client.getsockname(), server.getsockname()
        here, there = both_rows(recording.rows(), name, peer)
        client.close()
        server.close()
    settle()
    for row in (here, there):
        expect_from_before(row)
        expect_row(row, end="still-open", last_state="ESTABLISHED", direction="unknown", closer_pid=None)
        expect_me(row, "task-file")
        expect_equal("cookie" in row, "cookie" in SOURCES, "having a cookie")
    expect_payload(here, 110, 220)
    expect_payload(there, 220, 110)


def try_open_at_end(tools, home, place):
    """It began in the recording and is accepted; one side has sent its FIN, or none has."""
    for has_fin in (False, True):
        recording = record(tools, home, place)
        with listen() as listener:
            client, server = connect_pair(listener)
            exchange(client, server, 100, 200)
            if has_fin:
                client.shutdown(socket.SHUT_WR)
                await_that(lambda sock=client: state_of(sock) == "FIN_WAIT2", "the client's FIN is acknowledged")
            name, peer = client.getsockname(), server.getsockname()
            here, there = both_rows(recording.rows(), name, peer)
            client.close()
            server.close()
        settle()
        for row in (here, there):
            expect_row(row, end="still-open", before_start=False, error=0)
            expect(row["open_us"] <= row["established_us"] <= row["close_us"], "times are out of order")
            expect_equal("cookie" in row, "cookie" in SOURCES, "having a cookie")
        expect_row(here, direction="out", last_state="FIN_WAIT2" if has_fin else "ESTABLISHED")
        expect_row(there, direction="in", last_state="CLOSE_WAIT" if has_fin else "ESTABLISHED")
        expect_me(here, "connect")
        expect_me(there, "listen")
        expect_payload(here, 100, 200)
        expect_payload(there, 200, 100)


def try_two_recordings(tools, home, place):
    """The cookie tells that a session of the one recording is that of the next."""
    first = record(tools, home, place)
    with listen() as listener:
        client, server = connect_pair(listener)
        name, peer = client.getsockname(), server.getsockname()
        before = both_rows(first.rows(), name, peer)
        second = record(tools, home, place)
        client.close()
        expect_equal(server.recv(1), b"", "the end")
        server.close()
    settle()
    for old, new in zip(before, both_rows(second.rows(), name, peer)):
        expect_row(old, end="still-open", before_start=False)
        expect_row(new, before_start=True, cookie=old.get("cookie"))


def try_unaccepted_at_end(tools, home, place):
    """It began in the recording, and nobody has accepted it at its end."""
    recording = record(tools, home, place)
    with listen() as listener:
        client = connect(listener)
        client.sendall(b"q" * 77)
        name, peer = client.getsockname(), listener.getsockname()
        here, there = both_rows(recording.rows(), name, peer)
        client.close()
    settle()
    expect_row(here, end="still-open", last_state="ESTABLISHED", direction="out")
    expect_row(there, end="still-open", last_state="ESTABLISHED", direction="in", accept_pid=None, closer_pid=None)
    expect_me(here, "connect")
    expect_me(there, "listen")
    expect_payload(here, 77, 0)
    expect_payload(there, 0, 77)


def try_unaccepted_throughout(tools, home, place):
    """It was there before the start and nobody has accepted it: without a file it is found in the recorder's
    own network namespace only."""
    place.enter()
    with listen() as listener:
        client = connect(listener)
        client.sendall(b"q" * 77)
        recording = record(tools, home, place)
        name, peer = client.getsockname(), listener.getsockname()
        rows = recording.rows()
        client.close()
    settle()
    here, = rows_of(rows, name, peer)
    expect_row(here, end="still-open", before_start=True)
    expect_me(here, "task-file")
    expect_payload(here, 77, 0)
    found = rows_of(rows, peer, name)
    expect_equal(len(found), 1 if place is home else 0, "rows of the child")
    for row in found:
        expect_row(row, end="still-open", before_start=True, owner="unknown", pid=None)
        expect_payload(row, 0, 77)


def try_reset_unclosed(tools, home, place):
    """Each side is reset once by the other, and its process does not close it before the end."""
    for is_client_reset in (False, True):
        recording = record(tools, home, place)
        with listen() as listener:
            client, server = connect_pair(listener)
            exchange(client, server, 100, 200)
            name, peer = client.getsockname(), server.getsockname()
            reset(server if is_client_reset else client)
            left = client if is_client_reset else server
            expect_reset(left)
            here, there = both_rows(recording.rows(), name, peer)
            left.close()
        settle()
        expect_me(here, "connect")
        expect_me(there, "listen" if not is_client_reset else "close")
        expect_row(here if is_client_reset else there, end="reset-there", last_state="ESTABLISHED", closer_pid=None)
        expect_row(there if is_client_reset else here, end="reset-here", closer_pid=os.getpid())
        expect_payload(here, 100, 200)
        expect_payload(there, 200, 100)


def main():
    tools = Tools(sys.argv)
    places = {}

    def setup():
        places["another namespace"] = Namespace()
        places["the recorder's namespace"] = Namespace()

    def case(name, function, place):
        home = "the recorder's namespace"
        return f"{name}, {place}", lambda: function(tools, places[home], places[place])

    run_cases(tools, setup, [case(name, function, place) for name, function in (
        ("open at the start", try_open_before),
        ("open at the start and at the end", try_open_throughout),
        ("open at the end", try_open_at_end),
        ("open between two recordings", try_two_recordings),
        ("not accepted at the end", try_unaccepted_at_end),
        ("not accepted at the start and at the end", try_unaccepted_throughout),
        ("reset, and never closed", try_reset_unclosed),
    ) for place in ("the recorder's namespace", "another namespace")])


main()
