#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--states: each change of state of each socket is a row, with the times, processes and places of that moment."""

import ctypes
import os
import socket
import subprocess
import sys

from kernel_case import STATES, Recorder, Tools, enter_namespace, expect, expect_equal, run_cases
from network_case import Namespace, await_that
from socket_case import reset, tcp_info
from state_case import STATE_NAMES, Changes, check_life, check_session, path_of, second_reader

PORT = 21500  # below the range from which clients get theirs
LOOPBACK = {"4": "127.0.0.1", "6": "::1", "mapped": "::ffff:127.0.0.1"}
NOWHERE = {"4": "0.0.0.0", "6": "::", "mapped": "::"}
COUNT = 20

CLIENT_FIN = ("CLOSE", "SYN_SENT", "ESTABLISHED", "FIN_WAIT1", "FIN_WAIT2", "CLOSE")
SERVER_FIN = ("LISTEN", "SYN_RECV", "ESTABLISHED", "CLOSE_WAIT", "LAST_ACK", "CLOSE")
CLIENT_FIN_LAST = ("CLOSE", "SYN_SENT", "ESTABLISHED", "CLOSE_WAIT", "LAST_ACK", "CLOSE")
SERVER_FIN_FIRST = ("LISTEN", "SYN_RECV", "ESTABLISHED", "FIN_WAIT1", "FIN_WAIT2", "CLOSE")
CLIENT_CUT = ("CLOSE", "SYN_SENT", "ESTABLISHED", "CLOSE")
SERVER_CUT = ("LISTEN", "SYN_RECV", "ESTABLISHED", "CLOSE")
CLIENT_REFUSED = ("CLOSE", "SYN_SENT", "CLOSE")
# mode of the traffic: the paths of the client's sockets, and of the server's, the listener's left out.
MODES = {
    "client-fin": (CLIENT_FIN, SERVER_FIN),
    "server-fin": (CLIENT_FIN_LAST, SERVER_FIN_FIRST),
    "half-close": (CLIENT_FIN, SERVER_FIN),
    "client-reset": (CLIENT_CUT, SERVER_CUT),
    "server-reset": (CLIENT_CUT, SERVER_CUT),
    "unaccepted": (CLIENT_CUT, SERVER_CUT),
    "killed": (CLIENT_FIN, SERVER_FIN),
    "refused": (CLIENT_REFUSED, None),
}
LISTENER = ("CLOSE", "LISTEN", "CLOSE")


def record(tools, function, *options, capture="cap.tlz"):
    """What function() does, recorded to its end: the changes, and the recorder."""
    recorder = Recorder(tools, "--states", "--netns", "self", *options, capture=capture)
    result = function()
    here = Namespace(make=False)
    await_that(lambda: not here.has_sessions(), "all sessions have ended")
    os.close(here.fd)
    recorder.finish()
    return Changes(recorder.capture), recorder, result


def listen(family, port=PORT):
    listener = socket.socket(socket.AF_INET if family == "4" else socket.AF_INET6)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((LOOPBACK[family], port))
    listener.listen()
    return listener


def connect(listener):
    client = socket.socket(listener.family)
    client.connect(listener.getsockname())
    return client, listener.accept()[0]


def disconnect(sock):
    """connect() to AF_UNSPEC, which Python's has no word for."""
    libc = ctypes.CDLL(None, use_errno=True)
    expect_equal(libc.connect(sock.fileno(), bytes(16), 16), 0, "connect to AF_UNSPEC")


def check_place(life, family, side, mode):
    """The client has no port before it is chosen; all else is as the session's."""
    address = LOOPBACK[family]
    for change in life:
        if change.old == "LISTEN":
            expect_equal((change.laddr, change.lport), (address, life[-1].lport), "the listener's end")
            continue
        expect_equal((change.laddr, change.raddr), (address, address), "addresses")
        expect(change.rport, "no remote port")
        if mode != "refused":  # there the client has bound itself to a port
            expect_equal(change.lport != 0, change.new != "SYN_SENT", f"having a local port in {change}")
    for change in life[2:]:
        expect_equal(change.place(), life[1].place(), f"the place of {side} in {mode}")


def check_owners(life, line):
    """The client's process is known from its first change, the server's once it closes."""
    pid = {change.owner for change in life}
    if line["side"] == "client":
        expect_equal(pid, {line["pid"]}, "owner")
        expect_equal((life[0].pid, life[0].comm), (line["pid"], line["comm"]), "the task at the first change")
        return
    closing = [change for change in life if change.new in ("FIN_WAIT1", "LAST_ACK")]
    for change in closing:
        expect_equal((change.owner, change.closer_pid), (line["pid"], line["pid"]), "who closes")
        expect_equal((change.pid, change.comm), (line["pid"], line["comm"]), "the task at its close()")


