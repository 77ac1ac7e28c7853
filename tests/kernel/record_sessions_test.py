#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sessions that end in every way, over loopback: each row is what the processes on both sides did."""

import errno
import sys
import time

from kernel_case import (CLOCK_TOLERANCE_US, STATES, Recorder, Tools, by_tuple, enter_namespace, expect, expect_equal,
                         run_cases)

SHORT_SESSIONS = 10000


class Ending:
    """How a side's row must say that the session ended."""

    def __init__(self, end, error=0, closer=True, fin_received=None, last_states=()):
        self.end, self.error, self.closer = end, error, closer
        self.fin_received, self.last_states = fin_received, last_states


# This side's FIN came first. An orphan in FIN_WAIT2 ends for the kernel before the peer's FIN.
CLOSED_HERE = Ending("closed-here", last_states=("FIN_WAIT2", "CLOSING"))
CLOSED_THERE = Ending("closed-there", fin_received=True, last_states=("LAST_ACK",))
RESET_HERE = Ending("reset-here", fin_received=False, last_states=("ESTABLISHED",))
RESET_THERE = Ending("reset-there", errno.ECONNRESET, fin_received=False,
                     last_states=("ESTABLISHED",))
DISCONNECTED = Ending("disconnected", fin_received=False, last_states=("ESTABLISHED",))
UNACCEPTED = Ending("unaccepted", closer=False, fin_received=False, last_states=("ESTABLISHED",))
REFUSED = Ending("refused", errno.ECONNREFUSED, closer=False, last_states=("SYN_SENT",))
GAVE_UP = Ending("gave-up", last_states=("SYN_SENT",))
TIMED_OUT = Ending("timed-out", errno.ETIMEDOUT, closer=False, last_states=("SYN_SENT",))

# mode: (sessions of a short run, endings of the client's rows in turn, of the server's rows in turn)
MODES = {
    "client-fin": (30, [CLOSED_HERE], [CLOSED_THERE]),
    "server-fin": (30, [CLOSED_THERE], [CLOSED_HERE]),
    "client-reset": (30, [RESET_HERE], [RESET_THERE]),
    "server-reset": (30, [RESET_THERE], [RESET_HERE]),
    "client-unread": (30, [RESET_HERE], [RESET_THERE]),
    "empty": (30, [CLOSED_HERE], [CLOSED_THERE]),
    "half-close": (30, [CLOSED_HERE], [CLOSED_THERE]),
    "killed": (10, [CLOSED_HERE], [CLOSED_THERE]),
    "disconnect": (10, [DISCONNECTED, CLOSED_HERE], [RESET_THERE, CLOSED_THERE]),
    "unaccepted": (10, [RESET_THERE], [UNACCEPTED]),
    "refused": (10, [REFUSED], []),
    "gave-up": (3, [CLOSED_HERE, GAVE_UP], [CLOSED_THERE]),
    "timed-out": (2, [CLOSED_HERE, TIMED_OUT], [CLOSED_THERE]),
}


def check_process(row, line, ending):
    """pid, comm and owner: the connector knows itself, the other side has its closer, or its listener."""
    is_client = line["side"] == "client"
    owner = "connect" if is_client else "close" if ending.closer else "listen"
    expect_equal(row["owner"], owner, "owner")
    expect_equal(row["pid"], line["pid"], "pid")
    expect_equal(row["comm"], line["comm"], "comm")
    if ending.closer:
        expect_equal(row["closer_pid"], line["pid"], "closer_pid")
        expect_equal(row["closer_comm"], line["comm"], "closer_comm")
    else:
        expect("closer_pid" not in row, "a closer is named, and none closed it")
    expect_equal("connect_pid" in row, is_client, "having a connector")
    expect_equal("listen_pid" in row, not is_client, "having a listener")
    expect("accept_pid" not in row and "io_pid" not in row, "a source is named that was not attached")


