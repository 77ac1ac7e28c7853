#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sessions over a link that loses 12 % of the packets in each direction: the figures stay exact."""

import sys
import time

from kernel_case import Tools, by_tuple, enter_namespace, expect, expect_equal, run_cases
from network_case import PORTS, Link, Raced, Recording, address, await_that, until_seen
from socket_case import await_error, by_cookie, bytes_to_read, check_info, cookie_of, make_pair, reset, tcp_info

MODES = ("client-fin", "server-fin", "half-close", "client-reset", "server-reset")
LANES = 5  # of each mode at once, since a SYN that is lost costs a second
SESSIONS = 6
# A reset is not repeated, and its loss would leave the peer waiting for ever.
LOSS = ("tcp flags rst accept", "meta l4proto tcp numgen random mod 100 < 12 drop")
RESETS = 8
FILL_S = 10  # for a window to be closed


def count_retransmissions(link):
    """(segments sent again, and the SYN and SYN-ACK among them), of each side's kernel."""
    counters = [namespace.counters() for namespace in link.both()]
    return [(c["Tcp", "RetransSegs"], c["TcpExt", "TCPSynRetrans"]) for c in counters]


def compare_retransmissions(rows, link, before):
    """
    Each retransmission that a kernel counts is in the row of its session, SYN and SYN-ACK too (Linux 6.18):

    - __tcp_retransmit_skb(), net/ipv4/tcp_output.c, adds the segments to Tcp RetransSegs and to the socket's
      total_retrans alike, and counts a SYN of connect() in TcpExt TCPSynRetrans as well;
    - tcp_rtx_synack(), there, counts a SYN-ACK in RetransSegs and TCPSynRetrans, and in num_retrans of the
      request, which has no socket yet; tcp_create_openreq_child(), net/ipv4/tcp_minisocks.c, begins the
      socket's total_retrans with it.

    So the sums are equal once every session has ended, when each request has become a session; unless the request's
    timer sent its SYN-ACK on one processor while another made the session, which then lacks one.
    """
    after = count_retransmissions(link)
    handshakes = 0
    for namespace, old, new in zip(link.both(), before, after):
        here = [row["retrans_segs"] for row in rows if row["netns"] == namespace.inode]
        if sum(here) == new[0] - old[0] - 1 and new[1] > old[1]:
            raise Raced(f"of {new[0] - old[0]} segments sent again one is in no session")
        expect_equal(sum(here), new[0] - old[0], f"segments sent again of {len(here)} sessions")
        handshakes += new[1] - old[1]
    return sum(row["retrans_segs"] for row in rows), handshakes


def compare_payload(rows, ledger):
    groups = by_tuple(rows)
    for line in ledger:
        group = groups.get((line["laddr"], line["lport"], line["raddr"], line["rport"]))
        expect(group, f"no row for {line}")
        row = group.pop(0)
        expect_equal((row["tx_payload_bytes"], row["rx_payload_bytes"]), (line["sent"], line["received"]),
                     f"payload of {line}")
        # All was acknowledged when the program ended the session, and so was its FIN when it was the kernel that
        # ended it; only a reset may come before an acknowledgement.
        if not row["end"].startswith("reset"):
            fin = row["end"] == "closed-there" or row["last_state"] in ("FIN_WAIT2", "CLOSING")
            expect_equal(row["tx_bytes"], line["sent"] + (line["side"] == "client") + fin, f"tx_bytes of {row}")
    expect_equal([group for group in groups.values() if group], [], "rows that no session made")


def try_traffic(tools, link, family):
    """Hundreds of sessions that end in several ways, many at once."""
    before = count_retransmissions(link)
    recording = Recording(tools, link)
    lanes = [tools.start_traffic(mode, "--family", family, "--count", str(SESSIONS), "--server-netns",
                                 link.there.path, "--address", address(family, 1), "--port", str(port), name=str(port))
             for port, mode in zip(PORTS, MODES * LANES)]
    ledger = [line for wait in lanes for line in wait()]
    for namespace in link.both():
        await_that(lambda n=namespace: not n.has_sessions(), "all sessions ended")
    rows = recording.finish()
    expect_equal(len(rows), len(ledger), "rows")
    compare_payload(rows, ledger)
    again, handshakes = compare_retransmissions(rows, link, before)
    expect(again > len(rows) / 4 and handshakes > 0, f"{again} sent again, {handshakes} in handshakes")
    print(f"# {len(rows)} rows, {again} segments sent again, {handshakes} of them SYN or SYN-ACK", flush=True)


