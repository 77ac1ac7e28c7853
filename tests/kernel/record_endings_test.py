#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sessions that end in ways that need a bad network, a bad peer or an administrator: the end and the error.

Those that two programs bring about by themselves are in record_sessions_test.py.
"""

import errno
import socket
import subprocess
import sys
from collections import namedtuple

from kernel_case import Skip, Tools, by_tuple, enter_namespace, expect, expect_equal, run_cases
from network_case import PORTS, Link, Recording, address, await_that, need, until_seen
from socket_case import await_error, key_of, make_listener, make_pair, make_socket, reset, tcp_info

IP_RECVERR, IPV6_RECVERR = 11, 25  # linux/in.h, linux/in6.h
TCP_USER_TIMEOUT = 18
TCP_FIN_WAIT2, TCP_CLOSE = 5, 7  # net/tcp_states.h
DROP_ALL = "meta l4proto tcp drop"
DROP_FIN = "tcp flags & fin == fin drop"

# What a row must say; fin: whether the peer's FIN came.
Ending = namedtuple("Ending", "end error last_state fin")
RESET_THERE = Ending("reset-there", errno.ECONNRESET, "ESTABLISHED", False)
PIPE_BROKEN = Ending("reset-there", errno.EPIPE, "CLOSE_WAIT", True)
TIMED_OUT = Ending("timed-out", errno.ETIMEDOUT, "ESTABLISHED", False)
CLOSED_THERE = Ending("closed-there", 0, "LAST_ACK", True)
ORPHANED = Ending("closed-here", 0, "FIN_WAIT2", False)


def wait_for_error(sock, error):
    await_error(sock)
    expect_equal(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), error, "the program's error")
    sock.close()


def reset_by_nobody(link, server):
    """The other side of the session is gone: its kernel answers with a reset."""
    link.there.filter()
    server.send(b"y")
    wait_for_error(server, errno.ECONNRESET)


# Each makes one session, sees it through to its end on both sides, and returns its key, here.


def user_timeout(link, family):
    client, server = make_pair(link, family)
    key = key_of(client, server)
    client.setsockopt(socket.IPPROTO_TCP, TCP_USER_TIMEOUT, 50)
    link.there.filter(DROP_ALL)
    client.send(b"x")
    wait_for_error(client, errno.ETIMEDOUT)
    reset_by_nobody(link, server)
    return key


def keepalive(link, family):
    client, server = make_pair(link, family)
    key = key_of(client, server)
    link.there.filter(DROP_ALL)
    for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT):
        client.setsockopt(socket.IPPROTO_TCP, option, 1)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    wait_for_error(client, errno.ETIMEDOUT)
    reset_by_nobody(link, server)
    return key


def orphan_times_out(link, family):
    """Nobody acknowledges its FIN."""
    client, server = make_pair(link, family)
    key = key_of(client, server)
    link.there.filter(DROP_ALL)
    link.here.set("net/ipv4/tcp_orphan_retries", 2)
    client.close()
    await_that(lambda: not link.here.has_sessions(), "the orphan ended")
    link.make_impatient()
    reset_by_nobody(link, server)
    return key


def orphan(link, family):
    """In FIN_WAIT2 a session without a program is over for the kernel, whatever the peer still does."""
    client, server = make_pair(link, family)
    key = key_of(client, server)
    client.close()
    expect_equal(server.recv(1), b"", "the FIN")
    await_that(lambda: not link.here.has_sessions(), "the orphan ended")
    server.close()
    return key


def sent_to_orphan(link, family):
    client, server = make_pair(link, family)
    key = key_of(client, server)
    client.close()
    expect_equal(server.recv(1), b"", "the FIN")
    await_that(lambda: not link.here.has_sessions(), "the orphan ended")
    server.send(b"late")
    wait_for_error(server, errno.EPIPE)
    return key


def sent_after_close(link, family):
    """Data comes to a session that is closed, whose FIN was lost: its kernel resets it."""
    client, server = make_pair(link, family)
    key = key_of(client, server)
    link.there.filter(DROP_FIN)
    client.close()
    server.send(b"late")
    wait_for_error(server, errno.ECONNRESET)
    link.there.filter()
    return key


def both_close(link, family):
    """The FIN of each is on its way when the other's comes; that of this side arrives first."""
    client, server = make_pair(link, family)
    key = key_of(client, server)
    link.here.filter(DROP_FIN)
    server.shutdown(socket.SHUT_WR)
    client.shutdown(socket.SHUT_WR)
    expect_equal(server.recv(1), b"", "the FIN")
    await_that(lambda: tcp_info(client).state == TCP_FIN_WAIT2, "the FIN is acknowledged")
    link.here.filter()
    expect_equal(client.recv(1), b"", "the FIN")
    await_that(lambda: not any(namespace.has_sessions() for namespace in link.both()), "both ended")
    client.close()
    server.close()
    return key


