#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sessions that do not begin and end as most do: each has its row, with the exact bytes and the right process.

What a peer does not get is held back by a filter on its socket, so that nothing depends on time.
"""

import errno
import os
import socket
import sys

from kernel_case import Skip, Tools, enter_namespace, expect, expect_equal, run_cases
from unusual_case import (IPPROTO_MPTCP, Recording, all_sockets, await_that, connect, connect_pair, disconnect,
                          drop_acknowledgements, drop_all, drop_nothing, expect_me, expect_payload, expect_reset,
                          expect_row, listen, receive, reset, rows_of, set_sysctl, states_of_port, state_of)

TCPI_OPTIONS_OFFSET, TCPI_OPT_SYN_DATA = 5, 32  # struct tcp_info, linux/tcp.h


def exchange(client, server, sent, received):
    client.sendall(b"q" * sent)
    receive(server, sent)
    server.sendall(b"r" * received)
    receive(client, received)


def try_reuse(recording):
    """connect(AF_UNSPEC), then a second session of the same socket: another row, with the same cookie."""
    with listen() as listener:
        client, server = connect_pair(listener)
        first = client.getsockname()
        exchange(client, server, 100, 200)
        disconnect(client)
        expect_reset(server)
        server.close()
        client.connect(listener.getsockname())
        second = client.getsockname()
        server = listener.accept()[0]
        exchange(client, server, 30, 40)
        client.close()
        expect_equal(server.recv(1), b"", "the end of the second")
        server.close()
        peer = listener.getsockname()
    check_two_lives(recording.rows(), first, second, peer, "disconnected")


def check_two_lives(rows, first, second, peer, end):
    lives = [row for row in rows if row["direction"] == "out"]
    expect_equal(len(lives), 2, "rows of the client")
    expect_equal(len(rows), 4, "rows")
    lives.sort(key=lambda row: row["open_us"])
    for row, local in zip(lives, (first, second)):
        expect_equal((row["laddr"], row["lport"], row["raddr"], row["rport"]), (*local, *peer), "addresses")
        expect_me(row, "connect")
    expect_row(lives[0], end=end)
    expect_row(lives[1], end="closed-here", error=0, cookie=lives[0]["cookie"])
    expect_payload(lives[0], 100, 200)
    expect_payload(lives[1], 30, 40)


def try_reuse_after_reset(recording):
    """The first session waits for its closer, and gets none: the socket is used again."""
    with listen() as listener:
        client, server = connect_pair(listener)
        first = client.getsockname()
        exchange(client, server, 100, 200)
        reset(server)
        expect_reset(client)
        disconnect(client)
        client.connect(listener.getsockname())
        second = client.getsockname()
        server = listener.accept()[0]
        exchange(client, server, 30, 40)
        client.close()
        expect_equal(server.recv(1), b"", "the end of the second")
        server.close()
        peer = listener.getsockname()
    rows = recording.rows()
    check_two_lives(rows, first, second, peer, "reset-there")
    expect_row(rows_of(rows, first, peer)[0], error=errno.ECONNRESET, closer_pid=None)


def try_unaccepted(recording):
    """The listener is closed before its children are accepted. One of them was reset before that."""
    listener = listen()
    peer = listener.getsockname()
    clients = [connect(listener) for _ in range(4)]
    names = [client.getsockname() for client in clients]
    for client in clients:
        client.sendall(b"q" * 50)
    await_that(lambda: all(unacknowledged(client) == 0 for client in clients), "all was acknowledged")
    reset(clients.pop())
    listener.close()
    for client in clients:
        expect_reset(client)
        client.close()
    rows = recording.rows()
    expect_equal(len(rows), 8, "rows")
    for i, name in enumerate(names):
        there, = rows_of(rows, peer, name)
        here, = rows_of(rows, name, peer)
        expect_row(there, end="unaccepted" if i < 3 else "reset-there", closer_pid=None, last_state="ESTABLISHED")
        expect_me(there, "listen")
        expect_payload(there, 0, 50)
        expect_row(here, end="reset-there" if i < 3 else "reset-here")
        expect_me(here, "connect")
        expect_payload(here, 50, 0)


def unacknowledged(sock):
    """tcp_info.tcpi_unacked."""
    return int.from_bytes(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 28)[24:], sys.byteorder)


def try_orphan_in_fin_wait2(recording):
    """close(), and the peer keeps its side open: for the kernel the session is over when it has the FIN."""
    with listen() as listener:
        client, server = connect_pair(listener)
        name, peer = client.getsockname(), server.getsockname()
        client.sendall(b"q" * 1000)
        client.close()
        receive(server, 1000)
        expect_equal(server.recv(1), b"", "the end")
        await_that(lambda: "FIN_WAIT2" in states_of_port(name[1]), "the client waits for the server's FIN")
        rows = recording.rows()
        server.close()
    here, = rows_of(rows, name, peer)
    there, = rows_of(rows, peer, name)
    expect_row(here, end="closed-here", error=0, last_state="FIN_WAIT2", fin_received=False, closer_pid=os.getpid())
    expect_payload(here, 1000, 0)
    expect_row(there, end="still-open", last_state="CLOSE_WAIT")
    expect_payload(there, 0, 1000)


def try_orphan_in_fin_wait1(recording):
    """close() with data that the peer, which has vanished, does not acknowledge: the kernel gives up."""
    with listen() as listener:
        client, server = connect_pair(listener)
        name, peer = client.getsockname(), server.getsockname()
        exchange(client, server, 10, 20)
        drop_all(server)
        client.sendall(b"q" * 2000)
        client.close()
        expect("FIN_WAIT1" in states_of_port(name[1]), f"there is no orphan: {states_of_port(name[1])}")
        await_that(lambda: not states_of_port(name[1]), "the kernel gives up")
        rows = recording.rows()
        drop_nothing(server)
        reset(server)
    here, = rows_of(rows, name, peer)
    there, = rows_of(rows, peer, name)
    expect_row(here, end="timed-out", error=errno.ETIMEDOUT, last_state="FIN_WAIT1", fin_received=False)
    expect_row(here, closer_pid=os.getpid())
    expect_me(here, "connect")
    expect_payload(here, 2010, 20)
    expect(here["retrans_bytes"] > 0, "nothing was sent again")
    expect_row(there, end="still-open", last_state="ESTABLISHED")
    expect_payload(there, 20, 10)


def try_fast_open(recording):
    """The first session gets the cookie for it, the second has data in its SYN."""
    set_sysctl("tcp_fastopen", 3)
    names = []
    with listen() as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 16)
        peer = listener.getsockname()
        for in_syn in (False, True):
            client = socket.socket()
            client.sendto(b"q" * 300, socket.MSG_FASTOPEN, peer)
            server = listener.accept()[0]
            receive(server, 300)
            server.sendall(b"r" * 400)
            receive(client, 400)
            options = client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 8)[TCPI_OPTIONS_OFFSET]
            expect_equal(bool(options & TCPI_OPT_SYN_DATA), in_syn, "data in the SYN")
            names.append(client.getsockname())
            client.close()
            expect_equal(server.recv(1), b"", "the end")
            server.close()
    rows = recording.rows()
    expect_equal(len(rows), 4, "rows")
    for name in names:
        here, = rows_of(rows, name, peer)
        there, = rows_of(rows, peer, name)
        expect_row(here, end="closed-here", direction="out")
        expect_row(there, end="closed-there", direction="in")
        expect_me(here, "connect")
        expect_me(there, "close")
        expect_payload(here, 300, 400)
        expect_payload(there, 400, 300)


def try_self_connect(recording):
    """A socket connected to itself: a simultaneous open and a simultaneous close, in one row."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        name = sock.getsockname()
        sock.connect(name)
        sock.sendall(b"q" * 500)
        receive(sock, 500)
    row, = recording.rows()
    expect_equal((row["laddr"], row["lport"], row["raddr"], row["rport"]), (*name, *name), "addresses")
    expect_row(row, end="closed-here", last_state="CLOSING", direction="out", fin_received=True)
    for field in ("syn_sent_us", "syn_recv_us", "in_established_us", "fin_wait1_us", "closing_us"):
        expect(field in row, f"no {field}")
    expect_me(row, "connect")
    expect_payload(row, 500, 500)


