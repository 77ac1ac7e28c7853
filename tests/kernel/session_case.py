# SPDX-License-Identifier: BSD-2-Clause
"""Sessions that the traffic makes (traffic.c): how each mode's end, and that each row is what the processes on both
sides did."""

import errno

from kernel_case import CLOCK_TOLERANCE_US, SOURCES, STATES, by_tuple, expect, expect_equal


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


def check_process(row, line, ending, sources):
    """pid, comm and owner: the connector knows itself, the other side has its first user, its closer, or its listener.
    sources: of "accept" and "io", what is attached."""
    is_client = line["side"] == "client"
    is_taken = ending is not UNACCEPTED
    # A server always asks for more, be it that it gets the end.
    has_io = "io" in sources and is_taken and (not is_client or line["sent"] + line["received"] > 0)
    owner = "connect" if is_client else "io" if has_io else "close" if ending.closer else "listen"
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
    expect_equal("accept_pid" in row, "accept" in sources and is_taken and not is_client, "having an acceptor")
    expect_equal(row.get("accept_pid", line["pid"]), line["pid"], "accept_pid")
    expect_equal("io_pid" in row, has_io, "having a first user")
    expect_equal(row.get("io_pid", line["pid"]), line["pid"], "io_pid")


def check_place(row, line, netns, sources):
    is_client = line["side"] == "client"
    expect_equal(row["family"], line["family"], "family")
    expect_equal(row["v6_socket"], bool(line["v6_socket"]), "v6_socket")
    expect_equal(row["direction"], "out" if is_client else "in", "direction")
    expect_equal(row["service"], line["rport" if is_client else "lport"], "service")
    expect_equal(row["netns"], netns, "netns")
    expect_equal(row["uid"], 0, "uid")
    expect_equal(row["mptcp"], False, "mptcp")
    expect_equal(row["before_start"], False, "before_start")
    expect_equal("cookie" in row, "cookie" in sources, "having a cookie")
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


def check_rows(rows, ledger, endings, span_us, netns, sources=SOURCES):
    """Each line of the ledger has its row, and there is no row more. endings: of a mode's client, and of its server."""
    endings = dict(zip(("client", "server"), endings))
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
            check_process(row, line, ending, sources)
            check_place(row, line, netns, sources)
            check_end(row, ending)
            check_bytes(row, line, ending)
            check_span(row, *span_us)
        except Exception as error:
            raise type(error)(f"{error}; {line}; row {row}") from None
    expect_equal([group for group in groups.values() if group], [], "rows that no session made")
