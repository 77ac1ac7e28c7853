#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--states against the peers' tcpstates rendered a second time, from their own format strings (peer_states_text.py).

usage: peer_states_text_test.py TCPLIFE_REPORT [SEED]

Random changes of state, and some at every border, are printed by the reporter as JSON lines, and from these as the
peer prints its events; every byte must be the same. No change may be left out, and --style bcc is the default.
"""
import random
import socket
import sys
import tempfile

from peer_capture import Report, first_difference
from peer_states_text import BccStates, LibbpfStates

REPORT = Report(sys.argv[1])
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20260820
CHANGES = 8000
EPOCH_US = 1777626000 * 1000000

BCC_OPTIONS = [[*mode, *times] for mode in ([], ["-w"], ["-s"]) for times in ([], ["-T"], ["-t"], ["-T", "-t"])]
LIBBPF_OPTIONS = [[], ["-T"], ["-w"], ["-T", "-w"]]
COMMS = ["x", "curl", "swapper/0", "ksoftirqd/12", "exactly-10", "eleven-char", "fifteen-charact", "sixteen-characte",
         "a b", "", "\\x1b[31mred", "\\xff\\xfe\\xfd", "123456789\\x01", "tab\\x09", "\u00e9t\u00e9",
         "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9", "a,b", "b\\\\c"]
STATES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
STRANGE = [0, 13, 99, 2 ** 32 - 1]


def random_us(rng):
    us = rng.randrange(10 ** rng.randrange(1, 16))
    return rng.choice((us, us - us % 1000, max(us - us % 1000 - 1, 0)))


def random_address(rng, family):
    """None is all zeros, of a listener or of a socket that is not bound."""
    if family == 6:
        return socket.inet_ntop(socket.AF_INET6, rng.choice((bytes(16), b"\x20\x01" + rng.randbytes(14),
                                                             b"\xfe\x80" + bytes(6) + rng.randbytes(8))))
    return socket.inet_ntop(socket.AF_INET, rng.choice((bytes(4), rng.randbytes(4), rng.randbytes(4))))


def random_change(rng, i):
    family = rng.choice((4, 6, 46))  # 46: an IPv4 peer on an IPv6 socket
    row = {"time_us": EPOCH_US + i * 12345, "socket": rng.randrange(2 ** rng.randrange(1, 49)),
           "old_state": rng.choice(STATES + STRANGE * (rng.random() < 0.1)), "new_state": rng.choice(STATES),
           "pid": rng.choice((0, rng.randrange(1, 4194305))), "comm": rng.choice(COMMS), "v6_socket": family != 4,
           "laddr": random_address(rng, family), "raddr": random_address(rng, family),
           "lport": rng.randrange(65536), "rport": rng.choice((0, rng.randrange(65536)))}
    return row | ({"in_old_us": random_us(rng)} if rng.random() < 0.8 else {})


def border_changes():
    """A change for each value around borders of the three decimals."""
    base = {"pid": 1, "comm": "x", "v6_socket": False, "laddr": "192.0.2.1", "raddr": "192.0.2.2", "lport": 1,
            "rport": 65535}
    powers = (2 ** bits + more for bits in range(10, 64) for more in (-1, 0, 1))
    for i, us in enumerate((*range(0, 2002), *powers, 2 ** 64 - 1)):
        yield base | {"time_us": EPOCH_US + CHANGES * 12345 + i, "socket": (2 ** 48 - 1 - i, i, i * 16)[i % 3],
                      "old_state": i % 13, "new_state": 7, "in_old_us": us}


def check(name, peer, options, rows, capture):
    run = REPORT.run(capture, "--states", *options)
    wanted = peer.header() + b"".join(map(peer.row, rows))
    good = run.stdout == wanted and not run.stderr
    print(f"PASS {name}" if good else f"FAIL {name}: {run.stderr.decode()}{first_difference(wanted, run.stdout, SEED)}")
    return good


def main():
    rng = random.Random(SEED)
    changes = [random_change(rng, i) for i in range(CHANGES)] + list(border_changes())
    # In CSV a name that needs it is quoted, which is not the peer's way.
    plain = [change for change in changes if not set(change["comm"]) & set(",\\")]
    with tempfile.TemporaryDirectory() as folder:
        capture, rows = REPORT.write_capture(folder, "all", changes, "--states")
        plain_capture, plain_rows = REPORT.write_capture(folder, "plain", plain, "--states")
        good = [len(rows) == len(changes)]
        for style in ([], ["--style", "bcc"]):
            for options in BCC_OPTIONS:
                csv = "-s" in options
                good.append(check(" ".join(["bcc's bytes", *style, *options]), BccStates(options), style + options,
                                  plain_rows if csv else rows, plain_capture if csv else capture))
        for options in LIBBPF_OPTIONS:
            good.append(check(" ".join(["libbpf's bytes", *options]), LibbpfStates(options),
                              ["--style", "libbpf", *options], rows, capture))
    return 0 if all(good) else 1


sys.exit(main())