def try_simultaneous_open(recording):
    """Both sockets connect to each other, and have each other's SYN before any acknowledgement."""
    socks = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(2)]
    for sock in socks:
        sock.bind(("127.0.0.1", 0))
        sock.setblocking(False)
        drop_all(sock)
    names = [sock.getsockname() for sock in socks]
    for sock, peer in zip(socks, reversed(names)):
        expect_equal(sock.connect_ex(peer), errno.EINPROGRESS, "connect()")
    for sock in socks:
        drop_acknowledgements(sock)
    await_that(lambda: all(state_of(sock) == "SYN_RECV" for sock in socks), "both are in SYN_RECV")
    for sock in socks:
        drop_nothing(sock)
    await_that(lambda: all(state_of(sock) == "ESTABLISHED" for sock in socks), "both are established")
    for sock in socks:
        sock.setblocking(True)
    exchange(*socks, 60, 70)
    socks[0].close()
    expect_equal(socks[1].recv(1), b"", "the end")
    socks[1].close()
    rows = recording.rows()
    expect_equal(len(rows), 2, "rows")
    for local, remote, end, sent, received in ((*names, "closed-here", 60, 70), (*names[::-1], "closed-there", 70, 60)):
        row, = rows_of(rows, local, remote)
        expect_row(row, end=end, direction="out")
        expect("syn_sent_us" in row and "syn_recv_us" in row, "it was not in SYN_SENT and SYN_RECV")
        expect_me(row, "connect")
        expect_payload(row, sent, received)


