#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--style against the peers' tcplifes rendered a second time, from their own format strings (peer_text.py).

usage: peer_text_test.py TCPLIFE_REPORT [SEED]

Random sessions, and some at every border, are printed by the reporter as JSON lines, and from these as the peer prints
its events; every byte must be the same. Sessions that the peer would not print must be left out, and counted.
"""
import random
import socket
import sys
import tempfile

from peer_capture import Report, first_difference
from peer_text import Bcc, Bpftrace, Libbpf, render

REPORT = Report(sys.argv[1])
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20260820
SESSIONS = 10000
EPOCH_US = 1777626000 * 1000000

BCC_OPTIONS = [[*mode, *times] for mode in ([], ["-w"], ["-s"]) for times in ([], ["-T"], ["-t"], ["-T", "-t"])]
LIBBPF_OPTIONS = [[], ["-T"], ["-w"], ["-T", "-w"]]
COMMS = ["x", "curl", "a,b", "exactly-10", "eleven-char", "fifteen-charact", "sixteen-characte", "a b", "b\\\\c",
         "\\x1b[31mred", "\\xff\\xfe\\xfd", "123456789\\x01", "tab\\x09", "\u00e9t\u00e9", "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9",
         "a\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"]


def random_us(rng):
    """Lifespans of every length; many whose third decimal is a 5, or one beside a whole millisecond."""
    us = rng.randrange(10 ** rng.randrange(1, 16))
    return rng.choice((us, us - us % 10 + 5, us - us % 1000, max(us - us % 1000 - 1, 0)))


def random_bytes(rng):
    """Sizes of every length; many at which the second decimal of the KB is a tie, and beside one."""
    size = rng.randrange(2 ** rng.randrange(1, 65))
    return rng.choice((size, size - size % 128, size - size % 1024, max(size - size % 128 - 1, 0)))


def random_address(rng, v6):
    if not v6:
        return bytes(10) + b"\xff\xff" + rng.randbytes(4)
    groups = [rng.choice((0, 0, 1, rng.randrange(65536))) for _ in range(8)]
    if groups[:5] == [0] * 5:
        groups[0] = 0x2001
    return b"".join(group.to_bytes(2, "big") for group in groups)


def set_times(rng, row, us):
    """One of the ways in which a session may have begun, or not be seen to have."""
    way = rng.randrange(8)
    row["direction"] = rng.choice(("in", "out"))
    if way < 5:
        row["established_us"] = row["close_us"] - us
    if way in (0, 1, 2):  # with the handshake
        row["open_us"] = row["established_us"] - rng.randrange(3000)
    elif way == 5:  # a connect() that failed, or a child that went before the handshake was complete
        row["open_us"] = row["close_us"] - us
    elif way == 6:  # a simultaneous open that did not come to its end
        row |= {"open_us": row["close_us"] - us, "syn_sent_us": us // 3, "syn_recv_us": us - us // 3, "direction": "out"}
    elif way == 7:
        row |= {"before_start": True, "direction": "unknown"}


def random_session(rng, i):
    family = rng.choice((4, 6, 46))  # 46: an IPv4 peer on an IPv6 socket
    row = {"close_us": EPOCH_US + i * 12345, "connect_pid": rng.randrange(1, 4194305), "connect_comm": rng.choice(COMMS),
           "v6_socket": family != 4, "lport": rng.randrange(65536), "rport": rng.randrange(65536),
           "tx_bytes": random_bytes(rng), "rx_bytes": random_bytes(rng),
           "end": "still-open" if rng.random() < 0.05 else "closed-here"}
    for key in ("laddr", "raddr"):
        row[key] = socket.inet_ntop(socket.AF_INET6, random_address(rng, family == 6))
    set_times(rng, row, random_us(rng))
    return row


def border_sessions():
    """A session for each value around each border of rounding."""
    base = {"connect_pid": 1, "connect_comm": "x", "v6_socket": False, "laddr": "192.0.2.1", "raddr": "192.0.2.2",
            "lport": 1, "rport": 65535, "end": "closed-here", "direction": "out"}
    close_us = EPOCH_US + SESSIONS * 12345
    for i, us in enumerate((*range(0, 3001), 999994, 999995, 999996, 2 ** 40 - 5, 2 ** 40 + 5, 10 ** 15 + 5)):
        size = (i * 64, 2 ** 53 + i - 1500, 2 ** 64 - 1 - i)[i % 3]
        yield base | {"close_us": close_us, "established_us": close_us - us, "open_us": close_us - us,
                      "tx_bytes": i, "rx_bytes": size}


def check(style, peer, options, rows, capture):
    run = REPORT.run(capture, "--style", style, *options)
    wanted, said = render(peer, rows)
    name = " ".join([f"{style}'s bytes", *options])
    good = run.stdout == wanted and run.stderr.decode() == said
    why = f"said {run.stderr.decode()!r}, not {said!r}" if run.stdout == wanted else first_difference(wanted, run.stdout, SEED)
    print(f"PASS {name}" if good else f"FAIL {name}: {why}")
    return good


def main():
    rng = random.Random(SEED)
    sessions = [random_session(rng, i) for i in range(SESSIONS)] + list(border_sessions())
    # In CSV a name that needs it is quoted, which is not the peer's way.
    plain = [session for session in sessions if not set(session["connect_comm"]) & set(",\\")]
    with tempfile.TemporaryDirectory() as folder:
        capture, rows = REPORT.write_capture(folder, "all", sessions)
        plain_capture, plain_rows = REPORT.write_capture(folder, "plain", plain)
        good = [check("bcc", Bcc(options), options, plain_rows if "-s" in options else rows,
                      plain_capture if "-s" in options else capture) for options in BCC_OPTIONS]
        good += [check("libbpf", Libbpf(options), options, rows, capture) for options in LIBBPF_OPTIONS]
        good += [check("bpftrace", Bpftrace(), [], rows, capture)]
    return 0 if all(good) else 1


sys.exit(main())
