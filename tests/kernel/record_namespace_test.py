#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sessions between two network namespaces, and a recorder inside a time namespace."""

import errno
import os
import sys
import time

from kernel_case import (CLOCK_TOLERANCE_US, Recorder, Skip, Tools, by_tuple, enter_namespace, expect, expect_equal,
                         run_cases)
from network_case import Link, address

PORT = 21713  # below the range from which clients get theirs
BOOT_OFFSET_S = 1000000


def try_two_namespaces(tools, netns, link, family):
    recorder = Recorder(tools)
    ledger = tools.make_traffic("client-fin", "--family", family, "--count", "50", "--server-netns", link().there.path,
                                "--address", address(family, 1))
    recorder.finish()
    inodes = {"client": netns, "server": link().there.inode}
    groups = by_tuple(row for row in tools.rows(recorder.capture) if row["netns"] in inodes.values())
    for line in ledger:
        row = groups[line["laddr"], line["lport"], line["raddr"], line["rport"]].pop(0)
        expect_equal(row["netns"], inodes[line["side"]], "netns")
        expect_equal((row["pid"], row["comm"]), (line["pid"], line["comm"]), "process")
        expect_equal((row["tx_payload_bytes"], row["rx_payload_bytes"]), (line["sent"], line["received"]), "payload")
    expect_equal([group for group in groups.values() if group], [], "rows that no session made")


def try_unreachable(tools, netns, link, family):
    """Nobody answers the neighbour's question for the address."""
    expect(link().there, "no link")
    kind = "ipv4" if family == "4" else "ipv6"
    with open(f"/proc/sys/net/{kind}/neigh/here/retrans_time_ms", "w", encoding="ascii") as file:
        file.write("20")
    recorder = Recorder(tools)
    ledger = tools.make_traffic("unreachable", "--family", family, "--count", "3", "--port", "9",
                                "--client-netns", "/proc/self/ns/net", "--address", address(family, 2))
    recorder.finish()
    rows = [row for row in tools.rows(recorder.capture) if row["netns"] == netns]
    expect_equal(len(rows), len(ledger), "rows")
    for row in rows:
        expect_equal((row["end"], row["error"], row["last_state"], row["raddr"]),
                     ("unreachable", errno.EHOSTUNREACH, "SYN_SENT", address(family, 2)), "the end")


def try_time_namespace(tools):
    """There the clock of the boot is another; the times of day must not be."""
    count = 20
    if not os.path.exists("/proc/self/ns/time"):
        raise Skip("no time namespaces")
    begin_us = time.time_ns() // 1000
    recorder = Recorder(tools, "-L", str(PORT), "-n", str(count),
                        before=["unshare", "--time", f"--boottime={BOOT_OFFSET_S}", "--fork"])
    tools.make_traffic("server-fin", "--port", str(PORT), "--count", str(count))
    expect_equal(recorder.wait(), 0, "the recorder's status")
    end_us = time.time_ns() // 1000
    rows = tools.rows(recorder.capture)
    expect_equal(len(rows), count, "rows")
    for row in rows:
        expect(begin_us - CLOCK_TOLERANCE_US <= row["open_us"] <= row["close_us"] <= end_us + CLOCK_TOLERANCE_US,
               f"from {row['open_us']} to {row['close_us']}, not in {begin_us} to {end_us}")


def main():
    tools = Tools(sys.argv)
    netns = []
    links = []

    def link():
        if not links:
            links.append(Link())
        return links[0]

    run_cases(tools, lambda: netns.append(enter_namespace()), [
        ("two network namespaces, 4", lambda: try_two_namespaces(tools, netns[0], link, "4")),
        ("two network namespaces, 6", lambda: try_two_namespaces(tools, netns[0], link, "6")),
        ("unreachable, 4", lambda: try_unreachable(tools, netns[0], link, "4")),
        ("unreachable, 6", lambda: try_unreachable(tools, netns[0], link, "6")),
        ("recorder in a time namespace", lambda: try_time_namespace(tools)),
    ])


main()