def check_place(row, line, netns):
    is_client = line["side"] == "client"
    expect_equal(row["family"], line["family"], "family")
    expect_equal(row["v6_socket"], bool(line["v6_socket"]), "v6_socket")
    expect_equal(row["direction"], "out" if is_client else "in", "direction")
    expect_equal(row["service"], line["rport" if is_client else "lport"], "service")
    expect_equal(row["netns"], netns, "netns")
    expect_equal(row["uid"], 0, "uid")
    expect_equal(row["mptcp"], False, "mptcp")
    expect_equal(row["before_start"], False, "before_start")
    expect(row["cookie"] > 0, "no cookie")
    expect(row["congestion"], "no congestion control")


def check_end(row, ending):
    expect_equal(row["end"], ending.end, "end")
    expect_equal(row["error"], ending.error, "error")
    if ending.fin_received is not None:
        expect_equal(row["fin_received"], ending.fin_received, "fin_received")
    expect(row["last_state"] in ending.last_states, f"last_state is {row['last_state']}")
    expect(STATES[row["last_state"]] in row, f"no time in {row['last_state']}")


def check_bytes(row, line, ending):
    """Payload as the programs counted it, and tcplife's counters, which count SYN and FIN too."""
    sent, received = line["sent"], line["received"]
    syn = 1 if line["side"] == "client" and "established_us" in row else 0
    expect_equal(row["tx_payload_bytes"], sent, "tx_payload_bytes")
    expect_equal(row["rx_payload_bytes"], received, "rx_payload_bytes")
    # What the peer acknowledged: all of it, but a reset may come before the (delayed) acknowledgement.
    least = 0 if ending.end in ("reset-here", "reset-there") else sent + syn
    most = sent + syn + (ending.end in ("closed-here", "closed-there"))
    expect(least <= row["tx_bytes"] <= most, f"tx_bytes is {row['tx_bytes']} for {sent} sent")
    if "established_us" in row:
        expect(row["segs_in"] > 0 and row["segs_out"] > 0, "no segments counted")
        expect(row["mss"] > 0 and row["cwnd"] > 0, "no mss or cwnd")


def check_span(row, begin_us, end_us):
    expect(begin_us - CLOCK_TOLERANCE_US <= row["open_us"], "it opened before the test")
    expect(row["close_us"] <= end_us + CLOCK_TOLERANCE_US, "it closed after the test")
    if "established_us" in row:
        expect_equal("fin_us" in row, row["end"].startswith("closed-"), "having a FIN's time")


def check_rows(rows, ledger, endings, span_us, netns):
    """Each line of the ledger has its row, and there is no row more."""
    groups = by_tuple(row for row in rows if row["netns"] == netns)
    turns = {"client": 0, "server": 0}
    for line in ledger:
        side = line["side"]
        ending = endings[side][turns[side] % len(endings[side])]
        turns[side] += 1
        group = groups.get((line["laddr"], line["lport"], line["raddr"], line["rport"]))
        expect(group, f"no row for {line}")
        row = group.pop(0)
        try:
            check_process(row, line, ending)
            check_place(row, line, netns)
            check_end(row, ending)
            check_bytes(row, line, ending)
            check_span(row, *span_us)
        except Exception as error:
            raise type(error)(f"{error}; {line}; row {row}") from None
    expect_equal([group for group in groups.values() if group], [], "rows that no session made")


def now_us():
    return time.time_ns() // 1000


def try_mode(tools, netns, mode, family, count):
    endings = dict(zip(("client", "server"), MODES[mode][1:]))
    begin_us = now_us()
    recorder = Recorder(tools, "--netns", "self")
    ledger = tools.make_traffic(mode, "--family", family, "--count", str(count))
    recorder.finish()
    rows = tools.rows(recorder.capture)
    expect_equal(recorder.sessions, len(rows), "sessions in the closing line")
    check_rows(rows, ledger, endings, (begin_us, now_us()), netns)


def main():
    tools = Tools(sys.argv)
    netns = []

    def setup():
        netns.append(enter_namespace())

    def case(mode, family, count):
        return f"{count} x {mode}, {family}", lambda: try_mode(tools, netns[0], mode, family, count)

    cases = [case(mode, family, count) for mode, (count, *_) in MODES.items() for family in ("4", "6", "mapped")]
    cases += [case(mode, "4", SHORT_SESSIONS) for mode in ("client-fin", "server-fin", "client-reset")]
    run_cases(tools, setup, cases)


main()