def reset_in_close_wait(link, family):
    client, server = make_pair(link, family)
    key = key_of(client, server)
    client.shutdown(socket.SHUT_WR)
    expect_equal(server.recv(1), b"", "the FIN")
    await_that(lambda: tcp_info(client).state == TCP_FIN_WAIT2, "the FIN is acknowledged")
    reset(server)
    wait_for_error(client, errno.ECONNRESET)
    return key


def reset_in_fin_wait2(link, family):
    client, server = make_pair(link, family)
    key = key_of(client, server)
    client.shutdown(socket.SHUT_WR)
    expect_equal(server.recv(1), b"", "the FIN")
    await_that(lambda: tcp_info(client).state == TCP_FIN_WAIT2, "the FIN is acknowledged")
    reset(client)
    wait_for_error(server, errno.EPIPE)
    return key


def reset_in_fin_wait1(link, family):
    client, server = make_pair(link, family)
    key = key_of(client, server)
    link.there.filter(DROP_FIN)
    client.shutdown(socket.SHUT_WR)
    reset(client)
    wait_for_error(server, errno.ECONNRESET)
    link.there.filter()
    return key


def reset_in_last_ack(link, family):
    """The server has closed as well, but its FIN does not arrive."""
    client, server = make_pair(link, family)
    key = key_of(client, server)
    client.shutdown(socket.SHUT_WR)
    expect_equal(server.recv(1), b"", "the FIN")
    await_that(lambda: tcp_info(client).state == TCP_FIN_WAIT2, "the FIN is acknowledged")
    link.here.filter(DROP_FIN)
    server.close()
    reset(client)
    await_that(lambda: not link.there.has_sessions(), "it ended there")
    link.here.filter()
    return key


def reset_before_accept(link, family):
    with make_listener(link, family) as listener:
        client = make_socket(link.here, family)
        client.connect(listener.getsockname())
        key = key_of(client, listener)
        await_that(link.there.has_sessions, "the child is there")
        reset(client)
        await_that(lambda: not link.there.has_sessions(), "it ended there")
    return key


def unaccepted_after_fin(link, family):
    listener = make_listener(link, family)
    client = make_socket(link.here, family)
    client.connect(listener.getsockname())
    key = key_of(client, listener)
    client.shutdown(socket.SHUT_WR)
    await_that(lambda: tcp_info(client).state == TCP_FIN_WAIT2, "the FIN is acknowledged")
    listener.close()
    wait_for_error(client, errno.ECONNRESET)
    return key


def killed(link, family):
    """An administrator's ss --kill."""
    need("ss")
    client, server = make_pair(link, family)
    key = key_of(client, server)
    with link.here:
        result = subprocess.run(["ss", "-H", "-K", "-t", "sport", "=", f":{key[1]}"], capture_output=True, text=True,
                                check=False)
    if f":{key[1]}" not in result.stdout:
        raise Skip(f"ss --kill does not work, without CONFIG_INET_DIAG_DESTROY: {result.stderr.strip()}")
    wait_for_error(client, errno.ECONNABORTED)
    wait_for_error(server, errno.ECONNRESET)
    return key


def outlive_icmp(link, family):
    """The program hears that its peer cannot be reached, but the session goes on: its end is another."""
    client, server = make_pair(link, family)
    key = key_of(client, server)
    if family == "4":
        client.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
    else:
        client.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
    link.there.filter("meta l4proto tcp reject with icmpx type host-unreachable")
    client.send(b"x")
    await_error(client)
    link.there.filter()
    expect_equal(server.recv(1), b"x", "the byte")
    return key, client, server


def outlive_icmp_orphan(link, family):
    key, client, server = outlive_icmp(link, family)
    client.close()
    expect_equal(server.recv(1), b"", "the FIN")
    await_that(lambda: not link.here.has_sessions(), "the orphan ended")
    server.close()
    return key


def outlive_icmp_half_close(link, family):
    key, client, server = outlive_icmp(link, family)
    client.shutdown(socket.SHUT_WR)
    expect_equal(server.recv(1), b"", "the FIN")
    server.close()
    await_that(lambda: not link.here.has_sessions(), "it ended here")
    client.close()
    return key


def reject(link, family, kind, error):
    """An ICMP message is the answer to the SYN. When it comes while connect() has the socket locked, the kernel notes
    it, and ends the session at the answer to the next SYN, a second later."""
    link.there.filter(f"tcp flags & syn == syn reject with {'icmp' if family == '4' else 'icmpv6'} type {kind}")
    client = make_socket(link.here, family, timeout=0)
    expect_equal(client.connect_ex((address(family, 1), PORTS[0])), errno.EINPROGRESS, "connect()")
    key = (*client.getsockname()[:2], address(family, 1), PORTS[0])
    await_that(lambda: tcp_info(client).state == TCP_CLOSE, "the kernel gave up")
    wait_for_error(client, error)
    link.there.filter()
    return key


