# SPDX-License-Identifier: BSD-2-Clause
"""What the peers' tcplifes print of sessions, rendered a second time: from rows as --jsonl has them, by the peers' own
format strings. The formats are those of tools/tcplife.py and libbpf-tools/tcplife.c of bcc (2026-05) and of
tools/tcplife.bt of bpftrace (2026-08)."""
import re
import socket
import time

# tools/tcplife.py: header_string and format_string of each mode.
BCC = {
    "": ("%-5s %-10.10s %s%-15s %-5s %-15s %-5s %5s %5s %s", "%-5d %-10.10s %s%-15s %-5d %-15s %-5d %5d %5d %.2f"),
    "-w": ("%-5s %-16.16s %-2s %-39s %-5s %-39s %-5s %6s %6s %s",
           "%-5d %-16.16s %-2s %-39s %-5d %-39s %-5d %6d %6d %.2f"),
    "-s": ("%s,%s,%s,%s,%s,%s,%s,%s,%s,%s", "%d,%s,%s,%s,%s,%s,%d,%d,%d,%.2f"),
}
LIBBPF = (b"%-7s %-16s %-*s %-5s %-*s %-5s %-6s %-6s %-s\n", b"%-7d %-16s %-*s %-5d %-*s %-5d %-6.2f %-6.2f %-.2f\n")
BPFTRACE = (b"%-5s %-10s %-15s %-5s %-15s %-5s %5s %5s %s\n", b"%-5d %-10.10s %-15s %-5d %-15s %-6d %5d %5d %d\n")
HEADINGS = ("PID", "COMM", "LADDR", "LPORT", "RADDR", "RPORT", "TX_KB", "RX_KB", "MS")


def name_bytes(text):
    """A name as the kernel has it, of the string in JSON."""
    return re.sub(rb"\\(\\|x..)", lambda m: b"\\" if m[1] == b"\\" else bytes([int(m[1][1:], 16)]), text.encode())


def pieces(name):
    """The name's characters, or for a byte that is not printable its escape: they go to a terminal."""
    while name:
        for size in (1, 2, 3, 4):
            try:
                character = name[:size].decode()
            except UnicodeDecodeError:
                continue
            if len(character) == 1 and character.isprintable():
                yield character
                name = name[size:]
            else:
                yield f"\\x{name[0]:02x}"
                name = name[1:]
            break
        else:
            yield f"\\x{name[0]:02x}"
            name = name[1:]


def safe(name, columns=1000):
    """The pieces that have room in so many columns."""
    text = ""
    for piece in pieces(name):
        if len(text) + len(piece) > columns:
            break
        text += piece
    return text


def address(row, key):
    """As inet_ntop() of the socket's family has it."""
    if not row["v6_socket"]:
        return row[key]
    mapped = "::ffff:" + row[key] if row["family"] == 4 else row[key]
    return socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, mapped))


def places(row):
    return address(row, "laddr"), row["lport"], address(row, "raddr"), row["rport"]