def fill(client, server):
    """Sends until the other side's window is closed and all has arrived; what the kernels say then, or None: the other
    side may have closed its window before it had room for what was on its way, which then is sent again in vain. A
    window that is smaller than a segment is not closed: a probe fills it a moment later."""
    client.setblocking(False)
    limit = time.monotonic() + FILL_S

    def is_full():
        try:
            while client.send(bytes(65536)):
                pass
        except BlockingIOError:
            pass
        info = tcp_info(client)
        return not info.snd_wnd and not info.unacked and bytes_to_read(server) == info.bytes_sent - info.bytes_retrans

    while not is_full():
        if time.monotonic() > limit:
            return None
        time.sleep(0.005)
    return tcp_info(client), tcp_info(server)


def try_queued(tools, link, family):
    """The peer does not read, and data still waits when the session is reset: payload is what was sent at least
    once, and received in order by the kernel, whether the program has read it or not."""
    recording = Recording(tools, link)
    wanted, made = [], 0
    while len(wanted) < RESETS:
        made += 1
        expect(made <= 3 * RESETS, f"only {len(wanted)} of {made} windows closed")
        client, server = make_pair(link, family)
        cookies = cookie_of(client), cookie_of(server)
        full = fill(client, server)
        if not full:
            reset(client)
            server.close()
            continue
        sent, received = full
        expect_equal(received.bytes_received, sent.bytes_sent - sent.bytes_retrans, "bytes received in order")
        reset(client)
        await_error(server)
        wanted.append((cookies, sent, tcp_info(server), received.bytes_received))
        server.close()
    rows = recording.finish()
    expect_equal(len(rows), 2 * made, "rows")
    sessions = by_cookie(rows)
    for cookies, sent, received, payload in wanted:
        here, there = (sessions[cookie] for cookie in cookies)
        expect_equal((here["end"], there["end"]), ("reset-here", "reset-there"), "the ends")
        expect_equal((here["tx_payload_bytes"], there["rx_payload_bytes"]), (payload, payload), "payload")
        expect_equal(here["retrans_bytes"], sent.bytes_retrans, "retrans_bytes")
        expect_equal(here["tx_bytes"], sent.bytes_acked, "tx_bytes")
        check_info(there, received)


def check_midway(row, info):
    """A segment that found the socket just before the reset, and waited for it on another processor, is counted and
    dropped: tcp_segs_in() comes before the state is looked at (tcp_v4_rcv(), net/ipv4/tcp_ipv4.c, Linux 6.18)."""
    late = info.segs_in - row["segs_in"]
    if late > 0:
        check_info(row, info._replace(segs_in=row["segs_in"]))
        raise Raced(f"the kernel counted {late} more segments after the reset")
    check_info(row, info)


def try_midway(tools, link, family):
    """A reset comes while data is on its way and is sent again: what the kernel says of the socket after it."""
    recording = Recording(tools, link)
    wanted = []
    for i in range(RESETS):
        client, server = make_pair(link, family)
        cookies = cookie_of(client), cookie_of(server)
        client.setblocking(False)
        client.send(bytes(1000000))
        left = 4000 * i + 1
        while left > 0:
            left -= len(server.recv(min(left, 65536)))
        least = tcp_info(server).bytes_received
        reset(server)
        await_error(client)
        wanted.append((cookies, tcp_info(client), least))
        client.close()
    sessions = by_cookie(recording.finish())
    for cookies, info, least in wanted:
        here, there = (sessions[cookie] for cookie in cookies)
        expect_equal((here["end"], there["end"]), ("reset-there", "reset-here"), "the ends")
        check_midway(here, info)
        expect(least <= there["rx_payload_bytes"] <= here["tx_payload_bytes"],
               f"{there['rx_payload_bytes']} received of {here['tx_payload_bytes']}, and {least} before the end")


def main():
    tools = Tools(sys.argv)
    links = []

    def setup():
        enter_namespace()
        links.append(Link())
        links[0].make_impatient()
        for namespace in links[0].both():
            namespace.filter(*LOSS)

    run_cases(tools, setup, [
        (f"{name}, {family}", lambda function=function, family=family: until_seen(function, tools, links[0], family))
        for name, function in (("traffic", try_traffic), ("reset with data queued", try_queued),
                               ("reset midway", try_midway))
        for family in ("4", "6")])


main()