def try_mode(tools, mode, family):
    """Each session's changes are those of its path."""
    wanted = dict(zip(("client", "server"), MODES[mode]))
    changes, recorder, ledger = record(
        tools, lambda: tools.make_traffic(mode, "--family", family, "--count", str(COUNT)))
    sessions = tools.rows(recorder.capture)
    lives = changes.lives()
    listeners = [life for life in lives if path_of(life) == LISTENER]
    for life in lives:
        check_life(life)
    by_end = {}  # a port may come twice
    for life in lives:
        if life not in listeners:
            by_end.setdefault(life[-1].place(), []).append(life)
    for line in ledger:
        mapped = "::ffff:" if line["v6_socket"] and "." in line["laddr"] else ""
        key = (mapped + line["laddr"], line["lport"], mapped + line["raddr"], line["rport"])
        expect(by_end.get(key), f"no changes of {line}")
        life = by_end[key].pop(0)
        expect_equal(path_of(life), wanted[line["side"]], f"the path of {line['side']}")
        check_session(life, sessions)
        check_place(life, family, line["side"], mode)
        check_owners(life, line)
    expect_equal([path_of(life) for rest in by_end.values() for life in rest], [], "paths that nobody has made")
    expect_equal(f"{len(changes.rows)} changes of state," in recorder.text, True, "their count in the closing line")


def try_listener(tools, family):
    """CLOSE, LISTEN, CLOSE: with its process, and no peer."""
    changes, recorder, _ = record(tools, lambda: listen(family).close())
    expect_equal(recorder.sessions, 0, "sessions")
    life, = changes.lives()
    check_life(life)
    expect_equal(path_of(life), LISTENER, "the path")
    for change in life:
        expect_equal(change.place(), (LOOPBACK[family], PORT, NOWHERE[family], 0), "the place")
        expect_equal((change.listen_pid, change.owner, change.pid), (os.getpid(),) * 3, "the process")
        expect_equal(change.v6_socket, int(family != "4"), "v6_socket")


def try_connected_to_itself(tools):
    """Opened and closed from both ends at once: a socket that is its own peer."""
    def traffic():
        with socket.socket() as s:
            s.bind((LOOPBACK["4"], PORT + 1))
            s.connect(s.getsockname())

    changes, recorder, _ = record(tools, traffic)
    life, = changes.lives()
    check_life(life)
    expect_equal(path_of(life), ("CLOSE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT1", "CLOSING", "CLOSE"),
                 "the path")
    check_session(life, tools.rows(recorder.capture))
    expect_equal({change.place() for change in life}, {(LOOPBACK["4"], PORT + 1) * 2}, "places")
    expect_equal({change.connect_pid for change in life}, {os.getpid()}, "the process")


def try_used_again(tools):
    """connect(AF_UNSPEC), and again: one socket, two lives. The time between is in no state of a session."""
    def traffic():
        with listen("4") as listener:
            client, server = connect(listener)
            disconnect(client)
            server.close()
            client.connect(listener.getsockname())
            listener.accept()[0].close()
            client.close()

    changes, _, _ = record(tools, traffic)
    lives = [life for life in changes.lives() if life[0].connect_pid]
    expect_equal([path_of(life) for life in lives], [CLIENT_CUT, CLIENT_FIN_LAST], "the paths")
    expect_equal(lives[0][0].socket, lives[1][0].socket, "the socket")
    expect_equal(lives[1][0].in_old_us, None, "the time between")


def try_shutdown(tools):
    """close() after shutdown() is a change from a state to the same one: the session's own times go by the first."""
    def traffic():
        with listen("4") as listener:
            client, server = connect(listener)
            client.shutdown(socket.SHUT_WR)
            await_that(lambda: tcp_info(client).state == STATE_NAMES.index("FIN_WAIT2"), "the FIN is acknowledged")
            client.close()
            server.close()

    changes, recorder, _ = record(tools, traffic)
    life, = (life for life in changes.lives() if life[0].connect_pid and life[0].old == "CLOSE")
    expect_equal(path_of(life), (*CLIENT_FIN[:-1], "FIN_WAIT2", "CLOSE"), "the path")
    row, = (row for row in tools.rows(recorder.capture) if row["lport"] == life[-1].lport)
    same, last = life[-2:]
    expect_equal(row["fin_us"], life[2].time_us, "the first FIN")
    expect_equal(row["fin_wait2_us"], same.in_old_us + last.in_old_us, "the time in FIN_WAIT2")
    expect_equal(row["close_us"], last.time_us, "the end")