def try_simultaneous_close(recording):
    """Both have sent their FIN before one gets the other's: that one goes to CLOSING."""
    with listen() as listener:
        client, server = connect_pair(listener)
    name, peer = client.getsockname(), server.getsockname()
    exchange(client, server, 80, 90)
    drop_all(client)
    drop_all(server)
    client.shutdown(socket.SHUT_WR)
    server.shutdown(socket.SHUT_WR)
    drop_nothing(server)
    await_that(lambda: state_of(server) == "CLOSING", "the server is in CLOSING")
    expect_equal(state_of(client), "FIN_WAIT1", "the client's state")
    drop_nothing(client)
    await_that(lambda: state_of(server) == "CLOSE" and state_of(client) == "CLOSE", "both are closed")
    client.close()
    server.close()
    rows = recording.rows()
    expect_equal(len(rows), 2, "rows")
    here, = rows_of(rows, name, peer)
    there, = rows_of(rows, peer, name)
    expect_row(here, end="closed-here", fin_received=True, error=0)
    expect_row(there, end="closed-here", fin_received=True, error=0, last_state="CLOSING")
    expect("closing_us" in there, "no time in CLOSING")
    expect_me(here, "connect")
    expect_me(there, "close")
    expect_payload(here, 80, 90)
    expect_payload(there, 90, 80)


def try_mptcp(recording):
    """The MPTCP sockets are no rows, their subflows are."""
    try:
        listener = listen(protocol=IPPROTO_MPTCP)
    except OSError as error:
        raise Skip(f"no MPTCP: {error.strerror}") from None
    with listener:
        client = connect(listener, IPPROTO_MPTCP)
        server = listener.accept()[0]
        name, peer = client.getsockname(), server.getsockname()
        exchange(client, server, 600, 700)
        client.close()
        expect_equal(server.recv(1), b"", "the end")
        server.close()
    await_that(lambda: not all_sockets(), "the subflows are closed")
    rows = recording.rows()
    expect_equal(len(rows), 2, "rows")
    here, = rows_of(rows, name, peer)
    there, = rows_of(rows, peer, name)
    for row in rows:
        expect_row(row, mptcp=True, pid=os.getpid())
    expect_row(here, direction="out", owner="connect")
    expect_row(there, direction="in")
    expect_payload(here, 600, 700)
    expect_payload(there, 700, 600)


def try_closed_by_recorder(recording):
    """A recorder that looks at a file just when it is closed is the last to have it, and not who closed it."""
    with listen() as listener:
        client, server = connect_pair(listener)
        exchange(client, server, 10, 20)
        name, peer = client.getsockname(), server.getsockname()
        read_end, write_end = os.pipe()
        child = os.fork()
        if child == 0:
            with open("/proc/self/comm", "w", encoding="ascii") as file:
                file.write("tcplife-record")
            client.close()
            listener.close()
            os.read(read_end, 1)
            server.close()
            os._exit(0)
        server.close()
        os.write(write_end, b"x")
        expect_equal(os.waitpid(child, 0)[1], 0, "the child's status")
        os.close(read_end)
        os.close(write_end)
        expect_equal(client.recv(1), b"", "the end")
        client.close()
    there, = rows_of(recording.rows(), peer, name)
    expect_row(there, end="closed-here", closer_pid=None)
    expect_me(there, "listen")


def main():
    tools = Tools(sys.argv)
    netns = []

    def setup():
        netns.append(enter_namespace())
        set_sysctl("tcp_orphan_retries", 1)

    def try_case(function):
        function(Recording(tools, netns[0]))
        # What is still to come of its sessions is none of the next case.
        await_that(lambda: not all_sockets(), f"all sockets are closed: {all_sockets()}")

    run_cases(tools, setup, [(name, lambda function=function: try_case(function)) for name, function in (
        ("a socket used again", try_reuse),
        ("a socket used again after a reset", try_reuse_after_reset),
        ("children that nobody accepts", try_unaccepted),
        ("an orphan in FIN_WAIT2", try_orphan_in_fin_wait2),
        ("an orphan in FIN_WAIT1", try_orphan_in_fin_wait1),
        ("TCP Fast Open", try_fast_open),
        ("a socket connected to itself", try_self_connect),
        ("a simultaneous open", try_simultaneous_open),
        ("a simultaneous close", try_simultaneous_close),
        ("MPTCP", try_mptcp),
        ("closed by a recorder", try_closed_by_recorder),
    )])


main()
