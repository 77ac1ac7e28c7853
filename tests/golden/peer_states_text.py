# SPDX-License-Identifier: BSD-2-Clause
"""What the peers' tcpstates print of changes of state, rendered a second time: from rows as --states --jsonl has them,
by the peers' own format strings. The formats are those of tools/tcpstates.py and libbpf-tools/tcpstates.c of bcc
(2026-05)."""
from peer_text import clock, name_bytes, places, safe

# tools/tcpstates.py: header_string and format_string of each mode.
BCC = {
    "": ("%-16s %-5s %-10.10s %s%-15s %-5s %-15s %-5s %-11s -> %-11s %s",
         "%-16x %-5d %-10.10s %s%-15s %-5d %-15s %-5d %-11s -> %-11s %.3f"),
    "-w": ("%-16s %-5s %-16.16s %-2s %-39s %-5s %-39s %-5s %-11s -> %-11s %s",
           "%-16x %-5d %-16.16s %-2s %-39s %-5s %-39s %-5d %-11s -> %-11s %.3f"),
    "-s": ("%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s", "%x,%d,%s,%s,%s,%s,%s,%d,%s,%s,%.3f"),
}
# libbpf-tools/tcpstates.c, without and with -w.
LIBBPF = (
    (b"%-16s %-7s %-10s %-15s %-5s %-15s %-5s %-11s -> %-11s %s\n",
     b"%-16x %-7d %-10s %-15s %-5d %-15s %-5d %-11s -> %-11s %.3f\n"),
    (b"%-16s %-7s %-16s %-2s %-39s %-5s %-39s %-5s %-11s -> %-11s %s\n",
     b"%-16x %-7d %-16s %-2d %-39s %-5d %-39s %-5d %-11s -> %-11s %.3f\n"))
PLACES = ("LADDR", "LPORT", "RADDR", "RPORT", "OLDSTATE", "NEWSTATE", "MS")


def ms(row):
    """What the peers do not know is 0 to them."""
    return float(row.get("in_old_us", 0)) / 1000


class BccStates:
    """tcpstates.py with those options."""

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
        line = BCC[self.mode][0] % ("SKADDR", "C-PID", "C-COMM", ip, *PLACES)
        return (self.times("TIME", "TIME(s)") + line + "\n").encode()

    def comm(self, row):
        name = name_bytes(row["comm"])
        if self.mode == "-s":
            return name.decode("utf-8", "surrogateescape")
        return safe(name, 16 if self.mode else 10)

    def row(self, row):
        if self.first_us is None:
            self.first_us = row["time_us"]
        text = self.times(clock(row["time_us"]), "%.6f" % (float(row["time_us"] - self.first_us) / 1000000))
        ip = ("6" if row["v6_socket"] else "4") if self.mode else ""
        # A number where there is no name.
        text += BCC[self.mode][1] % (row["socket"], row["pid"], self.comm(row), ip, *places(row),
                                     str(row["old_state"]), str(row["new_state"]), ms(row))
        return (text + "\n").encode("utf-8", "surrogateescape")


class LibbpfStates:
    """libbpf-tools' tcpstates with those options."""

    def __init__(self, options=()):
        self.time, self.wide = "-T" in options, "-w" in options

    def header(self):
        ip = (b"IP",) if self.wide else ()
        line = LIBBPF[self.wide][0] % (b"SKADDR", b"PID", b"COMM", *ip, *(word.encode() for word in PLACES))
        return (b"%-8s " % b"TIME(s)" if self.time else b"") + line

    @staticmethod
    def state(value):
        return value.encode() if isinstance(value, str) else b"UNKNOWN"

    def comm(self, row):
        """Narrow, what is cut are bytes; and an escape is not cut."""
        name = name_bytes(row["comm"])
        return (safe(name) if self.wide else safe(name[:10], 10)).encode()

    def row(self, row):
        ip = (6 if row["v6_socket"] else 4,) if self.wide else ()
        laddr, lport, raddr, rport = places(row)
        line = LIBBPF[self.wide][1] % (row["socket"], row["pid"], self.comm(row), *ip, laddr.encode(), lport,
                                       raddr.encode(), rport, self.state(row["old_state"]),
                                       self.state(row["new_state"]), ms(row))
        return (b"%8s " % clock(row["time_us"]).encode() if self.time else b"") + line