def try_before_start(tools):
    """Of a socket that was open before, the time of the first change is not known, and the next are; its process is."""
    listener = listen("4")
    pairs = [connect(listener) for _ in range(COUNT)]

    def traffic():
        for client, server in pairs:
            client.close()
            server.close()
        listener.close()

    changes, recorder, _ = record(tools, traffic)
    sessions = tools.rows(recorder.capture)
    lives = changes.lives()
    for life in lives:
        check_life(life)
        expect_equal(life[0].task_file_pid or life[0].listen_pid, os.getpid(), "who had it open")
        expect_equal({change.connect_pid for change in life}, {None}, "who connected")
    paths = sorted(path_of(life) for life in lives)
    expect_equal(paths, sorted([CLIENT_FIN[2:]] * COUNT + [SERVER_FIN[2:]] * COUNT + [LISTENER[1:]]), "paths")
    for life in lives:
        if path_of(life) != LISTENER[1:]:
            end = life[-1]
            row, = (row for row in sessions if row["close_us"] == end.time_us and row["lport"] == end.lport)
            known = {STATES[change.old]: change.in_old_us for change in life[1:]}
            expect_equal({name: row[name] for name in STATES.values() if name in row}, known, "times in the states")


def try_socket_numbers(tools):
    """One number for a socket while a capture lasts, another in another capture; none is an address."""
    other = Recorder(tools, "--states", "--netns", "self", capture="other.tlz")
    open_at_once = []

    def traffic():
        with listen("4") as listener:
            open_at_once.extend(connect(listener) for _ in range(COUNT))
            for pair in open_at_once:
                reset(pair[0])
                pair[1].close()

    one, _, _ = record(tools, traffic)
    other.finish()
    two = Changes(other.capture)
    expect_equal(len({row.socket for row in one.rows}), 2 * COUNT + 1, "numbers of sockets that were open at once")
    expect_equal([row.step() + row.place() for row in two.rows], [row.step() + row.place() for row in one.rows],
                 "the other capture's rows")
    pairs = {(a.socket, b.socket) for a, b in zip(one.rows, two.rows)}
    expect_equal(len(pairs), 2 * COUNT + 1, "pairs of numbers in both captures")
    expect_equal({a for a, _ in pairs} & {b for _, b in pairs}, set(), "numbers that are in both")
    for capture in (tools.path("cap.tlz"), tools.path("other.tlz")):
        tops = {number >> 28 for number in {row.socket for row in Changes(capture).rows}}
        expect(len(tops) > COUNT, "the upper bits of the numbers are those of addresses")


def said_of_states(tools, capture):
    return subprocess.run([tools.reporter, "--states", capture], capture_output=True, text=True, check=True).stderr


def try_without(tools):
    """Without the option there is none."""
    recorder = Recorder(tools, "--netns", "self")
    with listen("4") as listener:
        for s in connect(listener):
            s.close()
    recorder.finish()
    expect_equal(Changes(recorder.capture).rows, [], "changes of state")
    expect("change" not in recorder.text, recorder.text)
    expect("tcplife-record --states" in said_of_states(tools, recorder.capture), "how to record them is not said")


def try_none(tools):
    """With the option, and nothing happens: that there is none is no reason for advice."""
    recorder = Recorder(tools, "--states", "-L", str(PORT))
    recorder.finish()
    expect_equal(Changes(recorder.capture).end["states"], 0, "changes by the end block")
    expect_equal(said_of_states(tools, recorder.capture), "", "what the report says")


def try_count(tools):
    """-n counts sessions."""
    recorder = Recorder(tools, "--states", "--netns", "self", "-n", "4", "--flush", "10ms")
    with listen("4") as listener:
        for _ in range(2):
            for s in connect(listener):
                s.close()
    expect_equal(recorder.wait(), 0, "the recorder's status")
    expect_equal(recorder.sessions, 4, "sessions")
    expect_equal(len([row for row in Changes(recorder.capture).rows if row.new == "CLOSE"]), 4, "ends")


def main():
    tools = Tools(sys.argv)
    cases = [(f"{mode}, {family}", lambda mode=mode, family=family: try_mode(tools, mode, family))
             for mode in MODES for family in LOOPBACK]
    cases += [(f"a listener, {family}", lambda family=family: try_listener(tools, family)) for family in LOOPBACK]
    run_cases(tools, lambda: (second_reader(), enter_namespace()), cases + [
        ("both ends at once", lambda: try_connected_to_itself(tools)),
        ("used again", lambda: try_used_again(tools)),
        ("closed after shutdown()", lambda: try_shutdown(tools)),
        ("open before the start", lambda: try_before_start(tools)),
        ("numbers of sockets", lambda: try_socket_numbers(tools)),
        ("without the option", lambda: try_without(tools)),
        ("without changes", lambda: try_none(tools)),
        ("-n", lambda: try_count(tools)),
    ])


main()