def clock(us):
    return time.strftime("%H:%M:%S", time.localtime(us // 1000000))


def last_birth_us(row):
    """Each state up to ESTABLISHED is a new birth to bcc and libbpf-tools."""
    if "established_us" in row:
        return row["established_us"]
    if "open_us" in row and "syn_sent_us" in row and "syn_recv_us" in row:
        return row["open_us"] + row["syn_sent_us"]
    return row.get("open_us")


def first_birth_us(row):
    """The first state counts to bpftrace, which does not see a listener's child come to SYN_RECV."""
    if "open_us" in row and row.get("direction") != "in":
        return row["open_us"]
    return row.get("established_us")


class Bcc:
    """tcplife.py with those options."""

    tool, birth_us = "bcc's tcplife", staticmethod(last_birth_us)

    def __init__(self, options=()):
        self.mode = "-s" if "-s" in options else "-w" if "-w" in options else ""
        self.time, self.timestamp = "-T" in options, "-t" in options
        self.first_us = None

    def times(self, clock_text, delta_text):
        csv = self.mode == "-s"
        text = ("%s," if csv else "%-8s ") % clock_text if self.time else ""
        return text + (("%s," if csv else "%-9s ") % delta_text if self.timestamp else "")

    def header(self):
        ip = "IP" if self.mode else ""
        return (self.times("TIME", "TIME(s)") + BCC[self.mode][0] % (*HEADINGS[:2], ip, *HEADINGS[2:]) + "\n").encode()

    def comm(self, row):
        name = name_bytes(row["comm"])
        if self.mode == "-s":
            return name.decode("utf-8", "surrogateescape")
        return safe(name, 16 if self.mode else 10)

    def row(self, row):
        if self.first_us is None:
            self.first_us = row["close_us"]
        text = self.times(clock(row["close_us"]), "%.6f" % (float(row["close_us"] - self.first_us) / 1000000))
        ip = ("6" if row["v6_socket"] else "4") if self.mode else ""
        text += BCC[self.mode][1] % (row["pid"], self.comm(row), ip, *places(row), row["tx_bytes"] // 1024,
                                     row["rx_bytes"] // 1024, float(row["close_us"] - last_birth_us(row)) / 1000)
        return (text + "\n").encode("utf-8", "surrogateescape")


class Libbpf:
    """libbpf-tools' tcplife with those options."""

    tool, birth_us = "libbpf-tools' tcplife", staticmethod(last_birth_us)

    def __init__(self, options=(), wide=39):
        self.time = "-T" in options
        self.width = wide if "-w" in options else 15

    def header(self):
        pid, comm, laddr, lport, raddr, *rest = (word.encode() for word in HEADINGS)
        return (b"%-8s " % b"TIME(s)" if self.time else b"") + LIBBPF[0] % (
            pid, comm, self.width, laddr, lport, self.width, raddr, *rest)

    def row(self, row):
        laddr, lport, raddr, rport = places(row)
        return (b"%8s " % clock(row["close_us"]).encode() if self.time else b"") + LIBBPF[1] % (
            row["pid"], safe(name_bytes(row["comm"])).encode(), self.width, laddr.encode(), lport, self.width,
            raddr.encode(), rport, float(row["tx_bytes"]) / 1024, float(row["rx_bytes"]) / 1024,
            float(row["close_us"] - last_birth_us(row)) / 1000)


class Bpftrace:
    """tcplife.bt, which has no options."""

    tool, birth_us = "bpftrace's tcplife", staticmethod(first_birth_us)

    def header(self):
        return BPFTRACE[0] % tuple(word.encode() for word in HEADINGS)

    def row(self, row):
        laddr, lport, raddr, rport = places(row)
        # What is cut are bytes, and an escape is not cut.
        comm = safe(name_bytes(row["comm"])[:10], 10).encode()
        return BPFTRACE[1].replace(b"%-10.10s", b"%-10s") % (
            row["pid"], comm, laddr.encode(), lport, raddr.encode(), rport, row["tx_bytes"] // 1024,
            row["rx_bytes"] // 1024, (row["close_us"] - first_birth_us(row)) // 1000)


def omission(peer, row):
    """Why the peer would not print it, or None."""
    if row.get("end") == "still-open":
        return "still open"
    return None if peer.birth_us(row) is not None else "not seen to begin"


def render(peer, rows):
    """Its output, and what the report says on standard error of what is not in it."""
    lines, causes = [peer.header()], {"still open": 0, "not seen to begin": 0}
    for row in rows:
        cause = omission(peer, row)
        if cause:
            causes[cause] += 1
        else:
            lines.append(peer.row(row))
    count = sum(causes.values())
    said = ", ".join(f"{number} {cause}" for cause, number in causes.items() if number)
    words = ("session", "was") if count == 1 else ("sessions", "were")
    left_out = f"tcplife-report: {count} {words[0]} that {peer.tool} would not show {words[1]} left out: {said}\n"
    return b"".join(lines), left_out if count else ""
