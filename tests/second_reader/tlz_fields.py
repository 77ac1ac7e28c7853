# SPDX-License-Identifier: BSD-2-Clause
"""The fields of a row: docs/FORMAT.md, section 7."""
from tlz_bytes import U64, must

TIME, TEXT, ADDRESS = "time", "text", "address"  # what is no integer with a greatest value of its own
U48, U32, U16, BIT = 2**48 - 1, 2**32 - 1, 2**16 - 1, 1

# Number: name, greatest value.
FIELDS = {
    1: ("close_us", TIME), 2: ("open_us", TIME), 3: ("syn_sent_us", U64), 4: ("syn_recv_us", U64),
    5: ("established_us", TIME), 6: ("fin_wait1_us", U64), 7: ("fin_wait2_us", U64), 8: ("close_wait_us", U64),
    9: ("last_ack_us", U64), 10: ("closing_us", U64), 11: ("in_established_us", U64), 12: ("fin_us", TIME),
    13: ("connect_pid", U32), 14: ("connect_comm", TEXT), 15: ("io_pid", U32), 16: ("io_comm", TEXT),
    17: ("closer_pid", U32), 18: ("closer_comm", TEXT), 19: ("accept_pid", U32), 20: ("accept_comm", TEXT),
    21: ("listen_pid", U32), 22: ("listen_comm", TEXT), 23: ("task_file_pid", U32), 24: ("task_file_comm", TEXT),
    25: ("uid", U32), 26: ("netns", U32), 27: ("cgroup", U64), 28: ("direction", U32), 29: ("service", U16),
    30: ("laddr", ADDRESS), 31: ("lport", U16), 32: ("raddr", ADDRESS), 33: ("rport", U16), 34: ("v6_socket", BIT),
    35: ("mark", U32), 36: ("interface", U32), 37: ("mptcp", BIT), 38: ("congestion", TEXT), 39: ("end", U32),
    40: ("error", U32), 41: ("last_state", U32), 42: ("before_start", BIT), 43: ("fin_received", BIT),
    44: ("tx_bytes", U64), 45: ("rx_bytes", U64), 46: ("retrans_bytes", U64), 47: ("sent_bytes", U64),
    48: ("segs_out", U32), 49: ("segs_in", U32), 50: ("retrans_segs", U32), 51: ("min_rtt_us", U32),
    52: ("srtt_us", U32), 53: ("mss", U32), 54: ("cwnd", U32), 55: ("cookie", U64),
    56: ("time_us", TIME), 57: ("socket", U48), 58: ("old_state", U32), 59: ("new_state", U32), 60: ("in_old_us", U64),
    61: ("pid", U32), 62: ("comm", TEXT)}
LADDR, RADDR = 30, 32
ENUMERATIONS = {28, 39, 41, 58, 59}
RANGED = {3, 4, *range(6, 12), 28, 34, 37, *range(39, 55), 58, 59, 60}  # section 6.5
SESSION, STATE = "S", "C"
TIMES = {SESSION: 1, STATE: 56}  # the field that every row has
# Of which rows a field is, where it is not of sessions alone.
BOTH = set(range(13, 28)) | {30, 31, 32, 33, 34}
STATE_ONLY = set(range(56, 63))


def kinds(number):
    """Of which rows a field is."""
    if number in STATE_ONLY:
        return STATE,
    return (SESSION, STATE) if number in BOTH else (SESSION,)


OUT, IN = 1, 2

OWNERS = (("connect", "connect"), ("io", "io"), ("closer", "close"), ("accept", "accept"), ("listen", "listen"),
          ("task_file", "task-file"))
MAPPED = bytes(10) + b"\xff\xff"
TIME_MOST = 2**63 - 1


def field_values(block, column):
    """The column's values as section 7 means them: Unix times, names without what fills them."""
    name, most = FIELDS[column.number]
    values = column.values
    if most == TEXT:
        return [value and value.split(b"\0")[0] for value in values]
    if most == TIME:
        values, most = [value if value is None else block.unix_time(value) for value in values], TIME_MOST
    must(most == ADDRESS or all(value is None or value <= most for value in values), f"{name} is too great")
    return values


def add_ports(row):
    """Section 7.1: the port that is the service; in states there is none."""
    port = {OUT: "rport", IN: "lport"}.get(row.get("direction"))
    if port and "service" in row:
        row.setdefault(port, row["service"])
    must("lport" in row and "rport" in row, "a port is absent")


def derived(row, kind=SESSION):
    """Section 7.2, of a row. A lifespan (ms) is in microseconds here."""
    more = {"owner": "unknown", "family": 4 if row["laddr"].startswith(MAPPED) else 6}
    pid, comm = ("pid", "comm") if kind == SESSION else ("owner_pid", "owner_comm")
    for process, owner in OWNERS:
        if f"{process}_pid" in row:
            more.update({"owner": owner, pid: row[f"{process}_pid"]})
            if f"{process}_comm" in row:
                more[comm] = row[f"{process}_comm"]
            break
    if kind == STATE:
        return more
    birth = row.get("established_us", row.get("open_us"))
    if "established_us" not in row and "open_us" in row and "syn_sent_us" in row and "syn_recv_us" in row:
        birth = row["open_us"] + row["syn_sent_us"] & U64
    for name, whole, part in (("lifespan_us", row["close_us"], birth),
                              ("tx_payload_bytes", row.get("sent_bytes"), row.get("retrans_bytes")),
                              ("rx_payload_bytes", row.get("rx_bytes"), row.get("fin_received"))):
        if whole is not None and part is not None and whole >= part:
            more[name] = whole - part
    return more