# The name, what makes the session, its ending here, and there.
ENDINGS = (
    ("user timeout", user_timeout, TIMED_OUT, RESET_THERE),
    ("keepalive", keepalive, TIMED_OUT, RESET_THERE),
    ("an orphan times out", orphan_times_out, Ending("timed-out", errno.ETIMEDOUT, "FIN_WAIT1", False), RESET_THERE),
    ("an orphan in FIN_WAIT2", orphan, ORPHANED, CLOSED_THERE),
    ("data for an orphan", sent_to_orphan, ORPHANED, PIPE_BROKEN),
    ("data after close()", sent_after_close, Ending("closed-here", errno.ECONNRESET, "FIN_WAIT1", False), RESET_THERE),
    ("both close", both_close, Ending("closed-here", 0, "FIN_WAIT2", True), Ending("closed-here", 0, "CLOSING", True)),
    ("reset in CLOSE_WAIT", reset_in_close_wait, Ending("reset-there", errno.ECONNRESET, "FIN_WAIT2", False),
     Ending("reset-here", 0, "CLOSE_WAIT", True)),
    ("reset in FIN_WAIT2", reset_in_fin_wait2, Ending("reset-here", 0, "FIN_WAIT2", False), PIPE_BROKEN),
    ("reset in FIN_WAIT1", reset_in_fin_wait1, Ending("reset-here", 0, "FIN_WAIT1", False), RESET_THERE),
    ("reset in LAST_ACK", reset_in_last_ack, Ending("reset-here", 0, "FIN_WAIT2", False),
     Ending("reset-there", errno.ECONNRESET, "LAST_ACK", True)),
    ("reset before accept()", reset_before_accept, Ending("reset-here", 0, "ESTABLISHED", False), RESET_THERE),
    ("not accepted, after a FIN", unaccepted_after_fin, Ending("reset-there", errno.ECONNRESET, "FIN_WAIT2", False),
     Ending("unaccepted", 0, "CLOSE_WAIT", True)),
    ("ss --kill", killed, Ending("reset-here", errno.ECONNABORTED, "ESTABLISHED", False), RESET_THERE),
    ("an ICMP error that was outlived, orphan", outlive_icmp_orphan,
     Ending("closed-here", errno.EHOSTUNREACH, "FIN_WAIT2", False), CLOSED_THERE),
    ("an ICMP error that was outlived", outlive_icmp_half_close,
     Ending("closed-here", errno.EHOSTUNREACH, "FIN_WAIT2", True), CLOSED_THERE),
)

# By family: the answer to a SYN, the end and the error.
REJECTIONS = (
    ("4", "host-unreachable", "unreachable", errno.EHOSTUNREACH),
    ("4", "net-unreachable", "unreachable", errno.ENETUNREACH),
    ("4", "prot-unreachable", "unreachable", errno.ENOPROTOOPT),
    ("4", "port-unreachable", "refused", errno.ECONNREFUSED),
    ("6", "addr-unreachable", "unreachable", errno.EHOSTUNREACH),
    ("6", "no-route", "unreachable", errno.ENETUNREACH),
    ("6", "port-unreachable", "refused", errno.ECONNREFUSED),
)


def check_end(row, ending):
    found = Ending(row["end"], row["error"], row["last_state"], row["fin_received"])
    expect_equal(found, ending, f"the end of {row}")


def try_ending(tools, link, families, make, here, there=None):
    recording = Recording(tools, link)
    keys = [make(link, family) for family in families]
    for namespace in link.both():
        namespace.filter()
        await_that(lambda n=namespace: not n.has_sessions(), "all sessions ended")
    rows = recording.finish()
    expect_equal(len(rows), len(families) * (2 if there else 1), "rows")
    groups = by_tuple(rows)
    for key in keys:
        check_end(groups[key].pop(0), here)
        if there:
            check_end(groups[key[2:] + key[:2]].pop(0), there)


def main():
    tools = Tools(sys.argv)
    links = []

    def setup():
        enter_namespace()
        links.append(Link())
        links[0].make_impatient()
        links[0].there.set("net/ipv4/icmp_ratelimit", 0)
        links[0].there.set("net/ipv6/icmp/ratelimit", 0)

    def case(name, families, *rest):
        return name, lambda: until_seen(try_ending, tools, links[0], families, *rest)

    cases = [case(name, "46", *rest) for name, *rest in ENDINGS]
    for family, kind, end, error in REJECTIONS:
        cases.append(case(f"the answer is {kind}, {family}", family,
                          lambda link, family, kind=kind, error=error: reject(link, family, kind, error),
                          Ending(end, error, "SYN_SENT", False)))
    chosen = sys.argv[4] if len(sys.argv) > 4 else ""  # part of a name: only those
    run_cases(tools, setup, [(name, function) for name, function in cases if chosen in name])


main()
