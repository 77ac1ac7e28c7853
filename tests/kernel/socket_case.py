# SPDX-License-Identifier: BSD-2-Clause
"""Both ends of a session in the hands of one test: sockets of two network namespaces, and what their kernels
say of them."""

import fcntl
import select
import socket
import struct
import termios
from collections import namedtuple

from kernel_case import expect
from network_case import PATIENCE_S, PORTS, address

SO_COOKIE = 57  # of asm-generic/socket.h
RESET_AT_CLOSE = struct.pack("ii", 1, 0)
# struct tcp_info of linux/tcp.h, as far as it is asked for here.
INFO = struct.Struct("=B7x 24I 4Q 6I 4Q 2I 2Q 4I")
INFO_NAMES = ("state rto ato snd_mss rcv_mss unacked sacked lost retrans fackets last_data_sent last_ack_sent "
              "last_data_recv last_ack_recv pmtu rcv_ssthresh rtt rttvar snd_ssthresh snd_cwnd advmss reordering "
              "rcv_rtt rcv_space total_retrans pacing_rate max_pacing_rate bytes_acked bytes_received segs_out "
              "segs_in notsent_bytes min_rtt data_segs_in data_segs_out delivery_rate busy_time rwnd_limited "
              "sndbuf_limited delivered delivered_ce bytes_sent bytes_retrans dsack_dups reord_seen rcv_ooopack snd_wnd")
TcpInfo = namedtuple("TcpInfo", INFO_NAMES)
# A row's fields, and the same figure in struct tcp_info.
SAME = {"tx_bytes": "bytes_acked", "rx_bytes": "bytes_received", "sent_bytes": "bytes_sent",
        "retrans_bytes": "bytes_retrans", "segs_out": "segs_out", "segs_in": "segs_in",
        "retrans_segs": "total_retrans", "min_rtt_us": "min_rtt", "srtt_us": "rtt", "mss": "snd_mss",
        "cwnd": "snd_cwnd"}


def tcp_info(sock):
    """What the kernel says of it. After a reset by the peer it is still there to be asked."""
    return TcpInfo(*INFO.unpack(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, INFO.size)))


def bytes_to_read(sock):
    return struct.unpack("i", fcntl.ioctl(sock, termios.FIONREAD, b"\0" * 4))[0]


def make_socket(namespace, family="4", timeout=PATIENCE_S):
    with namespace:
        sock = socket.socket(socket.AF_INET if family == "4" else socket.AF_INET6, socket.SOCK_STREAM)
    sock.settimeout(timeout)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def make_listener(link, family="4"):
    """There, at the first port."""
    listener = make_socket(link.there, family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address(family, 1), PORTS[0]))
    listener.listen()
    return listener


def make_pair(link, family="4", listener=None):
    """A session that is established: (the end here, the end there)."""
    own = listener or make_listener(link, family)
    client = make_socket(link.here, family)
    client.connect(own.getsockname())
    server, _ = own.accept()
    server.settimeout(PATIENCE_S)
    if not listener:
        own.close()
    return client, server


def reset(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
    sock.close()


def await_error(sock):
    """Until an error has ended the session; it is left to be read."""
    poll = select.poll()
    poll.register(sock, 0)
    expect(any(events & select.POLLERR for _, events in poll.poll(PATIENCE_S * 1000)), "the session goes on")


def cookie_of(sock):
    """What a row of it has: no other socket has the same, as its addresses and ports may be, a moment later."""
    return struct.unpack("=Q", sock.getsockopt(socket.SOL_SOCKET, SO_COOKIE, 8))[0]


def by_cookie(rows):
    return {row["cookie"]: row for row in rows}


def key_of(sock, peer):
    """By what by_tuple() finds the row of a socket: to be asked while both are connected."""
    return (*sock.getsockname()[:2], *peer.getsockname()[:2])


def check_info(row, info):
    """All that the kernel counted, when nothing came after it was asked."""
    for field, name in SAME.items():
        found, wanted = row.get(field, 0), getattr(info, name)
        expect(found == wanted, f"{field} is {found}, and {name} of TCP_INFO {wanted}")
